# SPDX-License-Identifier: EUPL-1.2
"""The runs' medians as a table and as build/bench/results.json."""
import json
import statistics
import sys

runs, letters = {}, None
for line in open(sys.argv[1]):
    who, *numbers = line.split()
    if who == "letters":
        letters = float(numbers[0])
    else:
        connections, rate, p50, p99, errors = map(float, numbers)
        assert errors == 0, f"{who} refused {errors:.0f} requests"
        runs.setdefault((who, int(connections)), []).append((rate, p50, p99))
median = {key: [statistics.median(column) for column in zip(*rows)] for key, rows in runs.items()}


def row(work, ours, beside, hold, aim, lower=False):
    ratio = ours / beside if beside else None
    reached = ratio if beside else ours
    better = (lambda bar: reached <= bar) if lower else (lambda bar: reached >= bar)
    return {"work": work, "ours": round(ours, 3), "beside": round(beside, 3) if beside else None, "ratio": round(ratio, 3) if ratio else None,
            "hold": hold, "aim": aim, "holds": better(hold), "aims": better(aim)}


rows = []
if ("ours", 64) in median:
    rows += [row("durable accepts/s, 64 connections, beside the naive writer", median["ours", 64][0], median["naive", 64][0], 3, 5),
             row("p50 ms of accepts, 64 connections", median["ours", 64][1], median["naive", 64][1], 1, 0.5, lower=True),
             row("p99 ms of accepts, 64 connections", median["ours", 64][2], median["naive", 64][2], 0.25, 0.125, lower=True)]
if ("ours", 1) in median:
    rows += [row("durable accepts/s, one connection", median["ours", 1][0], median["naive", 1][0], 1, 1.25),
             row("p50 ms, one connection", median["ours", 1][1], median["naive", 1][1], 1.0, 0.8, lower=True),
             row("p99 ms, one connection", median["ours", 1][2], median["naive", 1][2], 1.0, 0.8, lower=True)]
if letters:
    rows.append(row("letters/s on one core, PDF/A-2a", letters, None, 150, 220))
print(f"{'work':62} {'ours':>9} {'beside':>9} {'ratio':>7} {'hold':>7} {'aim':>7}")
for r in rows:
    print(f"{r['work']:62} {r['ours']:>9.1f} {r['beside'] if r['beside'] else '-':>9} {r['ratio'] if r['ratio'] else '-':>7} {r['hold']:>7} {r['aim']:>7}  "
          f"{'aims' if r['aims'] else 'holds' if r['holds'] else 'BELOW'}")
json.dump({"rows": rows}, open(sys.argv[2], "w"), indent=1)

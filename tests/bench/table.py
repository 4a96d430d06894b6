# SPDX-License-Identifier: EUPL-1.2
"""The rows that a bench run prints: as a table, as build/bench/results.json and as a picture."""
import json
from pathlib import Path
from xml.sax.saxutils import escape


class Table:
    def __init__(self):
        self.rows = []

    def add(self, work, ours, beside, hold, aim, lower=False):
        """One row: ours, the yardstick's figure in the same run (None: the bars are absolute) and the two bars."""
        ratio = ours / beside if beside else None
        reached = ours if ratio is None else ratio
        better = (lambda bar: reached <= bar) if lower else (lambda bar: reached >= bar)
        row = {"work": work, "ours": round(ours, 3), "beside": beside and round(beside, 3), "ratio": ratio and round(ratio, 3),
               "hold": hold, "aim": aim, "holds": better(hold), "aims": better(aim), "lower": lower}
        self.rows.append(row)
        print(line(row), flush=True)

    def write(self, folder):
        rows = [{k: v for k, v in row.items() if k != "lower"} for row in self.rows]
        (folder / "results.json").write_text(json.dumps({"rows": rows}, indent=1) + "\n")
        (folder / "results.svg").write_text(picture(self.rows))


HEAD = f"{'work':68} {'ours':>10} {'beside':>10} {'ratio':>7} {'hold':>7} {'aim':>7}"


def verdict(row):
    return "aims" if row["aims"] else "holds" if row["holds"] else "BELOW"


def line(row):
    def cell(value, width):
        return f"{'-' if value is None else format(value, '.3g') if abs(value) < 100 else format(value, '.0f'):>{width}}"
    return (f"{row['work']:68} {cell(row['ours'], 10)} {cell(row['beside'], 10)} {cell(row['ratio'], 7)} "
            f"{cell(row['hold'], 7)} {cell(row['aim'], 7)}  {verdict(row)}")


def picture(rows):
    """A bar per row, to the scale of its own bars: the left mark is `hold`, the right one `aim`; longer is better."""
    import math
    high, left, wide = 26, 470, 420
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + wide + 130} {high * len(rows) + 50}" font-family="sans-serif" font-size="13" role="img">',
             "<title>Tillit beside its yardsticks</title>",
             f'<text x="{left}" y="18" fill="#555">left of the first mark: below hold; past the second: aim reached</text>']
    for n, row in enumerate(rows):
        reached = row["ours"] if row["ratio"] is None else row["ratio"]
        times = (row["hold"] / reached if row["lower"] else reached / row["hold"]) if reached else 10
        aim = row["hold"] / row["aim"] if row["lower"] else row["aim"] / row["hold"]
        def place(t):
            return max(2, min(wide, wide * (0.4 + 0.25 * math.log2(max(t, 0.05)))))
        y = 32 + n * high
        colour = "#1a7f4b" if row["aims"] else "#2b6cb0" if row["holds"] else "#b3261e"
        figure = (f"{reached:.3g}" if reached < 100 else f"{reached:.0f}") + ("" if row["ratio"] is None else " x")
        parts.append(f'<text x="{left - 10}" y="{y + 14}" text-anchor="end">{escape(row["work"])}</text>'
                     f'<rect x="{left}" y="{y + 2}" width="{place(times):.0f}" height="{high - 9}" fill="{colour}"/>'
                     + "".join(f'<line x1="{left + place(t):.0f}" x2="{left + place(t):.0f}" y1="{y}" y2="{y + high - 5}" stroke="#222"/>' for t in (1, aim))
                     + f'<text x="{left + wide + 10}" y="{y + 14}">{figure} ({verdict(row)})</text>')
    return "\n".join(parts) + "\n</svg>\n"

# SPDX-License-Identifier: EUPL-1.2
"""make faults: crash points, recovery, one storm and a broker's errors, each audited. The last line counts."""
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import auditor
import broker_errors
import mutants
import points
import rig as rigs
import storm
from client import Client, is_bad
from rig import STATE, say

APPLICATIONS = int(os.environ.get("TILLIT_FAULT_APPLICATIONS", "2000"))
SECONDS = int(os.environ.get("TILLIT_FAULT_SECONDS", "240"))
GIVEN_BACK = 60  # seconds
TRIMMED = 15     # seconds in which a program gives back what it does not use
OUT = Path(__file__).resolve().parents[2] / "build/faults"


def next_numbers(client, first):
    """Documents that will be taken, for faults that need a case."""
    n = first
    while True:
        if not is_bad(client.seed, n):
            yield n
        n += 1


def fill_pools(rig, client):
    """The database answers so slowly that all connections of a pool are wanted at once."""
    rig.proxy.set("pg", "delay", 30)
    for thread in client.run(200, 400, threads=64, first=2_100_000):
        thread.join()
    rig.proxy.set("pg", "pass")
    rig.settle(90)


def warm_up(rig, client):
    """Everything has been done once, a backlog worked off and every kind of poison parked too: what grows from here on, leaks."""
    fill_pools(rig, client)
    for kind, data in storm.BAD_ROWS + storm.HARMLESS_ROWS:
        storm.poison_with(rig, kind, data)
    storm.hostile_records(rig, random.Random(client.seed))
    rig.settle(90)
    workers = [p for p in rig.programs if p.removesuffix("-2") in rigs.WORKERS]
    for turn in range(2):
        for worker in workers:
            rig.signal(worker, signal.SIGSTOP)
        threads, before = client.run(300, 300, first=2_000_000 + turn * 300, talks=False), len(client.told)
        rigs.until("the backlog to be there", lambda: len(client.told) >= before + 270, 60)
        for worker in workers:
            rig.signal(worker, signal.SIGCONT)
        for thread in threads:
            thread.join()
        rig.settle(90)
    fill_caches(rig, client)
    fill_pools(rig, client)


def fill_caches(rig, client):
    """The same once more, answered and handled already, over connections that break under the API, until that makes nothing grow: each
    thread fills a cache of its own and has been once as deep in its stack as it will ever be."""
    for _ in range(8):
        before, threads = rig.taken(), client.run(300, 600, threads=64, first=2_100_000, talks=False)
        while any(thread.is_alive() for thread in threads):
            rig.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('tillit_api', 'tillit_intake')")
            time.sleep(0.25)
        assert rig.start("relay", "--replay-from", "all").returncode == 0
        rig.settle(90)
        if not still_grown(lambda: before + rig.taken(), TRIMMED):
            return


def still_grown(samples, seconds):
    """What is grown, when all that is given back has been."""
    deadline = time.monotonic() + seconds
    while (more := auditor.grown(samples())) and time.monotonic() < deadline:
        time.sleep(1)
    return more


def judge(rig, client, samples=None):
    """(snapshot, what offends each invariant)"""
    snapshot = auditor.load(rig.owner, os.environ["KAFKA_BOOTSTRAP"], os.environ["TILLIT_KEYRING"], STATE / "journal", rig.injected, samples,
                            logs=sorted(rig.run.glob("*.log")))
    snapshot.manual = client.giving_up
    return snapshot, auditor.audit(snapshot)


def storm_over(rig, client, seed):
    """The storm's results, when all has settled."""
    blowing = storm.Storm(rig, client, seed, SECONDS)
    threads = client.run(APPLICATIONS, APPLICATIONS / (SECONDS * 0.9), threads=48)
    blowing.blow()
    ended = time.monotonic()
    for thread in threads:
        thread.join(300)
    rig.settle(240)
    settled = round(time.monotonic() - ended, 1)
    say(f"storm: {blowing.count} faults of {len(blowing.kinds)} kinds; all settled {settled} s after the last")
    return {"faults": blowing.count, "kinds": blowing.kinds, "settled_s": settled}


def samples():
    return [json.loads(line) for line in (STATE / "samples").read_text().splitlines()]


def give_back(rig):
    """What the work took is given back within a minute, or not at all; the last sample is the one that counts."""
    def again():
        rig.sample()
        return samples()
    still_grown(again, GIVEN_BACK)


def composed(seed):
    """The rig on the real broker, and its client."""
    rig = rigs.Rig(twins=True, per_mille=int(os.environ.get("TILLIT_FAULT_PER_MILLE", "3")), seed=seed)
    client = Client(rig.base, seed, STATE / "journal", rig.logins.bearer())
    numbers = next_numbers(client, 1_000_000)
    client.next_n = lambda: next(numbers)
    rig.client, rig.injected = client, {"parked": [], "redriven": [], "records": [], "gone": [], "shuffled": [], "cases": [], "wiped": False}
    return rig, client


def real(parts, seed, results):
    """The parts that need a real broker, on one composed system, audited at the end: (applications, faults, violations)."""
    (rig, client), faults = composed(seed), 0
    if "storm" in parts:  # what memory it takes is judged there alone
        warm_up(rig, client)
    rig.sample()
    if "points" in parts:
        done = points.run(rig, client, rig.injected)
        faults += len(done)
        results["points"] = [{"program": p, "point": n, "action": a, "settled_s": round(s, 2)} for p, n, a, s in done]
        say(f"points: {len(done)} reached, {len(rig.injected.get('unreached', []))} not; settled after median {statistics.median(s for *_, s in done):.1f} s, worst {max(s for *_, s in done):.1f} s")
    if "recovery" in parts:
        found = storm.recovery(rig, client, seed)
        faults += sum(map(len, found.values()))
        results["recovery"] = {name: {"median_s": round(statistics.median(s), 2), "worst_s": round(max(s), 2)} for name, s in found.items()}
    if "storm" in parts:
        results["storm"] = storm_over(rig, client, seed)
        faults += results["storm"]["faults"]
    rig.ready(60)
    rig.settle(60)
    # What a storm leaves behind is measured; a crash point's program is another one every few seconds.
    if "storm" in parts:
        rig.caught_up(180)
        give_back(rig)
    snapshot, audited = judge(rig, client, samples() if "storm" in parts else None)
    rig.stop()
    unreached = rig.injected.get("unreached", [])
    for line in unreached:
        print(f"points FAIL {line}")
    violations = auditor.report(snapshot, audited) + len(unreached)
    (OUT / f"injected.{seed}.json").write_text(json.dumps(rig.injected))
    return len(snapshot.tables["applications"]), faults, violations


def mutant(number, seed):
    rig, client = composed(seed)
    rig.sample()
    return mutants.in_rig(rig, client, number)


def beside(seed):
    """A broker's errors meanwhile, with a database and a broker of their own; what waits for (applications, faults, violations)."""
    log = OUT / "broker-errors.log"
    process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", sys.executable, __file__, "broker-errors"], env=dict(os.environ, TILLIT_FAULT_SEED=str(seed)), stdout=open(log, "w"), stderr=subprocess.STDOUT)

    def wait(results):
        process.wait()
        said = log.read_text()
        print(said, end="", flush=True)
        results.update(json.loads((OUT / "results.json").read_text()))
        return tuple(map(int, re.findall(r"^(\d+) applications, (\d+) faults, (\d+) violations$", said, re.M)[-1]))
    return wait


def main(parts):
    seed = int(os.environ.get("TILLIT_FAULT_SEED") or random.SystemRandom().randrange(10**6))
    say(f"TILLIT_FAULT_SEED={seed}")
    if parts[0].startswith("mutant:"):
        return mutant(int(parts[0].split(":")[1]), seed)
    results, counted = {"seed": seed}, []
    measured = {"recovery", "storm"} & set(parts)  # nothing else shall take time then
    wait = beside(seed) if {"points", "broker-errors"} <= set(parts) and not measured else None
    if set(parts) - {"broker-errors"}:
        counted.append(real(parts, seed, results))
    if wait:
        counted.append(wait(results))
    elif "broker-errors" in parts:
        counted.append(broker_errors.run(seed, results))
    (OUT / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    applications, faults, violations = (sum(column) for column in zip(*counted))
    print(f"{applications} applications, {faults} faults, {violations} violations", flush=True)
    return violations > 0


def ended_from_outside(*_):
    """What was started is ended on the way out."""
    sys.exit("tillit: the faults were ended from outside")


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ended_from_outside)
    sys.exit(main(sys.argv[1:] or ["points", "recovery", "storm", "broker-errors"]))

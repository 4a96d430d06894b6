# SPDX-License-Identifier: EUPL-1.2
"""Every crash point once: the programs' sources are the list. A point that is never reached is a failure."""
import json
import os
import re
import signal
import threading
import time
from pathlib import Path

from client import document, is_bad
from rig import ROOT_SOURCES, STATE, WORKERS, say, until
from programs import head  # rig knows where it lies

SERVICE_OF = {"submit": "api", "shared": "api", "change": "api", "relay": "relay", "letters": "letters"}
EVENTLESS = {(worker, "worker.events-written") for worker in WORKERS if head(worker, "says") == "nothing"}


def named():
    """[(program, point)], the worker's points in each worker in turn."""
    text = "".join(path.read_text() for folder in ROOT_SOURCES for path in sorted(folder.rglob("*.c")))
    points = re.findall(r'crash_point\("([a-z-]+\.[a-z-]+)"\)', text)
    on_the_way_out = re.findall(r'crash_point_of\([^"]*"([a-z-]+)"\)', text)
    points += [f"{group}.{point}" for group in re.findall(r'crash_points = "([a-z]+)"', text) for point in on_the_way_out]
    rows = []
    for point in sorted(set(points)):
        group = point.split(".")[0]
        programs = WORKERS if group == "worker" else ["scheduling"] if group == "parking" else [SERVICE_OF[group]]
        rows += [(program, point) for program in programs if (program, point) not in EVENTLESS]
    return [row for row in rows if re.search(os.environ.get("TILLIT_FAULT_POINTS", ""), row[1])]


TURNS = 3  # in which a point is provoked before it counts as unreached


class Drive:
    """What brings a program to a point, besides applications."""
    def __init__(self, rig, client, injected):
        self.rig, self.client, self.injected, self.next = rig, client, injected, 0

    def applications(self, count, rate=400):
        threads = self.client.run(count, rate, threads=8, first=self.next)
        self.next += count
        return threads

    def talks(self, count):
        """Threads that each send an application and register a talk over it: the API's changes of a case."""
        def one(n):
            if self.client.send(n) and not is_bad(self.client.seed, n) and json.loads(document(self.client.seed, n))["services"] != ["TT"]:
                self.client.talk(n)
        threads = [threading.Thread(target=one, args=(self.next + n,), daemon=True) for n in range(count)]
        self.next += count
        for thread in threads:
            thread.start()
        return threads

    def poison(self):
        case = self.client.send(self.next).get("case_id")
        self.next += 1
        while not case:
            case = self.client.send(self.next).get("case_id")
            self.next += 1
        self.injected["parked"] += self.rig.poison_row(case, "no.tillit.contact.made.v1", '{"kind": "smoke"}')

    def revoke(self, program):
        """Its group changes: the other one of its kind ends and comes back."""
        self.rig.signal(f"{program}-2", signal.SIGTERM)

    def redrive(self):
        """A team that is gone for a moment: its case parks, and an operator drives it again when the team is back."""
        gone = "UPDATE teams SET closed = NOT closed WHERE municipality = '4627'"
        while "BPA" not in (made := json.loads(document(self.client.seed, self.next)))["services"] or made.get("urgency") == "acute" or is_bad(self.client.seed, self.next):
            self.next += 1
        self.rig.rows(gone)
        case = self.client.send(self.next)["case_id"]
        self.next += 1
        find = "SELECT id, case_seq FROM parked_events WHERE consumer = 'scheduling' AND case_id = %s"
        until("the case without a team to be parked", lambda: self.rig.rows(find, case), 30)
        parked_id, seq = self.rig.rows(find, case)[0]
        self.rig.rows(gone)
        self.injected["redriven"].append(["scheduling", case, seq])
        self.rig.rows("INSERT INTO operator_acts (id, act, consumer, parked_id, who, sealed, asked_at, not_before) "
                      "VALUES (gen_random_uuid(), 'redrive', 'scheduling', %s, 'points', '', :now, :now)", parked_id)

    def break_shared_commits(self, hit):
        """The database takes no two applications at once: each must be taken again by itself."""
        self.rig.rows("""
            CREATE FUNCTION one_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT count(*) FROM fresh) > 1 THEN RAISE EXCEPTION 'one at a time' USING ERRCODE = '40001'; END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER one_at_a_time AFTER INSERT ON applications REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION one_at_a_time()""")
        threads = self.applications(120, 2000)
        is_hit(hit)
        self.rig.rows("DROP FUNCTION one_at_a_time() CASCADE")
        return threads


BEFORE = {  # what must go wrong first
    "relay.producer-recreated": "relay relay.produce-before error 1\n",
}


def provoke(drive, program, point, hit):
    """Applications bring a program to most points; these need more."""
    if point.startswith("parking.redrive"):
        drive.redrive()
    elif point.startswith("parking."):
        drive.poison()
    elif point.startswith("worker.revoke"):
        drive.revoke(program)
    elif point in ("relay.flush-at-exit", "relay.epoch-taken"):
        drive.rig.signal("relay", signal.SIGTERM)
        drive.rig.signal("relay-2", signal.SIGTERM)
    elif point.startswith("change."):
        return drive.talks(8)
    elif point == "shared.split-to-singles":
        return drive.break_shared_commits(hit)
    return drive.applications(12)


def is_hit(hit):
    try:
        return until("the point to be hit", hit.exists, 20)
    except TimeoutError:
        return False


def strike(drive, program, point, action, provoke=provoke):
    """Brings a program to the point and lets the applications end; when it was hit. What provokes may meet a call that
    lies: it is done again. Raises TimeoutError if the point is never hit."""
    fault, hit = STATE / "fault", STATE / "fault.hit"
    hit.unlink(missing_ok=True)
    (STATE / "fault.new").write_text(BEFORE.get(point, "") + f"{program} {point} {action} 1\n")
    os.rename(STATE / "fault.new", fault)
    threads = []
    try:
        for _ in range(TURNS):
            threads += provoke(drive, program, point, hit)
            if is_hit(hit):
                break
        else:
            raise TimeoutError(f"{program} did not come to {point} in {TURNS} turns")
        began = time.monotonic()
        for thread in threads:
            thread.join(120)
        return began
    finally:
        fault.unlink(missing_ok=True)


def one(drive, program, point, action):
    """Seconds from the hit until everything is settled again."""
    began = strike(drive, program, point, action)
    drive.rig.settle(60)
    return time.monotonic() - began


def run(rig, client, injected, actions=("kill",)):
    """[(program, point, action, seconds)]"""
    drive, done = Drive(rig, client, injected), []
    rows = named()
    for n, (program, point) in enumerate(rows, 1):
        for action in actions:
            try:
                seconds = one(drive, program, point, action)
            except TimeoutError as e:
                say(f"point {n}/{len(rows)} {program} {point}: {e}")
                injected["unreached"] = injected.get("unreached", []) + [f"{program} {point}: {e}"]
                continue
            say(f"point {n}/{len(rows)} {program} {point} {action}: settled {seconds:.1f} s later")
            done.append((program, point, action, seconds))
    return done

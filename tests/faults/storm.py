# SPDX-License-Identifier: EUPL-1.2
"""A storm: applications flow while a random fault begins every few seconds, up to three at once. The schedule is a pure
function of the seed; afterwards everything must settle within a minute."""
import os
import random
import re
import signal
import socket
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import requests
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from records import hostile, types_of
from rig import PROGRAMS, TOPIC, WORKERS, say, until

ALL = PROGRAMS + [f"{p}-2" for p in PROGRAMS[1:]]
LINKS = ("pg", "kafka", "http")
BESIDE = ThreadPoolExecutor()


# Each fault gets the rig and the dice, does its worst, and returns what ends it (or None).
def kill(program):
    return lambda rig, dice: rig.signal(dice.choice([p for p in ALL if p.startswith(program)]), signal.SIGKILL)


def terminate(rig, dice):
    rig.signal(dice.choice(ALL), signal.SIGTERM)


def freeze(rig, dice):
    program = dice.choice(ALL)
    pid = rig.pid(program)
    def send(number):
        try:
                    os.kill(pid, number)
        except ProcessLookupError:
            pass
    send(signal.SIGSTOP)
    return lambda: send(signal.SIGCONT)


def kafka_kill(rig, dice):
    rig.kafka_kill()
    return rig.kafka_start


def kafka_freeze(rig, dice):
    pid = rig.kafka_pid
    os.kill(pid, signal.SIGSTOP)
    return lambda: os.kill(pid, signal.SIGCONT)


def answers(bootstrap):
    with suppress(KafkaException):
        return AdminClient({"bootstrap.servers": bootstrap, "log_level": 0}).list_topics(timeout=2)


def setting_refused(rig, dice):
    """The broker comes back with a setting that refuses what each worker asks for as its group meets anew, and readiness has the words."""
    rig.kafka_restart("group.min.session.timeout.ms=60000")
    until("the broker to be back", lambda: answers(rig.bootstrap), 60)
    for worker in WORKERS:
        rig.signal(worker, signal.SIGTERM)
    def heard():
        said = requests.get(f"http://127.0.0.1:{rig.addresses['api']}/healthz/ready", timeout=5).json()["not_ready"]
        return all("Kafka refuses our session timeout" in said.get(worker, "") for worker in WORKERS)
    try:
        until("the refusal to be read by readiness", heard, 60)
    except TimeoutError as e:
        raise AssertionError(f"{e}: nobody who looks would know") from e
    return rig.kafka_restart


def postgres_kill(rig, dice):
    rig.postgres.kill()
    return rig.postgres_start


def postgres_read_only(rig, dice):
    """As one that is no longer the first: what is open stays open, and nothing can be written."""
    server = rig.postgres
    server.configure(default_transaction_read_only="on")
    return lambda: server.configure(default_transaction_read_only=None)


def standby_promoted(rig, dice):
    """The first server dies, everybody is led to one that can only be read, which becomes the first."""
    standby = rig.postgres.follow()
    rig.postgres.kill()
    rig.lead_to(standby)
    return lambda: rig.promote(standby)


def postgres_freeze(rig, dice):
    tree = rig.postgres.tree()
    def send(number):
        for pid in tree:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
    send(signal.SIGSTOP)
    return lambda: send(signal.SIGCONT)


def reset(link):
    return lambda rig, dice: rig.proxy.reset(link)


def wire(link, mode, least=0, most=0):
    def begin(rig, dice):
        rig.proxy.set(link, mode, dice.randint(least, most))
        def end():
            rig.proxy.set(link, "pass")
            if mode in ("black_hole", "one_way", "cut"):
                rig.proxy.reset(link)
        return end
    return begin


def some_log(rig, dice, count):
    rows = rig.rows("SELECT case_id::text, case_seq, type, data::text FROM events ORDER BY random() LIMIT %s", count)
    return rows


def duplicates(rig, dice):
    rows = some_log(rig, dice, 30) * dice.randint(2, 50)
    rig.injected["shuffled"] += rig.publish_log(rows)


def reordered(rig, dice):
    case = rig.rows("SELECT case_id::text FROM events GROUP BY case_id HAVING count(*) > 2 ORDER BY random() LIMIT 20")
    rows = rig.rows("SELECT case_id::text, case_seq, type, data::text FROM events WHERE case_id::text = ANY (%s)", [c for c, in case])
    dice.shuffle(rows)
    rig.injected["shuffled"] += rig.publish_log(rows)


BAD_ROWS = [
    ("no.tillit.contact.made.v1", '{"kind": "smoke signal", "two_way": "perhaps"}'),
    ("no.tillit.contact.made.v1", '{}'),
    ("no.tillit.application.received.v1", '{"channel": 7}'),
    ("no.tillit.letter.ready.v1", '{"n": "one", "pages": -1, "kind": "' + "x" * 900_000 + '"}'),
    ("no.tillit.case.triaged.v1", '{"department": "ho", "path": []}'),
]
HARMLESS_ROWS = [("no.tillit.unheard.of.v1", '{}'), ("no.tillit.contact.made.v2", '{"x": 1}')]


def poison(rig, dice):
    """A case of its own gets an event that nobody can handle, or one that is nobody's."""
    poison_with(rig, *dice.choice(HARMLESS_ROWS if dice.random() < 0.3 else BAD_ROWS))


def poison_with(rig, kind, data):
    case = rig.client.send(rig.client.next_n())
    if not case:
        return
    until("the poisoned case to be settled before", lambda: rig.one("SELECT count(*) FROM tasks WHERE case_id = %s", case["case_id"]) > 0
          or rig.one("SELECT department = 'forward' FROM cases WHERE id = %s", case["case_id"]), 120)
    rig.injected["parked"] += rig.poison_row(case["case_id"], kind, data)


def hostile_records(rig, dice):
    """Some that nobody has listed; one case is known to those who wrote them, and has all the numbers that they could name."""
    case = rig.client.send(rig.client.next_n())
    if not case:
        return
    until("the known case to have its numbers", lambda: rig.one("SELECT last_seq FROM cases WHERE id = %s", case["case_id"]) >= 3, 120)
    types = types_of(kind for kind, in rig.rows("SELECT type FROM consumer_types"))
    rig.injected["records"] += rig.publish(hostile(dice, 60, types, [case["case_id"]]))


def terminate_backends(rig, dice):
    rig.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'tillit%%'")


def held(rig, sql):
    """A session that holds what the statement locks, until it is ended."""
    db = psycopg.connect(rig.owner)
    db.execute(sql)
    def end():
        try:
            db.rollback()
            db.close()
        except psycopg.Error:
            pass
    return end


def lock_wait(rig, dice):
    return held(rig, "SELECT FROM cases ORDER BY random() LIMIT 50 FOR UPDATE")


def table_locked(rig, dice):
    return held(rig, f"LOCK TABLE {dice.choice(['unsent', 'inbox', 'cases', 'events', 'letters', 'case_facts'])} IN ACCESS EXCLUSIVE MODE")


def log_unread(rig, dice):
    """Nobody reads what the programs log, and they have much to tell."""
    rig.readers.paused.set()
    def ask(_):
        try:
            requests.get(rig.direct + "/openapi.json", timeout=5)
        except requests.RequestException:
            pass
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(60)))
    return rig.readers.paused.clear


def slow_bodies(rig, dice):
    """Many who send what they promised byte by byte, on both listeners."""
    over = threading.Event()
    def dawdle(port):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
                s.sendall(f"POST /api/v1/applications HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n".encode())
                while not over.wait(0.5):
                    s.sendall(b" ")
        except OSError:
            pass
    for port in [rig.api_port] * 150 + [rig.addresses["api"]] * 40:
        threading.Thread(target=dawdle, args=(port,), daemon=True).start()
    return over.set


def wipe(rig, dice):
    """All of Kafka's data is gone under the running programs; the log is sent once more."""
    rig.injected["wiped"] = True
    rig.injected["gone"] += rig.injected["records"]
    rig.injected["records"].clear()
    rig.injected["shuffled"].clear()
    rig.kafka_wipe()
    def replay():
        until("the replay to be written", lambda: rig.start("relay", "--replay-from", "all").returncode == 0, 120)
    return lambda: rig.beside.append(BESIDE.submit(replay))  # other faults begin and end meanwhile


# name, F, weight, shortest and longest seconds, function
FAULTS = [
    ("api killed", "F1", 3, 0, 0, kill("api")),
    ("relay killed", "F2", 3, 0, 0, kill("relay")),
    *[(f"{w} killed", "F3", 2, 0, 0, kill(w)) for w in WORKERS],
    ("broker killed", "F4", 2, 1, 5, kafka_kill),
    ("PostgreSQL killed", "F5", 2, 0, 2, postgres_kill),
    ("a program frozen", "F6", 3, 1, 12, freeze),
    ("broker frozen", "F7", 2, 1, 8, kafka_freeze),
    ("PostgreSQL frozen", "F8", 1, 1, 6, postgres_freeze),
    ("a program told to stop", "F9", 2, 0, 0, terminate),
    *[(f"{link} reset", "F10", 2, 0, 0, reset(link)) for link in LINKS],
    *[(f"{link} black hole", "F11", 1, 2, 9, wire(link, "black_hole")) for link in LINKS],
    *[(f"{link} delayed", "F12", 1, 2, 6, wire(link, "delay", 50, 600)) for link in LINKS],
    *[(f"{link} slow", "F13", 1, 2, 6, wire(link, "slow", 1000, 4000)) for link in LINKS],
    *[(f"{link} cut after some bytes", "F14", 1, 2, 4, wire(link, "cut", 200, 20000)) for link in LINKS],
    *[(f"{link} loses answers", "F15", 2, 1, 5, wire(link, "one_way")) for link in LINKS],
    ("duplicates", "F28", 2, 0, 0, duplicates),
    ("reordered", "F29", 2, 0, 0, reordered),
    ("poison", "F30", 3, 0, 0, poison),
    ("hostile records", "F30", 2, 0, 0, hostile_records),
    ("backends ended", "F31", 2, 0, 0, terminate_backends),
    ("rows locked", "F31", 2, 1, 5, lock_wait),
    ("a table locked", "F31", 2, 1, 5, table_locked),
    ("PostgreSQL read-only", "F22", 1, 1, 5, postgres_read_only),
    ("log unread", "F24", 1, 2, 6, log_unread),
    ("slow bodies", "F33", 1, 2, 6, slow_bodies),
]
WIPED = ("broker wiped and replayed", "F21", 1, 1, 3, wipe)
PROMOTION = ("standby promoted", "F22", 1, 1, 2, standby_promoted)
REFUSAL = ("a setting refused", "F35", 1, 1, 4, setting_refused)
ONCE = [(0.2, REFUSAL), (0.4, WIPED), (0.7, PROMOTION)]  # in a storm, when so much of it is over
EXCLUSIVE = {"F4": "kafka", "F7": "kafka", "F21": "kafka", "F35": "kafka", "F5": "postgres", "F8": "postgres", "F22": "postgres"}  # one fault of a server at a time
SERVERLESS = {"F28", "F29", "F30", "F31", "F35"}  # these need both servers to be there


class Storm:
    def __init__(self, rig, client, seed, seconds):
        self.rig, self.client, self.dice, self.seconds = rig, client, random.Random(seed), seconds
        self.held = set()    # servers that a fault has down
        self.open = []       # (ends at, name, end, what it holds)
        self.count, self.kinds = 0, {}

    def finish_due(self, now):
        for fault in [f for f in self.open if f[0] <= now]:
            self.open.remove(fault)
            self.end(fault)

    def end(self, fault):
        _, name, end, holds = fault
        if end:
            end()
        self.held.discard(holds)

    def may(self, number):
        return EXCLUSIVE.get(number) not in self.held and not (number in SERVERLESS and self.open)

    def begin(self, row):
        name, number, _, least, most, function = row
        holds = EXCLUSIVE.get(number)
        seconds = self.dice.uniform(least, most)
        own = random.Random(self.dice.random())
        if not self.may(number):
            return  # its turn is over; the schedule stays the same
        end = None
        try:
            end = function(self.rig, own)
        except (psycopg.Error, OSError, TimeoutError) as e:
            say(f"storm: {name} could not be caused: {type(e).__name__}")
            return
        self.count += 1
        self.kinds[name] = self.kinds.get(name, 0) + 1
        if end:
            self.held |= {holds} - {None}
            self.open.append((time.monotonic() + seconds, name, end, holds))

    def blow(self):
        began, next_fault, once, told = time.monotonic(), 0.0, list(ONCE), 0
        while (now := time.monotonic()) - began < self.seconds:
            self.finish_due(now)
            due = [row for share, row in once if now - began > self.seconds * share]  # others wait for it
            if due and self.may(due[0][1]) and not self.held & {"kafka", "postgres"}:
                self.begin(due[0])
                once.pop(0)
            if now - began >= next_fault and not due:
                row = self.dice.choices(FAULTS, [f[2] for f in FAULTS])[0]
                next_fault = now - began + self.dice.uniform(2, 5)
                if len(self.open) < 3:
                    self.begin(row)
            if now - told > 10:
                told = now
                say(f"storm: {now - began:.0f} s, {self.count} faults, {len(self.client.told)} applications answered, under way: {[f[1] for f in self.open]}")
            time.sleep(0.05)
        for fault in list(self.open):
            self.open.remove(fault)
            self.end(fault)
        for work in self.rig.beside:
            work.result()
        self.rig.calm()


RECOVERY = [row for row in FAULTS if row[1] in ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F10", "F11", "F22", "F24", "F33") or row[0] in ("a table locked", "hostile records")] + [REFUSAL, PROMOTION]
ONLY = os.environ.get("TILLIT_FAULT_KINDS", "")  # recovery of those alone whose name it matches


def recovery(rig, client, seed, times=3):
    """Per kind of fault: from its beginning to the first application since that is finished. {name: [seconds]}"""
    dice, found = random.Random(seed), {}
    for name, number, _, least, most, function in [row for row in RECOVERY if re.search(ONLY, row[0])]:
        for _ in range(times):
            end, began, result = function(rig, dice), time.monotonic(), {}
            thread = threading.Thread(target=lambda: result.update(client.send(client.next_n()) or {}))
            thread.start()
            until("the fault to last", lambda: time.monotonic() - began >= min(2, most), 10)
            if end:
                end()
            thread.join(120)
            if not result:
                continue  # a document that was to be refused
            until("the application to be finished", lambda: rig.one(
                "SELECT count(*) FROM letters JOIN case_facts USING (case_id) WHERE case_id = %s AND department IS NOT NULL", result["case_id"]), 120)
            found.setdefault(name, []).append(time.monotonic() - began)
        if name in found:
            say(f"recovery: {name}: median {statistics.median(found[name]):.1f} s, worst {max(found[name]):.1f} s")
    return found

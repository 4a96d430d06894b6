# SPDX-License-Identifier: EUPL-1.2
"""Broker errors (F17): the real programs against a mock cluster that answers as it is told. Each row says which requests
are answered how, what else happens, and what must be seen of it: a row whose errors nobody met fails, however well all
ends. Then everything must settle, and the auditor looks."""
import dataclasses
import os
import signal
import time

import psycopg

import auditor
import rig as rigs
from client import Client
from mock import MockBroker
from rig import STATE, say, until

PARTITION = 3                   # the one that loses its leader
APPLICATIONS = 12               # posted during a row
FATAL_FIXED = (2, 3, 0)         # librdkafka #4438
RECREATED, REJOINS, REFUSED = "tillit_relay_producer_recreated_total", "tillit_consumer_rebalances_total", "tillit_offset_commit_failures_total"


# ---- what else happens in a row: each gets the run

def nothing(run):
    pass


def relay_restarts(run):
    """The active relay ends, and the other one makes a producer of its own."""
    run.rig.signal("relay", signal.SIGTERM)
    run.rig.signal("relay-2", signal.SIGTERM)


def leader_is_gone(run):
    run.mock.ask("leader", PARTITION, -1)
    time.sleep(2)
    run.note("unsent", run.rig.one("SELECT count(*) FROM unsent"))
    run.mock.ask("leader", PARTITION, 1)


def broker_is_down(run):
    run.mock.ask("down")
    time.sleep(5)
    run.note("unsent", run.rig.one("SELECT count(*) FROM unsent"))
    run.note("unready", run.rig.one("SELECT count(*) FROM heartbeats WHERE NOT ready AND beat_at > clock_timestamp() - interval '4 s'"))
    run.mock.ask("up")


IN_FLIGHT = 5


def several_in_flight(run):
    """Five requests of one partition are kept by the broker, and the connection breaks before their answers; sent again
    they meet what a broker without enough replicas says to them: before 2.3.0 the library gives up for good."""
    case = run.client.send(run.next_numbers(1)[0])["case_id"]
    run.rig.settle(60)
    run.mock.ask("errors", "Produce", 1500, *["NO_ERROR"] * IN_FLIGHT)
    run.mock.ask("errors", "Produce", 750, "NOT_ENOUGH_REPLICAS")
    run.mock.ask("errors", "Produce", 1, *["OUT_OF_ORDER_SEQUENCE_NUMBER"] * (IN_FLIGHT - 1))
    run.big_rows(case, IN_FLIGHT)
    until("five requests to be on their way", lambda: run.mock.ask("left", "Produce") == IN_FLIGHT, 20)
    run.mock.ask("down")
    time.sleep(0.25)
    run.mock.ask("up")


# ---- the table

@dataclasses.dataclass
class Row:
    name: str
    answers: list                # [(API, [codes])]: the next requests are answered so, by whomever they are made
    shows: list                  # [(what, least)] that must have grown, or (what, None) that must not
    drive: object = nothing


RETRIED = [(RECREATED, None)]                    # the library tries again by itself: no new producer
ANEW = [(RECREATED, 1), ("log:relay:the producer is made anew", 1)]
ROWS = [
    Row("the leader has moved", [("Produce", ["NOT_LEADER_FOR_PARTITION"] * 3)], [("Metadata", 1)] + RETRIED),
    Row("too few replicas", [("Produce", ["NOT_ENOUGH_REPLICAS"] * 3)], RETRIED),
    Row("too few replicas after the append", [("Produce", ["NOT_ENOUGH_REPLICAS_AFTER_APPEND"] * 3)], RETRIED),
    Row("replicas are slow", [("Produce", ["REQUEST_TIMED_OUT"] * 3)], RETRIED),
    Row("the connection breaks on a produce", [("Produce", ["_TRANSPORT"] * 3)], RETRIED),
    Row("the producer is unknown", [("Produce", ["UNKNOWN_PRODUCER_ID"])], [("InitProducerId", 1)]),
    Row("the producer is fenced", [("Produce", ["INVALID_PRODUCER_EPOCH"])], [("InitProducerId", 1)] + ANEW),
    Row("the sequence is lost: fatal", [("Produce", ["OUT_OF_ORDER_SEQUENCE_NUMBER"])], ANEW + [("log:relay:OUT_OF_ORDER_SEQUENCE_NUMBER", 1)]),
    Row("several in flight, broker away, too few replicas: fatal", [], [], several_in_flight),
    Row("no producer id yet", [("InitProducerId", ["COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"])], [("InitProducerId", 4)], relay_restarts),
    Row("a partition without leader", [], [("unsent", 1)], leader_is_gone),
    Row("the broker is away", [], [("unsent", 1), ("unready", 1)], broker_is_down),
    Row("commits meet a rebalance", [("OffsetCommit", ["REBALANCE_IN_PROGRESS"] * 4)], [(REFUSED, 1)]),
    Row("commits of an old generation", [("OffsetCommit", ["ILLEGAL_GENERATION"] * 4)], [(REFUSED, 1)]),
    Row("commits of nobody", [("OffsetCommit", ["UNKNOWN_MEMBER_ID"] * 4)], [(REFUSED, 1)]),
    Row("commits find no coordinator", [("OffsetCommit", ["NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS", "REQUEST_TIMED_OUT"])], [("FindCoordinator", 1)]),
    Row("the group rebalances", [("Heartbeat", ["REBALANCE_IN_PROGRESS"] * 4)], [("JoinGroup", 4), (REJOINS, 4)]),
    Row("an old generation", [("Heartbeat", ["ILLEGAL_GENERATION"] * 4)], [("JoinGroup", 4), (REJOINS, 4)]),
    Row("an unknown member", [("Heartbeat", ["UNKNOWN_MEMBER_ID"] * 4)], [("JoinGroup", 4), (REJOINS, 4)]),
    Row("the coordinator moves", [("Heartbeat", ["NOT_COORDINATOR"] * 4), ("FindCoordinator", ["COORDINATOR_NOT_AVAILABLE"] * 4)], [("FindCoordinator", 5)]),
    Row("joining fails", [("Heartbeat", ["ILLEGAL_GENERATION"] * 2), ("JoinGroup", ["COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "UNKNOWN_MEMBER_ID"])],
        [("JoinGroup", 6), (REJOINS, 2)]),
    Row("the leader's plan is refused", [("Heartbeat", ["ILLEGAL_GENERATION"] * 2), ("SyncGroup", ["REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "NOT_COORDINATOR"])],
        [("SyncGroup", 6), ("JoinGroup", 4), (REJOINS, 2)]),
    Row("committed offsets can't be read", [("Heartbeat", ["ILLEGAL_GENERATION"] * 2), ("OffsetFetch", ["COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE"])],
        [("OffsetFetch", 4), (REJOINS, 2), ("log:*:its partitions are taken again", 1)]),
    Row("the offset is out of range", [("Fetch", ["OFFSET_OUT_OF_RANGE"] * 4)], [("ListOffsets", 4)]),
    Row("the first offset can't be found", [("Fetch", ["OFFSET_OUT_OF_RANGE"] * 2), ("ListOffsets", ["NOT_LEADER_FOR_PARTITION", "REQUEST_TIMED_OUT"])], [("ListOffsets", 4)]),
    Row("the leader has moved under the readers", [("Fetch", ["NOT_LEADER_FOR_PARTITION", "REQUEST_TIMED_OUT"] * 4)], [("Metadata", 1)]),
]


class Run:
    def __init__(self, seed):
        self.mock = MockBroker()
        self.state = STATE / "broker-errors"
        self.owner = os.environ["TILLIT_MIGRATE_URL"].replace("/tillit?", "/tillit_broker_errors?")
        self.rig = rigs.Rig(seed=seed, mock=self.mock, state=self.state, owner=self.owner)
        self.client = Client(self.rig.base, seed, self.state / "journal")
        self.next, self.noted = 0, {}

    def next_numbers(self, count):
        self.next += count
        return range(self.next - count, self.next)

    def applications(self, count=APPLICATIONS):
        return self.client.run(count, 60, threads=6, first=self.next_numbers(count)[0])

    def big_rows(self, case, count):
        """Events of nobody's type, so big that each is a request of its own, in one commit."""
        with psycopg.connect(self.owner) as db:
            for _ in range(count):
                db.execute(rigs.LOG_ROW, (case, "no.tillit.unheard.of.v1", '{"x": "' + "x" * 510_000 + '"}'))

    def note(self, what, number):
        self.noted[what] = number

    def reading(self, what):
        """One of what a row must show, as a number now."""
        if what in self.noted:
            return self.noted[what]
        if what in ("unsent", "unready"):
            return 0
        if what.startswith("log:"):
            _, program, text = what.split(":", 2)
            return self.rig.log("" if program == "*" else program).count(text)
        if what.startswith("tillit_"):
            return sum(self.rig.metric(p, what) for p in ["relay"] + rigs.WORKERS)
        return self.mock.ask("requests", what)

    def pids(self):
        return {p: self.rig.pid(p) for p in self.rig.programs}

    def faults_of(self, row, before):
        """What the row's errors should have brought about and did not, as words."""
        for what, least in row.shows:
            grown = self.reading(what) - before[what]
            if least is None and grown:
                yield f"{what} grew by {grown}"
            elif least and grown < least:
                yield f"{what} grew by {grown}, not {least}"

    def one(self, row):
        """(seconds until all was settled after the last error, what was not seen)"""
        self.noted.clear()
        before, pids = {what: self.reading(what) for what, _ in row.shows}, self.pids()
        for api, codes in row.answers:
            self.mock.ask("errors", api, 0, *codes)
        threads = self.applications()
        row.drive(self)
        until("every answer to be given", lambda: not any(self.mock.ask("left", api) for api, _ in row.answers), 40)
        began = time.monotonic()
        for thread in threads:
            thread.join(120)
        self.rig.settle(60)
        seconds, wrong = time.monotonic() - began, []
        deadline = time.monotonic() + 15
        while (wrong := list(self.faults_of(row, before))) and time.monotonic() < deadline:
            time.sleep(0.2)
        gone = [p for p, pid in self.pids().items() if pid != pids[p] and not (row.drive is relay_restarts and p.startswith("relay"))]
        return seconds, wrong + [f"{p} has ended" for p in gone]


def rows_of(mock):
    """The table for this library: what was fatal before 2.3.0 is survived since."""
    for row in ROWS:
        if row.drive is several_in_flight:
            row.shows = ANEW if mock.version < FATAL_FIXED else RETRIED
        yield row


def run(seed, all_results):
    """On a database and a broker of its own: (applications, errors met, violations)."""
    this, only = Run(seed), os.environ.get("TILLIT_FAULT_ROW", "")
    results, violations = [], 0
    for thread in this.applications(20):
        thread.join()
    this.rig.settle(60)
    for row in rows_of(this.mock):
        if only not in row.name:
            continue
        try:
            seconds, wrong = this.one(row)
        except TimeoutError as e:
            seconds, wrong = 0, [str(e)]
        codes = sum(len(codes) for _, codes in row.answers) or 1
        say(f"broker errors: {row.name}: " + ("; ".join(wrong) or f"{codes} met, settled {seconds:.1f} s later"))
        for line in wrong:
            print(f"broker-errors FAIL {row.name}: {line}")
        violations += len(wrong)
        results.append({"row": row.name, "errors": codes, "settled_s": round(seconds, 2)})
    snapshot = auditor.load(this.owner, this.mock.bootstrap, os.environ["TILLIT_KEYRING"], this.state / "journal")
    snapshot.manual = this.client.giving_up
    violations += auditor.report(snapshot, auditor.audit(snapshot))
    this.rig.stop()
    this.mock.stop()
    all_results["broker-errors"] = results
    return len(snapshot.tables["applications"]), sum(r["errors"] for r in results), violations

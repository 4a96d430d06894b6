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
from client import Client, is_bad
from mock import MockBroker, MockGone
from rig import STATE, say, until

LEADERLESS = range(10)          # partitions that lose their leader
APPLICATIONS = 12               # posted during a row
FATAL_FIXED = (2, 3, 0)         # librdkafka #4438
RECREATED, REJOINS, REFUSED = "tillit_relay_producer_recreated_total", "tillit_consumer_rebalances_total", "tillit_offset_commit_failures_total"


# ---- what happens in a row: each gets the run and returns the threads that post applications

def flow(run):
    return run.applications()


def quiet(run):
    return []


def relay_restarts(run):
    """The active relay ends, and the other one makes a producer of its own."""
    run.rig.signal("relay", signal.SIGTERM)
    run.rig.signal("relay-2", signal.SIGTERM)
    return run.applications()


def leaders_are_gone(run):
    for partition in LEADERLESS:
        run.mock.ask("leader", partition, -1)
    threads = run.applications()
    time.sleep(2)
    run.noted["unsent"] = run.rig.one("SELECT count(*) FROM unsent")
    for partition in LEADERLESS:
        run.mock.ask("leader", partition, 1)
    return threads


def broker_is_down(run):
    """Before, some was taken and its offsets are not committed yet."""
    threads = run.applications()
    time.sleep(0.5)
    run.mock.ask("down")
    threads += run.applications()
    time.sleep(5)
    run.noted["unsent"] = run.rig.one("SELECT count(*) FROM unsent")
    run.noted["unready"] = run.rig.one("SELECT count(*) FROM heartbeats WHERE NOT ready AND beat_at > :now - interval '4 s'")
    run.mock.ask("up")
    return threads


IN_FLIGHT = 5


def several_in_flight(run):
    """Five requests of one partition are kept by the broker, and the connection breaks before their answers; sent again
    they meet what a broker without enough replicas says to them: before 2.3.0 the library gives up for good."""
    case = run.client.send(run.next_good())["case_id"]
    run.rig.settle(60)
    run.mock.ask("errors", "Produce", 1500, *["NO_ERROR"] * IN_FLIGHT)
    run.mock.ask("errors", "Produce", 750, "NOT_ENOUGH_REPLICAS")
    run.mock.ask("errors", "Produce", 1, *["OUT_OF_ORDER_SEQUENCE_NUMBER"] * (IN_FLIGHT - 1))
    run.big_rows(case, IN_FLIGHT)
    until("five requests to be on their way", lambda: run.mock.ask("left", "Produce") == IN_FLIGHT, 20)
    run.mock.ask("down")
    threads = run.applications()
    time.sleep(0.25)
    run.mock.ask("up")
    return threads


# ---- the table

@dataclasses.dataclass
class Row:
    name: str
    answers: list                # [(API, [codes])]: the next requests are answered so, by whomever they are made
    shows: list                  # [(what, least)] that must have grown, or (what, None) that must not
    drive: object = flow


RETRIED = [(RECREATED, None)]                    # the library tries again by itself: no new producer
ANEW = [(RECREATED, 1), ("log:relay:the producer is made anew", 1)]
FATAL = ANEW + [("log:relay:OUT_OF_ORDER_SEQUENCE_NUMBER", 1)]
ROWS = [
    Row("the leader has moved", [("Produce", ["NOT_LEADER_FOR_PARTITION"] * 3)], RETRIED),
    Row("too few replicas", [("Produce", ["NOT_ENOUGH_REPLICAS"] * 3)], RETRIED),
    Row("too few replicas after the append", [("Produce", ["NOT_ENOUGH_REPLICAS_AFTER_APPEND"] * 3)], RETRIED),
    Row("replicas are slow", [("Produce", ["REQUEST_TIMED_OUT"] * 3)], RETRIED),
    Row("the connection breaks on a produce", [("Produce", ["_TRANSPORT"] * 3)], RETRIED),
    Row("the producer is unknown", [("Produce", ["UNKNOWN_PRODUCER_ID"])], RETRIED),
    Row("the producer is fenced", [("Produce", ["INVALID_PRODUCER_EPOCH"])], [("InitProducerId", 1)] + ANEW),
    Row("the sequence is lost: fatal", [("Produce", ["OUT_OF_ORDER_SEQUENCE_NUMBER"])], FATAL),
    Row("several in flight, broker away, too few replicas: fatal", [], [], several_in_flight),
    Row("no producer id yet", [("InitProducerId", ["COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR"])], [("InitProducerId", 4)], relay_restarts),
    Row("partitions without leader", [], [("unsent", 1)] + RETRIED, leaders_are_gone),
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
    Row("committed offsets can't be read", [("Heartbeat", ["ILLEGAL_GENERATION"] * 2), ("OffsetFetch", ["COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE"] * 4)],
        [("OffsetFetch", 13), (REJOINS, 2), ("log:*:its partitions are taken again", 1)]),
    Row("the offset is out of range", [("Fetch", ["OFFSET_OUT_OF_RANGE"] * 4)], [("OffsetCommit", 1)], quiet),  # all is read once more, and committed
    Row("the leader has moved under the readers", [("Fetch", ["NOT_LEADER_FOR_PARTITION", "REQUEST_TIMED_OUT"] * 4)], [("Metadata", 2)]),
]

START = Row("a start before the cluster is ready", [
    ("InitProducerId", ["COORDINATOR_LOAD_IN_PROGRESS"] * 2), ("FindCoordinator", ["COORDINATOR_NOT_AVAILABLE"] * 8),
    ("JoinGroup", ["COORDINATOR_LOAD_IN_PROGRESS"] * 4), ("OffsetFetch", ["COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR"] * 2),
    ("ListOffsets", ["NOT_LEADER_FOR_PARTITION", "REQUEST_TIMED_OUT", "LEADER_NOT_AVAILABLE"] * 2)],
    [("InitProducerId", 3), ("FindCoordinator", 9), ("JoinGroup", 8), ("OffsetFetch", 5), ("ListOffsets", 7)])


class Run:
    def __init__(self, seed, attempt):
        self.mock = MockBroker()
        self.state = STATE / f"broker-errors-{attempt}"
        self.owner = os.environ["TILLIT_MIGRATE_URL"].replace("/tillit?", f"/tillit_broker_errors_{attempt}?")
        self.order(START)
        self.rig = rigs.Rig(seed=seed, mock=self.mock, state=self.state, owner=self.owner)
        self.client = Client(self.rig.base, seed, self.state / "journal", self.rig.logins.bearer())
        self.next, self.noted = 0, {}

    def order(self, row):
        for api, codes in row.answers:
            self.mock.ask("errors", api, 0, *codes)

    def applications(self):
        self.next += APPLICATIONS
        return self.client.run(APPLICATIONS, 60, threads=6, first=self.next - APPLICATIONS)

    def next_good(self):
        """A document that will be taken."""
        self.next += 1
        return self.next_good() if is_bad(self.client.seed, self.next - 1) else self.next - 1

    def big_rows(self, case, count):
        """Events of nobody's type, so big that each is a request of its own, in one commit."""
        with psycopg.connect(self.owner) as db:
            for _ in range(count):
                db.execute(rigs.clock.told(rigs.LOG_ROW), (case, "no.tillit.unheard.of.v1", '{"x": "' + "x" * 510_000 + '"}'))

    def reading(self, what):
        """One of what a row must show, as a number now."""
        if what in ("unsent", "unready"):
            return self.noted.get(what, 0)
        if what.startswith("log:"):
            _, program, text = what.split(":", 2)
            return self.rig.log("" if program == "*" else program).count(text)
        if what.startswith("tillit_"):
            return sum(self.rig.metric(p, what) for p in ["relay"] + rigs.WORKERS)
        return self.mock.ask("requests", what)

    def pids(self):
        return {p: self.rig.pid(p) for p in self.rig.programs}

    def unseen(self, row, before):
        """What the row's errors should have brought about and did not, as words."""
        for what, least in row.shows:
            grown = self.reading(what) - before.get(what, 0)
            if least is None and grown:
                yield f"{what} grew by {grown:.0f}"
            elif least and grown < least:
                yield f"{what} grew by {grown:.0f}, not {least}"

    def left(self, row):
        return [api for api, _ in row.answers if self.mock.ask("left", api)]

    def finish(self, row, before, threads):
        """(seconds from the last error until all was settled, what was not seen)"""
        until(f"every answer to be given: {row.name}", lambda: not self.left(row), 40)
        began = time.monotonic()
        for thread in threads:
            thread.join(120)
        self.rig.settle(60)
        seconds, deadline = time.monotonic() - began, time.monotonic() + 15
        while (wrong := list(self.unseen(row, before))) and time.monotonic() < deadline:
            time.sleep(0.2)
        return seconds, wrong

    def one(self, row):
        self.noted.clear()
        before, pids = {what: self.reading(what) for what, _ in row.shows}, self.pids()
        self.order(row)
        seconds, wrong = self.finish(row, before, row.drive(self))
        gone = [p for p, pid in self.pids().items() if pid != pids[p] and not (row.drive is relay_restarts and p.startswith("relay"))]
        return seconds, wrong + [f"{p} has ended" for p in gone]


ATTEMPTS = 3  # run.sh has made a database for each


def rows_of(mock):
    """The table for this library: what was fatal before 2.3.0 is survived since."""
    for row in ROWS:
        if row.drive is several_in_flight:
            row.shows = FATAL if mock.version < FATAL_FIXED else RETRIED
        yield row


CONTROL = Row("no error", [], [])


def control(this):
    """The same applications without an error: what a row takes as proof must not show by itself."""
    rows = [row for row in ROWS if row.drive is flow and any(least for _, least in row.shows)]
    before = {what: this.reading(what) for row in rows for what, _ in row.shows}
    this.finish(CONTROL, {}, this.applications())
    time.sleep(1)
    return [f"'{row.name}' shows all the same" for row in rows if all(this.reading(what) - before[what] >= least for what, least in row.shows if least)]


def take(this, row, work):
    """The row's result and its violations, told as they come."""
    began = time.monotonic()
    try:
        seconds, wrong = work()
    except TimeoutError as e:
        seconds, wrong = 0, [str(e)]
    this.mock.check()
    codes = sum(len(codes) for _, codes in row.answers) or int(row is not CONTROL)
    say(f"broker errors: {row.name}: " + ("; ".join(wrong) or f"{codes} met, settled {seconds:.1f} s later, all in {time.monotonic() - began:.1f} s"))
    for line in wrong:
        print(f"broker-errors FAIL {row.name}: {line}")
    return {"row": row.name, "errors": codes, "settled_s": round(seconds, 2)}, len(wrong)


def judge(this):
    """(applications, violations). What is still ordered would be met by the auditor: then it can't look."""
    if any(this.left(row) for row in [START] + ROWS):
        print("broker-errors FAIL not audited: some answers were never given")
        return 0, 1
    snapshot = auditor.load(this.owner, this.mock.bootstrap, os.environ["TILLIT_KEYRING"], this.state / "journal")
    snapshot.manual = this.client.giving_up
    return len(snapshot.tables["applications"]), auditor.report(snapshot, auditor.audit(snapshot))


def attempt(this, rows, taken):
    """Adds to taken what each row gave, and takes those rows out that are done: (applications, violations)."""
    taken.append(take(this, START, lambda: this.finish(START, {}, this.applications())))
    taken.append(take(this, CONTROL, lambda: (0, control(this))))
    while rows and not this.left(rows[0]):  # a row before failed: its answers would be met by this one
        taken.append(take(this, rows[0], lambda row=rows[0]: this.one(row)))
        rows.pop(0)
    return judge(this)


def run(seed, all_results):
    """On a database and a broker of its own: (applications, errors met, violations). Where the mock itself fails, the rows that are left
    are met with another."""
    only, rows, taken = os.environ.get("TILLIT_FAULT_ROW", ""), None, []
    for n in range(1, ATTEMPTS + 1):
        this = Run(seed, n)
        rows = [row for row in rows_of(this.mock) if only in row.name] if rows is None else rows
        try:
            applications, violations = attempt(this, rows, taken)
            break
        except MockGone:
            say("broker errors: librdkafka's mock broker has failed an assertion of its own; what is left is met with another")
            applications, violations = 0, n == ATTEMPTS
        finally:
            this.rig.stop()
            this.mock.stop()
    all_results["broker-errors"] = [result for result, _ in taken]
    return applications, sum(result["errors"] for result, _ in taken), violations + sum(count for _, count in taken)

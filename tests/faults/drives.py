# SPDX-License-Identifier: EUPL-1.2
"""What brings a seeded bug to light, and the judgement behind it. Each drive takes the rig, the client and what is injected,
causes one thing, and returns; the sound programs pass every one of them."""
import json
import os
import signal
import time

import psycopg
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

import auditor
import rig as rigs
from client import document
from points import Drive, strike
from rig import STATE, TOPIC, UNSETTLED, until

STILL = 12  # s without a move; the reconciler, which heals what a bug has lost, comes after 60 s
MOVES = "SELECT (SELECT count(*) FROM events), (SELECT sum(mark) FROM inbox), (SELECT count(*) FROM unsent), (SELECT count(*) FROM parked_events)"
BEATING = "SELECT count(*) FROM heartbeats WHERE beat_at > :now - interval '4 s'"


def fresh(client, wanted=lambda d: d["services"] != ["TT"]):
    """The number of a document that was not sent yet: somebody talks over each but those that are forwarded."""
    while not wanted(json.loads(document(client.seed, n := client.next_n()))):
        pass
    return n


def flow(client, count, rate, talks=True):
    """Threads that send new documents."""
    client.blocks = getattr(client, "blocks", 0) + 1
    return client.run(count, rate, threads=16, first=client.blocks * 10_000, talks=talks)


def join(threads):
    for thread in threads:
        thread.join(120)


def struck(program, point, action="kill"):
    """A program comes to a point while applications flow."""
    def drive(rig, client, injected):
        strike(Drive(rig, client, injected), program, point, action, lambda *_: flow(client, 12, 400))
    return drive


def alone(rig, client, injected):
    """The answer to a commit is lost, and the application shares it with no other."""
    def provoke(drive, program, point, hit):
        while not hit.exists():
            client.send(fresh(client))
        return []
    strike(Drive(rig, client, injected), "api", "shared.commit-before", "lie", provoke)


def short_bodies(rig, client, injected):
    answers = {client.send_short(fresh(client), rig.direct) for _ in range(5)}
    if not answers <= {"400", "201"}:
        raise RuntimeError(f"bodies that end early were answered {answers}")


def duplicates(rig, client, injected):
    """Each event of the log three times more, when all is handled."""
    join(flow(client, 60, 60))
    rest(rig)
    log = "SELECT case_id::text, case_seq, type, data::text FROM events ORDER BY case_id, case_seq"
    injected["shuffled"] += rig.publish_log(rig.rows(log) * 3)
    time.sleep(2)


def away(rig, client, injected):
    """scheduling loses the database while it has records in hand and answered ones to commit, and is killed a little later."""
    before, threads = rig.one("SELECT count(*) FROM tasks"), flow(client, 400, 60)
    until("scheduling to be at work", lambda: rig.one("SELECT count(*) FROM tasks") > before + 40, 30)
    time.sleep(1.5)  # the first batch is committed at once, those behind it after a second
    rig.rows("ALTER ROLE tillit_scheduling NOLOGIN")
    rig.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tillit_scheduling'")
    time.sleep(2.5)
    for program in ("scheduling", "scheduling-2"):
        rig.signal(program, signal.SIGKILL)
    rig.rows("ALTER ROLE tillit_scheduling LOGIN")
    join(threads)


def refused(rig, client, injected):
    """The broker takes no record for a while, and says so in each report."""
    anew = rig.log("relay").count("made anew")
    admin = AdminClient({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"]})
    def allow(operation, size=None):
        entry = ConfigEntry("max.message.bytes", size, incremental_operation=operation)
        for change in admin.incremental_alter_configs([ConfigResource("topic", TOPIC, incremental_configs=[entry])]).values():
            change.result(20)
    allow(AlterConfigOpType.SET, "10")
    join(flow(client, 20, 200, talks=False))
    until("the refusal to be met", lambda: rig.log("relay").count("made anew") > anew or not rig.one("SELECT count(*) FROM unsent"), 30)
    allow(AlterConfigOpType.DELETE)


def unacknowledged(rig, client, injected):
    """The broker stands still while events are produced, and the relay dies before it goes on."""
    os.kill(rig.kafka_pid, signal.SIGSTOP)
    join(flow(client, 60, 200, talks=False))
    time.sleep(1)
    for program in ("relay", "relay-2"):
        rig.signal(program, signal.SIGKILL)
    os.kill(rig.kafka_pid, signal.SIGCONT)


def slow_relay(rig, client, injected):
    """A relay stops for a while with rows in hand, again and again."""
    rig.rows("GRANT UPDATE ON unsent TO tillit_relay")  # a row lock asks for it
    for _ in range(4):
        threads = flow(client, 100, 100)
        time.sleep(0.3)
        strike(Drive(rig, client, injected), "relay", "relay.produce-before", "stall", lambda *_: threads)
        time.sleep(5)


def poisoned(rig, client, injected):
    """A case meets an event that nobody can handle, then all of its log once more, then a good event."""
    n = fresh(client)
    case = client.send(n)["case_id"]
    rest(rig)
    injected["parked"] += rig.poison_row(case, "no.tillit.contact.made.v1", '{"kind": "smoke"}')
    if not rest(rig):
        return
    rows = rig.rows("SELECT case_id::text, case_seq, type, data::text FROM events WHERE case_id = %s", case)
    injected["shuffled"] += rig.publish_log(rows)
    client.talk(n)


# ---- the judgement

def rest(rig, still=STILL):
    """True when all is settled; False when nothing has moved for a while although every program beats. What is merely slow
    is neither, and is waited for."""
    began = moved = time.monotonic()
    last = None
    while time.monotonic() - began < 200:
        try:
            if rig.one(UNSETTLED) == 0:
                return True
            now = rig.rows(MOVES) if rig.one(BEATING) >= len(rig.programs) else None
        except psycopg.OperationalError:
            now = None
        if now is None or now != last:
            moved, last = time.monotonic(), now
        if time.monotonic() - moved > still:
            return False
        time.sleep(0.2)
    raise TimeoutError("waited 200 s in vain for all to be settled, or to stand still")


def judge(rig, client, drive, still):
    """{what is wrong: the first rows that show it}, and whether all came to rest."""
    drive(rig, client, rig.injected)
    settled = rest(rig, still)
    snapshot = auditor.load(rig.owner, os.environ["KAFKA_BOOTSTRAP"], os.environ["TILLIT_KEYRING"], STATE / "journal", rig.injected)
    snapshot.manual, snapshot.settled = client.giving_up, settled
    audited = auditor.audit(snapshot)
    auditor.report(snapshot, audited)
    wrong = {name: rows[:3] for name, rows in audited.items() if rows}
    stuck = [line for worker in rigs.WORKERS for line in auditor.tried_for_ever(worker, rig.log(worker))]
    if stuck and not settled:
        wrong["stuck"] = stuck[:3]
    return wrong, settled


def prove(rig, client, drives, still):
    """Each drive in turn, each with its verdict on a line of its own. 0 if nobody noticed anything."""
    noticed = 0
    for name, drive in drives:
        began = time.monotonic()
        wrong, settled = judge(rig, client, drive, still)
        print("verdict " + json.dumps({"drive": name, "wrong": wrong, "settled": settled, "seconds": round(time.monotonic() - began)}), flush=True)
        noticed += bool(wrong)
    rig.stop()
    return noticed > 0

# SPDX-License-Identifier: EUPL-1.2
"""make faults-mutants: seeded bugs, one build each. A harness that does not catch them proves nothing by its silence.
Each row says what is broken, by replacing text of the sources, and the fault that brings it to light."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build/mutants"


# What brings a mutant to light: each drives the rig and returns; the audit follows.
def crash(program, point, action="kill"):
    def drive(rig, client, injected):
        from points import Drive, one
        one(Drive(rig, client, injected), program, point, action)
    return drive


def poisoned(rig, client, injected):
    case = client.send(client.next_n())["case_id"]
    rig.settle(20)
    injected["parked"] += rig.poison_row(case, "no.tillit.contact.made.v1", '{"kind": "smoke"}')
    rig.settle(20)
    rig.publish_log(rig.rows("SELECT case_id::text, case_seq, type, data::text FROM events WHERE case_id = %s", case))
    client.told[-1] = {"case_id": case}
    client.talk(-1)


def acks_late(rig, client, injected):
    """The broker stands still while events are produced, and the relay dies before it goes on."""
    os.kill(rig.kafka_pid, signal.SIGSTOP)
    threads = client.run(20, 200, threads=8, first=500_000, talks=False)
    time.sleep(3)
    rig.signal("relay", signal.SIGKILL)
    rig.signal("relay-2", signal.SIGKILL)
    os.kill(rig.kafka_pid, signal.SIGCONT)
    for thread in threads:
        thread.join(60)


def flow(rig, client, injected):
    for thread in client.run(150, 300, threads=16, first=500_000):
        thread.join(60)


def short_bodies(rig, client, injected):
    for n in range(600_000, 600_005):
        client.send_short(n)


WORK_TOGETHER = """    TRY(work_within(loop, s, work, NULL, NULL));
    crash_point("worker.commit-before");
    TRY(db_commit(s));
    crash_point("worker.commit-after");
"""
MUTANTS = [  # number, what is broken, [(file, text, instead)], what brings it to light
    (1, "offsets committed before the database", [("common/worker.c", "    enum problem p = mine.count ? bells_answer", """    for (size_t i = 0; i < c->bells.count; i++)
        mark_done(c, c->bells.items[i].topic, c->bells.items[i].partition, c->bells.items[i].offset);
    commit_offsets(c, true);
    enum problem p = mine.count ? bells_answer""")], crash("triage", "worker.commit-before")),
    (2, "everything polled is committed", [
        ("common/worker_consumer.c", '"enable.auto.offset.store", "false"', '"enable.auto.offset.store", "true"'),
        ("common/worker_consumer.c", "rd_kafka_commit(c->kafka, c->done, !wait);", "rd_kafka_commit(c->kafka, NULL, !wait);"),
        ("common/worker.c", "    enum problem p = mine.count ? bells_answer", "    rd_kafka_commit(c->kafka, NULL, 0);\n    enum problem p = mine.count ? bells_answer")],
     crash("scheduling", "worker.effects-written")),
    (3, "no inbox", [("common/worker_handle.c", "    return work_raise(loop, s, work);\n}\n\nenum problem work_together", "    return OK;\n}\n\nenum problem work_together")], flow),
    (4, "the inbox in another transaction", [
        ("common/worker_handle.c", "    return work_raise(loop, s, work);\n}\n\nenum problem work_together", "    return OK;\n}\n\nenum problem work_together"),
        ("common/worker_handle.c", '    crash_point("worker.commit-after");\n', '    crash_point("worker.commit-after");\n    TRY(db_begin(s));\n    TRY(work_raise(loop, s, work));\n    TRY(db_commit(s));\n')],
     crash("letters", "worker.commit-after")),
    (5, "unsent written in another transaction than its event", [
        ("common/queries.sql", """), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT id, last_seq FROM numbered
)
SELECT last_seq FROM numbered;
""", """)
SELECT last_seq FROM numbered;

-- name: tell_late :none
INSERT INTO unsent (case_id, case_seq)
SELECT case_id, case_seq FROM events WHERE case_id = ANY ($1::uuid[]) AND source = $2 ORDER BY case_id, case_seq;
"""),
        ("common/worker_handle.c", '    crash_point("worker.commit-after");\n', """    crash_point("worker.commit-after");
    const char **told = arena_array(s->arena, work->count, sizeof(*told));
    for (size_t i = 0; i < work->count; i++)
        told[i] = work->news[i].case_id;
    TRY(DB_RUN(s, &sql_tell_late, NULL, param_list(s, told, work->count), param_text(arena_printf(s->arena, "tillit/%s", loop->worker->name))));
""")], crash("letters", "worker.commit-after")),
    (6, "delivery reports ignored", [
        ("services/relay/feed.c", "item->fate = message->err ? FAILED : DELIVERED;", "item->fate = DELIVERED;"),
        ("services/relay/feed.c", "            batch->items[i].fate = FAILED;\n            feed->broken = true;\n", "            batch->items[i].fate = DELIVERED;\n")],
     crash("relay", "relay.produce-before", "error")),
    (7, "unsent deleted before the ack", [
        ("services/relay/feed.c", "        batch->items[i].fate = UNKNOWN;\n        if", "        batch->items[i].fate = DELIVERED;\n        if"),
        ("services/relay/feed.c", "    while (feed->reports < batch->count && !feed->broken", "    while (false && feed->reports < batch->count && !feed->broken"),
        ("services/relay/feed.c", "    return feed->reports >= batch->count || feed->broken;", "    (void)batch;\n    return true;"),
        ("services/relay/feed.c", "    struct unsent *item = message->_private;\n", ""),
        ("services/relay/feed.c", "    item->fate = message->err ? FAILED : DELIVERED;\n", "")],
     acks_late),
    (8, "the tag of COMMIT ignored", [("common/db.c", '    return command(s, "COMMIT", "COMMIT");', '    (void)command(s, "COMMIT", "COMMIT");\n    s->detail = NULL;\n    return OK;')],
     crash("metrics", "worker.commit-before", "error")),
    (9, "new ids on retry", [
        ("services/api/submit.c", "        if (p == PROBLEM_STALE) /* a reference that was taken: other ids */\n            TRY(make_row(s, in, how, &row));", """        TRY(make_row(s, in, how, &row));
        if (tries)
            row.key = uuid_v7(s->arena, s->now);""")], crash("api", "shared.commit-before", "lie")),
    (10, "a short body ignored", [("common/http.c", "        if (got <= 0)\n            return PROBLEM_MALFORMED;", "        if (got <= 0)\n            break;")], short_bodies),
    (11, "a later event passes a parked one", [("common/worker_handle.c", '    crash_point("parking.park-commit-before");\n', """    crash_point("parking.park-commit-before");
    TRY(DB_RUN(s, &sql_inbox_raise, NULL, param_text(loop->worker->name), param_list(s, &task->event.case_id, 1),
               param_integers(s, &task->event.case_seq, 1)));
""")], poisoned),
    (12, "retry for ever", [("common/worker_handle.c", "    if (problem_delivery(p) == DELIVERY_PARK || p == PROBLEM_STALE)\n        return park(loop, s, task, p, tries);\n    return p;",
                             "    return problem_delivery(p) == DELIVERY_PARK ? PROBLEM_UNAVAILABLE : p;")], poisoned),
    (13, "poison dropped", [("common/worker_handle.c", "    TRY(park_event(loop, s, &task->event, p, detail, attempts));", """    (void)detail;
    (void)attempts;
    TRY(DB_RUN(s, &sql_inbox_raise, NULL, param_text(loop->worker->name), param_list(s, &task->event.case_id, 1),
               param_integers(s, &task->event.case_seq, 1)));""")], poisoned),
    (14, "two relays share the rows", [
        ("services/relay/queries.sql", "SELECT pg_try_advisory_lock(hashtext('tillit:relay')) AS got;", "SELECT true AS got;"),
        ("services/relay/queries.sql", " AND EXISTS (SELECT FROM relay_epoch WHERE epoch = $2::bigint);", " AND $2::bigint > 0;"),
        ("services/relay/queries.sql", "(SELECT position, case_id, case_seq FROM unsent ORDER BY position LIMIT $1::integer)",
         "(SELECT position, case_id, case_seq FROM unsent WHERE position % 2 = pg_backend_pid() % 2 ORDER BY position LIMIT $1::integer)")], flow),
    (16, "metrics outside the transaction", [("common/worker_handle.c", WORK_TOGETHER, """    if (strcmp(loop->worker->name, "metrics") == 0) {
        TRY(db_begin(s));
        TRY(work_lock(loop, s, work));
        TRY(work_raise(loop, s, work));
        TRY(db_commit(s));
        crash_point("worker.commit-after");
        TRY(db_begin(s));
        TRY(work_handle(loop, s, work));
        return db_commit(s);
    }
""" + WORK_TOGETHER)], crash("metrics", "worker.commit-after")),
]


def copy_sources():
    if WORK.exists():
        shutil.rmtree(WORK)
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in files:
        (WORK / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, WORK / "src" / name)


def build(mutant):
    """The programs with the bug in them; the sources are as before when it returns."""
    number, _, edits, _ = mutant
    before = {}
    for name, text, instead in edits:
        path = WORK / "src" / name
        source = path.read_text()
        before.setdefault(path, source)
        if source.count(text) != 1:
            sys.exit(f"mutant {number}: {name} holds its text {source.count(text)} times, not once: {text[:60]!r}")
        path.write_text(source.replace(text, instead))
    made = subprocess.run(["make", "-s", "-j2", "build"], cwd=WORK / "src", env=dict(os.environ, FAULTS="1"), capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"mutant {number} can not be built:\n{made.stderr[-2000:]}")
    target = WORK / f"bin.{number}"
    shutil.copytree(WORK / "src/build/faults/bin", target, dirs_exist_ok=True)
    for path, source in before.items():
        path.write_text(source)
        os.utime(path)
    return target


def main():
    wanted = {int(n) for n in sys.argv[1:]}
    rows = [m for m in MUTANTS if not wanted or m[0] in wanted]
    copy_sources()
    caught = 0
    for mutant in rows:
        number, words, *_ = mutant
        env = dict(os.environ, TILLIT_FAULT_BIN=str(build(mutant)), TILLIT_FAULT_PER_MILLE="0", TILLIT_FAULT_SEED="7", TILLIT_FAULT_STATE=str(WORK / f"state.{number}"))
        run = subprocess.run(["bash", ROOT / "tests/faults/run.sh", f"mutant:{number}"], env=env, capture_output=True, text=True, timeout=400)
        why = [line for line in run.stdout.splitlines() if "FAIL" in line or "in vain" in line]
        told = "violations" in run.stdout or bool(why)
        found = run.returncode != 0 and told and bool(why)
        caught += found
        print(f"mutant {number:2} {'caught' if found else 'MISSED'}  {words}: {why[0][:150] if why else run.stderr[-300:]}", flush=True)
    print(f"{caught} of {len(rows)} caught")
    return caught != len(rows)


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: EUPL-1.2
"""make faults-mutants: seeded bugs, one build each. A harness that does not catch them proves nothing by its silence, and one
that flags the sound programs proves nothing by its noise: row 0 is these, through every drive.

    mutants.py [NUMBER...]
    mutants.py check        whether each can be seeded, as the sources are now

Each row says what is broken, by replacing text of the sources, the fault that brings it to light, and which invariants it
breaks: a bug is caught when one of those is what fails. A run that does not come to a verdict catches nothing."""
import dataclasses
import filecmp
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build/mutants"
SOUND, BROKEN = WORK / "sound", WORK / "broken"
LONGEST, LONGEST_SOUND, TRIES = 420, 1200, 2


@dataclasses.dataclass
class Mutant:
    number: int
    words: str      # what is broken
    drive: str      # what brings it to light: a row of DRIVES
    breaks: list    # one of these must be what fails: invariants of the auditor, or that a worker is stuck
    edits: list     # (file, text, instead)


DO_NOT_RAISE = ("common/worker/handle.c", "    return work_raise(loop, s, work);\n}\n\nenum problem work_together",
                "    return OK;\n}\n\nenum problem work_together")
RAISE_ONE = """TRY(DB_RUN(s, &sql_inbox_raise, NULL, param_text(loop->worker->name), param_list(s, &task->event.case_id, 1),
               param_integers(s, &task->event.case_seq, 1)));
"""
MUTANTS = [
    Mutant(1, "offsets are committed before the database", "triage killed before its commit", ["I10"], [
        ("common/worker/worker.c", "    enum problem p = bells_answer", """    for (size_t i = 0; i < c->bells.count; i++)
        mark_done(c, c->bells.items[i].topic, c->bells.items[i].partition, c->bells.items[i].offset);
    commit_offsets(c, true);
    enum problem p = bells_answer""")]),
    Mutant(2, "all that was polled is committed", "scheduling killed while the database is away", ["I10"], [
        ("common/worker/consumer.c", '"enable.auto.offset.store", "false"', '"enable.auto.offset.store", "true"'),
        ("common/worker/consumer.c", "rd_kafka_commit(c->kafka, c->done, !wait);", "rd_kafka_commit(c->kafka, NULL, !wait);")]),
    Mutant(3, "no inbox: nobody looks what is handled", "duplicates", ["I6", "I11"], [
        ("common/worker/work.c", """            news->mark = result_integer(&r, i, "mark");""", """            news->mark = 0;""")]),
    Mutant(4, "the inbox in another transaction", "letters killed after its commit", ["I6", "I11"], [
        DO_NOT_RAISE,
        ("common/worker/handle.c", '    crash_point("worker.commit-after");\n', """    crash_point("worker.commit-after");
    TRY(db_begin(s));
    TRY(work_raise(loop, s, work));
    TRY(db_commit(s));
""")]),
    Mutant(5, "unsent written in another transaction than its event", "the api killed after its commit", ["I5"], [
        ("services/api/application/queries.sql", """), told AS (
    INSERT INTO unsent (case_id, case_seq) SELECT case_id, 1 FROM fresh
""", ""),
        ("services/api/application/queries.sql", """SELECT effect_id FROM joined;
""", """SELECT effect_id FROM joined;

-- name: applications_tell :none
INSERT INTO unsent (case_id, case_seq)
SELECT case_id, 1 FROM unnest($1::uuid[], $2::uuid[]) AS t (application_id, case_id) WHERE application_id = ANY ($3::uuid[]);
"""),
        ("services/api/application/intake.c", '    crash_point("shared.commit-after");\n', """    crash_point("shared.commit-after");
    const char **fresh = arena_array(s->arena, (size_t)r->count, sizeof(*fresh));
    for (int i = 0; i < r->count; i++)
        fresh[i] = result_text(r, i, "effect_id");
    TRY(DB_RUN(s, &sql_applications_tell, NULL, params[5], params[6], param_list(s, fresh, (size_t)r->count)));
""")]),
    Mutant(6, "delivery reports ignored", "a broker that refuses", ["I5"], [
        ("services/relay/feed.c", "item->fate = message->err ? FAILED : DELIVERED;", "item->fate = DELIVERED;"),
        ("services/relay/feed.c", "    feed->broken = feed->broken || message->err;\n", "")]),
    Mutant(7, "unsent deleted before the ack", "the relay killed while the broker stands still", ["I5"], [
        ("services/relay/feed.c", "        batch->items[i].fate = UNKNOWN;\n        if", "        batch->items[i].fate = DELIVERED;\n        if"),
        ("services/relay/feed.c", "    while (feed->reports < batch->count && !feed->broken && clock_steady_ms() < deadline)\n        rd_kafka_poll(feed->producer, 20);\n"
                                  "    return feed->reports >= batch->count || feed->broken;",
         "    (void)batch;\n    (void)deadline;\n    rd_kafka_poll(feed->producer, 0);\n    return true;"),
        ("services/relay/feed.c", "    struct unsent *item = message->_private;\n", ""),
        ("services/relay/feed.c", "    item->fate = message->err ? FAILED : DELIVERED;\n", ""),
        ("services/relay/feed.c", "    if (!learns_most(feed, message->err, item))\n", "    if (message)\n")]),
    Mutant(8, "the tag of COMMIT ignored", "a COMMIT of triage answered with ROLLBACK", ["I10"], [
        ("common/db/run.c", "    if (strcmp(PQcmdStatus(pg), tag) != 0)\n", "    if (strcmp(PQcmdStatus(pg), tag) != 0 && strcmp(tag, \"COMMIT\") != 0)\n")]),
    Mutant(9, "new ids on retry", "an application whose commit loses its answer", ["I3"], [
        ("services/api/application/submit.c", "        .key = how->key,\n", "        .key = uuid_v7(s->arena, s->now),\n")]),
    Mutant(10, "a short body ignored", "bodies that end early", ["I2"], [
        ("common/http/http.c", "        if (have < length && (!in_time || got <= 0))\n            return in_time && !seat->crowded ? PROBLEM_MALFORMED : PROBLEM_TOO_SLOW;", "        if (!in_time || got <= 0)\n            break;"),
        ("common/http/http.c", "    request->body = body;\n    return OK;", "    request->body = body;\n    request->body_length = strlen(body);\n    return OK;")]),
    Mutant(11, "a later event passes a parked one", "poison", ["I6"], [
        ("common/worker/handle.c", '    crash_point("parking.park-commit-before");\n', '    crash_point("parking.park-commit-before");\n    ' + RAISE_ONE),
        ("common/worker/work.c", "        news->waits = true;\n        news->mark = news->n; /* nothing to read */\n", "        news->waits = false;\n")]),
    Mutant(12, "retry for ever", "poison", ["stuck"], [
        ("common/worker/handle.c", "    if (problem_delivery(p) == DELIVERY_PARK || p == PROBLEM_STALE)\n        return park(loop, s, task, p, tries);\n    return p;",
         "    return problem_delivery(p) == DELIVERY_PARK ? PROBLEM_UNAVAILABLE : p;")]),
    Mutant(13, "poison dropped", "poison", ["I11"], [
        ("common/worker/handle.c", "    TRY(park_event(loop, s, &task->event, p, detail, attempts));\n", "    (void)detail;\n    (void)attempts;\n    " + RAISE_ONE)]),
    Mutant(14, "two relays, each takes rows that the other has not locked", "a relay that stops with rows in hand", ["I8"], [
        ("services/relay/queries.sql", "SELECT pg_try_advisory_lock(hashtext('tillit:relay')) AS got;", "SELECT true AS got;"),
        ("services/relay/queries.sql", " AND EXISTS (SELECT FROM relay_epoch WHERE epoch = $2::bigint);", " AND $2::bigint > 0;"),
        ("services/relay/queries.sql", "(SELECT position, case_id, case_seq FROM unsent ORDER BY position LIMIT $1::integer)",
         "(SELECT position, case_id, case_seq FROM unsent WHERE pg_try_advisory_xact_lock(14, position::integer) ORDER BY position LIMIT $1::integer)"),
        ("services/relay/unsent.c", "    TRY(DB_RUN(s, &sql_unsent_read, &r, param_integer(s, BATCH)));\n    if (r.count > 0)\n",
         "    TRY(db_begin(s));\n    TRY(DB_RUN(s, &sql_unsent_read, &r, param_integer(s, BATCH)));\n    if (r.count == 0)\n        db_rollback(s);\n    if (r.count > 0)\n"),
        ("services/relay/unsent.c", "    if (count == 0)\n        return OK;\n    struct result r;\n", "    if (count == 0) {\n        db_rollback(s);\n        return OK;\n    }\n    struct result r;\n"),
        ("services/relay/unsent.c", "\"another relay has taken over\");\n    return OK;", "\"another relay has taken over\");\n    return db_commit(s);")]),
    Mutant(16, "metrics outside the transaction", "metrics killed after its commit", ["I6", "I9"], [
        ("common/worker/handle.c", "    TRY(work_within(loop, s, work, NULL, NULL));\n    crash_point(\"worker.commit-before\");\n",
         """    if (strcmp(loop->worker->name, "metrics") == 0) {
        TRY(db_begin(s));
        TRY(work_lock(loop, s, work));
        TRY(work_raise(loop, s, work));
        TRY(db_commit(s));
        crash_point("worker.commit-after");
        TRY(db_begin(s));
        TRY(work_handle(loop, s, work));
        return db_commit(s);
    }
    TRY(work_within(loop, s, work, NULL, NULL));
    crash_point("worker.commit-before");
""")]),
]


def drives():
    """By name. The rig's side: it needs the packages and the environment of run.sh."""
    import drives as d
    return {
        "triage killed before its commit": d.struck("triage", "worker.commit-before"),
        "scheduling killed while the database is away": d.away,
        "duplicates": d.duplicates,
        "letters killed after its commit": d.struck("letters", "worker.commit-after"),
        "the api killed after its commit": d.struck("api", "shared.commit-after"),
        "a broker that refuses": d.refused,
        "the relay killed while the broker stands still": d.unacknowledged,
        "a COMMIT of triage answered with ROLLBACK": d.struck("triage", "worker.commit-before", "abort"),
        "an application whose commit loses its answer": d.alone,
        "bodies that end early": d.short_bodies,
        "poison": d.poisoned,
        "a relay that stops with rows in hand": d.slow_relay,
        "metrics killed after its commit": d.struck("metrics", "worker.commit-after"),
    }


def in_rig(rig, client, number):
    """Runs below run.sh: the drives of a row, each with its verdict."""
    from drives import STILL, prove
    known = drives()
    wanted = [m.drive for m in MUTANTS if m.number == number] if number else list(dict.fromkeys(m.drive for m in MUTANTS))
    return prove(rig, client, [(name, known[name]) for name in wanted], STILL if number else 5 * STILL)


# ---- builds

def misfits():
    """What a mutant replaces and the sources do not hold once: it must follow them, or nothing is seeded any more."""
    return [f"mutant {m.number}: {name} holds its text {found} times, not once: {text[:60]!r}"
            for m in MUTANTS for name, text, _ in m.edits if (found := (ROOT / name).read_text().count(text)) != 1]


def make(folder):
    made = subprocess.run(["make", "-s", "-j2", "build"], cwd=folder, env=dict(os.environ, FAULTS="1"), capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"{folder.name} can not be built:\n{made.stderr[-2000:]}")
    return folder / "build/faults/bin"


def build_sound():
    """The sources as they are, built once: a mutant is a copy of both, and compiles what its edits touch."""
    shutil.rmtree(WORK, ignore_errors=True)
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split():
        (SOUND / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, SOUND / name)
    return make(SOUND)


def build_broken(mutant):
    shutil.rmtree(BROKEN, ignore_errors=True)
    shutil.copytree(SOUND, BROKEN)
    for name, text, instead in mutant.edits:
        (BROKEN / name).write_text((BROKEN / name).read_text().replace(text, instead))
    built = make(BROKEN)
    programs = [p.name for p in built.iterdir()]
    if not filecmp.cmpfiles(built, SOUND / "build/faults/bin", programs, shallow=False)[1]:
        sys.exit(f"mutant {mutant.number}: its programs are the sound ones")
    return built


# ---- runs

def run(number, programs):
    """The verdicts of a row's drives, and the last words where there are none."""
    env = dict(os.environ, TILLIT_FAULT_BIN=str(programs), TILLIT_FAULT_PER_MILLE="0", TILLIT_FAULT_SEED="7", TILLIT_FAULT_STATE=str(WORK / f"state.{number}"))
    log = WORK / f"log.{number}"
    with open(log, "w") as out:
        rig = subprocess.Popen(["bash", ROOT / "tests/faults/run.sh", f"mutant:{number}"], env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            rig.wait(LONGEST if number else LONGEST_SOUND)
        except subprocess.TimeoutExpired:
            pass
        finally:
            if rig.poll() is None:
                os.killpg(rig.pid, signal.SIGTERM)
                rig.wait(90)
    lines = log.read_text(errors="replace").splitlines()
    return [json.loads(line.removeprefix("verdict ")) for line in lines if line.startswith("verdict ")], " | ".join(lines[-3:])[-300:]


def tell(number, outcome, words, breaks, seconds, why):
    print(f"mutant {number:2}  {outcome:7}  {words:58}  {breaks:8}  {seconds:4.0f} s  {why}", flush=True)


def is_sound(programs):
    """Whether nobody finds anything in what is not broken; a line for each drive."""
    began = time.monotonic()
    wanted = len({m.drive for m in MUTANTS})
    for _ in range(TRIES):
        verdicts, last = run(0, programs)
        flagged = [v for v in verdicts if v["wrong"] or not v["settled"]]
        if flagged or len(verdicts) == wanted:
            break
    for v in verdicts:
        tell(0, "FLAGGED" if v in flagged else "passed", "nothing is broken; " + v["drive"], "nothing", v["seconds"], v["wrong"] or ("" if v["settled"] else "it did not settle"))
    good = len(verdicts) == wanted and not flagged
    tell(0, "passed" if good else "FAILED", f"nothing is broken: {len(verdicts)} of {wanted} drives", "nothing", time.monotonic() - began, "" if good else last)
    return good


def is_caught(mutant):
    """Whether what it breaks is what was found; a run without a verdict is made once more."""
    began = time.monotonic()
    programs = build_broken(mutant)
    for _ in range(TRIES):
        verdicts, last = run(mutant.number, programs)
        if verdicts:
            break
    wrong = verdicts[0]["wrong"] if verdicts else {}
    caught = [name for name in mutant.breaks if name in wrong]
    also = [name for name in wrong if name not in mutant.breaks]
    why = wrong[caught[0]][0][:110] if caught else "nothing of it was found" if verdicts else last
    tell(mutant.number, "caught" if caught else "MISSED" if verdicts else "BROKEN", mutant.words, "/".join(mutant.breaks), time.monotonic() - began,
         (f"{' '.join(caught)}: " if caught else "") + why + (f" (also {' '.join(also)})" if also else ""))
    return bool(caught)


def main():
    if faults := misfits():
        sys.exit("\n".join(faults))
    if sys.argv[1:] == ["check"]:
        return print(f"mutants:                        {len(MUTANTS)}, each still to be seeded")
    wanted = {int(n) for n in sys.argv[1:]}
    rows = [m for m in MUTANTS if not wanted or m.number in wanted]
    programs = build_sound()
    good = is_sound(programs) if not wanted or 0 in wanted else True
    caught = sum(map(is_caught, rows))
    print(f"{caught} of {len(rows)} caught")
    return not good or caught != len(rows)


if __name__ == "__main__":
    sys.exit(main())

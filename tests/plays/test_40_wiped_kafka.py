# SPDX-License-Identifier: EUPL-1.2
"""What workers say of themselves when their group or their broker is not what it was, and who brings what they miss. Last of
the plays: Kafka holds nothing of the others' afterwards."""
import os
import shutil
import subprocess
from pathlib import Path

from conftest import STATE, WORKERS, application, two_minutes_later, until
from backbone import assert_nothing_doubled, assert_whole

BEHIND = ("SELECT program, ready, lag_events FROM heartbeats WHERE program = ANY (%s) AND beat_at > :now - interval '3 s'"
          " AND NOT (ready AND lag_events IS NOT DISTINCT FROM 0)")


def test_a_restarted_worker_with_nothing_new_says_that_it_has_read_all(system):
    """Until a record came it said that all of its partitions was left, and the reconciler passed it by."""
    case_id = system.post(application(seed=4000)).json()["case_id"]
    system.settle()
    mark = "SELECT mark FROM inbox WHERE consumer = 'metrics' AND case_id = %s"
    last = system.one(mark, case_id)
    system.kill("metrics")
    system.rows("UPDATE inbox SET mark = mark - 1 WHERE consumer = 'metrics' AND case_id = %s", case_id)
    until("metrics to be back, with nothing left", lambda: system.one(
        "SELECT count(*) FROM heartbeats WHERE program = 'metrics' AND beat_at > :now - interval '2 s' AND ready AND lag_events = 0"), 30)
    with two_minutes_later():
        until("the relay to find what it missed", lambda: system.one(mark, case_id) == last, 45)


def wipe_kafka(system):
    """Every record and every committed offset is gone, under the running programs."""
    pid = system.kafka.pid if system.kafka else int(os.environ["TILLIT_TEST_KAFKA_PID"])
    words = [w.decode() for w in Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")]
    start, home = system.restart_kafka(), STATE / "kafka"
    cluster = next(line.split("=", 1)[1] for line in (home / "data/meta.properties").read_text().splitlines() if line.startswith("cluster.id="))
    until("the broker to be gone", lambda: system.kafka or "State:\tZ" in (Path(f"/proc/{pid}/status").read_text() if Path(f"/proc/{pid}").exists() else "State:\tZ"))
    shutil.rmtree(home / "data")
    at = words.index("-cp")
    subprocess.run([words[0], *words[at:at + 2], "kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c", words[-1]], check=True, capture_output=True)
    start()


def test_workers_whose_broker_was_wiped_get_all_that_comes(system):
    """They stand behind the end of what is there now: nothing is left for them to read, and the reconciler knows."""
    for n in range(5):
        system.post(application(seed=4010 + n))
    system.settle()
    wipe_kafka(system)
    cases = [system.post(application(seed=4020 + n)).json()["case_id"] for n in range(3)]
    system.wait_ready(90)
    with two_minutes_later():
        system.settle(120)
    until("every worker to say that nothing is left", lambda: system.rows(BEHIND, WORKERS) == [], 15)
    assert_whole(system, cases)
    assert_nothing_doubled(system)

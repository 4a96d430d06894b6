# SPDX-License-Identifier: EUPL-1.2
"""Nothing is lost, nothing happens twice, and one bad event stops its own case and nothing else."""
import os
import signal
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests

import clock
from conftest import BIN, PROGRAMS, STATE, application, free_ports, until
from backbone import assert_nothing_doubled, assert_whole, publish


def effects(system):
    return system.rows("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM letters), (SELECT count(*) FROM agenda_items),"
                       " (SELECT count(*) FROM tasks), (SELECT count(*) FROM case_facts)")


def test_the_same_event_three_times_has_one_effect(system):
    case_id = system.post(application(seed=60, services=["BPA"])).json()["case_id"]
    system.settle()
    before = effects(system)
    log = system.rows("SELECT case_id::text, case_seq, type, data::text FROM events WHERE case_id = %s ORDER BY case_seq", case_id)
    publish([row for _ in range(3) for row in log])
    marker = system.post(application(seed=61)).json()["case_id"]
    system.settle()
    assert_whole(system, [case_id, marker])
    after = effects(system)
    assert after[0][1] == before[0][1] + 1 and after[0][2] == before[0][2], "a repeated event had an effect"
    assert_nothing_doubled(system)


def parked(system, where="true"):
    return system.rows(f"SELECT consumer, problem, case_id::text, type FROM parked_events WHERE closed_at IS NULL AND {where} ORDER BY consumer")


def test_a_record_that_the_log_lacks_is_parked_and_harmless(system):
    stranger = str(uuid.uuid4())
    before = len(parked(system, "case_id IS NULL"))
    publish([(stranger, 1, "no.tillit.application.received.v1", b"{ not json"),
             (stranger, 7, "no.tillit.application.received.v1", b"\0\0"),
             (stranger, 1, "no.tillit.unheard.of.v1", b"{}")])
    case_id = system.post(application(seed=62)).json()["case_id"]
    system.settle()
    assert_whole(system, [case_id])
    takers = system.one("SELECT count(*) FROM consumer_types WHERE type = 'no.tillit.application.received.v1'")
    until("the strangers to be parked", lambda: len(parked(system, "case_id IS NULL")) == before + 2 * takers)
    assert not parked(system, "type LIKE '%%unheard%%'")
    page = system.operator().get(system.internal + "/drift", timeout=10)
    assert page.status_code == 200 and "NOT_FOUND" in page.text
    until("the metrics to count them", lambda: 'cause="NOT_FOUND"' in requests.get(f"http://127.0.0.1:{system.addresses['triage']}/metrics", timeout=5).text)


def test_a_poison_event_parks_its_case_waits_and_others_flow(system):
    """A stored application that can't be opened any more: its letter can't be made."""
    pids = {p: system.pid(p) for p in PROGRAMS}
    poisoned = system.post(application(seed=63, urgency="week")).json()["case_id"]
    system.settle()
    # The same letter again, for a number that the worker has not handled: the mark goes back, the document is damaged.
    system.rows("UPDATE documents SET sealed = set_byte(sealed, 60, 255 - get_byte(sealed, 60)) WHERE id = (SELECT document_id FROM applications WHERE case_id = %s)", poisoned)
    system.rows("DELETE FROM letters WHERE case_id = %s", poisoned)
    system.rows("UPDATE inbox SET mark = 0 WHERE consumer = 'letters' AND case_id = %s", poisoned)
    publish(system.rows("SELECT case_id::text, case_seq, type, data::text FROM events WHERE case_id = %s AND case_seq = 1", poisoned))
    others = [system.post(application(seed=64 + i)).json()["case_id"] for i in range(10)]
    system.settle()
    assert_whole(system, others)
    assert parked(system, f"case_id = '{poisoned}'") == [("letters", "DAMAGED", poisoned, "no.tillit.application.received.v1")]
    assert {p: system.pid(p) for p in PROGRAMS} == pids, "a worker stopped"
    # As an operator who gives it up: the case is dealt with by hand.
    system.rows("UPDATE inbox SET mark = 1 WHERE consumer = 'letters' AND case_id = %s", poisoned)
    system.rows("UPDATE parked_events SET closed_at = :now, closed_how = 'given_up' WHERE case_id = %s", poisoned)


def send_until_taken(system, seed):
    """As a careful client: the same key until there is an answer."""
    key = str(uuid.uuid4())
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answer = system.post(application(seed=seed, services=["BPA"] if seed % 2 else ["HSH"]), key)
            if answer.status_code == 201:
                return answer.json()["case_id"]
            assert answer.status_code in (409, 503), answer.text
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError("never taken")


def test_each_program_is_killed_in_turn_while_100_applications_pass(system, record_property):
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(send_until_taken, system, 1000 + i) for i in range(100)]
        for i, program in enumerate(PROGRAMS * 2):
            until("the next applications", lambda: sum(f.done() for f in sent) >= min(100, i * 8))
            system.kill(program)
        case_ids = [f.result() for f in sent]
    system.wait_ready(90)
    system.settle(120)
    assert len(set(case_ids)) == 100
    assert_whole(system, case_ids)
    assert_nothing_doubled(system)
    assert system.one("SELECT count(*) FROM case_facts") == system.one("SELECT count(*) FROM applications"), "counts differ"
    assert not parked(system, "problem = 'CRASHED'")


def test_every_post_is_taken_while_the_broker_is_down_and_drained_afterwards(system):
    start = system.restart_kafka()
    try:
        until("readiness to say that Kafka is away", lambda: requests.get(system.internal + "/healthz/ready", timeout=5).status_code == 503)
        answers = [system.post(application(seed=2000 + i)) for i in range(30)]
    finally:
        start()
    assert [a.status_code for a in answers] == [201] * 30
    assert system.one("SELECT count(*) FROM unsent") >= 30
    system.wait_ready(90)
    system.settle(90)
    assert_whole(system, [a.json()["case_id"] for a in answers])
    assert_nothing_doubled(system)


def test_deadlines_are_told_by_a_worker_that_starts_while_the_broker_is_away(system):
    case_id = system.post(application(seed=2050)).json()["case_id"]
    system.settle()
    missed = "SELECT count(*) FROM events WHERE case_id = %s AND type = 'no.tillit.deadline.missed.v1'"
    start = system.restart_kafka()
    try:
        system.kill("scheduling")
        clock.put(45 * 86400)
        until("the deadlines to be told as missed", lambda: system.one(missed, case_id) == 2)
    finally:
        start()
        clock.put()
    until("the API to tell the time again", lambda: system.case(case_id).status_code == 200)
    system.wait_ready(90)
    system.settle(90)
    assert_whole(system, [case_id])


def test_an_api_that_does_not_know_yet_whom_it_serves_refuses_nobody(system):
    """It starts while the database can't tell: until it can, no door opens, and no answer says that there is no such municipality."""
    def status():
        try:
            return system.post(application(seed=6200)).status_code
        except requests.ConnectionError:
            return None
    system.rows("REVOKE SELECT ON municipalities FROM tillit_api")
    try:
        system.kill("api")
        deadline, answer = time.monotonic() + 8, None
        while time.monotonic() < deadline and answer is None:
            time.sleep(0.1)
            answer = status()
        assert answer is None
    finally:
        system.rows("GRANT SELECT ON municipalities TO tillit_api")
    until("the door to open", lambda: status() == 201, 20)


def test_an_event_that_crashes_its_worker_three_times_is_parked(system):
    """The worker stands still while its case arrives with two unclean ends behind it; then it ends uncleanly."""
    pid = system.pid("triage")
    os.kill(pid, signal.SIGSTOP)
    try:
        crashing = system.post(application(seed=95)).json()["case_id"]
        system.rows("INSERT INTO worker_tries (consumer, case_id, case_seq, tries) VALUES ('triage', %s, 1, 2)", crashing)
        other = system.post(application(seed=96)).json()["case_id"]
    finally:
        os.kill(pid, signal.SIGKILL)
    until("the crashing event to be parked", lambda: parked(system, f"case_id = '{crashing}' AND consumer = 'triage'"), 60)
    assert parked(system, f"case_id = '{crashing}' AND consumer = 'triage'")[0][1] == "CRASHED"
    system.settle()
    assert_whole(system, [other])
    assert system.case(crashing).json()["status"] == "RECEIVED"


def test_a_second_relay_stands_by_and_takes_over(system):
    port = free_ports(1)[0]
    second = subprocess.Popen([BIN / "tillit-relay"], env={**os.environ, "TILLIT_INTERNAL": f"127.0.0.1:{port}"},
                              stderr=open(STATE / "relay2.log", "w"))
    log = STATE / "relay2.log"
    try:
        until("the second relay to stand by", lambda: '"started"' in log.read_text())
        assert "active one" not in log.read_text()
        os.kill(system.pid("relay"), signal.SIGSTOP)  # alive, and in nobody's way once its connection is gone
        stopped = system.pid("relay")
        system.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tillit_relay' AND pid = (SELECT pid FROM pg_locks WHERE locktype = 'advisory' LIMIT 1)")
        until("the second relay to take over", lambda: "active one" in log.read_text())
        case_id = system.post(application(seed=97)).json()["case_id"]
        system.settle()
        assert_whole(system, [case_id])
    finally:
        os.kill(stopped, signal.SIGCONT)
        second.terminate()
        assert second.wait(30) == 0
    system.wait_ready()
    last = system.post(application(seed=98)).json()["case_id"]
    system.settle()
    assert_whole(system, [last])
    assert_nothing_doubled(system)


def test_replaying_the_whole_log_changes_nothing(system):
    system.settle()
    before = effects(system)
    done = subprocess.run([BIN / "tillit-relay", "--replay-from", "all"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    system.settle(90)
    assert effects(system) == before
    assert_nothing_doubled(system)

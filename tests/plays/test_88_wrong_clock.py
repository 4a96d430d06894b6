# SPDX-License-Identifier: EUPL-1.2
"""The machine's clock was wrong, and is set right: no program minds, and nothing from a time that never was is believed."""
import os
import signal
import subprocess
from datetime import timedelta

import requests

import clock
from conftest import BIN, ROOT, application, free_ports, until


def ready_without(system, program):
    return program in requests.get(system.internal + "/healthz/ready", timeout=5).json()["not_ready"]


def test_a_clock_that_jumps_to_and_fro_stops_nobody(system):
    pids = {program: system.pid(program) for program in system.addresses}
    for away in (timedelta(hours=3), timedelta(days=400)):
        with system.at(clock.now() + away):
            there = system.post(application(seed=8800)).json()["case_id"]
            system.settle()
            assert len(system.case(there).json()["letters"]) == 1
            assert system.talk(there).status_code == 201
        system.settle()
        assert system.case(there).json()["status"] == "ASSESSMENT"
        case_id = system.post(application(seed=8801)).json()["case_id"]
        system.settle()
        assert len(system.case(case_id).json()["letters"]) == 1 and system.talk(case_id).status_code == 201
    assert {program: system.pid(program) for program in system.addresses} == pids, "one ended, and was started again"


def test_who_beat_while_the_clock_was_ahead_and_is_dead_is_not_alive(system):
    """Their last sign of life lies in the time to come."""
    env = {**os.environ, "TILLIT_INTERNAL": f"127.0.0.1:{free_ports(1)[0]}", "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0"}
    beats = "SELECT count(*) FROM heartbeats WHERE program = 'metrics' AND beat_at > :now + interval '1 hour'"
    with system.at(clock.now() + timedelta(days=2)):
        twin = subprocess.Popen([BIN / "tillit-metrics"], env=env, stderr=subprocess.DEVNULL)
        until("both to beat", lambda: system.one("SELECT count(*) FROM heartbeats WHERE program = 'metrics' AND ready AND beat_at > :now - interval '2 s'") == 2)
        twin.send_signal(signal.SIGKILL)
        twin.wait()
    os.kill(system.supervisor.pid, signal.SIGSTOP)  # nobody starts the other again for now
    try:
        system.kill("metrics")
        assert system.one(beats) == 1
        until("it to be missed", lambda: ready_without(system, "metrics"), 15)
    finally:
        os.kill(system.supervisor.pid, signal.SIGCONT)
        system.wait_ready()
        system.rows("DELETE FROM heartbeats WHERE program = 'metrics' AND beat_at > :now + interval '1 hour'")


def test_a_session_from_a_time_that_never_was_is_none(system):
    with system.at(clock.now() + timedelta(days=2)):
        there = system.colleague("tillit-saksbehandler")
        assert there.get(system.internal + "/saker", allow_redirects=False, timeout=10).status_code == 200
    assert there.get(system.internal + "/saker", allow_redirects=False, timeout=10).status_code == 303

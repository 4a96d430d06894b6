# SPDX-License-Identifier: EUPL-1.2
"""What people meet while something behind Tillit stands still: an answer within five seconds that says to come again, pages that need
nobody as quick as ever, and nothing lost or doubled when it is over."""
import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

from conftest import BIN, PROGRAMS, application, free_ports, until

LONGEST = 5.5  # s: five, and what a machine that is short of processors adds on the way
ASSET = "/assets/css/tillit.css"


def send(system, authorization, seed, key):
    """(the answer, how long it took)"""
    began = time.monotonic()
    answer = requests.post(system.public + "/api/v1/applications", data=json.dumps(application(seed)).encode(), timeout=30,
                           headers={"Content-Type": "application/json", "Idempotency-Key": key, "Authorization": authorization})
    return answer, time.monotonic() - began


@contextmanager
def locked(*tables):
    """As a migration, or a tool of the database's keepers, would."""
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        for table in tables:
            db.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        db.rollback()


@contextmanager
def looking(*urls):
    """The longest that each took meanwhile, asked again and again."""
    longest, over = {url: 0.0 for url in urls}, threading.Event()

    def look(url):
        while not over.is_set():
            began = time.monotonic()
            assert requests.get(url, timeout=30).status_code == 200, url
            longest[url] = max(longest[url], time.monotonic() - began)
            time.sleep(0.05)
    with ThreadPoolExecutor(len(urls)) as pool:
        lookers = [pool.submit(look, url) for url in urls]
        try:
            yield longest
        finally:
            over.set()
        for looker in lookers:
            looker.result()


@pytest.mark.parametrize("clients", [1, 20, 70])
def test_while_a_table_is_locked_everybody_is_answered_in_time_and_nothing_is_lost(system, clients):
    authorization, keys = system.logins.bearer(), [str(uuid.uuid4()) for _ in range(clients)]
    before = system.one("SELECT count(*) FROM applications")

    def send_all():
        with ThreadPoolExecutor(clients) as pool:
            return list(pool.map(lambda n: send(system, authorization, 57_000 + 100 * clients + n, keys[n]), range(clients)))
    with looking(system.public + ASSET, system.internal + "/healthz/live") as longest:
        with locked("unsent"):
            answers = send_all()
            for answer, took in answers:
                assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0, answer.text
                assert took < LONGEST, f"answered after {took:.1f} s"
    assert max(longest.values()) < 2, longest
    until("all to be taken", lambda: all(answer.status_code == 201 for answer, _ in send_all()), 15)
    assert system.one("SELECT count(*) FROM applications") == before + clients
    assert system.one("SELECT count(*) FROM idempotency_keys WHERE key = ANY (%s)", keys) == clients
    system.settle()
    system.wait_ready()


def test_whoever_waits_for_a_locked_table_says_so_and_goes_on_by_itself(system):
    """Those in the background: what they handle or measure is locked away."""
    pids = {p: system.pid(p) for p in PROGRAMS if p != "api"}
    with locked("unsent", "inbox"):
        why = "SELECT count(*) FROM heartbeats WHERE program = 'relay' AND NOT ready AND why_not LIKE '%%someone else holds a lock%%'"
        until("the relay to say what it waits for", lambda: system.one(why), 15)
    answer = system.post(application(57_900))
    assert answer.status_code == 201
    with locked("inbox"):
        until("a worker to say what it waits for", lambda: "someone else holds a lock" in system.log("triage") or
              system.one(f"SELECT count(*) FROM ({'SELECT 1 FROM heartbeats WHERE NOT ready'}) t"), 15)
    system.settle()
    system.wait_ready()
    assert pids == {p: system.pid(p) for p in pids}, "somebody had to start anew"
    assert system.one("SELECT count(*) FROM parked_events WHERE case_id = %s", answer.json()["case_id"]) == 0, "an outage was taken for the event's fault"


def says_ready(system):
    """The programs whose own listener says that they are ready; each is asked, and answers at once."""
    answers = {p: requests.get(f"http://127.0.0.1:{port}/healthz/ready", timeout=5) for p, port in system.addresses.items()}
    return {p for p, answer in answers.items() if answer.status_code == 200}


def tell(pids, number):
    """One may have ended since it was listed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def test_while_the_server_is_frozen_no_program_says_that_it_is_ready(system):
    """A server that neither answers nor goes away, under programs that have nothing to do."""
    system.settle()
    until("all to be ready", lambda: len(says_ready(system)) == len(system.addresses), 15)
    postmaster = (Path(system.one("SHOW data_directory")) / "postmaster.pid").read_text().split()[0]
    pids = [int(pid) for pid in [postmaster, *Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]]
    tell(pids, signal.SIGSTOP)
    try:
        until("each to say that nothing comes through", lambda: not says_ready(system), 15)
    finally:
        tell(pids, signal.SIGCONT)
    until("all to be ready again", lambda: len(says_ready(system)) == len(system.addresses), 15)
    system.wait_ready()


def changed(lines):
    """The same ids, and other keys."""
    return [re.sub(r"\S+$", base64.b64encode(bytes(32)).decode(), line) for line in lines]


@pytest.mark.parametrize("spoilt, why", [(changed, "has other bytes for"), (lambda lines: lines[:1], "has no key for"), (lambda lines: [], "has no key for"),
                                         (lambda lines: ["\x01\x02"], "four words"), (None, "can not be read")])
def test_a_key_ring_that_would_take_keys_away_is_not_taken_up_and_everybody_is_told(system, spoilt, why):
    ring = Path(os.environ["TILLIT_KEYRING"])
    good = ring.read_text()
    told = {p: system.log(p).count(why) for p in ("api", "letters")}

    def replace(text):
        new = ring.with_suffix(".new")
        new.touch(0o600)
        new.write_text(text)
        new.rename(ring)

    def refused(program):
        text = requests.get(f"http://127.0.0.1:{system.addresses[program]}/metrics", timeout=5).text
        return float(next(line for line in text.splitlines() if line.startswith("tillit_keyring_refused")).split()[-1])

    def remarks():
        return requests.get(system.internal + "/healthz/ready", timeout=10).json().get("remarks", {})
    assert {refused(p) for p in system.addresses} == {0}, "there from the start"
    try:
        replace("".join(line + "\n" for line in spoilt(good.splitlines()))) if spoilt else ring.unlink()
        until("all with keys to say so", lambda: {p for p, text in remarks().items() if why in text} == set(system.addresses) - {"relay"}, 15)
        case_id = system.post(application(57_970)).json()["case_id"]
        system.settle()
        assert {refused(p) for p in system.addresses if p != "relay"} == {1}
        assert {p: system.log(p).count(why) - told[p] for p in told} == {"api": 1, "letters": 1}, "once each"
    finally:
        replace(good)
    until("all to be well again", lambda: not remarks() and {refused(p) for p in system.addresses} == {0}, 15)
    assert len(system.case(case_id).json()["letters"]) == 1, "what was accepted meanwhile is there under the good ring"


def test_a_server_that_becomes_read_only_is_left_and_found_again_without_a_restart(system):
    """As after a failover that leads to the wrong one: connections that stay open and can write nothing."""
    pids = {p: system.pid(p) for p in PROGRAMS}
    key, authorization = str(uuid.uuid4()), system.logins.bearer()

    def read_only(how):
        with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], autocommit=True) as db:
            db.execute(f"ALTER SYSTEM {how}")
            db.execute("SELECT pg_reload_conf()")
    read_only("SET default_transaction_read_only = on")
    try:
        answer, took = until("an application to be put off", lambda: (a := send(system, authorization, 57_950, key))[0].status_code == 503 and a, 15)
        assert took < LONGEST and int(answer.headers["Retry-After"]) > 0
        assert requests.get(system.public + ASSET, timeout=5).status_code == 200
        until("readiness to be told", lambda: requests.get(system.internal + "/healthz/ready", timeout=10).status_code == 503, 15)
        until("the relay to say why", lambda: "can only be read" in system.log("relay"), 15)
        until("each to say that it can write nothing", lambda: not says_ready(system), 15)
    finally:
        read_only("RESET default_transaction_read_only")
    until("the application to be taken", lambda: send(system, authorization, 57_950, key)[0].status_code == 201, 15)
    system.settle()
    system.wait_ready()
    assert pids == {p: system.pid(p) for p in pids}, "somebody had to start anew"


@pytest.mark.parametrize("hosts, words", [("127.0.0.1:{closed},127.0.0.1:{port}", None), ("127.0.0.1:{closed}", "does not answer")])
def test_a_database_of_several_hosts_is_found_where_it_is(system, hosts, words):
    closed, = free_ports(1)
    port = os.environ["DATABASE_URL"].split(":")[2].split("/")[0]
    env = {**os.environ, "DATABASE_URL": f"postgresql://{hosts.format(closed=closed, port=port)}/tillit?sslmode=disable"}
    ran = subprocess.run([BIN / "tillit-relay", "--check"], env=env, capture_output=True, text=True, timeout=30)
    assert (ran.returncode != 0 and words in ran.stderr) if words else ran.returncode == 0, ran.stderr


def test_when_nobody_reads_the_log_requests_go_on_and_what_was_dropped_is_told(system):
    public, internal = free_ports(2)
    env = {**os.environ, "TILLIT_PUBLIC": f"127.0.0.1:{public}", "TILLIT_INTERNAL": f"127.0.0.1:{internal}"}
    with subprocess.Popen([BIN / "tillit-api"], env=env, stderr=subprocess.PIPE) as api:
        def dropped():
            text = requests.get(f"http://127.0.0.1:{internal}/metrics", timeout=5).text
            return int(next(line for line in text.splitlines() if line.startswith("tillit_log_lines_dropped_total")).split()[-1])

        def answers():
            try:
                return requests.get(f"http://127.0.0.1:{public}{ASSET}", timeout=5).ok
            except requests.ConnectionError:
                return False
        try:
            until("the API to answer", answers)
            assert dropped() == 0, "there from the start"
            began = time.monotonic()
            with requests.Session() as client:
                until("lines to be dropped", lambda: [client.get(f"http://127.0.0.1:{public}{ASSET}", timeout=5).raise_for_status() for _ in range(50)] and dropped(), 60)
            assert requests.get(f"http://127.0.0.1:{public}{ASSET}", timeout=5).ok, time.monotonic() - began
            lines = []
            threading.Thread(target=lambda: lines.extend(api.stderr), daemon=True).start()
            until("the log to say what it lacks", lambda: any(b"log lines were dropped" in line for line in list(lines)))
        finally:
            api.terminate()
            api.wait(20)
    parsed = [json.loads(line) for line in lines]  # none is torn
    told = sum(int(line["count"]) for line in parsed if line["msg"].startswith("log lines were dropped"))
    assert told >= 1 and parsed[-1]["msg"] == "stopped"

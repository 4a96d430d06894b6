# SPDX-License-Identifier: EUPL-1.2
"""The composed system as a user meets it: its programs under the supervisor, a real PostgreSQL, a real
Kafka. Everything waits for conditions, with a bound."""
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "support"), str(TESTS.parent / "deploy/local")]
pytest.register_assert_rewrite(*(path.stem for path in (TESTS / "support").glob("*.py")))
import clock  # noqa: E402
from ports import free_ports  # noqa: E402, F401  (the plays take it from here)
from programs import PROGRAMS, WORKERS  # noqa: E402, F401  (the plays take them from here)
from login import STAFF_LOGIN, AsSystem, Logins, logged_in  # noqa: E402
from people import application, national_id, national_id_of  # noqa: E402, F401  (the plays take them from here)

STATE = Path(os.environ["TILLIT_TEST_STATE"])
BIN = Path(os.environ["TILLIT_TEST_BIN"])
ROOT = TESTS.parent


def csrf_of(html):
    """What the forms of the page must bring."""
    return re.search(r'name="csrf" value="([\w-]{43})"', html)[1]


def until(what, condition, seconds=30):
    """The condition's first true value; fails with what a user would have waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    pytest.fail(f"waited {seconds} s in vain for: {what}")


@contextmanager
def two_minutes_later():
    """The reconciler looks at what is older than a minute."""
    clock.put(120)
    try:
        yield
    finally:
        clock.put()


BEHIND = """
    SELECT consumer_types.consumer, events.case_id, events.case_seq FROM events JOIN consumer_types USING (type)
      LEFT JOIN inbox ON inbox.consumer = consumer_types.consumer AND inbox.case_id = events.case_id
     WHERE events.case_seq > coalesce(inbox.mark, 0)
       AND NOT EXISTS (SELECT FROM parked_events p WHERE p.consumer = consumer_types.consumer
                          AND p.case_id = events.case_id AND p.closed_at IS NULL AND p.case_seq <= events.case_seq)"""


def talk_held(**changes):
    """The body of a talk that was held just now."""
    return {"kind": "phone", "with": ["applicant"], "two_way": False, "at": clock.rfc3339(-5), **changes}


class System:
    def __init__(self):
        ports = free_ports(1 + len(PROGRAMS))
        self.public = f"http://127.0.0.1:{ports[0]}"
        self.internal = f"http://127.0.0.1:{ports[1]}"
        self.addresses = dict(zip(PROGRAMS, ports[1:]))
        self.run = STATE / "run"
        self.run.mkdir(exist_ok=True)
        self.logins = Logins(STATE)
        self.rows(STAFF_LOGIN, *self.logins.staff_row())
        self.http = requests.Session()  # as another system that may do all
        self.http.auth = AsSystem(self.logins)
        os.environ.update(self.logins.settings(self.public, self.internal))  # of other APIs too, but for their addresses
        lines = [f"{p} env TILLIT_PUBLIC=127.0.0.1:{ports[0]} TILLIT_INTERNAL=127.0.0.1:{self.addresses[p]} "
                 f"TILLIT_MUNICIPALITY=4627 TILLIT_OPERATORS=4627 TILLIT_RATE_CLIENT=0 LSAN_OPTIONS=suppressions={ROOT}/tests/lsan.supp:print_suppressions=0 {BIN}/tillit-{p}" for p in PROGRAMS]
        (STATE / "programs").write_text("\n".join(lines) + "\n")
        self.supervisor = subprocess.Popen([BIN / "tillit-supervise", self.run, STATE / "programs"],
                                           stdout=open(STATE / "supervisor.log", "w"))
        self.kafka = None
        self.wait_ready(90)

    # What a user does.
    def post(self, document, key=None, **headers):
        body = document if isinstance(document, (bytes, str)) else json.dumps(document, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4()),
                   **{k.replace("_", "-"): v for k, v in headers.items()}}
        headers = {k: v for k, v in headers.items() if v is not None}
        return self.http.post(self.public + "/api/v1/applications", data=body, headers=headers, timeout=30)

    def operator(self):
        """The internal listener as an operator's browser sees it."""
        return self.colleague("tillit-drift", name="Dag Eksempel", sub="dag")

    def colleague(self, role, **claims):
        """The internal listener as the browser of one with that role sees it; whoever logs in from now on is they."""
        self.logins.staff.changes = {"roles": [role], "sub": role, **claims}
        return logged_in(self.internal, "/logg-inn?kommune=4627")

    def citizen(self, person):
        """The public listener as that person's browser sees it."""
        self.logins.citizens.person = person
        return logged_in(self.public)

    def case(self, case_id):
        return self.http.get(f"{self.public}/api/v1/cases/{case_id}", timeout=10)

    def talk(self, case_id, **changes):
        etag = self.case(case_id).headers["ETag"]
        body = talk_held(**{"two_way": True, **changes})
        return self.http.post(f"{self.public}/api/v1/cases/{case_id}/contacts", json=body, timeout=10,
                             headers={"If-Match": etag, "Idempotency-Key": str(uuid.uuid4())})

    @contextmanager
    def at(self, moment):
        """It is that moment for all programs."""
        with clock.standing_at(moment):
            self.wait_clock()
            yield
        self.wait_clock()

    def wait_clock(self):
        beating = "SELECT count(DISTINCT program) FROM heartbeats WHERE ready AND beat_at BETWEEN :now - interval '2 s' AND :now + interval '2 s'"
        until("all programs to tell the time", lambda: self.one(beating) == len(PROGRAMS), 10)

    # What an operator sees.
    def wait_ready(self, seconds=60):
        def ready():
            try:
                return requests.get(self.internal + "/healthz/ready", timeout=5).status_code == 200
            except requests.RequestException:
                return False
        until("all programs to be ready", ready, seconds)

    def pid(self, program):
        return int((self.run / f"{program}.pid").read_text())

    def kill(self, program):
        """Ends it at once, as soon as it runs (its supervisor may be waiting to start it again)."""
        def ended():
            try:
                os.kill(self.pid(program), signal.SIGKILL)
                return True
            except ProcessLookupError:
                return False
        until(f"{program} to run", ended)

    def log(self, program):
        return (self.run / f"{program}.log").read_text()

    # What the database holds.
    def rows(self, sql, *params):
        with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], autocommit=True) as db:
            cursor = db.execute(clock.told(sql), params or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql, *params):
        return self.rows(sql, *params)[0][0]

    def settle(self, seconds=60):
        """Everything sent, and every event of a consumer's types handled, parked or waiting behind a parked one."""
        deadline = time.monotonic() + seconds
        while self.one(f"SELECT (SELECT count(*) FROM unsent) + (SELECT count(*) FROM ({BEHIND}) t)"):
            if time.monotonic() > deadline:
                pytest.fail(f"waited {seconds} s in vain for the queues to drain: {self.stuck()}")
            time.sleep(0.05)

    def stuck(self):
        """Where what did not drain lies, for whoever reads why."""
        return {"unsent": self.one("SELECT count(*) FROM unsent"),
                "behind": self.rows(f"SELECT consumer, count(*), min(case_id::text), min(case_seq) FROM ({BEHIND}) t GROUP BY consumer"),
                "heartbeats": self.rows("SELECT program, ready, why_not, lag_events, lag_seconds, (:now - beat_at)::text FROM heartbeats ORDER BY 1"),
                "logs": {p: self.log(p)[-400:] for p in PROGRAMS if p != "api"}}

    def restart_kafka(self):
        """Ends the broker by its pid at once; the returned function starts the same again."""
        pid = self.kafka.pid if self.kafka else int(os.environ["TILLIT_TEST_KAFKA_PID"])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
        os.kill(pid, signal.SIGKILL)
        if self.kafka:
            self.kafka.wait()

        def start():
            self.kafka = subprocess.Popen(command, stdout=open(STATE / "kafka2.log", "a"), stderr=subprocess.STDOUT)
        return start

    def stop(self):
        self.supervisor.send_signal(signal.SIGTERM)
        self.supervisor.wait(30)
        self.logins.stop()
        if self.kafka:
            self.kafka.terminate()
            self.kafka.wait(20)


@pytest.fixture(scope="session")
def system():
    running = System()
    yield running
    running.stop()
    left = [p for p in PROGRAMS if Path(f"/proc/{running.pid(p)}").exists()]
    assert not left, f"still running after the stop: {left}"


@pytest.fixture(autouse=True)
def no_sanitizer_reports(request):
    """A sanitizer's report in any program's log fails the play during which it came."""
    yield
    for log in (STATE / "run").glob("*.log"):
        text = log.read_text(errors="replace")
        if "ERROR: AddressSanitizer" in text or "runtime error:" in text or "LeakSanitizer" in text:
            at = max(text.find("ERROR: AddressSanitizer"), text.find("runtime error:"), text.find("LeakSanitizer"))
            log.write_text("")
            pytest.fail(f"{log.name}: {text[at:at + 1500]}")


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nb-NO")
    yield context.new_page()
    context.close()


@pytest.fixture
def page_without_javascript(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="nb-NO")
    yield context.new_page()
    context.close()

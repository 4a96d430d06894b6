# SPDX-License-Identifier: EUPL-1.2
"""Who is slow, or says nothing at all, takes nobody else's place: not a citizen's, and least of all health and metrics."""
import json
import os
import socket
import subprocess
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from conftest import BIN, PROGRAMS, application, free_ports, until
from doors import running
from wire import APPLY, Wire

HALF = b"GET /healthz/live HTTP/1.1\r\nHost: a\r\nX-Half: "


def connected(base, count, said):
    address = urlsplit(base)
    lines = []
    for _ in range(count):
        line = socket.create_connection((address.hostname, address.port), timeout=20)
        line.sendall(said)
        lines.append(line)
    return lines


@contextmanager
def slow(base, count, said):
    lines = connected(base, count, said)
    try:
        yield lines
    finally:
        for line in lines:
            line.close()


def seconds(ask):
    began = time.monotonic()
    assert ask().status_code == 200
    return time.monotonic() - began


@pytest.mark.parametrize("program", PROGRAMS)
def test_health_and_metrics_answer_whoever_else_is_slow(system, program):
    base = f"http://127.0.0.1:{system.addresses[program]}"
    with slow(base, 300, HALF):
        for path in ("/healthz/live", "/healthz/ready", "/metrics"):
            assert seconds(lambda: requests.get(base + path, timeout=10)) < 1, path


def test_slow_readers_of_metrics_are_as_nothing(system):
    base = system.internal
    with slow(base, 300, b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"):
        assert seconds(lambda: requests.get(base + "/healthz/live", timeout=10)) < 1


def post_of(system, length, *more):
    head = [f"POST {APPLY} HTTP/1.1", "Host: a", f"Authorization: {system.logins.bearer()}", "Content-Type: application/json", f"Idempotency-Key: {uuid.uuid4()}", f"Content-Length: {length}", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n"


@pytest.mark.parametrize("what", ["heads", "bodies"])
def test_the_form_is_there_while_others_are_slow(system, what):
    """Seventy once silenced it."""
    with running() as door, slow(door.public, 120, HALF if what == "heads" else post_of(system, 2000) + b'{"needs": "'):
        assert max(seconds(lambda: requests.get(door.public + "/openapi.json", timeout=20)) for _ in range(5)) < 2


@contextmanager
def dripping(lines):
    """A byte of a header to each of them, again and again."""
    over = threading.Event()

    def drip():
        while not over.wait(0.1):
            for line in lines:
                with suppress(OSError):
                    line.send(b"x", socket.MSG_DONTWAIT)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(drip)
        try:
            yield
        finally:
            over.set()


@pytest.mark.parametrize("what,said", [("idle", b""), ("half lines", b"GET /openap"), ("dripped", HALF)])
def test_who_says_nothing_whole_gives_way(system, what, said):
    """More than there are threads: a request behind them once waited until they had all had their five seconds."""
    with running() as door:
        for _ in range(3):
            with slow(door.public, 400, said) as lines, dripping(lines if what == "dripped" else []):
                assert seconds(lambda: requests.get(door.public + "/openapi.json", timeout=20)) < 1.5, what


def test_who_is_slow_alone_has_its_time(system):
    """Nobody waits for the place: a second is not held against anyone."""
    with running() as door, Wire(door.public) as wire:
        wire.line.sendall(b"GET /openapi.json HTTP/1.1\r\nHo")
        time.sleep(1.5)
        wire.line.sendall(b"st: a\r\n\r\n")
        assert wire.answer().status == 200


def test_who_fills_all_places_with_slow_bodies_loses_them(system):
    with running() as door, slow(door.public, 400, post_of(system, 2000) + b'{"needs": "'):
        assert seconds(lambda: requests.get(door.public + "/openapi.json", timeout=20)) < 5


def test_a_body_that_drips_is_refused_and_nothing_is_kept(system):
    with running() as door, Wire(door.public) as wire:
        began = time.monotonic()
        wire.line.sendall(post_of(system, 2000))
        wire.line.settimeout(0.2)
        while not wire.said and time.monotonic() - began < 15:
            wire.line.sendall(b" ")
            try:
                wire.said += wire.line.recv(65536)
            except TimeoutError:
                pass
        wire.line.settimeout(20)
        answer = wire.answer()
        assert answer.status == 408 and 1.5 < time.monotonic() - began < 6, answer.text
        assert json.loads(answer.text)["type"] == "urn:tillit:problem:too-slow"


def test_a_head_that_drips_is_refused(system):
    for base in (system.public, system.internal):
        with Wire(base) as wire:
            began = time.monotonic()
            wire.line.sendall(HALF)
            wire.line.settimeout(20)
            assert wire.answer().status == 408 and time.monotonic() - began < 8


def test_a_body_that_comes_in_pieces_is_taken(system):
    """Slow, and still within what is asked: a radio link's pauses."""
    body = json.dumps(application(seed=6200)).encode()
    with Wire(system.public) as wire:
        wire.line.sendall(post_of(system, len(body)) + body[:100])
        time.sleep(0.7)
        wire.line.sendall(body[100:])
        assert wire.answer().status == 201


def test_readiness_says_in_time_that_the_database_does_not_answer(system):
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute("LOCK TABLE heartbeats IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: requests.get(system.internal + "/healthz/ready", timeout=10), range(8)))
        assert time.monotonic() - began < 3
        assert {(a.status_code, tuple(a.json()["not_ready"])) for a in answers} == {(503, ("database",))}
        assert seconds(lambda: requests.get(system.internal + "/metrics", timeout=5)) < 1
    system.wait_ready()


def test_health_answers_while_all_others_wait_for_the_database(system):
    """Three hundred staff at a locked table: so many wait, the rest is told to come again, and health has its place."""
    ask = b"GET /drift HTTP/1.1\r\nHost: a\r\nCookie: __Host-tillit-staff=" + b"A" * 43 + b"\r\n\r\n"
    with running() as door, psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        with slow(door.internal, 300, ask) as lines:
            for path in ("/healthz/live", "/metrics"):
                assert seconds(lambda: requests.get(door.internal + path, timeout=10)) < 1, path
            said = [line.recv(20) for line in lines[-20:]]
            assert all(text.startswith(b"HTTP/1.1 503") for text in said), said


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_a_database_a_program_says_what_is_not_ready(system, program):
    port, away = free_ports(2)
    env = {**os.environ, "DATABASE_URL": f"postgresql://127.0.0.1:{away}/tillit", "TILLIT_INTERNAL": f"127.0.0.1:{port}", "TILLIT_PUBLIC_URL": "http://127.0.0.1:1", "TILLIT_INTERNAL_URL": "http://127.0.0.1:2"}
    with subprocess.Popen([BIN / f"tillit-{program}"], env=env, stderr=subprocess.DEVNULL) as process:
        def told():
            try:
                answer = requests.get(f"http://127.0.0.1:{port}/healthz/ready", headers={"Accept": "text/html"}, timeout=5)
            except requests.RequestException:
                return False
            return answer.status_code == 503 and answer.json()["ready"] is False and answer.json()["not_ready"].get(program)
        try:
            until("it to say what is not ready", told, 10)
            assert requests.get(f"http://127.0.0.1:{port}/healthz/live", timeout=5).status_code == 200
        finally:
            process.terminate()
            assert process.wait(20) == 0

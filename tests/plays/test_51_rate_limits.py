# SPDX-License-Identifier: EUPL-1.2
"""Who comes too often is told to wait, and nobody else is: by address, by client, and by logins begun."""
import http.client
import uuid

import pytest
import requests

from conftest import application, until
from doors import routes, running
from issuer import Citizens, Issuer, Key, party
from citizens import open_to_citizens
from letting_in import WHY, ops

ONE, OTHER = "203.0.113.7", "198.51.100.9"


def come(door, address=ONE, path="/openapi.json", **more):
    return requests.get(door.public + path, headers={"X-Forwarded-For": address}, timeout=20, allow_redirects=False, **more)


def come_until_refused(door, most, **how):
    """How many came through, and the refusal."""
    for n in range(most + 1):
        answer = come(door, **how)
        if answer.status_code == 429:
            return n, answer
    pytest.fail(f"{most + 1} came through")


@pytest.fixture(scope="module")
def proxied(system):
    with running(TILLIT_PROXY="192.0.2.1,127.0.0.1", TILLIT_RATE_ADDRESS="40") as door:
        yield door


def test_who_comes_too_often_waits_and_nobody_else_does(proxied):
    came, refused = come_until_refused(proxied, 42, path="/api/v1/agenda")
    assert 40 <= came <= 42
    assert refused.headers["Content-Type"] == "application/problem+json" and refused.json()["type"] == "urn:tillit:problem:too-many"
    assert 1 <= int(refused.headers["Retry-After"]) <= 2 and ONE not in refused.text
    assert come(proxied, OTHER).status_code == 200
    assert requests.get(proxied.internal + "/healthz/live", headers={"X-Forwarded-For": ONE}, timeout=5).status_code == 200
    until("the next token to come", lambda: come(proxied).status_code == 200, 5)
    assert ONE not in "".join(proxied.lines), "an address is logged"
    assert 'status="429"' in requests.get(proxied.internal + "/metrics", timeout=5).text


def test_nothing_within_claims_a_limit_that_holds_without():
    assert {door.listener for door in routes() if "PATIENCE" in door.needs} == {"PUBLIC"}


def test_what_is_not_there_counts_as_well(proxied):
    assert come_until_refused(proxied, 42, address="203.0.113.8", path="/nothing/here")[0] >= 40


def test_a_page_says_it_in_words(proxied):
    _, refused = come_until_refused(proxied, 42, address="203.0.113.9", path="/soknad")
    assert refused.headers["Content-Type"].startswith("text/html") and "Vent litt og prøv igjen" in refused.text.replace("vent litt", "Vent litt")
    assert int(refused.headers["Retry-After"]) >= 1 and refused.headers["Cache-Control"] == "no-store"


def test_the_last_hop_is_who_comes_whatever_was_written_before_it(proxied):
    """A proxy adds its line or its word behind what the client sent."""
    host = proxied.public.removeprefix("http://")

    def come_with(*lines):
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.putrequest("GET", "/openapi.json")
        for line in lines:
            connection.putheader("X-Forwarded-For", line)
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
        return status
    statuses = [come_with(f"10.0.0.{n}", "203.0.113.10") for n in range(21)] + [come_with(f"10.1.0.{n}, 203.0.113.10") for n in range(22)]
    assert statuses.count(429) >= 1 and statuses[:40] == [200] * 40


def test_nobody_is_believed_where_no_proxy_is_named(system):
    """What stands in a header does not make a request another's: here it is this machine's own, which is not limited."""
    with running(TILLIT_RATE_ADDRESS="5") as door:
        assert [come(door).status_code for _ in range(12)] == [200] * 12


def test_an_application_that_was_turned_away_is_not_there_and_comes_with_the_same_key(system):
    with running(TILLIT_PROXY="127.0.0.1", TILLIT_RATE_ADDRESS="30") as door:
        key = str(uuid.uuid4())

        def send():
            return system.http.post(door.public + "/api/v1/applications", json=application(seed=4700), timeout=20, headers={"X-Forwarded-For": ONE, "Idempotency-Key": key})
        come_until_refused(door, 32)
        assert send().status_code == 429 and system.one("SELECT count(*) FROM idempotency_keys WHERE key = %s", key) == 0
        assert until("it to be taken", lambda: (a := send()).status_code == 201 and a, 10)


def test_logins_that_are_begun_write_no_more_than_a_few_rows(system):
    citizens = Citizens(Key())
    try:
        with open_to_citizens(citizens, TILLIT_PROXY="127.0.0.1", TILLIT_RATE_LOGIN="10") as door:
            before = system.one("SELECT count(*) FROM logins")
            answers = [come(door, path="/logg-inn").status_code for _ in range(40)]
            assert answers[:10] == [303] * 10 and answers.count(429) >= 28
            assert system.one("SELECT count(*) FROM logins") - before == answers.count(303)
            assert come(door, path="/logget-ut").status_code == 200, "other pages are there for them"
            assert come(door, OTHER, path="/logg-inn").status_code == 303
    finally:
        citizens.stop()


def test_a_system_is_limited_wherever_it_comes_from(system):
    issuer = Issuer()
    try:
        for organisation in ("310987654", "310912344"):
            assert ops("let-in", organisation, "--name", "Journal", "--municipality", "4627", *WHY).returncode == 0
        with running(TILLIT_SYSTEM_ISSUER=issuer.url, TILLIT_RATE_CLIENT="20") as door:
            busy, calm = (issuer.token(scope="tillit:agenda.read", consumer=party(organisation)) for organisation in ("310987654", "310912344"))
            answers = [door.get("/api/v1/agenda", busy) for _ in range(25)]
            assert [a.status_code for a in answers].count(429) >= 4 and answers[-1].headers["Retry-After"]
            assert door.get("/api/v1/agenda", calm).status_code == 200
    finally:
        issuer.stop()

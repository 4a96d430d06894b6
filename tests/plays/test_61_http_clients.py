# SPDX-License-Identifier: EUPL-1.2
"""Whoever speaks HTTP is understood: browsers of some years ago, other systems' libraries, proxies; and whoever is refused reads why, at once."""
import json
import os
import re
import subprocess
import time
import uuid
from urllib.parse import urlencode

import pytest
import requests

import clock
from conftest import BIN, application, csrf_of, free_ports, national_id
from doors import running
from citizens import FORM
from wire import APPLY, Wire

BROWSED = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def door(system):
    with running(TILLIT_PROXY="127.0.0.1") as one:
        yield one


SAFARI = [("Accept", BROWSED), ("Accept-Language", "nb-NO,nb;q=0.9"), ("Accept-Encoding", "gzip, deflate, br"), ("Connection", "keep-alive"),
          ("User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Safari/605.1.15")]
FIREFOX = [("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:88.0) Gecko/20100101 Firefox/88.0"), ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"),
           ("Accept-Language", "nb-NO,nb;q=0.9,no-NO;q=0.8,no;q=0.6,nn-NO;q=0.5,nn;q=0.4,en-US;q=0.3,en;q=0.1"), ("Accept-Encoding", "gzip, deflate"), ("DNT", "1"), ("Connection", "keep-alive"), ("Upgrade-Insecure-Requests", "1")]
JAVA = [("Connection", "Upgrade, HTTP2-Settings"), ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"), ("Upgrade", "h2c"), ("User-Agent", "Java-http-client/11.0.20")]
# Each: what it says with everything, what more with what it posts, whether it waits to be asked for the body.
CLIENTS = {
    "Safari 15": (SAFARI, [("Origin", "null")], False),
    "Firefox 88": (FIREFOX, [("Origin", "null")], False),
    "Java 11": (JAVA, [("Expect", "100-Continue")], True),
    "Java 11 that does not wait": (JAVA, [], False),
    ".NET": ([("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")], [("Expect", "100-continue")], True),
    "curl": ([("User-Agent", "curl/7.88.1"), ("Accept", "*/*")], [("Expect", "100-continue")], True),
    "Python": ([("User-Agent", "python-requests/2.28.1"), ("Accept-Encoding", "gzip, deflate"), ("Accept", "*/*"), ("Connection", "keep-alive")], [], False),
    "by way of HAProxy": ([("user-agent", "curl/7.88.1"), ("accept", "*/*"), ("x-forwarded-for", "203.0.113.17"), ("x-forwarded-proto", "https"), ("connection", "close")], [], False),
    "by way of Azure's Application Gateway": ([("X-Forwarded-For", "203.0.113.17:50001"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "443"), ("X-Original-Host", "soknad.example.no"), ("X-Original-URL", "/soknad"),
                                               ("X-AppGW-Trace-Id", "3ed1f0a1c0a5b9e0a0d3b7a8f1f6b9c5"), ("Connection", "Keep-Alive")], [], False),
    "with a tab in a header": ([("X-Note", "one\ttwo")], [], False),
}


def come(door, client, method, path, headers=(), body=b"", kind=None):
    always, posting, waits = CLIENTS[client]
    more = [("Content-Type", kind), ("Content-Length", len(body)), *posting] if kind else []
    with Wire(door.public) as wire:
        wire.send(method, path, [*always, *headers, *more], b"" if waits else body)
        if kind and waits:
            assert wire.head()[0] == 100, "it was not asked for what it wanted to send"
            wire.line.sendall(body)
        return wire.answer()


@pytest.mark.parametrize("client", CLIENTS)
def test_one_logs_in_applies_and_another_system_too(system, door, client):
    system.logins.citizens.person = national_id(6100)
    begun = come(door, client, "GET", "/logg-inn")
    assert begun.status == 303, begun.text
    back = requests.get(begun.get("Location"), allow_redirects=False, timeout=20).headers["Location"].removeprefix(door.public)
    came = come(door, client, "GET", back, [("Cookie", begun.cookies()[0])])
    assert came.status == 303, came.text
    session = next(cookie for cookie in came.cookies() if "-login" not in cookie)
    cookies = [("Cookie", "theme=dark"), ("Cookie", session)]
    shown = come(door, client, "GET", "/soknad", cookies)
    assert shown.status == 200 and shown.get("Content-Type").startswith("text/html")
    key = str(uuid.uuid4())
    fields = urlencode({**FORM, "key": key, "copes_with": f"Det meste, {key}", "csrf": csrf_of(shown.text)}).encode()
    sent = come(door, client, "POST", "/soknad", cookies, fields, "application/x-www-form-urlencoded")
    assert sent.status == 303 and sent.get("Location").startswith("/status/"), sent.text
    document = json.dumps(application(seed=6101)).encode()
    headers = [("Authorization", system.logins.bearer()), ("Idempotency-Key", str(uuid.uuid4()))]
    taken = come(door, client, "POST", APPLY, headers, document, "application/json; charset=utf8")
    assert taken.status == 201, taken.text
    read = come(door, client, "GET", taken.get("Location"), headers[:1])
    assert read.status == 200 and json.loads(read.text)["reference"] == json.loads(taken.text)["reference"]


def good(system, *but):
    """What a good request says, with these in place of its own."""
    return list({"Authorization": system.logins.bearer(), "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4()), "Content-Length": "1000", **dict(but)}.items())


# What is wrong, as the head alone shows: it is told before the body has come.
EARLY = [
    ("nobody", "POST", APPLY, [("Authorization", "Bearer x")], 401),
    ("another way to prove who one is", "POST", APPLY, [("Authorization", "Basic eDp5")], 401),
    ("not there", "POST", "/api/v1/nowhere", [], 404),
    ("not that method", "PUT", APPLY, [], 405),
    ("not that type", "POST", APPLY, [("Content-Type", "text/plain")], 415),
    ("not in UTF-8", "POST", APPLY, [("Content-Type", "application/json; charset=latin1")], 415),
    ("too large", "POST", APPLY, [("Content-Length", "262145")], 413),
    ("no key", "POST", APPLY, [("Idempotency-Key", "")], 400),
    ("an answer that can't be given", "POST", APPLY, [("Accept", "image/png")], 406),
    ("not said which state is meant", "POST", f"/api/v1/cases/{uuid.UUID(int=7)}/contacts", [], 428),
    ("a scope that is not theirs", "POST", APPLY, "narrow", 403),
    ("both a length and chunks", "POST", APPLY, [("Transfer-Encoding", "chunked")], 400),
    ("a method that is none", "BREW", APPLY, [], 501),
    ("an expectation that is not known", "POST", APPLY, [("Expect", "foo")], 417),
    ("an expectation beside the known one", "POST", APPLY, [("Expect", "100-continue, foo")], 417),
    ("a method of HTTP that nobody needs", "TRACE", APPLY, [], 501),
    ("a method in small letters", "get", APPLY, [], 501),
]


@pytest.mark.parametrize("expect", [False, True], ids=["silent", "waiting"])
@pytest.mark.parametrize("method, path, but, status", [row[1:] for row in EARLY], ids=[row[0] for row in EARLY])
def test_who_is_refused_is_told_before_the_body_has_come(system, door, method, path, but, status, expect):
    if but == "narrow":
        but = [("Authorization", system.logins.bearer(scope="tillit:agenda.read"))]
    with Wire(door.public) as wire:
        began = time.monotonic()
        wire.send(method, path, [*good(system, *but), *([("Expect", "100-continue")] if expect else [])])
        answer, problem = wire.answer(), None
        assert answer.status == status and time.monotonic() - began < 3, answer.text
        problem = json.loads(answer.text)
    assert answer.get("Content-Type") == "application/problem+json" and problem["status"] == status
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", problem["instance"])


HOST = b"Host: a\r\n"
# What no request is, or none of ours: on each listener alike, and told in the same document as all else.
HEADS = [
    ("a method that is none", b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    ("a method in small letters", b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    ("TRACE", b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    ("OPTIONS of all", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    ("a way through", b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    ("a whole address with who asks", b"GET http://me@evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("a whole address that is not there", b"GET http://a/nowhere?b HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
    ("HTTP/2 without being asked", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("HTTP/2 in the words of 1.1", b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    ("what nobody can meet", b"GET / HTTP/1.1\r\nExpect: foo\r\n" + HOST + b"\r\n", 417),
    ("no version", b"GET /\r\n" + HOST + b"\r\n", 400),
    ("no request", b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
    ("line feeds alone", b"GET / HTTP/1.1\nHost: a\n\n", 400),
    ("a folded line", b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n", 400),
    ("a line that begins with a colon", b"GET / HTTP/1.1\r\n" + HOST + b": y\r\n\r\n", 400),
    ("a head without end", b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20000, {"internal": 413, "public": 400}),  # Civetweb does not tell whether it is the size
]


@pytest.mark.parametrize("at", ["public", "internal"])
@pytest.mark.parametrize("head, status", [row[1:] for row in HEADS], ids=[row[0] for row in HEADS])
def test_what_is_no_request_of_ours_is_refused_in_the_same_words(door, at, head, status):
    status = status if isinstance(status, int) else status[at]
    with Wire(getattr(door, at)) as wire:
        wire.line.sendall(head)
        answer = wire.answer()
    problem = json.loads(answer.text)
    assert (answer.status, problem["status"], answer.get("Content-Type")) == (status, status, "application/problem+json")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", problem["instance"]) and answer.get("Content-Security-Policy")


WRITINGS = [
    ("a whole address", b"GET http://other.example/assets/css/tillit.css?a HTTP/1.1\r\n" + HOST + b"\r\n"),
    ("a whole address in 1.0", b"GET http://other.example/assets/css/tillit.css HTTP/1.0\r\n\r\n"),
    ("an empty host", b"GET /assets/css/tillit.css HTTP/1.1\r\nHost:\r\n\r\n"),
    ("a version to come", b"GET /assets/css/tillit.css HTTP/1.2\r\n" + HOST + b"\r\n"),
    ("a version to come and a whole address", b"GET http://a/assets/css/tillit.css HTTP/1.2\r\n" + HOST + b"\r\n"),
]


@pytest.mark.parametrize("at", ["public", "internal"])
@pytest.mark.parametrize("head", [row[1] for row in WRITINGS], ids=[row[0] for row in WRITINGS])
def test_what_http_lets_be_written_is_understood(door, at, head):
    with Wire(getattr(door, at)) as wire:
        wire.line.sendall(head)
        assert wire.answer().status == 200


@pytest.mark.parametrize("target, version", [("http://other.example", "1.1"), ("", "1.2"), ("http://other.example", "1.2")])
def test_a_body_behind_a_whole_address_or_a_version_to_come_is_read(system, door, target, version):
    body = json.dumps(application(seed=6103)).encode()
    with Wire(door.public) as wire:
        wire.send("POST", target + APPLY, [*good(system, ("Content-Length", len(body))), ("Expect", "100-continue")], version=version)
        assert wire.head()[0] == 100
        wire.line.sendall(body)
        assert wire.answer().status == 201


def test_staff_s_forms_are_theirs_in_an_older_browser_too(system):
    one = system.operator()
    form = {"csrf": csrf_of(one.get(system.internal + "/", timeout=20).text)}
    for origin, status in (("https://evil.example", {403}), ("null", {200, 303})):
        assert one.post(system.internal + "/logg-ut", data=form, headers={"Origin": origin}, allow_redirects=False, timeout=20).status_code in status, origin


@pytest.mark.parametrize("at", ["public", "internal"])
def test_who_is_still_sending_reads_the_answer(system, door, at):
    """Closed at once, the connection would be reset, and the answer lost with it."""
    body = b"x" * 3_000_000
    with Wire(getattr(door, at)) as wire:
        wire.send("POST", APPLY, [("Authorization", "Bearer x"), ("Content-Type", "application/json"), ("Content-Length", len(body))])
        for at in range(0, len(body), 100_000):
            wire.line.sendall(body[at:at + 100_000])
        assert wire.answer().status == 413


def test_a_load_balancer_of_the_old_kind_is_answered(system):
    for port in system.addresses.values():
        with Wire(f"http://127.0.0.1:{port}") as wire:
            assert wire.send("GET", "/healthz/live", [], version="1.0", host=False).answer().status == 200
        with Wire(f"http://127.0.0.1:{port}") as wire:
            assert wire.send("GET", "/healthz/live", [], host=False).answer().status == 400


def test_tags_are_compared_as_tags(system):
    """`"1", "5"` names the case as it is if one of them does; `"05"` is another tag than `"5"`, and a weak one is never meant."""
    receipt = system.post(application(seed=6102)).json()
    system.settle()
    etag = system.case(receipt["case_id"]).headers["ETag"]
    body = {"kind": "phone", "with": ["applicant"], "two_way": False, "at": clock.rfc3339(-5)}

    def talk(match):
        return system.http.post(f"{system.public}/api/v1/cases/{receipt['case_id']}/contacts", json=body, timeout=10, headers={"If-Match": match, "Idempotency-Key": str(uuid.uuid4())}).status_code
    assert [talk(match) for match in (f'"0{etag[1:]}', f"W/{etag}", '"999", "1000"', etag.strip('"'))] == [412] * 4
    assert talk(f'"999", {etag}') == 201


# ---- words for people, documents for programs

PAGES = [("public", "/feil", {}, 404), ("public", "/soknad", {"method": "DELETE"}, 405), ("public", "/soknad", {"method": "OPTIONS"}, 501), ("public", "/feil%00", {}, 400), ("public", "/soknad", {"data": "x" * 262145}, 413),
         ("public", "/logg-ut/varsel", {"method": "POST", "json": {}}, 415), ("internal", "/feil", {}, 404), ("internal", "/drift", {"method": "DELETE"}, 405), ("internal", "/saker/%ff", {}, 400)]


@pytest.mark.parametrize("at, path, how, status", PAGES)
def test_whoever_looks_at_a_page_reads_words_and_finds_back(door, at, path, how, status):
    def ask(accept):
        more = {k: v for k, v in how.items() if k != "method"}
        return requests.request(how.get("method", "POST" if more else "GET"), getattr(door, at) + path, headers={"Accept": accept} if accept else {}, timeout=20, **more)
    page = ask(BROWSED)
    assert page.status_code == status and page.headers["Content-Type"] == "text/html; charset=utf-8" and '<html lang="nb"' in page.text
    assert f'href="{"/soknad" if at == "public" else "/"}"' in page.text and "<h1" in page.text and "urn:" not in page.text
    for accept in ("*/*", "application/json", "text/html;q=0.5, application/problem+json", None):
        document = ask(accept)
        assert document.status_code == status and document.headers["Content-Type"] == "application/problem+json" and document.json()["instance"]
    assert page.headers.get("Allow") == document.headers.get("Allow")


def test_under_api_all_get_documents(door):
    for path in ("/api/v1/nowhere", "/api/v1/agenda"):
        assert requests.get(door.public + path, headers={"Accept": BROWSED}, timeout=20).headers["Content-Type"] == "application/problem+json"


def test_the_bare_address_leads_on(system, door):
    first = requests.get(door.public + "/", allow_redirects=False, timeout=20)
    assert first.status_code == 303 and first.headers["Location"] == "/soknad"
    assert system.operator().get(system.internal + "/", timeout=20).status_code == 200


@pytest.mark.parametrize("at, path, leads", [
    ("public", "/soknad/", "/soknad"), ("public", "/soknad/?kommune=4627&a=//b", "/soknad?kommune=4627&a=//b"), ("public", "/mine//", "/mine"),
    ("public", f"/status/{uuid.UUID(int=7)}/", f"/status/{uuid.UUID(int=7)}"), ("public", "/logg-inn/", "/logg-inn"), ("internal", "/saker/", "/saker"),
    ("internal", "/drift/acts/", "/drift/acts"), ("public", "/feil/", None), ("public", "//", None), ("public", "//evil.example/", None),
    ("public", "/%2fevil.example/", None), ("public", "/assets/css/tillit.css/", None), ("public", "/api/v1/agenda/", None), ("public", "/logg-ut/", None)])
def test_a_slash_too_many_leads_to_the_page(door, at, path, leads):
    def ask(method):
        with Wire(getattr(door, at)) as wire:
            return wire.send(method, path, []).answer()
    for method in ("GET", "HEAD"):
        answer = ask(method)
        assert (answer.status, answer.get("Location")) == ((308, leads) if leads else (404, None)), method
    assert ask("DELETE").status in (404, 405)


def test_a_link_of_a_municipality_that_is_not_served_says_so(system):
    one = system.citizen(national_id(6104))

    def form(query):
        shown = one.get(system.public + "/soknad" + query, timeout=20)
        assert shown.status_code == 200
        return shown.text
    said = "er for en kommune som ikke tar imot søknader her"
    for query in ("?kommune=9999", "?kommune=x", "?kommune=46270"):
        assert said in form(query) and "kommune/9999" not in form(query), query
    assert not any(said in form(query) for query in ("", "?kommune=4627", "?kommune="))


# ---- who comes is told by the proxy, or not at all

def test_a_proxy_that_can_t_be_read_is_told_of_and_its_visitors_share_a_limit(system):
    with running(TILLIT_PROXY="127.0.0.1", TILLIT_RATE_ADDRESS="20") as door:
        def come_as(words):
            return [requests.get(door.public + "/openapi.json", headers={"X-Forwarded-For": words.format(n)}, timeout=20).status_code for n in range(30)]
        assert come_as("203.0.113.17:{}0") .count(429) >= 8, "with a port behind it an address is another's each time"
        assert come_as("[2001:db8::{}]:4711").count(429) >= 8
        assert come_as("host-{}").count(429) >= 8, "who can't be read comes as often as they like"
        assert door.metric("tillit_forwarded_unreadable_total") == 30
        assert sum("who comes can not be told" in line for line in door.lines) == 1 and "host-" not in "".join(door.lines)


def test_a_proxy_may_say_it_as_rfc_7239_does_and_one_that_is_silent_is_told_of(system):
    with running(TILLIT_PROXY="127.0.0.1", TILLIT_RATE_ADDRESS="20") as door:
        def come_with(*headers):
            return [requests.get(door.public + "/openapi.json", headers=one, timeout=20).status_code for one in headers]
        assert come_with(*[{"Forwarded": f"for=10.0.0.{n}, for=203.0.113.18;proto=https"} for n in range(30)]).count(429) >= 8
        assert come_with(*[{"Forwarded": f'for="203.0.113.{n}:1"'} for n in range(30, 60)]).count(429) == 0
        looked = door.metric("tillit_forwarded_missing_total")
        assert come_with(*[{}] * 50).count(429) >= 25, "a proxy that does not say who comes is this machine itself"
        assert not any("who comes can not be told" in line for line in door.lines), "it may look whether we are there"
        come_with(*[{}] * 50)
        assert door.metric("tillit_forwarded_missing_total") == looked + 100 and door.metric("tillit_forwarded_unreadable_total") == 0
        assert sum("who comes can not be told" in line for line in door.lines) == 1
        assert come_with(*[{"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": "for=203.0.113.19"} for n in range(60, 90)]).count(429) >= 8
        assert door.metric("tillit_forwarded_unreadable_total") == 30


def test_who_is_named_as_a_proxy_must_be_an_address(system):
    for name, value, says in (("TILLIT_PROXY", "127.0.0.1,proxy", "addresses"), ("TILLIT_PUBLIC", "::1:8080", "brackets"), ("TILLIT_INTERNAL", "[127.0.0.1]:8081", "IPv6"),
                              ("TILLIT_INTERNAL", "192.0.2.1:8081", "can not be listened on"), ("TILLIT_PUBLIC", "[::1]:8080", "IPv4 alone"), ("TILLIT_PUBLIC", "255.255.255.255:8080", "nobody can come"),
                              ("TILLIT_PUBLIC", "nowhere.invalid:8080", "no such host"), ("TILLIT_INTERNAL", "224.0.0.1:8081", "nobody can come")):
        for words in ([], ["--check"]):
            env = {**os.environ, "TILLIT_PUBLIC_URL": "http://127.0.0.1:1", "TILLIT_INTERNAL_URL": "http://127.0.0.1:2", name: value}
            done = subprocess.run([BIN / "tillit-api", *words], env=env, capture_output=True, text=True, timeout=30)
            assert done.returncode != 0 and says in done.stderr, (name, value, words, done.stderr)


def test_two_listeners_on_one_address_are_refused_before_they_start(system):
    port, = free_ports(1)
    for public, internal in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "*"), ("localhost", "127.1")):
        for words in ([], ["--check"]):
            env = {**os.environ, "TILLIT_PUBLIC_URL": "http://127.0.0.1:1", "TILLIT_INTERNAL_URL": "http://127.0.0.1:2", "TILLIT_PUBLIC": f"{public}:{port}", "TILLIT_INTERNAL": f"{internal}:{port}"}
            done = subprocess.run([BIN / "tillit-api", *words], env=env, capture_output=True, text=True, timeout=30)
            assert done.returncode == 1 and "TILLIT_INTERNAL" in done.stderr and "TILLIT_PUBLIC" in done.stderr, (public, internal, words, done.stderr)


@pytest.mark.parametrize("host", ["*", "0", "127.1", "localhost"])
def test_what_the_check_finds_in_order_is_listened_on(system, host):
    port, = free_ports(1)
    with running(port, TILLIT_PUBLIC=f"{host}:{port}"):
        assert requests.get(f"http://127.0.0.1:{port}/openapi.json", timeout=5).status_code == 200


def test_an_internal_address_may_be_a_new_one(system):
    port, = free_ports(1)
    with running(TILLIT_INTERNAL=f"[::1]:{port}"):
        assert requests.get(f"http://[::1]:{port}/healthz/live", timeout=5).status_code == 200

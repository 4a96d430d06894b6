# SPDX-License-Identifier: EUPL-1.2
"""Bad input gets a clear answer, stores nothing and logs nothing personal."""
import html
import json
import re
import socket
import urllib.parse
import uuid
from datetime import date, timedelta

import pytest
import requests

import clock
from conftest import PROGRAMS, application, csrf_of, national_id, national_id_of


def changed(path, value):
    document = application(seed=40)
    *parents, last = path.split("/")
    inner = document
    for parent in parents:
        inner = inner.setdefault(parent, {})
    if value is DROP:
        del inner[last]
    else:
        inner[last] = value
    return document


DROP = object()

FIELDS = [
    ("needs is missing", "needs", DROP, "/needs", "missing"),
    ("needs is only blanks", "needs", "  \n ", "/needs", "missing"),
    ("needs that nobody sees", "needs", "\u200b\u3000\u202a\u202c", "/needs", "missing"),
    ("an unknown member", "colour", "blue", "/colour", "unknown"),
    ("a member's name is escaped in the pointer", "a~b", 1, "/a~0b", "unknown"),
    ("a number for a text", "needs", 7, "/needs", "type"),
    ("a text for a truth", "in_hospital", "no", "/in_hospital", "type"),
    ("null for a text", "needs", None, "/needs", "type"),
    ("needs is too long", "needs", "ø" * 4001, "/needs", "length"),
    ("a word that is no choice", "urgency", "soon", "/urgency", "choice"),
    ("a service that does not exist", "services", ["HSH", "GOLD"], "/services/1", "choice"),
    ("a service twice", "services", ["HSH", "HSH"], "/services/1", "repeat"),
    ("the second check digit is wrong", "submitter/national_id", "13097248023", "/submitter/national_id", "checksum"),
    ("the first remainder is one, before 2032", "submitter/national_id", "30108299939", "/submitter/national_id", "checksum"),
    ("day 32, checksums hold", "submitter/national_id", "32127200059", "/submitter/national_id", "date"),
    ("ten digits", "submitter/national_id", "1309724802", "/submitter/national_id", "format"),
    ("a help number where none is taken", "submitter/national_id", "88888888831", "/submitter/national_id", "choice"),
    ("a day that is not", "expected_discharge", "2026-02-30", "/expected_discharge", "date"),
    ("a date written backwards", "expected_discharge", "30.11.2026", "/expected_discharge", "format"),
    ("a control character", "needs", "a\u0001b", "/needs", "format"),
    ("a NUL", "needs", "a\0b", "/needs", "format"),
    ("a NUL in one of a list", "services", ["HSH", "BPA\0"], "/services/1", "format"),
    ("half a surrogate pair", "needs", "a\ud800b", "/needs", "format"),
    ("half a pair in one of a list", "services", ["HSH", "\udc00"], "/services/1", "format"),
    ("half a pair in a member's name", "x\ud800y", 1, "/x\ufffdy", "format"),
    ("a NUL in a member's name", "x\0y", 1, "/x\ufffdy", "format"),
    ("a whole number past all of ours", "household", 10**30, "/household", "type"),
    ("a carriage return", "needs", "a\r\nb", "/needs", "format"),
    ("a noncharacter", "needs", "a\ufdd0b", "/needs", "format"),
    ("a phone with letters", "submitter/phone", "ring meg", "/submitter/phone", "format"),
    ("an e-mail address without a host", "submitter/email", "kari@", "/submitter/email", "format"),
    ("not confirmed", "confirmed", False, "/confirmed", "choice"),
    ("a municipality that is not served", "municipality", "0301", "/municipality", "choice"),
    ("for another, without saying for whom", "submitter/role", "relative", "/applicant", "missing"),
    ("for another, without a basis", "submitter/role", "guardian", "/submitter/basis", "missing"),
    ("for oneself, without a name, with the applicant's", "submitter/name", DROP, "/submitter/name", "missing"),
    ("home before it was applied for", "expected_discharge", "2020-01-01", "/expected_discharge", "range"),
    ("home in another century", "expected_discharge", "2126-01-01", "/expected_discharge", "range"),
    ("for oneself, with another's name", "applicant", {"name": "Ola Annen"}, "/applicant/name", "choice"),
]


@pytest.fixture
def nothing_stored(system):
    count = "SELECT count(*) FROM applications"
    before = system.one(count)
    yield
    assert system.one(count) == before, "something was stored"


@pytest.mark.parametrize("name, path, value, pointer, code", FIELDS, ids=[row[0] for row in FIELDS])
def test_a_wrong_field_is_pointed_at(system, nothing_stored, name, path, value, pointer, code):
    answer = system.post(json.dumps(changed(path, value)))  # ASCII: halves of pairs are written as escapes
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = {e["pointer"]: e["code"] for e in answer.json()["errors"]}
    assert found.get(pointer) == code, found
    if isinstance(value, str) and len(value) > 3:
        assert value not in answer.text, "the value was repeated"


SELF = {"municipality": "4627", "language": "nb", "needs": "Å dusje", "household": "alone", "urgency": "none", "in_hospital": "no", "confirmed": "true",
        "submitter/role": "self", "submitter/name": "Kari Prøve"}
RELATIVE = {"submitter/role": "relative", "submitter/basis": "later"}
ANOTHER = {"applicant/name": "Ola Prøve", "applicant/national_id": "13097248022", "applicant/phone": "x"}

FORMS = [  # what is sent otherwise, and what the summary says; None = taken
    ("one's own name left out, another's filled in", {"submitter/name": "", **ANOTHER}, "Fyll ut: Navnet ditt"),
    ("another typed in, then oneself chosen", ANOTHER, None),
    ("for a relative of whom nothing is said", RELATIVE, "Fyll ut: Navnet til den det gjelder"),
    ("a phone in marks, with hyphens", {"submitter/phone": "\u202a400-00\u00a0000\u202c"}, None),
    ("a number in two parts and a postal code with a blank", {**RELATIVE, "applicant/name": "Ola Prøve", "applicant/national_id": "130972-48022",
                                                            "applicant/address/postal_code": "5300 "}, None),
    ("a phone that is none", {"submitter/phone": "ring meg"}, "for eksempel 40 00 00 00"),
    ("needs that nobody sees", {"needs": "\u200b\u3000"}, "Fyll ut: Hva trenger du hjelp til?"),
    ("a form of no municipality", {"municipality": "0301"}, "kommune"),
]


@pytest.mark.parametrize("name, changes, said", FORMS, ids=[row[0] for row in FORMS])
def test_a_form_is_read_as_it_was_meant_or_says_where_it_was_not(system, name, changes, said):
    citizen = system.citizen(national_id(45))
    fields = {**SELF, **changes, "key": str(uuid.uuid4()), "csrf": csrf_of(citizen.get(system.public + "/soknad", timeout=10).text)}
    answer = citizen.post(system.public + "/soknad", data=fields, allow_redirects=False, timeout=10)
    if said is None:
        assert answer.status_code == 303, re.findall(r'<a class="ds-link" href="#[^<]*', answer.text)
        return
    lines = re.findall(r'<li><a class="ds-link" href="#([^"]+)">([^<]+)</a>', answer.text)
    assert answer.status_code == 400 and any(said in html.unescape(text) for _, text in lines), lines
    assert all(f'id="{target}"' in answer.text for target, _ in lines), "a line leads nowhere"


NO_TEXT = {"a NUL": b"%00", "a byte that is no text": b"%FF", "half a surrogate pair": b"%ED%A0%80", "a letter that is cut": b"%E2%82", "an escape that is none": b"%zz"}


@pytest.mark.parametrize("name", NO_TEXT)
@pytest.mark.parametrize("field", ["needs", "submitter/name", "submitter/phone"])
def test_what_is_no_text_is_its_own_fields_fault_and_all_else_comes_back(system, name, field):
    citizen = system.citizen(national_id(47))
    fields = {**SELF, "what_matters": "Å bo hjemme", "submitter/phone": "40000000", "csrf": csrf_of(citizen.get(system.public + "/soknad", timeout=10).text)}
    body = urllib.parse.urlencode(fields).encode().replace(urllib.parse.quote_plus(field).encode() + b"=", urllib.parse.quote_plus(field).encode() + b"=" + NO_TEXT[name])
    answer = citizen.post(system.public + "/soknad", data=body, headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}, allow_redirects=False, timeout=10)
    lines = re.findall(r'<li><a class="ds-link" href="#([^"]+)">', answer.text)
    assert answer.status_code == 400 and lines == [field.replace("/", "-")], lines
    text = html.unescape(answer.text)
    assert "Å bo hjemme" in text and all(fields[one] in text for one in ("needs", "submitter/name", "submitter/phone")), "what was written is lost"


def test_a_field_whose_name_is_no_text_is_refused_with_the_whole_form(system):
    citizen = system.citizen(national_id(47))
    answer = citizen.post(system.public + "/soknad", data=b"needs=a&b%00=1", headers={"Content-Type": "application/x-www-form-urlencoded"}, allow_redirects=False, timeout=10)
    assert answer.status_code == 400 and "the name of a field is no text" in answer.text


def test_what_our_numbers_can_not_hold_hides_nothing_beside_it(system):
    for wrong in ("1e999", "99999999999999999999", '{"a": 1e400}', '"a\\ud800b"'):
        body = json.dumps(application(seed=48, urgency="zz")).replace('"alone"', wrong)
        assert {e["pointer"] for e in system.post(body).json()["errors"]} == {"/household", "/urgency"}, wrong


def test_nobody_is_born_tomorrow(system):
    today = clock.now().astimezone(clock.OSLO).date()
    for born, month_added, taken in [(today, 80, True), (today + timedelta(days=1), 80, False), (today + timedelta(days=1), 65, False), (today + timedelta(days=1), 40, False),
                                     (today + timedelta(days=1500), 80, False), (date(2039, 1, 1), 80, False)]:
        number = national_id_of(born, month_added)
        for_oneself, for_another = application(seed=49), application(seed=49)
        for_oneself["submitter"]["national_id"] = number
        for_another["submitter"].update(role="parent", basis="parental")
        for_another["applicant"] = {"national_id": number, "name": "Lille Prøve"}
        for document, pointer in ((for_oneself, "/submitter/national_id"), (for_another, "/applicant/national_id")):
            answer = system.post(document)
            assert answer.status_code == (201 if taken else 400), f"{born}: {answer.text}"
            assert taken or [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, "date")], born


def test_every_wrong_field_comes_at_once_in_the_readers_language(system, nothing_stored):
    document = application(seed=41, urgency="soon", household="castle", extra=1)
    del document["needs"]
    document["submitter"]["national_id"] = "13097248023"
    errors = system.post(document, Accept_Language="en").json()["errors"]
    assert {e["pointer"] for e in errors} == {"/urgency", "/household", "/extra", "/needs", "/submitter/national_id"}
    assert "is required" in [e["detail"] for e in errors]
    nynorsk = system.post(document, Accept_Language="nn-NO, nb;q=0.5").json()["errors"]
    assert "Må fyllast ut" in [e["detail"] for e in nynorsk]


BODIES = [
    ("no JSON", b"{", 400),
    ("empty", b"", 400),
    ("a list", b"[]", 400),
    ("trailing words", json.dumps(application(seed=42)).encode() + b" x", 400),
    ("a NUL byte", json.dumps(application(seed=42)).encode()[:-1] + b"\0}", 400),
    ("an escaped NUL", json.dumps(application(seed=42, needs="a\0b")).encode(), 400),
    ("ill-formed UTF-8", json.dumps(application(seed=42)).encode().replace(b"dusje", b"du\xff\xfe"), 400),
    ("nested too deep", b"[" * 40 + b"]" * 40, 400),
]


@pytest.mark.parametrize("name, body, status", BODIES, ids=[row[0] for row in BODIES])
def test_what_is_no_document_is_refused(system, nothing_stored, name, body, status):
    assert system.post(body).status_code == status


def test_a_repeated_member_is_pointed_at(system, nothing_stored):
    body = json.dumps(application(seed=43))[:-1] + ', "urgency": "acute"}'
    answer = system.post(body)
    assert answer.status_code == 400
    assert {"pointer": "/urgency", "code": "duplicate"}.items() <= answer.json()["errors"][0].items()


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(system, nothing_stored):
    start = json.dumps(application(seed=44, needs=""))
    exactly = start.replace('"needs": ""', '"needs": "' + "x" * (262144 - len(start.encode())) + '"')
    assert len(exactly.encode()) == 262144
    assert system.post(exactly).status_code == 400  # read, and the field is too long
    over = system.post(exactly.replace("xx", "xxx", 1))
    assert over.status_code == 413 and over.headers["Content-Type"] == "application/problem+json"


METHODS = [("PUT", "/api/v1/applications", 405), ("DELETE", "/api/v1/agenda", 405), ("OPTIONS", "/api/v1/agenda", 501),
           ("PROPFIND", "/soknad", 501), ("GET", "/nowhere", 404), ("GET", "/api/v1/cases/not-a-uuid", 404),
           ("GET", f"/api/v1/cases/{uuid.uuid4()}", 404), ("GET", "/api/v1/agenda?form=2026-01-01", 400),
           ("GET", "/api/v1/indicators?from=2026-01-01", 400), ("GET", "/drift", 404), *(("GET", f"/api/v1/{what}?from={first}&to={last}", status) for what in ("indicators", "agenda")
             for first, last, status in (("1970-01-01", "9999-12-31", 200), ("0001-01-01", "9999-12-31", 400), ("0000-01-01", "2026-01-01", 400), ("2026-01-01", "10000-01-01", 400), ("2026-01-01", "2026-01-01", 400)))]


@pytest.mark.parametrize("method, path, status", METHODS)
def test_methods_and_addresses(system, method, path, status):
    answer = system.http.request(method, system.public + path, timeout=10)
    assert answer.status_code == status
    assert ("Allow" in answer.headers) == (status == 405)


FRAMES = [
    ("transfer encoding and length", b"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
    ("two lengths", b"Host: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"),
    ("a length with a sign", b"Host: x\r\nContent-Length: +5\r\n\r\nabcde"),
    ("no host", b"Content-Length: 0\r\n\r\n"),
    ("two hosts", b"Host: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n"),
    ("a short body", b"Host: x\r\nAuthorization: TOKEN\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 500\r\n\r\n{"),
]


@pytest.mark.parametrize("name, frame", FRAMES, ids=[row[0] for row in FRAMES])
def test_framing_that_a_proxy_could_read_differently_is_refused(system, nothing_stored, name, frame):
    host, port = system.public.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=15) as s:
        s.sendall(b"POST /api/v1/applications HTTP/1.1\r\n" + frame.replace(b"TOKEN", system.logins.bearer().encode()))
        s.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := s.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 400"), answer[:100]
    assert answer.count(b"HTTP/1.1 ") == 1, "a second answer was smuggled in"


def test_nothing_personal_is_logged(system):
    secret = "Hemmelig-ord-æøå"
    number = national_id(48)
    system.post(application(seed=48, needs=secret, submitter={"national_id": number, "name": "Navn Navnesen", "role": "self"}))
    system.post(application(seed=48, urgency=secret))
    system.settle()
    for program in PROGRAMS:
        log = system.log(program)
        assert secret not in log and number not in log and "Navnesen" not in log
    events = system.one("SELECT string_agg(data::text, '') FROM events")
    assert secret not in events and number not in events and "Navnesen" not in events


def test_the_contract_documents_an_example_that_is_accepted(system):
    contract = requests.get(system.public + "/openapi.json", timeout=10).json()
    example = contract["paths"]["/api/v1/applications"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert system.post(example).status_code == 201

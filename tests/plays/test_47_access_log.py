# SPDX-License-Identifier: EUPL-1.2
"""Who saw what of a person: every look is logged before it is answered, and whatever is done to the log afterwards is found."""
import getpass
import json
import os
import random
import re
import subprocess
import sys
import uuid
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import auditor

import clock
from codes import CODES
from conftest import BIN, ROOT, STATE, application, csrf_of, national_id, talk_held, until
from doors import ANYONE, routes
from issuer import Citizens, Issuer, Key, party
from words import words
from citizens import logged_in, open_to_citizens
from letting_in import WHY, ops
from looks import newest, rows_since
from on_page import assert_accessible
from operating import bad_event, parked  # noqa: F401  (fixtures)

SYSTEM, NAME = "310987654", "Askøy journal"
SCOPES = "tillit:applications.write tillit:applications.read tillit:cases.read tillit:cases.write tillit:agenda.read"


@pytest.fixture(scope="module")
def world(system):
    citizens, systems = Citizens(Key()), Issuer()
    assert ops("let-in", SYSTEM, "--name", NAME, "--municipality", "4627", *WHY).returncode == 0
    with open_to_citizens(citizens, TILLIT_SYSTEM_ISSUER=systems.url) as door:
        one = World(system, door, citizens, systems)
        until("the API to know whom was let in", lambda: one.as_system("GET", "/api/v1/agenda?from=2020-01-01&to=2020-01-02").status_code == 200)
        yield one
    citizens.stop()
    systems.stop()


class World:
    def __init__(self, system, door, citizens, systems):
        self.system, self.door, self.citizens, self.systems = system, door, citizens, systems

    def as_system(self, method, path, scopes=SCOPES, headers=None, **more):
        token = self.systems.token(scope=scopes, consumer=party(SYSTEM))
        return requests.request(method, self.door.public + path, timeout=20, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), "If-Match": "*",
                                                                                      **(headers or {})}, **more)

    def taken(self, seed, **changes):
        receipt = self.as_system("POST", "/api/v1/applications", json=application(seed=seed, **changes))
        assert receipt.status_code == 201, receipt.text
        self.system.settle()
        return receipt.json()

    def logged(self, since):
        return rows_since(self.system, since)


def opened_reason(row):
    sealed, keys = bytes(row["reason"]), auditor.read_keyring(os.environ["TILLIT_KEYRING"])
    return auditor.nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        sealed[29:], f"access_reason\n4627\n{row['id']}".encode(), sealed[5:29], keys[sealed[1:5].hex()]).decode()


def test_each_look_and_change_is_logged_with_who_what_and_whose(system, world):
    receipt = world.taken(4600)
    case, one = receipt["case_id"], receipt["application_id"]
    visitor = logged_in(world.door, world.citizens, 4600)
    looks = [
        (lambda: world.as_system("GET", f"/api/v1/applications/{one}"), 200, "system", "read", "application"),
        (lambda: world.as_system("GET", f"/api/v1/cases/{case}"), 200, "system", "read", "case"),
        (lambda: world.as_system("HEAD", f"/api/v1/cases/{case}"), 200, "system", "read", "case"),
        (lambda: world.as_system("GET", f"/api/v1/cases/{case}/letters/1"), 200, "system", "read", "letter"),
        (lambda: world.as_system("POST", f"/api/v1/cases/{case}/contacts", json=talk_held()), 201, "system", "write", "contact"),
        (lambda: visitor.get(f"/status/{one}"), 200, "citizen", "read", "application"),
        (lambda: visitor.get(f"/status/{one}/brev/1"), 200, "citizen", "read", "letter"),
    ]
    for look, status, kind, act, what in looks:
        since = newest(system)
        assert look().status_code == status
        row, = rows_since(system, since)
        assert (row["kind"], row["act"], row["what"], row["case_id"], row["municipality"]) == (kind, act, what, case, "4627")
        assert row["request_id"] and row["reason"] is None and row["unit"] is None and row["role"] is None
        who, name = (f"0192:{SYSTEM}", NAME) if kind == "system" else (row["who"], None)
        assert (row["who"], row["name"]) == (who, name) and national_id(4600) not in row["who"]
    assert re.fullmatch(r"citizen:[0-9a-f]{72}", rows_since(system, since)[-1]["who"])


def test_taking_an_application_in_is_logged_once_in_the_same_commit(system, world):
    key, since = str(uuid.uuid4()), newest(system)
    first, again = (world.as_system("POST", "/api/v1/applications", json=application(4601), headers={"Idempotency-Key": key}) for _ in range(2))
    assert first.status_code == 201 and again.text == first.text
    row, = rows_since(system, since)
    assert (row["act"], row["what"], row["case_id"], row["name"]) == ("write", "application", first.json()["case_id"], NAME)
    same = system.one("SELECT log.xmin = taken.xmin FROM access_log log JOIN applications taken USING (case_id) WHERE log.id = %s", row["id"])
    assert same, "the log row is of another transaction than the application"


def test_a_talk_that_is_sent_again_is_logged_as_read(system, world):
    case = world.taken(4602)["case_id"]
    key, since = {"Idempotency-Key": str(uuid.uuid4())}, newest(system)
    talk = talk_held()
    answers = [world.as_system("POST", f"/api/v1/cases/{case}/contacts", json=talk, headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert [(r["act"], r["what"], r["case_id"]) for r in rows_since(system, since)] == [("write", "contact", case), ("read", "contact", case)]


def test_a_list_is_logged_case_by_case_and_an_empty_one_as_a_look_up(system, world):
    for n in range(3):
        world.taken(4603 + n, services=["BPA"])
    since = newest(system)
    agenda = world.as_system("GET", "/api/v1/agenda").json()
    cases = Counter(item["case_id"] for meeting in agenda["meetings"] for item in meeting["items"])
    rows = rows_since(system, since)
    assert len(cases) >= 3 and Counter(r["case_id"] for r in rows) == cases
    assert {(r["act"], r["what"]) for r in rows} == {("read", "agenda")} and len({r["request_id"] for r in rows}) == 1
    since = newest(system)
    assert world.as_system("GET", "/api/v1/agenda?from=2020-01-01&to=2020-01-02").json()["meetings"] == []
    assert [(r["act"], r["what"], r["case_id"]) for r in rows_since(system, since)] == [("look_up", "agenda", None)]


def test_an_operator_who_looks_at_a_parked_event_is_logged(system, parked):  # noqa: F811
    case, events = parked
    operator = system.operator()
    for path in (f"/api/v1/operations/parked/{events['metrics']}", f"/drift/parked/{events['metrics']}"):
        since = newest(system)
        assert operator.get(system.internal + path, timeout=10).status_code == 200
        row, = rows_since(system, since)
        assert (row["kind"], row["name"], row["role"], row["act"], row["what"], row["case_id"]) == ("staff", "Dag Eksempel", "operator", "read", "parked", case)


def test_an_operator_who_looks_at_a_list_of_parked_events_is_logged_for_each_case(system, parked):  # noqa: F811
    case, _ = parked
    operator = system.operator()
    consumer, problem = system.rows("SELECT consumer, problem FROM parked_events WHERE case_id = %s AND closed_at IS NULL LIMIT 1", case)[0]
    for path in ("/api/v1/operations/parked", "/drift/cause"):
        since = newest(system)
        assert operator.get(system.internal + path, params={"consumer": consumer, "problem": problem}, timeout=10).status_code == 200
        rows = rows_since(system, since)
        assert {(r["kind"], r["role"], r["act"], r["what"]) for r in rows} == {("staff", "operator", "look_up", "parked")} and case in [r["case_id"] for r in rows]
    since = newest(system)
    assert operator.get(system.internal + "/drift/cause?consumer=triage&problem=DISK_FULL", timeout=10).status_code == 200
    assert {(r["act"], r["what"], r["case_id"]) for r in rows_since(system, since)} == {("look_up", "parked", None)}


def test_an_operator_who_looks_at_the_command_line_is_logged_with_name_and_reason(system, world, parked):  # noqa: F811
    case, events = parked
    look = ("show", events["metrics"], "--who", "Kari Drift", "--why", "Ser hvorfor saken står")
    since = newest(system)
    assert "application.received" in ops(*look).stdout
    row, = rows_since(system, since)
    assert (row["kind"], row["name"], row["role"], row["act"], row["what"], row["case_id"]) == ("staff", "Kari Drift", "operator", "read", "parked", case)
    assert row["who"] == f"operator:{getpass.getuser()}" and opened_reason(row) == "Ser hvorfor saken står"
    officer = system.colleague("tillit-personvern", name="Pia Prøve")
    found = officer.get(f"{system.internal}/api/v1/access-log", params={"who": row["who"]}, timeout=10)
    assert found.status_code == 200 and row["id"] in [a["access_id"] for a in found.json()["accesses"]]


def by_page(system, act, events, why):
    operator = system.operator()
    csrf = csrf_of(operator.get(system.internal + "/drift/acts", timeout=10).text)
    form = {"act": act, "parked_id": events["metrics"], "why": why, "key": str(uuid.uuid4()), "csrf": csrf}
    return operator.post(system.internal + "/drift/acts", data=form, timeout=10, allow_redirects=False).status_code == 303


def by_rest(system, act, events, why):
    return system.operator().post(system.internal + "/api/v1/operations/acts", json={"act": act, "parked_id": events["metrics"], "who": "En annen", "why": why},
                                  headers={"Idempotency-Key": str(uuid.uuid4())}, timeout=10).status_code == 202


def by_command(system, act, events, why):
    return ops(act, events["metrics"], "--who", "Dag Eksempel", "--why", why).returncode == 0


@pytest.mark.parametrize("how", [by_page, by_rest, by_command])
@pytest.mark.parametrize("act, logged", [("preview", "read"), ("redrive", "write"), ("give-up", "write")])
def test_what_an_operator_does_with_a_parked_event_is_logged_with_the_reason(system, parked, how, act, logged):  # noqa: F811
    case, events = parked
    since, why = newest(system), f"Retter {act}"
    assert how(system, act, events, why)
    row, = rows_since(system, since)
    assert (row["kind"], row["name"], row["role"], row["act"], row["what"], row["case_id"], row["municipality"]) == ("staff", "Dag Eksempel", "operator", logged, "parked", case, "4627")
    assert opened_reason(row) == why


def test_all_of_a_cause_is_logged_for_each_case_and_its_person_reads_it(system, world, parked):  # noqa: F811
    receipt = world.taken(4655)
    bad_event(system, receipt["case_id"])
    system.settle()
    since = newest(system)
    assert ops("redrive", "metrics:MALFORMED", "--who", "Dag Eksempel", "--why", "Etter at malen er rettet").returncode == 0
    rows = [r for r in rows_since(system, since) if r["role"] == "operator"]
    assert {r["case_id"] for r in rows} >= {parked[0], receipt["case_id"]} and {(r["act"], r["what"]) for r in rows} == {("write", "parked")}
    person = logged_in(world.door, world.citizens, 4655)
    seen = person.get(f"/status/{receipt['application_id']}/innsyn").text
    assert "Dag Eksempel" in seen and "Rettet en teknisk feil i saken" in seen and "Etter at malen er rettet" in seen
    for parked_id, in system.rows("SELECT id::text FROM parked_events WHERE case_id = %s AND closed_at IS NULL", receipt["case_id"]):
        assert ops("give-up", parked_id, *WHY).returncode == 0
    until("the case to go on", lambda: system.one("SELECT count(*) FROM parked_events WHERE case_id = %s AND closed_at IS NULL", receipt["case_id"]) == 0)


def test_an_operator_without_a_reason_is_shown_nothing_of_a_case(system, parked):  # noqa: F811
    _, events = parked
    since = newest(system)
    for more, status in (((), 2), (("--why", "x"), 1), (("--why", "x" * 501), 1)):
        done = ops("show", events["metrics"], *more)
        assert done.returncode == status and done.stdout == "" and "why" in done.stderr
    assert rows_since(system, since) == []


@pytest.mark.parametrize("table", ["access_log", "access_unchained"])
def test_what_can_not_be_logged_is_not_shown_at_the_command_line(system, parked, table):  # noqa: F811
    _, events = parked
    system.rows(f"REVOKE INSERT ON {table} FROM tillit_ops")
    try:
        done = ops("show", events["metrics"], *WHY)
    finally:
        system.rows(f"GRANT INSERT ON {table} TO tillit_ops")
    assert done.returncode == 1 and done.stdout == ""
    assert "application.received" in ops("show", events["metrics"], *WHY).stdout


def test_who_is_known_and_refused_is_logged_with_what_they_asked_for(system, world):
    receipt, stranger, nowhere = world.taken(4610), logged_in(world.door, world.citizens, 4611), str(uuid.uuid4())
    case, one = receipt["case_id"], receipt["application_id"]
    refusals = [
        (lambda: stranger.get(f"/status/{one}"), 404, "citizen", "/status/{id}", case),
        (lambda: stranger.get(f"/status/{one}/brev/1"), 404, "citizen", "/status/{id}/brev/{n}", case),
        (lambda: stranger.get(f"/status/{nowhere}"), 404, "citizen", "/status/{id}", nowhere),
        (lambda: stranger.get(f"/api/v1/cases/{case}"), 403, "citizen", "/api/v1/cases/{id}", case),
        (lambda: world.as_system("GET", f"/api/v1/cases/{nowhere}"), 404, "system", "/api/v1/cases/{id}", nowhere),
        (lambda: world.as_system("GET", f"/api/v1/cases/{case}", scopes="tillit:agenda.read"), 403, "system", "/api/v1/cases/{id}", case),
        (lambda: world.as_system("POST", "/api/v1/applications", json=application(4612, municipality="4601")), 403, "system", "/api/v1/applications", None),
    ]
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    until("the API to know the other municipality", lambda: world.as_system("POST", "/api/v1/applications", json=application(4612, municipality="4601")).status_code == 403)
    for ask, status, kind, route, asked in refusals:
        since = newest(system)
        assert ask().status_code == status
        row, = rows_since(system, since)
        assert (row["kind"], row["act"], row["what"], row["case_id"], row["municipality"]) == (kind, "refused", route, asked, "4627")
    since = newest(system)
    assert requests.get(f"{world.door.public}/api/v1/cases/{case}", timeout=10).status_code == 401
    assert world.as_system("GET", "/api/v1/no/such/door").status_code == 404
    assert rows_since(system, since) == []


def test_a_reason_is_kept_sealed(system, world):
    case = world.taken(4620)["case_id"]
    since = newest(system)
    why = "Ringer om medisinene hennes"
    assert world.as_system("GET", f"/api/v1/cases/{case}", headers={"Access-Reason": why.encode()}).status_code == 200
    row, = rows_since(system, since)
    assert row["reason"] and why.encode() not in bytes(row["reason"])
    assert opened_reason(row) == why
    assert why not in system.log("api")


@pytest.mark.parametrize("reason", ["x" * 501, b"\xff\xfe", "å".encode("latin-1"), f"Ringer {national_id(4699)}".encode()],
                         ids=["too long", "no UTF-8", "Latin-1", "another's number"])
def test_a_reason_that_may_not_be_kept_is_refused(system, world, reason):
    case = world.taken(4621)["case_id"]
    answer = world.as_system("GET", f"/api/v1/cases/{case}", headers={"Access-Reason": reason})
    assert answer.status_code == 400 and "reference" not in answer.text


CLOSED = [
    ("a case", "tillit_api", lambda world, r: world.as_system("GET", f"/api/v1/cases/{r['case_id']}")),
    ("an application", "tillit_api", lambda world, r: world.as_system("GET", f"/api/v1/applications/{r['application_id']}")),
    ("a letter", "tillit_api", lambda world, r: world.as_system("GET", f"/api/v1/cases/{r['case_id']}/letters/1")),
    ("the agenda", "tillit_api", lambda world, r: world.as_system("GET", "/api/v1/agenda")),
    ("an empty agenda", "tillit_api", lambda world, r: world.as_system("GET", "/api/v1/agenda?from=2020-01-01&to=2020-01-02")),
    ("a talk", "tillit_api", lambda world, r: world.as_system("POST", f"/api/v1/cases/{r['case_id']}/contacts", json=talk_held())),
    ("an application taken in", "tillit_intake", lambda world, r: world.as_system("POST", "/api/v1/applications", json=application(4631))),
    ("a status page", "tillit_api", lambda world, r: world.system.citizen(national_id(4630)).get(f"{world.system.public}/status/{r['application_id']}", timeout=10)),
]


@pytest.mark.parametrize("table", ["access_log", "access_unchained"])
@pytest.mark.parametrize("role, ask", [c[1:] for c in CLOSED], ids=[c[0] for c in CLOSED])
def test_what_can_not_be_logged_is_neither_shown_nor_done(system, world, table, role, ask):
    receipt = world.taken(4630, services=["BPA"])
    count = "SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM cases) + (SELECT count(*) FROM access_log)"
    before = system.one(count)
    system.rows(f"REVOKE INSERT ON {table} FROM {role}")
    try:
        answer = ask(world, receipt)
    finally:
        system.rows(f"GRANT INSERT ON {table} TO {role}")
    assert answer.status_code == 500 and receipt["reference"] not in answer.text and receipt["case_id"] not in answer.text and b"%PDF" not in answer.content
    assert system.one(count) == before
    assert ask(world, receipt).ok


NO_PERSON = {  # what has a role and shows nothing of a person
    "/", "/openapi.json", "/api/v1/indicators", "/soknad", "/logg-ut", "/drift", "/drift/acts", "/api/v1/operations/causes", "/api/v1/operations/acts", "/gevinster", "/oppsett"}


def test_every_door_that_shows_a_person_s_data_must_log():
    assert {door.path for door in routes() if door.roles != ANYONE and "LOG" not in door.needs} == NO_PERSON


def test_no_program_changes_or_removes_a_row(system):
    may = system.rows("SELECT rolname, tables.name, privilege FROM pg_roles, unnest(ARRAY['access_log', 'access_chain']) tables (name), unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) privilege "
                      "WHERE rolname LIKE 'tillit\\_%%' AND rolname <> 'tillit_owner' AND has_table_privilege(rolname, tables.name, privilege)")
    assert may == []
    assert system.rows("SELECT 1 FROM pg_class JOIN pg_attribute a ON a.attrelid = pg_class.oid WHERE relname IN ('access_log', 'access_chain') AND attnum > 0 AND "
                       "(has_column_privilege('tillit_api', pg_class.oid, attnum, 'UPDATE') OR has_column_privilege('tillit_upkeep', pg_class.oid, attnum, 'UPDATE'))") == []


# ---- who may read it

def test_a_citizen_reads_who_has_seen_their_case(system, world, page):
    receipt = world.taken(4640)
    case, one = receipt["case_id"], receipt["application_id"]
    assert world.as_system("GET", f"/api/v1/cases/{case}", headers={"Access-Reason": "Oppstart av hjemmesykepleie"}).status_code == 200
    assert logged_in(world.door, world.citizens, 4641).get(f"/status/{one}").status_code == 404
    staff_looked(system, case)
    world.citizens.person, world.citizens.sid = national_id(4640), str(uuid.uuid4())
    page.goto(world.door.public + f"/status/{one}")
    page.get_by_role("link", name="Hvem har sett på saken din").click()
    page.wait_for_url("**/innsyn")
    assert_accessible(page, "insight")
    told = [item.inner_text().split("\n")[1:] for item in page.locator("ol.timeline li").all()]
    assert told == [
        ["Du selv", "Leste søknaden", "Hvorfor: Din egen sak"],
        ["Synne Testberg, Tildelingskontoret", "Leste saken", "Hvorfor: Arbeider med saken"],
        ["En annen privatperson", "Prøvde å åpne noe, men fikk ikke se det", "Hvorfor: Ikke oppgitt"],
        [f"Datasystemet {NAME}", "Leste saken", "Hvorfor: Oppstart av hjemmesykepleie"],
        [f"Datasystemet {NAME}", "Sendte søknaden", "Hvorfor: Arbeid med saken i et datasystem som kommunen har godkjent"],
    ]
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    assert_accessible(page, "insight-mobile")
    assert "Leste listen over hvem som har sett hva" in page.locator("ol.timeline li").first.inner_text()


def staff_looked(system, case):
    """As staff's console will say it: a member of staff, by name and unit as they were."""
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        now = int(clock.seconds() * 1000000)
        row = made("4627", id=f"{now // 1000:012x}"[:8] + "-" + f"{now // 1000:012x}"[8:] + "-7fff-bfff-" + uuid.uuid4().hex[:12], at=now, case_id=case, unit="Tildelingskontoret")
        db.execute(INSERT, row)
        db.execute(QUEUE, row)


def test_another_s_list_is_not_there(system, world):
    one = world.taken(4642)["application_id"]
    stranger = logged_in(world.door, world.citizens, 4643)
    there, absent = stranger.get(f"/status/{one}/innsyn"), stranger.get(f"/status/{uuid.uuid4()}/innsyn")
    assert there.status_code == absent.status_code == 404 and re.sub("csrf.*", "", there.text) == re.sub("csrf.*", "", absent.text)
    assert requests.get(f"{world.door.public}/status/{one}/innsyn", allow_redirects=False, timeout=10).status_code == 303


def test_a_long_list_is_read_page_by_page(system, world):
    receipt = world.taken(4644)
    for _ in range(60):
        assert world.as_system("GET", f"/api/v1/cases/{receipt['case_id']}").status_code == 200
    visitor, seen = logged_in(world.door, world.citizens, 4644), []
    path = f"/status/{receipt['application_id']}/innsyn"
    more = path
    while more:
        text = visitor.get(more).text
        seen += re.findall(r"<strong>(.*?)</strong>", text)
        older = re.search(r'href="(\?fra=[^"]+)"', text)
        more = path + older[1] if older else None
    assert seen == [f"Datasystemet {NAME}"] * 61
    assert visitor.get(path + "?fra=x").status_code == 404


def search(system, **query):
    return system.colleague("tillit-personvern", name="Pia Prøve").get(system.internal + "/api/v1/access-log", params={k.rstrip("_"): v for k, v in query.items()}, timeout=10)


def test_the_privacy_officer_searches_by_case_who_and_time_and_that_is_logged(system, world):
    receipt = world.taken(4650)
    case = receipt["case_id"]
    assert world.as_system("GET", f"/api/v1/cases/{case}", headers={"Access-Reason": "Kontroll"}).status_code == 200
    since = newest(system)
    by_id, by_reference = search(system, case=case).json(), search(system, case=receipt["reference"]).json()
    read, taken = by_id["accesses"]
    assert (read["act"], read["what"], read["who"], read["name"], read["reason"], read["case_id"]) == ("read", "case", f"0192:{SYSTEM}", NAME, "Kontroll", case)
    assert (taken["act"], taken["what"], taken["reason"]) == ("write", "application", None)
    assert [a["access_id"] for a in by_reference["accesses"]][-2:] == [read["access_id"], taken["access_id"]]
    assert [(r["kind"], r["act"], r["what"], r["case_id"]) for r in rows_since(system, since)] == [("staff", "look_up", "access_log", case)] * 2
    mine = search(system, who=f"0192:{SYSTEM}").json()["accesses"]
    assert mine[0]["access_id"] == read["access_id"] and {a["who"] for a in mine} == {f"0192:{SYSTEM}"}
    assert search(system, who="0192:000000000").json() == {"accesses": [], "next": None}
    assert search(system, case="T-000000000").json()["accesses"] == []
    assert search(system, from_="2020-01-01", to="2020-02-01").json()["accesses"] == []


def test_all_of_a_search_comes_page_by_page_without_a_gap(system, world):
    case = world.taken(4651)["case_id"]
    for _ in range(105):
        world.as_system("GET", f"/api/v1/cases/{case}")
    wanted = [i for i, in system.rows("SELECT id::text FROM access_log WHERE who = %s ORDER BY id DESC LIMIT 110", f"0192:{SYSTEM}")]
    found, query = [], {"who": f"0192:{SYSTEM}"}
    while len(found) < 110:
        answer = search(system, **query).json()
        assert len(answer["accesses"]) == 50
        found += [a["access_id"] for a in answer["accesses"]]
        query["cursor"] = answer["next"]
    assert found[:110] == wanted


@pytest.mark.parametrize("query, pointer", [({"case": "T-123"}, "/case"), ({"case": str(uuid.UUID(int=1)).upper().replace("0", "A")}, "/case"), ({"who": "Kari Prøve"}, "/who"),
                                            ({"who": "x" * 101}, "/who"), ({"from_": "2026-02-30"}, "/from"), ({"from_": "2026-02-02", "to": "2026-02-02"}, "/to"),
                                            ({"cursor": "x"}, "/cursor"), ({"name": "Kari"}, "/name")])
def test_a_search_that_is_asked_wrongly_is_refused(system, query, pointer):
    answer = search(system, **query)
    assert answer.status_code == 400 and [e["pointer"] for e in answer.json()["errors"]] == [pointer]


def test_one_municipality_s_officer_does_not_see_another_s(system, world):
    row = made("4601", who="elsewhere")
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute(INSERT, row)
        db.execute(QUEUE, row)
    assert search(system, case=row["case_id"], from_="2023-01-01", to="2030-01-01").json()["accesses"] == []


def test_the_privacy_officer_s_page(system, world, page):
    receipt = world.taken(4652)
    assert world.as_system("GET", f"/api/v1/cases/{receipt['case_id']}").status_code == 200
    system.colleague("tillit-personvern", name="Pia Prøve")
    page.goto(system.internal + "/logg-inn?kommune=4627&til=/logg")  # a play before may have taken in another
    page.get_by_label("Sak").fill(receipt["reference"])
    page.get_by_role("button", name="Søk").click()
    page.wait_for_url("**/logg?case=*")
    assert_accessible(page, "log")
    cells = [row.inner_text() for row in page.locator("tbody tr").all()]
    assert len(cells) == 2 and "Leste saken" in cells[0] and "Sendte søknaden" in cells[1] and NAME in cells[0]
    page.get_by_label("Hvem (id)").fill("Kari Prøve")
    page.get_by_role("button", name="Søk").click()
    page.wait_for_selector("[role=alert]")
    assert page.get_by_label("Hvem (id)").input_value() == "Kari Prøve"


def test_every_act_and_thing_has_words(system):
    table = (ROOT / "common/who/access.def").read_text()
    names = [(kind.lower(), name) for kind, name in re.findall(r'^ACCESS_(ACT|WHAT)\(\w+,\s+"(\w+)"\)', table, re.M)]
    allowed = system.one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'access_log_kind_check'")
    kinds = re.findall(r"'(\w+)'", allowed)
    wanted = {f"log_{kind}.{name}" for kind, name in names} | {f"log_{what}.{kind}" for kind in kinds for what in ("who", "why")}
    assert len(names) == 15 and wanted <= set(words())


# ---- the chain

KEYS = auditor.read_keyring(os.environ["TILLIT_KEYRING"], "chain") if "TILLIT_KEYRING" in os.environ else {}


def made(municipality, **changes):
    """A row as a program would log it; its HMAC is computed here."""
    row = {"id": str(uuid.uuid4()), "municipality": municipality, "at": 1700000000000000 + random.randrange(10**12), "kind": "staff", "who": str(uuid.uuid4()), "name": "Synne Testberg",
           "unit": "Tildeling", "role": "caseworker", "what": "case", "act": "read", "case_id": str(uuid.uuid4()), "reason": None, "request_id": str(uuid.uuid4()), **changes}
    return {**row, "mac": auditor.row_mac(KEYS, list(KEYS)[-1], row)}


COLUMNS = (*auditor.ROW, "mac")
INSERT = (f"INSERT INTO access_log ({', '.join(COLUMNS)}) VALUES ("
          + ", ".join("to_timestamp(%(at)s::numeric / 1000000)" if c == "at" else f"%({c})s" for c in COLUMNS) + ")")
QUEUE = "INSERT INTO access_unchained VALUES (%(municipality)s, %(id)s)"


def audit(*words, later=0):
    file = STATE / "clock-audit"
    clock.put(later, file)
    return subprocess.run([BIN / "tillit-ops", "audit", "verify", *words], capture_output=True, text=True, timeout=60, env={**os.environ, "TILLIT_CLOCK_FILE": str(file)})


def chained(system):
    until("everything that was logged to be chained", lambda: system.one("SELECT count(*) FROM access_unchained") == 0)


def roots(system):
    return [line for line in map(json.loads, filter(lambda l: l.startswith("{"), system.log("upkeep").splitlines())) if line["msg"] == "access chain"]


def test_the_log_of_all_that_was_played_so_far_verifies(system, world):
    chained(system)
    done = audit("--roots", str(system.run / "upkeep.log"), later=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    rows, links, told = map(int, re.fullmatch(r"(\d+) rows, (\d+) links, (\d+) roots: nothing is wrong\n", done.stdout).groups())
    assert rows == links == system.one("SELECT count(*) FROM access_log") and told == len(roots(system)) > 0


def test_a_root_is_told_by_names_and_codes_only(system, world):
    chained(system)
    for line in roots(system):
        assert set(line) == {"ts", "level", "svc", "msg", "municipality", "n", "root"} and re.fullmatch(r"[0-9a-f]{72}", line["root"])
    last = {line["municipality"]: (line["n"], line["root"]) for line in roots(system)}
    assert last["4627"] == tuple(system.rows("SELECT n::text, encode(h, 'hex') FROM access_chain WHERE municipality = '4627' ORDER BY access_chain.n DESC LIMIT 1")[0])


def test_a_row_that_becomes_visible_late_is_chained_late(system):
    """Its id is older than those of rows that were chained meanwhile."""
    late = made("4627", id="01000000-0000-7000-8000-" + uuid.uuid4().hex[:12])
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute(INSERT, late)
        db.execute(QUEUE, late)
        system.http.get(system.public + "/api/v1/agenda", timeout=10)
        chained(system)
    chained(system)
    assert system.one("SELECT count(*) FROM access_chain WHERE access_id = %s", late["id"]) == 1
    assert audit(later=120).returncode == 0


def test_of_two_instances_one_chains_a_municipality_and_the_other_passes_by(system):
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute("SELECT pg_advisory_xact_lock(27118, 4627)")
        before = system.one("SELECT max(n) FROM access_chain WHERE municipality = '4627'")
        system.http.get(system.public + "/api/v1/agenda?from=2020-01-01&to=2020-01-02", timeout=10)
        ran = "SELECT succeeded_at FROM tick_runs WHERE tick = 'access_chain'"
        last = system.one(ran)
        until("the tick to pass by", lambda: system.one(ran) > last)
        assert system.one("SELECT max(n) FROM access_chain WHERE municipality = '4627'") == before
    chained(system)
    assert system.one("SELECT max(n) FROM access_chain WHERE municipality = '4627'") > before


def test_what_was_logged_is_counted_by_act_and_the_chain_s_last_success_told(system, world):
    chained(system)
    for act in ("read", "write", "look_up", "refused"):
        assert world.door.metric(f'tillit_accesses_logged_total{{act="{act}"}}') > 0, act
    told = requests.get(f"http://127.0.0.1:{system.addresses['upkeep']}/metrics", timeout=5).text
    assert 'tillit_tick_last_success_timestamp_seconds{tick="access_chain"}' in told


def other(dice, value, *choices):
    return dice.choice([c for c in choices if c != value])


def flipped(dice, value):
    damaged = bytearray(value)
    damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    return bytes(damaged)


KINDS, ACTS = CODES["who"], ("read", "write", "look_up", "refused", "emergency")


class Damage:
    """One municipality's log and chain in a superuser's hands."""

    def __init__(self, db, dice, municipality):
        self.db, self.dice, self.m = db, dice, municipality
        self.rows = db.execute("SELECT id, kind, act, mac, n FROM access_log JOIN access_chain USING (municipality) WHERE municipality = %s AND access_id = id ORDER BY n", [self.m]).fetchall()

    def run(self, sql, *params):
        assert self.db.execute(sql, params).rowcount > 0, sql

    def set(self, column, value, cast=""):
        row = self.dice.choice(self.rows)
        self.run(f"UPDATE access_log SET {column} = %s{cast} WHERE municipality = %s AND id = %s", value(row), self.m, row["id"])

    def edit_id(self): self.set("id", lambda row: str(uuid.uuid4()))
    def edit_municipality(self): self.set("municipality", lambda row: "9999")
    def edit_kind(self): self.set("kind", lambda row: other(self.dice, row["kind"], *KINDS))
    def edit_act(self): self.set("act", lambda row: other(self.dice, row["act"], *ACTS))
    def edit_who(self): self.set("who", lambda row: str(uuid.uuid4()))
    def edit_case(self): self.set("case_id", lambda row: str(uuid.uuid4()))
    def forget_case(self): self.set("case_id", lambda row: None)
    def edit_request(self): self.set("request_id", lambda row: str(uuid.uuid4()))
    def edit_what(self): self.set("what", lambda row: "letter")
    def edit_name(self): self.set("name", lambda row: "Odd Prøvestad")
    def forget_name(self): self.set("name", lambda row: None)
    def edit_unit(self): self.set("unit", lambda row: "")
    def edit_role(self): self.set("role", lambda row: "team_leader")
    def invent_reason(self): self.set("reason", lambda row: self.dice.randbytes(60))
    def edit_mac(self): self.set("mac", lambda row: flipped(self.dice, row["mac"]))

    def edit_time(self):
        row = self.dice.choice(self.rows)
        self.run("UPDATE access_log SET at = at + %s * interval '1 microsecond' WHERE municipality = %s AND id = %s", self.dice.choice([-1, 1, 10**6]), self.m, row["id"])

    def edit_link(self):
        row = self.dice.choice(self.rows)
        h, = self.db.execute("SELECT h FROM access_chain WHERE municipality = %s AND n = %s", [self.m, row["n"]]).fetchone().values()
        self.run("UPDATE access_chain SET h = %s WHERE municipality = %s AND n = %s", flipped(self.dice, h), self.m, row["n"])

    def link_to_another(self):
        self.run("UPDATE access_chain SET access_id = %s WHERE municipality = %s AND n = %s", str(uuid.uuid4()), self.m, self.dice.choice(self.rows)["n"])

    def delete_row(self): self.run("DELETE FROM access_log WHERE municipality = %s AND id = %s", self.m, self.dice.choice(self.rows)["id"])
    def delete_link(self): self.run("DELETE FROM access_chain WHERE municipality = %s AND n = %s", self.m, self.dice.choice(self.rows)["n"])

    def delete_both(self):
        row = self.dice.choice(self.rows)
        self.run("DELETE FROM access_log WHERE municipality = %s AND id = %s", self.m, row["id"])
        self.run("DELETE FROM access_chain WHERE municipality = %s AND n = %s", self.m, row["n"])

    def delete_both_and_close_the_gap(self):
        row = self.dice.choice(self.rows[:-1])
        self.run("DELETE FROM access_log WHERE municipality = %s AND id = %s", self.m, row["id"])
        self.run("DELETE FROM access_chain WHERE municipality = %s AND n = %s", self.m, row["n"])
        self.run("UPDATE access_chain SET n = n + 1000 WHERE municipality = %s AND n > %s", self.m, row["n"])
        self.run("UPDATE access_chain SET n = n - 1001 WHERE municipality = %s AND n > 1000", self.m)

    def swap_rows(self):
        a, b = self.dice.sample(self.rows, 2)
        for old, new in ((a["id"], uuid.UUID(int=1)), (b["id"], a["id"]), (uuid.UUID(int=1), b["id"])):
            self.run("UPDATE access_log SET id = %s WHERE municipality = %s AND id = %s", new, self.m, old)

    def swap_links(self):
        a, b = self.dice.sample(self.rows, 2)
        for old, new in ((a["n"], 1000), (b["n"], a["n"]), (1000, b["n"])):
            self.run("UPDATE access_chain SET n = %s WHERE municipality = %s AND n = %s", new, self.m, old)

    def insert(self):
        copied = ", ".join(COLUMNS[1:])
        self.run(f"INSERT INTO access_log (id, {copied}) SELECT gen_random_uuid(), {copied} FROM access_log WHERE municipality = %s AND id = %s RETURNING id", self.m, self.dice.choice(self.rows)["id"])

    def insert_with_a_link(self):
        self.insert()
        self.run("INSERT INTO access_chain SELECT municipality, %s, id, decode(repeat('ab', 36), 'hex') FROM access_log WHERE municipality = %s AND id NOT IN (SELECT access_id FROM access_chain)",
                 self.rows[-1]["n"] + 1, self.m)

    def take_another_s_row(self):
        """Whole and valid, but of another municipality."""
        copied = ", ".join(c for c in COLUMNS if c != "municipality")
        self.run(f"INSERT INTO access_log (municipality, {copied}) SELECT %s, {copied} FROM access_log WHERE municipality = '{SOUND[0]}' LIMIT 1", self.m)

    def cut_the_tail(self):
        keep = self.dice.randrange(len(self.rows))
        gone = [row["id"] for row in self.rows[keep:]]
        self.run("DELETE FROM access_log WHERE municipality = %s AND id = ANY (%s)", self.m, gone)
        self.run("DELETE FROM access_chain WHERE municipality = %s AND n > %s", self.m, keep)

    def cut_the_chain(self):
        self.run("DELETE FROM access_chain WHERE municipality = %s AND n > %s", self.m, self.dice.randrange(len(self.rows)))

    def cut_the_tail_and_grow_it_anew(self):
        """By the tick itself: every link and row holds, and only what left the machine tells."""
        self.cut_the_tail()
        row = made(self.m)
        self.db.execute(INSERT, row)
        self.db.execute(QUEUE, row)


DAMAGES = [method for name, method in vars(Damage).items() if not name.startswith("_") and name not in ("run", "set")]
DAMAGED, SOUND = [f"{n:04}" for n in range(1, 1001)], [f"{n:04}" for n in range(1001, 1101)]
LENGTH = 6


@contextmanager
def chains_of(system, municipalities):
    """Municipalities with a log of their own, chained by the tick, their roots told."""
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        rows = [made(m, act=random.choice(ACTS), kind=random.choice(KINDS)) for m in municipalities for _ in range(LENGTH)]
        db.cursor().executemany(INSERT, rows)
        db.cursor().executemany(QUEUE, rows)
    chained(system)
    until("the last root to be told", lambda: roots(system)[-1]["municipality"] >= municipalities[-1])
    try:
        yield str(system.run / "upkeep.log")
    finally:
        for table in ("access_log", "access_chain", "access_unchained"):
            system.rows(f"DELETE FROM {table} WHERE municipality = ANY (%s)", municipalities + ["9999"])


def test_of_a_thousand_damages_a_thousand_are_found(system):
    """One in each municipality's chain; what has none is said to be whole."""
    with chains_of(system, DAMAGED + SOUND) as file:
        damage_all(system, file)


def damage_all(system, file):
    before = audit("--roots", file, later=120)
    assert before.returncode == 0, before.stdout[-1000:] + before.stderr
    seed = random.randrange(10**9)
    dice, done = random.Random(seed), {}
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], row_factory=psycopg.rows.dict_row) as db:
        for municipality in DAMAGED:
            damage = dice.choice(DAMAGES)
            damage(Damage(db, dice, municipality))
            done[municipality] = damage.__name__
    chained(system)
    after = audit("--roots", file, later=120)
    found = {line.split(" ", 1)[0] for line in after.stdout.splitlines()[:-1]}
    assert after.returncode == 1 and set(done.values()) == {d.__name__ for d in DAMAGES}
    missed = Counter(name for m, name in done.items() if m not in found)
    assert not missed, f"seed {seed}: not found: {missed}"
    assert found - set(DAMAGED) <= {"9999"}, "what was whole is said to be damaged"
    assert re.search(r"^\d{4} n \d+: ", after.stdout, re.M) and re.fullmatch(r"\d+ rows, \d+ links, \d+ roots: \d+ wrong", after.stdout.splitlines()[-1])


def test_what_was_cut_off_is_found_by_what_left_the_machine_alone(system):
    """Of its own numbers: what was told of those before is told for good."""
    with chains_of(system, ["2001"]) as file:
        cut(file, "2001")


def cut(file, municipality):
    assert f"{municipality} n" not in audit("--roots", file, later=120).stdout
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], row_factory=psycopg.rows.dict_row) as db:
        Damage(db, random.Random(1), municipality).cut_the_tail()
    assert audit(later=120).returncode == 0
    told = audit("--roots", file, later=120)
    assert told.returncode == 1 and f"{municipality} n {LENGTH}: the chain was cut off" in told.stdout


@pytest.mark.parametrize("words", [["--roots"], ["--root", "x"], ["--roots", "/no/such/file"], ["--roots", "a", "b"]])
def test_an_audit_that_is_asked_wrongly_says_so(system, words):
    done = audit(*words)
    assert done.returncode == 2 and done.stderr.startswith("tillit-ops: ")

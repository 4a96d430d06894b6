# SPDX-License-Identifier: EUPL-1.2
"""Staff log in at their municipality's own issuer, open cases for a reason, and see nothing that is not theirs."""
import json
import re
import uuid
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

import clock
from conftest import ROOT, application, csrf_of, national_id, until
from doors import ANYONE, OF_CASES, routes
from issuer import Staff
from login import ROLES, STAFF_LOGIN
from citizens import NO_LOGOUT, NO_TOKENS, Visitor, ends_no_later_session, open_to_citizens
from colleagues import Colleague, as_it_was, case, colleague, door, issuer  # noqa: F401  (fixtures)
from on_page import assert_accessible
from operating import ops, parked, whys  # noqa: F401  (fixtures)

DOORS = routes("INTERNAL")


def reference_on(page):
    return page.locator(".reference").first.inner_text()


def test_a_caseworker_finds_a_case_says_why_and_works_in_it(system, door, issuer, page):
    receipt = system.post(application(seed=4680, what_matters="Å komme ut i hagen hver dag")).json()
    system.settle()
    issuer.changes = {"sub": "odd", "name": "Odd Prøvestad"}
    page.goto(door.internal + "/saker")
    assert_accessible(page, "staff-login")
    offered = [link for link in page.get_by_role("link").all_inner_texts() if link.endswith(" kommune")]
    assert offered.index("Askøy kommune") < offered.index("Bergen kommune"), "they stand as Norwegians sort them"
    page.get_by_role("link", name="Askøy kommune").click()
    page.wait_for_url(door.internal + "/saker")
    assert_accessible(page, "console-cases")
    page.get_by_label("Saksnummer eller fødselsnummer").fill(national_id(4680))
    page.get_by_role("button", name="Finn").click()
    assert national_id(4680) not in page.url
    assert_accessible(page, "console-found")
    page.get_by_role("link", name=receipt["reference"]).click()
    page.get_by_role("heading", name="Hvorfor skal du inn i saken?").wait_for()
    assert "hagen" not in page.content()
    assert_accessible(page, "console-door")
    page.get_by_label("Jeg behandler saken").check()
    page.get_by_role("button", name="Åpne saken").click()
    page.locator("blockquote").wait_for()
    assert page.locator("blockquote").inner_text() == "Å komme ut i hagen hver dag"
    assert reference_on(page) == receipt["reference"]
    assert_accessible(page, "console-case")
    page.get_by_role("button", name="Ta saken").click()
    page.get_by_text("Saken er din.").wait_for()
    page.get_by_text("Registrer en samtale").click()
    page.get_by_label("Telefon").check()
    page.get_by_label("Søkeren").check()
    page.get_by_label("Vi snakket sammen begge veier").check()
    page.get_by_role("button", name="Lagre samtalen").click()
    page.get_by_text("De snakket sammen").wait_for()
    assert page.locator(".mark").first.inner_text() == "Kartlegges"
    assert system.one("SELECT status FROM cases WHERE id = %s", receipt["case_id"]) == "ASSESSMENT"
    letter = page.locator("a[href*='/brev/']").first.get_attribute("href")
    assert page.request.get(door.internal + letter).body().startswith(b"%PDF")
    page.goto(door.internal + "/")
    assert_accessible(page, "console-home")
    page.goto(door.internal + "/saker")
    assert page.get_by_role("link", name=receipt["reference"]).count() == 1
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/logget-ut")


def as_people_write(reference):
    """The same case: O for 0, I and L for 1, small letters, no T, blanks, dashes and what nobody sees."""
    letters = reference.removeprefix("T-")
    soft = letters.replace("0", "o").replace("1", "l")
    ways = [reference.lower(), f"T{letters}", f"T-{soft}", f"t {soft.upper()[:4]}-{soft.upper()[4:]}", f" \u202aT\u2011{letters[:3]}\u00a0{letters[3:]}\u202c.\n",
            "\u200b".join(f"T\u2013{letters.replace('1', 'I')}"), f"({reference})", f"{reference},", f"\u201c{reference}\u201d:"]
    return ways if letters.startswith("T") else [*ways, letters]


def looks(system, one):
    return system.rows("SELECT act, what, case_id::text FROM access_log WHERE name = %s ORDER BY id", one.claims["name"])


def test_a_search_is_read_as_people_write_it(system, colleague, case):
    one, person = colleague(name="Sigrid Søkesen", sub="sigrid"), system.post(application(seed=4699)).json()
    system.settle()
    for typed in as_people_write(case["reference"]):
        found = one.post("/saker/finn", q=typed)
        assert found.status_code == 200 and f'href="/saker/{case["case_id"]}"' in found.text, ascii(typed)
        assert f'<span class="reference">{case["reference"]}</span>' in found.text, "how it was read"
    number = national_id(4699)
    for typed in (number, f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}", f"{number[:6]}\u00a0{number[6:]}", f"{number[:2]}/{number[2:4]}/{number[4:6]} {number[6:]}", f"({number}),", f"\u202a{number[:6]}\u2010{number[6:]}\u202c"):
        found = one.post("/saker/finn", q=typed)
        assert person["reference"] in found.text and number not in found.text, ascii(typed)


def test_a_search_that_can_find_nothing_says_why_and_is_none(system, colleague, case):
    """Whoever misread a sign is told so, and not that the case may be shielded; nobody was looked up, and the log says nothing."""
    one = colleague(name="Mis Lesersen", sub="mis")
    check = case["reference"][-1]
    other = "2" if check != "2" else "3"
    number = national_id(4699)
    wrong = {case["reference"][:-1] + other: "Saksnummeret stemmer ikke", "T-12345": "verken et saksnummer", "Kari Nordmann": "verken et saksnummer", "12345": "verken", case["reference"] + "\0": "verken", "\u200b": "verken",
             number[:-1] + str((int(number[-1]) + 1) % 10): "Fødselsnummeret stemmer ikke"}
    for typed, words in wrong.items():
        told = one.post("/saker/finn", q=typed)
        assert (told.status_code, words in told.text, "skjermet" in told.text) == (400, True, False), ascii(typed)
        assert typed.strip("\u200b") not in told.text.replace(case["reference"], "") or not typed.strip("\u200b"), "what was typed is not said again"
    assert looks(system, one) == []
    assert one.post("/saker/finn", q="T-000000000").status_code == 200
    assert looks(system, one) == [("look_up", "case", None)]


def test_who_steps_back_writes_the_number_as_people_do(colleague):
    number = national_id(4698)
    for typed in (f"{number[:6]}-{number[6:]}", f"{number[:6]}\u00a0{number[6:]}"):
        assert colleague().post("/inhabil", person=typed).status_code == 200, ascii(typed)


def test_a_letter_is_kept_by_a_name_that_says_which(system, colleague, case):
    """For staff and over REST; a citizen's is the same letter (test_43_citizens)."""
    name = f'inline; filename="{case["reference"]}-kvittering.pdf"'
    one = colleague()
    one.open(case["case_id"])
    letters = [one.get(f"/saker/{case['case_id']}/brev/1"), system.http.get(f"{system.public}/api/v1/cases/{case['case_id']}/letters/1", timeout=10)]
    assert [letter.headers["Content-Disposition"] for letter in letters] == [name] * 2


def answer_at(one, method, path, case):
    path = path.replace("{id}", case["case_id"]).replace("{n}", "1").replace("{name}", "css/tillit.css")
    if method == "GET":
        return one.get(path + ("?consumer=letters&problem=BUG" if path.endswith(("/cause", "/parked")) else ""))
    if path.startswith("/api/"):
        return one.send(method, path, json={"act": "preview"}, headers={"Idempotency-Key": str(uuid.uuid4())})
    return one.post(path, q="T-00000000")


def test_every_role_at_every_inner_door(door, colleague, case):
    """Open is what the role is for, whatever it then finds there; shut is a 403 that tells nothing."""
    assert len(DOORS) >= 25
    tried, wrong = 0, []
    for claimed, role in ROLES.items():
        one = colleague(claimed)
        for within in DOORS:
            method, path = within.method, within.path
            if path.startswith("/logg"):
                continue
            answer = answer_at(one, method, path, case)
            in_words = "Du har ikke tilgang" in answer.text or answer.headers.get("Content-Type", "").startswith("application/problem+json")
            mine = "shut" if answer.status_code == 403 and in_words else "open"
            want = "open" if within.lets_in(role) else "shut"
            inside = within.roles == OF_CASES and "{id}" in path and answer.status_code == 403  # the case is not open to them: a matter of its own
            tried += 1
            if mine != want and not (inside and want == "open"):
                wrong.append((role, method, path, answer.status_code, want))
    assert wrong == [] and tried > 150, (tried, wrong)


def test_nobody_gets_in_without_a_login(door, case):
    nobody = Colleague(door, None)
    for within in DOORS:
        method, path = within.method, within.path
        if within.roles == ANYONE or path.startswith("/logg"):
            continue
        address = path.replace("{id}", case["case_id"]).replace("{n}", "1")
        answer = nobody.send(method, address, **({"data": {"x": "y"}} if method == "POST" and not path.startswith("/api") else {}))
        assert answer.status_code in ((303, 401) if not path.startswith("/api") else (401,)), (method, path, answer.status_code)
        assert case["reference"] not in answer.text


def test_a_citizens_session_opens_nothing_within_and_staffs_nothing_without(door, colleague):
    citizen = Visitor(door)
    assert citizen.log_in().status_code == 303
    secret = citizen.cookies["__Host-tillit"]
    outside = Colleague(door, None)
    outside.cookies = {"__Host-tillit": secret, "__Host-tillit-staff": secret}
    assert outside.get("/saker").status_code == 303
    one = colleague()
    citizen.cookies = {"__Host-tillit": one.cookies["__Host-tillit-staff"]}
    assert citizen.get("/soknad").status_code == 303


def test_a_municipalitys_operators_see_and_drive_no_others_parked_events(system, door, colleague, parked):  # noqa: F811
    case, events = parked
    acts, one = "/api/v1/operations/acts", f"/api/v1/operations/parked/{events['metrics']}"
    theirs = colleague("tillit-drift", name="Dag Eksempel")
    assert theirs.post("/drift/acts", act="preview", parked_id=events["metrics"], why="noe her hos oss", key=str(uuid.uuid4())).status_code == 303
    assert theirs.get(one).status_code == 200 and events["metrics"] in theirs.get(acts).text
    other = colleague("tillit-drift", name="Bo Bergen", municipality="4601", realm_access={"roles": ["tillit-drift"]})
    for path in (one, f"/drift/parked/{events['metrics']}"):
        assert other.get(path).status_code == 404, path
    for path in ("/api/v1/operations/parked?consumer=metrics&problem=MALFORMED", "/drift/cause?consumer=metrics&problem=MALFORMED", acts, "/drift/acts"):
        shown = other.get(path)
        assert shown.status_code == 200 and events["metrics"] not in shown.text and case not in shown.text and "noe her hos oss" not in shown.text, path
    for what in ({"parked_id": events["metrics"]}, {"consumer": "metrics", "problem": "MALFORMED"}):
        done = other.post("/drift/acts", act="redrive", why="en annens", key=str(uuid.uuid4()), **what)
        assert done.status_code == 404, what
    assert "en annens" not in whys(system)
    assert "MALFORMED" not in other.get("/drift").text
    assert system.one("SELECT municipality FROM operator_acts WHERE act = 'municipality' AND target = '4627' LIMIT 1") == "4627"
    assert [act for act in other.get(acts).json()["acts"] if act["target"] == "4627"] == [], "how one is set up is not another's"


@pytest.mark.parametrize("claims, status, words", [
    ({"roles": []}, 403, "ingen rolle"), ({"roles": ["vaktmester"]}, 403, "ingen rolle"), ({"roles": "tillit-saksbehandler"}, 303, ""),
    ({"roles": {"a": "tillit-saksbehandler"}}, 403, "ingen rolle"), ({"roles": [7, None, "tillit-drift"]}, 303, ""), ({"name": None}, 400, "ikke logget inn"),
    ({"name": "  "}, 400, "ikke logget inn"), ({"sub": None}, 400, "ikke logget inn"), ({"nonce": "another"}, 400, "ikke logget inn"),
    ({"aud": "tillit-4601"}, 400, "ikke logget inn")])
def test_what_the_issuer_says_decides(door, issuer, claims, status, words):
    one = Colleague(door, issuer, **claims)
    answer = one.log_in()
    assert answer.status_code == status and words in answer.text
    assert ("__Host-tillit-staff" in one.cookies) == (status == 303)


def test_an_opened_case_shuts_again_after_a_working_day(door, issuer, colleague, case):
    def later(hours):
        """The same one, when the clock of the door is so much later."""
        clock.put(hours * 3600, door.clock)
        now = int(clock.seconds(door.clock))
        one = Colleague(door, issuer, iat=now, exp=now + 120)
        until("the door's clock to be moved", lambda: one.log_in().status_code == 303)
        return one
    assert colleague().open(case["case_id"]).status_code == 303
    try:
        assert "blockquote" in later(7.9).get(f"/saker/{case['case_id']}").text
        assert "Hvorfor skal du inn" in later(8.1).get(f"/saker/{case['case_id']}").text
    finally:
        clock.put(file=door.clock)
        until("the clock to be back", lambda: Colleague(door, issuer).log_in().status_code == 303)


def test_an_emergency_opens_what_is_not_theirs_and_another_looks_at_it_afterwards(system, colleague, case, page):
    nurse = colleague("tillit-team", sub="night-nurse", name="Liv Mønster", department="Hjemmetjenesten")
    assert "Saken er ikke din" in nurse.get(f"/saker/{case['case_id']}").text
    assert nurse.open(case["case_id"], reason="handling").status_code == 403
    assert nurse.open(case["case_id"], emergency="true", words="").status_code == 400
    assert nurse.open(case["case_id"], emergency="true", words="Falt i natt, svarer ikke").status_code == 303
    shown = nurse.get(f"/saker/{case['case_id']}").text
    assert "Åpnet ved nød" in shown and "Ta saken" not in shown
    assert b"Falt i natt" not in bytes(system.one("SELECT sealed FROM case_openings WHERE emergency ORDER BY opened_at DESC LIMIT 1"))
    officer = colleague("tillit-personvern", sub="officer", name="Pia Prøve")
    listed = officer.get("/nod").text
    assert "Falt i natt" in listed and "Liv Mønster" in listed and case["reference"] in listed
    page.set_content(listed)
    opening = re.search(r'name="opening" value="([\w-]+)"', listed[listed.index(case["reference"]):])[1]
    assert nurse.post("/nod", opening=opening, finding="fitting").status_code == 403
    assert officer.post("/nod", opening=opening, finding="fitting").status_code == 303
    assert officer.post("/nod", opening=opening, finding="unfitting").status_code == 409
    assert case["reference"] not in officer.get("/nod").text


def test_a_form_of_another_page_changes_nothing(colleague, case):
    one = colleague()
    for headers, csrf in (({"Origin": "https://evil.example"}, one.csrf()), ({"Sec-Fetch-Site": "cross-site"}, one.csrf()), ({}, "x" * 43), ({}, "")):
        answer = one.send("POST", f"/saker/{case['case_id']}/apne", data={"csrf": csrf, "reason": "handling"}, headers=headers)
        assert answer.status_code == 403
    assert "Hvorfor skal du inn" in one.get(f"/saker/{case['case_id']}").text


HOUSE = re.findall(r'^    \{ "([\w-]+)", .*ACT_HOUSE', (ROOT / "common/operator/acts.c").read_text(), re.M)
ASKS = {"consumer": "metrics", "target": "310123455", "name": "En annen", "why": "for oss alle"}


@pytest.mark.parametrize("act", HOUSE)
def test_what_reaches_every_municipality_is_no_municipalitys_operators_to_do(system, colleague, act):
    """By page and over REST alike, before a word of what is there; at the machine they may."""
    assert len(HOUSE) == 5
    one, before = colleague("tillit-drift", name="Dag Eksempel"), system.one("SELECT count(*) FROM operator_acts")
    asks = {**ASKS, "target": "all"} if act == "replay" else ASKS
    page = one.post("/drift/acts", act=act, key=str(uuid.uuid4()), **asks)
    assert page.status_code == 403 and "Dette gjelder alle kommunene" in page.text
    for municipality in ("4627", "9999"):
        rest = one.send("POST", "/api/v1/operations/acts", json={"act": act, "who": "Dag", "municipalities": [municipality], **asks}, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert rest.status_code == 403 and rest.json()["detail"] == "that is for the operators of the whole installation", rest.text
    for wrong in ({"target": "1"}, {"consumer": ""}, {"why": "x"}, {"why": 1}, {"rate": 0}, {"zz": True}, {"name": None}):
        rest = one.send("POST", "/api/v1/operations/acts", json={"act": act, "who": "Dag", **asks, **wrong}, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert rest.status_code == 403 and "errors" not in rest.json(), (wrong, rest.text)
    shown = one.get("/drift/acts").text
    assert "med tillit-ops på maskinen" in shown and f'value="{act}"' not in shown
    assert system.one("SELECT count(*) FROM operator_acts") == before and system.rows("SELECT FROM worker_pauses") == []


def test_what_is_parked_of_nobody_is_no_municipalitys_operators_to_drive(system, colleague):
    from backbone import publish
    publish([(str(uuid.uuid4()), 1, "no.tillit.case.triaged.v1", b"{}")])
    find = "SELECT id::text FROM parked_events WHERE case_id IS NULL AND consumer = 'scheduling' AND closed_at IS NULL ORDER BY id DESC"
    until("it to be parked", lambda: system.rows(find))
    parked_id, one = system.one(find), colleague("tillit-drift", name="Dag Eksempel")
    shown = one.get(f"/drift/parked/{parked_id}").text
    assert "hører ikke til noen kommune" in shown and 'name="act"' not in shown
    for act in ("preview", "redrive", "give-up"):
        assert one.post("/drift/acts", act=act, parked_id=parked_id, why="ingens", key=str(uuid.uuid4())).status_code == 403, act
    ids = [row for row, in system.rows("SELECT id::text FROM parked_events WHERE case_id IS NULL AND closed_at IS NULL")]
    for one_id in ids:
        assert ops("give-up", one_id, "--why", "ryddes etter en prøve").returncode == 0
    until("them to be given up", lambda: system.one("SELECT count(*) FROM parked_events WHERE id::text = ANY (%s) AND closed_at IS NULL", ids) == 0, 20)


def test_an_act_is_by_whoever_is_logged_in(system):
    one = system.colleague("tillit-drift", name="Dag Eksempel")
    csrf = csrf_of(one.get(system.internal + "/drift/acts", timeout=10).text)
    for path, fields in (("/drift/acts", {"key": str(uuid.uuid4()), "act": "pause", "consumer": "metrics", "who": "En annen", "why": "prøve av hvem"}),
                         ("/drift/acts", {"key": str(uuid.uuid4()), "act": "resume", "consumer": "metrics", "why": "prøve av hvem"})):
        assert one.post(system.internal + path, data={"csrf": csrf, **fields}, allow_redirects=False, timeout=10).status_code == 303
    assert whys(system, "who = 'Dag Eksempel'")[-2:] == ["prøve av hvem"] * 2 and "prøve av hvem" not in whys(system, "who <> 'Dag Eksempel'")


def test_the_talk_is_taken_once_and_never_over_what_changed(system, colleague, case):
    one = colleague()
    one.open(case["case_id"])
    shown = one.get(f"/saker/{case['case_id']}").text
    path, seq = f"/saker/{case['case_id']}/samtale", r'name="seq" value="([^"]+)"'
    assert not re.search(r'name="at"[^>]*max=', shown), "a browser holds nobody back from saying that a talk was just held"
    now = re.search(r'name="at" value="([^"]+)"', shown)[1]
    talk = {"seq": re.search(seq, shown)[1], "kind": "phone", "with": "applicant", "at": now}
    sent = {"csrf": one.csrf(), **talk}
    assert [one.send("POST", path, data=sent).status_code for _ in range(2)] == [303, 303]
    fresh = re.search(seq, one.get(f"/saker/{case['case_id']}").text)[1]
    assert fresh != talk["seq"] and one.post(path, **{**talk, "seq": fresh}).status_code == 303, "who goes back and saves again"
    assert system.one("SELECT count(*) FROM contacts WHERE case_id = %s", case["case_id"]) == 1
    assert one.post(path, **{**talk, "kind": "visit"}).status_code == 412
    for wrong in ({"kind": "letter"}, {"with": "nobody"}, {"at": "i går"}, {"at": "2026-13-40T99:99"}, {"at": "2036-01-01T10:00"}):
        assert one.post(path, **{**talk, **wrong}).status_code in (400, 412), wrong


def test_what_staff_do_stands_in_no_log(system, door):
    said = "".join(door.lines)
    assert national_id(4680) not in said and "Odd Prøvestad" not in said and "Falt i natt" not in said


def told(door, token):
    return requests.post(door.internal + "/logg-ut/varsel", data={"logout_token": token}, timeout=20).status_code


@pytest.mark.parametrize("ended", ["logout", "issuer by itself", "issuer in a frame"])
def test_a_session_ends_here_and_when_the_issuers_does(door, issuer, colleague, ended):
    issuer.sid = str(uuid.uuid4())
    one = colleague()
    if ended == "logout":
        assert one.post("/logg-ut").status_code == 200
    elif ended == "issuer by itself":
        assert told(door, issuer.logout_token("tillit-4627", sid=str(uuid.uuid4()))) == 200
        assert one.get("/saker").status_code == 200
        assert told(door, issuer.logout_token("tillit-4627", sid=issuer.sid)) == 200
    else:
        assert requests.get(door.internal + "/logg-ut/varsel", params={"iss": "https://another.example", "sid": issuer.sid}, timeout=9).status_code == 400
        assert one.get("/saker").status_code == 200
        assert requests.get(door.internal + "/logg-ut/varsel", params={"iss": issuer.url, "sid": issuer.sid}, timeout=9).status_code == 200
    assert one.get("/saker").status_code == 303


def test_each_municipalitys_issuer_ends_its_own_sessions(door, issuer, colleague):
    """One issuer may serve several: whose statement it is, its audience says."""
    issuer.sid = str(uuid.uuid4())
    one = colleague("tillit-saksbehandler", municipality="4601", realm_access={"roles": ["tillit-saksbehandler"]})
    assert told(door, issuer.logout_token("tillit-4601", sid=issuer.sid)) == 200 and one.get("/saker").status_code == 303


@pytest.mark.parametrize("changes", [c for _, c in NO_LOGOUT], ids=[n for n, _ in NO_LOGOUT])
def test_a_logout_that_is_none_ends_nothing(door, issuer, colleague, changes):
    issuer.sid = str(uuid.uuid4())
    one = colleague()
    assert told(door, issuer.logout_token(**{"client": "tillit-4627", **changes})) == 400
    assert one.get("/saker").status_code == 200


def test_a_logout_of_citizens_issuer_is_none_of_staffs(system, door, issuer, colleague):
    issuer.sid = str(uuid.uuid4())
    one = colleague()
    assert told(door, system.logins.citizens.logout_token("tillit-4627", sid=issuer.sid)) == 400
    assert told(door, system.logins.citizens.logout_token("tillit-4627", sid=issuer.sid, iss=issuer.url)) == 400
    assert one.get("/saker").status_code == 200


@pytest.mark.parametrize("token", NO_TOKENS)
def test_what_is_no_token_ends_nothing(door, token):
    assert told(door, token) == 400


def test_a_logout_that_is_told_again_ends_no_later_session(door, issuer, colleague):
    issuer.sid = str(uuid.uuid4())
    ends_no_later_session(issuer, "tillit-4627", colleague(), Colleague(door, issuer), "/saker")


def test_each_look_of_staff_is_logged_and_the_person_reads_who_and_why(system, door, colleague):
    receipt = system.post(application(seed=4697)).json()
    system.settle()
    one = colleague(name="Odd Prøvestad", department="Tjenestekontoret", sub="logged")
    seen = "SELECT act, what, name, unit, role FROM access_log WHERE case_id = %s AND kind = 'staff' ORDER BY id"
    steps = [(lambda: one.post("/saker/finn", q=national_id(4697)), ("look_up", "case")), (lambda: one.get(f"/saker/{receipt['case_id']}"), ("look_up", "case")),
             (lambda: one.open(receipt["case_id"], reason="other", words="Skal ringe henne i dag"), ("read", "case")),
             (lambda: one.get(f"/saker/{receipt['case_id']}"), ("read", "application")), (lambda: one.get(f"/saker/{receipt['case_id']}/brev/1"), ("read", "letter")),
             (lambda: one.post(f"/saker/{receipt['case_id']}/ta"), ("write", "case")), (lambda: one.get("/saker"), ("look_up", "case"))]
    for step, (act, what) in steps:
        before = len(system.rows(seen, receipt["case_id"]))
        assert step().status_code in (200, 303)
        new = system.rows(seen, receipt["case_id"])[before:]
        assert (act, what, "Odd Prøvestad", "Tjenestekontoret", "caseworker") in new, (act, what, new)
    system.logins.citizens.person = national_id(4697)
    visitor = Visitor(door)
    visitor.log_in()
    told = visitor.get(f"/status/{receipt['application_id']}/innsyn").text
    assert "Odd Prøvestad, Tjenestekontoret" in told and "Skal ringe henne i dag" in told
    assert b"Skal ringe" not in b"".join(bytes(reason) for reason, in system.rows("SELECT reason FROM access_log WHERE reason IS NOT NULL"))


def test_what_staff_s_login_asks_for_goes_to_an_issuer_that_takes_it(system, door):
    """The last one here: from now on Bergen's staff log in elsewhere, and the doors before it may not know yet."""
    theirs = Staff(system.logins.citizens.client_key)
    theirs.pushed_at = theirs.root + "/par"
    try:
        system.rows(STAFF_LOGIN, "4601", theirs.url, "tillit-4601", "roles", json.dumps(ROLES))
        with open_to_citizens(system.logins.citizens) as another:
            one = Colleague(another, theirs, municipality="4601")
            sent = one.get("/logg-inn?kommune=4601").headers["Location"]
            assert set(dict(parse_qsl(urlsplit(sent).query))) == {"client_id", "request_uri"} and sent.startswith(theirs.url)
            assert one.log_in().status_code == 303 and one.get("/saker").status_code == 200
            theirs.push_answer = (400, json.dumps({"error": "invalid_request"}))
            shown = Colleague(another, theirs).get("/logg-inn?kommune=4601")
            assert shown.status_code == 503 and "Innloggingen svarer ikke" in shown.text
            assert theirs.refused == []
    finally:
        theirs.stop()

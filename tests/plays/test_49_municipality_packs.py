# SPDX-License-Identifier: EUPL-1.2
"""Municipalities are taken in by a pack and one command: every fault at once, the same pack twice is once, and what it says is done."""
import copy
import datetime
import json
import os
import random
import re
import subprocess
import time
import uuid
from pathlib import Path

import psycopg
import pytest

import clock
from conftest import BIN, national_id, until
from doors import running
from issuer import Issuer, Key, party
from packs import NAMES, NUMBERS, organisation, pack, write
from on_page import MONTHS, assert_accessible, fill
from operating import whys

WHY = ["--why", "They begin on the first of the month", "--who", "Kari Drift"]
RING = Path(os.environ["TILLIT_KEYRING"])


def municipality(*words, timeout=60, **env):
    return subprocess.run([BIN / "tillit-ops", "municipality", *words], capture_output=True, text=True, timeout=timeout, env={**os.environ, **env})


def changed(path, value):
    """The pack with another value at /a/0/b; None takes it out."""
    document = copy.deepcopy(pack())
    place, *rest = path.strip("/").split("/")
    inner = document
    for name in rest:
        inner, place = inner[int(place) if isinstance(inner, list) else place], name
    if value is None:
        del inner[place]
    else:
        inner[int(place) if isinstance(inner, list) else place] = value
    return document


TEAM, STAFF = pack()["teams"][0], pack()["staff"]
RECEIPT = "# Takk\n\nSvar senest {{reply_by}}. Sak {{reference}}.{{#call_promised}} Vi ringer senest {{call_by}}.{{/call_promised}}\n\n{{#lines}}\n> {{{line}}}\n{{/lines}}\n"


def letter(text, language="nb"):
    return {"kind": "receipt", "language": language, "text": text}


FAULTS = [
    # what is wrong                       where                            what stands there                                      pointer                               code        words
    ("no number",                         "/number",                       None,                                                  "/number",                            "missing",  "required"),
    ("a number of three digits",          "/number",                       "627",                                                 "/number",                            "format",   ""),
    ("a number that is a number",         "/number",                       4627,                                                  "/number",                            "type",     ""),
    ("no name",                           "/name",                         " ",                                                   "/name",                              "missing",  ""),
    ("an organisation number of eight",   "/organisation",                 "12345678",                                            "/organisation",                      "format",   ""),
    ("an organisation number amiss",      "/organisation",                 "964338443",                                           "/organisation",                      "checksum", "do not add up"),
    ("a member that there is not",        "/colour",                       "red",                                                 "/colour",                            "unknown",  ""),
    ("an accent by name",                 "/branding/accent",              "red",                                                 "/branding/accent",                   "format",   ""),
    ("an accent that is too light",       "/branding/accent",              "#d98f3d",                                             "/branding/accent",                   "range",    "2.6:1; 4.5:1 is needed"),
    ("a telephone with letters",          "/branding/phone",               "call us",                                             "/branding/phone",                    "format",   ""),
    ("pages without encryption",          "/branding/web",                 "http://www.example.no",                               "/branding/web",                      "format",   "https"),
    ("a web address with a quote",        "/branding/web",                 "https://a.no/\"onclick",                              "/branding/web",                      "format",   ""),
    ("no team",                           "/teams",                        [],                                                    "/teams",                             "missing",  "at least one"),
    ("three teams",                       "/teams",                        [TEAM] * 3,                                            "/teams",                             "length",   ""),
    ("two teams of a code",               "/teams",                        [TEAM, {**TEAM, "department": "il"}],                  "/teams/1/code",                      "repeat",   ""),
    ("two teams of a department",         "/teams",                        [TEAM, {**TEAM, "code": "other"}],                     "/teams/1/department",                "repeat",   "one team"),
    ("a code with a blank",               "/teams/0/code",                 "the team",                                            "/teams/0/code",                      "format",   ""),
    ("an unknown department",             "/teams/0/department",           "hr",                                                  "/teams/0/department",                "choice",   ""),
    ("the eighth day of the week",        "/teams/0/weekday",              8,                                                     "/teams/0/weekday",                   "range",    "1 to 7"),
    ("the 25th hour",                     "/teams/0/starts",               "24:00",                                               "/teams/0/starts",                    "format",   ""),
    ("half past sixty",                   "/teams/0/starts",               "10:60",                                               "/teams/0/starts",                    "format",   ""),
    ("no slots",                          "/teams/0/slots",                0,                                                     "/teams/0/slots",                     "range",    "1 to 100"),
    ("a meeting past midnight",           "/teams/0/slots",                29,                                                    "/teams/0/slots",                     "range",    "the day it began"),
    ("slots of a minute",                 "/teams/0/slot_minutes",         1,                                                     "/teams/0/slot_minutes",              "range",    "5 to 120"),
    ("a member who is not of the staff",  "/teams/0/members/1/name",       "Nobody",                                              "/teams/0/members/1/name",            "choice",   "none of the staff"),
    ("a member twice",                    "/teams/0/members/1/name",       "Synne Testberg",                                      "/teams/0/members/1/name",            "repeat",   ""),
    ("a member without profession",       "/teams/0/members/0/profession", None,                                                  "/teams/0/members/0/profession",      "missing",  ""),
    ("an unknown role",                   "/staff/0/role",                 "boss",                                                "/staff/0/role",                      "choice",   ""),
    ("two of a name",                     "/staff",                        STAFF + [{"name": "Odd Prøvestad", "role": "operator"}], "/staff/2/name",                    "repeat",   "tells them apart"),
    ("two of a login",                    "/staff/1/subject",              "s-1",                                                 "/staff/1/subject",                   "repeat",   ""),
    ("an issuer without encryption",      "/staff_login/issuer",           "http://login.example.no",                             "/staff_login/issuer",                "format",   "https"),
    ("no client",                         "/staff_login/client",           None,                                                  "/staff_login/client",                "missing",  ""),
    ("no roles",                          "/staff_login/roles",            [],                                                    "/staff_login/roles",                 "missing",  "nobody could do anything"),
    ("an unknown role of the claim's",    "/staff_login/roles/0/role",     "god",                                                 "/staff_login/roles/0/role",          "choice",   ""),
    ("a claim's value twice",             "/staff_login/roles/1/value",    "tildeling",                                           "/staff_login/roles/1/value",         "repeat",   ""),
    ("a talk in eleven days",             "/rules/first_talk_days",        11,                                                    "/rules/first_talk_days",             "range",    "1 to 10"),
    ("a talk at once",                    "/rules/first_talk_urgent_days", 0,                                                     "/rules/first_talk_urgent_days",      "range",    "1 to 3"),
    ("what is urgent takes longer",       "/rules/first_talk_days",        1,                                                     "/rules/first_talk_urgent_days",      "range",    "can not take longer"),
    ("a team for one service",            "/rules/team_services",          1,                                                     "/rules/team_services",               "range",    "2 to 10"),
    ("a step that there is not",          "/rules/team_step",              7,                                                     "/rules/team_step",                   "range",    "2 to 6"),
    ("half a day",                        "/rules/first_talk_days",        2.5,                                                   "/rules/first_talk_days",             "type",     ""),
    ("a letter that there is not",        "/letters",                      [{**letter(RECEIPT), "kind": "vedtak"}],               "/letters/0/kind",                    "choice",   ""),
    ("a language that there is not",      "/letters",                      [letter(RECEIPT, "en")],                               "/letters/0/language",                "choice",   ""),
    ("a letter twice",                    "/letters",                      [letter(RECEIPT), letter(RECEIPT)],                    "/letters/1/language",                "repeat",   ""),
    ("a letter with what there is not",   "/letters",                      [letter(RECEIPT + "{{fee}}")],                         "/letters/0/text",                    "format",   "fee"),
    ("a letter that names no case",       "/letters",                      [letter(RECEIPT.replace("{{reference}}", ""))],        "/letters/0/text",                    "format",   "{{reference}}"),
    ("a letter with a table",             "/letters",                      [letter(RECEIPT + "\n| a |\n|---|\n| b |\n")],         "/letters/0/text",                    "format",   "Markdown"),
    ("a system's number amiss",           "/systems/0/organisation",       "987654321",                                           "/systems/0/organisation",            "checksum", ""),
    ("a system without a name",           "/systems/0/name",               None,                                                  "/systems/0/name",                    "missing",  ""),
]


@pytest.mark.parametrize("where, what, pointer, code, words", [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_named_with_its_place_and_code(system, tmp_path, where, what, pointer, code, words):
    done = municipality("check", *write(tmp_path, changed(where, what)))
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert f".json: {pointer} {code}: " in lines[0] and words in lines[0], lines[0]


def test_a_pack_that_is_in_order_is_said_to_be(tmp_path):
    done = municipality("check", *write(tmp_path, pack(letters=[letter(RECEIPT), letter(RECEIPT, "nn")])))
    assert done.returncode == 0 and "6900 Prøvestad 6900 kommune is in order" in done.stdout, done.stderr


@pytest.mark.parametrize("text, says", [("{", "not well-formed JSON"), ("", "empty"), ('{"number": "6900", "number": "6901"}', "/number duplicate"), ("[]", "/ type")],
                         ids=["half a document", "nothing", "a member twice", "a list"])
def test_what_is_no_document_is_said_to_be_none(tmp_path, text, says):
    path = tmp_path / "x.json"
    path.write_text(text)
    done = municipality("check", str(path), str(tmp_path / "not-there.json"))
    assert done.returncode == 1 and says in done.stderr and "not-there.json: can not be read" in done.stderr


def test_a_trial_may_ask_its_issuer_on_loopback(tmp_path):
    files = write(tmp_path, changed("/staff_login/issuer", "http://127.0.0.1:18090/askoy"))
    assert municipality("check", *files).returncode == 0
    assert municipality("check", *files, TILLIT_SYNTHETIC="off", TILLIT_CLOCK_FILE="").returncode == 1


def everything(system):
    tables = ["municipalities", "staff", "teams", "team_members", "municipality_rules", "letter_templates", "staff_logins", "clients", "operator_acts"]
    return {table: system.rows(f"SELECT xmin::text, t::text FROM {table} t ORDER BY 2") for table in tables} | {"ring": RING.read_bytes()}


def test_every_fault_of_every_pack_is_named_at_once_and_nothing_is_written(system, tmp_path):
    before = everything(system)
    good, bad = pack("6901"), {**changed("/teams/0/weekday", 8), "number": "6902", "organisation": "964338443"}
    done = municipality("add", *write(tmp_path, good, bad, pack("6901", name=" ")), *WHY)
    assert done.returncode == 1 and done.stdout == ""
    assert sorted(line.split(": ")[2] for line in done.stderr.splitlines()) == ["/name missing", "/number repeat", "/organisation checksum", "/organisation repeat", "/teams/0/weekday range"]
    assert everything(system) == before


def test_an_organisation_number_is_one_municipalitys(system, tmp_path):
    assert municipality("add", *write(tmp_path, pack("6903")), *WHY).returncode == 0
    before = everything(system)
    done = municipality("add", *write(tmp_path, pack("6904", organisation=organisation("kommune 6903")), pack("6905")), *WHY)
    assert done.returncode == 1 and "/organisation repeat" in done.stderr and "municipality 6903 has it" in done.stderr
    assert everything(system) == before


@pytest.mark.parametrize("words, says", [([], "needs a reason"), (["--why", "x"], "why length"), (["--why", "good enough", "--who", "x"], "who length")], ids=["none", "a letter", "nobody"])
def test_it_takes_a_reason_and_somebody(system, tmp_path, words, says):
    before = everything(system)
    done = municipality("add", *write(tmp_path, pack("6906")), *words)
    assert done.returncode != 0 and says in done.stderr
    assert everything(system) == before


def test_the_same_pack_twice_is_once(system, tmp_path):
    files = write(tmp_path, pack("6907", letters=[letter(RECEIPT)]))
    first = municipality("add", *files, *WHY)
    assert first.returncode == 0, first.stderr
    for part in ("municipality added", "2 staff added", "team tildelingsteam added", "2 team members added", "rules", "letter receipt.nb in its own words", "staff login added", "let in"):
        assert part in first.stdout, first.stdout
    before = everything(system)
    again = municipality("add", *files, *WHY)
    assert again.returncode == 0 and "6907 Prøvestad 6907 kommune: nothing changed" in again.stdout
    assert everything(system) == before
    assert "6907" in municipality("list").stdout
    ring = [line.split() for line in RING.read_text().splitlines()]
    assert sorted(purpose for _, purpose, whose, _ in ring if whose == "6907") == ["chain", "index", "seal"]
    assert RING.stat().st_mode & 0o777 == 0o600


def later(document):
    """What a year brings."""
    document = copy.deepcopy(document)
    document["branding"]["phone"] = "55 00 00 01"
    document["teams"] = [{**document["teams"][0], "weekday": 4, "members": document["teams"][0]["members"][:1]},
                         {**document["teams"][0], "code": "mestring", "department": "il", "members": []}]
    document["staff"] = [{"name": "Synne Testberg", "role": "administrator", "subject": "s-1"}, {"name": "Liv Mønster", "role": "caseworker", "subject": "s-3"}]
    document["rules"]["first_talk_days"] = 4
    document["staff_login"]["client"] = "tillit-2"
    document["systems"] = [{"organisation": organisation("another"), "name": "Another"}]
    return document


CHANGES = ["name or branding changed", "1 staff left", "1 staff added", "1 staff changed", "team mestring added", "team tildelingsteam changed", "1 team members left", "rules from ",
           "staff login changed", f"system {organisation('another')} let in", f"system {organisation('system 6908')} shut out"]


def test_a_changed_pack_changes_what_it_says_and_is_told_without_names(system, tmp_path):
    first = pack("6908")
    assert municipality("add", *write(tmp_path, first), *WHY).returncode == 0
    done = municipality("add", *write(tmp_path, later(first)), *WHY)
    assert done.returncode == 0, done.stderr
    said = done.stdout.strip().split("kommune: ")[1].split("; ")
    assert len(said) == len(CHANGES) and all(any(part.startswith(change) for part in said) for change in CHANGES), said
    act = system.rows("SELECT who, detail, outcome FROM operator_acts WHERE act = 'municipality' AND target = '6908' ORDER BY asked_at DESC")[0]
    assert act == ("Kari Drift", "; ".join(said), "OK") and whys(system, "target = '6908'")[-1] == "They begin on the first of the month"
    assert not any(name in act[1] for name in ("Synne", "Odd", "Liv"))
    assert system.rows("SELECT name, role, subject FROM staff WHERE municipality = '6908' ORDER BY name") == [
        ("Liv Mønster", "caseworker", "s-3"), ("Odd Prøvestad", "caseworker", None), ("Synne Testberg", "administrator", "s-1")]
    assert system.rows("SELECT issuer, client, roles_claim, role_map FROM staff_logins WHERE municipality = '6908'") == [
        ("https://login.provestad.example.no", "tillit-2", "groups", {"tildeling": "caseworker", "leder": "team_leader"})]


def test_logins_may_change_hands(system, tmp_path):
    """Two who swap their logins never have the same one at the end."""
    first = pack("6909")
    assert municipality("add", *write(tmp_path, first), *WHY).returncode == 0
    first["staff"][0]["subject"], first["staff"][1]["subject"] = "s-2", "s-1"
    done = municipality("add", *write(tmp_path, first), *WHY)
    assert done.returncode == 0 and "2 staff changed" in done.stdout, done.stderr


@pytest.mark.parametrize("ring, told", [("nonsense\n", "line 1"), (None, "no keys could be made")], ids=["it can't be read", "nor written"])
def test_a_ring_that_can_not_be_used_stops_it_all(system, tmp_path, ring, told):
    before, path = everything(system), tmp_path / "ring"
    ring = ring or Path(os.environ["TILLIT_KEYRING"]).read_text()
    (tmp_path / "ring.new").mkdir()
    path.write_text(ring)
    path.chmod(0o600)
    done = municipality("add", *write(tmp_path, pack("6910")), *WHY, TILLIT_KEYRING=str(path))
    assert done.returncode == 1 and told in done.stderr
    assert everything(system) == before and path.read_text() == ring


# ---- what a pack says is done

@pytest.fixture(scope="module")
def served(system, tmp_path_factory):
    """A municipality that is served by an API that was running before."""
    folder = tmp_path_factory.mktemp("packs")
    with running(TILLIT_MUNICIPALITY="6920") as door:
        door.logins = system.logins
        done = municipality("add", *write(folder, pack("6920", letters=[letter(RECEIPT)])), *WHY)
        assert done.returncode == 0, done.stderr
        until("the API to know the municipality", lambda: send(door).status_code == 201)
        yield door


def test_a_municipality_that_is_not_taken_in_yet_is_told_once(served):
    """The API was started with 6920 in its settings, before there was one."""
    told = [json.loads(line) for line in served.lines if "tillit-ops has not taken it in" in line]
    assert [(line["level"], line["municipality"]) for line in told] == [("warn", "6920")]


def token(door, number="6920"):
    """Of the system that the pack lets in."""
    return door.logins.bearer(consumer=party(organisation(f"system {number}"))).removeprefix("Bearer ")


def send(door, number="6920", seed=4600, **changes):
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {seed} {sorted(changes.items())}"))
    return door.post(token(door, number), key, seed=seed, municipality=number, **changes)


def case_of(system, door, **changes):
    answer = send(door, **changes)
    assert answer.status_code == 201, answer.text
    system.settle()
    return door.get(f"/api/v1/cases/{answer.json()['case_id']}", token(door)).json()


def pdf_text(door, case):
    pdf = door.get(case["letters"][0]["href"], token(door)).content
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def day_words(due):
    """The day that ends at that moment."""
    day = datetime.datetime.fromisoformat(due).astimezone(clock.OSLO).date() - datetime.timedelta(days=1)
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


@pytest.mark.parametrize("urgency, days", [("none", 5), ("acute", 2)])
def test_its_own_deadline_is_the_cases_and_the_letters(system, served, urgency, days):
    case = case_of(system, served, seed=4601, urgency=urgency)
    own = next(d["due"] for d in case["deadlines"] if d["kind"] == "first_talk")
    assert f"Vi ringer senest {day_words(own)}" in " ".join(pdf_text(served, case).split())
    received = datetime.datetime.fromisoformat(system.one("SELECT received_at::text FROM cases WHERE id = %s", case["case_id"]))
    assert count_working_days(received, own) == days


def count_working_days(received, due):
    """From the day of one to that which the other ends, both in Oslo."""
    day, end = received.astimezone(clock.OSLO).date(), datetime.datetime.fromisoformat(due).astimezone(clock.OSLO).date()
    return sum(clock.is_working_day(day + datetime.timedelta(days=n)) for n in range(1, (end - day).days))


@pytest.mark.parametrize("services, path, why", [
    (["MAT", "HJM"], "team", "Ved 2 eller flere vurderer et team saken."),
    (["KORT"], "team", "Fra trinn 4 vurderer et team saken."),
    (["HSH"], "caseworker", "Saken kan behandles av én saksbehandler."),
], ids=["two services", "step four", "neither"])
def test_its_own_limits_send_a_case_to_the_team(system, served, services, path, why):
    case = case_of(system, served, seed=4603, services=services)
    assert case["path"] == path and any(why in rule["text"] for rule in case["rules"])


def test_its_one_team_gets_all_cases_under_the_teams_own_name(system, served):
    case = case_of(system, served, seed=4604, services=["STOTTE", "OPPL"])
    assert case["department"] == "il" and [a["team"] for a in case["agenda"]] == ["tildelingsteam"]
    agenda = served.get("/api/v1/agenda?team=tildelingsteam", token(served)).json()
    assert case["case_id"] in [item["case_id"] for meeting in agenda["meetings"] for item in meeting["items"]]
    assert served.get("/api/v1/agenda?team=ho-vurderingsteam", token(served)).status_code == 400


def test_its_own_words_and_head_are_in_the_letter(system, served):
    case = case_of(system, served, seed=4605)
    text = pdf_text(served, case)
    assert "Prøvegata 1, 5999 Prøvestad · 55 00 00 00 · https://www.provestad.example.no" in text and "Takk" in text and "Rettighetene dine" not in text
    assert system.one("SELECT version FROM letters WHERE case_id = %s", case["case_id"]).startswith("own.")
    other = case_of(system, served, seed=4606, language="nn")
    assert "Rettane dine" in pdf_text(served, other)


def test_what_it_seals_is_sealed_with_its_own_key(system, served):
    case = case_of(system, served, seed=4607)
    own = {line.split()[0] for line in RING.read_text().splitlines() if line.split()[1:3] == ["seal", "6920"]}
    sealed = system.rows("SELECT encode(substr(sealed, 2, 4), 'hex') FROM documents WHERE id IN (SELECT document_id FROM applications WHERE case_id = %s "
                         "UNION SELECT document_id FROM letters WHERE case_id = %s)", case["case_id"], case["case_id"])
    assert len(sealed) == 2 and {key for key, in sealed} == own


def test_a_team_that_meets_on_another_day_keeps_what_is_on_its_agenda(system, tmp_path):
    """The regular job takes away what nobody is on, and makes what is missing."""
    first = pack("6921", rules={})
    assert municipality("add", *write(tmp_path, first), *WHY).returncode == 0
    with running(TILLIT_MUNICIPALITY="6921") as door:
        door.logins = system.logins
        until("the API to know it", lambda: send(door, "6921", 4610, services=["BPA"]).status_code == 201)
        system.settle()
        days = "SELECT extract(isodow FROM starts_at AT TIME ZONE 'Europe/Oslo')::integer, count(*) FROM meetings WHERE municipality = '6921' GROUP BY 1 ORDER BY 1"
        assert [day for day, _ in system.rows(days)] == [2]
        first["teams"][0]["weekday"] = 4
        assert "team tildelingsteam changed" in municipality("add", *write(tmp_path, first), *WHY).stdout
        system.kill("scheduling")  # its regular jobs run as it begins
        until("the meetings to move", lambda: [(day, count == 1) for day, count in system.rows(days)] == [(2, True), (4, False)], 75)
        second = send(door, "6921", 4611, services=["BPA"])
        system.settle()
        case = door.get(f"/api/v1/cases/{second.json()['case_id']}", token(door, "6921")).json()
        assert len(case["agenda"]) == 1


def test_rules_that_change_hold_from_the_next_day(system, tmp_path):
    first = pack("6922")
    assert municipality("add", *write(tmp_path, first), *WHY).returncode == 0
    first["rules"] = {"first_talk_days": 1, "first_talk_urgent_days": 1}
    before = clock.today()
    done = municipality("add", *write(tmp_path, first), *WHY)
    told = datetime.date.fromisoformat(re.search(r"rules from ([\d-]+)", done.stdout)[1])
    assert before < told <= clock.today() + datetime.timedelta(days=1)
    with running(TILLIT_MUNICIPALITY="6922") as door:
        door.logins = system.logins
        until("the API to know it", lambda: send(door, "6922", 4612).status_code == 201)
        system.settle()
    rows = system.rows("SELECT received_at::text, due_at::text FROM cases JOIN deadlines ON case_id = id WHERE cases.municipality = '6922' AND kind = 'first_talk'")
    for received, due in rows:
        received = datetime.datetime.fromisoformat(received)
        assert count_working_days(received, due) == (5 if received.astimezone(clock.OSLO).date() < told else 1)
    assert rows
    assert system.rows("SELECT first_talk_days FROM municipality_rules WHERE municipality = '6922' ORDER BY since") == [(5,), (1,)]


# ---- how it looks

def test_the_form_offers_all_that_are_served_by_the_norwegian_alphabet(system, served, page, tmp_path):
    assert municipality("add", *write(tmp_path, pack("6930", name="Ås prøvekommune"), pack("6931", name="Aasvær prøvekommune"), pack("6932", name="Æsheim prøvekommune"),
                                      pack("6933", name="Øyer prøvekommune"), pack("6934", name="Zeven prøvekommune")), *WHY).returncode == 0
    system.logins.citizens.person = national_id(4620)
    with running(TILLIT_MUNICIPALITY="") as door:
        page.goto(door.public + "/soknad")
        assert_accessible(page, "form-many")
        names = page.locator("#municipality option").all_inner_texts()
        assert [name.split()[0] for name in names if "prøvekommune" in name] == ["Zeven", "Æsheim", "Øyer", "Ås", "Aasvær"] and names[0] == "Velg kommune"
        assert page.locator("#help").is_hidden()
        page.locator("#municipality").select_option("6920")
        assert "55 00 00 00" in page.locator("#help").inner_text() and page.locator("#help").is_visible()
        fill(page)
        page.get_by_role("button", name="Send søknaden").click()
        page.wait_for_url("**/status/*")
        assert page.locator("#owner").inner_text() == "Prøvestad 6920 kommune"
        assert_accessible(page, "status-branded")


def test_a_municipality_must_be_chosen_and_its_own_link_chooses_it(system, served, page_without_javascript):
    page = page_without_javascript
    system.logins.citizens.person = national_id(4621)
    with running(TILLIT_MUNICIPALITY="") as door:
        page.goto(door.public + "/soknad")
        page.get_by_role("button", name="Send søknaden").click()
        assert page.locator("#summary a").first.inner_text() == "Velg hvilken kommune du bor i"
        assert page.locator("#municipality").get_attribute("aria-invalid") == "true"
        page.goto(door.public + "/soknad?kommune=6920")
        assert page.locator("#municipality").input_value() == "6920" and page.locator("#owner").inner_text() == "Prøvestad 6920 kommune"
        assert "Prøvegata 1" in page.locator("#help").inner_text()
        fill(page)
        page.get_by_role("button", name="Send søknaden").click()
        page.wait_for_url("**/status/*")


def test_where_one_is_served_nothing_is_asked(served, page):
    page.goto(served.public + "/soknad")
    assert page.locator("header.top").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(138, 21, 56)"
    assert_accessible(page, "form-branded")
    assert page.locator("#municipality").count() == 0 and page.locator("#owner").inner_text() == "Prøvestad 6920 kommune"
    assert page.locator("#help").is_visible()


# ---- all of Norway at once

@pytest.fixture(scope="module")
def norway(system, tmp_path_factory):
    """As many municipalities as Norway has, taken in by one call, each with a system that comes for it and a case."""
    files = write(tmp_path_factory.mktemp("norway"), *(pack(number, name=name) for number, name in zip(NUMBERS, NAMES)))
    began = time.monotonic()
    done = municipality("add", *files, *WHY, timeout=300)
    assert done.returncode == 0, done.stderr
    issuer = Issuer()
    issuer.keys = [Key("ES256")]
    with running(TILLIT_MUNICIPALITY="", TILLIT_SYSTEM_ISSUER=issuer.url, TILLIT_DB_CONNECTIONS="1") as door:
        one = Norway(door, issuer, time.monotonic() - began)
        until("the API to know the last of them", lambda: one.send(NUMBERS[-1], NUMBERS[-1]).status_code == 201)
        one.cases = {number: one.sent(number) for number in NUMBERS}
        system.settle(300)
        yield one
    issuer.stop()


class Norway:
    def __init__(self, door, issuer, seconds):
        self.door, self.seconds = door, seconds
        scopes = "tillit:applications.write tillit:applications.read tillit:cases.read tillit:agenda.read"
        self.tokens = {number: issuer.token(scope=scopes, consumer=party(organisation(f"system {number}"))) for number in NUMBERS}

    def send(self, who, number):
        return self.door.post(self.tokens[who], str(uuid.uuid5(uuid.NAMESPACE_URL, f"norway {who} {number}")), seed=int(number), municipality=number, services=["BPA"])

    def sent(self, number):
        answer = self.send(number, number)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, who, path):
        return self.door.get(path, self.tokens[who])


def test_all_are_taken_in_by_one_call_in_a_reasonable_time(system, norway):
    assert len(NUMBERS) == len(set(NAMES)) == 357
    assert system.one("SELECT count(*) FROM municipalities WHERE number = ANY (%s)", NUMBERS) == 357
    assert sum(line.split()[2] in NUMBERS for line in RING.read_text().splitlines() if line.strip()) == 3 * 357
    assert norway.seconds < 30, f"{norway.seconds:.1f} s"


def test_every_case_is_on_its_own_municipalitys_agenda(system, norway):
    planned = system.rows("SELECT cases.municipality, teams.municipality FROM agenda_items JOIN cases ON cases.id = case_id JOIN teams ON teams.id = team_id WHERE cases.municipality = ANY (%s)", NUMBERS)
    assert len(planned) == 357 and all(a == b for a, b in planned)


def test_no_system_sees_what_is_anothers(norway):
    """One connection serves them all in turn; each asks for its own, its neighbour's and three that the dice choose."""
    dice = random.Random(46)
    leaks, asked = [], 0
    for n, who in enumerate(NUMBERS):
        others = [NUMBERS[n - 1], *dice.sample([number for number in NUMBERS if number != who], 3)]
        for number in [who, *others]:
            case = norway.cases[number]
            answers = [norway.get(who, path).status_code for path in (f"/api/v1/cases/{case['case_id']}", f"/api/v1/applications/{case['application_id']}")]
            asked += len(answers)
            if answers != ([200, 200] if number == who else [404, 404]):
                leaks.append((who, number, answers))
        agenda = norway.get(who, "/api/v1/agenda").json()
        asked += 1
        if [item["case_id"] for meeting in agenda["meetings"] for item in meeting["items"]] != [norway.cases[who]["case_id"]]:
            leaks.append((who, "agenda", agenda))
    assert leaks == [] and asked == 357 * 11
    assert norway.send(NUMBERS[0], NUMBERS[1]).status_code == 403


def test_one_connection_shows_every_tenant_its_own_rows_and_no_others(norway):
    """Row by row in the database: all that hang on a case, for each of them in turn, and nothing in between."""
    tables = ["cases", "applications", "documents", "deadlines", "letters", "tasks", "agenda_items", "meetings", "teams", "staff", "case_facts"]
    looks = " UNION ALL ".join(f"SELECT '{table}', count(*) FILTER (WHERE municipality = %(own)s) > 0, count(*) FILTER (WHERE municipality <> %(own)s) FROM {table}" for table in tables)
    with psycopg.connect(os.environ["DATABASE_URL"], user="tillit_api") as db:
        for number in NUMBERS:
            db.execute("SELECT set_config('tillit.municipalities', %s, true)", [number])
            assert db.execute(looks, {"own": number}).fetchall() == [(table, True, 0) for table in tables], number
            db.commit()
            if number == NUMBERS[0]:
                assert db.execute(looks, {"own": number}).fetchall() == [(table, False, 0) for table in tables], "a tenant outlived its transaction"
                db.commit()

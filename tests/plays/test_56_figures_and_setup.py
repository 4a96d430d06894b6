# SPDX-License-Identifier: EUPL-1.2
"""The rooms of who sees figures and of who sees the setup: each for its role alone, and of their own municipality."""
import datetime
import re
import subprocess

import pytest
import requests

import clock
import codes
from conftest import BIN, ROOT, application
from colleagues import as_it_was, colleague, door, issuer  # noqa: F401  (fixtures)
from on_page import assert_accessible

ROOMS = {"/gevinster": "tillit-gevinst", "/oppsett": "tillit-administrator"}


@pytest.mark.parametrize("room, role", ROOMS.items())
def test_a_room_is_for_its_role_alone(system, colleague, room, role):  # noqa: F811
    opened = colleague(role, sub=role)
    assert f'href="{room}"' in opened.get("/").text and opened.get(room).status_code == 200
    for other in ("tillit-saksbehandler", "tillit-teamleder", "tillit-team", "tillit-personvern", "tillit-drift", *ROOMS.values()):
        one = colleague(other, sub=other)
        assert (one.get(room).status_code, f'href="{room}"' in one.get("/").text) == ((200, True) if other == role else (403, False)), other


def words(unit, value):
    if unit == "permille":
        return "under 1 %" if 0 < value < 10 else "over 99 %" if 990 < value < 1000 else f"{(value + 5) // 10} %"
    return ("under 1 s" if value == 0 else f"{value} s") if unit == "seconds" and value < 120 else str(value) if unit == "cases" else None


def test_a_benefit_owner_reads_the_figures_that_the_api_gives(system, colleague, page):  # noqa: F811
    for seed in range(5600, 5606):
        assert system.post(application(seed=seed)).status_code == 201
    system.settle()
    first, after = clock.month(clock.today()), clock.month(clock.today(), 1)
    figures = system.http.get(f"{system.public}/api/v1/indicators?from={first}&to={after}", timeout=10).json()["indicators"]
    told = re.sub(r"\s+", " ", colleague("tillit-gevinst", name="Grete Testdal").get(f"/gevinster?maned={first:%Y-%m}").text)
    assert len(figures) == 4 and all(f["name"] in told for f in figures)
    known = [f for f in figures if f["value"] is not None and words(f["unit"], f["value"])]
    assert known and all(f"<strong>{words(f['unit'], f['value'])}</strong>" in told for f in known), known
    assert all(f"Antall i måneden: {f['n']}" in told for f in figures if f["n"])


def test_a_benefit_owner_chooses_a_month(system, door, issuer, page):  # noqa: F811
    issuer.changes = {"roles": ["tillit-gevinst"], "sub": "grete", "name": "Grete Testdal"}
    page.goto(door.internal + "/gevinster")
    page.get_by_role("link", name="Askøy kommune").click()
    page.get_by_role("heading", name="Gevinster i").wait_for()
    assert page.locator("table.bars").count() == 4 and page.locator("svg.bar").count() == 24
    assert_accessible(page, "console-benefits")
    page.locator("input[name=maned]").fill("2026-01")
    page.get_by_role("button", name="Vis").click()
    page.get_by_role("heading", name="Gevinster i januar 2026").wait_for()
    assert page.locator(".figure").all_inner_texts() == ["Ingen data"] * 4, "no data is not 0"
    page.get_by_role("link", name="Måneden etter").click()
    page.get_by_role("heading", name="Gevinster i februar 2026").wait_for()


def indicators(system, first, after):
    answer = system.http.get(f"{system.public}/api/v1/indicators?from={first}&to={after}", timeout=10).json()
    return {one["id"]: {k: one[k] for k in ("n", "value", "open")} for one in answer["indicators"]}


@pytest.fixture(scope="module")
def twelve(system):
    """Cases whose facts are put where nobody else's are; afterwards they are what the events say."""
    cases = [system.post(application(seed=5700 + n)).json()["case_id"] for n in range(12)]
    system.settle()
    kept = system.rows("SELECT dialogue_day, first_contact_at, received_at, receipt_at, case_id FROM case_facts WHERE case_id::text = ANY (%s)", cases)
    yield cases
    for row in kept:
        system.rows("UPDATE case_facts SET dialogue_day = %s, first_contact_at = %s, received_at = %s, receipt_at = %s WHERE case_id = %s", *row)


LONG_AGO, FAR_AHEAD = ("2019-03-01", "2019-04-01"), ("2039-03-01", "2039-04-01")


@pytest.mark.parametrize("what, day, met, period, want", [
    ("due, and none was held: missed",        "2019-03-04", 0,  LONG_AGO,  {"n": 12, "value": 0, "open": 0}),
    ("due, and nine were held: three missed", "2019-03-04", 9,  LONG_AGO,  {"n": 12, "value": 750, "open": 0}),
    ("none is due yet: no cohort, no value",  "2039-03-04", 0,  FAR_AHEAD, {"n": 0, "value": None, "open": 12}),
    ("five are held before they are due",     "2039-03-04", 5,  FAR_AHEAD, {"n": 5, "value": 1000, "open": 7}),
    ("all are held before they are due",      "2039-03-04", 12, FAR_AHEAD, {"n": 12, "value": 1000, "open": 0}),
    ("nine, and whose talks wait is hidden",  "2039-03-04", 9,  FAR_AHEAD, {"n": 9, "value": 1000, "open": None}),
    ("three, and that is hidden",             "2039-03-04", 3,  FAR_AHEAD, {"n": None, "value": None, "open": 9}),
    ("a month that nobody was in",            "2019-03-04", 12, FAR_AHEAD, {"n": 0, "value": None, "open": 0})])
def test_a_talk_that_is_not_due_yet_is_in_no_cohort(system, twelve, what, day, met, period, want):
    system.rows("UPDATE case_facts SET dialogue_day = %s::date, first_contact_at = NULL WHERE case_id::text = ANY (%s)", day, twelve)
    system.rows("UPDATE case_facts SET first_contact_at = %s::timestamptz WHERE case_id::text = ANY (%s)", day, twelve[:met])
    assert indicators(system, *period)["I4"] == want, what


def test_a_talk_is_missed_once_its_day_is_over(system, twelve):
    """Of the day itself there is time until midnight in Norway."""
    for when, want in ((":now", {"n": 0, "value": None, "open": 12}), (":now - interval '1 day'", {"n": 12, "value": 0, "open": 0})):
        day = system.one(f"SELECT (({when}) AT TIME ZONE 'Europe/Oslo')::date")
        elsewhere = system.rows("SELECT case_id FROM case_facts WHERE dialogue_day = %s AND NOT case_id::text = ANY (%s)", day, twelve)
        system.rows("UPDATE case_facts SET dialogue_day = dialogue_day + 7300 WHERE case_id = ANY (%s)", [case for case, in elsewhere])
        system.rows("UPDATE case_facts SET dialogue_day = %s, first_contact_at = NULL WHERE case_id::text = ANY (%s)", day, twelve)
        try:
            assert indicators(system, day, day + datetime.timedelta(days=1))["I4"] == want, when
        finally:
            system.rows("UPDATE case_facts SET dialogue_day = dialogue_day - 7300 WHERE case_id = ANY (%s)", [case for case, in elsewhere])


@pytest.mark.parametrize("what, waited, receipts, p95, none", [
    ("just received, none has come",      "1 minute", 0,  {"n": 0, "value": None, "open": 12}, {"n": 0, "value": None, "open": 12}),
    ("just received, seven have come",    "1 minute", 7,  {"n": 7, "value": 30, "open": 5},    {"n": 7, "value": 0, "open": 5}),
    ("a day and more, seven never came",  "25 hours", 5,  {"n": 12, "value": None, "open": 0}, {"n": 12, "value": 7, "open": 0}),
    ("a day and more, all have come",     "25 hours", 12, {"n": 12, "value": 30, "open": 0},   {"n": 12, "value": 0, "open": 0})])
def test_who_has_not_waited_for_a_day_is_in_no_cohort_of_receipts(system, twelve, what, waited, receipts, p95, none):
    at = system.one("SELECT :now - %s::interval", waited)
    others = "UPDATE case_facts SET received_at = received_at + %s::interval WHERE NOT case_id::text = ANY (%s)"
    system.rows(others, "-20 years", twelve)
    system.rows("UPDATE case_facts SET received_at = %s, receipt_at = NULL WHERE case_id::text = ANY (%s)", at, twelve)
    system.rows("UPDATE case_facts SET receipt_at = received_at + interval '30 seconds' WHERE case_id::text = ANY (%s)", twelve[:receipts])
    try:
        told = indicators(system, at.date() - datetime.timedelta(days=1), at.date() + datetime.timedelta(days=2))
    finally:
        system.rows(others, "20 years", twelve)
    assert (told["I5"], told["I5_none_24h"]) == (p95, none), what


def test_the_day_of_a_talk_is_its_deadlines_own(system):
    """Of acute and hospital cases too, and by rules of the municipality's own; folding anew gives the same."""
    system.rows("INSERT INTO municipality_rules (municipality, since, first_talk_days, first_talk_urgent_days) VALUES ('4627', :now - interval '1 second', 5, 2)")
    try:
        own = [system.post(application(seed=5720 + n, **changes)).json()["case_id"] for n, changes in enumerate(({}, {"urgency": "acute"}, {"in_hospital": True}, {"urgency": "week"}))]
        system.settle()
    finally:
        system.rows("DELETE FROM municipality_rules WHERE municipality = '4627'")
    house = [system.post(application(seed=5730 + n, **changes)).json()["case_id"] for n, changes in enumerate(({}, {"urgency": "acute"}, {"in_hospital": True}))]
    system.settle()
    day = "SELECT count(*) FROM case_facts JOIN deadlines USING (case_id) WHERE kind = 'first_talk' AND dialogue_day <> ((due_at - interval '1 second') AT TIME ZONE 'Europe/Oslo')::date"
    days = "SELECT dialogue_day FROM case_facts WHERE case_id::text = ANY (%s) ORDER BY array_position(%s, case_id::text)"
    before = [day for day, in system.rows(days, own + house, own + house)]
    assert before[1] == before[2] < before[0] == before[3] and before[5] == before[6] < before[4]
    assert system.one(day + " AND case_id::text = ANY (%s)", own + house) == 0
    assert subprocess.run([BIN / "tillit-metrics", "--rebuild"], capture_output=True, text=True).returncode == 0
    assert system.one(day) == 0 and [day for day, in system.rows(days, own + house, own + house)] == before


def test_bars_stand_on_one_scale(system, twelve, page):
    """Half is half as long as the whole, and nothing at all is no bar; the same words stand beside it."""
    today = clock.today().replace(day=1)
    month = (today - datetime.timedelta(days=20)).replace(day=1)
    taken = system.rows("SELECT case_id, dialogue_day FROM case_facts WHERE dialogue_day < %s AND dialogue_day >= %s", today, month - datetime.timedelta(days=300))
    system.rows("UPDATE case_facts SET dialogue_day = '2038-01-01' WHERE case_id = ANY (%s)", [case for case, _ in taken])
    system.rows("UPDATE case_facts SET dialogue_day = %s, first_contact_at = NULL WHERE case_id::text = ANY (%s)", month, twelve)
    system.rows("UPDATE case_facts SET first_contact_at = %s WHERE case_id::text = ANY (%s)", month, twelve[:6])
    try:
        system.colleague("tillit-gevinst", name="Grete Testdal")
        page.goto(f"{system.internal}/logg-inn?kommune=4627&til=/gevinster")
        page.goto(f"{system.internal}/gevinster?maned={month:%Y-%m}")
        table = page.locator("table.bars").first
        assert table.locator(".axis").inner_text().split("\n") == ["0 %", "50 %", "100 %"]
        rows = [[cell.strip() for cell in row.inner_text().split("\t")] for row in table.locator("tbody tr").all()]
        assert rows[-1][1:] == ["12", "50 %"] and all(row[1:] == ["0", "Ingen data"] for row in rows[:-1]), rows
        boxes = [bar.bounding_box()["width"] for bar in table.locator("svg.bar rect").all()]
        whole = table.locator("svg.bar").first.bounding_box()["width"]
        assert len(boxes) == 1 and abs(boxes[0] - whole / 2) < 1
    finally:
        for case, day in taken:
            system.rows("UPDATE case_facts SET dialogue_day = %s WHERE case_id = %s", day, case)


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1-1", "januar", "2099-01", "2026-00", "%00", "2026-01-01", "0001-01"])
def test_a_month_that_is_none_is_told_so(colleague, month):  # noqa: F811
    answer = colleague("tillit-gevinst").get(f"/gevinster?maned={month}")
    assert answer.status_code == 400 and ("Velg en måned" in answer.text or month == "%00")


def test_another_municipalitys_figures_are_not_counted(system, colleague):  # noqa: F811
    """What is sent to one moves its own figures, and nobody else's."""
    own, other = colleague("tillit-gevinst"), colleague("tillit-gevinst", municipality="4601", realm_access={"roles": ["tillit-gevinst"]})

    def figures(one, of):
        told = one.get(f"/gevinster?maned={month:%Y-%m}").text
        assert of in told
        return re.findall(r"Antall i måneden: (\d+)", told)
    month = clock.month(clock.today())
    before = figures(own, "Askøy kommune"), figures(other, "Bergen kommune")
    receipts = [system.post(application(seed=seed)).json() for seed in range(5610, 5616)]
    system.settle()
    assert figures(other, "Bergen kommune") == before[1]
    if clock.month(datetime.datetime.fromisoformat(receipts[0]["received_at"]).astimezone(clock.OSLO).date()) == month:
        assert figures(own, "Askøy kommune") != before[0]


def late_on(one):
    """(how many, whether it is said to be well) of the operators' page."""
    told = re.sub(r"\s+", " ", one.get("/drift").text)
    many = int(re.search(r"Brutte frister<strong>(\d+)", told)[1])
    assert (f"{many} frister er brutt." if many > 1 else "1 frist er brutt.") in told or not many
    return many, 'class="good lead"' in told


def test_nothing_is_well_while_a_deadline_is_missed(system, colleague):  # noqa: F811
    """Of the operator's own municipality: how many, and never whose."""
    own, other = colleague("tillit-drift"), colleague("tillit-drift", municipality="4601", realm_access={"roles": ["tillit-drift"]})
    before, elsewhere = late_on(own)[0], late_on(other)[0]
    receipt = system.post(application(seed=5790)).json()
    system.settle()
    missed = "UPDATE deadlines SET missed_at = %s WHERE case_id = %s AND kind = 'first_talk'"
    system.rows(missed, clock.now(), receipt["case_id"])
    try:
        assert late_on(own) == (before + 1, False) and late_on(other)[0] == elsewhere
        assert receipt["reference"] not in own.get("/drift").text
    finally:
        system.rows(missed, None, receipt["case_id"])
    assert late_on(own)[0] == before


def test_an_administrator_sees_how_the_municipality_is_set_up(system, door, issuer, page):  # noqa: F811
    issuer.changes = {"roles": ["tillit-administrator"], "sub": "arne", "name": "Arne Demo", "department": "Digitalisering"}
    page.goto(door.internal + "/oppsett")
    page.get_by_role("link", name="Askøy kommune").click()
    page.get_by_role("heading", name="Askøy kommune").wait_for()
    told = page.inner_text("main")
    for words in ("964338442", "56 15 80 00", "Vurderingsteam Helse og omsorg", "onsdager 09.00", "8 saker à 15 minutter", "Liv Mønster (fagansvarlig sykepleier)",
                  "Egil Eksempel", "Teammedlem", "tillit-saksbehandler betyr Saksbehandler", "Et prøvesystem (310123455)", "Arbeidsdager til første samtale", "Som i Tillit ellers"):
        assert words in told, words
    assert_accessible(page, "console-setup")


def test_an_administrator_sees_what_is_set_and_what_is_to_come(system, colleague):  # noqa: F811
    system.rows("INSERT INTO municipality_rules (municipality, since, first_talk_days) VALUES ('4627', :now - interval '1 second', 4), "
                "('4627', :now + interval '3 days', 2)")
    system.rows("INSERT INTO letter_templates (municipality, kind, language, since, text) VALUES ('4627', 'receipt', 'nn', :now, 'Hei {{reference}}')")
    try:
        told = re.sub(r"\s+", " ", colleague("tillit-administrator").get("/oppsett").text)
    finally:
        system.rows("DELETE FROM municipality_rules WHERE municipality = '4627'")
        system.rows("DELETE FROM letter_templates WHERE municipality = '4627'")
    assert re.search(r'Arbeidsdager til første samtale</th><td class="number">4</td><td class="number">2</td><td>Satt av kommunen', told)
    assert re.search(r'ser teamet på saken</th><td class="number">5</td><td class="number">5</td><td>Som i Tillit ellers', told)
    assert "(nn), siden" in told and "Hei" not in told


def test_an_administrator_sees_no_other_municipality(colleague):  # noqa: F811
    one = colleague("tillit-administrator", municipality="4601", realm_access={"roles": ["tillit-administrator"]})
    told = one.get("/oppsett").text
    assert "Bergen kommune" in told and "Vurderingsteam" not in told and "Liv Mønster" not in told


def test_every_role_of_staff_can_be_tried(system):
    roles = set(codes.CODES["role"]) - {"applicant", "system"}
    means = dict(re.findall(r'"value": "([\w-]+)", "role": "(\w+)"', (ROOT / "deploy/local/askoy.json").read_text()))
    tried = {means.get(role) for role in re.findall(r'NULL, "([\w-]+)", +"', (ROOT / "services/api/login/prov.c").read_text())}
    assert len(roles) >= 7 and roles <= tried


@pytest.mark.parametrize("path", ["/logget-ut", "/logg-inn", "/nowhere"])
def test_a_page_of_staff_carries_no_citizens_foot(system, path):
    answer = requests.get(system.internal + path, headers={"Accept": "text/html"}, timeout=10)
    assert "Bare de som arbeider med saken din" not in answer.text


def test_whoever_has_no_role_is_told_so_as_staff_are(door, issuer):  # noqa: F811
    from colleagues import Colleague
    answer = Colleague(door, issuer, "vaktmester").log_in()
    assert answer.status_code == 403 and "ingen rolle" in answer.text and "Bare de som arbeider med saken din" not in answer.text

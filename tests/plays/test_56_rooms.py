# SPDX-License-Identifier: EUPL-1.2
"""The rooms of who sees figures and of who sees the setup: each for its role alone, and of their own municipality."""
import datetime
import re

import pytest
import requests

import clock
from conftest import ROOT, application
from test_05_pages import assert_accessible
from test_46_staff import as_it_was, colleague, door, issuer  # noqa: F401  (fixtures)

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
        return f"{value // 10},{value % 10} %"
    return f"{value} s" if unit == "seconds" and value < 120 else str(value) if unit == "cases" else None


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
    assert page.locator("svg.throughput").count() == 4
    assert_accessible(page, "console-benefits")
    page.get_by_label("Måned").fill("2026-01")
    page.get_by_role("button", name="Vis").click()
    page.get_by_role("heading", name="Gevinster i januar 2026").wait_for()
    assert "Ingen" in page.locator(".tiles").inner_text()
    page.get_by_role("link", name="Måneden etter").click()
    page.get_by_role("heading", name="Gevinster i februar 2026").wait_for()


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
    roles = set(re.findall(r'\{ ROLE_\w+, "(\w+)" \}', (ROOT / "common/api_role.c").read_text())) - {"applicant", "system"}
    means = dict(re.findall(r'"value": "([\w-]+)", "role": "(\w+)"', (ROOT / "deploy/local/askoy.json").read_text()))
    tried = {means.get(role) for role in re.findall(r'NULL, "([\w-]+)", +"', (ROOT / "services/api/prov.c").read_text())}
    assert len(roles) >= 7 and roles <= tried


@pytest.mark.parametrize("path", ["/logget-ut", "/logg-inn", "/nowhere"])
def test_a_page_of_staff_carries_no_citizens_foot(system, path):
    answer = requests.get(system.internal + path, headers={"Accept": "text/html"}, timeout=10)
    assert "Bare de som arbeider med saken din" not in answer.text


def test_whoever_has_no_role_is_told_so_as_staff_are(door, issuer):  # noqa: F811
    from test_46_staff import Colleague
    answer = Colleague(door, issuer, "vaktmester").log_in()
    assert answer.status_code == 403 and "ingen rolle" in answer.text and "Bare de som arbeider med saken din" not in answer.text

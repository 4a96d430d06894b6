# SPDX-License-Identifier: EUPL-1.2
"""What depends on the day, on each of the days of tests/clock.py: the running system is told that it is that day, and the time goes on
from there, in some of them past midnight. Plays of other files that must hold there as well are named here."""
import datetime
import json
import os
import re
import subprocess

import pytest
import requests

import clock
import readme
from conftest import STATE, application, national_id
from login import STAFF_LOGIN
from citizens import open_to_citizens
from colleagues import as_it_was, case, colleague, issuer  # noqa: F401  (fixtures)
from on_page import MONTHS
from test_01_journey import test_the_first_talk_moves_the_case_and_the_indicator  # noqa: F401
from test_46_staff import test_the_talk_is_taken_once_and_never_over_what_changed  # noqa: F401
from test_56_figures_and_setup import test_a_benefit_owner_reads_the_figures_that_the_api_gives, test_an_administrator_sees_what_is_set_and_what_is_to_come, test_another_municipalitys_figures_are_not_counted  # noqa: F401

DAYS = clock.days()


@pytest.fixture(scope="module")
def door(system):
    """Under the system's own clock."""
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    system.rows(STAFF_LOGIN, *system.logins.staff_row("4601", "realm_access.roles"))
    with open_to_citizens(system.logins.citizens, TILLIT_CLOCK_FILE=os.environ["TILLIT_CLOCK_FILE"]) as one:
        yield one
    system.rows("DELETE FROM staff_logins WHERE municipality = '4601'")


@pytest.fixture(scope="module", autouse=True, params=DAYS, ids=[f"{name} {moment:%Y}" for name, moment in DAYS])
def day(request, system):
    with system.at(request.param[1]):
        yield request.param[1]


def oslo(moment):
    return datetime.datetime.fromisoformat(moment).astimezone(clock.OSLO)


def ends(day):
    """When that day does."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), clock.OSLO)


def month_later(day):
    last = clock.month(day, 2) - datetime.timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def words(day):
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def meetings(system, since):
    """All of the team's from that day on, page by page: other plays may have filled the first eight weeks."""
    page = {"next": ""}
    while page["next"] is not None:
        asked = {"team": "ho-vurderingsteam", "from": since.isoformat(), "to": (since + datetime.timedelta(days=730)).isoformat(),
                 **({"cursor": page["next"]} if page["next"] else {})}
        page = system.http.get(system.public + "/api/v1/agenda", params=asked, timeout=10).json()
        yield from page["meetings"]
        page.setdefault("next", None)


@pytest.mark.parametrize("urgency, working_days", [("none", 3), ("acute", 1)])
def test_what_is_promised_is_what_the_calendar_says(system, urgency, working_days):
    """Deadlines, letter, the person's page and the team's agenda, reckoned from the day in Oslo on which it was received."""
    receipt = system.post(application(seed=8900, urgency=urgency, services=["HSH", "TRALARM", "BPA"])).json()
    system.settle()
    case = system.case(receipt["case_id"]).json()
    received = oslo(receipt["received_at"]).date()
    call, reply = clock.working_day(received, working_days), month_later(received)
    assert {d["kind"]: oslo(d["due"]) for d in case["deadlines"]} == {"first_talk": ends(call), "preliminary_reply": ends(reply)}
    (STATE / "day.pdf").write_bytes(system.http.get(system.public + case["letters"][0]["href"], timeout=10).content)
    letter = " ".join(subprocess.run(["pdftotext", STATE / "day.pdf", "-"], capture_output=True, text=True, check=True).stdout.split())
    assert f"Vi ringer deg senest {words(call)}" in letter and f"senest {words(reply)}." in letter
    assert f"Vi mottok søknaden {words(received)} kl. {oslo(receipt['received_at']):%H.%M}." in letter
    if urgency == "acute":
        return  # no team waits with it
    meeting = next(m for m in meetings(system, received) if receipt["case_id"] in [item["case_id"] for item in m["items"]])
    starts = oslo(meeting["starts_at"])
    assert clock.is_working_day(starts.date()) and starts.date() > received and (starts.isoweekday(), starts.hour) == (3, 9)


def test_what_comes_next_is_told_for_the_same_day(system):
    view = system.post(application(seed=8901)).json()
    system.settle()
    told = system.http.get(f"{system.public}/api/v1/applications/{view['application_id']}", timeout=10).json()
    assert oslo(told["timeline"][0]["at"]).date() == oslo(view["received_at"]).date()
    assert oslo(told["next"]["due"]) == ends(clock.working_day(oslo(view["received_at"]).date(), 3))


def test_a_talk_is_taken_as_the_form_itself_says_the_time(system, colleague, case):  # noqa: F811
    """The hour that comes twice, or not at all, as well."""
    one = colleague()
    assert one.open(case["case_id"]).status_code == 303
    page = one.get(f"/saker/{case['case_id']}").text
    told = re.search(r'name="at"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="at"', page)
    seq = re.search(r'name="seq" value="([^"]*)"', page)[1]
    answer = one.post(f"/saker/{case['case_id']}/samtale", kind="phone", **{"with": "applicant"}, two_way="true", at=told[1] or told[2], seq=seq)
    assert answer.status_code == 303, re.sub("<[^>]+>", " ", answer.text)
    made, received = system.rows("SELECT contacts.at, cases.received_at FROM contacts JOIN cases ON cases.id = case_id WHERE case_id = %s", case["case_id"])[0]
    assert made <= clock.now() and made >= received.replace(second=0, microsecond=0), "the talk lies before the application"


def test_the_month_that_is_comes_first(colleague):  # noqa: F811
    before = clock.today()
    told = colleague("tillit-gevinst").get("/gevinster").text
    assert any(f"Gevinster i {MONTHS[d.month - 1]} {d.year}" in told for d in {before, clock.today()})


def test_who_has_seen_what_holds_what_was_seen_just_now(system, case):  # noqa: F811
    assert system.http.get(f"{system.public}/api/v1/cases/{case['case_id']}", headers={"Access-Reason": "Kalender"}, timeout=10).status_code == 200
    officer = system.colleague("tillit-personvern", name="Pia Prøve")
    found = officer.get(system.internal + "/api/v1/access-log", params={"case": case["case_id"]}, timeout=10).json()["accesses"]
    assert [a["reason"] for a in found][0] == "Kalender"
    today = officer.get(system.internal + "/api/v1/access-log", timeout=10, params={
        "case": case["case_id"], "from": oslo(case["received_at"]).date().isoformat(), "to": (clock.today() + datetime.timedelta(days=1)).isoformat()}).json()["accesses"]
    assert {a["access_id"] for a in found} <= {a["access_id"] for a in today}


def test_what_the_readme_says_to_type_can_be_typed(system):
    (STATE / "cases").write_text("\n".join(system.post(application(seed=8910 + n)).json()["case_id"] for n in range(6)))
    system.settle()
    said, again = readme.first_talks(system.public, system.logins.systems.root)
    assert said.count('"case_seq"') == 6, said
    system.settle()
    talks = next(i for i in json.loads(again())["indicators"] if i["id"] == "I4")
    assert talks["n"] >= 5 and talks["value"] is not None, talks


def test_a_citizens_login_holds(system):
    citizen = system.citizen(national_id(8902))
    assert citizen.get(system.public + "/mine", allow_redirects=False, timeout=10).status_code == 200
    assert requests.get(system.public + "/mine", allow_redirects=False, timeout=10).status_code == 303

# SPDX-License-Identifier: EUPL-1.2
"""Staff see who takes part in a case, and end the part of one who acts for another: from then on they see no more of it than a stranger."""
import re
import uuid

import pytest

from backbone import together
from citizens import logged_in
from colleagues import as_it_was, colleague, door, issuer  # noqa: F401  (fixtures)
from looks import newest, rows_since
from on_page import assert_accessible
from parties import case_of, listed, parties, send_for

A, P, R, S = "applicant", "party", "recipient", "submitter"
WHY = {"why": "mandate_over"}


@pytest.fixture
def citizens(system):
    return system.logins.citizens


@pytest.fixture
def cared_for(system, door, citizens, request):  # noqa: F811
    """A case that a guardian sent: (its page, its case, the guardian, whose case it is)."""
    seed = 55000 + sum(map(ord, request.node.name)) % 900 * 10
    guardian = logged_in(door, citizens, seed)
    status = send_for(guardian, seed + 1, "guardian", "certificate", **{"submitter/name": "Vera Verge", "applicant/name": "Ola Prøve"})
    system.settle()
    return status, case_of(system, status), guardian, seed + 1


def end(staff, case, n=1, **fields):
    return staff.post(f"/saker/{case}/deltaker/{n}", **(fields or WHY))


def test_staff_end_a_guardians_part_on_the_page(system, door, issuer, page, citizens, cared_for):  # noqa: F811
    status, case, guardian, helped = cared_for
    issuer.changes = {"sub": "odd", "name": "Odd Prøvestad"}
    page.goto(door.internal + f"/saker/{case}")
    page.get_by_role("link", name="Askøy kommune").click()
    page.get_by_label("Jeg behandler saken").check()
    page.get_by_role("button", name="Åpne saken").click()
    people = page.locator("section", has=page.get_by_role("heading", name="Hvem er med i saken"))
    told = people.inner_text()
    assert "Vera Verge, verge: sendte søknaden, får brevene" in told and "Grunnlag: vergeattest" in told and "Ola Prøve, den saken gjelder: søker, part i saken" in told
    people.get_by_text("Avslutt rollen").first.click()
    assert_accessible(page, "console-parts")
    people.get_by_label("Vergemålet eller fullmakten er slutt").check()
    people.get_by_role("button", name="Avslutt rollen").click()
    page.wait_for_url(door.internal + f"/saker/{case}")
    told = people.inner_text()
    assert "Avsluttet" in told and "(Odd Prøvestad): Vergemålet eller fullmakten er slutt" in told and "Ola Prøve, den saken gjelder: søker, part i saken, får brevene" in told
    assert people.get_by_role("button").count() == 0
    assert_accessible(page, "console-parts-ended")
    assert guardian.get(status).status_code == guardian.get(status + "/brev/1").status_code == 404 and listed(guardian) == []
    theirs, nobodys = (guardian.get(f"/api/v1/applications/{one}") for one in (status.rsplit("/", 1)[1], uuid.uuid4()))
    same = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in (theirs, nobodys)]
    assert theirs.status_code == 404 and same[0] == same[1], "they are told that there is something"
    person = logged_in(door, citizens, helped)
    assert listed(person) == [("Søknad for deg selv", status)]
    seen = person.get(status + "/innsyn").text
    assert "Odd Prøvestad" in seen and "Avsluttet rollen til en som var med i saken" in seen


def test_what_ends_ends_once_and_is_logged_with_why_the_case_is_open(system, colleague, cared_for):  # noqa: F811
    _, case, *_ = cared_for
    one = colleague("tillit-saksbehandler", name="Odd Prøvestad")
    one.open(case)
    since = newest(system)
    assert end(one, case).status_code == 303
    row, = [r for r in rows_since(system, since) if r["what"] == "part"]
    assert (row["act"], row["case_id"], row["name"]) == ("write", str(case), "Odd Prøvestad") and row["reason"]
    after = parties(system, case)
    assert [(parts, until is None) for parts, _, _, until in after] == [([S, R], False), ([A, P], False), ([A, P, R], True)]
    assert end(one, case, why="own_wish").status_code == 303 and parties(system, case) == after
    assert [r["act"] for r in rows_since(system, since) if r["what"] == "part"] == ["write", "read"], "the person reads of an end that was none"
    assert system.rows("SELECT ended_why FROM case_parties WHERE case_id = %s AND ended_why IS NOT NULL", case) == [("mandate_over",)]


def test_of_many_clicks_at_once_one_ends_it(system, colleague, cared_for):  # noqa: F811
    _, case, *_ = cared_for
    one = colleague("tillit-saksbehandler")
    one.open(case)
    since, csrf = newest(system), one.csrf()
    clicks = together([lambda: one.send("POST", f"/saker/{case}/deltaker/1", data={"csrf": csrf, **WHY})] * 8)
    assert {click.status_code for click in clicks} == {303}
    assert [(parts, until is None) for parts, _, _, until in parties(system, case)] == [([S, R], False), ([A, P], False), ([A, P, R], True)]
    assert sorted(r["act"] for r in rows_since(system, since) if r["what"] == "part") == ["read"] * 7 + ["write"]


def test_another_sites_form_ends_nothing(system, colleague, cared_for):  # noqa: F811
    _, case, *_ = cared_for
    one = colleague("tillit-saksbehandler")
    one.open(case)
    before = parties(system, case)
    for csrf in ({}, {"csrf": "x" * 43}):
        assert one.send("POST", f"/saker/{case}/deltaker/1", data={**csrf, **WHY}).status_code == 403
    assert parties(system, case) == before


def test_letters_that_somebody_else_gets_stay_with_them(system, door, citizens, colleague):  # noqa: F811
    status = send_for(logged_in(door, citizens, 55901), 55902, "attorney", "none")
    case = case_of(system, status)
    one = colleague("tillit-saksbehandler")
    one.open(case)
    assert end(one, case, why="never_shown").status_code == 303
    assert [(parts, until is None) for parts, _, _, until in parties(system, case)] == [([S], False), ([A, P, R], True)]


def test_who_asks_for_something_of_their_own_stays_a_party(system, door, citizens, colleague):  # noqa: F811
    """Help to those who care for another is theirs: no mandate ends it."""
    status = send_for(logged_in(door, citizens, 55903), 55904, "parent", "parental", services=["AVLI"])
    case, one = case_of(system, status), colleague("tillit-saksbehandler")
    one.open(case)
    before = parties(system, case)
    assert "Avslutt rollen" not in one.get(f"/saker/{case}").text
    assert end(one, case).status_code == 404 and parties(system, case) == before


@pytest.mark.parametrize("n, fields, status", [(2, WHY, 404), (9, WHY, 404), (1000000, WHY, 404), (0, WHY, 404), (1, {"why": "because"}, 400), (1, {"x": "y"}, 400)],
                         ids=["whose case it is", "nobody", "nobody of a great number", "no number", "no such reason", "no reason"])
def test_what_can_not_end_is_left_as_it_is(system, colleague, cared_for, n, fields, status):  # noqa: F811
    _, case, *_ = cared_for
    one = colleague("tillit-saksbehandler")
    one.open(case)
    before = parties(system, case)
    assert end(one, case, n, **fields).status_code == status and parties(system, case) == before


def test_who_has_not_opened_the_case_or_may_not_ends_nothing(system, door, colleague, cared_for):  # noqa: F811
    status, case, guardian, _ = cared_for
    before = parties(system, case)
    assert end(colleague("tillit-saksbehandler", sub=str(uuid.uuid4())), case).status_code == 403
    for role in ("tillit-drift", "tillit-personvern", "tillit-gevinst", "tillit-administrator", "tillit-team"):
        assert end(colleague(role, sub=role), case).status_code in (403, 404), role
    other = colleague("tillit-saksbehandler", municipality="4601", realm_access={"roles": ["tillit-saksbehandler"]})
    assert end(other, case).status_code == 404
    assert parties(system, case) == before and guardian.get(status).status_code == 200


def test_in_an_emergency_nothing_is_ended(system, colleague, cared_for):  # noqa: F811
    _, case, *_ = cared_for
    one = colleague("tillit-team", sub="medlem-i-nod")
    assert one.open(case, emergency="true", words="Brann i huset").status_code == 303
    before = parties(system, case)
    assert end(one, case).status_code == 403 and parties(system, case) == before
    assert "Avslutt rollen" not in re.sub(r"\s+", " ", one.get(f"/saker/{case}").text)

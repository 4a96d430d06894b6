# SPDX-License-Identifier: EUPL-1.2
"""A case's people: who sends, whom it is for, who is party, who is written to; and the page on which each finds what is theirs."""
import os
import re
import subprocess
import uuid
from contextlib import contextmanager

import pytest
import requests

from codes import CODES
from conftest import BIN, STATE, application, national_id, until
from doors import running
from issuer import Citizens, Key
from backbone import together
from citizens import Visitor, issuer, logged_in, open_to_citizens, systems  # noqa: F401  (fixtures)
from on_page import assert_accessible
from parties import case_of, listed, parties, send_for

ALL = CODES["part"]


@pytest.fixture(scope="module")
def door(system, issuer):
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    with open_to_citizens(issuer, TILLIT_MUNICIPALITY="4627,4601") as one:
        yield one


S, A, P, R = ALL
ROLES = [
    # role          basis           services  the submitter's      the applicant's
    ("guardian",      "certificate", ["HSH"],  [S, R],              [A, P]),
    ("guardian",      "attached",    ["HSH"],  [S, R],              [A, P]),
    ("guardian",      "later",       ["HSH"],  [S],                 [A, P, R]),
    ("attorney",      "attached",    ["HSH"],  [S, R],              [A, P]),
    ("attorney",      "none",        ["HSH"],  [S],                 [A, P, R]),
    ("parent",        "parental",    ["HSH"],  [S, R],              [A, P]),
    ("parent",        "parental",    ["AVLI"], [S, P, R],           [A, P]),
    ("relative",      "attached",    ["HSH"],  [S],                 [A, P, R]),
    ("relative",      "none",        ["OMSTON"], [S, P, R],         [A, P, R]),
    ("health_worker", None,          ["HSH"],  [S],                 [A, P, R]),
    ("municipal",     None,          [],       [S],                 [A, P, R]),
    ("hospital",      None,          ["KORT"], [S],                 [A, P, R]),
]


@pytest.mark.parametrize("n, role, basis, services, submitter, applicant", [(n, *row) for n, row in enumerate(ROLES)], ids=[f"{r[0]}-{r[1]}-{'-'.join(r[2])}" for r in ROLES])
def test_who_takes_part_and_who_finds_the_case(system, issuer, door, n, role, basis, services, submitter, applicant):
    sender, helped = logged_in(door, issuer, 46000 + n), 46100 + n
    status = send_for(sender, helped, role, basis, services=services)
    case = case_of(system, status)
    assert parties(system, case) == [(submitter, role, basis, None), (applicant, None, None, None)]
    assert listed(sender) == [("Søknad for Ola Prøve", status)]
    assert listed(logged_in(door, issuer, helped)) == [("Søknad for deg selv", status)]
    stranger = logged_in(door, issuer, 46200 + n)
    assert listed(stranger) == [] and stranger.get(status).status_code == 404


def test_for_oneself_all_parts_are_one_persons(system, issuer, door):
    visitor = logged_in(door, issuer, 46300)
    status = visitor.submit().headers["Location"].split("?")[0]
    assert parties(system, case_of(system, status)) == [(ALL, None, None, None)]
    assert listed(visitor) == [("Søknad for deg selv", status)]


def test_the_applicant_reads_who_sent_it_and_the_sender_does_not_read_their_own_name(system, issuer, door):
    sender = logged_in(door, issuer, 46301)
    send_for(sender, 46302, "relative", "none", **{"submitter/name": "Ola Eksempel"})
    assert "av Ola Eksempel" in logged_in(door, issuer, 46302).get("/mine").text
    assert "Ola Eksempel" not in sender.get("/mine").text


def test_who_acts_for_one_without_a_number_finds_it_and_each_such_case_has_its_own_person(system, issuer, door):
    before = system.one("SELECT count(*) FROM persons WHERE person_index IS NULL")
    sender = logged_in(door, issuer, 46303)
    cases = [case_of(system, send_for(sender, None, "parent", "parental", name="Nyfødt Prøve")) for _ in range(2)]
    assert [text for text, _ in listed(sender)] == ["Søknad for Nyfødt Prøve"] * 2
    assert system.one("SELECT count(*) FROM persons WHERE person_index IS NULL") == before + 2
    named = system.rows("SELECT case_id, count(*) FROM case_parties JOIN persons ON persons.id = person_id WHERE case_id = ANY (%s) GROUP BY case_id", cases)
    assert sorted(named) == sorted((case, 1) for case in cases)


def test_whose_part_has_ended_sees_no_more_than_a_stranger(system, issuer, door):
    guardian, helped = logged_in(door, issuer, 46304), logged_in(door, issuer, 46305)
    status = send_for(guardian, 46305, "guardian", "certificate")
    system.settle()
    path = f"/api/v1/applications/{status.rsplit('/', 1)[1]}"
    guardian = logged_in(door, issuer, 46304)
    assert guardian.get(status).status_code == guardian.get(status + "/brev/1").status_code == guardian.get(path).status_code == 200
    system.rows("UPDATE case_parties SET until = :now WHERE case_id = %s AND role = 'guardian'", case_of(system, status))
    absent = f"/api/v1/applications/{uuid.uuid4()}"
    same = [{k: v for k, v in guardian.get(p).json().items() if k != "instance"} for p in (path, absent)]
    assert same[0] == same[1] and same[0]["status"] == 404
    assert guardian.get(status).status_code == guardian.get(status + "/brev/1").status_code == 404 and listed(guardian) == []
    helped = logged_in(door, issuer, 46305)
    assert helped.get(status).status_code == 200 and listed(helped) == [("Søknad for deg selv", status)]


def test_a_part_that_begins_later_opens_nothing_yet(system, issuer, door):
    owner = logged_in(door, issuer, 46306)
    status = owner.submit().headers["Location"].split("?")[0]
    later = logged_in(door, issuer, 46307)
    other = later.submit().headers["Location"].split("?")[0]
    system.rows("INSERT INTO case_parties (case_id, n, municipality, person_index, parts, role, basis, since) SELECT %s, 2, municipality, person_index, '{party}', 'attorney', "
                "'attached', :now + interval '1 day' FROM case_parties WHERE case_id = %s", case_of(system, status), case_of(system, other))
    assert later.get(status).status_code == 404 and listed(later) == [("Søknad for deg selv", other)]
    system.rows("UPDATE case_parties SET since = :now - interval '1 second' WHERE case_id = %s AND n = 2", case_of(system, status))
    assert later.get(status).status_code == 200 and listed(later) == [("Søknad for deg selv", other), ("Søknad for Kari Prøve", status)]
    assert "av Kari Prøve" not in later.get("/mine").text


def test_one_page_lists_all_municipalities_and_one_person_is_one_in_each(system, issuer, door):
    visitor = logged_in(door, issuer, 46308)
    for municipality in ("4627", "4601", "4627"):
        assert visitor.submit(municipality=municipality).status_code == 303
    text = visitor.get("/mine").text
    assert len(listed(visitor)) == 3 and text.count("til Askøy kommune") == 2 and text.count("til Bergen kommune") == 1
    rows = system.rows("SELECT municipality, person_index FROM persons WHERE person_index IN (SELECT person_index FROM case_parties WHERE case_id = ANY (%s))",
                       [case_of(system, href) for _, href in listed(visitor)])
    assert sorted(m for m, _ in rows) == ["4601", "4627"] and len({index for _, index in rows}) == 2
    with open_to_citizens(issuer, TILLIT_MUNICIPALITY="4601") as bergen:
        assert len(listed(logged_in(bergen, issuer, 46308))) == 1, "another municipality's case is shown"


def persons_of(system, receipts):
    return system.rows("SELECT DISTINCT persons.id FROM persons JOIN case_parties USING (person_index) WHERE case_id = ANY (%s)", [r.json()["case_id"] for r in receipts])


def test_a_new_person_who_comes_at_once_by_many_doors_is_one_person(system, door):
    """In one shared commit, and in the commits of two programs that wait for each other."""
    for seed in range(46320, 46330):
        with running() as other:
            def send(public):
                return system.http.post(public + "/api/v1/applications", json=application(seed=seed), headers={"Idempotency-Key": str(uuid.uuid4())}, timeout=20)
            receipts = together([lambda at=at: send(at) for at in (system.public, other.public) * 8])
            assert {r.status_code for r in receipts} == {201}
            assert len(persons_of(system, receipts)) == 1
        if seed == 46321:
            break


def test_two_people_who_apply_for_each_other_at_once_do_not_wait_for_each_other(system):
    one, two = national_id(46331), national_id(46332)

    def send(submitter, helped):
        return system.post(application(submitter={"national_id": submitter, "name": "Kari Prøve", "role": "relative", "basis": "none"},
                                       applicant={"national_id": helped, "name": "Ola Prøve"}))
    receipts = together([lambda a=a, b=b: send(a, b) for a, b in ((one, two), (two, one)) * 12])
    assert {r.status_code for r in receipts} == {201} and len(persons_of(system, receipts)) == 2


def known(system, receipt):
    return system.rows("SELECT own, said_at, updated_at, created_at, sealed FROM persons WHERE person_index = (SELECT person_index FROM case_parties WHERE case_id = %s AND 'applicant' = ANY (parts))",
                       receipt.json()["case_id"])[0]


def test_what_a_person_says_newer_of_themself_is_learnt_and_what_another_says_is_not(system):
    def sends(**changes):
        receipt = system.post(application(seed=46333, **changes))
        assert receipt.status_code == 201, receipt.text
        system.settle()
        return receipt
    own = {"national_id": national_id(46333), "name": "Kari Prøve", "role": "self"}
    another = {"submitter": {"national_id": national_id(46334), "name": "Ola Prøve", "role": "relative", "basis": "none"},
               "applicant": {"national_id": national_id(46333), "name": "Kari Falsk", "phone": "99999999"}}
    states = [known(system, sends(**changes)) for changes in (another, {"submitter": {**own, "phone": "11111111"}}, another, {"submitter": {**own, "email": "kari@example.org"}})]
    assert [state[0] for state in states] == [False, True, True, True]
    assert states[1] == states[2], "what another said was learnt"
    assert len({state[4] for state in states}) == 3 and states[0][1] < states[1][1] < states[3][1]
    assert all(state[3] == states[0][3] for state in states) and states[3][2] > states[1][2]


def test_a_name_that_is_known_is_not_told_to_whoever_knows_the_number(system, issuer, door):
    assert logged_in(door, issuer, 46335).submit(**{"submitter/name": "Hemmelig Navn"}).status_code == 303
    curious = logged_in(door, issuer, 46336)
    send_for(curious, 46335, "relative", "none", name="Vet Ikke")
    assert listed(curious)[0][0] == "Søknad for Vet Ikke" and "Hemmelig" not in curious.get("/mine").text


def test_more_than_a_page_is_reached_by_its_link_and_nothing_twice(system, issuer, door):
    visitor = logged_in(door, issuer, 46337)
    number = issuer.person
    sent = [system.post(application(submitter={"national_id": number, "name": "Kari Prøve", "role": "self"})) for _ in range(53)]
    newest_first = [f"/status/{receipt.json()['application_id']}" for receipt in reversed(sent)]
    first = visitor.get("/mine").text
    further = re.search(r'href="(/mine\?fra=[^"]+)"', first)[1]
    pages = [[href for _, href in listed(visitor, path)] for path in ("/mine", further)]
    assert [len(page) for page in pages] == [50, 3] and pages[0] + pages[1] == newest_first
    assert "fra=" not in visitor.get(further).text and number not in further
    assert listed(visitor, "/mine?fra=x") == listed(visitor) == listed(visitor, "/mine?fra=1.x")


def test_whoever_logs_in_comes_to_their_page_and_from_every_page_there_again(system, issuer, door, page):
    issuer.person = national_id(46338)
    page.goto(door.public + "/logg-inn")
    page.wait_for_url(door.public + "/mine")
    assert_accessible(page, "mine-empty")
    assert page.get_by_text("Du har ingen søknader hos oss.").count() == 1
    page.get_by_role("link", name="Søk om helse- og omsorgstjenester").click()
    page.wait_for_url(door.public + "/soknad")
    page.get_by_role("link", name="Mine saker").click()
    page.wait_for_url(door.public + "/mine")


def test_the_page_is_whole_on_a_phone_without_javascript(system, issuer, door, page, page_without_javascript):
    visitor = logged_in(door, issuer, 46339)
    visitor.submit(urgency="week")
    send_for(visitor, 46340, "attorney", "attached", name="Gunnbjørg-Marie Prøvestad Mønsterhaugen", municipality="4601")
    send_for(logged_in(door, issuer, 46341), 46339, "hospital", **{"submitter/name": "Synne Testberg", "in_hospital": "yes"})
    withdrawn = visitor.submit().headers["Location"].split("?")[0]
    system.settle()
    system.rows("UPDATE cases SET status = 'WITHDRAWN' WHERE id = %s", case_of(system, withdrawn))
    for at, name in ((page, "mine"), (page_without_javascript, "mine-phone")):
        issuer.person = national_id(46339)
        at.goto(door.public + "/logg-inn")
        at.wait_for_url(door.public + "/mine")
        if at is page:
            assert_accessible(at, name)
        at.screenshot(path=STATE.parent / f"page-{name}.png", full_page=True)
        assert at.locator("ul.cases > li").count() == 4
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it must be scrolled sideways"
    text = page.locator("main").inner_text()
    assert "Vi ringer deg for å snakke om hva som er viktig for deg. Senest" in text and text.count("Søknaden er trukket") == 1
    page.get_by_role("link", name="Søknad for deg selv").first.click()
    page.wait_for_url("**/status/*")


@contextmanager
def another_index_key(purpose="index", municipality="*"):
    ring = STATE / f"keyring-{uuid.uuid4()}"
    ring.touch(0o600)
    lines = open(os.environ["TILLIT_KEYRING"]).read()
    ring.write_text(lines + f"{os.urandom(4).hex()} {purpose} {municipality} {'A' * 42}E=\n")
    try:
        yield ring
    finally:
        ring.unlink()


def test_a_new_index_key_hides_nothing_that_is_there(system, issuer, door):
    before = logged_in(door, issuer, 46344).submit().headers["Location"].split("?")[0]
    for municipality in ("*", "4627"):
        with another_index_key(municipality=municipality) as ring, open_to_citizens(issuer, TILLIT_KEYRING=str(ring)) as later:
            visitor = logged_in(later, issuer, 46344)
            after = visitor.submit().headers["Location"].split("?")[0]
            assert [href for _, href in listed(visitor)][:1] + [listed(visitor)[-1][1]] == [after, before]
            assert visitor.get(before).status_code == visitor.get(after).status_code == 200


def test_no_index_and_no_one_is_in_logs_metrics_and_events(system, issuer, door):
    sender = logged_in(door, issuer, 46350)
    status = send_for(sender, 46351, "guardian", "certificate", name="Usynlig Prøvesen")
    system.settle()
    sender = logged_in(door, issuer, 46350)
    listed(sender)
    indexes = [bytes(index) for index, in system.rows("SELECT person_index FROM case_parties WHERE case_id = %s", case_of(system, status))]
    said = str(system.rows("SELECT data::text FROM events WHERE case_id = %s", case_of(system, status)))
    told = "".join(door.lines) + requests.get(door.internal + "/metrics", timeout=5).text + "".join(system.log(p) for p in ("api", "letters", "upkeep", "triage")) + said
    assert len(indexes) == 2 and "/mine" in told
    for what in [index.hex() for index in indexes] + [index[4:].hex() for index in indexes] + [national_id(46350), national_id(46351), "Usynlig"]:
        assert what not in told, what


@pytest.mark.parametrize("purpose", ["seal", "index", "idempotency"])
def test_check_says_that_who_logs_in_needs_a_key_of_every_municipality(system, purpose):
    ring = STATE / "keyring-narrow"
    ring.touch(0o600)
    ring.write_text(re.sub(rf"^(\w+ {purpose}) \*", r"\1 4627", open(os.environ["TILLIT_KEYRING"]).read(), flags=re.M))
    done = subprocess.run([BIN / "tillit-api", "--check"], capture_output=True, text=True, timeout=30, env={**os.environ, "TILLIT_KEYRING": str(ring)})
    assert done.returncode != 0 and f"no {purpose} key for *" in done.stderr


def test_an_issuers_keys_are_there_before_the_first_who_comes(system, systems):
    mine = Citizens(Key())
    with open_to_citizens(mine, TILLIT_SYSTEM_ISSUER=systems.url) as door:
        until("the keys to be fetched", lambda: door.metric('tillit_issuer_key_fetches_total{issuer="citizen",outcome="good"}') == 1 and
              door.metric('tillit_issuer_key_fetches_total{issuer="system",outcome="good"}') == 1, 10)
        mine.stop()
        assert Visitor(door).get("/logg-inn").status_code == 303
    with open_to_citizens(mine) as door:
        assert door.answers(), "an issuer that is away held the start"


def test_the_contract_says_how_a_citizen_comes(door):
    contract = requests.get(door.public + "/openapi.json", timeout=9).json()
    scheme = contract["components"]["securitySchemes"]["citizen"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", "__Host-tillit")
    open_to = {(method, path) for path, operations in contract["paths"].items() for method, operation in operations.items() if {"citizen": []} in operation.get("security", [])}
    assert open_to == {("post", "/api/v1/applications"), ("get", "/api/v1/applications/{id}")}

# SPDX-License-Identifier: EUPL-1.2
"""What people's browsers do to us: several tabs, an address that comes again, one who stops and sends anew, and another person at the same machine."""
import base64
import itertools
import re
import threading
import uuid
from contextlib import contextmanager
from html import unescape
from urllib.parse import parse_qs, urlsplit

import clock
import pytest
from playwright.sync_api import Error as PlaywrightError

from conftest import ROOT, STATE, application, national_id, until
from doors import ANYONE, routes
from issuer import Citizens, Key
from citizens import Visitor, open_to_citizens
from colleagues import Colleague
from login import ROLES
from on_page import assert_accessible, come, fill

CASE = uuid.UUID(int=7)


class House:
    """A listener and the issuer of those who log in there."""

    def __init__(self, door, issuer, kind, session, first, pages):
        self.door, self.issuer, self.kind, self.session, self.first, self.pages = door, issuer, kind, session, first, pages

    def browser(self):
        return self.kind(self)

    def begin(self, browser, page):
        return browser.begin(f"/logg-inn?{'kommune=4627&' if self.first == '/' else ''}til={page.replace('?', '%3F').replace('=', '%3D')}")


@contextmanager
def at(seconds, system, door, issuer, begin):
    """The door's clock is so far ahead, and its issuer's tokens: begin begins a login there, and so tells what time it is."""
    def moved_to(seconds):
        system.rows("DELETE FROM logins WHERE begun_at > :now + interval '1 minute'")
        begin()
        return abs(system.one("SELECT extract(epoch FROM max(begun_at) - :now)::int FROM logins") - seconds) < 30
    try:
        clock.put(seconds, door.clock)
        until("the clock to move", lambda: moved_to(seconds), 5)
        now = int(clock.seconds()) + seconds
        issuer.changes = {"iat": now, "exp": now + 120}
        yield
    finally:
        issuer.changes = {}
        clock.put(file=door.clock)
        until("the clock to be back", lambda: moved_to(0), 5)


@pytest.fixture(scope="module", params=["citizens", "citizens, told beforehand", "staff", "staff, told beforehand"])
def house(request, system):
    staff = request.param.startswith("staff")
    issuer = system.logins.staff if staff else Citizens(Key())
    issuer.pushed_at = issuer.root + "/par" if "told" in request.param else None
    with open_to_citizens(system.logins.citizens if staff else issuer) as door:
        if staff:
            yield House(door, issuer, lambda self: Colleague(door, issuer), "__Host-tillit-staff", "/", ["/saker", f"/saker/{CASE}", "/"])
        else:
            issuer.person = national_id(5700)
            yield House(door, issuer, lambda self: Visitor(door), "__Host-tillit", "/mine", ["/soknad?kommune=4627", f"/status/{CASE}", "/mine"])
    issuer.pushed_at = None
    if not staff:
        issuer.stop()


def led_to(answer):
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def begins_anew_to(answer):
    """Where the link of a page that says why leads in the end."""
    assert answer.status_code == 400 and "Du ble ikke logget inn" in answer.text and "Location" not in answer.headers
    link = unescape(re.search(r'<a class="ds-link" href="([^"]+)"', answer.text)[1])
    assert urlsplit(link).path == "/logg-inn"
    return parse_qs(urlsplit(link).query)["til"][0]


@pytest.mark.parametrize("order", itertools.permutations(range(3)), ids=str)
def test_tabs_that_log_in_side_by_side_end_where_each_was_going(house, order):
    browser = house.browser()
    answers = [house.begin(browser, page) for page in house.pages]
    for tab in order:
        assert led_to(browser.get(answers[tab])) == house.pages[tab]
    assert browser.get(house.first).status_code == 200


def test_tabs_that_a_browser_opens_all_at_once_log_in(house):
    """None of them has seen the cookie of another when it begins."""
    browser, tabs = house.browser(), [house.browser() for _ in range(12)]
    answers = [house.begin(tab, house.pages[n % 3]) for n, tab in enumerate(tabs)]
    for tab in tabs:
        browser.cookies.update(tab.cookies)
    for n, answer in reversed(list(enumerate(answers))):
        assert led_to(browser.get(answer)) == house.pages[n % 3]


def test_logins_that_are_begun_and_left_take_little_room(house):
    browser = house.browser()
    answers = [house.begin(browser, house.pages[n % 2]) for n in range(30)]
    assert len(browser.cookies) == 8 and len(str(browser.cookies)) < 3000
    assert [led_to(browser.get(answer)) for answer in answers[-8:]] == [house.pages[n % 2] for n in range(22, 30)]
    assert begins_anew_to(house.browser().get(answers[0])) == house.first


def test_an_answer_that_comes_again_leads_on_who_is_logged_in_and_tells_who_is_not(house):
    browser = house.browser()
    page, answer = house.pages[1], house.begin(browser, house.pages[1])
    led_to(browser.get(answer))
    secret = browser.cookies[house.session]
    codes = dict(house.issuer.codes)
    assert led_to(browser.get(answer)) == page and browser.cookies[house.session] == secret, "another session was begun"
    assert led_to(browser.get(re.sub(r"code=[\w-]+", "code=another", answer))) == page
    refused = re.sub(r"code=[\w-]+", "error=access_denied", house.begin(browser, house.pages[0]))
    assert led_to(browser.get(refused)) == house.pages[0], "who changed their mind is logged in as before"
    others = house.begin(house.browser(), house.pages[0])
    assert led_to(browser.get(others)) == house.first, "another browser's page"
    assert browser.cookies[house.session] == secret and codes.items() <= house.issuer.codes.items()
    del browser.cookies[house.session]
    assert begins_anew_to(browser.get(answer)) == page
    assert begins_anew_to(browser.get(refused)) == house.pages[0]
    assert begins_anew_to(browser.get(others)) == house.first
    assert house.session not in browser.cookies


def test_who_comes_back_late_still_gets_where_they_were_going(system, house):
    late, inside = house.browser(), house.browser()
    answer, other = house.begin(late, house.pages[0]), house.begin(inside, house.pages[1])
    with at(660, system, house.door, house.issuer, lambda: house.begin(house.browser(), house.pages[0])):
        assert begins_anew_to(late.get(answer)) == house.pages[0]
        led_to(inside.get(house.begin(inside, house.pages[0])))
        assert led_to(inside.get(other)) == house.pages[1]


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example/", "/api/v1/agenda", "/assets/css/tillit.css", "/logg-ut", "/soknad?x=y", "/" + "a" * 300, "/\\evil.example", "", "saker"])
def test_a_page_that_somebody_put_into_a_cookie_is_none(house, page):
    browser = house.browser()
    answer = house.begin(browser, house.pages[0])
    name, value = next((n, v) for n, v in browser.cookies.items() if n.startswith(house.session + "-login"))
    browser.cookies[name] = value[:43] + page
    got = browser.get(answer)
    assert (led_to(got) if got.status_code == 303 else begins_anew_to(got)) == house.first


def posts_of(page):
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    return sent


def press_until_sent(page):
    def pressed():
        page.get_by_role("button", name="Send søknaden").click(no_wait_after=True)
        try:
            page.wait_for_url("**/status/*", timeout=700)
            return True
        except PlaywrightError:
            return False
    until("the application to be sent", pressed, 10)


def test_what_was_stopped_is_sent_at_the_next_press(system, page):
    come(system, page, 5710)
    fill(page)
    before = system.one("SELECT count(*) FROM applications")
    page.route("**/soknad", lambda route: route.abort("aborted"))
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Send søknaden").click(no_wait_after=True)
    page.unroute("**/soknad")
    assert page.locator("#needs").input_value() == "Å dusje.", "who stops stays where they are"
    press_until_sent(page)
    assert system.one("SELECT count(*) FROM applications") == before + 1


def test_what_did_not_come_through_is_sent_by_who_goes_back(system, page):
    come(system, page, 5711)
    fill(page)
    before = system.one("SELECT count(*) FROM applications")
    page.route("**/soknad", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Send søknaden").click(no_wait_after=True)
    page.unroute("**/soknad")
    page.goto(system.public + "/soknad")
    fill(page)
    press_until_sent(page)
    assert system.one("SELECT count(*) FROM applications") == before + 1


def test_a_double_click_sends_once(system, page):
    come(system, page, 5712)
    fill(page)
    sent = posts_of(page)
    page.get_by_role("button", name="Send søknaden").dblclick(no_wait_after=True)
    page.wait_for_url("**/status/*")
    assert len(sent) == 1


def test_a_page_that_gets_no_new_figures_says_so_and_goes_on(system, page):
    system.operator()
    page.goto(system.internal + "/logg-inn?kommune=4627&til=/drift")
    stale = page.get_by_text("Siden får ikke hentet nye tall")
    page.route("**/drift", lambda route: route.abort())
    stale.wait_for()
    page.unroute("**/drift")
    stale.wait_for(state="hidden")
    asked = len(system.logins.staff.asked)
    with page.expect_navigation():
        system.rows("DELETE FROM sessions")
    assert "/logg-inn" in page.url or len(system.logins.staff.asked) > asked, "where several are served one says first in which"


# Two people at one machine.

@pytest.fixture(scope="module")
def issuer(system):
    one = Citizens(system.logins.staff.client_key)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def door(system, issuer):
    with open_to_citizens(issuer) as one:
        yield one


@pytest.fixture(autouse=True)
def as_it_was(request):
    yield
    if "issuer" in request.fixturenames:
        request.getfixturevalue("issuer").changes = {}


AUD, OLA = 5720, 5721
TEXT = "Å gå i hagen"


def drawn(text):
    """What a form's page says of its session and of whom it is for."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', text.split("<main")[1]) for name in ("csrf", "whose", "key")}
    return {name: match and unescape(match[1]) for name, match in found.items()}


def come_as(visitor, issuer, seed, **claims):
    issuer.person, issuer.sid, issuer.changes = national_id(seed), str(uuid.uuid4()), claims
    assert visitor.log_in().status_code == 303
    return visitor


def applications(system):
    return system.one("SELECT count(*) FROM applications")


@pytest.mark.parametrize("lost", [False, True], ids=["another logs in meanwhile", "the session ends first"])
def test_what_one_wrote_is_never_sent_as_anothers(system, issuer, door, lost):
    browser = come_as(Visitor(door), issuer, AUD)
    form, before = drawn(browser.get("/soknad").text), applications(system)
    if lost:
        browser.send("POST", "/logg-ut", data=form)
        answer = browser.submit(**form)
        assert answer.status_code == 401 and TEXT in answer.text
        form = {**drawn(answer.text), "csrf": ""}
    come_as(browser, issuer, OLA, name="Ola Eksempel")
    for _ in range(3):
        answer = browser.submit(**form)
        assert answer.status_code == 403 and TEXT in answer.text and "en annen enn den som skrev den" in answer.text and "Logget inn som Ola Eksempel" in answer.text
        assert national_id(AUD) not in answer.text and national_id(OLA) not in answer.text
        assert drawn(answer.text)["whose"] == form["whose"] and drawn(answer.text)["key"] == form["key"]
        form = drawn(answer.text)
    assert applications(system) == before
    come_as(browser, issuer, AUD)
    again = browser.submit(**form)
    assert again.status_code == 403 and TEXT in again.text and "logget inn på nytt" in again.text
    sent = browser.submit(**drawn(again.text))
    assert sent.status_code == 303 and applications(system) == before + 1
    assert browser.get(sent.headers["Location"]).status_code == 200
    assert come_as(Visitor(door), issuer, OLA).get(sent.headers["Location"]).status_code == 404


def test_aud_writes_ola_logs_in_in_another_tab_and_each_keeps_what_is_theirs(system, issuer, door, page):
    """As both see it: what Aud wrote stays on the screen until Aud has sent it, once."""
    def log_in(tab, seed, name):
        issuer.person, issuer.changes, issuer.sid = national_id(seed), {"name": name}, str(uuid.uuid4())
        tab.bring_to_front()  # a browser draws what is behind seldom
        tab.goto(door.public + "/logg-inn?til=/soknad")
        tab.wait_for_url("**/soknad")
        tab.get_by_text(f"Logget inn som {name}").wait_for()
        page.bring_to_front()

    def send():
        page.get_by_role("button", name="Send søknaden").click()
    before, tab = applications(system), page.context.new_page()
    log_in(page, 5723, "Aud Testdal")
    fill(page)
    log_in(tab, OLA, "Ola Eksempel")
    for _ in range(2):
        send()
        page.get_by_text("en annen enn den som skrev den").wait_for()
    assert_accessible(page, "form-anothers")
    with page.context.expect_page() as out:
        page.get_by_role("button", name="Logg ut den andre").click()
    out.value.wait_for_url("**/logget-ut")
    log_in(tab, 5723, "Aud Testdal")
    send()
    page.get_by_text("logget inn på nytt").wait_for()
    assert page.locator("#needs").input_value() == "Å dusje." and applications(system) == before
    send()
    page.wait_for_url("**/status/*")
    page.goto(door.public + "/soknad")
    fill(page)
    send()
    page.get_by_role("heading", name="Du har alt sendt dette").wait_for()
    assert_accessible(page, "again")
    assert applications(system) == before + 1


WHOSE = [("what nobody was given", "A" * 48), ("half of it", lambda own: own[:20]), ("a letter more", lambda own: own + "A"), ("another alphabet", "+" * 48), ("very long", "A" * 5000), ("markup", "\"><b>x</b>")]


@pytest.mark.parametrize("whose", [w for _, w in WHOSE], ids=[n for n, _ in WHOSE])
def test_what_does_not_say_whose_it_is_is_nobodys_to_send(system, issuer, door, whose):
    browser = come_as(Visitor(door), issuer, AUD)
    said, before = whose(drawn(browser.get("/soknad").text)["whose"]) if callable(whose) else whose, applications(system)
    answer = browser.submit(csrf="B" * 43, whose=said)
    assert answer.status_code == 403 and "<b>x</b>" not in answer.text and "en annen enn den som skrev den" in answer.text
    assert browser.submit(**{**drawn(answer.text), "csrf": "B" * 43}).status_code == 403 and applications(system) == before


def test_forms_say_whose_they_are_and_the_digest_tells_nobody(system, issuer, door):
    one, other = come_as(Visitor(door), issuer, AUD), come_as(Visitor(door), issuer, OLA)
    mine, again, theirs = (drawn(visitor.get("/soknad").text)["whose"] for visitor in (one, one, other))
    assert mine == again != theirs and re.fullmatch(r"[\w-]{48}", mine)
    kept = base64.urlsafe_b64decode(mine).hex()
    for table, column in (("persons", "person_index"), ("case_parties", "person_index")):
        assert system.one(f"SELECT count(*) FROM {table} WHERE encode({column}, 'hex') = %s", kept) == 0
    assert system.one("SELECT count(*) FROM idempotency_keys WHERE client LIKE %s", f"%{kept}%") == 0


def test_every_form_that_changes_something_is_of_its_session(system):
    for template in (ROOT / "services/api/web/templates").glob("*.html"):
        for form in re.findall(r'<form method="post" action=.*?</form>', template.read_text(), re.S):
            assert "{{> csrf}}" in form, f"{template.name}: {form[:80]}"


FORMS = [one for one in routes() if "FORM" in one.needs and one.roles != ANYONE]


@pytest.mark.parametrize("route", FORMS, ids=[f"{one.listener.lower()}{one.path}" for one in FORMS])
def test_a_form_of_anothers_session_is_refused_and_says_so(system, issuer, door, route):
    if route.listener == "PUBLIC":
        browser = come_as(Visitor(door), issuer, AUD)
        form = drawn(browser.get("/soknad").text)
        come_as(browser, issuer, OLA)
    else:
        browser = Colleague(door, system.logins.staff, next(claimed for claimed, role in ROLES.items() if role in route.roles))
        assert browser.log_in().status_code == 303
        form = {"csrf": browser.csrf()}
        browser.claims["sub"] = "another"
        assert browser.log_in().status_code == 303
        system.logins.staff.changes = {}
    answer = browser.send("POST", route.path.replace("{id}", str(CASE)).replace("{n}", "1"), data=form)
    assert answer.status_code == 403 and ("Skjemaet er ikke sendt" in answer.text or "Søknaden er ikke sendt" in answer.text), route.path


NAMES = [("a name", "Kari Prøve", "Kari Prøve"), ("none", None, None), ("blanks", "  ", None), ("no text", 7, None), ("two lines", "Kari\nPrøve", None), ("markup", "<b>Kari</b>", "&lt;b&gt;Kari&lt;/b&gt;"),
         ("very long", "K" * 401, None), ("a long one", "K" * 400, "K" * 400)]


@pytest.mark.parametrize("name, shown", [n[1:] for n in NAMES], ids=[n[0] for n in NAMES])
def test_who_is_logged_in_stands_on_each_page(system, issuer, door, name, shown):
    browser = come_as(Visitor(door), issuer, AUD, name=name)
    status = browser.submit().headers["Location"].split("?")[0]
    for path in ("/soknad", "/mine", status, status + "/innsyn", f"/status/{CASE}"):
        text = browser.get(path).text
        assert (f"Logget inn som {shown}" in text) if shown else "Logget inn som" not in text, path
        assert national_id(AUD) not in text
    if shown:
        kept = str(system.rows("SELECT s.*, encode(sealed, 'escape') FROM sessions s")) + str(system.rows("SELECT who, name FROM access_log")) + "".join(door.lines)
        assert name not in kept


# Sent before.

def ask(answer):
    """The question whether it is meant as another: what pressing the button sends, and where the first is."""
    assert answer.status_code in (409, 422) and "Vi fikk søknaden" in answer.text and national_id(AUD) not in answer.text
    form = answer.text.split("<main")[1].split("<form")[1].split("</form>")[0]
    return {unescape(n): unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}, unescape(re.search(r'href="(/status/[^"]+)"', answer.text)[1])


def test_who_goes_back_and_sends_again_is_asked(system, issuer, door):
    browser, before = come_as(Visitor(door), issuer, 5730), applications(system)
    first = browser.submit(copes_with="Å lese\nog skrive", needs="Å \"dusje\" <her>")
    for _ in range(2):
        answer = browser.submit(copes_with="Å lese\nog skrive", needs="Å \"dusje\" <her>")
        assert "Du har alt sendt dette" in answer.text and answer.status_code == 409
        fields, receipt = ask(answer)
        assert receipt == first.headers["Location"] and applications(system) == before + 1
    sent = browser.send("POST", "/soknad", data=fields)
    assert sent.status_code == 303 and sent.headers["Location"] != receipt and applications(system) == before + 2
    assert browser.send("POST", "/soknad", data=fields).headers["Location"] == sent.headers["Location"], "the button pressed twice"
    other, third = (system.one("SELECT case_id FROM applications WHERE id = %s", where.split("?")[0].rsplit("/", 1)[1]) for where in (receipt, sent.headers["Location"]))
    assert len({other, third}) == 2
    body = {"copes_with": "Å lese\nog skrive", "needs": "Å \"dusje\" <her>"}
    assert ask(browser.submit(**body))[1] == receipt and applications(system) == before + 2


def test_the_same_at_once_from_many_tabs_is_one_application(system, issuer, door):
    browser, before, answers = come_as(Visitor(door), issuer, 5731), applications(system), []
    token = browser.csrf()
    threads = [threading.Thread(target=lambda: answers.append(browser.submit(csrf=token, copes_with="Det samme"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 11 and applications(system) == before + 1
    first, = {answer.headers["Location"] for answer in answers if answer.status_code == 303}
    assert {ask(answer)[1] for answer in answers if answer.status_code == 409} == {first}


OTHERS = [("another word", {"copes_with": "Noe annet"}), ("for another", {"submitter/role": "relative", "submitter/basis": "later", "applicant/name": "Ola Prøve", "applicant/national_id": national_id(5733)}), ("more urgent", {"urgency": "week"})]


@pytest.mark.parametrize("changes", [c for _, c in OTHERS], ids=[n for n, _ in OTHERS])
def test_what_differs_is_another_application(issuer, door, changes):
    browser, number = come_as(Visitor(door), issuer, 5732), str(uuid.uuid4())
    assert browser.submit(wants=number, copes_with="Det samme").status_code == 303
    assert browser.submit(**{"wants": number, "copes_with": "Det samme", **changes}).status_code == 303


def test_the_same_words_of_two_people_are_two_applications(issuer, door):
    number = str(uuid.uuid4())
    assert [come_as(Visitor(door), issuer, seed).submit(copes_with=number).status_code for seed in (5734, 5735)] == [303, 303]


def test_after_an_hour_the_same_is_meant(system, issuer, door):
    browser = come_as(Visitor(door), issuer, 5736)
    assert browser.submit(copes_with="Det samme").status_code == 303
    with at(3700, system, door, issuer, lambda: Visitor(door).get("/logg-inn")):
        come_as(browser, issuer, 5736, **issuer.changes)
        later = browser.submit(copes_with="Det samme")
        assert later.status_code == 303
        assert ask(browser.submit(copes_with="Det samme"))[1] == later.headers["Location"]


def test_a_new_session_makes_no_other_application_of_the_same_form(issuer, door):
    browser = come_as(Visitor(door), issuer, 5737)
    form = drawn(browser.get("/soknad").text)
    first = browser.submit(**form)
    come_as(browser, issuer, 5737)
    again = browser.submit(**form)
    assert again.status_code == 403 and drawn(again.text)["key"] == form["key"]
    assert browser.submit(**drawn(again.text)).headers["Location"] == first.headers["Location"]


def test_what_is_changed_after_it_was_sent_can_be_sent_as_another(system, issuer, door):
    browser, key = come_as(Visitor(door), issuer, 5738), str(uuid.uuid4())
    first, before = browser.submit(key=key), applications(system)
    answer = browser.submit(key=key, copes_with="Jeg kom på noe mer")
    assert answer.status_code == 422 and "alt sendt" in answer.text and "Jeg kom på noe mer" in answer.text
    fields, receipt = ask(answer)
    assert receipt == first.headers["Location"] and fields["key"] != key
    assert browser.send("POST", "/soknad", data=fields).status_code == 303 and applications(system) == before + 1


def test_other_systems_are_not_asked(system, issuer, door):
    body = application(seed=5739)
    assert [system.post(body).status_code for _ in range(2)] == [201, 201]
    browser = come_as(Visitor(door), issuer, 5739)
    assert [browser.send("POST", "/api/v1/applications", json=body, headers={"Idempotency-Key": str(uuid.uuid4())}).status_code for _ in range(2)] == [201, 201]


def test_the_question_is_plain_and_whole_without_javascript(system, page_without_javascript):
    page = page_without_javascript
    come(system, page, 5740)
    fill(page)
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_url("**/status/*")
    receipt = page.url
    page.goto(system.public + "/soknad")
    fill(page)
    page.get_by_role("button", name="Send søknaden").click()
    page.get_by_role("heading", name="Du har alt sendt dette").wait_for()
    page.screenshot(path=STATE.parent / "page-again.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Se kvitteringen").click()
    page.wait_for_url(receipt)


# So many for one person.

FULL_SELF, FULL_OTHER = "Du har sendt mange søknader for deg selv", "Du har sendt mange søknader for denne personen"
FULL_UNNUMBERED = "Du har sendt mange søknader for personer uten fødselsnummer"


@pytest.fixture(scope="module")
def narrow(system, issuer):
    with open_to_citizens(issuer, TILLIT_OPEN_APPLICATIONS="2") as one:
        yield one


def for_another(seed, name="Ola Prøve"):
    return {"submitter/role": "relative", "submitter/basis": "later", "applicant/name": name, **({"applicant/national_id": national_id(seed)} if seed else {})}


def end(system, sent):
    system.rows("UPDATE cases SET status = 'WITHDRAWN' WHERE id = (SELECT case_id FROM applications WHERE id = %s)", sent.headers["Location"].split("?")[0].rsplit("/", 1)[1])


def test_so_many_are_taken_for_one_person_and_it_is_told_before_the_form(system, issuer, narrow):
    browser, key = come_as(Visitor(narrow), issuer, 5750), str(uuid.uuid4())
    assert FULL_SELF not in browser.get("/soknad").text
    sent = [browser.submit(), browser.submit(key=key)]
    told = browser.get("/soknad").text
    assert FULL_SELF in told and "/mine" in told and "<title>Feil" not in told
    refused = browser.submit(needs="Å lage mat")
    assert refused.status_code == 409 and FULL_SELF in refused.text and "Å lage mat" in refused.text and "<title>Feil" in refused.text
    form = drawn(refused.text)
    assert browser.submit(key=key).headers["Location"] == sent[1].headers["Location"], "what was taken is answered again"
    assert browser.submit(**form, urgency="acute").status_code == 303, "what is acute is taken, with what was written"
    for seed in (5751, 5752, None):
        assert [browser.submit(**for_another(seed)).status_code for _ in range(3)] == [303, 303, 409]
        assert browser.submit(**for_another(seed), urgency="acute").status_code == 303
    unnumbered = browser.submit(**for_another(None, "En Annen"))
    assert unnumbered.status_code == 409 and FULL_UNNUMBERED in unnumbered.text and FULL_OTHER not in unnumbered.text, "they need not be one person"
    named = browser.submit(**for_another(5751), household=None)
    assert named.status_code == 400 and FULL_OTHER in named.text, "it is told as soon as they are named"
    assert FULL_OTHER not in browser.submit(**for_another(5753), household=None).text
    end(system, sent[0])
    assert FULL_SELF in browser.get("/soknad").text, "an acute one that is open counts"
    end(system, sent[1])
    assert FULL_SELF not in browser.get("/soknad").text and browser.submit().status_code == 303


def test_nobody_learns_how_many_another_has(system, issuer, narrow):
    """The one whom so many were sent for, and others who send for them, are told nothing of it."""
    sender = come_as(Visitor(narrow), issuer, 5754)
    assert [sender.submit(**for_another(5755)).status_code for _ in range(3)] == [303, 303, 409]
    other = come_as(Visitor(narrow), issuer, 5756)
    answer = other.submit(**for_another(5755), household=None)
    assert answer.status_code == 400 and FULL_OTHER not in answer.text
    assert other.submit(**for_another(5755)).status_code == 303
    applicant = come_as(Visitor(narrow), issuer, 5755)
    assert FULL_SELF not in applicant.get("/soknad").text and applicant.submit().status_code == 303


def test_other_systems_doors_of_a_citizen_count_alike(system, issuer, narrow):
    browser, body = come_as(Visitor(narrow), issuer, 5757), application(seed=5757)

    def send(key=None, **changes):
        return browser.send("POST", "/api/v1/applications", json={**body, **changes}, headers={"Idempotency-Key": key or str(uuid.uuid4())})
    key = str(uuid.uuid4())
    taken = send(key)
    assert taken.status_code == 201 and browser.submit().status_code == 303
    again, refused = send(key), send()
    assert (again.status_code, again.text) == (201, taken.text)
    assert refused.status_code == 409 and refused.json()["type"] == "urn:tillit:problem:many-open", refused.text
    assert send(key, needs="Noe annet").status_code == 422
    assert send(urgency="acute").status_code == 201
    assert system.post(body).status_code == 201, "a system's door counts a citizen's"

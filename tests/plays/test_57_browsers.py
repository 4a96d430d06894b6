# SPDX-License-Identifier: EUPL-1.2
"""What people's browsers do to us: several tabs, an address that comes again, one who stops and sends anew, and another person at the same machine."""
import itertools
import re
import uuid
from contextlib import contextmanager
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import national_id, until
from issuer import Citizens, Key
from test_43_citizens import Visitor, open_to_citizens
from test_46_staff import Colleague

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
def at(seconds, system, door, begin):
    """The door's clock is so far ahead: begin begins a login there, and so tells what time it is."""
    def moved_to(seconds):
        begin()
        return abs(system.one("SELECT extract(epoch FROM max(begun_at) - clock_timestamp())::int FROM logins") - seconds) < 30
    try:
        door.clock.write_text(str(seconds))
        until("the clock to move", lambda: moved_to(seconds), 5)
        yield
    finally:
        door.clock.write_text("0")
        system.rows("DELETE FROM logins WHERE begun_at > clock_timestamp()")
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
    with at(660, system, house.door, lambda: house.begin(house.browser(), house.pages[0])):
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

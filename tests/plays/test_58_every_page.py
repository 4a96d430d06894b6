# SPDX-License-Identifier: EUPL-1.2
"""Every page of every role, with people and places of long names: it fits a narrow screen, can be used by keyboard, and each of its
links leads somewhere. Made from the route table, so that a new page is in it."""
import re
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import requests

from conftest import application, national_id, until
from doors import routes
from login import ROLES
from citizens import open_to_citizens
from colleagues import Colleague
from on_page import assert_accessible
from operating import bad_event, ops

ROUTES = routes()
NO_PAGE = {"asset_show", "colour_show", "openapi_show", "ready_show", "logout_front", "logout_back", "logout", "login_begin", "letter_show", "status_letter_show", "case_letter_page"}
PAGES = [door for door in ROUTES if not door.summary and door.handler not in NO_PAGE]
QUERIES = {"/drift/cause": "?consumer=metrics&problem=MALFORMED", "/logg-inn/svar": "?code=x&state=y"}

LONG = "Sivakumaranparamesvaran Nadarajasingham"
UNIT = "Avdelingforkoordinertehelseogomsorgstjenester"
WORD = "Menneskerettighetsorganisasjonssekretariatsmedarbeider" * 3
MAIL = f"{'langtfornavn' * 5}@{'langtdomene' * 5}.example"
PLACE = "Guovdageainnusuohkankautokeinokommunefellesskap kommune"
SEED, RELATIVE = 5800, 5801


def people():
    submitter = {"national_id": national_id(RELATIVE), "name": LONG, "role": "relative", "basis": "later", "email": MAIL, "phone": "40000000"}
    applicant = {"national_id": national_id(SEED), "name": f"{LONG} {LONG}", "address": {"line": WORD, "postal_code": "5300"}, "interpreter": WORD[:50]}
    return application(submitter=submitter, applicant=applicant, what_matters=WORD * 3, needs=MAIL, wants=WORD, copes_with=WORD, urgency="acute", urgency_reason=WORD,
                       services=["HSH", "BPA", "LANG", "OMSTON"])


class House:
    """A municipality of long names, with something on every page."""

    def __init__(self, system, door):
        self.system, self.door = system, door
        receipt = system.post(people())
        assert receipt.status_code == 201, receipt.text
        self.case, self.application = receipt.json()["case_id"], receipt.json()["application_id"]
        system.settle()
        bad_event(system, self.case)
        system.settle()
        self.parked = until("it to be parked", lambda: system.one("SELECT max(id::text) FROM parked_events WHERE case_id = %s AND consumer = 'metrics'", self.case))
        assert ops("preview", self.parked, "--why", WORD[:200], "--who", LONG).returncode == 0
        worker = self.colleague("tillit-saksbehandler")
        assert worker.open(self.case, reason="other", words=WORD).status_code == 303
        assert WORD in worker.get(f"/saker/{self.case}").text
        assert self.colleague("tillit-team", sub="outside", name=f"{LONG} {LONG}").open(self.case, emergency="true", words=WORD).status_code == 303

    def colleague(self, role, **claims):
        one = Colleague(self.door, self.system.logins.staff, role, **{"name": LONG, "department": UNIT, "sub": f"long-{role}", **claims})
        assert one.log_in().status_code == 303
        return one

    def address(self, listener, path):
        thing = {"/status": self.application, "/drift": self.parked}.get("/" + path.split("/")[1], self.case)
        base = self.door.public if listener == "PUBLIC" else self.door.internal
        return base + path.replace("{id}", thing).replace("{n}", "1") + QUERIES.get(path, "")


@pytest.fixture(scope="module")
def house(system):
    own = system.rows("SELECT name, phone, address, web, accent FROM municipalities WHERE number = '4627'")[0]
    system.rows("UPDATE municipalities SET name = %s, address = %s, web = %s, accent = '#5b2a6e' WHERE number = '4627'", PLACE, WORD, f"https://{'langtdomene' * 5}.example/{WORD}")
    system.rows("INSERT INTO staff (id, municipality, name, role, subject, named) VALUES ('01890000-0000-7000-8000-0000000057aa', '4627', %s, 'caseworker', NULL, true)",
                WORD[:200])
    try:
        with open_to_citizens(system.logins.citizens) as door:
            yield House(system, door)
    finally:
        system.rows("UPDATE municipalities SET name = %s, phone = %s, address = %s, web = %s, accent = %s WHERE number = '4627'", *own)
        system.rows("DELETE FROM staff WHERE id = '01890000-0000-7000-8000-0000000057aa'")
        for parked, in system.rows("SELECT id::text FROM parked_events WHERE closed_at IS NULL"):
            assert ops("give-up", parked, "--why", "ryddes etter en prøve").returncode == 0
        until("them to be given up", lambda: system.one("SELECT count(*) FROM parked_events WHERE closed_at IS NULL") == 0, 20)
        system.logins.staff.changes = {}


@pytest.fixture
def visit(house, browser):
    """A page in which somebody has logged in."""
    contexts = []

    def come(who):
        context = browser.new_context(viewport={"width": 320, "height": 800}, locale="nb-NO")
        contexts.append(context)
        page = context.new_page()
        if who in ROLES:
            house.system.logins.staff.changes = {"roles": [who], "sub": f"long-{who}", "name": LONG, "department": UNIT}
            page.goto(f"{house.door.internal}/logg-inn?kommune=4627")
        elif who:
            house.system.logins.citizens.person = national_id(who)
            page.goto(house.door.public + "/logg-inn?til=/mine")
        return page
    yield come
    for context in contexts:
        context.close()


WALKS = [("PUBLIC", None, None), ("PUBLIC", RELATIVE, "applicant"), ("PUBLIC", SEED, "applicant"), ("INTERNAL", None, None), *(("INTERNAL", claimed, name) for claimed, name in ROLES.items())]


LOOKED_AT = set()


def pages(walk):
    """(method, path) of those that whoever walks so may see; nobody has a form of theirs to send."""
    listener, who, role = walk
    return [(door.method, door.path) for door in PAGES if door.listener == listener and door.lets_in(role) and (who or door.method == "GET")]


def shown(house, page, method, address):
    """The page at the address: a form is sent as it is when nothing is filled in."""
    if method == "GET":
        return page.goto(address)
    with page.expect_navigation() as gone:
        page.evaluate("""path => { const form = document.createElement("form"); form.method = "post"; form.action = path;
                                   const csrf = document.querySelector("input[name=csrf]"); if (csrf) form.append(csrf.cloneNode()); document.body.append(form); form.submit(); }""",
                      urlsplit(address).path)
    return gone.value


def sideways(page):
    """What stands out of the screen, for whoever mends it."""
    return page.evaluate("""() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 5).map(e => e.outerHTML.slice(0, 120))""")


@pytest.mark.parametrize("walk", WALKS, ids=[f"{listener.lower()}-{who or 'nobody'}" for listener, who, _ in WALKS])
def test_every_page_fits_a_narrow_screen_and_has_no_violations(house, visit, walk):
    assert len(PAGES) >= 28
    page, faults, seen = visit(walk[1]), [], 0
    listener = walk[0]
    for method, path in pages(walk):
        if method == "POST":
            page.goto(house.address(listener, "/mine" if listener == "PUBLIC" else "/"))
        answer = shown(house, page, method, house.address(listener, path))
        if "text/html" not in answer.headers.get("content-type", ""):
            faults.append((method, path, f"{answer.status} is no page"))
            continue
        seen += 1
        faults += [(method, path, outside) for outside in sideways(page)]
        faults += [(method, path, "a region without a name") for region in page.locator(".scroll:not([aria-label])").all()]
        alike = listener, method, path, page.locator("h1").first.inner_text()  # of another role
        for width in () if alike in LOOKED_AT else (320, 1280):
            LOOKED_AT.add(alike)
            page.set_viewport_size({"width": width, "height": 800})
            try:
                assert_accessible(page, f"every-{walk[0].lower()}-{walk[1] or 'nobody'}-{method.lower()}{path.replace('/', '_')}-{width}")
            except AssertionError as violations:
                faults.append((method, path, width, str(violations)[:1500]))
        page.set_viewport_size({"width": 320, "height": 800})
    assert faults == [] and seen > (1 if walk[1] else 0), faults


def links(page):
    """(kind, address) of all that the page leads to or loads."""
    return page.evaluate("""() => [...document.querySelectorAll("[href], [src], form[action]")].map(e =>
        e.matches("form") ? [e.method.toUpperCase(), e.action] : ["GET", e.href || e.src])""")


def takes(listener, method, path):
    """Whether a row of the route table is for that path."""
    return any((door.listener, door.method) == (listener, method) and re.fullmatch(re.sub(r"{\w+}", "[^/]+", door.path.replace(".", "[.]")), path) for door in ROUTES)


@pytest.mark.parametrize("walk", WALKS, ids=[f"{listener.lower()}-{who or 'nobody'}" for listener, who, _ in WALKS])
def test_every_link_answers_where_it_stands(house, visit, walk):
    page, dead, tried, cookie = visit(walk[1]), [], {}, {}
    for method, path in pages(walk):
        if method != "GET":
            continue
        page.goto(house.address(walk[0], path))
        cookie = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())}
        for how, link in links(page):
            at = urldefrag(urljoin(page.url, link)).url
            where = {house.door.public: "PUBLIC", house.door.internal: "INTERNAL"}.get("{0.scheme}://{0.netloc}".format(urlsplit(at)))
            if not where or at == urldefrag(page.url).url:
                continue
            if how == "POST":
                good = takes(where, how, urlsplit(at).path)
            else:
                if at not in tried:
                    tried[at] = requests.get(at, headers=cookie, allow_redirects=False, timeout=20).status_code
                good = tried[at] < 400
            if not good:
                dead.append((path, how, at, tried.get(at)))
    assert dead == [] and tried, dead


def test_the_municipalitys_colour_is_on_staffs_pages(house, visit):
    page = visit("tillit-saksbehandler")
    page.goto(house.door.internal + "/saker")
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(91, 42, 110)"
    assert page.locator("#owner").inner_text() == PLACE

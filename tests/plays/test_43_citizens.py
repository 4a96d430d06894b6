# SPDX-License-Identifier: EUPL-1.2
"""Citizens log in by an OpenID issuer, see what is theirs and nothing else, and log out everywhere."""
import json
import os
import re
import threading
import time
import uuid
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

import clock
from conftest import STATE, application, free_ports, national_id
from issuer import ASSERTION, Citizens, Key
from login import write_key
from citizens import CLIENT, NO_LOGOUT, NO_TOKENS, Visitor, back, door, ends_no_later_session, issuer, logged_in, open_to_citizens, systems  # noqa: F401  (fixtures)
from on_page import assert_accessible

SESSION, LOGIN = "__Host-tillit", "__Host-tillit-login"


@pytest.fixture(autouse=True)
def as_it_was(issuer):
    """What a test changed of the issuer is no other's."""
    yield
    issuer.changes, issuer.sign_with, issuer.header, issuer.away = {}, None, None, False


def test_a_citizen_logs_in_applies_reads_the_letter_and_logs_out(system, issuer, door, page):
    issuer.person = national_id(4300)
    page.goto(door.public + "/soknad")
    assert page.url == door.public + "/soknad" and page.locator("#submitter-national_id").count() == 0
    assert_accessible(page, "form-logged-in")
    page.locator("#needs").fill("Å dusje.")
    for name in ("household-alone", "urgency-none", "in_hospital-no", "submitter-role-self", "confirmed-true"):
        page.locator(f"#{name}").check()
    page.get_by_label("Navnet ditt").fill("Kari Prøve")
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_url("**/status/*")
    status = page.url.split("?")[0]
    system.settle()
    page.goto(status)
    with page.expect_response(lambda answer: "/brev/" in answer.url) as letter:
        page.evaluate("fetch(document.querySelector('a[href*=brev]').href)")
    assert letter.value.status == 200 and letter.value.headers["content-type"] == "application/pdf"
    assert re.fullmatch(r'inline; filename="T-[0-9A-Z]{9}-kvittering.pdf"', letter.value.headers["content-disposition"])
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/logget-ut")
    assert_accessible(page, "logged-out")
    assert any(path.startswith("/endsession") for path in issuer.asked)
    asked = len(issuer.asked)
    page.goto(status)
    assert len(issuer.asked) > asked, "it was shown without a login"


def test_the_login_asks_for_what_it_must_and_tells_nothing(issuer, door):
    sent = Visitor(door).get("/logg-inn")
    address = urlsplit(sent.headers["Location"])
    asked = dict(parse_qsl(address.query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == issuer.url + "/authorize"
    fixed = {"response_type": "code", "client_id": CLIENT, "redirect_uri": door.public + "/logg-inn/svar", "scope": "openid", "acr_values": "idporten-loa-high",
             "code_challenge_method": "S256", "ui_locales": "nb"}
    made = {name: asked.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert asked == fixed and all(re.fullmatch(r"[\w-]{43}", value) for value in made.values()) and len(set(made.values())) == 3
    again = dict(parse_qsl(urlsplit(Visitor(door).get("/logg-inn").headers["Location"]).query))
    assert all(again[name] != value for name, value in made.items())


@pytest.fixture(scope="module")
def pushing(system):
    """An issuer that is told beforehand what a login will ask for, and a door that goes there."""
    one = Citizens(Key())
    one.pushed_at = one.root + "/par"
    with open_to_citizens(one) as door:
        yield one, door
    one.stop()


def test_what_a_login_asks_for_goes_to_the_issuer_alone(pushing):
    issuer, door = pushing
    issuer.person = national_id(4330)
    visitor = Visitor(door)
    address = urlsplit(visitor.get("/logg-inn").headers["Location"])
    carried = dict(parse_qsl(address.query))
    assert address.path == "/authorize" and set(carried) == {"client_id", "request_uri"} and carried["client_id"] == CLIENT
    told = dict(issuer.pushed[carried["request_uri"]])
    fixed = {"response_type": "code", "client_id": CLIENT, "redirect_uri": door.public + "/logg-inn/svar", "scope": "openid", "acr_values": "idporten-loa-high",
             "code_challenge_method": "S256", "ui_locales": "nb", "client_assertion_type": ASSERTION}
    made = {name: told.pop(name) for name in ("state", "nonce", "code_challenge")}
    proof = told.pop("client_assertion")
    assert told == fixed and all(re.fullmatch(r"[\w-]{43}", value) for value in made.values()) and issuer.refused == []
    back = requests.get(address.geturl(), allow_redirects=False, timeout=20).headers["Location"].removeprefix(door.public)
    assert visitor.get(back).status_code == 303 and visitor.get("/soknad").status_code == 200
    assert requests.get(address.geturl(), allow_redirects=False, timeout=20).status_code == 400, "a name is good once"
    Visitor(door).begin()
    assert proof not in str(issuer.pushed) and issuer.refused == []


def test_what_another_began_logs_nobody_in_here(pushing):
    """The name of somebody else's request brings a code that this browser has no use for."""
    _, door = pushing
    mine, theirs = Visitor(door), Visitor(door)
    mine.get("/logg-inn")
    answer = mine.get(theirs.begin())
    assert answer.status_code == 400 and SESSION not in mine.cookies


PUSHED = [("refused", (400, json.dumps({"error": "invalid_request"}))), ("an error", (500, "")), ("no document", (201, "<html>")), ("no name", (201, json.dumps({"expires_in": 60}))),
          ("an empty name", (201, json.dumps({"request_uri": "", "expires_in": 60}))), ("a name that is none", (201, json.dumps({"request_uri": 7}))),
          ("a name twice", (201, '{"request_uri": "urn:a", "request_uri": "urn:b"}')), ("a name that is too long", (201, json.dumps({"request_uri": "urn:" + "a" * 1021}))),
          ("a redirect", (302, "", "https://evil.example/"))]


@pytest.mark.parametrize("answer", [a for _, a in PUSHED], ids=[n for n, _ in PUSHED])
def test_an_issuer_that_takes_no_request_gets_a_clear_page(system, pushing, answer):
    issuer, door = pushing
    issuer.push_answer = answer
    try:
        before, visitor = system.one("SELECT count(*) FROM logins"), Visitor(door)
        shown = visitor.get("/logg-inn")
        assert shown.status_code == 503 and "Innloggingen svarer ikke" in shown.text and shown.headers["Retry-After"] and "Location" not in shown.headers
        assert visitor.cookies == {} and system.one("SELECT count(*) FROM logins") == before
    finally:
        issuer.push_answer = None
    assert visitor.get("/logg-inn").status_code == 303


ELSEWHERE = [("another host", lambda issuer, other: other.root + "/par"), ("a host that begins so", lambda issuer, other: issuer.root + "1/par"), ("a name before the host", lambda issuer, other: issuer.root + "@" + other.root[7:] + "/par"),
             ("not an address", lambda issuer, other: "/par"), ("another way", lambda issuer, other: issuer.root.replace("http:", "ftp:") + "/par")]


@pytest.mark.parametrize("place", [p for _, p in ELSEWHERE], ids=[n for n, _ in ELSEWHERE])
def test_nobody_but_the_issuer_is_told_what_a_login_asks_for(system, place):
    mine, other = Citizens(Key()), Citizens(Key())
    mine.pushed_at = place(mine, other)
    try:
        with open_to_citizens(mine) as door:
            asked = dict(parse_qsl(urlsplit(Visitor(door).get("/logg-inn").headers["Location"]).query))
            assert "request_uri" not in asked and asked["code_challenge_method"] == "S256"
            mine.person = national_id(4331)
            assert Visitor(door).log_in().status_code == 303
        assert other.asked == [] and "/par" not in mine.asked
    finally:
        mine.stop()
        other.stop()


def test_cookies_are_bound_to_the_host_and_out_of_reach(issuer, door):
    visitor = logged_in(door, issuer, 4301)
    begun, used, session = visitor.set
    attributes = "Path=/; Secure; HttpOnly; SameSite=Lax"
    name = re.fullmatch(rf"({LOGIN}-[\w-]{{16}})=[\w-]{{43}}/mine; {attributes}; Max-Age=3600", begun)[1]
    assert used == f"{name}=/mine; {attributes}; Max-Age=3600", "a secret that was used is kept"
    assert re.fullmatch(rf"{SESSION}=[\w-]{{43}}; {attributes}", session)


ANSWERS = [
    ("another state", lambda path, visitor: re.sub(r"state=[\w-]+", "state=" + "A" * 43, path)),
    ("no state", lambda path, visitor: re.sub(r"&state=[\w-]+", "", path)),
    ("an empty state", lambda path, visitor: re.sub(r"state=[\w-]+", "state=", path)),
    ("another's state", lambda path, visitor: Visitor(visitor.door).begin()),
    ("no code", lambda path, visitor: re.sub(r"code=[\w-]+&", "", path)),
    ("another code", lambda path, visitor: re.sub(r"code=[\w-]+", "code=abc", path)),
    ("another's code", lambda path, visitor: re.sub(r"code=[\w-]+", re.search(r"code=[\w-]+", Visitor(visitor.door).begin())[0], path)),
    ("a code that is too long", lambda path, visitor: re.sub(r"code=[\w-]+", "code=" + "a" * 3000, path)),
    ("another issuer", lambda path, visitor: re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Felsewhere.example", path)),
    ("a refusal", lambda path, visitor: re.sub(r"code=[\w-]+", "error=access_denied", path)),
    ("without the cookie", lambda path, visitor: (visitor.cookies.clear(), path)[1]),
    ("with a cookie of one's own making", lambda path, visitor: (visitor.cookies.update({name: "B" * 43 + "/mine" for name in visitor.cookies}), path)[1]),
    ("with a cookie that is none", lambda path, visitor: (visitor.cookies.update({name: "x" for name in visitor.cookies}), path)[1]),
    ("with another login's cookie", lambda path, visitor: (visitor.begin(), visitor.cookies.update(dict(zip(visitor.cookies, reversed(visitor.cookies.values())))), path)[2]),
]


@pytest.mark.parametrize("spoil", [a for _, a in ANSWERS], ids=[n for n, _ in ANSWERS])
def test_an_answer_that_is_not_this_login_s_logs_nobody_in(system, issuer, door, spoil):
    visitor = Visitor(door)
    path = spoil(visitor.begin(), visitor)
    before, counted = system.one("SELECT count(*) FROM sessions"), door.metric('tillit_logins_total{issuer="citizen",outcome="UNAUTHENTICATED"}')
    answer = visitor.get(path)
    assert door.metric('tillit_logins_total{issuer="citizen",outcome="UNAUTHENTICATED"}') == counted + 1
    assert answer.status_code == 400 and "Du ble ikke logget inn" in answer.text and "Location" not in answer.headers
    assert SESSION not in visitor.cookies and system.one("SELECT count(*) FROM sessions") == before


def test_a_code_and_state_are_good_once(system, issuer, door):
    visitor = Visitor(door)
    path = visitor.begin()
    shown = dict(visitor.cookies)
    assert visitor.get(path).status_code == 303
    replayed = Visitor(door)
    replayed.cookies = shown
    assert replayed.get(path).status_code == 400 and SESSION not in replayed.cookies


CLAIMS = [
    ("another nonce", {"nonce": "A" * 43}, {}, 400),
    ("no nonce", {"nonce": None}, {}, 400),
    ("another audience", {"aud": "someone-else"}, {}, 400),
    ("no audience", {"aud": None}, {}, 400),
    ("several audiences, and who may use it is not said", {"aud": [CLIENT, "someone-else"]}, {}, 400),
    ("several audiences, for another", {"aud": [CLIENT, "someone-else"], "azp": "someone-else"}, {}, 400),
    ("another issuer", {"iss": "https://idporten.no"}, {}, 400),
    ("expired", {"exp": int(clock.seconds()) - 60}, {}, 400),
    ("issued later", {"iat": int(clock.seconds()) + 7200}, {}, 400),
    ("alg none", {}, {"header": {"alg": "none"}}, 400),
    ("another's key", {}, {"sign_with": Key()}, 400),
    ("substantial", {"acr": "idporten-loa-substantial"}, {}, 403),
    ("a foreign high", {"acr": "eidas-loa-high"}, {}, 403),
    ("no level", {"acr": None}, {}, 403),
    ("a level that only begins so", {"acr": "idporten-loa-highest"}, {}, 403),
    ("no national id", {"pid": None}, {}, 403),
    ("a wrong national id", {"pid": "17834006864"}, {}, 403),
    ("a number for an id", {"pid": 17834006863}, {}, 403),
]


@pytest.mark.parametrize("changes, how, status", [c[1:] for c in CLAIMS], ids=[c[0] for c in CLAIMS])
def test_who_the_issuer_names_otherwise_is_not_logged_in(system, issuer, door, changes, how, status):
    issuer.changes = changes
    for name, value in how.items():
        setattr(issuer, name, value)
    visitor = Visitor(door)
    answer = visitor.log_in()
    assert answer.status_code == status and SESSION not in visitor.cookies
    assert answer.headers["Content-Type"].startswith("text/html") and "/logg-inn" in answer.text


def test_a_level_more_is_taken_where_the_settings_say_so(issuer):
    with open_to_citizens(issuer, TILLIT_CITIZEN_LEVELS="idporten-loa-high,eidas-loa-high") as door:
        issuer.changes = {"acr": "eidas-loa-high"}
        assert Visitor(door).log_in().status_code == 303
        assert "acr_values=idporten-loa-high&" in Visitor(door).get("/logg-inn").headers["Location"]


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "/\\evil.example", "http:evil.example", "/soknad@evil.example", "/soknad/../x", "soknad", "",
                                  "/api/v1/agenda", "/assets/css/tillit.css", "/drift", "/logg-ut", "/logg-inn", "/status/1", "/soknad%0d%0aX: y", "/" + "a" * 300,
                                  "/soknad?kommune=46271", "/soknad?kommune=4627&x=y", "/soknad?x=y", "/soknad?", f"/status/{uuid.UUID(int=1)}?kommune=4627"])
def test_a_login_leads_to_a_page_of_ours_and_nowhere_else(door, path):
    answer = Visitor(door).get("/logg-inn", params={"til": path})
    assert answer.status_code == 404 and "Location" not in answer.headers and "Set-Cookie" not in answer.headers


def test_a_login_leads_to_the_page_that_was_asked_for(issuer, door):
    page = f"/status/{uuid.uuid4()}"
    visitor = Visitor(door)
    away = visitor.get(page)
    assert (away.status_code, away.headers["Location"]) == (303, f"/logg-inn?til={page}")
    assert visitor.log_in(away.headers["Location"]).headers["Location"] == page


def test_whoever_came_by_their_municipalitys_link_comes_back_by_it(issuer, door):
    visitor = Visitor(door)
    away = visitor.get("/soknad?kommune=4627")
    assert away.status_code == 303 and away.headers["Location"] == "/logg-inn?til=/soknad%3Fkommune%3D4627"
    assert visitor.log_in(away.headers["Location"]).headers["Location"] == "/soknad?kommune=4627"
    assert Visitor(door).get("/soknad?kommune=4627%26x").headers["Location"] == "/logg-inn?til=/soknad"


def test_a_session_that_someone_planted_is_not_taken_over(system, issuer, door):
    mine = logged_in(door, issuer, 4302)
    planted = mine.cookies[SESSION]
    victim = Visitor(door)
    victim.cookies[SESSION] = planted
    issuer.person = national_id(4303)
    victim.log_in()
    assert victim.cookies[SESSION] != planted
    assert mine.get("/soknad").status_code == 303, "the planted secret still opens something"
    made_up = Visitor(door)
    made_up.cookies[SESSION] = "C" * 43
    assert made_up.get("/soknad").status_code == 303


FORGED = [
    ("no token", {"csrf": ""}, {}, "notice"),
    ("another's token", {"csrf": "D" * 43}, {}, "notice"),
    ("another site says the browser", {}, {"Sec-Fetch-Site": "cross-site"}, "refused"),
    ("a neighbour of the same site", {}, {"Sec-Fetch-Site": "same-site"}, "refused"),
    ("another origin", {}, {"Origin": "https://evil.example"}, "refused"),
    ("no token, and no origin to speak of", {"csrf": ""}, {"Origin": "null"}, "notice"),
]


@pytest.mark.parametrize("fields, headers, how", [f[1:] for f in FORGED], ids=[f[0] for f in FORGED])
def test_what_another_site_sends_changes_nothing(system, issuer, door, fields, headers, how):
    visitor = logged_in(door, issuer, 4304)
    good = visitor.csrf()
    before = system.one("SELECT count(*) FROM applications")
    answer = visitor.submit(**{"csrf": good, **fields}, headers=headers)
    assert answer.status_code == 403
    assert ("Å gå i hagen" in answer.text) == (how == "notice"), "what another site wrote is shown as ours"
    out = visitor.send("POST", "/logg-ut", data={"csrf": good, **fields}, headers=headers)
    assert out.status_code == 403 and visitor.get("/soknad").status_code == 200
    assert system.one("SELECT count(*) FROM applications") == before


def test_a_page_of_ours_in_an_older_browser_is_ours(issuer, door):
    """Our pages send no referrer, so Safari to 16.3 and Firefox to 89 say `Origin: null`: that says nothing, and the page's own token decides."""
    visitor = logged_in(door, issuer, 4304)
    assert visitor.submit(headers={"Origin": "null"}).status_code == 303
    assert visitor.send("POST", "/logg-ut", data={"csrf": visitor.csrf()}, headers={"Origin": "null"}).status_code in (200, 303)
    assert visitor.get("/soknad").status_code == 303


def test_what_was_written_is_not_lost_with_the_session(system, issuer, door, page):
    visitor = logged_in(door, issuer, 4305)
    token, session = visitor.csrf(), visitor.cookies.pop(SESSION)
    answer = visitor.submit(csrf=token)
    assert answer.status_code == 401 and "Å gå i hagen" in answer.text and "Logg inn i et nytt vindu" in answer.text
    page.set_content(answer.text)
    assert_accessible(page, "form-logged-out")
    visitor.log_in()
    again = visitor.submit(csrf=token)
    assert again.status_code == 403 and "Å gå i hagen" in again.text and session not in again.text
    assert visitor.submit(csrf=re.search(r'name="csrf" value="([\w-]{43})"', again.text)[1]).status_code == 303


def test_the_same_form_sent_twice_gives_one_application(system, issuer, door):
    visitor = logged_in(door, issuer, 4306)
    token, key = visitor.csrf(), str(uuid.uuid4())
    first, second = visitor.submit(csrf=token, key=key), visitor.submit(csrf=token, key=key)
    assert first.status_code == second.status_code == 303 and first.headers["Location"] == second.headers["Location"]
    other = logged_in(door, issuer, 4307)
    theirs = other.submit(key=key)
    assert theirs.status_code == 303 and theirs.headers["Location"] != first.headers["Location"], "a key is its person's own"


def test_nobody_sends_in_anothers_name(system, issuer, door):
    visitor = logged_in(door, issuer, 4308)
    number = issuer.person
    body = application(seed=4309)
    answer = visitor.send("POST", "/api/v1/applications", json=body, headers={"Idempotency-Key": "x1"})
    assert answer.status_code == 400 and answer.json()["errors"] == [{"pointer": "/submitter/national_id", "code": "choice", "detail": answer.json()["errors"][0]["detail"]}]
    body["submitter"]["national_id"] = number
    own = visitor.send("POST", "/api/v1/applications", json=body, headers={"Idempotency-Key": "x2"})
    assert own.status_code == 201
    form = visitor.submit(**{"submitter/national_id": national_id(4309)}).headers["Location"].split("?")[0].rsplit("/", 1)[1]
    assert system.one("SELECT count(DISTINCT person_index) FROM case_parties JOIN applications USING (case_id) WHERE applications.id = ANY (%s::uuid[])",
                      [own.json()["application_id"], form]) == 1


def test_each_sees_what_is_theirs_and_nothing_else(system, issuer, door):
    applicant, relative, stranger = (logged_in(door, issuer, seed) for seed in (4310, 4311, 4312))
    sent = relative.submit(**{"submitter/role": "relative", "submitter/basis": "later", "applicant/name": "Ola Prøve", "applicant/national_id": national_id(4310)})
    assert sent.status_code == 303, sent.text
    status = sent.headers["Location"].split("?")[0]
    application_id = status.rsplit("/", 1)[1]
    system.settle()
    case_id = system.one("SELECT case_id FROM applications WHERE id = %s", application_id)
    seen = {path: [who.get(path).status_code for who in (applicant, relative, stranger)] for path in (
        status, f"{status}/brev/1", f"{status}/brev/2", f"/api/v1/applications/{application_id}", f"/status/{uuid.uuid4()}",
        f"/api/v1/cases/{case_id}", f"/api/v1/cases/{case_id}/letters/1", "/api/v1/agenda", "/api/v1/indicators?from=2026-01-01&to=2027-01-01")}
    assert list(seen.values()) == [[200, 200, 404], [200, 200, 404], [404] * 3, [200, 200, 404], [404] * 3] + [[403] * 3] * 4, seen
    hidden, absent = stranger.get(status).text, stranger.get(f"/status/{uuid.uuid4()}").text
    mask = lambda text: re.sub(r"[\w-]{43}", "", text)  # noqa: E731
    assert mask(hidden) == mask(absent), "what is another's looks different from what is not there"


def test_without_a_login_no_door_that_needs_one_opens(door):
    contract = requests.get(door.public + "/openapi.json", timeout=9).json()
    for path, methods in contract["paths"].items():
        for method in set(methods) & {"get", "post"}:
            answer = requests.request(method, door.public + re.sub(r"\{\w+\}", str(uuid.uuid4()), path).replace("letters/" + path[-36:], "letters/1"), timeout=9)
            assert answer.status_code in (401, 404) or path == "/openapi.json", (method, path, answer.status_code)
            if "/letters/" not in path:
                assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer", (method, path)
    assert requests.post(door.public + "/logg-ut", data={}, timeout=9).status_code == 401


def test_a_system_s_token_opens_the_same_door(system, systems, door):
    """With login on, systems come as before, and their tokens are no citizen's session."""
    assert door.post(systems.token(), seed=4320).status_code in (201, 403)
    assert door.get("/soknad", systems.token()).status_code == 403


@pytest.mark.parametrize("ends, used", [(31 * 60, []), (121 * 60, range(10 * 60, 110 * 60, 10 * 60))], ids=["half an hour without a request", "two hours in any case"])
def test_a_session_ends_by_itself(issuer, door, ends, used):
    visitor = logged_in(door, issuer, 4313)
    assert visitor.get("/soknad").status_code == 200
    try:
        for step in used:
            clock.put(step, door.clock)
            time.sleep(1.1)
            assert visitor.get("/soknad").status_code == 200, "it ended although it was used"
        clock.put(ends, door.clock)
        time.sleep(1.1)
        assert visitor.get("/soknad").status_code == 303
    finally:
        clock.put(file=door.clock)
        time.sleep(1.1)


def test_logging_out_ends_the_session_here_and_goes_on_to_the_issuer(system, issuer, door):
    visitor = logged_in(door, issuer, 4314)
    shown = dict(visitor.cookies)
    answer = visitor.send("POST", "/logg-ut", data={"csrf": visitor.csrf()})
    onward = re.search(r'content="0; url=([^"]+)"', answer.text)[1].replace("&amp;", "&")
    asked = dict(parse_qsl(urlsplit(onward).query))
    assert answer.status_code == 200 and asked == {"client_id": CLIENT, "post_logout_redirect_uri": door.public + "/logget-ut"}
    assert SESSION not in visitor.cookies
    visitor.cookies = shown
    assert visitor.get("/soknad").status_code == 303, "the old cookie still opens it"


def front(issuer, sid):
    return {"method": "GET", "path": "/logg-ut/varsel", "params": {"iss": issuer.url, "sid": sid}}


@pytest.mark.parametrize("tell", [front, back], ids=["in a frame of the browser", "by itself"])
def test_the_issuer_logs_out_its_session_and_no_other(issuer, door, tell):
    gone = logged_in(door, issuer, 4315)
    sid = issuer.sid
    stays = logged_in(door, issuer, 4315)
    assert Visitor(door).send(**tell(issuer, sid)).status_code == 200
    assert (gone.get("/soknad").status_code, stays.get("/soknad").status_code) == (303, 200)
    assert Visitor(door).send(**tell(issuer, sid)).status_code == 200, "to end it again is no fault"


def test_a_frame_in_a_browser_logs_out(issuer, door, page):
    """Pages of ours are shown in no frame, but what the issuer's frame asks for is done."""
    gone = logged_in(door, issuer, 4315)
    page.goto(issuer.url + "/jwks")
    with page.expect_response(lambda answer: "/logg-ut/varsel" in answer.url) as told:
        page.evaluate("url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }",
                      f"{door.public}/logg-ut/varsel?iss={issuer.url}&sid={issuer.sid}")
    assert told.value.status == 200 and gone.get("/soknad").status_code == 303


@pytest.mark.parametrize("changes", [c for _, c in NO_LOGOUT], ids=[n for n, _ in NO_LOGOUT])
def test_a_logout_that_is_none_ends_nothing(issuer, door, changes):
    visitor = logged_in(door, issuer, 4316)
    token = issuer.logout_token(**{"client": CLIENT, **changes})
    assert Visitor(door).send("POST", "/logg-ut/varsel", data={"logout_token": token}).status_code == 400
    assert visitor.get("/soknad").status_code == 200


@pytest.mark.parametrize("token", NO_TOKENS)
def test_what_is_no_token_ends_nothing(door, token):
    assert Visitor(door).send("POST", "/logg-ut/varsel", data={"logout_token": token}).status_code == 400


def test_a_logout_that_is_told_again_ends_no_later_session(issuer, door):
    ends_no_later_session(issuer, CLIENT, logged_in(door, issuer, 4317), Visitor(door), "/soknad")


@pytest.mark.parametrize("query", [{}, {"sid": "x"}, {"iss": "https://elsewhere.example", "sid": "x"}], ids=["nothing", "no issuer", "another issuer"])
def test_a_frame_that_is_not_the_issuers_ends_nothing(door, query):
    assert Visitor(door).get("/logg-ut/varsel", params=query).status_code == 400
    assert Visitor(door).send("POST", "/logg-ut/varsel", data={"x": "y"}).status_code == 400


def test_while_the_issuer_is_away_sessions_go_on_and_new_logins_get_a_clear_page(system, page):
    mine = Citizens(Key())
    with open_to_citizens(mine) as door:
        visitor = logged_in(door, mine, 4317)
        answer = Visitor(door).begin()
        mine.away = True
        assert visitor.submit().status_code == 303
        late = Visitor(door).get(answer)
        assert late.status_code == 400, "another browser's answer"
        waiting = Visitor(door)
        mine.away = False
        path = waiting.begin()
        mine.away = True
        failed = waiting.get(path)
        assert failed.status_code == 503 and "Innloggingen svarer ikke" in failed.text and failed.headers["Retry-After"]
        page.set_content(failed.text)
        assert_accessible(page, "login-away")
    mine.stop()
    with open_to_citizens(mine) as door:
        assert Visitor(door).get("/logg-inn").status_code == 503


def test_an_issuer_that_is_slow_holds_no_one_who_is_logged_in(system, issuer):
    """More come back from it at once than the API has threads; those who would wait too long are told so."""
    mine = Citizens(Key())
    with open_to_citizens(mine) as door:
        inside = logged_in(door, mine, 4319)
        coming = [(visitor, visitor.begin()) for visitor in (Visitor(door) for _ in range(80))]
        mine.slow, answers = 4, []
        threads = [threading.Thread(target=lambda v=v, p=p: answers.append(v.get(p).status_code), daemon=True) for v, p in coming]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert inside.get("/soknad").status_code == 200
        assert time.monotonic() - began < 3
        for thread in threads:
            thread.join(30)
        assert set(answers) == {303, 503} and answers.count(503) >= 40, answers
    mine.stop()


def test_what_is_kept_and_told_of_a_login_names_nobody(system, issuer, door):
    visitor = logged_in(door, issuer, 4318)
    number, secret = issuer.person, visitor.cookies[SESSION]
    visitor.submit()
    visitor.get(f"/status/{uuid.uuid4()}")
    kept = str(system.rows("SELECT s.*, encode(secret_hash, 'hex'), encode(sealed, 'escape') FROM sessions s")) + str(system.rows("SELECT * FROM logins"))
    time.sleep(0.3)
    told = "".join(door.lines) + requests.get(door.internal + "/metrics", timeout=5).text + " ".join(issuer.asked)
    for what in (number, secret, issuer.sid, "citizen:"):
        assert what not in kept and what not in told, what
    assert set(issuer.refused) <= {"the code is unknown or used", "the verifier is not the challenge's"}, "the issuer had another fault to find with us"


@pytest.mark.parametrize("spoil, says", [
    (lambda path: path.write_text("no key"), "no private key"), (lambda path: path.chmod(0o644), "chmod 600"), (lambda path: path.unlink(), "TILLIT_LOGIN_KEY"),
], ids=["no key", "for all to read", "not there"])
def test_a_key_that_can_not_be_used_is_a_start_up_failure(system, issuer, spoil, says):
    import subprocess
    from conftest import BIN
    path = write_key(STATE / "another-key.pem", issuer.client_key)
    spoil(path)
    public, internal = free_ports(2)
    done = subprocess.run([BIN / "tillit-api"], capture_output=True, text=True, timeout=30, env={
        **os.environ, "TILLIT_PUBLIC": f"127.0.0.1:{public}", "TILLIT_INTERNAL": f"127.0.0.1:{internal}",
        "TILLIT_PUBLIC_URL": "https://soknad.example", "TILLIT_INTERNAL_URL": "https://tillit.example", "TILLIT_CITIZEN_ISSUER": "https://idporten.no", "TILLIT_CITIZEN_CLIENT": CLIENT,
        "TILLIT_LOGIN_KEY": str(path), "TILLIT_LOGIN_KEY_ID": "k"})
    assert done.returncode != 0 and says in done.stderr

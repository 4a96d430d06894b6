# SPDX-License-Identifier: EUPL-1.2
"""Citizens as their browsers have them, and issuers who log them in."""
from contextlib import contextmanager
import uuid

import pytest
import requests

from conftest import STATE, csrf_of, free_ports, national_id, until
from doors import running
from issuer import Citizens, ENDED, Issuer, Key
from login import write_key
import clock

CLIENT = "tillit-askoy"

FORM = {"what_matters": "Å gå i hagen", "needs": "Å dusje", "household": "alone", "urgency": "none", "in_hospital": "no",
        "submitter/role": "self", "submitter/name": "Kari Prøve", "municipality": "4627", "language": "nb", "confirmed": "true"}


@contextmanager
def open_to_citizens(issuer, **settings):
    port, = free_ports(1)
    path = write_key(STATE / "citizen-key.pem", issuer.client_key)
    file = STATE / f"clock-{port}"
    clock.put(file=file)
    with running(port, **{"TILLIT_PUBLIC_URL": f"http://127.0.0.1:{port}", "TILLIT_CITIZEN_ISSUER": issuer.url,
                          "TILLIT_CITIZEN_CLIENT": CLIENT, "TILLIT_LOGIN_KEY": str(path), "TILLIT_LOGIN_KEY_ID": issuer.client_key.kid,
                          "TILLIT_CLOCK_FILE": str(file), **settings}) as door:
        door.clock = file
        yield door


@pytest.fixture(scope="module")
def issuer():
    one = Citizens(Key())
    yield one
    one.stop()


@pytest.fixture(scope="module")
def systems():
    one = Issuer()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def door(system, issuer, systems):
    with open_to_citizens(issuer, TILLIT_SYSTEM_ISSUER=systems.url) as one:
        yield one


class Visitor:
    """A browser as far as cookies go: those that the door sets, shown to the door alone."""

    def __init__(self, door):
        self.door, self.cookies, self.set = door, {}, []

    def send(self, method, path, **more):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **more.pop("headers", {})}
        answer = requests.request(method, self.address() + path, headers={k: v for k, v in headers.items() if v}, allow_redirects=False, timeout=20, **more)
        for line in answer.raw.headers.getlist("Set-Cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self.set.append(line)
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def address(self):
        return self.door.public

    def get(self, path, **more):
        return self.send("GET", path, **more)

    def begin(self, path="/logg-inn"):
        """To the issuer, and what it sends the browser back with."""
        sent = self.get(path)
        assert sent.status_code == 303, sent.text
        back = requests.get(sent.headers["Location"], allow_redirects=False, timeout=20).headers["Location"]
        return back.removeprefix(self.address())

    def log_in(self, path="/logg-inn"):
        return self.get(self.begin(path))

    def csrf(self):
        return csrf_of(self.get("/soknad").text)

    def submit(self, csrf=None, headers=None, **changes):
        """Each time something else is said, as far as nothing is given, for the same again would be asked about."""
        key = changes.pop("key", str(uuid.uuid4()))
        fields = {**FORM, "key": key, "copes_with": f"Det meste, {key}", "csrf": csrf if csrf is not None else self.csrf(), **changes}
        return self.send("POST", "/soknad", data={name: value for name, value in fields.items() if value is not None}, headers=headers or {})


def logged_in(door, issuer, seed):
    issuer.person, issuer.sid = national_id(seed), str(uuid.uuid4())
    visitor = Visitor(door)
    assert visitor.log_in().status_code == 303
    return visitor


def back(issuer, sid):
    return {"method": "POST", "path": "/logg-ut/varsel", "data": {"logout_token": issuer.logout_token(CLIENT, sid=sid)}}


NO_LOGOUT = [
    ("no event", {"events": None}), ("another event", {"events": {"https://example.org/other": {}}}), ("an event that is no object", {"events": {ENDED: True}}),
    ("a nonce, as an id_token has", {"nonce": "x"}), ("no session", {"sid": None}), ("an empty session", {"sid": ""}),
    ("another audience", {"aud": "someone-else"}), ("another issuer", {"iss": "https://idporten.no"}), ("expired", {"exp": int(clock.seconds()) - 60}),
    ("no time", {"iat": None}), ("alg none", {"header": {"alg": "none"}}), ("another's key", {"key": Key()}), ("a key that is unknown", {"header": {"kid": "nobody's"}}),
]

NO_TOKENS = ["", "x", "..", "a.b.c", "a.e30.c", "a.bm9uZQ.c", "e30.e30.", "a." + "e" * 9000 + ".c"]


def ends_no_later_session(issuer, client, visitor, later, page):
    """A statement that ended the visitor's session, shown again when another began under the issuer's same one: whoever kept it can do nothing with it."""
    def tell(sid=issuer.sid, after=0, good=180):
        now = int(clock.seconds())
        return told(issuer.logout_token(client, sid=sid, iat=now + after, exp=now + good))

    def told(token):
        return later.send("POST", "/logg-ut/varsel", data={"logout_token": token}).status_code
    kept = issuer.logout_token(client, sid=issuer.sid)
    assert told(kept) == 200 and visitor.get(page).status_code == 303
    try:
        clock.put(60, later.door.clock)
        until("the clock to be moved", lambda: tell("another", after=45) == 200, 10)
        assert later.log_in().status_code == 303
        assert told(kept) == 200 and later.get(page).status_code == 200, "an old statement ended a new session"
        assert tell(after=60) == 200 and later.get(page).status_code == 303
    finally:
        clock.put(file=later.door.clock)
        until("the clock to be back", lambda: tell("another", good=10) == 200, 10)

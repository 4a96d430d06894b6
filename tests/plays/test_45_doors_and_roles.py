# SPDX-License-Identifier: EUPL-1.2
"""Everyone at every public door, with what is theirs and what is not: made from the route table, so that a new door is in it."""
import uuid

import pytest
import requests

from conftest import application, talk_held, until
from doors import ANYONE, APPLICANT, routes
from issuer import Citizens, Issuer, Key, party
from citizens import Visitor, logged_in, open_to_citizens
from letting_in import WHY, ops

DOORS = routes("PUBLIC")
SCOPES = sorted({door.scope for door in DOORS if door.scope})
QUERIES = {"/api/v1/indicators": "?from=2026-01-01&to=2027-01-01", "/logg-ut/varsel": ""}


@pytest.fixture(scope="module")
def world(system):
    """A case of each of two people, in each of two municipalities."""
    citizens, systems = Citizens(Key()), Issuer()
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    assert ops("let-in", "310987654", "--name", "Askøy journal", "--municipality", "4627", *WHY).returncode == 0
    assert ops("let-in", "310912344", "--name", "Bergen journal", "--municipality", "4601", *WHY).returncode == 0
    with open_to_citizens(citizens, TILLIT_SYSTEM_ISSUER=systems.url, TILLIT_MUNICIPALITY="4627,4601") as door:
        one = World(door, citizens, systems)
        until("the API to know whom was let in", lambda: one.system("310987654", SCOPES)("GET", "/api/v1/agenda").status_code == 200)
        for municipality, organisation in (("4627", "310987654"), ("4601", "310912344")):
            for person in (4500, 4501):
                receipt = one.system(organisation, SCOPES)("POST", "/api/v1/applications", json=application(seed=person, municipality=municipality))
                assert receipt.status_code == 201, receipt.text
                one.cases[municipality, person] = receipt.json()
        system.settle()
        yield one
    citizens.stop()
    systems.stop()


class World:
    def __init__(self, door, citizens, systems):
        self.door, self.citizens, self.systems, self.cases = door, citizens, systems, {}

    def nobody(self):
        return lambda method, path, **more: Visitor(self.door).send(method, path, **more)

    def citizen(self, seed):
        visitor = logged_in(self.door, self.citizens, seed)
        csrf = visitor.csrf()

        def send(method, path, **more):
            more["data"] = more.get("data") and {**more["data"], "csrf": csrf}
            return visitor.send(method, path, **{k: v for k, v in more.items() if v})
        return send

    def system(self, organisation, scopes):
        def send(method, path, headers=None, **more):
            token = self.systems.token(scope=" ".join(f"tillit:{scope}" for scope in scopes), consumer=party(organisation))
            return requests.request(method, self.door.public + path, timeout=20, allow_redirects=False,
                                    headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), **(headers or {})}, **more)
        return send


def address(path, receipt):
    thing = receipt["case_id"] if "/cases/" in path else receipt["application_id"]
    return path.replace("{id}", thing).replace("{n}", "1").replace("{name}", "css/tillit.css") + QUERIES.get(path, "")


def body(method, path):
    """What a door that takes something takes; none of it may come true where the door stays shut."""
    if method != "POST":
        return {}
    if path == "/api/v1/applications":
        return {"json": application(seed=4500), "headers": {"Idempotency-Key": str(uuid.uuid4())}}
    if path.startswith("/api/"):
        return {"json": talk_held(),
                "headers": {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}}
    return {"data": {"x": "y"}}


def shut(answer, page):
    """No one is told more than that they must log in, or may not, or that nothing is there."""
    if answer.status_code == 303:
        return page and answer.headers["Location"].startswith("/logg-inn?til=")
    return answer.status_code in (401, 403, 404)


def outcome(answer, page):
    return "shut" if shut(answer, page) else "open"


def expected(who, door, mine):
    if door.roles == ANYONE:
        return "open"
    if who == "nobody" or (who == "citizen" and door.roles != APPLICANT) or (who == "system without the scope") or (who.startswith("system") and not door.scope):
        return "shut"
    if door.path == "/api/v1/applications":
        return "open" if mine else "shut"  # it names a municipality
    return "open" if mine or "{id}" not in door.path else "shut"


def test_everyone_at_every_door(system, world):
    assert len(DOORS) >= 20 and len(SCOPES) == 6
    tried, leaks = 0, []
    before = system.one("SELECT count(*) FROM contacts")
    allowed = 0
    for door in DOORS:
        method, path = door.method, door.path
        if path in ("/logg-ut", "/logg-inn/svar", "/logg-ut/varsel"):
            continue  # plays of their own: what they need is no role
        users = [("nobody", None, world.nobody()), ("citizen", 4500, world.citizen(4500)),
                 ("system without the scope", "4627", world.system("310987654", [one for one in SCOPES if one != door.scope])),
                 ("system of 4627", "4627", world.system("310987654", SCOPES)), ("system of 4601", "4601", world.system("310912344", SCOPES))]
        objects = world.cases.items() if "{id}" in path else [(("4627", 4500), world.cases["4627", 4500])]
        for who, own, send in users:
            for (municipality, person), receipt in objects:
                answer = send(method, address(path, receipt), **body(method, path))
                want = expected(who, door, own in (municipality, person))
                got = outcome(answer, not path.startswith("/api/"))
                tried += 1
                allowed += got == "open" and path.endswith("/contacts")
                if got != want:
                    leaks.append((who, method, path, municipality, person, answer.status_code, want))
    assert leaks == []
    assert tried > 150, tried
    assert system.one("SELECT count(*) FROM contacts") - before == allowed, "a door that stayed shut let something through"


def test_what_is_shut_looks_the_same_for_what_is_there_and_what_is_not(world):
    send = world.system("310987654", SCOPES)
    there, absent = (send("GET", f"/api/v1/cases/{case}") for case in (world.cases["4601", 4500]["case_id"], uuid.uuid4()))
    same = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in (there, absent)]
    assert there.status_code == absent.status_code == 404 and same[0] == same[1]

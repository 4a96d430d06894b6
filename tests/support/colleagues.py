# SPDX-License-Identifier: EUPL-1.2
"""Staff as their browsers have them, in the roles of a day."""
import itertools

import pytest

from citizens import Visitor, open_to_citizens
from conftest import application, csrf_of
from login import STAFF_LOGIN


class Colleague(Visitor):
    """One of the staff in a browser: the internal listener's cookies."""

    def __init__(self, door, issuer, role="tillit-saksbehandler", municipality="4627", **claims):
        super().__init__(door)
        self.issuer, self.municipality = issuer, municipality
        self.claims = {"sub": f"{role}-{municipality}", "name": "Odd Prøvestad", "roles": [role] if role else [], **claims}

    def address(self):
        return self.door.internal

    def log_in(self, path=None):
        self.issuer.changes = self.claims
        return super().log_in(path or f"/logg-inn?kommune={self.municipality}")

    def csrf(self):
        return csrf_of(self.get("/").text)

    def post(self, path, **fields):
        return self.send("POST", path, data={"csrf": self.csrf(), **fields})

    def open(self, case_id, **fields):
        return self.post(f"/saker/{case_id}/apne", **(fields or {"reason": "handling"}))


@pytest.fixture(scope="module")
def issuer(system):
    return system.logins.staff


@pytest.fixture(scope="module")
def door(system, issuer):
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    system.rows(STAFF_LOGIN, *system.logins.staff_row("4601", "realm_access.roles"))
    with open_to_citizens(system.logins.citizens) as one:
        yield one
    system.rows("DELETE FROM staff_logins WHERE municipality = '4601'")


@pytest.fixture(autouse=True)
def as_it_was(issuer):
    yield
    issuer.changes, issuer.away = {}, False


@pytest.fixture
def colleague(door, issuer):
    def come(*role, **claims):
        one = Colleague(door, issuer, *role, **claims)
        assert one.log_in().status_code == 303
        return one
    return come


SEEDS = itertools.count(469000)


@pytest.fixture
def case(system):
    receipt = system.post(application(seed=next(SEEDS))).json()
    system.settle()
    return receipt

# SPDX-License-Identifier: EUPL-1.2
"""Everybody's issuers on loopback: what an API must be told to let their people in, and how they come."""
import json

import clock
import requests
from cryptography.hazmat.primitives import serialization

from issuer import Citizens, Issuer, Key, Staff, party

SYSTEM = "310123455"  # the organisation that a trial lets in for 4627
SCOPES = ("applications.write", "applications.read", "cases.read", "cases.write", "agenda.read", "indicators.read")
ROLES = {"tillit-saksbehandler": "caseworker", "tillit-teamleder": "team_leader", "tillit-team": "team_member", "tillit-personvern": "privacy_officer",
         "tillit-drift": "operator", "tillit-gevinst": "benefit_owner", "tillit-administrator": "administrator"}
STAFF_LOGIN = """INSERT INTO staff_logins (municipality, issuer, client, roles_claim, role_map) VALUES (%s, %s, %s, %s, %s)
                 ON CONFLICT (municipality) DO UPDATE SET issuer = excluded.issuer, client = excluded.client, roles_claim = excluded.roles_claim"""


def write_key(path, key):
    path.touch(0o600)
    path.write_bytes(key.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return path


class Logins:
    def __init__(self, folder):
        key = Key()
        self.citizens, self.staff, self.systems = Citizens(key), Staff(key), Issuer()
        self.key = write_key(folder / "login-key.pem", key)

        self.systems.all_rights = {"scope": " ".join(f"tillit:{scope}" for scope in SCOPES), "consumer": party(SYSTEM)}

    def settings(self, public, internal):
        """Of an API at these addresses, http://host:port."""
        return {"TILLIT_PUBLIC_URL": public, "TILLIT_INTERNAL_URL": internal, "TILLIT_CITIZEN_ISSUER": self.citizens.url, "TILLIT_CITIZEN_CLIENT": "tillit",
                "TILLIT_SYSTEM_ISSUER": self.systems.url, "TILLIT_LOGIN_KEY": str(self.key), "TILLIT_LOGIN_KEY_ID": self.citizens.client_key.kid}

    def staff_row(self, municipality="4627", claim="roles"):
        """The parameters of STAFF_LOGIN."""
        return municipality, self.staff.url, f"tillit-{municipality}", claim, json.dumps(ROLES)

    def bearer(self, seconds=3600, **claims):
        """The header of a system that may do all."""
        now = int(clock.seconds())
        return "Bearer " + self.systems.token(**{**self.systems.all_rights, "iat": now, "exp": now + seconds, **claims})

    def stop(self):
        for one in (self.citizens, self.staff, self.systems):
            one.stop()


class AsSystem(requests.auth.AuthBase):
    """A token with each request, unless it brings something of its own."""

    def __init__(self, logins):
        self.logins, self.header, self.good_until = logins, None, 0

    def __call__(self, request):
        if not self.good_until - 3600 <= clock.seconds() <= self.good_until:
            self.header, self.good_until = self.logins.bearer(), clock.seconds() + 1800
        request.headers.setdefault("Authorization", self.header)
        return request


def logged_in(base, path="/logg-inn"):
    """A session of whoever the issuer says has come, by its cookie; what it posts as a form needs .csrf."""
    begun = requests.get(base + path, allow_redirects=False, timeout=20)
    back = requests.get(begun.headers["Location"], allow_redirects=False, timeout=20).headers["Location"]
    came = requests.get(back, headers={"Cookie": begun.headers["Set-Cookie"].split(";")[0]}, allow_redirects=False, timeout=20)
    assert came.status_code == 303, came.text
    session = requests.Session()
    cookies = [line.split(";")[0] for line in came.raw.headers.getlist("Set-Cookie")]
    session.headers["Cookie"] = next(cookie for cookie in cookies if not cookie.endswith("=") and "-login" not in cookie)
    return session

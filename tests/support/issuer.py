# SPDX-License-Identifier: EUPL-1.2
"""Issuers of tokens on loopback, as Maskinporten and ID-porten are: metadata, a key set, and tokens of any kind that a test
wants. They note what they are asked, and can be away, slow (seconds), or say nonsense."""
import base64
import hashlib
import json
import secrets
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import clock
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ENDED = "http://schemas.openid.net/event/backchannel-logout"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n, length=None):
    return b64(n.to_bytes(length or (n.bit_length() + 7) // 8, "big"))


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def part(document):
    return b64(json.dumps(document).encode())


class Key:
    def __init__(self, alg="RS256"):
        self.kid, self.alg = str(uuid.uuid4()), alg
        self.private = ec.generate_private_key(ec.SECP256R1()) if alg == "ES256" else rsa.generate_private_key(65537, 2048)

    def public(self):
        numbers = self.private.public_key().public_numbers()
        if self.alg == "ES256":
            return {"kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32), "kid": self.kid, "use": "sig", "alg": "ES256"}
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e), "kid": self.kid, "use": "sig", "alg": self.alg}

    def sign(self, data):
        if self.alg == "ES256":
            r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if self.alg == "PS256" else padding.PKCS1v15()
        return self.private.sign(data, scheme, hashes.SHA256())


class Issuer:
    """Maskinporten's kind: its address ends with a slash."""
    METADATA, SLASH = "/.well-known/oauth-authorization-server", "/"

    def __init__(self, port=0):
        issuer = self
        self.asked, self.away, self.slow, self.body = [], False, 0, None
        self.keys, self.all_rights = [Key()], {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                time.sleep(issuer.slow)
                self.answer(*issuer.get(urlsplit(self.path)))

            def do_POST(self):
                issuer.asked.append(self.path)
                time.sleep(issuer.slow)
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.answer(*issuer.post(urlsplit(self.path), form))

            def answer(self, status, body, location=None):
                body = (issuer.body or body).encode()
                self.send_response(503 if issuer.away else status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.url = self.root + self.SLASH
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def metadata(self):
        return {"issuer": self.url, "jwks_uri": self.root + "/jwks"}

    def get(self, address):
        documents = {self.METADATA: self.metadata(), "/jwks": {"keys": [key.public() for key in self.keys]}}
        return 200, json.dumps(documents.get(address.path, {}))

    def post(self, address, form):
        """As the trial's own: whoever asks gets a token of a system that may do all."""
        if address.path == "/token" and form.get("grant_type") == "client_credentials":
            return 200, json.dumps({"access_token": self.token(**self.all_rights), "token_type": "Bearer"})
        return 404, ""

    def claims(self, **changes):
        """Those of a system of an organisation, good for two minutes; None leaves one out."""
        now = int(clock.seconds())
        return chosen({"iss": self.url, "scope": "tillit:applications.write tillit:cases.read", "consumer": party("310987654"), "iat": now,
                       "exp": now + 120, "client_id": "a-client", "jti": str(uuid.uuid4()), **changes})

    def token(self, key=None, header=None, **changes):
        key = key or self.keys[0]
        head = {"alg": key.alg, "kid": key.kid, "typ": "JWT", **(header or {})}
        signed = part(chosen(head)) + "." + part(self.claims(**changes))
        return signed + "." + b64(key.sign(signed.encode()))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Citizens(Issuer):
    """ID-porten's kind, strict: whoever comes is logged in as `person` at once, with the claims that `changes` says."""
    METADATA, SLASH = "/.well-known/openid-configuration", ""

    def __init__(self, client_key):
        super().__init__()
        self.client_key, self.codes, self.refused = client_key, {}, []
        self.pushed_at, self.pushed, self.push_answer = None, {}, None  # an address: what will be asked is told there first (PAR)
        self.person, self.changes, self.sign_with, self.header = "17834006863", {}, None, None
        self.sid = str(uuid.uuid4())

    def metadata(self):
        return {**super().metadata(), **{name: f"{self.root}/{path}" for name, path in (
            ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("end_session_endpoint", "endsession"))},
            **({"pushed_authorization_request_endpoint": self.pushed_at} if self.pushed_at else {})}

    def get(self, address):
        asked = dict(parse_qsl(address.query))
        if address.path == "/authorize":
            if "request_uri" in asked:
                told = self.pushed.pop(asked["request_uri"], {})
                if told.get("client_id") != asked["client_id"] or set(asked) != {"client_id", "request_uri"}:
                    return 400, "unknown"
                asked = told
            code = secrets.token_urlsafe(24)
            self.codes[code] = asked
            return 302, "", asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"], "iss": self.url})
        if address.path == "/endsession":
            return 302, "", asked["post_logout_redirect_uri"]
        return super().get(address)

    def push(self, form):
        why = self.why_no_client(form, form["client_id"])
        if why:
            self.refused.append(why)
        if why or self.push_answer:
            return self.push_answer or (401, json.dumps({"error": "invalid_client"}))
        name = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(24)}"
        self.pushed[name] = form
        return 201, json.dumps({"request_uri": name, "expires_in": 60})

    def post(self, address, form):
        if address.path == "/par":
            return self.push(form)
        why = self.why_not(form)
        if why:
            self.refused.append(why)
            return 400, json.dumps({"error": "invalid_grant"})
        asked = self.codes.pop(form["code"])
        return 200, json.dumps({"token_type": "Bearer", "access_token": "not looked at", "id_token": self.token(
            self.sign_with, self.header, **{"nonce": asked["nonce"], "aud": asked["client_id"], **self.changes})})

    def why_not(self, form):
        asked = self.codes.get(form.get("code"))
        if not asked:
            return "the code is unknown or used"
        if (form["grant_type"], form["redirect_uri"], form["client_id"]) != ("authorization_code", asked["redirect_uri"], asked["client_id"]):
            return "the code is another client's"
        if asked["code_challenge_method"] != "S256" or b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return "the verifier is not the challenge's"
        return self.why_no_client(form, asked["client_id"])

    def why_no_client(self, form, client):
        if form["client_assertion_type"] != ASSERTION:
            return "no assertion"
        head, claims, signature = form["client_assertion"].split(".")
        self.client_key.private.public_key().verify(unb64(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        said = json.loads(unb64(claims))
        good = said["iss"] == said["sub"] == client and said["aud"] == self.url and 0 < said["exp"] - said["iat"] <= 120 and said["jti"]
        return None if good and json.loads(unb64(head))["kid"] == self.client_key.kid else "the assertion is not the client's"

    def claims(self, **changes):
        now = int(clock.seconds())
        return chosen({"iss": self.url, "sub": "pairwise", "pid": self.person, "acr": "idporten-loa-high", "amr": ["BankID"], "sid": self.sid,
                       "auth_time": now, "iat": now, "exp": now + 120, "jti": str(uuid.uuid4()), **changes})

    def logout_token(self, client, **changes):
        return self.token(**{"aud": client, "pid": None, "acr": None, "amr": None, "auth_time": None, "events": {ENDED: {}}, **changes})


class Staff(Citizens):
    """A municipality's own kind: it tells roles and a unit, and no national id unless a test says so."""

    def claims(self, **changes):
        now = int(clock.seconds())
        return chosen({"iss": self.url, "sub": "odd", "name": "Odd Prøvestad", "department": "Tjenestekontoret", "roles": ["tillit-saksbehandler"],
                       "sid": self.sid, "iat": now, "exp": now + 120, **changes})


def chosen(claims):
    return {name: value for name, value in claims.items() if value is not None}


def party(organisation):
    return {"authority": "iso6523-actorid-upis", "ID": f"0192:{organisation}"}

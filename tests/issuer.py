# SPDX-License-Identifier: EUPL-1.2
"""An issuer of tokens on loopback, as Maskinporten is one: metadata, a key set, and tokens of any kind that a test wants.
It counts what it is asked, and can be away, slow (seconds), or say nonsense."""
import base64
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

METADATA = "/.well-known/oauth-authorization-server"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n, length=None):
    return b64(n.to_bytes(length or (n.bit_length() + 7) // 8, "big"))


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
    def __init__(self, port=0):
        issuer = self
        self.asked, self.away, self.slow, self.body = [], False, 0, None
        self.keys = [Key()]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                time.sleep(issuer.slow)
                documents = {METADATA: {"issuer": issuer.url, "jwks_uri": issuer.url + "jwks"},
                             "/jwks": {"keys": [key.public() for key in issuer.keys]}}
                body = (issuer.body or json.dumps(documents.get(self.path, {}))).encode()
                self.send_response(503 if issuer.away else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def claims(self, **changes):
        """Those of a system of an organisation, good for two minutes; None leaves one out."""
        now = int(time.time())
        claims = {"iss": self.url, "scope": "tillit:applications.write tillit:cases.read", "consumer": party("987654321"), "iat": now, "exp": now + 120,
                  "client_id": "a-client", "jti": str(uuid.uuid4()), **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key=None, header=None, **changes):
        key = key or self.keys[0]
        head = {"alg": key.alg, "kid": key.kid, "typ": "JWT", **(header or {})}
        signed = part({k: v for k, v in head.items() if v is not None}) + "." + part(self.claims(**changes))
        return signed + "." + b64(key.sign(signed.encode()))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def party(organisation):
    return {"authority": "iso6523-actorid-upis", "ID": f"0192:{organisation}"}

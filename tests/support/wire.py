# SPDX-License-Identifier: EUPL-1.2
"""A connection, byte by byte."""
from urllib.parse import urlsplit
import socket

APPLY = "/api/v1/applications"


class Wire:
    """One connection, on which what is said is said to the byte."""

    def __init__(self, base):
        address = urlsplit(base)
        self.host = address.netloc
        self.line = socket.create_connection((address.hostname, address.port), timeout=20)
        self.said = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()

    def send(self, method, path, headers, body=b"", version="1.1", host=True):
        lines = [f"{method} {path} HTTP/{version}", *([f"Host: {self.host}"] if host else []), *(f"{name}: {value}" for name, value in headers)]
        self.line.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        return self

    def head(self):
        """The next head that comes: its status and its headers, in order."""
        while b"\r\n\r\n" not in self.said:
            more = self.line.recv(65536)
            assert more, f"it was closed behind {self.said!r}"
            self.said += more
        head, self.said = self.said.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        return int(first.split()[1]), [tuple(line.split(": ", 1)) for line in lines]

    def answer(self):
        status, headers = self.head()
        while more := self.line.recv(65536):
            self.said += more
        return Answer(status, headers, self.said)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body.decode()

    def get(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def cookies(self):
        return [value.split(";")[0] for key, value in self.headers if key.lower() == "set-cookie" and not value.split(";")[0].endswith("=")]

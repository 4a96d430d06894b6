# SPDX-License-Identifier: EUPL-1.2
"""nginx stands before the API as deploy/nginx/tillit.conf says: both read each request alike, so that nothing comes through as a part of another's."""
import http.client
import json
import re
import socket
import ssl
import time
import uuid
from collections import namedtuple
from contextlib import suppress

import pytest
import requests

from conftest import STATE, application, free_ports
from doors import running
import nginx

PUBLIC, STAFF = "soknad.example.no", "tillit.example.no"
APPLY, CLEAN = "/api/v1/applications", "/kommune/4627/farge.css"
Proxy = namedtuple("Proxy", "door port plain staff trusts")


@pytest.fixture(scope="module")
def proxy(system):
    plain, port, staff = free_ports(3)
    with running(TILLIT_PROXY="127.0.0.1", TILLIT_RATE_ADDRESS="40") as door:
        with nginx.standing(STATE / "nginx", door.public.removeprefix("http://"), door.internal.removeprefix("http://"), plain, port, staff) as trusts:
            yield Proxy(door, port, plain, staff, trusts)


def through(proxy, name=PUBLIC, address="127.0.0.1", port=None, source=None):
    return proxy.trusts.wrap_socket(socket.create_connection((address, port or proxy.port), timeout=20, source_address=source and (source, 0)), server_hostname=name)


def ask(proxy, method, path, body=None, headers=None, **how):
    """One request by somebody who means well."""
    line = http.client.HTTPConnection(how.get("name", PUBLIC))
    line.sock = through(proxy, **how)
    line.request(method, path, body=body, headers=headers or {}, encode_chunked="Transfer-Encoding" in (headers or {}))
    answer = line.getresponse()
    answer.text = answer.read().decode(errors="replace")
    line.close()
    return answer


# ---- what each of both could read in another way than the other

def start(method, path, *lines, version=b"HTTP/1.1"):
    return b"\r\n".join([b"%s %s %s" % (method.encode(), path.encode(), version), b"Host: soknad.example.no", b"Content-Type: application/json", *lines]) + b"\r\n"


def post(*lines, body=b"", **how):
    return start("POST", APPLY, *lines, **how) + b"\r\n" + body


def length(text):
    return b"Content-Length: %d" % len(text)


CHUNKED, END = b"Transfer-Encoding: chunked", b"0\r\n\r\n"


def chunk(text, more=b"", end=b"\r\n"):
    return b"%x%s%s%s\r\n" % (len(text), more, end, text)


# What comes first, made of a request that is hidden in it (h); what the proxy answers to all that is sent, the clean request behind it
# included, and what the API says to it when nobody stands before it. A request that is read is 401, for it brings no token; the hidden one
# would be 201, and the clean one is 200. Where a connection is closed,
# the clean one has no answer, and before the API it never has: there each connection is one request's.
BATTERY = {
    "length and chunks, the length is right": (lambda h: post(length(END + h), CHUNKED, body=END + h), "400", "400"),
    "length and chunks, the chunks are right": (lambda h: post(b"Content-Length: 4", CHUNKED, body=chunk(h) + END), "400", "400"),
    "chunks and length, the other way round": (lambda h: post(CHUNKED, length(END + h), body=END + h), "400", "400"),
    "two encodings": (lambda h: post(CHUNKED, b"Transfer-Encoding: identity", body=END + h), "400", "400"),
    "the same encoding twice": (lambda h: post(CHUNKED, CHUNKED, body=END + h), "400", "400"),
    "a list of encodings": (lambda h: post(b"Transfer-Encoding: chunked, identity", body=END + h), "501", "400"),
    "identity": (lambda h: post(b"Transfer-Encoding: identity", length(h), body=h), "501", "400"),
    "identity without a length": (lambda h: post(b"Transfer-Encoding: identity", body=h), "501", "400"),
    "an encoding that nobody knows": (lambda h: post(b"Transfer-Encoding: xchunked", body=END + h), "501", "400"),
    "an encoding in quotes": (lambda h: post(b'Transfer-Encoding: "chunked"', body=END + h), "501", "400"),
    "an encoding behind a tab": (lambda h: post(b"Transfer-Encoding:\tchunked", body=END + h), "501", "400"),
    "an encoding behind a vertical tab": (lambda h: post(b"Transfer-Encoding: \x0bchunked", body=END + h), "501", "400"),
    "an encoding in capitals": (lambda h: post(b"TRANSFER-ENCODING: CHUNKED", body=chunk(h) + END), "401 200", "400"),
    "a blank before the colon": (lambda h: post(b"Transfer-Encoding : chunked", length(END + h), body=END + h), "400", "400"),
    "an encoding in a folded line": (lambda h: post(b"X: y", b" Transfer-Encoding: chunked", length(END + h), body=END + h), "400", "400"),
    "a value in a folded line": (lambda h: post(b"Transfer-Encoding:", b" chunked", length(END + h), body=END + h), "400", "400"),
    "an encoding behind a bare line feed": (lambda h: post(b"X: y\nTransfer-Encoding: chunked", length(END + h), body=END + h), "400", "400"),
    "an encoding behind a bare return": (lambda h: post(b"X: y\rTransfer-Encoding: chunked", length(END + h), body=END + h), "400", "400"),
    "an underscore for a hyphen": (lambda h: post(b"Transfer_Encoding: chunked", length(h), body=h), "401 200", "401"),
    "two lengths": (lambda h: post(b"Content-Length: 0", length(h), body=h), "400", "400"),
    "the same length twice": (lambda h: post(length(h), length(h), body=h), "400", "400"),
    "a list of lengths": (lambda h: post(b"Content-Length: 0, %d" % len(h), body=h), "400", "400"),
    "a length with a sign": (lambda h: post(b"Content-Length: +%d" % len(h), body=h), "400", "400"),
    "a length under nothing": (lambda h: post(b"Content-Length: -1", body=h), "400", "400"),
    "a length in hex": (lambda h: post(b"Content-Length: 0x%x" % len(h), body=h), "400", "400"),
    "a length with a blank in it": (lambda h: post(b"Content-Length: 0 %d" % len(h), body=h), "400", "400"),
    "a length with a NUL behind it": (lambda h: post(b"Content-Length: 0\0%d" % len(h), body=h), "400", "400"),
    "no length": (lambda h: post(b"Content-Length: ", body=h), "400", "400"),
    "a length that overflows": (lambda h: post(b"Content-Length: 18446744073709551616", body=h), "400", "413"),
    "a length with zeros before it": (lambda h: post(b"Content-Length: 0000%d" % len(h), body=h), "401 200", "401"),
    "a length in another spelling": (lambda h: post(length(h), b"content-length: 0", body=h), "400", "400"),
    "a length that the connection takes away": (lambda h: post(b"Connection: Content-Length", length(h), body=h), "401 200", "401"),
    "chunks": (lambda h: post(CHUNKED, body=chunk(h) + END), "401 200", "400"),
    "a chunk with an extension": (lambda h: post(CHUNKED, body=chunk(h, b";a=b") + END), "401 200", "400"),
    "a chunk with an extension in quotes": (lambda h: post(CHUNKED, body=chunk(h, b';a="0\r\n\r\n"') + END), "400", "400"),
    "a chunk with a bare line feed in its extension": (lambda h: post(CHUNKED, body=chunk(h, b";\n") + END), "400", "400"),
    "a chunk's size behind a bare line feed": (lambda h: post(CHUNKED, body=chunk(h, end=b"\n") + END), "401 200", "400"),
    "a chunk of a size that overflows": (lambda h: post(CHUNKED, body=b"10000000000000000\r\n" + END + h), "400", "400"),
    "a chunk of a size with a sign": (lambda h: post(CHUNKED, body=b"+5\r\n" + END + h), "400", "400"),
    "a chunk of a size under nothing": (lambda h: post(CHUNKED, body=b"-1\r\n" + END + h), "400", "400"),
    "a chunk of a size with 0x": (lambda h: post(CHUNKED, body=b"0x5\r\n" + END + h), "400", "400"),
    "a chunk of a size with a blank": (lambda h: post(CHUNKED, body=chunk(h, b" ") + END), "401 200", "400"),
    "a chunk that is longer than its size": (lambda h: post(CHUNKED, body=b"1\r\n" + END + h), "400", "400"),
    "no chunk": (lambda h: post(CHUNKED, body=b"\r\n" + END + h), "400", "400"),
    "a last chunk of many zeros": (lambda h: post(CHUNKED, body=b"00000000\r\n\r\n"), "401 200", "400"),
    "a length behind the chunks": (lambda h: post(CHUNKED, body=b"0\r\n" + length(h) + b"\r\n\r\n"), "401 200", "400"),
    "a NUL in a value": (lambda h: post(b"X: a\0b", length(h), body=h), "400", "400"),
    "a NUL in a name": (lambda h: post(b"X\0Y: a", length(h), body=h), "400", "400"),
    "a line that is no header": (lambda h: post(b"Transfer-Encoding chunked", length(h), body=h), "400", "400"),
    "an encoding behind a line that begins with a colon": (lambda h: post(b": y", CHUNKED, length(END + h), body=END + h), "400", "400"),
    "an encoding behind a line that begins with a blank": (lambda h: post(b" ", CHUNKED, length(END + h), body=END + h), "400", "400"),
    "an encoding behind a line that begins with a letter of the world": (lambda h: post(b"\xe6: y", CHUNKED, length(END + h), body=END + h), "400", "400"),
    "a length behind a line that begins with a colon": (lambda h: post(b": y", length(h), body=h), "400", "400"),
    "an encoding that begins the headers, folded": (lambda h: post(length(END + h), body=END + h).replace(b"Host:", b" Transfer-Encoding: chunked\r\nHost:", 1), "400", "400"),
    "headers with blanks before their colons": (lambda h: post(b"X : a", length(h), body=h), "400", "400"),
    "line feeds alone, all through": (lambda h: post(length(h)).replace(b"\r\n", b"\n") + h, "401 200", "400"),
    "more headers than one reads": (lambda h: post(*[b"X-%d: a" % n for n in range(70)], CHUNKED, body=chunk(h) + END), "400 200", "400"),
    "a method that nobody knows": (lambda h: post(length(h), body=h).replace(b"POST", b"BREW", 1), "501 200", "501"),
    "a method in small letters": (lambda h: post(length(h), body=h).replace(b"POST", b"post", 1), "400", "501"),
    "two hosts": (lambda h: post(b"Host: evil.example", length(h), body=h), "400", "400"),
    "another's address as a whole": (lambda h: start("GET", "http://evil.example/openapi.json", length(h)) + b"\r\n" + h, "421 200", "200"),
    "our address as a whole": (lambda h: start("GET", "https://soknad.example.no/openapi.json", length(h)) + b"\r\n" + h, "200 200", "200"),
    "another's address in a name's place": (lambda h: start("GET", "evil.example:443", length(h)) + b"\r\n" + h, "400", "400"),
    "a way through": (lambda h: start("CONNECT", "evil.example:443", length(h)) + b"\r\n" + h, "400", "501"),
    "lines in an address": (lambda h: start("GET", "/%0d%0aTransfer-Encoding:%20chunked%0d%0a", length(h)) + b"\r\n" + h, "400 200", "400"),
    "a blank in an address": (lambda h: start("GET", "/a HTTP/1.1\tb", length(h)) + b"\r\n" + h, "400", "400"),
    "two blanks behind the method": (lambda h: post(length(h), body=h).replace(b"POST ", b"POST  ", 1), "401 200", "400"),
    "an empty line first": (lambda h: b"\r\n" + post(length(h), body=h), "401 200", "401"),
    "a blank first": (lambda h: b" " + post(length(h), body=h), "400", "401"),
    "version 0.9": (lambda h: b"GET /openapi.json\r\n" + h, "", "400"),
    "version 1.0 with chunks": (lambda h: post(CHUNKED, body=END + h, version=b"HTTP/1.0"), "400", "400"),
    "version 2.0": (lambda h: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + h, "400", "505"),
    "version 1.10": (lambda h: post(length(h), body=h, version=b"HTTP/1.10"), "401 200", "400"),
    "a change to HTTP/2": (lambda h: post(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__", length(h), body=h), "401 200", "401"),
    "a body that GET brings": (lambda h: start("GET", "/openapi.json", length(h)) + b"\r\n" + h, "200 200", "200"),
    "a body that HEAD brings": (lambda h: start("HEAD", "/openapi.json", length(h)) + b"\r\n" + h, "200 200", "200"),
    "a body that waits to be asked for": (lambda h: post(b"Expect: 100-continue", length(h), body=h), "401 200", "401"),
    "two in a row": (lambda h: start("GET", "/openapi.json") + b"\r\n" + post(length(h), body=h), "200 401 200", "200"),
}


def hidden(system, key):
    """What nobody asked for: a whole application with a good token, which is there afterwards if it was ever read as a request."""
    body = json.dumps(application(seed=5400)).encode()
    return start("POST", APPLY, b"Authorization: " + system.logins.bearer().encode(), b"Idempotency-Key: " + key.encode(), length(body)) + b"\r\n" + body


def answers(connection, sent):
    """The statuses of all that comes until the connection is closed."""
    said = b""
    with connection:
        with suppress(ConnectionError, ssl.SSLError):  # answered and closed before all was read
            connection.sendall(sent)
            if not isinstance(connection, ssl.SSLSocket):  # else a length that promises more is waited for
                connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError, ssl.SSLError):
            while more := connection.recv(65536):
                said += more
    return " ".join(status.decode() for status in re.findall(rb"HTTP/1\.1 (\d{3})", said) if status != b"100")


def direct(door):
    host, port = door.public.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


CLEAN_REQUEST = start("GET", CLEAN, b"Connection: close") + b"\r\n"
TAKEN = 'tillit_http_requests_total{route="/api/v1/applications",method="POST",status="201"}'


def kept(system, pattern):
    return system.one("SELECT count(*) FROM idempotency_keys WHERE key LIKE %s", pattern)


def test_the_hidden_request_would_be_taken_if_it_were_read(system, proxy):
    assert answers(through(proxy), hidden(system, "shown-1") + CLEAN_REQUEST) == "201 200"
    assert answers(direct(proxy.door), hidden(system, "shown-2")) == "201"
    assert kept(system, "shown-%") == 2 and proxy.door.metric(TAKEN) == 2


@pytest.mark.parametrize("name", BATTERY)
@pytest.mark.parametrize("at", ["proxy", "api"])
def test_nothing_comes_through_in_anothers_request(system, proxy, at, name):
    make, *expected = BATTERY[name]
    taken, key = proxy.door.metric(TAKEN), f"hidden-{uuid.uuid4()}"
    connection = through(proxy) if at == "proxy" else direct(proxy.door)
    assert answers(connection, make(hidden(system, key)) + CLEAN_REQUEST) == expected[at == "api"]
    assert proxy.door.metric(TAKEN) == taken and kept(system, key) == 0


def test_a_whole_body_comes_by_its_length(system, proxy):
    """What came in chunks is an application like any other."""
    key = f"chunks-{uuid.uuid4()}"
    body = json.dumps(application(seed=5401)).encode()
    answer = ask(proxy, "POST", APPLY, iter([body[:100], body[100:]]), {"Authorization": system.logins.bearer(), "Idempotency-Key": key, "Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    assert answer.status == 201 and kept(system, key) == 1, answer.text


SIZES = [("the API's limit", 262144, 400, "urn:tillit:problem:malformed"), ("one byte more", 262145, 413, "urn:tillit:problem:too-large"), ("more than the proxy takes", 300000, 413, None)]


@pytest.mark.parametrize("size, status, says", [row[1:] for row in SIZES], ids=[row[0] for row in SIZES])
def test_what_is_too_large_is_told_so(system, proxy, size, status, says):
    start = json.dumps(application(seed=5402, needs=""))
    body = start.replace('"needs": ""', '"needs": "' + "x" * (size - len(start.encode())) + '"').encode()
    assert len(body) == size
    answer = ask(proxy, "POST", APPLY, body, {"Authorization": system.logins.bearer(), "Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"})
    assert answer.status == status and (json.loads(answer.text)["type"] == says if says else "nginx" in answer.text)


def test_who_writes_slowly_holds_no_thread_of_the_api(proxy):
    """More than it has threads are in the middle of their body, and the next one is answered as if they were not there."""
    slow = [through(proxy) for _ in range(80)]
    try:
        for line in slow:
            line.sendall(post(b"Content-Length: 1000", body=b'{"needs": "'))
        began = time.monotonic()
        assert ask(proxy, "GET", CLEAN).status == 200 and time.monotonic() - began < 3
    finally:
        for line in slow:
            line.close()


def test_who_comes_faster_than_one_may_waits_at_the_proxy_or_is_told_so(proxy):
    """All at once from one address, by a rate of 50 a second: some are answered later, the last not at all; another address does not notice."""
    lines = [through(proxy, source="127.0.0.5") for _ in range(320)]
    try:
        for line in lines:
            line.sendall(start("GET", CLEAN) + b"Connection: close\r\n\r\n")
        began = time.monotonic()
        assert ask(proxy, "GET", CLEAN).status == 200 and time.monotonic() - began < 1
        texts = [b"".join(iter(lambda: line.recv(65536), b"")) for line in lines]
        took = time.monotonic() - began
    finally:
        for line in lines:
            line.close()
    refused = [text for text in texts if text.startswith(b"HTTP/1.1 429")]
    assert {text[:12] for text in texts} == {b"HTTP/1.1 200", b"HTTP/1.1 429"} and all(b"\r\nRetry-After: 1\r\n" in text for text in refused)
    assert took > 1 and len(refused) < 120, "the others had to wait"


def own_address():
    """This machine's towards others: no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("192.0.2.1", 9))
        return s.getsockname()[0]


def test_who_comes_is_whose_connection_it_is_whatever_they_wrote(proxy):
    """Through this machine's own address one is a stranger, and held to what a stranger may; by loopback nobody is, who says what they will."""
    address = own_address()
    assert not address.startswith("127."), "without an address of its own a machine has no strangers"
    strangers = [ask(proxy, "GET", CLEAN, headers={"X-Forwarded-For": f"203.0.113.{n}" if n % 2 else "127.0.0.1"}, address=address) for n in range(70)]
    statuses = [answer.status for answer in strangers]
    assert statuses[:40] == [200] * 40 and 429 in statuses[40:]
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in strangers if answer.status == 429)
    assert [ask(proxy, "GET", CLEAN, headers={"X-Forwarded-For": "203.0.113.7"}).status for _ in range(50)] == [200] * 50


@pytest.mark.parametrize("path", ["/drift", "/saker", "/logg", "/metrics", "/healthz/ready", "/api/v1/operations/acts"])
def test_what_is_for_staff_is_not_at_the_public_address(proxy, path):
    assert ask(proxy, "GET", path).status == 404
    assert ask(proxy, "GET", path, headers={"Host": STAFF}).status == 421


def test_staff_come_by_their_own_address(proxy):
    assert ask(proxy, "GET", "/saker", name=STAFF, port=proxy.staff).status == 303
    assert ask(proxy, "GET", "/logg-inn?kommune=4627", name=STAFF, port=proxy.staff).headers["Location"].startswith("http")
    for path in ("/metrics", "/healthz/ready", "/healthz/live", "/%6detrics", "//metrics", "/x/../metrics"):
        assert ask(proxy, "GET", path, name=STAFF, port=proxy.staff).status == 404, path


def test_who_names_nobody_of_ours_gets_no_certificate(proxy):
    for name in (STAFF, "evil.example", None):
        trusts = ssl.create_default_context()
        trusts.check_hostname, trusts.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as line, pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            trusts.wrap_socket(line, server_hostname=name)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_tls_is_not_spoken(proxy):
    trusts = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusts.load_verify_locations(cafile=STATE / "nginx/pem")
    trusts.set_ciphers("ALL:@SECLEVEL=0")
    trusts.minimum_version = trusts.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as line, pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        trusts.wrap_socket(line, server_hostname=PUBLIC)


def test_who_comes_without_tls_is_sent_to_where_it_is(proxy):
    answer = requests.get(f"http://127.0.0.1:{proxy.plain}/soknad?kommune=4627", allow_redirects=False, timeout=20)
    assert answer.status_code == 301 and answer.headers["Location"] == f"https://{PUBLIC}/soknad?kommune=4627"


def test_a_page_is_of_its_own_site_through_the_proxy_as_well(proxy):
    """What a browser says of where it is holds against the name that the proxy passes on."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{PUBLIC}"}
    assert ask(proxy, "POST", "/logg-ut", "csrf=x", sent).status == 401
    assert ask(proxy, "POST", "/logg-ut", "csrf=x", {**sent, "Origin": "https://evil.example"}).status == 403


@pytest.mark.parametrize("name, port, path", [(PUBLIC, "port", "/logg-inn/svar"), (STAFF, "staff", "/logg-inn/svar")])
def test_no_page_is_compressed(proxy, name, port, path):
    """Beside words that a stranger chose, the length of what is compressed tells of what is secret."""
    answer = ask(proxy, "GET", path, headers={"Accept-Encoding": "gzip"}, name=name, port=getattr(proxy, port))
    assert answer.getheader("Content-Type").startswith("text/html") and len(answer.text) > 500
    assert answer.getheader("Content-Encoding") is None


def test_the_proxy_keeps_neither_addresses_nor_bodies(proxy):
    line = (STATE / "nginx/tillit.log").read_text().splitlines()[0].split()
    assert len(line) == 8 and line[1] == PUBLIC and line[7].startswith("TLSv1.")
    written = "".join(path.read_text() for path in (STATE / "nginx").glob("*.log")) + (STATE / "nginx/log").read_text()
    for what in (own_address(), "127.0.0.1", "203.0.113", "/soknad", "/logg-inn", "buffered to a temporary file"):
        assert what not in written, what

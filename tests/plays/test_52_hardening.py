# SPDX-License-Identifier: EUPL-1.2
"""What holds whatever is asked: headers, what a stored value that was changed brings, whose rows a connection shows, and what of a running
program its neighbours on the machine can read."""
import os
import pwd
import re
import shutil
import ssl
import subprocess
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from conftest import PROGRAMS, ROOT, STATE, application, free_ports, national_id, until
from doors import routes, running
from issuer import Issuer, party
from letting_in import WHY, ops
from units import unit_of


@pytest.fixture(scope="module")
def receipt(system):
    answer = system.post(application(seed=4800))
    system.settle()
    return answer.json()


ANSWERS = [("GET", "/openapi.json"), ("GET", "/soknad"), ("GET", "/status/{application_id}"), ("GET", "/api/v1/applications/{application_id}"), ("GET", "/api/v1/cases/{case_id}"),
           ("GET", "/api/v1/cases/{case_id}/letters/1"), ("GET", "/api/v1/agenda"), ("GET", "/nowhere"), ("GET", "/assets/css/tillit.css"), ("POST", "/api/v1/applications"),
           ("OPTIONS", "/api/v1/applications"), ("HEAD", "/soknad")]


@pytest.mark.parametrize("method, path", ANSWERS)
def test_every_answer_carries_what_browsers_are_told(system, receipt, method, path):
    ask = system.citizen(national_id(4800)) if path.startswith(("/soknad", "/status")) else system.http
    answer = ask.request(method, system.public + path.format(**receipt), headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, timeout=20)
    policy = answer.headers["Content-Security-Policy"]
    assert all(part in policy for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")) and "unsafe" not in policy
    assert int(re.search(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])[1]) >= 31536000
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert answer.headers["Cache-Control"] == "no-store" or path.startswith("/assets/")


# ---- stored values that someone has changed or moved

CHANGES = {
    "a bit": ("UPDATE documents SET sealed = set_byte(sealed, 80, get_byte(sealed, 80) # 1) WHERE id = %(one)s",) * 2,
    "two rows changed places": ("UPDATE documents SET sealed = (SELECT d.sealed FROM documents d WHERE d.id IN (%(one)s, %(other)s) AND d.id <> documents.id) WHERE id IN (%(one)s, %(other)s)",) * 2,
    "cut short": ("UPDATE documents SET sealed = substring(sealed FOR 40) WHERE id = %(one)s", None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_value_that_was_changed_or_moved_is_shown_to_nobody(system, change):
    mine, others = (system.post(application(seed=4810 + n, what_matters=f"Noe som bare er mitt {n}")).json() for n in range(2))
    system.settle()
    one, other = (system.one("SELECT document_id::text FROM applications WHERE id = %s", r["application_id"]) for r in (mine, others))
    kept = {row_id: sealed for row_id, sealed in system.rows("SELECT id::text, sealed FROM documents WHERE id::text = ANY (%s)", [one, other])}
    names = {"one": one, "other": other}
    try:
        import psycopg
        with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], autocommit=True) as db:
            db.execute(CHANGES[change][0], names)
        for path in (f"/api/v1/applications/{mine['application_id']}", mine["status_url"]):
            answer = (system.http if path.startswith("/api") else system.citizen(national_id(4810))).get(system.public + path, timeout=20)
            assert answer.status_code == 500 and "mitt" not in answer.text, answer.text
        answer = system.http.get(f"{system.public}/api/v1/applications/{mine['application_id']}", timeout=20)
        assert answer.json()["type"] == "urn:tillit:problem:damaged" and "detail" not in answer.json()
    finally:
        for row_id, sealed in kept.items():
            system.rows("UPDATE documents SET sealed = %s WHERE id = %s", sealed, row_id)
    assert system.http.get(f"{system.public}/api/v1/applications/{mine['application_id']}", timeout=20).json()["what_matters"] == "Noe som bare er mitt 0"


def test_one_connection_shows_each_only_their_own(system):
    """A pool of one: what was set for one who asked is gone when the next one asks."""
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    issuer, places = Issuer(), {"310987654": "4627", "310912344": "4601"}
    for organisation, municipality in places.items():
        assert ops("let-in", organisation, "--name", "Journal", "--municipality", municipality, *WHY).returncode == 0
    try:
        with running(TILLIT_SYSTEM_ISSUER=issuer.url, TILLIT_DB_CONNECTIONS="1", TILLIT_MUNICIPALITY="4627,4601") as door:
            tokens = {o: issuer.token(scope="tillit:applications.write tillit:cases.read", consumer=party(o)) for o in places}
            cases = {o: until("the API to know the municipality", lambda o=o: (a := door.post(tokens[o], seed=4820, municipality=places[o])).status_code == 201 and a.json()["case_id"]) for o in places}
            for _ in range(15):
                for who, token in tokens.items():
                    assert {o: door.get(f"/api/v1/cases/{case}", token).status_code for o, case in cases.items()} == {o: 200 if o == who else 404 for o in places}
    finally:
        issuer.stop()


# ---- who is asked must prove who they are

@pytest.fixture
def impostor():
    """An issuer behind a certificate that nobody whom we trust has signed."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", STATE / "impostor.key", "-out", STATE / "impostor.pem"], check=True, capture_output=True)
    server = HTTPServer(("127.0.0.1", free_ports(1)[0]), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(STATE / "impostor.pem", STATE / "impostor.key")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_an_issuer_whose_certificate_is_not_good_is_not_asked(system, impostor):
    url, asked = impostor
    issuer = Issuer()
    try:
        with running(TILLIT_SYSTEM_ISSUER=url) as door:
            token = issuer.token(iss=url)
            assert door.get("/api/v1/agenda", token).status_code == 503
            assert asked == []
            assert until("the failure to be counted", lambda: door.metric('tillit_issuer_key_fetches_total{issuer="system",outcome="failed"}')) >= 1
    finally:
        issuer.stop()


def test_a_redirect_is_not_followed(system):
    """What an issuer says of itself comes from where it was asked."""
    asked, elsewhere, issuer = [], Issuer(), Issuer()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", elsewhere.url + self.path)
            self.end_headers()
    server = HTTPServer(("127.0.0.1", free_ports(1)[0]), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        with running(TILLIT_SYSTEM_ISSUER=url) as door:
            assert door.get("/api/v1/agenda", elsewhere.token(iss=url)).status_code == 503
            assert len(asked) >= 1
    finally:
        server.shutdown()
        elsewhere.stop()
        issuer.stop()


def test_a_database_that_can_not_prove_who_it_is_is_not_used(system):
    """The server of the plays speaks no TLS: where it is asked for, nothing is told to it."""
    for mode in ("require", "verify-full"):
        done = subprocess.run([f"{os.environ['TILLIT_TEST_BIN']}/tillit-triage", "--check"], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("sslmode=disable", f"sslmode={mode}")})
        assert done.returncode == 1 and "in order" not in done.stdout


# ---- what tables and contract hold

def test_a_slot_is_taken_once(system):
    import psycopg
    receipt = system.post(application(seed=4830, services=["BPA"])).json()
    system.settle()
    where = "WHERE case_id = %s"
    assert system.one(f"SELECT count(*) FROM agenda_items {where}", receipt["case_id"]) == 1
    with pytest.raises(psycopg.errors.ExclusionViolation):
        system.rows(f"INSERT INTO agenda_items (id, municipality, meeting_id, team_id, case_id, cause_seq, starts_at, ends_at, late) SELECT gen_random_uuid(), municipality, meeting_id, team_id, case_id, "
                    f"cause_seq + 1000, starts_at + interval '5 minutes', ends_at + interval '5 minutes', late FROM agenda_items {where}", receipt["case_id"])


@pytest.mark.parametrize("listener", ["PUBLIC", "INTERNAL"])
def test_the_contract_lists_every_route_of_its_listener_and_no_other(system, listener):
    """Each listener tells its own; and of each operation who may."""
    contract = (requests.get(system.public + "/openapi.json", timeout=10) if listener == "PUBLIC" else system.operator().get(system.internal + "/openapi.json", timeout=10)).json()
    listed = {(method.upper(), path): operation for path, methods in contract["paths"].items() for method, operation in methods.items() if method in ("get", "post", "put", "patch", "delete")}
    told = {(door.method, door.path) for door in routes(listener) if door.path.startswith("/api/")}
    assert told == set(listed) and told
    schemes = contract["components"]["securitySchemes"]
    for name, operation in listed.items():
        assert operation["security"] and all(set(one) <= set(schemes) for one in operation["security"]), name


# ---- a running program, as it is released, and its neighbours

@pytest.fixture(scope="module")
def released(system):
    """The API as it is released, run by a user of its own: (pid, user)."""
    env = {k: v for k, v in os.environ.items() if k != "SAN"}
    subprocess.run(["make", "-s", "build/plain/bin/tillit-api"], cwd=ROOT, env=env, check=True, timeout=600)
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    folder = STATE / "released"
    folder.mkdir()
    ring, key = folder / "keyring", folder / "login-key.pem"
    for of, own in ((os.environ["TILLIT_KEYRING"], ring), (os.environ["TILLIT_LOGIN_KEY"], key)):
        shutil.copy(of, own)
        own.chmod(0o600)
        os.chown(own, user.pw_uid, user.pw_gid)
    public, internal = free_ports(2)
    as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if os.getuid() == 0 else []
    env |= {"TILLIT_KEYRING": str(ring), "TILLIT_LOGIN_KEY": str(key), "TILLIT_PUBLIC": f"127.0.0.1:{public}", "TILLIT_INTERNAL": f"127.0.0.1:{internal}"}
    with subprocess.Popen([*as_user, ROOT / "build/plain/bin/tillit-api"], env=env, stderr=open(folder / "log", "w")) as process:
        def answers():
            try:
                return requests.get(f"http://127.0.0.1:{public}/openapi.json", timeout=2).ok
            except requests.RequestException:
                return False
        until("the released API to answer", answers, 60)
        yield process.pid, user, as_user
        process.terminate()


def test_no_core_is_ever_written(released):
    pid, _, _ = released
    limits = open(f"/proc/{pid}/limits").read()
    assert re.search(r"^Max core file size\s+0\s+0\s", limits, re.M)


@pytest.mark.parametrize("what", ["mem", "environ", "maps"])
def test_who_runs_as_the_same_user_can_not_read_it(released, what):
    pid, user, as_user = released
    if not as_user:
        assert os.stat(f"/proc/{pid}/{what}").st_uid == 0
        return
    assert os.stat(f"/proc/{pid}/{what}").st_uid == 0 and f"Uid:\t{user.pw_uid}\t" in open(f"/proc/{pid}/status").read()
    done = subprocess.run([*as_user, "head", "-c", "1", f"/proc/{pid}/{what}"], capture_output=True, text=True)
    assert done.returncode != 0 and "Permission denied" in done.stderr


def test_keys_are_locked_in_memory_and_in_neither_environment_nor_arguments(released):
    pid, _, _ = released
    assert int(re.search(r"VmLck:\s+(\d+) kB", open(f"/proc/{pid}/status").read())[1]) > 0
    keys = [line.split()[3].encode() for line in open(os.environ["TILLIT_KEYRING"]) if line.strip()]
    told = open(f"/proc/{pid}/environ", "rb").read() + open(f"/proc/{pid}/cmdline", "rb").read()
    assert len(keys) >= 4 and b"TILLIT_KEYRING=" in told and not [k for k in keys if k in told]


def test_what_is_released_is_built_to_resist():
    path = ROOT / "build/plain/bin/tillit-api"
    said = subprocess.run(["readelf", "-W", "-h", "-l", "-d", "--dyn-syms", path], capture_output=True, text=True, check=True).stdout
    assert "DYN (Position-Independent Executable" in said or "Type:                              DYN" in said
    assert "GNU_RELRO" in said and re.search(r"FLAGS_1\).*NOW", said) and re.search(r"GNU_STACK .* RW ", said)
    assert "__stack_chk_fail" in said and re.search(r"__\w+_chk@", said)


UNIT = ["DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service", "CapabilityBoundingSet=", "LoadCredential=keyring:/etc/tillit/keyring"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_unit_runs_as_nobody_and_writes_nowhere(program):
    lines = unit_of(program)
    assert [line for line in [*UNIT, f"User=tillit-{program}", f"ExecStart=/usr/local/bin/tillit-{program}"] if line not in lines] == []


def test_what_lies_beside_the_unit_is_some_programs_and_changes_its_credentials_alone():
    beside = list((ROOT / "deploy/systemd").glob("*/*"))
    assert {path.parent.name for path in beside} <= {f"tillit@{program}.service.d" for program in PROGRAMS}
    said = [line for path in beside for line in path.read_text().splitlines() if "=" in line]
    assert [line for line in said if line.split("=")[0] not in ("LoadCredential", "Environment")] == []


def test_containers_run_as_a_user_and_write_nowhere():
    assert re.search(r"^USER [1-9]\d*$", (ROOT / "deploy/docker/Dockerfile").read_text(), re.M)
    assert re.search(r"^x-program:.*?^  read_only: true$", (ROOT / "docker-compose.yml").read_text(), re.M | re.S)


def test_what_is_for_operators_is_on_the_internal_side_alone(system):
    for path in ("/metrics", "/healthz/live", "/healthz/ready", "/drift", "/drift/acts", "/api/v1/operations/acts"):
        assert requests.get(system.public + path, timeout=10).status_code == 404
        assert system.operator().get(system.internal + path, timeout=10).status_code in (200, 503)


DEPTHS = [(32, 400, "unknown"), (33, 400, None), (5000, 400, None)]


@pytest.mark.parametrize("depth, status, code", DEPTHS)
def test_a_document_has_a_depth(system, depth, status, code):
    """To the limit it is read, and refused for what it says; past it it is none."""
    body = '{"x":' * (depth - 1) + "{}" + "}" * (depth - 1)
    answer = system.post(body, key=str(uuid.uuid4()))
    assert answer.status_code == status
    assert (code in [error["code"] for error in answer.json().get("errors", [])]) == (code is not None)

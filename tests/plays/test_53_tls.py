# SPDX-License-Identifier: EUPL-1.2
"""Every link over TLS: the programs on a PostgreSQL and a Kafka that take nobody without, each with a certificate of its own that may what
deploy/kafka/acls.py says. Then each link with whom it must not trust, and as whom it must not be taken."""
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests
from confluent_kafka import Consumer, Producer

from authority import Authority
from conftest import BIN, PROGRAMS, ROOT, STATE, WORKERS, application, free_ports, until
from login import AsSystem, Logins
from programs import ALL

sys.path.append(str(ROOT / "deploy/kafka"))
import acls  # noqa: E402
from units import unit_of

pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # what is old is what is tried
ON_KAFKA = [program for program in PROGRAMS if program != "api"]
PROGRAMS_DEF = ROOT / "common/program/programs.def"
TOPIC = re.search(r'"TILLIT_TOPIC",\s+"\w+",\s+"([^"]+)"', (ROOT / "common/program/settings.def").read_text())[1]


class Secured:
    """The servers, and what it takes to come to them."""

    def __init__(self):
        self.folder = STATE / "tls"
        self.folder.mkdir()
        self.ours, self.others = Authority(self.folder / "ours", "Tillit's own"), Authority(self.folder / "others", "Tillit's own")
        self.certificates = {name: self.ours.issue(name) for name in (*(f"tillit-{p}" for p in ON_KAFKA), "kafka-admin", "tillit-nobody")}
        self.pg, self.kafka, self.controller = free_ports(3)
        self.database = f"localhost:{self.pg}/tillit?sslmode=verify-full&sslrootcert={self.ours.pem}"
        self.logins = Logins(self.folder)
        self.env = {**os.environ, "DATABASE_URL": f"postgresql://{self.database}", "TILLIT_MIGRATE_URL": f"postgresql://postgres@{self.database}",
                    "KAFKA_BOOTSTRAP": f"localhost:{self.kafka}", "TILLIT_KAFKA_CA": str(self.ours.pem), "TILLIT_KEYRING": str(self.folder / "keyring"), "TILLIT_RATE_CLIENT": "0",
                    "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0"}
        self.servers = self.supervisor = None
        self.answering = set()

    def start(self):
        certificate, key = self.ours.issue("kafka", "localhost")
        for file, of in zip(("server.pem", "server.key"), self.ours.issue("postgres", "localhost")):
            (self.folder / file).write_bytes(of.read_bytes())
        (self.folder / "broker.pem").write_bytes(key.read_bytes() + certificate.read_bytes())
        (self.folder / "broker.properties").write_text((ROOT / "deploy/kafka/secure.properties").read_text() + f"""
listeners=SSL://127.0.0.1:{self.kafka},CONTROLLER://localhost:{self.controller}
advertised.listeners=SSL://localhost:{self.kafka}
controller.quorum.bootstrap.servers=localhost:{self.controller}
ssl.keystore.type=PEM
ssl.keystore.location={self.folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={self.ours.pem}
broker.session.timeout.ms=9000
broker.heartbeat.interval.ms=1000
""")
        self.servers = subprocess.Popen(["bash", ROOT / "tests/secured.sh"], stdout=subprocess.PIPE, text=True, env={
            **os.environ, "STATE": str(self.folder), "PG_PORT": str(self.pg), "KAFKA_PORT": str(self.kafka), "CONTROLLER_PORT": str(self.controller), "VARIANT": "san",
            "PG_TLS": str(self.folder), "KAFKA_TLS": str(self.folder / "broker.properties"), "PGSSLROOTCERT": str(self.ours.pem)})
        self.answers("postgres")
        for command in (["sh", "deploy/migrate.sh"], ["sh", "deploy/local/keyring.sh", self.env["TILLIT_KEYRING"]],
                        [BIN / "tillit-ops", "municipality", "add", "deploy/local/askoy.json", "--who", "a play", "--why", "TLS"]):
            subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True, timeout=120)
        self.answers("kafka")
        done = self.acls("apply")
        assert done.returncode == 0, done.stderr

    def answers(self, server):
        while server not in self.answering:
            line = self.servers.stdout.readline()
            assert line, f"{server} did not start: see what was said above"
            self.answering.add(line.strip())

    def acls(self, what, table=PROGRAMS_DEF):
        certificate, key = self.certificates["kafka-admin"]
        return subprocess.run([sys.executable, ROOT / "deploy/kafka/acls.py", what, "--bootstrap", f"localhost:{self.kafka}", "--ca", self.ours.pem, "--certificate", certificate, "--key", key,
                               "--table", table], capture_output=True, text=True, timeout=120)

    def as_one(self, name):
        """The settings of who comes to Kafka with that certificate."""
        certificate, key = self.certificates[name]
        return {"TILLIT_KAFKA_CERTIFICATE": str(certificate), "TILLIT_KAFKA_KEY": str(key)}

    def run_all(self):
        ports = dict(zip(["public", *PROGRAMS], free_ports(1 + len(PROGRAMS))))
        self.public, self.internal = (f"http://127.0.0.1:{ports[p]}" for p in ("public", "api"))
        env = {**self.env, **self.logins.settings(self.public, self.internal)}
        lines = []
        for program in PROGRAMS:
            own = {"TILLIT_PUBLIC": f"127.0.0.1:{ports['public']}", "TILLIT_INTERNAL": f"127.0.0.1:{ports[program]}", **(self.as_one(f"tillit-{program}") if program != "api" else {})}
            lines.append(f"{program} env {' '.join(f'{name}={value}' for name, value in own.items())} {BIN}/tillit-{program}")
        (self.folder / "programs").write_text("\n".join(lines) + "\n")
        (self.folder / "run").mkdir()
        self.supervisor = subprocess.Popen([BIN / "tillit-supervise", self.folder / "run", self.folder / "programs"], env=env, stdout=open(self.folder / "supervisor.log", "w"))

    def ready(self):
        try:
            return requests.get(self.internal + "/healthz/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def rows(self, sql):
        with psycopg.connect(self.env["TILLIT_MIGRATE_URL"], autocommit=True) as db:
            return db.execute(sql).fetchall()

    def client(self, name, kind=Producer, **more):
        certificate, key = self.certificates[name]
        return kind({"bootstrap.servers": self.env["KAFKA_BOOTSTRAP"], "security.protocol": "ssl", "ssl.ca.location": str(self.ours.pem), "ssl.certificate.location": str(certificate),
                     "ssl.key.location": str(key), "log_level": 0, **more})

    def end_programs(self):
        if self.supervisor:
            self.supervisor.terminate()
            self.supervisor.wait(30)
            self.supervisor = None

    def stop(self):
        self.end_programs()
        self.logins.stop()
        if self.servers:
            self.servers.terminate()
            self.servers.wait(60)


@pytest.fixture(scope="module")
def secured():
    one = Secured()
    try:
        one.start()
        one.run_all()
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="module")
def journey(secured):
    """An application that came over these links, seen through."""
    until("all programs to be ready", secured.ready, 90)
    http = requests.Session()
    http.auth = AsSystem(secured.logins)
    answer = http.post(secured.public + "/api/v1/applications", json=application(seed=5300), headers={"Idempotency-Key": "tls"}, timeout=30)
    assert answer.status_code == 201, answer.text
    until("the metrics to have counted it", lambda: secured.rows("SELECT 1 FROM inbox WHERE consumer = 'metrics' AND mark >= 3"), 60)
    return until("a letter", lambda: (case := http.get(f"{secured.public}/api/v1/cases/{answer.json()['case_id']}", timeout=10).json())["letters"] and case, 60)


def test_an_application_is_seen_through_over_tls_alone(secured, journey):
    assert journey["status"] == "DIALOGUE" and [letter["kind"] for letter in journey["letters"]] == ["receipt"]
    links = secured.rows("SELECT usename::text, ssl, version FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename LIKE 'tillit%'")
    assert {name for name, _, _ in links} >= {f"tillit_{program}" for program in PROGRAMS}
    assert [link for link in links if not link[1] or link[2] not in ("TLSv1.2", "TLSv1.3")] == []


def test_each_may_what_the_table_says_and_nothing_else(secured, journey):
    """The table is the broker's, whole; it names our topic, and the group of each worker that there is."""
    assert (secured.acls("check").stdout, secured.acls("check").returncode) == ("", 0)
    workers = {re.search(r'^    \.name = "(\w+)"', path.read_text(), re.M)[1] for path in (ROOT / "services").glob("*/main.c") if "worker_main" in path.read_text()}
    assert workers == set(WORKERS) and set(ON_KAFKA) == {*WORKERS, "relay"}
    groups = {(f"User:tillit-{worker}", "group", f"tillit-{worker}", "Read") for worker in workers}
    topics = {(f"User:tillit-{worker}", "topic", TOPIC, "Read") for worker in workers}
    assert acls.wanted(ALL, TOPIC) == groups | topics | {("User:tillit-relay", "topic", TOPIC, what) for what in ("Create", "Describe", "Write")}


def test_what_the_broker_gives_besides_is_told(secured, journey):
    """The same broker, held against a table that lacks what it gives, and asks for what it does not."""
    other = secured.folder / "other.def"
    other.write_text(re.sub(r"^PROGRAM\(letters,.*", "PROGRAM(nobody, 'w', 8099, \"\")", PROGRAMS_DEF.read_text(), flags=re.M))
    done = secured.acls("check", other)
    assert done.returncode == 1 and set(done.stdout.splitlines()) == {
        f"besides the table: User:tillit-letters topic {TOPIC} Read", f"missing: User:tillit-nobody topic {TOPIC} Read", "missing: User:tillit-nobody group tillit-nobody Read"}


def written(secured, name):
    failures = []
    producer = secured.client(name, **{"message.timeout.ms": 10000})
    producer.produce(TOPIC, b"{}", on_delivery=lambda error, _: failures.append(error))
    producer.flush(15)
    return failures[0].name() if failures[0] else "written"


def read(secured, name, group):
    consumer = secured.client(name, Consumer, **{"group.id": group, "auto.offset.reset": "earliest", "session.timeout.ms": 6000})
    try:
        consumer.subscribe([TOPIC])
        message = consumer.poll(15)
        return message.error().name() if message.error() else "read"
    finally:
        consumer.close()


def test_who_reads_may_not_write_and_the_other_way_round(secured, journey):
    tries = [(written, "tillit-triage"), (written, "tillit-nobody"), (read, "tillit-relay", "tillit-triage"), (read, "tillit-letters", "tillit-triage"), (read, "tillit-nobody", "tillit-nobody")]
    with ThreadPoolExecutor(len(tries)) as pool:
        said = list(pool.map(lambda one: one[0](secured, *one[1:]), tries))
    assert said == ["TOPIC_AUTHORIZATION_FAILED", "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED"]


# ---- whom they must not trust, and as whom they must not be taken

@pytest.fixture(scope="module")
def old(secured):
    """A port that speaks TLS as it was before 1.2: (port, whom it agreed with)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(*secured.ours.issue("old", "localhost"))
    listener, agreed = socket.create_server(("127.0.0.1", 0)), []

    def serve(client):
        with client:
            if client.recv(8, socket.MSG_PEEK)[4:8] == b"\x04\xd2\x16\x2f":  # PostgreSQL's question whether there is TLS
                client.recv(8)
                client.sendall(b"S")
            try:
                agreed.append(context.wrap_socket(client, server_side=True).version())
            except OSError:
                pass

    def accept():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(client,), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    eager = ssl._create_unverified_context(ssl.PROTOCOL_TLS_CLIENT)
    eager.set_ciphers("ALL:@SECLEVEL=0")
    eager.minimum_version = ssl.TLSVersion.TLSv1
    eager.wrap_socket(socket.create_connection(listener.getsockname())).close()
    until("one who takes it to be served", lambda: agreed == ["TLSv1.1"])
    agreed.clear()
    yield listener.getsockname()[1], agreed
    listener.close()


BAD, TAKEN = "Kafka's certificate is not good", "Kafka does not take our certificate"
KAFKA = {  # what differs: program, whose certificate it comes with, settings, what it says
    "a wrong CA": ("triage", "tillit-triage", {"TILLIT_KAFKA_CA": "{others}"}, BAD),
    "a wrong host": ("triage", "tillit-triage", {"KAFKA_BOOTSTRAP": "127.0.0.1:{kafka}"}, BAD),
    "no certificate": ("triage", None, {}, TAKEN),
    "a certificate by another": ("triage", "impostor", {}, TAKEN),
    "nobody's certificate": ("triage", "tillit-nobody", {}, "our certificate may not use the group"),
    "another worker's certificate": ("triage", "tillit-letters", {}, "our certificate may not use the group"),
    "TLS of old": ("triage", "tillit-triage", {"KAFKA_BOOTSTRAP": "localhost:{old}"}, "Kafka speaks no TLS that we take"),
    "no TLS": ("triage", None, {"TILLIT_KAFKA_CA": ""}, "not there yet"),
}
RELAY = {
    "a wrong CA": ("relay", "tillit-relay", {"TILLIT_KAFKA_CA": "{others}"}, BAD),
    "a wrong host": ("relay", "tillit-relay", {"KAFKA_BOOTSTRAP": "127.0.0.1:{kafka}"}, BAD),
    "no certificate": ("relay", None, {}, TAKEN),
    "nobody's certificate": ("relay", "tillit-nobody", {}, "our certificate may not use the topic"),
    "a worker's certificate": ("relay", "tillit-triage", {}, "our certificate may not write"),
}


class Refused:
    """A program under such settings, and what it says of itself."""

    def __init__(self, secured, old_port, program, name, changes):
        self.port, = free_ports(1)
        places = {"others": secured.others.pem, "kafka": secured.kafka, "old": old_port}
        env = {**secured.env, **(secured.as_one(name) if name else {}), "TILLIT_INTERNAL": f"127.0.0.1:{self.port}", **{n: value.format(**places) for n, value in changes.items()}}
        self.log = secured.folder / f"refused-{self.port}.log"
        self.process = subprocess.Popen([BIN / f"tillit-{program}"], env=env, stderr=open(self.log, "w"))

    def why(self):
        try:
            answer = requests.get(f"http://127.0.0.1:{self.port}/healthz/ready", timeout=5)
        except requests.RequestException:
            return ""
        assert answer.status_code == 503, "it is ready"
        return answer.text

    def stop(self):
        self.process.terminate()
        assert self.process.wait(60) == 0
        assert "runtime error" not in self.log.read_text() and "Sanitizer" not in self.log.read_text()


@pytest.fixture(scope="module")
def quiet(secured, journey):
    """Nobody else is there; one event is to be sent once more."""
    secured.certificates["impostor"] = secured.others.issue("tillit-triage")
    secured.end_programs()
    subprocess.run([BIN / "tillit-relay", "--replay-from", journey["case_id"]], env=secured.env, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def workers(secured, quiet, old):
    running = {name: Refused(secured, old[0], *row[:3]) for name, row in KAFKA.items()}
    yield running
    for one in running.values():
        one.process.terminate()
    for one in running.values():
        one.stop()


@pytest.mark.parametrize("what", KAFKA)
def test_a_worker_and_kafka_each_ask_who_the_other_is(workers, old, what):
    until(f"{what} to be told", lambda: KAFKA[what][3] in workers[what].why(), 60)
    assert old[1] == []


@pytest.mark.parametrize("what", RELAY)
def test_the_relay_and_kafka_each_ask_who_the_other_is(secured, quiet, what):
    """One at a time: only one relay is the active one."""
    relay = Refused(secured, 0, *RELAY[what][:3])
    try:
        until(f"{what} to be told", lambda: RELAY[what][3] in relay.why(), 60)
        assert secured.rows("SELECT count(*) > 0 FROM unsent") == [(True,)]
    finally:
        relay.stop()


def test_what_waited_is_sent_to_who_is_asked_for(secured, quiet):
    relay = Refused(secured, 0, "relay", "tillit-relay", {})
    try:
        until("all to be sent", lambda: secured.rows("SELECT count(*) FROM unsent") == [(0,)], 60)
    finally:
        relay.stop()


POSTGRES = {  # the database, what is said of it, by whom
    "a wrong CA": ("localhost:{pg}/tillit?sslmode=verify-full&sslrootcert={others}", "can not prove who it is", ["api", "relay", "letters", "ops"]),
    "a wrong host": ("127.0.0.1:{pg}/tillit?sslmode=verify-full&sslrootcert={ours}", "its certificate is another host's", ["api", "relay", "letters", "ops"]),
    "no CA": ("localhost:{pg}/tillit?sslmode=verify-full&sslrootcert=/nowhere", "sslrootcert is not there", ["triage"]),
    "TLS of old": ("localhost:{old}/tillit?sslmode=verify-full&sslrootcert={ours}", "speaks no TLS that we take", ["triage"]),
    "no TLS": ("localhost:{pg}/tillit?sslmode=disable", "wants TLS", ["triage"]),
}


def check(secured, program, **changes):
    env = {**secured.env, **secured.logins.settings("http://127.0.0.1:1", "http://127.0.0.1:2"), **changes}
    done = subprocess.run([BIN / f"tillit-{program}", "--check"], capture_output=True, text=True, timeout=60, env=env)
    assert (done.returncode == 0) == ("in order" in done.stdout)
    return done


@pytest.mark.parametrize("program", ["api", "relay", "letters", "ops", "triage"])
def test_a_program_comes_to_its_database(secured, program):
    done = check(secured, program)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what, program", [(what, program) for what, row in POSTGRES.items() for program in row[2]])
def test_a_program_and_postgresql_each_ask_who_the_other_is(secured, old, what, program):
    url, words, _ = POSTGRES[what]
    done = check(secured, program, DATABASE_URL="postgresql://" + url.format(pg=secured.pg, ours=secured.ours.pem, others=secured.others.pem, old=old[0]))
    assert done.returncode == 1 and words in done.stderr
    assert old[1] == []


@pytest.mark.parametrize("changes, words", [({"TILLIT_KAFKA_KEY": "{other}"}, "ssl.key.location"), ({"TILLIT_KAFKA_CA": "/etc/passwd"}, "ssl.ca.location")])
def test_keys_that_fit_nothing_are_found_before_a_start(secured, changes, words):
    own = secured.as_one("tillit-letters")
    done = check(secured, "letters", **{**own, **{name: value.format(other=secured.certificates["tillit-triage"][1]) for name, value in changes.items()}})
    assert done.returncode == 1 and words in done.stderr
    assert check(secured, "letters", **own).returncode == 0


@pytest.mark.parametrize("program", ON_KAFKA)
def test_a_unit_comes_to_kafka_as_itself(program):
    lines = unit_of(program)
    assert f"LoadCredential=kafka.key:/etc/tillit/kafka/tillit-{program}.key" in lines
    assert f"Environment=TILLIT_KAFKA_CERTIFICATE=/etc/tillit/kafka/tillit-{program}.pem TILLIT_KAFKA_KEY=%d/kafka.key" in lines


def test_the_apis_unit_has_the_key_of_its_logins_and_comes_to_no_kafka():
    lines = unit_of("api")
    assert "LoadCredential=login-key.pem:/etc/tillit/login-key.pem" in lines and "Environment=TILLIT_KEYRING=%d/keyring TILLIT_LOGIN_KEY=%d/login-key.pem" in lines
    assert [line for line in lines if "kafka" in line.lower()] == []


@pytest.mark.parametrize("program", ON_KAFKA)
def test_a_production_says_nothing_to_a_kafka_elsewhere_without_tls(secured, program):
    done = check(secured, program, TILLIT_SYNTHETIC="off", TILLIT_CLOCK_FILE="", TILLIT_KAFKA_CA="", KAFKA_BOOTSTRAP="kafka.example:9092")
    assert done.returncode == 2 and "KAFKA_BOOTSTRAP is on another machine" in done.stderr and "kafka.example" not in done.stderr

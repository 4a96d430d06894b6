# SPDX-License-Identifier: EUPL-1.2
"""make run against a PostgreSQL and a Kafka of one's own, each as its makers set it: what is missing is said in words that
tell what to do, and then an application goes all the way to a letter."""
import os
import re
import signal
import subprocess
import uuid
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
import requests

from conftest import BIN, PROGRAMS, ROOT, STATE, WORKERS, application, free_ports, until

HOME = STATE / "stock"
SUPERUSER, PASSWORD = "the maker's own", "hemmelig og lang"

# config/server.properties of Apache Kafka 4.x as it is shipped, but for its ports and its folder.
SERVER_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=localhost:{controller}
listeners=PLAINTEXT://:{port},CONTROLLER://:{controller}
inter.broker.listener.name=PLAINTEXT
advertised.listeners=PLAINTEXT://localhost:{port},CONTROLLER://localhost:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs={folder}
num.partitions=1
num.recovery.threads.per.data.dir=2
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
"""

# initdb as PostgreSQL's own image runs it where it is given a password; nothing in postgresql.conf is ours.
POSTGRES = """set -eu
STATE={home} && . deploy/local/stack.sh && mkdir -p "$STATE" && pg_setup
printf %s "$SUPERUSER" >"$STATE/password" && chmod 644 "$STATE/password"
$as_pg "$PG_BIN/initdb" -D "$PG_HOME/data" -U postgres --pwfile=/dev/stdin --auth-host=scram-sha-256 --auth-local=trust <"$STATE/password" >/dev/null
$as_pg "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -o "-p {port}" -l "$PG_HOME/log" -w start >/dev/null
printf %s "$PG_HOME"
"""
STOP_POSTGRES = 'STATE={home} && . deploy/local/stack.sh && pg_setup && $as_pg "$PG_BIN/pg_ctl" -D "$PG_HOME/data" -m fast -w stop && rm -rf "$PG_HOME"'


def bash(script, **env):
    return subprocess.run(["bash", "-c", script], cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=90)


@contextmanager
def postgres():
    port, = free_ports(1)
    started = bash(POSTGRES.format(home=HOME, port=port), SUPERUSER=SUPERUSER)
    assert started.returncode == 0, started.stderr
    try:
        yield port
    finally:
        bash(STOP_POSTGRES.format(home=HOME))


def as_composed(port, controller, folder):
    """What docker-compose.yml tells Kafka's image, which knows nothing else then."""
    text = (ROOT / "docker-compose.yml").read_text()
    settings = re.findall(r'^      KAFKA_(\w+): "?([^"\n]*)"?$', text, re.M)
    assert len(settings) > 8, settings
    lines = "".join(f"{name.lower().replace('_', '.')}={value}\n" for name, value in settings)
    return lines.replace("19092", str(port)).replace("19093", str(controller)).replace("/var/lib/kafka/data", str(folder))


def as_shipped(port, controller, folder):
    return SERVER_PROPERTIES.format(port=port, controller=controller, folder=folder)


@contextmanager
def kafka(settings, how, **changes):
    port, controller = free_ports(2)
    folder = HOME / f"kafka-{port}"
    folder.mkdir(parents=True)
    (folder / "server.properties").write_text(settings(port, controller, folder / "data") + "".join(f"{k.replace('_', '.')}={v}\n" for k, v in changes.items()))
    java = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "build/kafka/libs/*"]
    done = subprocess.run([*java, "kafka.tools.StorageTool", "format", *how, "-t", "4L6g3nShT-eMCtK--X86sw", "-c", folder / "server.properties"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *java, "kafka.Kafka", folder / "server.properties"], cwd=ROOT, stdout=open(folder / "log", "w"), stderr=subprocess.STDOUT) as process:
        try:
            yield port
        finally:
            process.kill()


class Trial:
    """make run as somebody starts it who has a database and a broker already."""
    def __init__(self, postgres_port, kafka_port):
        self.super = f"postgresql://postgres@127.0.0.1:{postgres_port}"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TILLIT_") and k not in ("DATABASE_URL", "KAFKA_BOOTSTRAP")}
        self.env |= {"DATABASE_URL": f"postgresql://127.0.0.1:{postgres_port}/tillit", "TILLIT_MIGRATE_URL": self.super + "/tillit", "KAFKA_BOOTSTRAP": f"127.0.0.1:{kafka_port}", "TILLIT_RUN_STATE": str(HOME / "run"),
                     "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0"}
        self.process = None

    def run(self, log):
        ports = free_ports(2 + len(PROGRAMS))
        self.public, self.internal, self.issuer = (f"http://127.0.0.1:{p}" for p in (ports[0], ports[1], ports[-1]))
        own = {"TILLIT_PUBLIC": f"127.0.0.1:{ports[0]}", "TILLIT_RUN_PORTS": " ".join(map(str, ports[1:-1])), "TILLIT_RUN_ISSUER": str(ports[-1])}
        return subprocess.Popen(["bash", "deploy/local/run.sh"], cwd=ROOT, env={**self.env, **own}, stdout=open(HOME / log, "w"), stderr=subprocess.STDOUT)

    def refusal(self):
        """What it says when it can't start, without building anew."""
        done = subprocess.run(["bash", "-euc", '. deploy/local/stack.sh; prepare "$TILLIT_TEST_BIN"'], cwd=ROOT, capture_output=True, text=True, timeout=60,
                              env={**self.env, "TILLIT_KEYRING": str(HOME / "keyring"), "TILLIT_SYNTHETIC": "on", "TILLIT_TEST_BIN": str(BIN)})
        assert done.returncode != 0, done.stdout
        return done.stderr

    def start(self):
        self.process = self.run("run.log")
        until("Tillit to run", lambda: "Tillit is running" in (HOME / "run.log").read_text() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, (HOME / "run.log").read_text()

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(40) == 0
            self.process = None

    def execute(self, sql, database="tillit"):
        with psycopg.connect(f"{self.super}/{database}", password=SUPERUSER, autocommit=True) as db:
            db.execute(sql)


@pytest.fixture(scope="module")
def trial():
    with ExitStack() as stack:
        one = Trial(stack.enter_context(postgres()), stack.enter_context(kafka(as_shipped, ["--standalone"])))
        stack.callback(one.stop)
        yield one


def test_what_is_missing_is_said_with_what_to_do(trial):
    assert "wants a password, and there is none" in trial.refusal()
    trial.env["PGPASSWORD"] = "another"
    assert "does not take the password of postgres (TILLIT_MIGRATE_URL)" in trial.refusal()
    del trial.env["PGPASSWORD"]
    trial.env["TILLIT_MIGRATE_URL"] = trial.super.replace("postgres@", f"postgres:{SUPERUSER.replace(' ', '%20')}@") + "/tillit"
    said = trial.refusal()
    assert "has no database tillit. Make it there as its superuser (CREATE DATABASE tillit;)" in said and "psql:" not in said
    trial.execute("CREATE ROLE somebody LOGIN PASSWORD 'x'", "postgres")
    trial.execute("CREATE DATABASE tillit", "postgres")
    whole, trial.env["TILLIT_MIGRATE_URL"] = trial.env["TILLIT_MIGRATE_URL"], trial.super.replace("postgres@", "somebody:x@") + "/tillit"
    assert "may not make roles, or does not own the database" in trial.refusal()
    trial.env["TILLIT_MIGRATE_URL"] = whole
    trial.execute("CREATE TABLE role_grants ()")
    assert "is of a trial before 1 December 2026, and nothing leads on from there: make a new one, DROP DATABASE tillit; CREATE DATABASE tillit;" in trial.refusal()
    trial.execute("DROP TABLE role_grants")
    said = trial.refusal()
    assert "wants a password, and DATABASE_URL has none (asked as tillit_ops)" in said and "-f deploy/passwords.sql" in said
    trial.env["DATABASE_URL"] += "?password=" + PASSWORD.replace(" ", "%20")
    assert "does not take the password: DATABASE_URL's must be the role's (asked as tillit_ops)" in trial.refusal()


def test_an_application_goes_all_the_way_to_a_letter(trial):
    done = subprocess.run(["psql", "-q", trial.env["TILLIT_MIGRATE_URL"], "-v", f"password={PASSWORD}", "-f", "deploy/passwords.sql"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    trial.start()
    form = {"grant_type": "client_credentials", "client_id": "demo", "client_secret": "-"}
    token = requests.post(trial.issuer + "/maskinporten/token", data=form, timeout=9).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    receipt = requests.post(trial.public + "/api/v1/applications", json=application(seed=1), headers={**headers, "Idempotency-Key": str(uuid.uuid4())}, timeout=9).json()
    case = f"{trial.public}/api/v1/cases/{receipt['case_id']}"
    letter = until("its letter", lambda: requests.get(case, headers=headers, timeout=9).json()["letters"], 30)[0]
    assert requests.get(trial.public + letter["href"], headers=headers, timeout=9).content.startswith(b"%PDF")
    assert requests.get(case, headers=headers, timeout=9).json()["status"] == "DIALOGUE"


# ---- what a broker may refuse, and where it is read

def said_everywhere(system_url, program, words):
    """By readiness, and so by /drift, whose words these are."""
    answer = requests.get(system_url + "/healthz/ready", timeout=5)
    return answer.status_code == 503 and words in answer.json()["not_ready"].get(program, "")


def test_a_broker_that_refuses_a_setting_is_heard(trial):
    """Sessions of a minute at least: nothing that waiting helps against."""
    trial.stop()
    with kafka(as_composed, [], group_min_session_timeout_ms=60000, group_max_session_timeout_ms=90000) as port:
        trial.env["KAFKA_BOOTSTRAP"] = f"127.0.0.1:{port}"
        with trial.run("refused.log") as process:
            def heard():
                try:
                    return all(said_everywhere(trial.internal, w, "Kafka refuses our session timeout: its group.min.session.timeout.ms") for w in WORKERS)
                except requests.RequestException:
                    return False
            try:
                until("the refusal to be read by readiness", heard, 60)
                log = (HOME / "run/run/triage.log").read_text()
                assert log.count("INVALID_SESSION_TIMEOUT") == 1, "said once for as long as it lasts"
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(40)

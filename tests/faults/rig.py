# SPDX-License-Identifier: EUPL-1.2
"""The composed system under test: its programs (workers and relay twice if asked) under the supervisor, PostgreSQL and
Kafka, every link through the proxy; or librdkafka's mock cluster in Kafka's place, which needs no proxy to misbehave.
It ends only what it started, by pid."""
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg
import requests
from confluent_kafka import Producer

from postgres import Postgres
from proxy import Link, Proxy

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "support"), str(Path(__file__).resolve().parents[2] / "deploy/local")]
import clock  # noqa: E402
from ports import free_ports  # noqa: E402
from programs import PROGRAMS, WORKERS  # noqa: E402
from login import Logins  # noqa: E402

F_SETPIPE_SZ = 1031
BESIDE = "# a fault's\n"
STATE, BIN = Path(os.environ["TILLIT_FAULT_STATE"]), Path(os.environ["TILLIT_FAULT_BIN"])
OWNER, TOPIC = os.environ["TILLIT_MIGRATE_URL"], "tillit.cases.v1"
ROOT_SOURCES = [Path(__file__).resolve().parents[2] / folder for folder in ("common", "services")]
UNSETTLED = """
SELECT (SELECT count(*) FROM unsent) + (
    SELECT count(*) FROM events JOIN consumer_types USING (type)
      LEFT JOIN inbox ON inbox.consumer = consumer_types.consumer AND inbox.case_id = events.case_id
     WHERE events.case_seq > coalesce(inbox.mark, 0)
       AND NOT EXISTS (SELECT FROM parked_events p WHERE p.consumer = consumer_types.consumer AND p.case_id = events.case_id
                          AND p.closed_at IS NULL AND p.case_seq <= events.case_seq))"""


LOG_ROW = """
WITH n AS (UPDATE cases SET last_seq = last_seq + 1, last_event_at = greatest(last_event_at, :now)
            WHERE id = %s RETURNING id, last_seq, last_event_at, municipality),
     e AS (INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at)
           SELECT id, last_seq, municipality, %s, 'test', %s::json, last_event_at FROM n),
     u AS (INSERT INTO unsent (case_id, case_seq) SELECT id, last_seq FROM n)
SELECT last_seq FROM n"""


def until(what, condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            value = condition()
        except (psycopg.OperationalError, requests.RequestException, OSError):
            value = None
        if value:
            return value
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds} s in vain for: {what}")


class Readers:
    """Who reads the programs' logs: from a small pipe each into a file each, until they are told to pause."""
    SMALLEST = 4096

    def __init__(self, folder, run, programs):
        folder.mkdir(parents=True, exist_ok=True)
        self.paused, self.over, self.ends = threading.Event(), threading.Event(), {}
        for program in programs:
            path = folder / program
            path.unlink(missing_ok=True)
            os.mkfifo(path)
            end = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # also to write: it never ends
            fcntl.fcntl(end, F_SETPIPE_SZ, self.SMALLEST)
            self.ends[end] = open(run / f"{program}.log", "ab", buffering=0)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while not self.over.is_set():
            ready = [] if self.paused.is_set() else select.select(list(self.ends), [], [], 0.2)[0]
            for end in ready:
                self.ends[end].write(os.read(end, 65536))
            if self.paused.is_set():
                time.sleep(0.02)


class Rig:
    def __init__(self, twins=True, per_mille=0, seed=1, mock=None, state=STATE, owner=OWNER):
        self.state, self.owner = state, owner
        pg_door, http_door, *ports = free_ports(3 + len(PROGRAMS) * 2)
        door = pg_door if mock else int(os.environ["TILLIT_PG_DOOR"])
        self.bootstrap = mock.bootstrap if mock else f"127.0.0.1:{os.environ['TILLIT_KAFKA_DOOR']}"
        self.api_port, ports = ports[0], ports[1:]
        links = [Link("http", http_door, self.api_port), Link("pg", door, int(os.environ["TILLIT_PG_PORT"]))]
        self.kafka = None
        if not mock:
            links.append(Link("kafka", int(os.environ["TILLIT_KAFKA_DOOR"]), int(os.environ["TILLIT_KAFKA_PORT"])))
            self.kafka_pid = int(os.environ["TILLIT_TEST_KAFKA_PID"])
            self.kafka_command = [w.decode() for w in Path(f"/proc/{self.kafka_pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")]
        self.proxy = Proxy(links)
        self.base = f"http://127.0.0.1:{http_door}"
        self.direct = f"http://127.0.0.1:{self.api_port}"
        self.postgres = Postgres(os.environ["TILLIT_PG_HOME"], "data", int(os.environ["TILLIT_PG_PORT"]))
        database = owner.split("?")[0].rsplit("/", 1)[1]
        state.mkdir(parents=True, exist_ok=True)
        self.logins = Logins(state)
        self.env = dict(os.environ, **self.logins.settings(self.base, "http://127.0.0.1"), TILLIT_RATE_CLIENT="0", DATABASE_URL=f"postgresql://127.0.0.1:{door}/{database}?sslmode=disable", KAFKA_BOOTSTRAP=self.bootstrap,
                        TILLIT_FAULT_FILE=str(state / "fault"), TILLIT_FAULT_PER_MILLE=str(per_mille), TILLIT_FAULT_SEED=str(seed))
        self.programs = list(PROGRAMS) + ([f"{p}-2" for p in PROGRAMS[1:]] if twins else [])
        self.addresses = dict(zip(self.programs, ports))
        self.run = state / "run"
        self.run.mkdir(parents=True, exist_ok=True)
        self.readers = Readers(state / "logs", self.run, self.programs)
        (state / "programs").write_text("".join(
            f"{p} env TILLIT_PUBLIC=127.0.0.1:{self.api_port} TILLIT_INTERNAL=127.0.0.1:{self.addresses[p]} TILLIT_CLOCK_FILE={state}/clock {BIN}/tillit-{p.removesuffix('-2')} 2>{state}/logs/{p}\n" for p in self.programs))
        clock.put(file=state / "clock")
        self.supervisor = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", BIN / "tillit-supervise", self.run, state / "programs"], env=self.env, stdout=open(state / "supervisor.log", "w"))
        self.samples = open(state / "samples", "w", buffering=1)
        self.beside = []  # what a fault has left to be done while others begin and end
        self.ready(90)

    # ---- programs
    def pid(self, program):
        return int((self.run / f"{program}.pid").read_text())

    def signal(self, program, number):
        try:
            os.kill(self.pid(program), number)
        except ProcessLookupError:
            pass

    def ready(self, seconds):
        wanted = {p.removesuffix("-2") for p in self.programs}
        until("all programs to be ready", lambda: wanted <= {r[0] for r in self.rows(
            "SELECT program FROM heartbeats WHERE ready AND beat_at > :now - interval '4 s'")}
            and requests.get(self.direct + "/openapi.json", timeout=3).status_code == 200, seconds)

    def metric(self, program, name):
        """The sum of a metric's series in all instances of a program."""
        total = 0
        for instance in (program, f"{program}-2"):
            if instance in self.addresses:
                lines = requests.get(f"http://127.0.0.1:{self.addresses[instance]}/metrics", timeout=3).text.splitlines()
                total += sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))
        return total

    def log(self, program):
        """What all instances of a program have logged."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.run.glob(f"{program}*.log")))

    def start(self, program, *arguments):
        return subprocess.run([BIN / f"tillit-{program}", *arguments], env=dict(self.env, DATABASE_URL=self.owner.replace("postgres@", "")), timeout=120, capture_output=True, text=True)

    # ---- the database
    def rows(self, sql, *params):
        with psycopg.connect(self.owner, autocommit=True, connect_timeout=3) as db:
            cursor = db.execute(clock.told(sql), params or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql, *params):
        return self.rows(sql, *params)[0][0]

    def settle(self, seconds):
        """How long it took, in seconds."""
        began = time.monotonic()
        until("everything to be settled", lambda: self.one(UNSETTLED) == 0, seconds)
        return time.monotonic() - began

    def caught_up(self, seconds):
        """Until every worker has read all that lies on Kafka: what was handled before and came again as well."""
        until("every worker to have nothing left to read", lambda: self.one(
            "SELECT count(*) FROM heartbeats WHERE program = ANY (%s) AND beat_at > :now - interval '3 s'"
            " AND NOT (ready AND lag_events IS NOT DISTINCT FROM 0)", WORKERS) == 0, seconds)

    def postgres_start(self):
        until("PostgreSQL to start again", self.postgres.start, 60)

    def lead_to(self, server):
        """From here on everybody comes to this one; what was open to the other breaks."""
        self.proxy.lead("pg", server.port)
        self.proxy.reset("pg")

    def promote(self, standby):
        """It is the database from here on, for those too who look at it past the forwarder."""
        standby.promote()
        before, self.postgres = self.postgres, standby
        self.owner = self.owner.replace(f":{before.port}/", f":{standby.port}/")
        before.remove()

    # ---- Kafka
    def kafka_kill(self):
        os.kill(self.kafka_pid, signal.SIGKILL)
        if self.kafka:
            self.kafka.wait()
        else:
            until("the broker to be gone", lambda: not Path(f"/proc/{self.kafka_pid}").exists() or
                  Path(f"/proc/{self.kafka_pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z", 30)

    def kafka_start(self):
        self.kafka = subprocess.Popen(self.kafka_command, stdout=open(STATE / "kafka.log", "a"), stderr=subprocess.STDOUT)
        self.kafka_pid = self.kafka.pid
        (STATE / "kafka.pid").write_text(str(self.kafka_pid))

    def kafka_restart(self, *settings):
        """With these settings beside its own (a later line wins), until it is restarted without."""
        self.kafka_kill()
        file = Path(self.kafka_command[-1])
        own = file.read_text().split(BESIDE)[0]
        file.write_text(own + BESIDE + "".join(f"{line}\n" for line in settings))
        self.kafka_start()

    def kafka_wipe(self):
        """Every record and every committed offset is gone."""
        self.kafka_kill()
        home = STATE / "kafka"
        identity = (home / "data/meta.properties").read_text()
        cluster = next(line.split("=", 1)[1] for line in identity.splitlines() if line.startswith("cluster.id="))
        shutil.rmtree(home / "data")
        at = self.kafka_command.index("-cp")
        subprocess.run(["java", *self.kafka_command[at:at + 2], "kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c",
                        str(home / "server.properties")], check=True, capture_output=True)
        self.kafka_start()

    def publish(self, records):
        """Records as a stranger or a repeating relay would send them: (key, headers, value); returns where they lie."""
        places = []
        producer = Producer({"bootstrap.servers": self.bootstrap, "message.timeout.ms": 20000, "partitioner": "murmur2_random"})
        for key, headers, value in records:
            producer.produce(TOPIC, key=key, value=value, headers=headers,
                             on_delivery=lambda error, m: places.append([m.topic(), m.partition(), m.offset()]) if not error else None)
        producer.flush(25)
        return places

    def publish_log(self, rows):
        """Events that the log holds, once more."""
        return self.publish([(case, [(name, text.encode()) for name, text in (("ce_specversion", "1.0"), ("ce_id", f"{case}.{seq}"), ("ce_source", "test"), ("ce_type", kind),
                                                                              ("ce_subject", case), ("ce_caseseq", str(seq)))], data.encode()) for case, seq, kind, data in rows])

    # ---- poison: rows of the log for cases of their own, and records that the log lacks
    def poison_row(self, case_id, kind, data):
        """An event that can't be handled, as the case's next number; who must park it."""
        seq = self.one(LOG_ROW, case_id, kind, data)
        return [[consumer, case_id, seq] for consumer, in self.rows("SELECT consumer FROM consumer_types WHERE type = %s", kind)]

    def calm(self):
        """From here on no call lies any more."""
        (STATE / "fault.calm").touch()

    # ---- processes, as samples for the auditor
    def taken(self):
        """What the instances of a program take together: which of two relays is the active one changes."""
        sums = {}
        for program in self.programs:
            try:
                proc = Path(f"/proc/{self.pid(program)}")
                status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
                one = Counter(rss=int(status["VmRSS"].split()[0]), anon=int(status["RssAnon"].split()[0]), threads=int(status["Threads"]), fds=len(list((proc / "fd").iterdir())))
                sums.setdefault(program.removesuffix("-2"), Counter()).update(one)
            except (OSError, KeyError):
                continue
        return [{"program": program, **one} for program, one in sums.items()] + [
            {"program": "postgres", "connections": self.one("SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'tillit%%'")}]

    def sample(self):
        for row in self.taken():
            self.samples.write(json.dumps(row) + "\n")

    def stop(self):
        self.supervisor.send_signal(signal.SIGTERM)
        self.supervisor.wait(60)
        self.readers.over.set()
        if self.postgres.folder != "data":  # what comes after us looks for it where it was
            self.promote(self.postgres.follow(Postgres(self.postgres.home, "data", int(os.environ["TILLIT_PG_PORT"]))))
        self.logins.stop()
        if self.kafka:
            self.kafka.terminate()
            self.kafka.wait(30)


def say(text):
    print(f"tillit: {text}", file=sys.stderr, flush=True)

# SPDX-License-Identifier: EUPL-1.2
"""The figures that Tillit holds, each beside its yardstick in the same run; called by run.sh."""
import json
import os
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import psycopg
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "support"), str(Path(__file__).resolve().parents[2] / "deploy/local")]
import nginx
import packs
import table as tables
from issuer import party
from login import Logins
from ports import free_ports
from programs import PROGRAMS

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build/plain/bin"
STATE = Path(os.environ["TILLIT_BENCH_STATE"])
OWNER = os.environ["TILLIT_MIGRATE_URL"]
SECONDS = int(os.environ.get("TILLIT_BENCH_SECONDS", "5"))
DRAINED = 100_000
NAMES = ["public", *PROGRAMS, "naive", "plain", "proxy", "staff"]
PORTS = dict(zip(NAMES, free_ports(len(NAMES))))
LOGINS = Logins(STATE)
os.environ["AUTHORIZATION"] = LOGINS.bearer()


def say(text):
    print(f"tillit: {text}", file=sys.stderr, flush=True)


def rows(sql, *params):
    with psycopg.connect(OWNER, autocommit=True) as db:
        cursor = db.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def one(sql, *params):
    return rows(sql, *params)[0][0]


def until(what, condition, seconds=300):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            logs = "".join(f"{log.name}: {log.read_text()[-300:]}\n" for log in STATE.glob("*.log"))
            sys.exit(f"{logs}bench: waited {seconds} s in vain for: {what}")
        time.sleep(0.02)
    return value


class Program:
    """One program, started and, by its pid, ended here; it does not outlive the bench."""
    def __init__(self, name, path=None, *arguments, **settings):
        env = {**os.environ, **LOGINS.settings(f"http://127.0.0.1:{PORTS['public']}", "http://127.0.0.1"), "TILLIT_RATE_CLIENT": "0", "TILLIT_PUBLIC": f"127.0.0.1:{PORTS['public']}",
               "TILLIT_INTERNAL": f"127.0.0.1:{PORTS.get(name, 0)}", **settings}
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", path or BIN / f"tillit-{name}", *arguments], env=env, stderr=open(STATE / f"{name}.log", "a"))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def resident(self):
        return next(int(line.split()[1]) for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines() if line.startswith("VmRSS")) / 1024


def answers(port, path="/"):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2)
    except urllib.error.HTTPError:
        pass
    except OSError:
        return False
    return True


def wrk(port, connections, refused=False, host="http://127.0.0.1"):
    out = subprocess.run(["wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{SECONDS}s", "-s", ROOT / "tests/bench/post.lua",
                          f"{host}:{port}/api/v1/applications"], capture_output=True, text=True, check=True).stdout
    result = next(line for line in out.splitlines() if line.startswith("RESULT"))
    rate, p50, p99, errors = map(float, result.split()[1:])
    if errors and not refused:
        logs = "".join(f"{log.name}: {log.read_text()[-600:]}\n" for log in STATE.glob("*.log"))
        sys.exit(f"{logs}bench: {errors:.0f} requests at port {port} were refused, {connections} connections\n{out}")
    return rate, p50, p99


def pgbench(clients):
    binary = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))[-1]
    out = subprocess.run([binary, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(SECONDS), "-f",
                          ROOT / "tests/bench/peers/pgbench.sql", OWNER], capture_output=True, text=True, check=True).stdout
    return float(next(line for line in out.splitlines() if line.startswith("tps")).split()[2])


def fill_wal():
    """A database that has run for a day has its min_wal_size of files to use again; a new one makes each as it goes, 35 ms in
    which everybody waits."""
    with psycopg.connect(OWNER, autocommit=True) as db:
        size, = db.execute("SELECT pg_size_bytes(current_setting('min_wal_size')) / pg_size_bytes(current_setting('wal_segment_size'))").fetchone()
        for _ in range(size):
            db.execute("SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()")
        db.execute("CHECKPOINT")


def accepts(table):
    """Durable accepts over HTTP, keep-alive off, beside the naive writer and pgbench; medians of three rounds."""
    api, naive = Program("api"), Program("naive", ROOT / "build/plain/naive", OWNER, f"127.0.0.1:{PORTS['naive']}")
    until("the API", lambda: answers(PORTS["public"], "/openapi.json"))
    until("the naive writer", lambda: answers(PORTS["naive"]))
    runs = {}
    say("accepts: warming up")
    for port in (PORTS["public"], PORTS["naive"]):
        wrk(port, 64)
    fill_wal()
    for turn in range(3):
        for connections in (1, 64, 256):
            say(f"accepts: round {turn + 1} of 3, {connections} connection(s)")
            for who, port in (("ours", PORTS["public"]), ("naive", PORTS["naive"])):
                runs.setdefault((who, connections), []).append(wrk(port, connections))
        runs.setdefault("pgbench", []).append(pgbench(64))
    naive.stop()
    api.stop()
    middle = {key: [statistics.median(c) for c in zip(*r)] if key != "pgbench" else statistics.median(r) for key, r in runs.items()}
    table.add("durable accepts/s, 64 connections, beside the naive writer", middle["ours", 64][0], middle["naive", 64][0], 3, 5)
    table.add("the same, beside pgbench with one statement, 64 clients", middle["ours", 64][0], middle["pgbench"], 1, 1.5)
    table.add("p99 ms of accepts, 64 connections, beside the naive writer", middle["ours", 64][2], middle["naive", 64][2], 0.25, 0.125, lower=True)
    table.add("p99 ms of accepts, 256 connections, beside the naive writer", middle["ours", 256][2], middle["naive", 256][2], 0.25, 0.125, lower=True)
    table.add("p50 ms, one connection, beside the naive writer", middle["ours", 1][1], middle["naive", 1][1], 1.0, 0.8, lower=True)


SEED = """
CREATE FUNCTION pg_temp.id_in_time(n integer) RETURNS uuid LANGUAGE sql AS $$ -- as the API makes them: UUIDv7, 20 in a millisecond
    SELECT (lpad(to_hex(1790000000000 + n / 20), 12, '0') || '7' || right(replace(gen_random_uuid()::text, '-', ''), 19))::uuid
$$;
INSERT INTO municipalities (number, name) SELECT n::text, 'Kommune ' || n FROM generate_series(5001, 5040) n ON CONFLICT DO NOTHING;
INSERT INTO teams (id, municipality, code, name, department, weekday, starts, slots, slot_minutes)
SELECT gen_random_uuid(), n::text, code, code, substr(code, 1, 2), 3, '09:00', 8, 15
  FROM generate_series(5001, 5040) n, unnest(ARRAY['ho-vurderingsteam', 'il-mestringsteam']) code ON CONFLICT DO NOTHING;
INSERT INTO documents (id, municipality, label, sealed) VALUES ('00000000-0000-7000-8000-000000000000', '4627', 'application', '') ON CONFLICT DO NOTHING;
WITH made AS MATERIALIZED (
    SELECT n, pg_temp.id_in_time(n) AS application, pg_temp.id_in_time(n) AS case_id, (5001 + n %% 40)::text AS municipality,
           CASE WHEN (n + n / 40) %% 20 = 0 THEN 'BPA' ELSE 'HSH' END AS service -- a team's work in each municipality
      FROM generate_series(1, %(count)s) n
), opened AS (
    INSERT INTO cases (id, municipality, reference, status, last_seq, last_event_at, received_at)
    SELECT case_id, municipality, 'D-' || n, 'RECEIVED', 1, clock_timestamp(), clock_timestamp() FROM made
), applied AS (
    INSERT INTO applications (id, municipality, case_id, document_id, channel, language, submitter_role, services, urgency,
                              in_hospital, has_what_matters, household, received_at)
    SELECT application, municipality, case_id, '00000000-0000-7000-8000-000000000000', 'api', 'nb', 'self', ARRAY[service], 'none',
           false, true, 'alone', clock_timestamp() FROM made
), said AS (
    INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent)
    SELECT case_id, 1, municipality, 'no.tillit.application.received.v1', 'tillit/api',
           format('{"application_id":"%%s","channel":"api","language":"nb","submitter_role":"self","services":["%%s"],"urgency":"none","in_hospital":false,"has_what_matters":true}', application, service)::json,
           clock_timestamp(), '00-00000000000000000000000000000001-0000000000000001-01' FROM made
)
INSERT INTO unsent (case_id, case_seq) SELECT case_id, 1 FROM made;
"""


def empty():
    """Nothing of an earlier part is left to be worked on."""
    rows("TRUNCATE cases, documents, events, unsent, inbox, idempotency_keys, case_facts, parked_events, access_log, access_unchained, access_chain, case_parties, persons CASCADE")


def drain_relay():
    count = one("SELECT count(*) FROM unsent")
    relay = Program("relay")
    began = until("the relay's first deletes", lambda: one("SELECT count(*) FROM unsent") < count and time.monotonic())
    left = one("SELECT count(*) FROM unsent")
    until("the relay", lambda: not one("SELECT EXISTS (SELECT FROM unsent)"))
    rate = left / (time.monotonic() - began)
    relay.stop()
    return rate


def handled(name):
    """As the worker counts it: asking the database would slow what is measured."""
    try:
        text = urllib.request.urlopen(f"http://127.0.0.1:{PORTS[name]}/metrics", timeout=5).read().decode()
    except OSError:
        return 0
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("tillit_events_handled_total"))


def drain(name, types, path=None):
    """Events per second from the first that is handled to the last."""
    due = one("SELECT count(*) FROM events WHERE type LIKE %s", types)
    worker = Program(name, path)
    before = until(f"{name} to begin", lambda: handled(name), 60)
    began = time.monotonic()
    until(f"{name} to drain {due}", lambda: handled(name) >= due)
    rate = (due - before) / (time.monotonic() - began)
    worker.stop()
    return rate


RECEIVED = "%.application.received.%"
DRAINS = [("triage", RECEIVED), ("scheduling", "%.case.triaged.%"), ("metrics", "%")]


def drain_nothing():
    """By a worker that reads what letters would, and does nothing with it; as if it had never run."""
    admin = AdminClient({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"]})
    for group, gone in admin.delete_consumer_groups(["tillit-letters"]).items():
        try:
            gone.result(20)
        except KafkaException as e:
            assert e.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND, f"{group}: {e}"
    rows("DELETE FROM inbox WHERE consumer = 'letters'")
    rows("VACUUM ANALYZE inbox")
    return drain("letters", RECEIVED, ROOT / "build/plain/test/nothing_bench")


def drains(table):
    """A backlog of 100,000 cases, drained by each program alone, each beside a worker that does nothing with them."""
    say(f"drains: writing a backlog of {DRAINED} cases")
    empty()
    with psycopg.connect(OWNER, autocommit=True) as db:
        cursor = psycopg.ClientCursor(db)
        cursor.execute(SEED, {"count": DRAINED})
    rows("ANALYZE")
    rates = {"relay": drain_relay()}
    nothing = {}
    for name, types in DRAINS:
        say(f"drains: {name}, and nothing before it")
        nothing[name] = drain_nothing()
        rates[name] = drain(name, types)
        if one("SELECT EXISTS (SELECT FROM unsent)"):
            drain_relay()
        rows("ANALYZE")
    nothing["relay"] = nothing[DRAINS[0][0]]
    for name, rate in rates.items():
        table.add(f"{name} draining a backlog, events/s, beside handling nothing", rate, nothing[name], 0.25, 0.5)
    table.add("the slowest of these four, events/s", min(rates.values()), None, 5000, 10000)


LATENCIES = """
SELECT extract(epoch FROM greatest(pg_xact_commit_timestamp(letters.xmin), pg_xact_commit_timestamp(tasks.xmin),
                                   pg_xact_commit_timestamp(case_facts.xmin)) - cases.received_at) * 1000
  FROM cases JOIN letters ON letters.case_id = cases.id JOIN tasks ON tasks.case_id = cases.id JOIN case_facts ON case_facts.case_id = cases.id
 WHERE cases.received_at >= %s AND case_facts.folded_seq >= 4
"""
BODY = json.dumps({"municipality": "4627", "language": "nb", "submitter": {"national_id": "17834006863", "name": "Kari Prøve", "role": "self"},
                   "what_matters": "Å bo hjemme. " * 60, "needs": "Hjelp til å dusje. " * 50, "urgency": "none", "in_hospital": False,
                   "household": "alone", "services": ["HSH"], "confirmed": True}).encode()


def request(method, path, body=None, open_to=lambda: HTTPConnection("127.0.0.1", PORTS["public"], timeout=30), **headers):
    connection = open_to()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    status, text = answer.status, answer.read()
    connection.close()
    return status, text


def post(body=BODY, authorization=os.environ["AUTHORIZATION"], **how):
    status, text = request("POST", "/api/v1/applications", body, **how, **{"Content-Type": "application/json", "Authorization": authorization, "Idempotency-Key": str(uuid.uuid4())})
    assert status == 201, f"POST was answered {status}"
    return json.loads(text)


def post_many(count, rate=None):
    """By eight clients; with a rate each request has its moment, however long the others take."""
    began = time.monotonic()
    def client(first):
        for n in range(first, count, 8):
            if rate:
                time.sleep(max(0, began + n / rate - time.monotonic()))
            post()
    threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


HEALTHY = """
SELECT case_id FROM case_facts WHERE folded_seq >= 4 AND received_at < %s
   AND NOT EXISTS (SELECT FROM events WHERE events.case_id = case_facts.case_id AND source = 'bench') LIMIT 1000
"""
POISON = """
WITH n AS (UPDATE cases SET last_seq = last_seq + 1, last_event_at = greatest(last_event_at, clock_timestamp()) WHERE id = %s
           RETURNING id, last_seq, last_event_at, municipality),
     e AS (INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at)
           SELECT id, last_seq, municipality, 'no.tillit.contact.made.v1', 'bench', '{}', last_event_at FROM n)
INSERT INTO unsent (case_id, case_seq) SELECT id, last_seq FROM n
"""


def poison(since, over):
    """Ten earlier cases a second get an event that nobody can handle: over one connection, for it is what comes of it that is measured."""
    victims = iter(rows(HEALTHY, since))
    with psycopg.connect(OWNER, autocommit=True) as db:
        while not over.wait(0.1):
            db.execute(POISON, next(victims))


def steadily(rate, poisoned=False):
    """p99 in ms from POST to finished, at a steady rate for 15 s; meanwhile ten times a second an earlier case is poisoned."""
    since, over = one("SELECT clock_timestamp()"), threading.Event()
    poisoner = threading.Thread(target=poison, args=(since, over))
    if poisoned:
        poisoner.start()
    post_many(int(rate * 15), rate)
    finished(since, int(rate * 15))
    over.set()
    if poisoned:
        poisoner.join()
        until("all poison to be parked", lambda: one("SELECT count(DISTINCT case_id) FROM parked_events") == one("SELECT count(*) FROM events WHERE source = 'bench'"))
        say(f"pipeline: {one('SELECT count(*) FROM parked_events')} events were parked meanwhile")
    late = sorted(float(ms) for ms, in rows(LATENCIES, since))
    return late[int(len(late) * 0.99)]


def finished(since, count):
    return until("the pipeline to finish", lambda: one(f"SELECT count(*) FROM ({LATENCIES}) t", since) >= count, 300)


def pipeline(table):
    """From POST to triaged, planned, letter kept and counted, all programs running on this machine."""
    empty()
    running = {name: Program(name) for name in PROGRAMS}
    until("all to be ready", lambda: rows(f"SELECT 1 WHERE {len(PROGRAMS)} = (SELECT count(*) FROM heartbeats WHERE ready AND beat_at > clock_timestamp() - interval '3 s')"))
    post_many(50)
    finished("2000-01-01", 50)
    idle = sum(p.resident() for p in running.values())
    say("pipeline: the end-to-end rate")
    since, began = one("SELECT clock_timestamp()"), time.monotonic()
    post_many(2000)
    finished(since, 2000)
    rate = 2000 / (time.monotonic() - began)
    loaded = sum(p.resident() for p in running.values())
    say(f"pipeline: {rate:.0f} cases/s end to end; now at half of that, six times for 15 s")
    calm, poisoned = (statistics.median(p99s) for p99s in zip(*[(steadily(rate / 2), steadily(rate / 2, poisoned=True)) for _ in range(3)]))
    for program in running.values():
        program.stop()
    table.add(f"POST to finished at half of {rate:.0f}/s, p99 ms", calm, None, 1000, 500, lower=True)
    table.add("the same while ten other cases a second are poisoned, beside without", poisoned, calm, 1.5, 1.2, lower=True)
    table.add("resident memory of all programs, idle, MB", idle, None, 120, 80, lower=True)
    table.add("resident memory of all programs, loaded, MB", loaded, None, 280, 180, lower=True)


def visits(body, authorization, open_to, seconds):
    """How long each request takes, in ms, of one who sends an application and reads its case, again and again."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        case = post(body, authorization, open_to=open_to)["case_id"]
        sent = time.monotonic()
        status, _ = request("GET", f"/api/v1/cases/{case}", open_to=open_to, Authorization=authorization)
        assert status == 200, f"GET was answered {status}"
        times += [(sent - began) * 1000, (time.monotonic() - sent) * 1000]
        time.sleep(max(0, began + 0.05 - time.monotonic()))  # no more than a client may
    return times


def p99(times):
    return sorted(times)[int(len(times) * 0.99)]


def tenants(table):
    """A municipality's accepts and reads behind the proxy that is shipped, while another's system sends all that it can from elsewhere; beside
    alone, in three rounds."""
    empty()
    file, = packs.write(STATE, packs.pack())
    subprocess.run([BIN / "tillit-ops", "municipality", "add", file, "--why", "To be measured", "--who", "bench"], check=True, stdout=subprocess.DEVNULL)
    body, alone, loaded = BODY.replace(b'"4627"', b'"6900"'), [], []
    calm = LOGINS.bearer(consumer=party(packs.organisation("system 6900")))
    api = Program("api", TILLIT_RATE_CLIENT="6000", TILLIT_PROXY="127.0.0.1")
    until("the API", lambda: answers(PORTS["public"], "/openapi.json"))
    with nginx.standing(STATE / "nginx", f"127.0.0.1:{PORTS['public']}", f"127.0.0.1:{PORTS['api']}", PORTS["plain"], PORTS["proxy"], PORTS["staff"], name="localhost") as trusts:
        def open_to():
            return HTTPSConnection("localhost", PORTS["proxy"], timeout=30, context=trusts, source_address=("127.0.0.2", 0))
        visits(body, calm, open_to, 1)
        say("tenants: the busy one uses up what it may send at once")
        wrk(PORTS["proxy"], 64, True, "https://localhost")
        for turn in range(3):
            say(f"tenants: round {turn + 1} of 3")
            alone += visits(body, calm, open_to, SECONDS)
            load = threading.Thread(target=wrk, args=(PORTS["proxy"], 64, True, "https://localhost"))
            load.start()
            time.sleep(1)  # all its connections have come
            loaded += visits(body, calm, open_to, SECONDS - 1.5)
            load.join()
    api.stop()
    table.add("p99 ms of a tenant beside a loaded one, 64 connections, beside alone", p99(loaded), p99(alone), 1.5, 1.2, lower=True)


def letters(table):
    out = subprocess.run([ROOT / "build/plain/test/letters_bench"], capture_output=True, text=True, check=True).stdout
    table.add("letters/s on one core, PDF/A-2a", float(out.split()[1]), None, 150, 220)


PARTS = [accepts, tenants, letters, pipeline, drains]

if __name__ == "__main__":
    table = tables.Table()
    print(tables.HEAD, flush=True)
    for part in PARTS:
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            part(table)
    table.write(ROOT / "build/bench")
    below = [row["work"] for row in table.rows if not row["holds"]]
    if below:
        print("below hold: " + "; ".join(below))

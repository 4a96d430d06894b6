# SPDX-License-Identifier: EUPL-1.2
"""New keys come into the ring and the old ones leave it, under traffic: every value is sealed anew by the programs themselves, no request
fails, and nothing is left that the new ring does not open. TILLIT_ROTATION_ROWS=100000 is the drill (tests/bench/rotation.sh)."""
import base64
import datetime
import hashlib
import hmac
import json
import os
import secrets
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from contextlib import contextmanager

import nacl.bindings
import psycopg
import pytest
import requests

from conftest import BIN, PROGRAMS, STATE, application, free_ports, national_id, until
from backbone import poison
from rings import RING, ring, unseal

ROWS = int(os.environ.get("TILLIT_ROTATION_ROWS", "3000"))
USES = "SELECT coalesce(sum(named), 0) FROM key_uses WHERE key = ANY (%s) AND place NOT IN ('sessions', 'idempotency_keys', 'access_log')"


# ---- the ring and what is sealed with it, by the layout alone


def write_ring(keys):
    new = RING.with_suffix(".new")
    new.touch(0o600)
    new.write_text("".join(" ".join(key) + "\n" for key in keys))
    new.rename(RING)


def new_key(purpose, municipality):
    return secrets.token_hex(4), purpose, municipality, base64.b64encode(secrets.token_bytes(32)).decode()


def in_use(keys, purpose, municipality):
    own = [k for k in keys if k[1] == purpose and k[2] == municipality]
    return (own or [k for k in keys if k[1] == purpose and k[2] == "*"])[-1]


def seal(key, label, municipality, row_id, plain):
    nonce = secrets.token_bytes(24)
    ad = f"{label}\n{municipality}\n{row_id}".encode()
    return b"\x01" + bytes.fromhex(key[0]) + nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, ad, nonce, base64.b64decode(key[3]))


def index(key, municipality, number):
    return bytes.fromhex(key[0]) + hmac.new(base64.b64decode(key[3]), f"{municipality}\n{number}".encode(), hashlib.sha256).digest()


# ---- what is there before: rows as the programs would have written them, of cases that are closed

WHEN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def number_of(document, applicant):
    return (document.get("applicant") or document["submitter"])["national_id"] if applicant else document["submitter"]["national_id"]


def seed(count):
    keys = ring()
    sealer, indexer = in_use(keys, "seal", "4627"), in_use(keys, "index", "4627")
    made = []
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        cursor = db.cursor()
        for n in range(count):
            document = application(seed=f"rotation {n}", what_matters=f"Ønske nummer {n}")
            number = document["submitter"]["national_id"]
            submitter = None
            if n % 5 == 0:
                submitter = national_id(f"rotation {n} child")
                document["applicant"] = {"national_id": number, "name": "Kari Prøve"}
                document["submitter"] = {"national_id": submitter, "name": "Ola Prøve", "role": "relative", "basis": "attached"}
            ids = [str(uuid.uuid4()) for _ in range(3)]
            made.append((*ids, sealer, document, index(indexer, "4627", number), index(indexer, "4627", submitter) if submitter else None))
        with cursor.copy("COPY documents (id, municipality, label, sealed) FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "text", "text", "bytea"])
            for _, _, document_id, key, document, *_ in made:
                copy.write_row((uuid.UUID(document_id), "4627", "application", seal(key, "application", "4627", document_id, json.dumps(document, ensure_ascii=False).encode())))
        with cursor.copy("COPY cases (id, municipality, reference, status, last_seq, last_event_at, received_at) FROM STDIN") as copy:
            for _, case_id, *_ in made:
                copy.write_row((case_id, "4627", f"R-{case_id}", "CLOSED", 0, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
        people = [(uuid.uuid4(), case_id, n, index_, number) for _, case_id, _, _, document, applicant, submitter in made
                  for n, (index_, number) in enumerate([(applicant, number_of(document, True)), *([(submitter, number_of(document, False))] if submitter else [])], 1)]
        with cursor.copy("COPY persons (id, municipality, person_index, sealed, own, said_at, created_at, updated_at) FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "text", "bytea", "bytea", "bool", "timestamptz", "timestamptz", "timestamptz"])
            for person_id, _, _, index_, number in {person[3]: person for person in people}.values():  # a person may have several cases
                copy.write_row((person_id, "4627", index_, seal(sealer, "person", "4627", str(person_id), json.dumps({"national_id": number, "name": "Kari Prøve"}).encode()), True, WHEN, WHEN, WHEN))
        with cursor.copy("COPY case_parties (case_id, n, municipality, person_index, parts, since) FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "int2", "text", "bytea", "text[]", "timestamptz"])
            for _, case_id, n, index_, _ in people:
                copy.write_row((uuid.UUID(case_id), n, "4627", index_, ["applicant" if n == 1 else "submitter"], WHEN))
        with cursor.copy("COPY applications (id, municipality, case_id, document_id, channel, language, submitter_role, services, urgency, in_hospital, "
                         "has_what_matters, household, received_at) FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "text", "uuid", "uuid", "text", "text", "text", "text[]", "text", "bool", "bool", "text", "timestamptz"])
            for application_id, case_id, document_id, _, document, *_ in made:
                copy.write_row((uuid.UUID(application_id), "4627", uuid.UUID(case_id), uuid.UUID(document_id), "api", "nb", document["submitter"]["role"],
                                ["HSH"], "none", False, True, "alone", WHEN))
    return {application_id: document["what_matters"] for application_id, _, _, _, document, *_ in made}


@pytest.fixture
def seeded(system):
    yield seed(ROWS)
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:  # what a later audit would miss the events of
        db.execute("SET session_replication_role = replica")  # nothing is left that a foreign key would look for, row by row
        db.execute("CREATE TEMP TABLE gone AS SELECT applications.id, case_id, document_id FROM applications JOIN cases ON cases.id = case_id WHERE reference LIKE 'R-%'")
        db.execute("CREATE TEMP TABLE left_by AS SELECT DISTINCT person_index FROM case_parties JOIN gone USING (case_id)")
        db.execute("DELETE FROM case_parties USING gone WHERE case_parties.case_id = gone.case_id")
        db.execute("DELETE FROM persons USING left_by WHERE persons.person_index = left_by.person_index "
                   "AND NOT EXISTS (SELECT FROM case_parties WHERE case_parties.person_index = left_by.person_index)")  # traffic may have met the same number
        for table, column in (("applications", "id"), ("cases", "case_id"), ("documents", "document_id")):
            db.execute(f"DELETE FROM {table} USING gone WHERE {table}.id = gone.{column}")

# ---- two APIs, as behind a proxy: one is taken out, let end what it has, started anew and put back

class Fleet:
    def __init__(self, bases):
        self.lock = threading.Lock()
        self.bases, self.under_way = list(bases), Counter()
        self.next = 0

    @contextmanager
    def one(self):
        with self.lock:
            self.next += 1
            base = self.bases[self.next % len(self.bases)]
            self.under_way[base] += 1
        try:
            yield base
        finally:
            with self.lock:
                self.under_way[base] -= 1

    def take_out(self, base):
        with self.lock:
            self.bases.remove(base)
        until("its requests to end", lambda: self.under_way[base] == 0)

    def put_back(self, base):
        def answers():
            try:
                return requests.get(base + "/openapi.json", timeout=2).status_code == 200
            except requests.RequestException:
                return False
        until("the API to answer again", answers, 60)
        with self.lock:
            self.bases.append(base)


class SecondApi:
    def __init__(self):
        public, internal = free_ports(2)
        self.base = f"http://127.0.0.1:{public}"
        self.env = dict(os.environ, TILLIT_PUBLIC_URL=self.base, TILLIT_INTERNAL_URL=f"http://127.0.0.1:{internal}", TILLIT_RATE_CLIENT="0", TILLIT_PUBLIC=f"127.0.0.1:{public}", TILLIT_INTERNAL=f"127.0.0.1:{internal}", TILLIT_MUNICIPALITY="4627")
        self.start()

    def start(self):
        self.process = subprocess.Popen([BIN / "tillit-api"], env=self.env, stdout=open(STATE / "run/api-second.log", "a"), stderr=subprocess.STDOUT)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


class Traffic:
    """Citizens send and read at a steady pace; what is not answered as it must is kept."""
    def __init__(self, http, fleet, known):
        self.http, self.fleet, self.known, self.failed, self.done = http, fleet, list(known.items()), [], Counter()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(3)]
        for thread in self.threads:
            thread.start()

    def run(self, who):
        n = 0
        while not self.stopping.wait(0.1):
            n += 1
            for what in (self.send, self.read, self.read):
                try:
                    with self.fleet.one() as base:
                        what(base, who, n)
                    self.done[what.__name__] += 1
                except Exception as e:
                    self.failed.append(f"{what.__name__}: {type(e).__name__} {e}"[:300])

    def send(self, base, who, n):
        body = json.dumps(application(seed=f"traffic {who} {n}", what_matters=f"Under veis {who} {n}"))
        answer = self.http.post(base + "/api/v1/applications", data=body.encode(), headers={"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}, timeout=30)
        assert answer.status_code == 201, answer.text
        self.known.append((answer.json()["application_id"], f"Under veis {who} {n}"))

    def read(self, base, who, n):
        application_id, words = self.known[secrets.randbelow(len(self.known))]
        answer = self.http.get(f"{base}/api/v1/applications/{application_id}", timeout=30)
        assert answer.status_code == 200 and answer.json()["what_matters"] == words, f"{application_id}: {answer.text}"

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def restart(system, fleet, second):
    """All programs read the ring again, one API after the other."""
    for program in PROGRAMS[1:]:
        os.kill(system.pid(program), signal.SIGTERM)
    fleet.take_out(second.base)
    second.stop()
    second.start()
    fleet.put_back(second.base)
    fleet.take_out(system.public)
    was = system.pid("api")
    os.kill(was, signal.SIGTERM)
    until("the API to be started again", lambda: system.pid("api") != was, 30)
    fleet.put_back(system.public)
    system.wait_ready(90)


def ops_keys():
    return subprocess.run([BIN / "tillit-ops", "keys"], capture_output=True, text=True, timeout=30)


def metric(system, program, series):
    for line in requests.get(f"http://127.0.0.1:{system.addresses[program]}/metrics", timeout=5).text.splitlines():
        if line.startswith(series + " "):
            return float(line.rsplit(" ", 1)[1])
    return None


def flip(system, document_id):
    system.rows("UPDATE documents SET sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1) WHERE id = %s", document_id)


def everything_opens(system, keys):
    """How many values there are; each opens with these keys alone, and each index is that of its number by the key in use."""
    count = 0
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        for row_id, municipality, label, sealed in db.execute("SELECT id::text, municipality, label, sealed FROM documents"):
            unseal(keys, label, municipality, row_id, sealed)
            count += 1
        for row_id, sealed in db.execute("SELECT id::text, sealed FROM parked_events"):
            unseal(keys, "parked", "*", row_id, sealed)
            count += 1
        for row_id, sealed in db.execute("SELECT id::text, sealed FROM operator_acts"):
            unseal(keys, "act", "*", row_id, sealed)
            count += 1
        for row_id, municipality, index_, sealed in db.execute("SELECT id::text, municipality, person_index, sealed FROM persons"):
            number = json.loads(unseal(keys, "person", municipality, row_id, sealed)).get("national_id")
            assert index_ == (index(in_use(keys, "index", municipality), municipality, number) if number else None)
            count += 1
        strangers = db.execute("SELECT count(*) FROM case_parties p WHERE person_index IS NOT NULL AND NOT EXISTS (SELECT FROM persons WHERE persons.person_index = p.person_index)")
        assert strangers.fetchone()[0] == 0, "a part is nobody's"
    return count


def test_old_keys_leave_the_ring_under_traffic(system, seeded):
    case_id = system.post(application(seed="rotation parked")).json()["case_id"]
    system.settle()
    poison(system, case_id, "no.tillit.contact.made.v1", "{}")
    until("the poison to be parked", lambda: system.one("SELECT count(*) FROM parked_events WHERE case_id = %s", case_id) == 2)
    old = ring()
    leaving = [k[0] for k in old if k[1] in ("seal", "index")]
    coming = [new_key(purpose, whose) for purpose in ("seal", "index") for whose in sorted({k[2] for k in old if k[1] in ("seal", "index")})]
    named = int(system.one(USES, leaving))
    assert named > 2 * ROWS
    damaged = system.one("SELECT document_id::text FROM applications WHERE id = %s", next(iter(seeded)))
    readable = {k: v for k, v in seeded.items() if k != next(iter(seeded))}
    second = SecondApi()
    fleet = Fleet([system.public])
    fleet.put_back(second.base)
    traffic = Traffic(system.http, fleet, readable)
    try:
        write_ring(coming + old)  # every program can open with the new keys before one seals with them
        restart(system, fleet, second)
        assert system.one(USES, [k[0] for k in coming]) == 0, "a new key is in use before all have it"
        flip(system, damaged)
        began = time.monotonic()
        write_ring(old + coming)
        restart(system, fleet, second)
        until("all but the damaged value to be sealed anew", lambda: time.sleep(ROWS / 50000) or system.one(USES, leaving) <= 3, 120 + ROWS / 50)
        took = time.monotonic() - began
        said = ops_keys()
        assert "1 of documents could not be opened" in said.stdout and "old: stays until nothing names it" in said.stdout, said
        until("the damage to be counted", lambda: (metric(system, "upkeep", 'tillit_damaged_values_total{place="documents"}') or 0) >= 1)
        flip(system, damaged)
        system.rows("UPDATE damaged_values SET noticed_at = noticed_at - interval '2 hours'")
        until("the mended value to be sealed anew", lambda: system.one(USES, leaving) == 0, 30)
        until("nothing to be left", lambda: metric(system, "upkeep", 'tillit_old_values{place="documents"}') == 0, 30)
        system.rows("DELETE FROM sessions")  # theirs run out within two hours, and are not sealed anew
        said = ops_keys()
        assert said.returncode == 0 and system.one("SELECT count(*) FROM damaged_values") == 0, said
        verdicts = {line.split()[0]: line for line in said.stdout.splitlines()}
        stay = [key for key, in system.rows("SELECT DISTINCT key FROM key_uses WHERE place = 'access_log'")]  # what the access log holds sealed stays so
        assert all("old: stays" in verdicts[key] and "access_log" in verdicts[key] for key in leaving if key in stay), said.stdout
        leaving = [key for key in leaving if key not in stay]
        assert leaving and all("can leave" in verdicts[key] and "named by: nothing" in verdicts[key] for key in leaving), said.stdout
        assert all("in use" in verdicts[key[0]] for key in coming), said.stdout
        write_ring([k for k in old if k[0] not in leaving] + coming)
        restart(system, fleet, second)
        time_left = time.monotonic() + 3  # requests that meet only programs without the old keys
        until("traffic by the new ring alone", lambda: time.monotonic() > time_left)
    finally:
        traffic.stop()
        second.stop()
    assert traffic.failed == []
    assert traffic.done["send"] > 20 and traffic.done["read"] > 40
    system.settle(120 + ROWS / 50)
    opened = everything_opens(system, ring())
    print(f"rotation: {named} values sealed or indexed anew in {took:.0f} s ({named / took:.0f} a second, restarts included) under {traffic.done['send']} applications and "
          f"{traffic.done['read']} reads, {len(traffic.failed)} failed; {opened} values open with the new ring, 0 do not")
    assert ops_keys().returncode == 0
    system.rows("UPDATE parked_events SET closed_at = :now, closed_how = 'given_up' WHERE case_id = %s", case_id)
    system.rows("UPDATE inbox SET mark = (SELECT last_seq FROM cases WHERE id = case_id) WHERE case_id = %s", case_id)


def test_a_municipality_gets_a_key_of_its_own(system):
    """What is its own is sealed anew by its key; what is everyone's stays."""
    common, own = in_use(ring(), "seal", "*")[0], new_key("seal", "4627")
    write_ring(ring() + [own])
    for program in PROGRAMS:
        os.kill(system.pid(program), signal.SIGTERM)
    places = "SELECT place FROM key_uses WHERE key = %s AND purpose = 'seal' ORDER BY 1"
    until("its documents to be sealed by its own key", lambda: system.one("SELECT count(*) FROM documents WHERE municipality = '4627' AND key_id <> decode(%s, 'hex')", own[0]) == 0, 60)
    system.wait_ready(90)
    assert {"documents", "persons"} <= {p for p, in system.rows(places, own[0])}
    assert "parked_events" in [p for p, in system.rows(places, common)]
    everything_opens(system, ring())


def test_a_key_that_values_name_and_the_ring_lacks_is_told(system):
    keys = ring()
    name = system.one("SELECT encode(key_id, 'hex') FROM documents LIMIT 1")
    mine = STATE / "ring-without"
    mine.touch(0o600)
    mine.write_text("".join(" ".join(k) + "\n" for k in keys if k[0] != name))
    said = subprocess.run([BIN / "tillit-ops", "keys"], env=dict(os.environ, TILLIT_KEYRING=str(mine)), capture_output=True, text=True, timeout=30)
    assert said.returncode == 1 and f"{name}  seal         is not on the ring" in said.stdout and "put them back" in said.stderr

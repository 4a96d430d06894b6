# SPDX-License-Identifier: EUPL-1.2
"""The last play: people whom nobody may tell of have come through every door, well-formed and not; then everything that the programs
have said or kept is looked through, for them and for every national id that was ever sent."""
import json
import os
import re
import stat
import sys
import uuid
from collections import Counter
from pathlib import Path

import psycopg
import pytest
import requests
from confluent_kafka import Producer

from conftest import PROGRAMS, STATE, application, csrf_of, national_id, until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import auditor

TOPIC = "tillit.cases.v1"
WORDS = ["Fuglekonge Gråspurv-Kanari", "Kanarifuglstien 4711", "kanarifebermeslinger", "kanari.fugl@fuglekasse.example", "93 47 11 59 01"]
NAME, ADDRESS, DIAGNOSIS, EMAIL, PHONE = WORDS
BIRDS = [national_id(f"canary {n}") for n in range(6)]


def sick(number, **changes):
    told = {"submitter": {"national_id": number, "name": NAME, "role": "self", "phone": PHONE, "email": EMAIL},
            "applicant": {"address": {"line": ADDRESS, "postal_code": "5300"}, "phone": PHONE}, "what_matters": f"At {DIAGNOSIS} går over",
            "needs": f"Jeg har {DIAGNOSIS}, sier {NAME}", "urgency": "week", "urgency_reason": DIAGNOSIS}
    return application(**{**told, **changes})


def as_record(number):
    """A record that the log lacks, of a type that all take, as a faulty sender would write it: all of it is a person's."""
    producer = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"], "message.timeout.ms": 20000})
    value = json.dumps({"kind": "phone", "who": NAME, "pid": number, "why": DIAGNOSIS}, ensure_ascii=False).encode()
    for subject in (str(uuid.uuid4()), NAME, number):
        headers = {"ce_specversion": "1.0", "ce_id": f"{subject}.1", "ce_source": DIAGNOSIS, "ce_type": "no.tillit.contact.made.v1", "ce_subject": subject, "ce_caseseq": "1", "x-name": NAME}
        producer.produce(TOPIC, key=subject, value=value, headers=[(k, v.encode()) for k, v in headers.items()])
    producer.flush(25)


def form(number, **changes):
    return {"what_matters": DIAGNOSIS, "needs": DIAGNOSIS, "household": "alone", "urgency": "none", "in_hospital": "no", "submitter/role": "self", "submitter/name": NAME,
            "submitter/national_id": number, "municipality": "4627", "language": "nb", "confirmed": "true", "key": str(uuid.uuid4()), **changes}


BROKEN = [  # of a document that is refused: what is wrong is what is a person's
    {"municipality": NAME}, {"language": BIRDS[2]}, {"urgency": DIAGNOSIS}, {"household": ADDRESS}, {"services": [DIAGNOSIS, BIRDS[2]]}, {"consents": [NAME]},
    {"in_hospital": NAME}, {"expected_discharge": BIRDS[2]}, {"submitter": NAME},
    {"submitter": {"national_id": f"{BIRDS[2]} {NAME}", "name": [NAME], "role": DIAGNOSIS}}, {"applicant": {"address": ADDRESS}}, {"confirmed": DIAGNOSIS},
]


MISNAMED = [{DIAGNOSIS: True}, {BIRDS[2]: NAME}, {"submitter": {NAME: BIRDS[2]}}]  # a member's name is repeated to who sent it: the pointer is made of it


@pytest.fixture(scope="module")
def answers(system):
    """Everything that was answered to those who may be told nothing."""
    base, got = system.public, []

    def ask(method, path, **more):
        got.append((citizen if path.startswith("/soknad") else system.http).request(method, base + path, timeout=30, allow_redirects=False, **more))
        return got[-1]
    citizen = system.citizen(BIRDS[3])
    csrf = csrf_of(citizen.get(base + "/soknad", timeout=20).text)
    receipts = [system.post(sick(BIRDS[0])), system.post(sick(BIRDS[1]), X_Name=DIAGNOSIS, User_Agent=DIAGNOSIS)]
    assert [r.status_code for r in receipts] == [201, 201], receipts[0].text
    assert ask("POST", "/soknad", data={**form(BIRDS[3]), "csrf": csrf}).status_code == 303
    got.extend(receipts)
    assert system.post(f'{{"{NAME}": 1, "{NAME}": 2}}').status_code == 400
    for change in BROKEN:
        got.append(system.post(sick(BIRDS[2], **change)))
        assert got[-1].status_code == 400, change
    for change in MISNAMED:
        assert system.post(sick(BIRDS[2], **change)).status_code == 400
    assert system.http.get(f"{base}/api/v1/agenda?{NAME}={DIAGNOSIS}", timeout=20).status_code == 400
    whole = json.dumps(sick(BIRDS[4]), ensure_ascii=False)
    for body in (whole[:-1], whole + NAME, NAME, whole.replace('"role"', '"rolle"')):
        got.append(system.post(body))
        assert got[-1].status_code == 400, body
    got.append(system.post(whole, Content_Type=f"text/{BIRDS[4]}"))
    got.append(system.post(whole, key=str(uuid.uuid4()), Accept=DIAGNOSIS.encode()))
    for path in (f"/api/v1/applications/{BIRDS[5]}", f"/{NAME}", f"/status/{BIRDS[5]}", f"/api/v1/agenda?team={DIAGNOSIS}&from={BIRDS[5]}",
                 f"/api/v1/indicators?from={BIRDS[5]}&to={NAME}", f"/soknad?pid={BIRDS[5]}", f"/logg-inn?til=/{NAME}&som={BIRDS[5]}", f"/logg-inn/svar?code={NAME}&state={BIRDS[5]}",
                 f"/assets/{NAME}", f"/prov?{BIRDS[5]}"):
        ask("GET", path)
    ask("GET", "/soknad", headers={name: f"{BIRDS[5]} {DIAGNOSIS}" for name in ("User-Agent", "Referer", "Authorization", "Cookie", "Accept-Language", "traceparent", "X-Request-Id", "X-Forwarded-For")})
    ask("GET", "/api/v1/agenda", headers={"Authorization": f"Bearer {BIRDS[5]}"})
    got.append(system.http.post(f"{system.public}/api/v1/cases/{receipts[0].json()['case_id']}/contacts", timeout=20,
                             headers={"If-Match": "*", "Idempotency-Key": str(uuid.uuid4())}, json={"kind": DIAGNOSIS, "with": [NAME], "two_way": True, "at": BIRDS[2]}))
    for path in (f"/drift/parked/{BIRDS[5]}", f"/drift/cause?consumer={NAME}&problem={DIAGNOSIS}", f"/api/v1/operations/parked?consumer={NAME}&problem={BIRDS[5]}"):
        got.append(system.operator().get(system.internal + path, timeout=20))
    as_record(BIRDS[5])
    until("the strangers' records to be parked", lambda: system.one("SELECT count(*) FROM parked_events WHERE problem = 'NOT_FOUND' AND case_id IS NULL AND topic = %s AND parked_at > :now - interval '5 minutes'", TOPIC) >= 6)
    system.settle()
    until("the letters to be there", lambda: system.one("SELECT count(*) FROM letters WHERE case_id::text = ANY (%s)", [r.json()["case_id"] for r in receipts]) == 2)
    return got


def told(answers):
    """Problems, and every header: a page that shows a form again may repeat what its sender wrote, and nothing else may."""
    parts = [json.dumps([answer.status_code, dict(answer.headers)]).encode() + (answer.content if answer.headers.get("Content-Type") != "text/html; charset=utf-8" else b"") for answer in answers]
    return b"\n".join(parts)


def files_below(folder, *left_out):
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part in left_out for part in path.relative_to(folder).parts):
            found[f"the file {path.relative_to(folder)}"] = path.read_bytes()
    return found


def everything(system):
    """All places where what a program said or kept could lie, but those of its sealed values' keys."""
    places = {"a dump": auditor.dump(os.environ["TILLIT_MIGRATE_URL"])}
    data = Path(system.one("SHOW data_directory"))
    places["PostgreSQL's log"] = (data.parent / "log").read_bytes()
    for program in PROGRAMS:
        places[f"{program}'s metrics"] = requests.get(f"http://127.0.0.1:{system.addresses[program]}/metrics", timeout=5).content
    places.update(files_below(STATE / "run"))
    places.update({name: content for name, content in files_below(STATE, "run", "kafka", "postgres").items() if name.endswith((".log", "log"))})
    return places


@pytest.fixture(scope="module")
def kept(system, answers):
    return everything(system)


@pytest.fixture(scope="module")
def numbers(system, answers):
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"], row_factory=psycopg.rows.dict_row) as db:
        documents = db.execute("SELECT id::text, municipality, label, sealed FROM documents WHERE label = 'application'").fetchall()
    sent = auditor.numbers_sent(auditor.read_keyring(os.environ["TILLIT_KEYRING"]), documents)
    assert {BIRDS[0], BIRDS[1], BIRDS[3]} <= sent
    return sent | set(BIRDS)


def test_nobody_is_told_of_in_what_is_kept_said_and_measured(kept, numbers):
    assert list(auditor.leaks(kept, WORDS, numbers)) == []
    assert len(numbers) > 5 and len(kept["a dump"]) > 100_000 and all(len(kept[f"the file {program}.log"]) > 100 for program in PROGRAMS)


def test_nobody_is_told_of_in_what_is_answered(answers, numbers):
    assert len(answers) > 35
    assert list(auditor.leaks({"the answers": told(answers)}, WORDS, numbers)) == []


def test_nobody_is_told_of_on_kafka_but_by_who_was_no_program_of_ours(numbers):
    records = [r for r in auditor.read_topic(os.environ["KAFKA_BOOTSTRAP"], TOPIC) if "x-name" not in r["headers"]]
    assert len(records) > 5
    said = b"\n".join(json.dumps([r["key"], r["headers"]]).encode() + (r["value"] or b"") for r in records)
    assert list(auditor.leaks({"Kafka": said}, WORDS, numbers)) == []


def test_the_segments_of_kafka_hold_nobody_in_the_clear(system, numbers):
    """What the programs send is compressed there; keys and what is not are looked through as they lie. Strangers' records are not ours."""
    strangers = {n for n, word in enumerate(WORDS) if word in (NAME, DIAGNOSIS)}
    segments = {str(path): path.read_bytes() for path in (STATE / "kafka/data").rglob("*.log")}
    assert len(segments) > 5
    assert list(auditor.leaks(segments, [w for n, w in enumerate(WORDS) if n not in strangers], numbers - {BIRDS[5]})) == []


def test_no_program_has_a_file_open_but_its_log(system):
    for program in PROGRAMS:
        for link in Path(f"/proc/{system.pid(program)}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("/") and stat.S_ISREG(os.stat(link).st_mode):
                assert target == str(system.run / f"{program}.log"), f"{program} holds {target}"


def in_a_row(system, text):
    system.rows("INSERT INTO tick_runs (tick, succeeded_at) VALUES (%s, :now)", text)
    return lambda: system.rows("DELETE FROM tick_runs WHERE tick = %s", text)


def in_bytes(system, text):
    system.rows("INSERT INTO parked_events (id, consumer, type, topic, partition, \"offset\", problem, attempts, sealed, parked_at) VALUES (gen_random_uuid(), 'leak', 'x', 'x', 0, 0, 'BUG', 1, %s, :now)",
                b"....." + text.encode())
    return lambda: system.rows("DELETE FROM parked_events WHERE consumer = 'leak'")


def in_a_log(system, text):
    log = system.run / "metrics.log"
    size = log.stat().st_size
    with open(log, "a") as file:
        file.write(json.dumps({"msg": text}) + "\n")
    return lambda: os.truncate(log, size)


LEAKS = [("a row", in_a_row, "a dump", 0), ("bytes", in_bytes, "a dump", 1), ("a log", in_a_log, "the file metrics.log", 2)]


@pytest.fixture(scope="module")
def found(system, numbers):
    """What one look tells of all that was put there to be found: in each place a word and a number."""
    mends = [leak(system, f"{WORDS[n]} {BIRDS[n]}") for _, leak, _, n in LEAKS]
    try:
        return [re.sub(r"byte \d+", "a byte", line) for line in auditor.leaks(everything(system), WORDS, numbers)]
    finally:
        for mend in mends:
            mend()


@pytest.mark.parametrize("where, n", [leak[2:] for leak in LEAKS], ids=[leak[0] for leak in LEAKS])
def test_what_leaks_is_found(found, where, n):
    assert f"{where}: word {n} of what nobody may tell" in found


def test_each_number_that_leaks_is_found_and_nothing_else(found):
    assert Counter(line for line in found if "word" not in line) == Counter(f"{where}: a national id, at a byte" for _, _, where, _ in LEAKS)
    assert len(found) == 2 * len(LEAKS), found

# SPDX-License-Identifier: EUPL-1.2
"""What must hold of the log and its workers, whatever has happened; who comes at the same moment, and what ends a worker."""
from concurrent.futures import ThreadPoolExecutor
import os

from confluent_kafka import Producer

TOPIC = "tillit.cases.v1"

DOUBLES = {
    "letters": "SELECT count(*) - count(DISTINCT (case_id, kind, cause_seq)) FROM letters",
    "receipts per case": "SELECT count(*) - count(DISTINCT case_id) FROM letters WHERE kind = 'receipt'",
    "agenda items": "SELECT count(*) - count(DISTINCT case_id) FROM agenda_items",
    "talks": "SELECT count(*) - count(DISTINCT case_id) FROM tasks",
    "events said": "SELECT count(*) - count(DISTINCT (case_id, type)) FROM events WHERE source IN ('tillit/triage', 'tillit/scheduling', 'tillit/letters') AND (type LIKE '%case.triaged%' OR type LIKE '%letter.ready%' OR type LIKE '%planned%')",
    "facts": "SELECT count(*) - count(DISTINCT case_id) FROM case_facts",
}


def assert_nothing_doubled(system):
    assert {name: system.one(sql) for name, sql in DOUBLES.items()} == dict.fromkeys(DOUBLES, 0)


def assert_whole(system, case_ids):
    """Each case has its numbers 1..n, one letter, its facts, and is planned."""
    for case_id in case_ids:
        last, count, top, status = system.rows(
            "SELECT last_seq, (SELECT count(*) FROM events WHERE case_id = id), (SELECT max(case_seq) FROM events WHERE case_id = id), status FROM cases WHERE id = %s", case_id)[0]
        assert last == count == top, f"{case_id}: numbers have gaps"
        assert status == "DIALOGUE", f"{case_id} is {status}"
        assert system.one("SELECT count(*) FROM letters WHERE case_id = %s", case_id) == 1, f"{case_id} has no letter"
        assert system.one("SELECT count(*) FROM case_facts WHERE case_id = %s AND folded_seq = %s", case_id, last) == 1


def publish(records):
    producer = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"]})
    for case_id, seq, kind, value in records:
        producer.produce(TOPIC, key=case_id, value=value, headers=[
            ("ce_specversion", b"1.0"), ("ce_id", f"{case_id}.{seq}".encode()), ("ce_source", b"test"),
            ("ce_type", kind.encode()), ("ce_subject", case_id.encode()), ("ce_caseseq", str(seq).encode())])
    assert producer.flush(20) == 0


def together(jobs):
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [f.result() for f in [pool.submit(job) for job in jobs]]


def poison(system, case_id, kind, data, raise_counter=True):
    """An event as a faulty program would have written it."""
    if raise_counter:
        seq = system.one("UPDATE cases SET last_seq = last_seq + 1 WHERE id = %s RETURNING last_seq", case_id)
    else:
        seq = 1
    system.rows("WITH e AS (INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at) VALUES (%s, %s, '4627', %s, 'test', %s::json, :now))"
                "INSERT INTO unsent (case_id, case_seq) VALUES (%s, %s)", case_id, seq, kind, data, case_id, seq)
    return seq

# SPDX-License-Identifier: EUPL-1.2
"""Nothing that comes from Kafka or the database ends a process: records and rows of shapes that nobody has listed, by a seed
that is printed, among good cases. Each is skipped or parked as the law says (a record: by place; a row: its case waits)."""
import json
import os
import random
import signal
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition

from conftest import PROGRAMS, application, until
from records import hostile, is_of_the_log, last, types_of
from backbone import TOPIC, assert_nothing_doubled, assert_whole

SEED = int(os.environ.get("TILLIT_RECORD_SEED", random.SystemRandom().randrange(1_000_000)))
RECORDS, PARTITIONS = 300, 12


class Sent:
    """What was produced, and where it came to lie."""
    def __init__(self, **settings):
        self.producer = Producer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"], **settings})
        self.places = []  # (partition, offset, headers)

    def produce(self, headers, key, value, partition, timestamp=0):
        def lies(error, message):
            assert error is None, error
            self.places.append((message.partition(), message.offset(), headers))
        self.producer.produce(TOPIC, key=key, value=value, headers=headers, partition=partition, on_delivery=lies, **({"timestamp": timestamp} if timestamp else {}))
        self.producer.poll(0)

    def flush(self):
        assert self.producer.flush(30) == 0


def parked_records(system, places):
    wanted = {(p, o) for p, o, _ in places}
    return sorted(row for row in system.rows('SELECT consumer, partition, "offset" FROM parked_events WHERE topic = %s', TOPIC) if row[1:] in wanted)


def stable(system, work):
    """No process ends while the work is done."""
    system.wait_ready()
    pids = {p: system.pid(p) for p in PROGRAMS}
    result = work()
    assert {p: system.pid(p) for p in PROGRAMS} == pids, f"a process ended (TILLIT_RECORD_SEED={SEED})"
    return result


def test_records_of_any_shape_are_skipped_or_parked(system):
    r = random.Random(SEED)
    print(f"TILLIT_RECORD_SEED={SEED}")
    known = [system.post(application(seed=7000 + i)).json()["case_id"] for i in range(4)]
    system.settle()
    takers = system.rows("SELECT consumer, type FROM consumer_types")
    types = types_of(t for _, t in takers)
    log = {(c, n) for c, n in system.rows("SELECT case_id::text, case_seq FROM events WHERE case_id::text = ANY (%s)", known)}
    sent, good = Sent(), []

    def send():
        for i, (key, headers, value) in enumerate(hostile(r, RECORDS, types, known)):
            sent.produce(headers, key, value, r.randrange(PARTITIONS), r.choice([0, 0, 1]))
            if i % 20 == 0:
                good.append(system.post(application(seed=7100 + i)).json()["case_id"])
        sent.flush()
        system.settle(90)
        wanted = sorted((consumer, partition, offset) for partition, offset, headers in sent.places for consumer, kind in takers
                        if last(headers, "ce_type") == kind and not is_of_the_log(log, headers))
        until("every hostile record to be parked", lambda: len(parked_records(system, sent.places)) >= len(wanted), 60)
        assert parked_records(system, sent.places) == wanted
    stable(system, send)
    assert_whole(system, known + good)
    assert_nothing_doubled(system)


def test_a_known_case_in_capitals_is_the_known_case(system):
    """What once ended every worker, and again after each restart."""
    case_id = system.post(application(seed=7300)).json()["case_id"]
    system.settle()
    sent = Sent()

    def send():
        for subject in (case_id.upper(), case_id):
            for kind, in system.rows("SELECT DISTINCT type FROM consumer_types"):
                sent.produce([("ce_type", kind.encode()), ("ce_subject", subject.encode()), ("ce_caseseq", b"1")], subject.encode(), b"{}", 3)
        sent.flush()
        after = system.post(application(seed=7301)).json()["case_id"]
        system.settle()
        assert_whole(system, [case_id, after])
    stable(system, send)
    assert parked_records(system, sent.places) == []


def test_what_a_transaction_takes_back_was_never_there(system):
    """Control records, and what was aborted, are nobody's news; what was committed is a record like any other."""
    headers = [("ce_type", b"no.tillit.application.received.v1"), ("ce_subject", str(uuid.uuid4()).encode()), ("ce_caseseq", b"1")]
    sent, kept = Sent(**{"transactional.id": f"play-{uuid.uuid4()}"}), []
    sent.producer.init_transactions(30)
    takers = sorted(consumer for consumer, in system.rows("SELECT consumer FROM consumer_types WHERE type LIKE %s", "%application.received%"))

    def send():
        sent.producer.begin_transaction()
        sent.produce(headers, b"x", b"{}", 5)
        sent.flush()
        aborted = list(sent.places)
        sent.producer.abort_transaction(30)
        sent.producer.begin_transaction()
        sent.produce(headers, b"x", b"{}", 5)
        sent.producer.commit_transaction(30)
        kept.extend(sent.places[1:])
        until("the committed one to be parked by all who take it", lambda: [row[0] for row in parked_records(system, kept)] == takers, 30)
        assert parked_records(system, aborted) == []
    stable(system, send)


# ---- rows of the log

SHAPES = [
    ("null", "null"), ("a text", '"x"'), ("a list", "[]"), ("a number", "1e400"), ("empty", "{}"), ("nested lists", "[" * 3000 + "]" * 3000),
    ("nested members", '{"a":' * 3000 + "1" + "}" * 3000), ("each member null", None), ("a long text", json.dumps({"kind": "x" * 300_000})),
    ("more than Kafka takes", json.dumps({"kind": "x" * 1_200_000})), ("a NUL", '{"kind": "\\u0000"}'), ("a lone surrogate", '{"kind": "\\ud800"}'), ("a member twice", '{"kind": 1, "kind": 2}'),
    ("a number out of range", '{"n": 99999999999999999999999999, "pages": -1e308, "minutes": 1e999}'),
]
TIMES = ["infinity", "-infinity", "4714-11-24 00:00:00+00 BC", "1899-12-31 00:00:00+00", "9999-12-31 23:59:59+00", "294276-12-31 00:00:00+00"]
MEMBERS = ["application_id", "channel", "services", "department", "path", "task_id", "due", "item_id", "starts_at", "contact_id", "kind", "two_way", "at", "letter_id", "n"]

ROW = """WITH n AS (UPDATE cases SET last_seq = last_seq + 1 WHERE id = %s RETURNING id, last_seq, municipality), e AS (
    INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at, traceparent)
    SELECT id, last_seq, municipality, %s, %s, %s::json, coalesce(%s::timestamptz, :now), %s FROM n)
    INSERT INTO unsent (case_id, case_seq) SELECT id, last_seq FROM n"""


def test_rows_of_any_shape_park_their_case_and_nothing_else(system):
    types = [t for t, in system.rows("SELECT DISTINCT type FROM consumer_types ORDER BY 1")]
    nulls = json.dumps(dict.fromkeys(MEMBERS))
    rows = [(kind, data or nulls, None, trace) for i, (_, data) in enumerate(SHAPES) for kind in types[i % 2::2] for trace in [(None, "", "x" * 5000, "æ‮")[i % 4]]]
    rows += [(types[i % len(types)], "{}", at, None) for i, at in enumerate(TIMES)]
    rows += [("no.tillit.unheard.of.v1", "[]", "infinity", None), ("", "null", None, None)]
    cases = [system.post(application(seed=7400 + i)).json()["case_id"] for i in range(len(rows))]
    system.settle(90)

    def insert():
        for case_id, (kind, data, at, trace) in zip(cases, rows):
            system.rows(ROW, case_id, kind, "tillit/test" if trace is None else trace, data, at, trace)
        after = system.post(application(seed=7399)).json()["case_id"]
        system.settle(90)
        assert_whole(system, [after])
    stable(system, insert)
    takers = system.rows("SELECT consumer, type FROM consumer_types")
    for case_id, (kind, data, at, _) in zip(cases, rows):
        wanted = sorted((consumer, "MALFORMED") for consumer, t in takers if t == kind)
        found = sorted(system.rows("SELECT consumer, problem FROM parked_events WHERE case_id = %s AND closed_at IS NULL", case_id))
        assert found == wanted, (kind, data[:80], at)
    shown = system.rows("SELECT id::text, type, detail FROM parked_events WHERE closed_at IS NULL AND case_id = ANY(%s::uuid[])", cases)
    one = system.operator()
    dark = [(kind, detail) for parked, kind, detail in shown if one.get(f"{system.internal}/drift/parked/{parked}", timeout=20).status_code != 200]
    assert shown and dark == [], "what an operator can't look at"


# ---- what crashes

def test_a_tick_that_ends_its_worker_again_and_again_is_left_out(system):
    """The records go on without it, and after a while it is tried again."""
    system.settle()
    before = system.log("scheduling").count("it is left out for a minute")
    pid = system.pid("scheduling")
    os.kill(pid, signal.SIGSTOP)
    system.rows("UPDATE tick_runs SET tries = 2 WHERE tick = 'silent'")
    os.kill(pid, signal.SIGKILL)
    until("the tick to be left out", lambda: system.log("scheduling").count("it is left out for a minute") == before + 1)
    case_id = system.post(application(seed=7590)).json()["case_id"]
    system.settle()
    assert_whole(system, [case_id])
    assert system.one("SELECT tries FROM tick_runs WHERE tick = 'silent'") == 3
    assert system.one("SELECT count(*) FROM tick_runs WHERE tick IN ('deadlines', 'access_chain') AND tries > 0") == 0
    system.rows("UPDATE tick_runs SET tries = 0 WHERE tick = 'silent'")


def ends(consumer):
    """Where the partitions end."""
    return {p: consumer.get_watermark_offsets(TopicPartition(TOPIC, p), timeout=10, cached=False)[1] for p in range(PARTITIONS)}


def test_a_record_that_ends_its_worker_before_it_is_understood_is_parked_at_the_third_time(system):
    """The worker stands still, with two unclean ends behind it at two places: a record of nobody's, and one that the log has."""
    looker = Consumer({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"], "group.id": f"play-{uuid.uuid4()}"})
    place = "INSERT INTO worker_places VALUES ('triage', %s, %s, %s, 2, %s, %s, %s) ON CONFLICT (consumer, topic, partition) DO UPDATE SET \"offset\" = excluded.\"offset\", tries = 2, case_id = excluded.case_id, case_seq = excluded.case_seq, type = excluded.type"
    kind, sent, pid = "no.tillit.application.received.v1", Sent(), system.pid("triage")
    system.settle()
    os.kill(pid, signal.SIGSTOP)
    try:
        before = ends(looker)
        case_id = system.post(application(seed=7600)).json()["case_id"]
        until("the application to be on Kafka", lambda: not system.one("SELECT count(*) FROM unsent"))
        known, = (p for p, end in ends(looker).items() if end != before[p])
        unread = (known + 1) % PARTITIONS
        sent.produce([("ce_type", kind.encode())], b"x", b"{ not json", unread)
        sent.flush()
        system.rows(place, TOPIC, known, before[known], case_id, 1, kind)
        system.rows(place, TOPIC, unread, before[unread], None, None, None)
        good = system.post(application(seed=7601)).json()["case_id"]
    finally:
        os.kill(pid, signal.SIGKILL)
        looker.close()
    crashed = "SELECT case_id::text, case_seq, type, partition, \"offset\", attempts FROM parked_events WHERE consumer = 'triage' AND problem = 'CRASHED' AND closed_at IS NULL AND (case_id = %s OR (partition, \"offset\") = (%s, %s)) ORDER BY case_id"
    found = until("both to be parked", lambda: (rows := system.rows(crashed, case_id, unread, before[unread])) and len(rows) == 2 and rows, 60)
    assert found == [(case_id, 1, kind, None, None, 3), (None, None, "unread", unread, before[unread], 3)]
    system.settle()
    assert_whole(system, [good])
    assert system.case(case_id).json()["status"] == "RECEIVED"
    parked_id = system.one("SELECT id FROM parked_events WHERE consumer = 'triage' AND case_id = %s", case_id)
    system.rows("INSERT INTO operator_acts (id, act, consumer, parked_id, who, sealed, asked_at, not_before) VALUES (gen_random_uuid(), 'redrive', 'triage', %s, 'play', '', :now, :now)", parked_id)
    until("what waited to be handled after all", lambda: system.case(case_id).json()["status"] == "DIALOGUE", 30)
    system.rows("DELETE FROM operator_acts WHERE who = 'play'")  # nobody's reason: no other play can read why

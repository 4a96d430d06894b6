# SPDX-License-Identifier: EUPL-1.2
"""The auditor: from the client's journal, the database, the topic and the processes it tells whether anything was lost,
doubled, overtaken or left lying. It shares no code with what it audits. Each count must be zero. Where things still
move (settled = False), only what may never be, not even for a moment, counts: what is on its way does not.

    auditor.py --journal FILE --injected FILE --samples FILE      addresses and key ring from the environment
"""
import argparse
import base64
import dataclasses
import datetime
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import nacl.bindings
import psycopg
from confluent_kafka import Consumer, TopicPartition
from psycopg.rows import dict_row
from psycopg.types.datetime import TimestamptzLoader

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "support")]
import clock  # noqa: E402
from records import name_of  # noqa: E402

PREFIX, SUFFIX = "no.tillit.", ".v1"
MANY = 5  # tries of one thing in vain
TABLES = {
    "applications": "SELECT id::text, case_id::text, municipality, document_id::text, channel, received_at FROM applications",
    "documents": "SELECT id::text, municipality, label, sealed FROM documents WHERE label = 'application'",
    "cases": "SELECT id::text, municipality, reference, status, last_seq, received_at, shielded, department, path FROM cases",
    "people": "SELECT case_id::text, parts, EXISTS (SELECT FROM persons WHERE persons.id = person_id OR persons.person_index = case_parties.person_index) AS known FROM case_parties",
    "events": "SELECT case_id::text, case_seq, type, data::text AS data, occurred_at FROM events ORDER BY case_id, case_seq",
    "unsent": "SELECT case_id::text, case_seq FROM unsent",
    "inbox": "SELECT consumer, case_id::text, mark FROM inbox",
    "consumer_types": "SELECT consumer, type FROM consumer_types",
    "parked": "SELECT consumer, case_id::text, case_seq, type, topic, partition, \"offset\", closed_at, closed_how FROM parked_events",
    "keys": "SELECT key, effect_id::text FROM idempotency_keys",
    "tasks": "SELECT id::text, case_id::text, cause_seq, kind FROM tasks",
    "agenda_items": "SELECT id::text, case_id::text, team_id::text, cause_seq, starts_at, ends_at FROM agenda_items",
    "deadlines": "SELECT case_id::text, kind, near_said_at, missed_at FROM deadlines",
    "letters": "SELECT case_id::text, n, kind, cause_seq FROM letters",
    "contacts": "SELECT id::text, case_id::text, case_seq FROM contacts",
    "access_log": "SELECT id::text, municipality, (extract(epoch FROM at) * 1000000)::bigint AS at, kind, who, name, unit, role, what, act, case_id::text, reason, request_id::text, mac,"
                  " :now - at > interval '1 minute' AS due FROM access_log ORDER BY municipality, id",
    "access_unchained": "SELECT municipality, access_id::text FROM access_unchained",
    "access_chain": "SELECT municipality, n, access_id::text, h FROM access_chain ORDER BY municipality, n",
    "case_facts": "SELECT case_id::text, received_at, channel, dialogue_day, department, receipt_at, first_contact_at, folded_seq FROM case_facts",
}


@dataclasses.dataclass
class Snapshot:
    journal: list
    tables: dict
    records: list            # {topic, partition, offset, key, headers, value} in the order of each partition
    committed: dict          # (consumer, partition) -> offset
    injected: dict           # {"parked": [[consumer, case, seq]], "records": [[topic, partition, offset]], "cases": [...], "wiped": bool}
    keyring: dict            # key id -> bytes
    samples: list = dataclasses.field(default_factory=list)
    manual: int = 0
    chain_keys: dict = dataclasses.field(default_factory=dict)
    places: dict = dataclasses.field(default_factory=dict)  # name -> all bytes that lie there
    words: list = dataclasses.field(default_factory=list)   # what must lie nowhere
    numbers: set = dataclasses.field(default_factory=set)   # national ids that must lie nowhere
    settled: bool = True     # everything is at rest: what is not there is missing, and not on its way


# ---- reading

def read_keyring(path, purpose="seal"):
    keys = {}
    for line in Path(path).read_text().splitlines():
        parts = line.split()
        if len(parts) >= 4 and parts[1] == purpose:
            keys[parts[0]] = base64.b64decode(parts[3])
    return keys


def read_topic(bootstrap, topic):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "auditor", "enable.auto.commit": False, "auto.offset.reset": "earliest"})
    partitions = [TopicPartition(topic, p, 0) for p in consumer.list_topics(topic, 20).topics[topic].partitions]
    ends = {p.partition: consumer.get_watermark_offsets(p, 20)[1] for p in partitions}
    consumer.assign(partitions)
    records, left = [], {p for p, end in ends.items() if end > 0}
    while left:
        message = consumer.poll(20)
        if message is None:
            raise SystemExit(f"the topic could not be read to its end: {left}")
        if message.error():
            continue
        records.append({"topic": topic, "partition": message.partition(), "offset": message.offset(), "key": (message.key() or b"").decode(errors="replace"),
                        "headers": {k: (v or b"").decode(errors="replace") for k, v in message.headers() or []}, "value": message.value()})
        if message.offset() + 1 >= ends[message.partition()]:
            left.discard(message.partition())
    consumer.close()
    return records


def read_committed(bootstrap, topic, consumers):
    committed = {}
    for name in consumers:
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"tillit-{name}", "enable.auto.commit": False})
        partitions = [TopicPartition(topic, p) for p in consumer.list_topics(topic, 20).topics[topic].partitions]
        for place in consumer.committed(partitions, 20):
            if place.offset >= 0:
                committed[name, place.partition] = place.offset
        consumer.close()
    return committed


def dump(database):
    """All that a dump of the database tells, bytes as themselves."""
    text = subprocess.run(["pg_dump", "--no-owner", database], capture_output=True, check=True).stdout
    return text + b"\n" + b"\n".join(bytes.fromhex(found[1].decode()) for found in re.finditer(rb"\\\\x((?:[0-9a-f]{2})+)", text))


def numbers_sent(keyring, documents):
    """The national ids in the applications as they were sent."""
    numbers, state = set(), Snapshot([], {}, [], {}, {}, keyring)
    for row in documents:
        try:
            numbers |= set(re.findall(r'"national_id"\s*:\s*"(\d{11})"', open_sealed(state, row).decode()))
        except Exception:
            continue  # I1 tells of it
    return numbers


class AnyTime(TimestamptzLoader):
    """One that Python has no date for is the nearest that it has: a row may be of any shape, and its case be of no concern here."""
    def load(self, data):
        try:
            return super().load(data)
        except psycopg.DataError:
            early = bytes(data).startswith(b"-") or bytes(data).endswith(b"BC")
            return (datetime.datetime.min if early else datetime.datetime.max).replace(tzinfo=datetime.timezone.utc)


def load(database, bootstrap, keyring, journal, injected=None, samples=None, topic="tillit.cases.v1", only=None, logs=()):
    """only: the cases to look at (a set), where others share the database. What must never be ahead of another thing is
    read before it: the journal and the offsets before the database, the database before the topic."""
    lines = [json.loads(line) for line in Path(journal).read_text().splitlines() if line.strip()]
    with psycopg.connect(database) as db:
        consumers = [name for name, in db.execute("SELECT DISTINCT consumer FROM consumer_types ORDER BY 1")]
    committed = read_committed(bootstrap, topic, consumers)
    with psycopg.connect(database, row_factory=dict_row) as db:
        db.adapters.register_loader("timestamptz", AnyTime)
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables = {name: db.execute(clock.told(sql)).fetchall() for name, sql in TABLES.items()}
    records = read_topic(bootstrap, topic)
    keys = read_keyring(keyring)
    numbers = numbers_sent(keys, tables["documents"])
    places = {"a dump": dump(database), **{f"the log {Path(path).name}": Path(path).read_bytes() for path in logs}}
    if only is not None:
        mine = {a["document_id"] for a in tables["applications"] if a["case_id"] in only}
        made = {a["id"] for a in tables["applications"] if a["case_id"] in only}
        for name, rows in tables.items():
            column = "id" if name in ("cases", "documents") else "effect_id" if name == "keys" else "case_id"
            wanted = mine if name == "documents" else made if name == "keys" else only
            if name != "consumer_types" and not name.startswith("access_"):
                tables[name] = [row for row in rows if row[column] in wanted]
        records = [r for r in records if r["headers"].get("ce_subject") in only]
    return Snapshot(lines, tables, records, committed, injected or {}, keys, samples or [], chain_keys=read_keyring(keyring, "chain"), places=places, numbers=numbers)


# ---- helpers of the invariants

def by(rows, *columns):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[c] for c in columns) if len(columns) > 1 else row[columns[0]]].append(row)
    return groups


def named(record):
    """(case, number) that a record names, in the log's form; (None, None) where it names nothing."""
    return name_of(record["headers"].get("ce_subject"), record["headers"].get("ce_caseseq")) or (None, None)


def short(type_name):
    return type_name.removeprefix(PREFIX).removesuffix(SUFFIX)


def outcomes(s):
    """Per key: the definite outcomes that the client was told, and the unknown ones."""
    return by([line for line in s.journal if "outcome" in line and "talk" not in line], "key")


def parked_cases(s):
    """(consumer, case) -> the lowest parked number that is still open."""
    lowest = {}
    for row in s.tables["parked"]:
        if row["case_id"] and not row["closed_at"]:
            place = (row["consumer"], row["case_id"])
            lowest[place] = min(lowest.get(place, row["case_seq"]), row["case_seq"])
    return lowest


def marks_of(s):
    return {(row["consumer"], row["case_id"]): row["mark"] for row in s.tables["inbox"]}


def injected_cases(s):
    return set(s.injected.get("cases", []))


def events_of(s, kind):
    """The well-formed events of a kind: what was injected as poison has no effects to look for."""
    poison = {(case, seq) for _, case, seq in s.injected.get("parked", [])}
    return [dict(row, data=json.loads(row["data"])) for row in s.tables["events"] if short(row["type"]) == kind and (row["case_id"], row["case_seq"]) not in poison]


def takers(s):
    taken = defaultdict(set)
    for row in s.tables["consumer_types"]:
        taken[row["type"]].add(row["consumer"])
    return taken


def open_sealed(s, row):
    sealed = bytes(row["sealed"])
    key = s.keyring[sealed[1:5].hex()]  # version 1, key id 4, nonce 24, then the ciphertext and its tag
    ad = f"{row['label']}\n{row['municipality']}\n{row['id']}".encode()
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[29:], ad, sealed[5:29], key)


# ---- the invariants: each returns what offends it

def i1(s):
    """Every application that was answered ok is in the database with an identical content hash, and with its people."""
    applications = {a["id"]: a for a in s.tables["applications"]}
    documents = {d["id"]: d for d in s.tables["documents"]}
    cases = {c["id"]: c for c in s.tables["cases"]}
    people = by(s.tables["people"], "case_id")
    hashes = {line["key"]: line["sha256"] for line in s.journal if "sha256" in line}
    for key, lines in outcomes(s).items():
        for line in lines:
            if line["outcome"] != "ok":
                continue
            found = applications.get(line["application_id"])
            if not found or found["case_id"] != line["case_id"] or cases.get(line["case_id"], {}).get("reference") != line["reference"]:
                yield f"{key}: answered ok, not in the database as answered"
                continue
            try:
                content = open_sealed(s, documents[found["document_id"]])
            except Exception as e:
                yield f"{key}: its document can't be opened ({type(e).__name__})"
                continue
            if hashlib.sha256(content).hexdigest() != hashes[key]:
                yield f"{key}: its document is another one"
            parts = Counter(part for person in people.get(line["case_id"], []) for part in person["parts"] if person["known"])
            if parts["submitter"] != 1 or parts["applicant"] != 1 or not parts["party"] or not parts["recipient"]:
                yield f"{key}: its people are {dict(parts)}"


def i2(s):
    """No application that was definitely refused, or whose body ended early, exists."""
    kept = {k["key"] for k in s.tables["keys"]}
    for line in s.journal:
        if line.get("short") and line["key"] in kept:
            yield f"{line['key']}: its body ended early, it was answered {line['status']}, and it is there"
    for key, lines in outcomes(s).items():
        if any(line["outcome"] == "fail" for line in lines) and key in kept:
            yield f"{key}: refused, and there"


def i3(s):
    """What was unknown exists or not; asked again with the same key it has one id and one body. Nothing else exists."""
    sent = {line["key"] for line in s.journal if "sha256" in line or line.get("short")}
    for key, lines in outcomes(s).items():
        told = {(line["application_id"], line["answer"]) for line in lines if line["outcome"] == "ok"}
        if len(told) > 1:
            yield f"{key}: answered with {len(told)} different bodies"
    effects = {k["effect_id"]: k["key"] for k in s.tables["keys"]}
    for a in s.tables["applications"]:
        if effects.get(a["id"]) not in sent and a["case_id"] not in injected_cases(s):
            yield f"application {a['id']}: nobody sent it"


PAIRS = [  # an event of the kind and the row that it tells of: (event's name for it, table, the row's name for it)
    ("application.received", lambda e: e["data"].get("application_id"), "applications", lambda r: r["id"]),
    ("dialogue.planned", lambda e: e["data"].get("task_id"), "tasks", lambda r: r["id"]),
    ("agenda.planned", lambda e: e["data"].get("item_id"), "agenda_items", lambda r: r["id"]),
    ("letter.ready", lambda e: (e["case_id"], e["data"].get("n")), "letters", lambda r: (r["case_id"], r["n"])),
    ("contact.made", lambda e: e["data"].get("contact_id"), "contacts", lambda r: r["id"]),
    ("deadline.near", lambda e: (e["case_id"], e["data"].get("kind")), "deadlines", lambda r: (r["case_id"], r["kind"]) if r["near_said_at"] else None),
    ("deadline.missed", lambda e: (e["case_id"], e["data"].get("kind")), "deadlines", lambda r: (r["case_id"], r["kind"]) if r["missed_at"] else None),
    ("case.triaged", lambda e: e["case_id"], "cases", lambda r: r["id"] if r["status"] != "RECEIVED" else None),
]


def i4(s):
    """Numbers are 1..n without gap or repeat, n is the case's counter; every change has its event and every event its change."""
    numbers = by(s.tables["events"], "case_id")
    for case in s.tables["cases"]:
        have = [row["case_seq"] for row in numbers.get(case["id"], [])]
        if have != list(range(1, case["last_seq"] + 1)):
            yield f"case {case['id']}: counter {case['last_seq']}, numbers {have}"
    for kind, of_event, table, of_row in PAIRS:
        said = Counter(of_event(e) for e in events_of(s, kind))
        done = Counter(name for name in map(of_row, s.tables[table]) if name)
        for name in (said - done) + (done - said):
            yield f"{kind}: said {said[name]} times, {done[name]} rows of {table}: {name}"


def i5(s):
    """Everything is on Kafka with the same bytes, and nothing is that the log lacks, but what was injected."""
    unsent = {f"{row['case_id']}.{row['case_seq']}" for row in s.tables["unsent"]}
    if s.settled:
        yield from (f"{name} is unsent" for name in sorted(unsent))
    log = {f"{e['case_id']}.{e['case_seq']}": e for e in s.tables["events"]}
    strange = {tuple(place) for place in s.injected.get("records", [])}
    seen = set()
    for r in s.records:
        name = r["headers"].get("ce_id")
        if name not in log:
            if s.settled and (r["topic"], r["partition"], r["offset"]) not in strange:
                yield f"{r['partition']}@{r['offset']}: {name} is not in the log"
            continue
        event = log[name]
        if r["value"] != event["data"].encode() or r["key"] != event["case_id"] or r["headers"].get("ce_type") != event["type"] or r["headers"].get("ce_caseseq") != str(event["case_seq"]):
            if (r["topic"], r["partition"], r["offset"]) not in strange:
                yield f"{r['partition']}@{r['offset']}: {name} differs from the log"
            continue
        seen.add(name)
    for name in log.keys() - seen - unsent:
        yield f"{name} is neither unsent nor on Kafka"


def i6(s):
    """Below a mark nothing is unhandled, above it all is parked or waits; each cause has exactly one effect of a kind."""
    marks, waiting, taken = marks_of(s), parked_cases(s), takers(s)
    for e in s.tables["events"] if s.settled else ():
        for consumer in taken[e["type"]]:
            lowest = waiting.get((consumer, e["case_id"]))
            if e["case_seq"] > marks.get((consumer, e["case_id"]), 0) and (lowest is None or e["case_seq"] < lowest):
                yield f"{consumer}: {e['case_id']}.{e['case_seq']} is above the mark and nothing holds it"
    for (consumer, case), lowest in waiting.items():
        if marks.get((consumer, case), 0) >= lowest:
            yield f"{consumer}: the mark of {case} has passed its parked number {lowest}"
    def count(table, *columns):
        return Counter(tuple(row[c] for c in columns) for row in s.tables[table])
    letters, tasks = count("letters", "case_id", "kind", "cause_seq"), count("tasks", "case_id", "kind")
    items, facts, deadlines = count("agenda_items", "case_id"), count("case_facts", "case_id"), count("deadlines", "case_id", "kind")
    triaged = Counter(e["case_id"] for e in events_of(s, "case.triaged"))
    def expect(consumer, case, seq, what, got, wanted):
        """Mark and effect are one commit: below the event's number there is no effect yet."""
        mark = marks.get((consumer, case), 0)
        if got != (wanted if mark >= seq else 0):
            yield f"{consumer}: case {case} has {got} {what} where its mark is {mark}; number {seq} makes {wanted}"
    for e in events_of(s, "application.received"):
        case = e["case_id"]
        yield from expect("letters", case, e["case_seq"], "receipts", letters[case, "receipt", e["case_seq"]], 1)
        yield from expect("metrics", case, e["case_seq"], "facts", facts[case,], 1)
        yield from expect("triage", case, e["case_seq"], "triages", triaged[case], 1)
    for e in events_of(s, "case.triaged"):
        case, forwarded = e["case_id"], e["data"]["department"] == "forward"
        yield from expect("scheduling", case, e["case_seq"], "talks", tasks[case, "first_talk"], 0 if forwarded else 1)
        yield from expect("scheduling", case, e["case_seq"], "agenda items", items[case,], int(e["data"]["path"] == "team"))
        yield from expect("scheduling", case, e["case_seq"], "reply deadlines", deadlines[case, "preliminary_reply"], 1)
        yield from expect("scheduling", case, e["case_seq"], "talk deadlines", deadlines[case, "first_talk"], 0 if forwarded else 1)


def i7(s):
    """No team is double-booked."""
    for team, rows in by(s.tables["agenda_items"], "team_id").items():
        rows = sorted(rows, key=lambda row: row["starts_at"])
        for earlier, later in zip(rows, rows[1:]):
            if later["starts_at"] < earlier["ends_at"]:
                yield f"team {team}: {earlier['id']} and {later['id']} overlap"


def i8(s):
    """A case's numbers come in order: on Kafka by their first occurrences, in the log by their times."""
    highest, partition = {}, {}
    strange = {tuple(place) for place in s.injected.get("records", [])} | {tuple(place) for place in s.injected.get("shuffled", [])}
    for r in sorted(s.records, key=lambda r: (r["partition"], r["offset"])):
        case, seq = named(r)
        if (r["topic"], r["partition"], r["offset"]) in strange or not case:
            continue
        if partition.setdefault(case, r["partition"]) != r["partition"]:
            yield f"case {case} lies in two partitions"
        if case not in highest and seq > 1 and s.injected.get("wiped"):
            continue  # what came before lay in the data that is gone; the replay brings all of it in order
        if seq > highest.get(case, 0) + 1:
            yield f"case {case}: number {seq} came after {highest.get(case, 0)}"
        highest[case] = max(highest.get(case, 0), seq)
    for case, rows in by(s.tables["events"], "case_id").items():
        times = [row["occurred_at"] for row in rows]
        if times != sorted(times):
            yield f"case {case}: its events' times go back"


OSLO = ZoneInfo("Europe/Oslo")


def easter(year):
    """The anonymous Gregorian computus (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    k = (32 + 2 * e + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def is_working_day(day):
    sunday = easter(day.year)
    off = {sunday + datetime.timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)} | {datetime.date(day.year, *d) for d in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    return day.weekday() < 5 and day not in off


def working_days_after(day, count):
    while count:
        day += datetime.timedelta(days=1)
        count -= is_working_day(day)
    return day


def i9(s):
    """Applications = cases = the sum over statuses; the facts are what the events add up to."""
    if len(s.tables["applications"]) != len(s.tables["cases"]) - len([c for c in s.tables["cases"] if c["id"] in injected_cases(s) and c["id"] not in {a["case_id"] for a in s.tables["applications"]}]):
        yield f"{len(s.tables['applications'])} applications, {len(s.tables['cases'])} cases"
    marks, taken = marks_of(s), takers(s)
    facts = {row["case_id"]: row for row in s.tables["case_facts"]}
    for case, rows in by(s.tables["events"], "case_id").items():
        folded = {"received_at": None, "channel": None, "dialogue_day": None, "department": None, "receipt_at": None, "first_contact_at": None, "folded_seq": 0}
        poison = {(c, n) for consumer, c, n in s.injected.get("parked", []) if consumer == "metrics"}
        for row in rows:
            if "metrics" not in taken[row["type"]] or (case, row["case_seq"]) in poison or row["case_seq"] > marks.get(("metrics", case), 0):
                continue
            kind, data, at = short(row["type"]), json.loads(row["data"]), row["occurred_at"]
            if kind == "application.received" and not folded["received_at"]:
                soon = data["urgency"] == "acute" or data["in_hospital"]
                folded.update(received_at=at, channel=data["channel"], dialogue_day=working_days_after(at.astimezone(OSLO).date(), 1 if soon else 3))
            elif kind == "dialogue.planned":
                folded["dialogue_day"] = (datetime.datetime.fromisoformat(data["due"]) - datetime.timedelta(seconds=1)).astimezone(OSLO).date()
            elif kind == "case.triaged":
                folded["department"] = data["department"]
            elif kind == "letter.ready" and data["kind"] == "receipt":
                folded["receipt_at"] = min(folded["receipt_at"] or at, at)
            elif kind == "contact.made" and data["two_way"]:
                held = datetime.datetime.fromisoformat(data["at"])
                folded["first_contact_at"] = min(folded["first_contact_at"] or held, held)
            folded["folded_seq"] = row["case_seq"]
        stored = facts.get(case)
        if folded["received_at"] and (not stored or any(stored[k] != v for k, v in folded.items())):
            differs = "missing" if not stored else ", ".join(f"{k} {stored[k]} != {v}" for k, v in folded.items() if stored[k] != v)
            yield f"facts of {case}: {differs}"
    for case in facts.keys() - {c["id"] for c in s.tables["cases"]}:
        yield f"facts of {case}, which is no case"


def i10(s):
    """No committed offset is ahead of the database."""
    marks, waiting, taken = marks_of(s), parked_cases(s), takers(s)
    parked = {(row["consumer"], row["topic"], row["partition"], row["offset"]) for row in s.tables["parked"]}
    log = {(e["case_id"], e["case_seq"]) for e in s.tables["events"]}
    for r in s.records:
        case, seq = named(r)
        for consumer in taken.get(r["headers"].get("ce_type"), ()):
            if r["offset"] >= s.committed.get((consumer, r["partition"]), 0):
                continue
            if (case, seq) not in log:
                if (consumer, r["topic"], r["partition"], r["offset"]) not in parked and not s.injected.get("wiped"):
                    yield f"{consumer}: {r['partition']}@{r['offset']} is committed, unknown to the log, and not parked"
            elif seq > marks.get((consumer, case), 0) and seq < waiting.get((consumer, case), 1 << 40):
                yield f"{consumer}: {case}.{seq} at {r['partition']}@{r['offset']} is committed and not handled"


def i11(s):
    """What is parked is the injected poison, exactly."""
    wanted = Counter(tuple(p) for p in s.injected.get("parked", []) + s.injected.get("redriven", []))
    got = Counter((row["consumer"], row["case_id"], row["case_seq"]) for row in s.tables["parked"] if row["case_id"])
    for place in (got - wanted) + (wanted - got if s.settled else Counter()):
        yield f"{place}: parked {got[place]} times, injected {wanted[place]}"
    taken, log = takers(s), {(e["case_id"], e["case_seq"]) for e in s.tables["events"]}
    lies = {(r["topic"], r["partition"], r["offset"]): r for r in s.records}
    by_place = by(s.tables["parked"], "topic", "partition", "offset")
    for place in map(tuple, s.injected.get("records", []) if s.settled and not s.injected.get("wiped") else ()):
        found = {row["consumer"] for row in by_place.get(place, ())}
        record = lies.get(place)
        if record and found != (set() if named(record) in log else taken.get(record["headers"].get("ce_type"), set())):
            yield f"{place[1]}@{place[2]}: parked by {sorted(found)}"
    places = {(p[1], p[2]) for p in s.injected.get("records", []) + s.injected.get("gone", [])}
    for row in s.tables["parked"]:
        if not row["case_id"] and (row["partition"], row["offset"]) not in places:
            yield f"{row['consumer']}: {row['partition']}@{row['offset']} is parked and was not injected"


ROW = ("id", "municipality", "at", "kind", "who", "name", "unit", "role", "what", "act", "case_id", "reason", "request_id")


def row_mac(keys, key_id, row):
    """What a row of the access log must end with: key id, then the HMAC of each column's length and text."""
    columns = [None if row[c] is None else bytes(row[c]) if c == "reason" else str(row[c]).encode() for c in ROW]
    content = b"row" + b"".join(b"\xff\xff\xff\xff" if c is None else len(c).to_bytes(4, "big") + c for c in columns)
    return bytes.fromhex(key_id) + hmac.digest(keys[key_id], content, "sha256")


def link_mac(keys, key_id, municipality, n, before, mac, row_id):
    return bytes.fromhex(key_id) + hmac.digest(keys[key_id], f"link\n{municipality}\n{n}\n".encode() + before + mac + row_id.encode(), "sha256")


def holds(s, value, made):
    """Whether the value is what is made with the key that it names."""
    key_id = bytes(value[:4]).hex()
    return key_id in s.chain_keys and made(key_id) == bytes(value)


def i13(s):
    """The access log's chain verifies end to end, each row is in it or in its queue, and each application's taking in is logged."""
    rows = {(r["municipality"], r["id"]): r for r in s.tables["access_log"]}
    for r in rows.values():
        if not holds(s, r["mac"], lambda key: row_mac(s.chain_keys, key, r)):
            yield f"{r['municipality']}: row {r['id']} is not as it was logged"
    for municipality, links in by(s.tables["access_chain"], "municipality").items():
        before = b""
        for n, link in enumerate(links, 1):
            row = rows.get((municipality, link["access_id"]))
            if not row or link["n"] != n or not holds(s, link["h"], lambda key: link_mac(s.chain_keys, key, municipality, n, before, bytes(row["mac"]), row["id"])):
                yield f"{municipality}: link {n} does not hold" + ("" if row else ", its row is gone")
            before = bytes(link["h"])
    places = Counter((x["municipality"], x["access_id"]) for table in ("access_chain", "access_unchained") for x in s.tables[table])
    chained = {(x["municipality"], x["access_id"]) for x in s.tables["access_chain"]}
    for place, r in rows.items():
        if places[place] != 1 or (s.settled and r["due"] and place not in chained):
            yield f"{place[0]}: row {place[1]} is in {places[place]} places of chain and queue" + ("" if place in chained else ", not in the chain")
    taken = Counter((r["municipality"], r["case_id"]) for r in rows.values() if (r["act"], r["what"]) == ("write", "application"))
    for a in s.tables["applications"]:
        if taken[a["municipality"], a["case_id"]] != 1 and a["case_id"] not in injected_cases(s):
            yield f"application {a['id']}: it was taken in, and the log says so {taken[a['municipality'], a['case_id']]} times"
def spellings(word):
    """The ways in which a word may come out of a program; in base64 it has three, by what stands before it."""
    plain = word.encode()
    coded = [base64.b64encode(b"." * n + plain)[(n * 8 + 5) // 6:(n + len(plain)) * 8 // 6] for n in range(3)]
    return {plain, json.dumps(word)[1:-1].encode(), json.dumps(word, ensure_ascii=False)[1:-1].encode(), quote(word).encode(), quote(word.replace(" ", "+"), safe="+").encode(),
            plain.hex().encode(), *coded}


def leaks(places, words, numbers):
    """Where one of the words, or a whole number that is one of the numbers, lies. The word itself is not told."""
    known = {number.encode() for number in numbers}
    forms = [(n, form) for n, word in enumerate(words) for form in spellings(word)]
    for name, content in places.items():
        for n in sorted({n for n, form in forms if form in content}):
            yield f"{name}: word {n} of what nobody may tell"
        for found in re.finditer(rb"(?<![0-9A-Fa-f])([0-9]{6}) ?([0-9]{5})(?![0-9A-Fa-f])", content):
            if found[1] + found[2] in known:
                yield f"{name}: a national id, at byte {found.start()}"


def i12(s):
    """No national id that was sent, and nothing that was planted to be found, lies in a dump, on Kafka, in a log or wherever else was looked."""
    on_kafka = b"\n".join(b" ".join([r["key"].encode(), json.dumps(r["headers"]).encode(), r["value"] or b""]) for r in s.records)
    yield from leaks({**s.places, "Kafka": on_kafka}, s.words, s.numbers)


def i14(s):
    """No process needed a hand."""
    if s.manual:
        yield f"{s.manual} times somebody had to help"


def grown(samples):
    """Of each program what is more in its last sample than in its first."""
    return [f"{name}: {what} {rows[0][what]} -> {rows[-1][what]}"
            for name, rows in by(samples, "program").items()
            for what in ("rss", "fds", "threads", "connections")
            if what in rows[0] and rows[-1][what] > rows[0][what] * 1.05 + 1]


def i15(s):
    """Memory, descriptors, threads and connections are back at the baseline + 5 % (and one)."""
    yield from grown(s.samples)


INVARIANTS = [("I1", i1), ("I2", i2), ("I3", i3), ("I4", i4), ("I5", i5), ("I6", i6), ("I7", i7), ("I8", i8), ("I9", i9), ("I10", i10), ("I11", i11), ("I12", i12), ("I13", i13), ("I14", i14), ("I15", i15)]


def tried_for_ever(worker, log):
    """What a worker that has not come to rest tried again and again, by its log; a database that is away is no such thing."""
    waits = [json.loads(line) for line in log.splitlines() if '"msg":"waiting"' in line]
    tries = Counter(wait.get("detail") or "" for wait in waits)
    for detail, n in tries.items():
        if n >= MANY and "the database" not in detail and "SQLSTATE" not in detail:
            yield f"{worker} has tried {n} times: {detail}"


def audit(snapshot):
    """{invariant: the rows that offend it}"""
    return {name: list(check(snapshot)) for name, check in INVARIANTS}


def report(snapshot, results):
    for name, check in INVARIANTS:
        offending = results[name]
        print(f"{name:4} {'ok  ' if not offending else 'FAIL'} {check.__doc__.split('. ')[0].rstrip('.')}" if not offending
              else f"{name:4} FAIL {len(offending)} offending: " + " | ".join(offending[:5]))
    print(f"{len(snapshot.tables['applications'])} applications, {sum(map(len, results.values()))} violations", flush=True)
    return sum(map(len, results.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option in ("journal", "injected", "samples"):
        parser.add_argument(f"--{option}")
    options = parser.parse_args()
    state = load(os.environ["TILLIT_MIGRATE_URL"], os.environ["KAFKA_BOOTSTRAP"], os.environ["TILLIT_KEYRING"], options.journal,
                 json.loads(Path(options.injected).read_text()) if options.injected else None,
                 [json.loads(line) for line in Path(options.samples).read_text().splitlines()] if options.samples else None)
    sys.exit(report(state, audit(state)) > 0)

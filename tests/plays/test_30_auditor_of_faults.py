# SPDX-License-Identifier: EUPL-1.2
"""Who audits the auditor: a healthy state passes, and each hand-made damage is found under its own number."""
import base64
import copy
import dataclasses
import datetime
import json
import os
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import auditor
from client import Client, is_bad

from conftest import STATE, until


@pytest.fixture(scope="module")
def whole(system):
    journal = STATE / "audited.jsonl"
    client = Client(system.public, "auditor", journal, system.logins.bearer())
    for thread in client.run(60, 60, threads=8):
        thread.join(60)
    client.send(3, again=True)
    client.send(next(n for n in range(60, 1000) if is_bad("auditor", n)))
    assert client.send_short(1000) == "400"
    system.settle()
    until("what was logged to be chained", lambda: system.one("SELECT count(*) FROM access_unchained") == 0)
    cases = {answer["case_id"] for answer in client.told.values() if answer}
    return auditor.load(os.environ["TILLIT_MIGRATE_URL"], os.environ["KAFKA_BOOTSTRAP"], os.environ["TILLIT_KEYRING"], journal, only=cases, logs=sorted(system.run.glob("*.log")),
                        samples=[{"program": "api", "rss": 20000, "fds": 20, "threads": 70}, {"program": "api", "rss": 20500, "fds": 20, "threads": 70}])


@pytest.fixture(scope="module")
def healthy(whole):
    """Without the dump and the logs, which take their time to be looked through."""
    return dataclasses.replace(whole, places={}, words=["Fugleskrekk i Prøveveien 7"])


def ok_lines(s):
    return [line for line in s.journal if line.get("outcome") == "ok" and "talk" not in line]


def drop(s, table, n=0):
    del s.tables[table][n]


def double(s, table, **changes):
    s.tables[table].append(dict(s.tables[table][0], **changes))


def lose_application(s):
    drop(s, "applications")


def lose_a_person(s):
    drop(s, "people")


def forget_who_a_person_is(s):
    s.tables["people"][0]["known"] = False


def take_a_part_twice(s):
    double(s, "people")


def change_document(s):
    row = s.tables["documents"][0]
    sealed = bytearray(row["sealed"])
    sealed[-1] ^= 1
    row["sealed"] = bytes(sealed)


def swap_documents(s):
    a, b = s.tables["documents"][:2]
    a["sealed"], b["sealed"] = b["sealed"], a["sealed"]


def keep_what_was_refused(s):
    refused = next(line for line in s.journal if line.get("outcome") == "fail")
    s.tables["keys"].append({"key": refused["key"], "effect_id": "00000000-0000-7000-8000-000000000001"})


def keep_half_a_body(s):
    short = next(line for line in s.journal if line.get("short"))
    s.tables["keys"].append({"key": short["key"], "effect_id": "00000000-0000-7000-8000-000000000001"})


def answer_twice_differently(s):
    again = dict(ok_lines(s)[0], answer="another")
    s.journal.append(again)


def application_that_nobody_sent(s):
    double(s, "applications", id="00000000-0000-7000-8000-000000000002")


def gap(s):
    s.tables["events"] = [e for e in s.tables["events"] if not (e["case_id"] == s.tables["events"][0]["case_id"] and e["case_seq"] == 2)]


def counter_behind(s):
    s.tables["cases"][0]["last_seq"] -= 1


def change_without_event(s):
    double(s, "tasks", id="00000000-0000-7000-8000-000000000003")


def event_without_change(s):
    drop(s, "letters")


def unsent_left(s):
    s.tables["unsent"].append({"case_id": s.tables["cases"][0]["id"], "case_seq": 1})


def record_lost(s):
    name = s.records[0]["headers"]["ce_id"]
    s.records = [r for r in s.records if r["headers"].get("ce_id") != name]


def record_of_a_stranger(s):
    s.records.append(copy.deepcopy(s.records[0]))
    s.records[-1]["headers"].update(ce_id="stranger.1", ce_caseseq="1", ce_subject="stranger")


def record_changed(s):
    s.records[0]["value"] = b"{}"


def mark_behind(s):
    next(row for row in s.tables["inbox"] if row["consumer"] == "metrics")["mark"] -= 1


def letter_twice(s):
    double(s, "letters", n=2)


def effect_without_mark(s):
    next(row for row in s.tables["inbox"] if row["consumer"] == "letters")["mark"] = 0


def mark_without_effect(s):
    """Before the worker says so by an event."""
    drop(s, "tasks")


def mark_past_parked(s):
    park(s, "metrics", s.tables["events"][0])


def never_planned(s):
    case = next(t["case_id"] for t in s.tables["tasks"])
    s.tables["deadlines"] = [d for d in s.tables["deadlines"] if d["case_id"] != case]


def double_booked(s):
    item = s.tables["agenda_items"][0]
    s.tables["agenda_items"].append(dict(item, id="other", case_id="other", starts_at=item["starts_at"] + datetime.timedelta(minutes=5)))


def overtaken_on_kafka(s):
    first = next(r for r in s.records if r["headers"]["ce_caseseq"] == "1")
    second = next(r for r in s.records if r["headers"]["ce_subject"] == first["headers"]["ce_subject"] and r["headers"]["ce_caseseq"] == "2")
    first["offset"], second["offset"] = second["offset"], first["offset"]


def time_goes_back(s):
    case = s.tables["events"][0]["case_id"]
    [e for e in s.tables["events"] if e["case_id"] == case][1]["occurred_at"] -= datetime.timedelta(days=1)


def facts_wrong(s):
    s.tables["case_facts"][0]["department"] = "nowhere"


def facts_lost(s):
    drop(s, "case_facts")


def case_without_application(s):
    double(s, "cases", id="00000000-0000-7000-8000-000000000004")


def committed_ahead(s):
    row = next(row for row in s.tables["inbox"] if row["consumer"] == "triage")
    row["mark"] = 0
    for r in s.records:
        s.committed["triage", r["partition"]] = max(s.committed.get(("triage", r["partition"]), 0), r["offset"] + 1)


def strange_one_parked_by_nobody(s):
    """What its headers say is nothing that the log has."""
    r = dict(copy.deepcopy(s.records[0]), offset=1 << 41)
    r["headers"] = {"ce_type": s.records[0]["headers"]["ce_type"]}
    s.records.append(r)
    s.injected["records"] = [[r["topic"], r["partition"], r["offset"]]]


def poison_dropped(s):
    s.injected["parked"] = [["metrics", s.tables["cases"][0]["id"], 2]]


def park(s, consumer, e):
    s.tables["parked"].append({"consumer": consumer, "case_id": e["case_id"], "case_seq": e["case_seq"], "type": e["type"], "topic": None,
                               "partition": None, "offset": None, "closed_at": None, "closed_how": None})


def good_one_parked(s):
    park(s, "letters", s.tables["events"][0])


def access(s, n=0):
    """A row of an application that was audited, which its chain holds."""
    chained = {link["access_id"] for link in s.tables["access_chain"]}
    mine = {a["case_id"] for a in s.tables["applications"]}
    return [r for r in s.tables["access_log"] if r["case_id"] in mine and r["id"] in chained and r["act"] == "write"][n]


def access_edited(s):
    access(s)["who"] = "another"


def access_gone(s):
    s.tables["access_log"].remove(access(s))


def accesses_swapped(s):
    a, b = access(s), access(s, 1)
    a["case_id"], b["case_id"] = b["case_id"], a["case_id"]


def access_forged(s):
    s.tables["access_log"].append(dict(access(s), id="00000000-0000-7000-8000-000000000005"))


def link_changed(s):
    s.tables["access_chain"][len(s.tables["access_chain"]) // 2]["h"] = s.tables["access_chain"][0]["h"]


def link_gone(s):
    drop(s, "access_chain")


def access_never_queued(s):
    link = s.tables["access_chain"].pop()
    s.tables["access_unchained"] = [x for x in s.tables["access_unchained"] if x["access_id"] != link["access_id"]]


def access_not_logged(s):
    """Cut off with its link: the chain alone would not tell."""
    case = s.tables["applications"][0]["case_id"]
    for r in s.tables["access_log"]:
        if r["case_id"] == case and r["act"] == "write" and r["what"] == "application":
            r.update(what="case", mac=auditor.row_mac(s.chain_keys, r["mac"][:4].hex(), dict(r, what="case")))
    before = {}
    macs = {r["id"]: bytes(r["mac"]) for r in s.tables["access_log"]}
    for link in s.tables["access_chain"]:
        m, key = link["municipality"], bytes(link["h"][:4]).hex()
        link["h"] = before[m] = auditor.link_mac(s.chain_keys, key, m, link["n"], before.get(m, b""), macs[link["access_id"]], link["access_id"])


def not_chained_for_long(s):
    link = s.tables["access_chain"].pop()
    s.tables["access_unchained"].append({"municipality": link["municipality"], "access_id": link["access_id"]})
    next(r for r in s.tables["access_log"] if r["id"] == link["access_id"])["due"] = True


def somebody_helped(s):
    s.manual = 1


def memory_grew(s):
    s.samples.append({"program": "api", "rss": 30000, "fds": 20, "threads": 70})


def descriptors_leaked(s):
    s.samples.append({"program": "api", "rss": 20000, "fds": 40, "threads": 70})


def a_number_in_a_log(s):
    s.places["the log api.log"] = b'{"detail":"no such person: ' + min(s.numbers).encode() + b'"}'


def a_number_as_it_is_spoken(s):
    number = min(s.numbers).encode()
    s.places["a page"] = b"<td>" + number[:6] + b" " + number[6:] + b"</td>"


def a_number_on_kafka(s):
    s.records[0]["value"] = json.dumps({"pid": min(s.numbers)}).encode()


def a_number_as_a_key(s):
    s.records[0]["key"] = min(s.numbers)


def a_word(spell):
    def told(s):
        s.places["somewhere"] = b"before " + spell(s.words[0]) + b" behind"
    told.__name__ = f"a word {spell.__name__}"
    return told


def as_it_is(word): return word.encode()
def in_json(word): return json.dumps(word).encode()
def in_an_address(word): return quote(word).encode()
def in_hex(word): return word.encode().hex().encode()
def in_base64(word): return base64.b64encode(b"ab" + word.encode() + b"c")


LEAKS = [a_number_in_a_log, a_number_as_it_is_spoken, a_number_on_kafka, a_number_as_a_key, *map(a_word, [as_it_is, in_json, in_an_address, in_hex, in_base64])]
DAMAGES = [
    ("I1", lose_application), ("I1", lose_a_person), ("I1", forget_who_a_person_is), ("I1", take_a_part_twice), ("I1", change_document), ("I1", swap_documents), ("I2", keep_what_was_refused), ("I2", keep_half_a_body), ("I3", answer_twice_differently),
    ("I3", application_that_nobody_sent), ("I4", gap), ("I4", counter_behind), ("I4", change_without_event), ("I4", event_without_change),
    ("I5", unsent_left), ("I5", record_lost), ("I5", record_of_a_stranger), ("I5", record_changed), ("I6", mark_behind), ("I6", letter_twice),
    ("I6", effect_without_mark), ("I6", mark_without_effect), ("I6", mark_past_parked),
    ("I6", never_planned), ("I7", double_booked), ("I8", overtaken_on_kafka), ("I8", time_goes_back), ("I9", facts_wrong), ("I9", facts_lost),
    ("I9", case_without_application), ("I10", committed_ahead), ("I11", strange_one_parked_by_nobody), ("I11", poison_dropped), ("I11", good_one_parked), *[("I12", leak) for leak in LEAKS],
    ("I13", access_edited), ("I13", access_gone), ("I13", accesses_swapped), ("I13", access_forged), ("I13", link_changed), ("I13", link_gone),
    ("I13", access_never_queued), ("I13", access_not_logged), ("I13", not_chained_for_long), ("I14", somebody_helped),
    ("I15", memory_grew), ("I15", descriptors_leaked),
]
AT_REST_ONLY = [unsent_left, record_of_a_stranger, mark_behind, strange_one_parked_by_nobody, poison_dropped, not_chained_for_long]  # what else they break is found at any time


# What may be while things still move, and is a fault of this number at rest.
def not_handled_yet(s):
    talk = next(e for e in s.tables["events"] if e["type"] == "no.tillit.contact.made.v1")
    next(row for row in s.tables["inbox"] if row["consumer"] == "scheduling" and row["case_id"] == talk["case_id"])["mark"] = talk["case_seq"] - 1
    s.committed = {place: offset for place, offset in s.committed.items() if place[0] != "scheduling"}


def not_parked_yet(s):
    s.injected["parked"] = [["metrics", s.tables["cases"][0]["id"], 99]]


def said_since_the_database_was_read(s):
    record_of_a_stranger(s)
    s.records[-1]["offset"] = 1 << 40


ON_ITS_WAY = [("I5", unsent_left), ("I5", said_since_the_database_was_read), ("I6", not_handled_yet), ("I11", not_parked_yet), ("I13", not_chained_for_long)]


def test_a_healthy_state_passes(whole, healthy):
    assert {name: rows[:3] for name, rows in auditor.audit(whole).items() if rows} == {}
    assert len(whole.places) >= 7 and len(whole.places["a dump"]) > 100_000 and len(whole.numbers) > 40
    assert len(healthy.tables["applications"]) > 40 and json.dumps(healthy.journal).count('"fail"') >= 1


@pytest.mark.parametrize("invariant, damage", DAMAGES, ids=[f"{name}: {damage.__name__.replace('_', ' ')}" for name, damage in DAMAGES])
def test_each_damage_is_found(healthy, invariant, damage):
    damaged = copy.deepcopy(healthy)
    damage(damaged)
    found = auditor.audit(damaged)
    assert found[invariant], f"nobody noticed; flagged: {[name for name, rows in found.items() if rows]}"


@pytest.mark.parametrize("invariant, damage", [d for d in DAMAGES if d[1] not in AT_REST_ONLY], ids=lambda d: d if isinstance(d, str) else d.__name__.replace("_", " "))
def test_what_may_never_be_is_found_while_things_still_move(healthy, invariant, damage):
    damaged = copy.deepcopy(healthy)
    damage(damaged)
    damaged.settled = False
    assert auditor.audit(damaged)[invariant]


@pytest.mark.parametrize("invariant, damage", ON_ITS_WAY, ids=[damage.__name__.replace("_", " ") for _, damage in ON_ITS_WAY])
def test_what_is_on_its_way_is_a_fault_at_rest_only(healthy, invariant, damage):
    moving = copy.deepcopy(healthy)
    damage(moving)
    assert [name for name, rows in auditor.audit(moving).items() if rows] == [invariant]
    moving.settled = False
    assert [name for name, rows in auditor.audit(moving).items() if rows] == []


def test_a_record_that_names_an_event_in_capitals_names_it(healthy):
    """A stranger's, which nobody had to handle or park."""
    named = copy.deepcopy(healthy)
    r = dict(copy.deepcopy(named.records[0]), offset=1 << 41)
    r["headers"].update(ce_id="x", ce_subject=r["headers"]["ce_subject"].upper())
    named.records.append(r)
    named.injected["records"] = [[r["topic"], r["partition"], r["offset"]]]
    named.committed = {place: 1 << 42 for place in named.committed}
    assert {name: rows[:3] for name, rows in auditor.audit(named).items() if rows} == {}


def waits(detail, times):
    return "".join(json.dumps({"level": "warn", "msg": "waiting", "problem": "UNAVAILABLE", "detail": detail}, separators=(",", ":")) + "\n" for _ in range(times))


@pytest.mark.parametrize("log, found", [(waits("contact.made; /kind choice", 5), 1), (waits("contact.made; /kind choice", 4), 0),
                                        (waits("inbox_lock: no answer from the database", 50), 0), (waits("inbox_lock: SQLSTATE 57P01", 50), 0)],
                         ids=["again and again", "a few times", "the database is away", "the database refuses"])
def test_a_worker_that_tries_for_ever_is_found(log, found):
    assert len(list(auditor.tried_for_ever("metrics", log))) == found

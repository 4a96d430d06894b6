# SPDX-License-Identifier: EUPL-1.2
"""Who audits the auditor: a healthy state passes, and each hand-made damage is found under its own number."""
import copy
import datetime
import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
import auditor
from client import Client, is_bad

from conftest import STATE


@pytest.fixture(scope="module")
def healthy(system):
    journal = STATE / "audited.jsonl"
    client = Client(system.public, "auditor", journal)
    for thread in client.run(60, 60, threads=8):
        thread.join(60)
    client.send(3, again=True)
    client.send(next(n for n in range(60, 1000) if is_bad("auditor", n)))
    system.settle()
    cases = {answer["case_id"] for answer in client.told.values() if answer}
    return auditor.load(os.environ["TILLIT_MIGRATE_URL"], os.environ["KAFKA_BOOTSTRAP"], os.environ["TILLIT_KEYRING"], journal, only=cases,
                        samples=[{"program": "api", "rss": 20000, "fds": 20, "threads": 70}, {"program": "api", "rss": 20500, "fds": 20, "threads": 70}])


def ok_lines(s):
    return [line for line in s.journal if line.get("outcome") == "ok" and "talk" not in line]


def drop(s, table, n=0):
    del s.tables[table][n]


def double(s, table, **changes):
    s.tables[table].append(dict(s.tables[table][0], **changes))


def lose_application(s):
    drop(s, "applications")


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


def poison_dropped(s):
    s.injected["parked"] = [["metrics", s.tables["cases"][0]["id"], 2]]


def good_one_parked(s):
    e = s.tables["events"][0]
    s.tables["parked"].append({"consumer": "letters", "case_id": e["case_id"], "case_seq": e["case_seq"], "type": e["type"], "topic": None,
                               "partition": None, "offset": None, "closed_at": None, "closed_how": None})


def somebody_helped(s):
    s.manual = 1


def memory_grew(s):
    s.samples.append({"program": "api", "rss": 30000, "fds": 20, "threads": 70})


def descriptors_leaked(s):
    s.samples.append({"program": "api", "rss": 20000, "fds": 40, "threads": 70})


DAMAGES = [
    ("I1", lose_application), ("I1", change_document), ("I1", swap_documents), ("I2", keep_what_was_refused), ("I3", answer_twice_differently),
    ("I3", application_that_nobody_sent), ("I4", gap), ("I4", counter_behind), ("I4", change_without_event), ("I4", event_without_change),
    ("I5", unsent_left), ("I5", record_lost), ("I5", record_of_a_stranger), ("I5", record_changed), ("I6", mark_behind), ("I6", letter_twice),
    ("I6", never_planned), ("I7", double_booked), ("I8", overtaken_on_kafka), ("I8", time_goes_back), ("I9", facts_wrong), ("I9", facts_lost),
    ("I9", case_without_application), ("I10", committed_ahead), ("I11", poison_dropped), ("I11", good_one_parked), ("I14", somebody_helped),
    ("I15", memory_grew), ("I15", descriptors_leaked),
]


def test_a_healthy_state_passes(healthy):
    assert {name: rows[:3] for name, rows in auditor.audit(healthy).items() if rows} == {}
    assert len(healthy.tables["applications"]) > 40 and json.dumps(healthy.journal).count('"fail"') >= 1


@pytest.mark.parametrize("invariant, damage", DAMAGES, ids=[f"{name}: {damage.__name__.replace('_', ' ')}" for name, damage in DAMAGES])
def test_each_damage_is_found(healthy, invariant, damage):
    damaged = copy.deepcopy(healthy)
    damage(damaged)
    found = auditor.audit(damaged)
    assert found[invariant], f"nobody noticed; flagged: {[name for name, rows in found.items() if rows]}"

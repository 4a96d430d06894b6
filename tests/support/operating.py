# SPDX-License-Identifier: EUPL-1.2
"""Operators' hands, and events that workers park."""
import os
import subprocess
import uuid

import pytest

from conftest import BIN, ROOT, application, until
from rings import ring, unseal

BAD = '{"kind": "smoke signal", "two_way": "perhaps"}'


def bad_event(system, case_id, data=BAD, kind="no.tillit.contact.made.v1"):
    """An event of the log that its takers can't handle."""
    system.rows("WITH n AS (UPDATE cases SET last_seq = last_seq + 1 WHERE id = %s RETURNING id, last_seq, municipality), e AS ("
                "INSERT INTO events (case_id, case_seq, municipality, type, source, data, occurred_at) SELECT id, last_seq, municipality, %s, 'test', %s::json, :now FROM n)"
                "INSERT INTO unsent (case_id, case_seq) SELECT id, last_seq FROM n", case_id, kind, data)


def whys(system, condition="true"):
    """Why operators acted, in the order in which they did; the database holds it sealed."""
    return [unseal(ring(), "act", "*", act, sealed).decode() for act, sealed in system.rows(f"SELECT id::text, sealed FROM operator_acts WHERE {condition} ORDER BY id")]


@pytest.fixture
def parked(system):
    """A case whose bad event is parked by metrics and by scheduling; the ids of the parked events."""
    case_id = system.post(application(seed=uuid.uuid4().int % 10**6)).json()["case_id"]
    system.settle()
    bad_event(system, case_id)
    system.settle()
    rows = dict(system.rows("SELECT consumer, id::text FROM parked_events WHERE case_id = %s", case_id))
    assert set(rows) == {"metrics", "scheduling"}
    yield case_id, rows
    until("what was asked for to be done", lambda: system.one("SELECT count(*) FROM operator_acts WHERE parked_id::text = ANY (%s) AND done_at IS NULL", [*rows.values()]) == 0, 90)
    for consumer, parked_id in rows.items():
        if system.one("SELECT closed_at IS NULL FROM parked_events WHERE id = %s", parked_id):
            ask(system, act="give-up", parked_id=parked_id)
    system.settle()


def send(system, act, key=None):
    return system.operator().post(system.internal + "/api/v1/operations/acts", json=act, headers={"Idempotency-Key": key or str(uuid.uuid4())}, timeout=10)


def ask(system, **act):
    answer = send(system, {"who": "Drift Prøve", "why": "en prøve", **act})
    assert answer.status_code == 202, answer.text
    ids = answer.json()["ids"]
    done = lambda: all(system.one("SELECT done_at IS NOT NULL FROM operator_acts WHERE id = %s", i) for i in ids)
    until(f"{act['act']} to be done", done, 20)
    return [system.rows("SELECT outcome, detail, says, then_types FROM operator_acts WHERE id = %s", i)[0] for i in ids]


def ops(*words):
    env = dict(os.environ, LSAN_OPTIONS=f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0")
    return subprocess.run([BIN / "tillit-ops", *words], env=env, capture_output=True, text=True, timeout=60)

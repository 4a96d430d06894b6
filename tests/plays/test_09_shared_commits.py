# SPDX-License-Identifier: EUPL-1.2
"""Applications that arrive together share a commit: nobody notices, and nobody pays for another's fault."""
import uuid

from conftest import application, national_id, until
from backbone import together


def test_one_key_from_fifty_clients_at_once_is_one_application(system):
    key, document = str(uuid.uuid4()), application(901)
    answers = together([lambda: system.post(document, key) for _ in range(50)])
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1 and len({a.headers["Location"] for a in answers}) == 1
    assert system.one("SELECT count(*) FROM idempotency_keys WHERE key = %s", key) == 1


def test_one_key_with_fifty_different_documents_takes_one_and_refuses_the_others(system):
    key = str(uuid.uuid4())
    answers = together([lambda n=n: system.post(application(902, needs=f"Ønske {n}"), key) for n in range(50)])
    assert sorted(a.status_code for a in answers) == [201] + [422] * 49
    assert system.one("SELECT count(*) FROM idempotency_keys WHERE key = %s", key) == 1


def test_a_row_that_the_database_refuses_hurts_no_other_in_its_commit(system):
    """A municipality that was served a moment ago and is gone: its applications pass every check but the database's."""
    system.rows("INSERT INTO municipalities (number, name) VALUES ('9998', 'Borte kommune') ON CONFLICT DO NOTHING")
    gone = {"municipality": "9998", "submitter": {"national_id": national_id(903), "name": "", "role": "self"}}

    def served():
        faults = system.post(application(903, **gone)).json()["errors"]
        return "/municipality" not in [f["pointer"] for f in faults]
    until("the new municipality to be served", served)
    system.rows("DELETE FROM municipalities WHERE number = '9998'")
    answers = together([lambda n=n: system.post(application(904 + n, **({"municipality": "9998"} if n % 8 == 0 else {})))
                        for n in range(48)])
    good = [a.status_code for n, a in enumerate(answers) if n % 8]
    bad = [a.status_code for n, a in enumerate(answers) if n % 8 == 0]
    assert good == [201] * 42
    assert all(400 <= status < 500 for status in bad), bad
    assert len({a.json()["application_id"] for n, a in enumerate(answers) if n % 8}) == 42

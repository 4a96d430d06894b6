# SPDX-License-Identifier: EUPL-1.2
"""Operators' hands: what is parked can be looked at, tried, driven again or given up; workers can be paused; each act is
kept with who and why. By page, over REST and at the command line alike."""
import os
import re
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

from conftest import BIN, ROOT, application, csrf_of, free_ports, until
from words import words as said
from operating import ask, ops, parked, send, whys  # noqa: F401  (fixtures)


def test_a_parked_event_is_shown_with_its_problem_in_words_and_its_cases_other_events(system, parked):
    case_id, ids = parked
    causes = system.operator().get(system.internal + "/api/v1/operations/causes", timeout=10).json()["causes"]
    cause = next(c for c in causes if c["consumer"] == "metrics" and c["problem"] == "MALFORMED")
    assert cause["parked"] >= 1 and cause["title"] == "The document does not match its contract"
    rows = system.operator().get(system.internal + "/api/v1/operations/parked", params={"consumer": "metrics", "problem": "MALFORMED"}, timeout=10).json()["parked"]
    assert ids["metrics"] in [row["parked_id"] for row in rows]
    shown = system.operator().get(f"{system.internal}/api/v1/operations/parked/{ids['metrics']}", timeout=10).json()
    assert shown["case_id"] == case_id and shown["detail"].startswith("contact.made; ") and shown["mark"] == shown["case_seq"] - 1
    assert [e["type"] for e in shown["events"]][0] == "no.tillit.application.received.v1"
    assert "smoke" not in str(shown), "the event's bytes are nobody's business"
    told = ops("show", ids["metrics"], "--why", "en prøve").stdout
    assert "MALFORMED: The document does not match its contract" in told and "application.received" in told and "smoke" not in told
    assert f"metrics:MALFORMED" in ops("causes").stdout and ids["metrics"] in ops("cause", "metrics:MALFORMED").stdout


def test_a_preview_tells_and_changes_nothing(system, parked):
    case_id, ids = parked
    system.rows("UPDATE events SET data = '{\"contact_id\": \"00000000-0000-7000-8000-000000000000\", \"kind\": \"phone\", \"two_way\": true, \"at\": \"2026-11-24T10:00:00Z\"}' WHERE case_id = %s AND type LIKE '%%contact.made%%'", case_id)
    before = system.rows("SELECT mark FROM inbox WHERE case_id = %s ORDER BY consumer", case_id)
    assert ask(system, act="preview", parked_id=ids["scheduling"]) == [("OK", None, [], [])]
    assert system.rows("SELECT mark FROM inbox WHERE case_id = %s ORDER BY consumer", case_id) == before
    assert system.rows("SELECT closed_at, attempts FROM parked_events WHERE id = %s", ids["scheduling"]) == [(None, 1)]
    assert system.one("SELECT met_at FROM deadlines WHERE case_id = %s AND kind = 'first_talk'", case_id) is None


def test_what_fails_again_is_the_same_row_with_one_more_attempt(system, parked):
    _, ids = parked
    outcome, detail, *_ = ask(system, act="redrive", parked_id=ids["metrics"])[0]
    assert outcome == "MALFORMED" and detail.startswith("contact.made; ")
    assert system.rows("SELECT attempts, closed_at FROM parked_events WHERE id = %s", ids["metrics"]) == [(2, None)]


def test_a_re_drive_handles_the_event_and_what_waited_behind_it(system, parked):
    case_id, ids = parked
    assert system.talk(case_id).status_code == 201
    system.settle()
    facts = "SELECT first_contact_at IS NOT NULL FROM case_facts WHERE case_id = %s"
    assert system.one(facts, case_id) is False, "a later event overtook the parked one"
    system.rows("UPDATE events SET data = '{\"contact_id\": \"00000000-0000-7000-8000-000000000000\", \"kind\": \"phone\", \"two_way\": false, \"at\": \"2026-11-24T10:00:00Z\"}' WHERE case_id = %s AND source = 'test'", case_id)
    outcome, _, _, then = ask(system, act="redrive", parked_id=ids["metrics"])[0]
    assert outcome == "OK" and then == ["no.tillit.contact.made.v1"]
    system.settle()
    assert system.one(facts, case_id) is True
    assert system.one("SELECT closed_how FROM parked_events WHERE id = %s", ids["metrics"]) == "redriven"


def test_giving_up_lets_the_case_go_on_and_a_rebuild_leaves_it_out(system, parked):
    case_id, ids = parked
    assert system.talk(case_id).status_code == 201
    assert ask(system, act="give-up", parked_id=ids["metrics"])[0][0] == "OK"
    system.settle()
    assert system.one("SELECT first_contact_at IS NOT NULL FROM case_facts WHERE case_id = %s", case_id) is True


GOOD = '{"contact_id": "00000000-0000-7000-8000-000000000000", "kind": "phone", "two_way": true, "at": "2026-11-24T10:00:00Z"}'


@contextmanager
def case_held(case_id):
    """Someone else is at the case: the worker waits for it, two seconds a try."""
    with psycopg.connect(os.environ["TILLIT_MIGRATE_URL"]) as db:
        db.execute("SELECT FROM cases WHERE id = %s FOR UPDATE", [case_id])
        yield db
        db.rollback()


def mend(system, case_id):
    system.rows("UPDATE events SET data = %s::json WHERE case_id = %s AND source = 'test'", GOOD, case_id)


def request(system, parked_id, act="redrive"):
    return send(system, {"act": act, "parked_id": parked_id, "who": "Drift Prøve", "why": "en prøve"}).json()["ids"][0]


def outcome(system, request_id, seconds=20):
    until("the request to be done", lambda: system.one("SELECT done_at IS NOT NULL FROM operator_acts WHERE id = %s", request_id), seconds)
    return system.one("SELECT outcome FROM operator_acts WHERE id = %s", request_id)


def waiting_backend(system):
    """Of scheduling, at a case that someone holds."""
    rows = system.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'tillit_scheduling' AND wait_event_type = 'Lock'")
    return rows and rows[0][0]


def test_a_re_drive_that_finds_the_case_taken_tries_again_before_it_says_so(system, parked):
    case_id, ids = parked
    mend(system, case_id)
    with case_held(case_id):
        first = request(system, ids["scheduling"])
        assert outcome(system, first) == "STALE"
    assert system.rows("SELECT attempts, problem, closed_at FROM parked_events WHERE id = %s", ids["scheduling"]) == [(2, "STALE", None)], "one more attempt, once"
    with case_held(case_id):
        second = request(system, ids["scheduling"])
        until("the worker to wait for the case", lambda: waiting_backend(system), 10)
        time.sleep(2.2)  # its first try is over
    assert outcome(system, second) == "OK"


def test_a_crash_counts_for_the_request_that_was_being_tried_and_for_no_other(system, parked):
    case_id, ids = parked
    mend(system, case_id)
    with case_held(case_id):
        acts = [request(system, ids["scheduling"], act) for act in ("redrive", "preview", "preview", "preview")]
        until("the worker to wait for the case", lambda: waiting_backend(system), 10)
        system.kill("scheduling")
        assert dict(system.rows("SELECT id::text, tries FROM operator_acts WHERE id::text = ANY (%s)", acts)) == dict(zip(acts, [1, 0, 0, 0]))
    assert {outcome(system, act, 30) for act in acts[1:]} == {"OK"}, "the others went on"
    assert system.rows("SELECT tries, done_at FROM operator_acts WHERE id = %s", acts[0]) == [(1, None)], "it waits for its minute"
    system.rows("UPDATE operator_acts SET taken_at = taken_at - interval '1 minute' WHERE id = %s", acts[0])
    assert outcome(system, acts[0]) == "OK" and system.one("SELECT tries FROM operator_acts WHERE id = %s", acts[0]) == 2


def test_an_outage_is_no_try_and_costs_a_moment(system, parked):
    case_id, ids = parked
    mend(system, case_id)
    with case_held(case_id):
        act = request(system, ids["scheduling"])
        for _ in range(2):
            pid = until("the worker to wait for the case", lambda: waiting_backend(system), 10)
            assert system.one("SELECT tries FROM operator_acts WHERE id = %s", act) == 1
            system.rows("SELECT pg_terminate_backend(%s)", pid)
            until("the try to be taken back", lambda: system.one("SELECT tries FROM operator_acts WHERE id = %s", act) == 0, 10)
    assert outcome(system, act) == "OK" and system.one("SELECT tries FROM operator_acts WHERE id = %s", act) == 1


def test_all_of_a_cause_are_driven_again_at_a_rate(system, parked):
    asked = ops("redrive", "scheduling:MALFORMED", "--why", "etter retting", "--who", "Drift Prøve", "--rate", "50")
    assert asked.returncode == 0 and "asked for" in asked.stdout, asked.stderr
    ids = [line for line in asked.stdout.split() if len(line) == 36]
    until("all to be done", lambda: system.one("SELECT bool_and(done_at IS NOT NULL) FROM operator_acts WHERE id::text = ANY (%s)", ids), 20)
    gaps = system.rows("SELECT not_before - lag(not_before) OVER (ORDER BY not_before) FROM operator_acts WHERE id::text = ANY (%s)", ids)
    assert all(gap is None or abs(gap.total_seconds() - 0.02) < 0.001 for gap, in gaps)


def test_a_record_that_the_log_lacks_can_only_be_given_up(system):
    from backbone import publish
    stranger = str(uuid.uuid4())
    publish([(stranger, 1, "no.tillit.case.triaged.v1", b"{}")])
    find = "SELECT id::text FROM parked_events WHERE case_id IS NULL AND consumer = 'scheduling' AND closed_at IS NULL AND type LIKE '%%case.triaged%%'"
    until("it to be parked", lambda: system.rows(find))
    parked_id = system.one(find)
    assert ask(system, act="redrive", parked_id=parked_id)[0][:2] == ("NOT_FOUND", "the log has no such event: it can only be given up")
    assert ask(system, act="give-up", parked_id=parked_id)[0][0] == "OK"
    for other, in system.rows("SELECT id::text FROM parked_events WHERE case_id IS NULL AND closed_at IS NULL AND type LIKE '%%case.triaged%%'"):
        ask(system, act="give-up", parked_id=other)


def test_a_paused_worker_handles_nothing_and_says_who_and_since_when(system):
    assert ops("pause", "letters", "--why", "malen rettes", "--who", "Kari Drift").returncode == 0
    reason = lambda: requests.get(system.internal + "/healthz/ready", timeout=5).json()["not_ready"].get("letters", "")
    try:
        until("letters to say that it is paused", lambda: reason().startswith("paused by Kari Drift since "), 15)
        case_id = system.post(application(seed=8801)).json()["case_id"]
        until("the others to go on", lambda: system.case(case_id).json()["status"] == "DIALOGUE")
        assert system.one("SELECT count(*) FROM letters WHERE case_id = %s", case_id) == 0
    finally:
        assert ops("resume", "letters", "--why", "malen er rettet", "--who", "Kari Drift").returncode == 0
    until("the letter to come", lambda: system.one("SELECT count(*) FROM letters WHERE case_id = %s", case_id) == 1)
    system.wait_ready()


def test_a_pause_across_a_change_of_the_group_is_forgotten_when_it_ends(system):
    """Partitions that left a paused worker, and came back after the pause, were never read again."""
    pause = lambda act: ops(act, "letters", "--why", "en prøve", "--who", "Drift")
    marks = "SELECT count(*) FROM heartbeats WHERE program = 'letters' AND beat_at > :now - interval '3 s' AND why_not LIKE 'paused%%'"
    pause("pause")
    until("letters to pause", lambda: system.one(marks) == 1, 15)
    twin = subprocess.Popen([BIN / "tillit-letters"], env=dict(os.environ, TILLIT_INTERNAL=f"127.0.0.1:{free_ports(1)[0]}",
                            LSAN_OPTIONS=f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0"), stderr=subprocess.DEVNULL)
    try:
        until("the twin to have its share", lambda: system.one(marks) == 2, 30)
        pause("resume")
        until("both to go on", lambda: system.one(marks) == 0, 15)
    finally:
        pause("resume")
        twin.terminate()
        twin.wait(30)
    cases = [system.post(application(seed=8810 + n)).json()["case_id"] for n in range(24)]
    until("every letter to come", lambda: system.one("SELECT count(*) FROM letters WHERE case_id::text = ANY (%s)", cases) == 24, 30)


def test_a_case_is_sent_to_kafka_again_and_nothing_happens_twice(system):
    case_id = system.post(application(seed=8802)).json()["case_id"]
    system.settle()
    count = system.one("SELECT count(*) FROM events WHERE case_id = %s", case_id)
    answer = send(system, {"act": "replay", "target": case_id, "who": "Drift", "why": "prøve"})
    assert answer.json()["events"] == count
    system.settle()
    assert system.one("SELECT count(*) FROM events WHERE case_id = %s", case_id) == count


WRONG = [
    ({"act": "redrive", "who": "Drift", "why": "ok nå"}, {"/parked_id": "missing"}),
    ({"act": "give-up", "who": "D", "why": "x", "parked_id": str(uuid.uuid4())}, {"/who": "length", "/why": "length"}),
    ({"act": "explode", "who": "Drift", "why": "prøve"}, {"/act": "choice"}),
    ({"act": "replay", "who": "Drift", "why": "prøve", "target": "yesterday"}, {"/target": "format"}),
    ({"act": "redrive", "consumer": "letters", "problem": "BUG", "rate": 1000, "who": "Drift", "why": "prøve"}, {"/rate": "range"}),
    ({"act": "pause", "who": "Drift"}, {"/consumer": "missing", "/why": "missing"}),
    ({"act": "pause", "consumer": "letters", "who": "Drift", "why": "brevet til 178340 06863"}, {"/why": "format"}),
]


@pytest.mark.parametrize("act, faults", WRONG, ids=[" ".join(f) for _, f in WRONG])
def test_an_act_that_lacks_something_is_refused_with_all_that_is_wrong(system, act, faults):
    before = system.one("SELECT count(*) FROM operator_acts")
    answer = send(system, act)
    assert answer.status_code == 400 and {e["pointer"]: e["code"] for e in answer.json()["errors"]} == faults
    assert system.one("SELECT count(*) FROM operator_acts") == before


def test_a_reason_that_could_name_somebody_is_taken_nowhere(system):
    """All operators read it, of whichever municipality."""
    before, why = system.one("SELECT count(*) FROM operator_acts"), "brevet til 17834006863 henger"
    operator = system.operator()
    form = {"act": "pause", "consumer": "letters", "why": why, "key": str(uuid.uuid4()), "csrf": csrf_of(operator.get(system.internal + "/drift/acts", timeout=5).text)}
    page = operator.post(system.internal + "/drift/acts", data=form, timeout=5)
    assert page.status_code == 400 and "fødselsnummer" in page.text and why not in page.text
    for nothing in ("", "\u200b \u3000"):
        page = operator.post(system.internal + "/drift/acts", data={**form, "why": nothing}, timeout=5)
        assert page.status_code == 400 and "mangler" in page.text and "har feil type" not in page.text
    for words in (("pause", "letters"), ("shut-out", "310987654"), ("municipality", "add", str(ROOT / "deploy/local/askoy.json"))):
        done = ops(*words, "--why", why)
        assert done.returncode == 1 and "national id" in done.stderr and done.stdout == "", words
    assert system.one("SELECT count(*) FROM operator_acts") == before and system.rows("SELECT * FROM worker_pauses") == []


def replay_act(why="prøve"):
    """Something that can be asked for again and again: no event lies ahead."""
    return {"act": "replay", "target": "2126-01-01T00:00:00Z", "who": "Drift", "why": why}


def asked(system, why):
    return whys(system).count(why)


def test_an_act_that_is_sent_twice_is_done_once(system):
    key, why = str(uuid.uuid4()), f"to ganger {uuid.uuid4()}"
    without = system.operator().post(system.internal + "/api/v1/operations/acts", json=replay_act(why), timeout=10)
    assert without.status_code == 400 and "Idempotency-Key" in without.json()["title"] and asked(system, why) == 0
    first, again = send(system, replay_act(why), key), send(system, replay_act(why), key)
    assert (first.status_code, again.status_code) == (202, 202) and first.content == again.content and asked(system, why) == 1
    other = send(system, replay_act(why + " til"), key)
    assert other.status_code == 422 and asked(system, why + " til") == 0


def test_an_act_that_was_refused_leaves_its_key_free(system, parked):
    _, ids = parked
    key, act = str(uuid.uuid4()), {"act": "preview", "who": "Drift", "why": "en prøve"}
    assert send(system, {**act, "parked_id": str(uuid.uuid4())}, key).status_code == 404
    assert send(system, {**act, "parked_id": ids["metrics"]}, key).status_code == 202


def test_an_act_that_is_sent_by_many_at_once_is_done_once(system):
    key, why = str(uuid.uuid4()), f"på en gang {uuid.uuid4()}"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(system, replay_act(why), key), range(8)))
    taken = {a.content for a in answers if a.status_code == 202}
    assert len(taken) == 1 and {a.status_code for a in answers} <= {202, 409} and asked(system, why) == 1


def test_each_form_of_a_page_has_a_key_and_is_done_once(system):
    operator = system.operator()
    page = operator.get(system.internal + "/drift/acts", timeout=5).text
    keys = re.findall(r'name="key" value="([0-9a-f-]{36})"', page)
    assert len(keys) == len(set(keys)) == page.count("<form") - 1, "all but the one that logs out"
    why = f"dobbeltklikk {uuid.uuid4()}"
    form = {**replay_act(why), "key": keys[0], "csrf": csrf_of(page)}
    post = lambda form: operator.post(system.internal + "/drift/acts", data=form, timeout=5, allow_redirects=False)
    first, again = post(form), post(form)
    assert [(a.status_code, a.headers.get("Location")) for a in (first, again)] == [(303, "/drift/acts")] * 2 and asked(system, why) == 1
    other = post({**form, "why": why + " til"})
    assert other.status_code == 422 and "alt sendt" in other.text and asked(system, why + " til") == 0
    assert post({**form, "key": ""}).status_code == 400 and asked(system, why) == 1


MAY_PARK = [name for name, delivery in re.findall(r"^PROBLEM\((\w+),\s+\d+,\s+(\w+),", (ROOT / "common/problem/problem.def").read_text(), re.M) if delivery == "PARK" or name == "STALE"]


def test_every_cause_is_told_in_the_operators_own_language(system, parked):
    words = {name: said().get(f"parked_because_{name}") for name in MAY_PARK}
    assert len(words) > 10 and [name for name, text in words.items() if not text] == []
    operator = system.operator()
    for path in ("/drift", "/drift/cause?consumer=metrics&problem=MALFORMED", f"/drift/parked/{parked[1]['metrics']}"):
        page = operator.get(system.internal + path, timeout=10).text
        assert words["MALFORMED"] in page and "does not match" not in page, path


def test_operations_are_not_on_the_public_side(system):
    assert requests.get(system.public + "/api/v1/operations/causes", timeout=5).status_code == 404
    assert requests.get(system.public + "/drift/acts", timeout=5).status_code == 404


def test_another_sites_form_is_refused(system):
    operator = system.operator()
    form = {"act": "pause", "consumer": "letters", "who": "Noen", "why": "ondsinnet", "csrf": csrf_of(operator.get(system.internal + "/drift/acts", timeout=5).text)}
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert operator.post(system.internal + "/drift/acts", data=form, headers=headers, timeout=5).status_code == 403
    assert system.rows("SELECT * FROM worker_pauses") == []


def test_the_operator_gives_one_up_on_the_page(system, parked, page):
    from axe_playwright_python.sync_playwright import Axe
    case_id, ids = parked
    system.operator()  # whoever comes now is one
    page.goto(system.internal + "/drift")
    assert "Tause søknader" in page.inner_text("main") and page.locator("table.bars svg.bar rect").count() == 12
    pictures = Path(ROOT / "build/pictures")
    pictures.mkdir(exist_ok=True)
    page.screenshot(path=pictures / "drift.png", full_page=True)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="MALFORMED").first.click()
    assert Axe().run(page).response["violations"] == []
    page.goto(f"{system.internal}/drift/parked/{ids['metrics']}")
    page.screenshot(path=pictures / "parked.png", full_page=True)
    assert Axe().run(page).response["violations"] == []
    form = page.locator("form.act", has=page.locator("input[value='give-up']"))
    form.get_by_label("Hvorfor").fill("saken er løst på telefon")
    form.get_by_role("button").click()
    until("the worker to have done it", lambda: system.one("SELECT closed_how FROM parked_events WHERE id = %s", ids["metrics"]) == "given_up", 15)
    shown = system.operator().get(page.url, timeout=10)
    assert shown.status_code == 200, shown.text
    page.reload()
    assert "saken er løst på telefon" in page.inner_text("main") and "Dag Eksempel" in page.inner_text("main")
    page.goto(system.internal + "/drift/acts")
    page.screenshot(path=pictures / "acts.png", full_page=True)
    assert Axe().run(page).response["violations"] == []


def test_status_at_the_command_line(system):
    told = ops("status").stdout
    assert "silent = 0" in told and "unsent = " in told and "scheduling" in told
    refused = ops("redrive", str(uuid.uuid4()), "--who", "Drift")
    assert refused.returncode == 2 and "--why" in refused.stderr


def silent(system):
    return int(ops("status").stdout.split("silent = ")[1].split()[0])


def test_an_application_is_silent_until_its_outcome_unless_something_is_dated(system):
    """Its outcome is that the service has started, or that its case has ended; a letter that was sent is none."""
    case_id = system.post(application(seed=8820)).json()["case_id"]
    system.settle()
    before = silent(system)
    system.rows("UPDATE cases SET received_at = received_at - interval '2 minutes' WHERE id = %s", case_id)
    assert silent(system) == before, "its deadlines are open"
    system.rows("UPDATE deadlines SET missed_at = due_at WHERE case_id = %s", case_id)
    assert silent(system) == before, "a missed deadline is an alarm"
    system.rows("UPDATE deadlines SET met_at = due_at WHERE case_id = %s", case_id)
    assert silent(system) == before + 1
    for status in ("ASSESSMENT", "READY", "DECIDED", "NOTIFIED"):
        system.rows("UPDATE cases SET status = %s WHERE id = %s", status, case_id)
        assert silent(system) == before + 1, status
    system.rows("UPDATE cases SET status = 'EFFECTUATED' WHERE id = %s", case_id)
    assert silent(system) == before, "its service runs"
    system.rows("UPDATE cases SET status = 'ASSESSMENT' WHERE id = %s", case_id)
    assert silent(system) == before + 1, "an appeal reopened it"
    system.rows("UPDATE cases SET status = 'DISMISSED' WHERE id = %s", case_id)
    assert silent(system) == before

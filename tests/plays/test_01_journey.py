# SPDX-License-Identifier: EUPL-1.2
"""An application in, a letter out, an indicator moved."""
import datetime
import json
import subprocess
import uuid

import clock
from conftest import BIN, STATE, application, talk_held, until


def month():
    """And the next: a run may pass the end of one."""
    return {"from": clock.month(clock.today()).isoformat(), "to": clock.month(clock.today(), 2).isoformat()}


def indicators(system, period=None):
    answer = system.http.get(system.public + "/api/v1/indicators", params=period or month(), timeout=10).json()
    return {i["id"]: i for i in answer["indicators"]}


def test_an_application_becomes_a_case_with_a_letter_an_agenda_and_deadlines(system):
    receipt = system.post(application(seed=1, services=["HSH", "TRALARM", "BPA"], urgency="week")).json()
    system.settle()
    case = system.case(receipt["case_id"]).json()
    assert case["status"] == "DIALOGUE"
    assert (case["department"], case["path"], case["urgency"], case["step_asked"]) == ("ho", "team", "p2", 3)
    assert "HVREHAB" in case["lower_services"] and "HSH" not in case["lower_services"]
    assert {d["kind"]: d["state"] for d in case["deadlines"]} == {"first_talk": "open", "preliminary_reply": "open"}
    assert [a["team"] for a in case["agenda"]] == ["ho-vurderingsteam"]
    assert [letter["kind"] for letter in case["letters"]] == ["receipt"]
    assert all(rule["text"] for rule in case["rules"])

    pdf = system.http.get(system.public + case["letters"][0]["href"], timeout=10)
    assert pdf.headers["Content-Type"] == "application/pdf"
    (STATE / "receipt.pdf").write_bytes(pdf.content)
    text = subprocess.run(["pdftotext", "-layout", STATE / "receipt.pdf", "-"], capture_output=True, text=True).stdout
    assert "Å bo hjemme og gå i hagen." in text and receipt["reference"] in text and "Vi ringer deg senest" in text

    agenda = system.http.get(system.public + "/api/v1/agenda", params={"team": "ho-vurderingsteam"}, timeout=10).json()
    assert receipt["case_id"] in [i["case_id"] for m in agenda["meetings"] for i in m["items"]]


def test_the_citizen_sees_what_matters_and_what_comes_next(system):
    receipt = system.post(application(seed=2)).json()
    system.settle()
    view = system.http.get(f"{system.public}/api/v1/applications/{receipt['application_id']}", timeout=10).json()
    assert view["what_matters"] == "Å bo hjemme og gå i hagen."
    assert view["next"]["due"] and "viktig for deg" in view["next"]["text"]
    assert [s["status"] for s in view["timeline"]][:2] == ["RECEIVED", "TRIAGED"] or "TRIAGED" in [s["status"] for s in view["timeline"]]


def test_the_first_talk_moves_the_case_and_the_indicator(system):
    period = month()  # once: a year may end meanwhile
    cases = [system.post(application(seed=10 + i)).json()["case_id"] for i in range(6)]
    system.settle()
    before = indicators(system, period)["I4"]
    for case_id in cases:  # all six: a permille of what other plays left must be seen
        answer = system.talk(case_id)
        assert answer.status_code == 201, answer.text
        assert answer.headers["ETag"] == f'"{answer.json()["case_seq"]}"'
    system.settle()
    case = system.case(cases[0]).json()
    assert case["status"] == "ASSESSMENT"
    assert {d["kind"]: d["state"] for d in case["deadlines"]}["first_talk"] == "met"
    after = indicators(system, period)["I4"]
    assert before["open"] >= 6, "a talk that is not due yet counts as missed"
    assert after["n"] >= 6 + (before["n"] or 0) and after["value"] >= (before["value"] or 1)


def test_one_to_four_is_suppressed(system):
    answer = system.http.get(system.public + "/api/v1/indicators", params={"from": "2001-01-01", "to": "2001-02-01"}, timeout=10).json()
    assert all(i["n"] == 0 and i["value"] is None and not i["suppressed"] for i in answer["indicators"])


def test_a_changed_case_refuses_an_old_etag(system):
    case_id = system.post(application(seed=20)).json()["case_id"]
    system.settle()
    body = talk_held()
    url = f"{system.public}/api/v1/cases/{case_id}/contacts"
    headers = {"If-Match": '"1"', "Idempotency-Key": str(uuid.uuid4())}
    assert system.http.post(url, json=body, headers=headers, timeout=10).status_code == 412
    del headers["If-Match"]
    assert system.http.post(url, json=body, headers=headers, timeout=10).status_code == 428
    headers["If-Match"] = "*"
    first = system.http.post(url, json=body, headers=headers, timeout=10)
    again = system.http.post(url, json=body, headers=headers, timeout=10)
    assert first.status_code == again.status_code == 201 and first.content == again.content
    body["kind"] = "visit"
    assert system.http.post(url, json=body, headers=headers, timeout=10).status_code == 422


def test_rebuilding_from_the_first_event_gives_the_same_numbers(system):
    system.settle()
    facts = "SELECT * FROM case_facts ORDER BY case_id"
    before = system.rows(facts)
    assert before
    done = subprocess.run([BIN / "tillit-metrics", "--rebuild"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert system.rows(facts) == before


def test_deadlines_come_near_and_are_missed_as_the_clock_goes(system):
    case_id = system.post(application(seed=30)).json()["case_id"]
    system.settle()
    said = "SELECT array_agg(data ->> 'kind' || ' ' || split_part(type, '.', 4) ORDER BY case_seq) FROM events WHERE case_id = %s AND type LIKE '%%deadline%%'"
    try:
        clock.put(45 * 86400)
        until("both deadlines to be missed", lambda: system.one(said, case_id) and len(system.one(said, case_id)) == 2)
        assert sorted(system.one(said, case_id)) == ["first_talk missed", "preliminary_reply missed"]
    finally:
        clock.put()
    until("the API to tell the time again", lambda: system.case(case_id).status_code == 200)  # until then each token has run out
    system.wait_ready()


def test_while_all_is_well_no_program_says_otherwise(system):
    """A program that starts over again and again gets its work done too, between two falls."""
    system.settle()
    system.wait_ready()
    began = clock.now()
    receipt = system.post(application(seed=2, urgency="week")).json()
    until("every program to have beaten for three seconds", lambda: system.one(
        "SELECT count(*) FROM heartbeats WHERE beat_at > %s", began + datetime.timedelta(seconds=3)) >= len(system.addresses), 30)
    system.settle()
    assert system.case(receipt["case_id"]).json()["letters"]
    said = [line for log in system.run.glob("*.log") for line in map(json.loads, log.read_text().splitlines())
            if line["level"] in ("warn", "error") and datetime.datetime.fromisoformat(line["ts"]) > began]
    assert said == [], said

# SPDX-License-Identifier: EUPL-1.2
"""What nobody should send: every text survives or is refused with 4xx, poison costs its own case only, and what a worker has
missed is found and sent again."""
import json
import re
import statistics
import time
import unicodedata
import uuid

import pytest
import requests

from conftest import ROOT, application, national_id, two_minutes_later, until
from backbone import assert_whole, poison

STRINGS = [
    "undefined", "null", "NULL", "(null)", "nil", "NaN", "-Infinity", "true", "None", "hasOwnProperty", "__proto__", "constructor", "\\", "\\\\", "/", "//",
    "0", "-0", "1e309", "0x7fffffffffffffff", "99999999999999999999999", "1/0", "--1", "١٢٣", "⁰¹²", "½⅓", "1,000.00", "1'000", "08", "-1.00",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"><svg/onload=alert(1)>", "{{7*7}}", "{{t.footer}}", "{{#needs}}{{/needs}}", "${7*7}", "<% 1 %>",
    "javascript:alert(1)", "&lt;b&gt;", "]]>", "<!--", "--><!--",
    "'; DROP TABLE cases; --", "1; SELECT pg_sleep(5)", "' OR '1'='1", "$1", "$$", "E'\\\\x00'", "%s%s%s%n", "%p", "%00", "../../../../etc/passwd", "/dev/random", "`id`", "$(id)",
    "| ls", "; reboot", "file:///etc/hosts", "\\\\server\\share", "CON", "AUX", "http://a/%%30%30",
    "Å å Ø ø Æ æ ê ü ß", "Žižži Čáhppe Đáŋŋa", "田中さん", "พยัญชนะ", "الكل في المجموعة", "בְּרֵאשִׁית", "Ṱ̺̺̕o͞ ̷i̲̬͇̪", "👩‍👩‍👧‍👦 🇳🇴 👍🏽", "ﷺ", "ﬁ ﬂ ﬃ", "\u00ad\u200b\u2060", "\ufeffBOM",
    "\u202eright\u202c", "\u2028\u2029", "a\u0301e\u0301", "ı İ i I", "\t tab", "line\nline", "\u0085", "\u0000", "\u0007", "\u007f", "\uffff", "\U0010ffff", "\ud800",
    "| a | b |\n|---|---|\n| 1 | 2 |", "# heading", "[link](javascript:alert(1))", "![x](http://x)", "```", "- item", "> quote", "1. one", "***", "a" * 4000, "ø" * 4000, "\n" * 3990 + "x",
]
FIELDS = ["what_matters", "copes_with", "wants", "needs", "urgency_reason"]
NOTHING_SHOWS = ("\u00ad\u200b\u2060", "\u2028\u2029")  # as good as left out


def test_all_that_has_no_sign_by_unicode_shows_nothing():
    """common/base/text.c against python3's Unicode: blanks, controls, format controls but signs over numbers, and what is called a blank or the like."""
    source = (ROOT / "common/base/text.c").read_text()
    table = source[source.index("text_range showings[]"):].split("};")[0]
    rows = [(int(a, 16), int(b, 16), how) for a, b, how in re.findall(r"\{ (0x[0-9a-f]+), (0x[0-9a-f]+), (SHOWS_\w+) \}", table)]
    assert rows == sorted(rows) and all(b < c for (_, b, _), (c, _, _) in zip(rows, rows[1:])), "the table is searched: in order, none over another"
    shown = {point: how for a, b, how in rows for point in range(a, b + 1)}
    over_numbers = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd}
    without_sign = re.compile(r"BRAILLE PATTERN BLANK|(HANGUL|KHITAN).* FILLER|NULL NOTEHEAD|GRAPHEME JOINER|BRAHMI NUMBER JOINER|OBJECT REPLACEMENT|VARIATION SELECTOR|HIEROGLYPH.* BLANK")
    for point in range(0x110000):
        kind, name = unicodedata.category(chr(point)), unicodedata.name(chr(point), "")
        if kind in ("Zs", "Zl", "Zp") or chr(point) in "\t\n\v\f\r\x85":
            assert shown.get(point) == "SHOWS_BLANK", hex(point)
        elif kind == "Cc" or (kind == "Cf" and point not in over_numbers) or without_sign.search(name):
            assert point in shown, f"U+{point:04X} {name} is taken for a sign"
        elif kind[0] in "LNPS":
            assert point not in shown or 0x13441 <= point <= 0x1345f, f"U+{point:04X} {name} is taken for nothing"


@pytest.mark.parametrize("field", FIELDS)
def test_every_hostile_text_comes_back_as_it_was_or_is_refused(system, field):
    kept = []
    for text in STRINGS:
        body = json.dumps(application(seed=1001, **{field: text}))  # ASCII: lone surrogates are written as escapes
        answer = system.post(body)
        assert answer.status_code == 201 or 400 <= answer.status_code < 500, f"{text[:40]!r}: {answer.status_code} {answer.text[:200]}"
        if answer.status_code == 201:
            kept.append((text, answer.json()))
        else:
            assert text[:20] not in answer.text or len(text) < 3, "the value is repeated"
    assert len(kept) > len(STRINGS) * 0.8
    if field == "what_matters":
        citizen = system.citizen(national_id(1001))
        for text, receipt in kept:
            shown = system.http.get(f"{system.public}/api/v1/applications/{receipt['application_id']}", timeout=10).json()
            assert shown["what_matters"] == (None if text in NOTHING_SHOWS else text)
            page = citizen.get(system.public + receipt["status_url"], timeout=10)
            assert page.status_code == 200 and "<script>alert" not in page.text and "<img src=x" not in page.text and "<svg/onload" not in page.text
    system.settle(120)
    letters = dict(system.rows("SELECT case_id::text, pages FROM letters WHERE case_id::text = ANY (%s)", [r["case_id"] for _, r in kept]))
    unwritten = [text[:40] for text, r in kept if r["case_id"] not in letters]
    assert not unwritten, f"no letter came for {unwritten}"


POISON = [
    ("900 kB", "no.tillit.letter.ready.v1", json.dumps({"kind": "x" * 900_000}), True, {"metrics": "MALFORMED"}),
    ("a case that does not exist", "no.tillit.case.triaged.v1", '{"department": "ho", "path": "caseworker", "urgency": "p3", "lower_services": [], "rules": [], "rule_set": "x"}', False, {"scheduling": "NOT_FOUND"}),
]


@pytest.mark.parametrize("name, kind, data, exists, parked", POISON, ids=[p[0] for p in POISON])
def test_poison_is_parked_by_who_takes_it_and_by_nobody_else(system, name, kind, data, exists, parked):
    case_id = system.post(application(seed=1100)).json()["case_id"] if exists else str(uuid.uuid4())
    system.settle()
    poison(system, case_id, kind, data, exists)
    marker = system.post(application(seed=1101)).json()["case_id"]
    until("the poison to be dealt with", lambda: system.one("SELECT count(*) FROM unsent") == 0)
    until("those who take it to park it", lambda: dict(system.rows(
        "SELECT consumer, problem FROM parked_events WHERE case_id = %s AND closed_at IS NULL", case_id)).items() >= parked.items(), 20)
    until("another case to be finished", lambda: system.one("SELECT count(*) FROM letters WHERE case_id = %s", marker) == 1)
    if exists:
        assert dict(system.rows("SELECT consumer, problem FROM parked_events WHERE case_id = %s", case_id)) == parked
    system.rows("UPDATE parked_events SET closed_at = :now, closed_how = 'given_up' WHERE case_id = %s", case_id)
    if exists:
        system.rows("UPDATE inbox SET mark = (SELECT last_seq FROM cases WHERE id = case_id) WHERE case_id = %s", case_id)
    else:
        system.rows("DELETE FROM events WHERE case_id = %s", case_id)


def test_a_letter_that_can_not_be_made_is_parked_and_comes_when_the_cause_is_mended(system):
    """The application can't be opened any more: its letter is parked, and so is who it names; others' letters come; mended, both are driven again."""
    operator = system.operator()

    def act(**what):
        answer = operator.post(system.internal + "/api/v1/operations/acts", json={"who": "Drift Prøve", "why": "en prøve", **what},
                               headers={"Idempotency-Key": str(uuid.uuid4())}, timeout=10)
        assert answer.status_code == 202, answer.text
    openers = ("letters", "upkeep")
    paused = "SELECT count(*) FROM heartbeats WHERE program = ANY (%s) AND why_not LIKE 'paused%%'"
    letters = "SELECT count(*) FROM letters WHERE case_id = %s"
    flip = ("UPDATE documents SET sealed = set_byte(sealed, 100, get_byte(sealed, 100) # 1) "
            "WHERE id = (SELECT document_id FROM applications WHERE case_id = %s)")
    for opener in openers:
        act(act="pause", consumer=opener)
    try:
        until("those who open applications to pause", lambda: system.one(paused, list(openers)) == 2, 15)
        damaged, sound = [system.post(application(seed=1150 + n)).json()["case_id"] for n in range(2)]
        system.rows(flip, damaged)
    finally:
        for opener in openers:
            act(act="resume", consumer=opener)
    until("the sound one's letter to come", lambda: system.one(letters, sound) == 1, 20)
    find = "SELECT id::text, consumer, problem FROM parked_events WHERE case_id = %s AND closed_at IS NULL ORDER BY consumer"
    until("the other one to be parked", lambda: len(system.rows(find, damaged)) == 2, 20)
    parked = system.rows(find, damaged)
    assert [tuple(what) for _, *what in parked] == [(opener, "DAMAGED") for opener in openers] and system.one(letters, damaged) == 0
    system.rows(flip, damaged)
    for parked_id, *_ in parked:
        act(act="redrive", parked_id=parked_id)
    until("the letter to come", lambda: system.one(letters, damaged) == 1, 20)
    until("nothing to be parked any more", lambda: system.rows(find, damaged) == [], 20)


def finish_times(system, count, seed):
    """Seconds from POST to letter and facts, case by case, one at a time."""
    times = []
    for n in range(count):
        began = time.monotonic()
        case_id = system.post(application(seed=seed + n)).json()["case_id"]
        until("the case to be finished", lambda: system.one("SELECT count(*) FROM letters JOIN case_facts USING (case_id) WHERE case_id = %s AND receipt_at IS NOT NULL", case_id))
        times.append(time.monotonic() - began)
    return times


def test_parked_cases_delay_no_other(system):
    finish_times(system, 5, 1200)
    calm = finish_times(system, 30, 1210)
    bad = [system.post(application(seed=1300 + n)).json()["case_id"] for n in range(20)]
    system.settle()
    for case_id in bad:
        poison(system, case_id, "no.tillit.contact.made.v1", "{}")
    poisoned = finish_times(system, 30, 1400)
    print(f"p99 without poison {max(calm) * 1000:.0f} ms, with 20 parked cases {max(poisoned) * 1000:.0f} ms")
    assert statistics.median(poisoned) <= statistics.median(calm) * 1.5 + 0.05
    system.settle()
    assert_whole(system, [])
    system.rows("UPDATE parked_events SET closed_at = :now, closed_how = 'given_up' WHERE case_id::text = ANY (%s)", bad)
    system.rows("UPDATE inbox SET mark = (SELECT last_seq FROM cases WHERE id = case_id) WHERE case_id::text = ANY (%s)", bad)


def test_what_a_worker_missed_is_found_and_sent_again(system):
    """A case's last event that Kafka lost: no gap shows it, the reconciler does."""
    case_id = system.post(application(seed=1500)).json()["case_id"]
    system.settle()
    last = system.one("SELECT mark FROM inbox WHERE consumer = 'metrics' AND case_id = %s", case_id)
    system.rows("UPDATE inbox SET mark = mark - 1 WHERE consumer = 'metrics' AND case_id = %s", case_id)
    with two_minutes_later():
        until("the relay to find it", lambda: system.one("SELECT mark FROM inbox WHERE consumer = 'metrics' AND case_id = %s", case_id) == last, 45)
    text = requests.get(f"http://127.0.0.1:{system.addresses['relay']}/metrics", timeout=5).text
    assert 'tillit_reconciled_events_total{consumer="metrics"}' in text

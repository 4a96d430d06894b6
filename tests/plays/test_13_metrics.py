# SPDX-License-Identifier: EUPL-1.2
"""None looks like no data: each metric of the table is told by its programs from the start, at zero, with every combination
of label values that is known beforehand; or the table says why not. And nobody tells what is another's."""
import os
import re
import subprocess
from contextlib import ExitStack, contextmanager

import pytest
import requests

from conftest import BIN, PROGRAMS, ROOT, STATE, WORKERS, free_ports, until

GROUPS = {"all": PROGRAMS, "workers": WORKERS}
ROW = re.compile(r'^METRIC\(\w+, +(COUNTER|GAUGE|HISTOGRAM), +"(\w+)", +"([\w,]*)", +"([\w ]+)", +"([^"]*)", +"[^"]+"\)$', re.M)
SERIES = re.compile(r'^(\w+?)(?:_bucket|_sum|_count)?(?:\{([^}]*)\})? (\S+)$', re.M)


def table():
    """[(type, name, labels, programs, why it is not there from the start)]"""
    text = (ROOT / "common/program/metric.def").read_text()
    rows = [(kind, name, [x for x in labels.split(",") if x], [p for word in on.split() for p in GROUPS.get(word, [word])], later) for kind, name, labels, on, later in ROW.findall(text)]
    assert len(rows) == text.count("\nMETRIC("), "a row of metric.def is not read by this test"
    return rows


@contextmanager
def fresh(program):
    """A second one of the program, which has just come up."""
    public, port = free_ports(2)
    with subprocess.Popen([BIN / f"tillit-{program}"], env={**os.environ, "TILLIT_INTERNAL": f"127.0.0.1:{port}", "TILLIT_PUBLIC": f"127.0.0.1:{public}", "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0"},
                          stderr=open(STATE / f"fresh-{program}.log", "w")) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            assert process.wait(30) == 0


def told(url):
    """{name: [({label: value}, number)]}"""
    found = {}
    for name, labels, number in SERIES.findall(requests.get(url + "/metrics", timeout=5).text):
        found.setdefault(name, []).append((dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(number)))
    return found


def is_ready(program, url):
    try:
        answer = requests.get(url + ("/healthz/live" if program == "api" else "/healthz/ready"), timeout=2)
        return answer.ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def at_start(system):
    """What each program tells as soon as it is ready."""
    system.settle()
    with ExitStack() as stack:
        urls = {p: stack.enter_context(fresh(p)) for p in PROGRAMS}
        for program, url in urls.items():
            until(f"a second {program} to be ready", lambda p=program, u=url: is_ready(p, u), 60)
        return {p: told(url) for p, url in urls.items()}


@pytest.mark.parametrize("kind, name, labels, on, later", table(), ids=[row[1] for row in table()])
def test_it_is_there_from_the_start_where_it_belongs(at_start, kind, name, labels, on, later):
    for program in PROGRAMS:
        series = at_start[program].get(name, [])
        assert program in on or not series, f"{program} tells {name}"
        if program in on and not later:
            assert series, f"{program} does not tell {name}"
        for values, _ in series:
            assert set(values) - {"le"} == set(labels)


def values_of(told, name, *labels):
    return {tuple(values[label] for label in labels) for values, _ in told.get(name, [])}


CAUSES = {"MALFORMED", "NOT_FOUND", "WRONG_STATUS", "STALE", "DAMAGED", "CRASHED"}


def test_every_combination_that_is_known_beforehand_is_told(system, at_start):
    for worker in WORKERS:
        takes = {t for t, in system.rows("SELECT type FROM consumer_types WHERE consumer = %s", worker)}
        mine = at_start[worker]
        assert values_of(mine, "tillit_parked_events", "consumer", "cause") >= {(worker, cause) for cause in CAUSES}
        assert values_of(mine, "tillit_events_handled_total", "consumer", "type", "verdict") >= {(worker, t, v) for t in takes for v in CAUSES | {"OK", "PASSED"}}
    ticks = {tick for p in PROGRAMS for tick, in values_of(at_start[p], "tillit_tick_last_success_timestamp_seconds", "tick")}
    assert ticks == {tick for tick, in system.rows("SELECT tick FROM tick_runs")}
    assert values_of(at_start["relay"], "tillit_reconciled_events_total", "consumer") == {(w,) for w in WORKERS}
    issuers = ("citizen", "staff", "system")
    assert values_of(at_start["api"], "tillit_issuer_key_fetches_total", "issuer", "outcome") == {(i, o) for i in issuers for o in ("good", "failed")}
    faults = set(re.findall(r'^TOKEN_FAULT\((\w+),', (ROOT / "common/token/token.def").read_text(), re.M))
    assert faults and values_of(at_start["api"], "tillit_tokens_refused_total", "issuer", "fault") == {(i, f) for i in issuers for f in faults}
    assert values_of(at_start["api"], "tillit_logins_total", "issuer", "outcome") >= {(i, o) for i in issuers[:2] for o in ("good", "UNAUTHENTICATED", "UNAVAILABLE")}


def test_nothing_is_parked_is_told_as_zero(system, at_start):
    """And what is parked, as it is."""
    for worker in WORKERS:
        parked = dict(system.rows("SELECT problem, count(*)::float8 FROM parked_events WHERE consumer = %s AND closed_at IS NULL GROUP BY 1", worker))
        assert {values["cause"]: number for values, number in at_start[worker]["tillit_parked_events"]} == {**dict.fromkeys(CAUSES, 0.0), **parked}

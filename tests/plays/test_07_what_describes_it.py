# SPDX-License-Identifier: EUPL-1.2
"""The house around the programs: what describes it is true."""
import re
import subprocess
import sys

import pytest
import requests
import yaml
from jsonschema import Draft202012Validator

from conftest import BIN, PROGRAMS, ROOT, application
from programs import ALL, PORTS


def test_the_compose_file_parses_and_every_path_in_it_exists():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert set(PROGRAMS) <= set(compose["services"])
    for name, service in compose["services"].items():
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file(), name
        for volume in service.get("volumes", []):
            if volume.startswith("."):
                assert (ROOT / volume.split(":")[0]).exists(), volume


def test_what_is_made_from_tables_is_as_they_say():
    """The generated parts of every README.md, and the programs' containers."""
    done = subprocess.run([sys.executable, "deploy/build/readme.py", BIN / "tillit-api", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_program_is_a_row_and_a_folder():
    """Whoever reads the table by other means finds the same."""
    names = [row.name for row in ALL]
    assert {path.parent.name for path in (ROOT / "services").glob("*/main.c")} == set(names)
    shell = subprocess.run(["sh", "-c", ". deploy/local/stack.sh; programs; programs COMMAND; program_ports"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert shell == [*PROGRAMS, "ops", *(str(PORTS[name]) for name in PROGRAMS)]
    made = subprocess.run(["make", "-s", "--eval", "told: ; @echo $(PROGRAMS)", "told"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert made.split() == names


@pytest.mark.parametrize("named, status", [("application.received", 0), ("application.recieved", 1), ("no.tillit.application.received.v1", 1)])
def test_a_statement_that_names_an_event_which_is_no_row_is_not_built(tmp_path, named, status):
    (tmp_path / "queries.sql").write_text(f"-- name: said :any\nSELECT 1 FROM events WHERE type = {{{{event:{named}}}}};\n")
    made = subprocess.run(["awk", "-v", "part=c", "-v", "list=l", "-v", "header=h", "-f", "deploy/build/queries.awk", "common/event/events.def", tmp_path / "queries.sql"],
                          cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == status and ("'no.tillit.application.received.v1'" in made.stdout) == (status == 0), made.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_tells_its_help_version_and_whether_it_is_in_order(system, program):
    def run(flag):
        return subprocess.run([BIN / f"tillit-{program}", flag], capture_output=True, text=True)
    assert "DATABASE_URL" in run("--help").stdout
    assert run("--version").stdout.startswith(f"tillit-{program} ")
    checked = run("--check")
    assert checked.returncode == 0 and "in order" in checked.stdout, checked.stderr
    assert run("--nonsense").returncode == 2


def commands():
    """Every program with every word that its help names, and every act of operators."""
    acts = re.findall(r'^    \{ "([\w-]+)", +"', (ROOT / "common/operator/acts.c").read_text(), re.M)
    assert len(acts) >= 8
    for program in [*PROGRAMS, "ops"]:
        told = subprocess.run([BIN / f"tillit-{program}", "--help"], capture_output=True, text=True, env={}).stdout
        words = [m[1] for m in re.finditer(r"^  ([\w-]+)(?: \S+)?$", told.split("Everything is set")[0], re.M)]
        yield from ((program, word) for word in {*words, *(acts if program == "ops" else [])})


def test_every_command_tells_what_it_does_without_a_single_setting():
    """As somebody who has just logged in to a machine asks: wherever on the line they ask."""
    tried = 0
    for program, word in commands():
        for line in ([word, "--help"], [word, "x", "--why", "y", "--help"], [word, "--help", "x"]):
            told = subprocess.run([BIN / f"tillit-{program}", *line], capture_output=True, text=True, env={})
            assert (told.returncode, told.stderr) == (0, ""), f"tillit-{program} {' '.join(line)}: {told.stderr}"
            assert f"  {word}" in told.stdout and "DATABASE_URL" not in told.stdout, f"tillit-{program} {' '.join(line)}: {told.stdout}"
            tried += 1
    assert tried > 60


def test_answers_are_what_the_contract_says(system):
    contract = system.http.get(system.public + "/openapi.json", timeout=10).json()
    receipt = system.post(application(seed=130, services=["BPA"])).json()
    system.settle()
    asked = {"/api/v1/applications/{id}": f"/api/v1/applications/{receipt['application_id']}",
             "/api/v1/cases/{id}": f"/api/v1/cases/{receipt['case_id']}",
             "/api/v1/agenda": "/api/v1/agenda", "/api/v1/indicators": "/api/v1/indicators?from=2026-01-01&to=2027-01-01"}
    for path, url in asked.items():
        schema = contract["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": contract["components"]})
        errors = [e.message for e in validator.iter_errors(system.http.get(system.public + url, timeout=10).json())]
        assert errors == [], f"{path}: {errors}"


METRICS = ["tillit_build_info", "tillit_http_requests_total", "tillit_http_request_seconds_bucket"]


def test_metrics_are_told_in_the_contracts_names(system):
    api = requests.get(system.internal + "/metrics", timeout=5).text
    assert all(name in api for name in METRICS)
    relay = requests.get(f"http://127.0.0.1:{system.addresses['relay']}/metrics", timeout=5).text
    assert "tillit_unsent_events" in relay and "tillit_unsent_oldest_seconds" in relay
    letters = requests.get(f"http://127.0.0.1:{system.addresses['letters']}/metrics", timeout=5).text
    assert "tillit_letters_total{" in letters and 'tillit_consumer_lag_seconds{consumer="letters"}' in letters
    metrics = requests.get(f"http://127.0.0.1:{system.addresses['metrics']}/metrics", timeout=5).text
    assert 'tillit_indicator{id="I6",unit="permille"}' in metrics and 'tillit_tick_last_success_timestamp_seconds{tick="indicators"}' in metrics


def inventory(path):
    return subprocess.run([sys.executable, "deploy/build/crypto.py", path], cwd=ROOT, capture_output=True, text=True)


def test_the_inventory_of_cryptography_lacks_nothing_and_lists_nothing_that_is_not():
    done = inventory("deploy/crypto.tsv")
    assert done.returncode == 0, done.stdout


WRONG = {
    "a use without a row": (r"^.*crypto_shorthash.*\n", "", "common/http/limit.c: crypto_shorthash has no row"),
    "a row without a use": ("crypto_shorthash", "crypto_shorthash crypto_box_easy", "common/http/limit.c: crypto_box_easy has a row, and is not used"),
    "another place": ("common/token/jws.c", "common/token/token.c", "common/token/jws.c: EVP_DigestVerify has no row"),
    "a purpose of the ring without a row": ("ring:idempotency", "-", "ring:idempotency is in no row's key"),
    "a purpose that the ring has not": ("ring:idempotency", "ring:idempotency ring:backup", "there is no key ring:backup"),
    "a secret setting without a row": ("TILLIT_LOGIN_KEY ", "", "TILLIT_LOGIN_KEY is in no row's key"),
    "a kind that is sealed without a row": (" opening ", " ", "opening is sealed, and is in no row"),
    "nobody's": ("whoever runs the database", "", "an empty one"),
}


@pytest.mark.parametrize("change", WRONG)
def test_what_the_inventory_lacks_or_makes_up_is_found(tmp_path, change):
    pattern, into, says = WRONG[change]
    text = (ROOT / "deploy/crypto.tsv").read_text()
    changed = re.sub(pattern, into, text, flags=re.M)
    assert changed != text
    (tmp_path / "crypto.tsv").write_text(changed)
    done = inventory(tmp_path / "crypto.tsv")
    assert done.returncode == 1 and says in done.stdout, done.stdout

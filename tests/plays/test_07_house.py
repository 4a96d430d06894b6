# SPDX-License-Identifier: EUPL-1.2
"""The house around the programs: what describes it is true."""
import subprocess

import pytest
import requests
import yaml
from jsonschema import Draft202012Validator

from conftest import BIN, PROGRAMS, ROOT, application


def test_the_compose_file_parses_and_every_path_in_it_exists():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert set(PROGRAMS) <= set(compose["services"])
    for name, service in compose["services"].items():
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file(), name
        for volume in service.get("volumes", []):
            if volume.startswith("."):
                assert (ROOT / volume.split(":")[0]).exists(), volume


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_tells_its_help_version_and_whether_it_is_in_order(system, program):
    def run(flag):
        return subprocess.run([BIN / f"tillit-{program}", flag], capture_output=True, text=True)
    assert "DATABASE_URL" in run("--help").stdout
    assert run("--version").stdout.startswith(f"tillit-{program} ")
    checked = run("--check")
    assert checked.returncode == 0 and "in order" in checked.stdout, checked.stderr
    assert run("--nonsense").returncode == 2


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

# SPDX-License-Identifier: EUPL-1.2
"""A trial as make run starts it: anyone may be anyone who is synthetic, by one click, and a production has no such page."""
import json
import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from conftest import BIN, ROOT, STATE, free_ports, until
import readme
from doors import running
from packs import pack, write
from on_page import assert_accessible


@contextmanager
def trial_issuer():
    port, = free_ports(1)
    with subprocess.Popen(["sh", "deploy/local/issuer.sh", str(port), str(STATE), str(BIN / "tillit-api")], cwd=ROOT,
                          stdout=open(STATE / "issuer.log", "w"), stderr=subprocess.STDOUT) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            until("the trial's issuer to answer", lambda: answers(url + "/idporten/.well-known/openid-configuration"), 60)
            yield url
        finally:
            process.terminate()


def answers(url):
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def door(system):
    port, = free_ports(1)
    key = STATE / "trial-key.pem"
    subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key], check=True)
    key.chmod(0o600)
    with trial_issuer() as url:
        with running(port, TILLIT_PUBLIC_URL=f"http://127.0.0.1:{port}", TILLIT_CITIZEN_ISSUER=url + "/idporten",
                     TILLIT_SYSTEM_ISSUER=url + "/maskinporten", TILLIT_CITIZEN_CLIENT="tillit", TILLIT_LOGIN_KEY=str(key), TILLIT_LOGIN_KEY_ID="trial") as one:
            one.issuer = url
            yield one


def test_one_click_is_enough_to_be_someone(door, page):
    page.goto(door.public + "/prov")
    assert_accessible(page, "prov")
    page.get_by_role("link", name="Kari Prøve").click()
    page.wait_for_url(door.public + "/mine")
    assert page.get_by_role("button", name="Logg ut").count() == 1
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/logget-ut")


def test_whom_the_page_names_the_issuer_can_log_in(door, page):
    page.goto(door.public + "/soknad")
    page.wait_for_url(door.issuer + "/idporten/authorize?**")
    assert_accessible(page, "issuer")
    page.get_by_role("button", name="Ola Eksempel").click()
    page.wait_for_url(door.public + "/soknad")


def test_one_of_them_comes_at_too_low_a_level(door, page):
    page.goto(door.public + "/prov")
    page.get_by_role("link", name="Jens Mønster").click()
    page.get_by_role("heading", name="høyere sikkerhet").wait_for()
    assert_accessible(page, "login-level")


def test_another_system_comes_as_the_demo_does(door):
    form = {"grant_type": "client_credentials", "client_id": "demo", "client_secret": "-"}
    token = requests.post(door.issuer + "/maskinporten/token", data=form, timeout=9).json()["access_token"]
    receipt = door.post(token, seed=4400)
    assert receipt.status_code == 201, receipt.text
    contract = requests.get(door.public + "/openapi.json", timeout=9).json()
    scopes = {scope for path in contract["paths"].values() for operation in path.values() for one in operation.get("security", []) for scope in one.get("system", [])}
    held = door.get("/api/v1/agenda", token)
    assert held.status_code == 200 and len(scopes) == 6
    assert all(f"tillit:{scope}" in (STATE / "issuer.json").read_text() for scope in scopes)


@pytest.mark.parametrize("path", ["/logg-inn?som=nobody", "/logg-inn?som=", "/logg-inn?som=kari%26x"])
def test_nobody_else_can_be_asked_for(door, path):
    assert requests.get(door.public + path, allow_redirects=False, timeout=9).status_code == 404


def test_a_production_has_no_such_page(system):
    port, = free_ports(1)
    with running(port, TILLIT_SYNTHETIC="off", TILLIT_CLOCK_FILE="", TILLIT_PUBLIC_URL="https://soknad.example", TILLIT_INTERNAL_URL="https://tillit.example", TILLIT_CITIZEN_ISSUER="https://idporten.no", TILLIT_SYSTEM_ISSUER="https://maskinporten.no/",
                 TILLIT_CITIZEN_CLIENT="tillit") as production:
        assert requests.get(production.public + "/prov", timeout=9).status_code == 404
        assert requests.get(production.public + "/logg-inn?som=kari", allow_redirects=False, timeout=9).status_code == 404


@pytest.mark.parametrize("setting, value", [("TILLIT_CITIZEN_ISSUER", "http://127.0.0.1:18090/idporten"), ("TILLIT_PUBLIC_URL", "http://127.0.0.1:8080"), ("TILLIT_INTERNAL_URL", "http://127.0.0.1:8081"),
                                            ("TILLIT_SYSTEM_ISSUER", "http://127.0.0.1:18090/maskinporten")])
def test_a_production_refuses_a_trials_issuer(system, setting, value):
    env = {**os.environ, "TILLIT_SYNTHETIC": "off", "TILLIT_CLOCK_FILE": "", setting: value}
    done = subprocess.run([BIN / "tillit-api", "--check"], capture_output=True, text=True, env=env)
    assert done.returncode != 0 and f"{setting} must be https" in done.stderr


def test_the_demo_prints_few_lines_into_a_pipe_and_what_a_browser_can_open(system, door):
    told = readme.demo(door.public, door.issuer + "/maskinporten")
    assert len(told.splitlines()) < 35 and "\r" not in told and "by the clock in Oslo" in told
    cases = (STATE / "cases").read_text().split()
    assert len(cases) == len(set(cases)) == 25
    pages = re.findall(r"http://127\.0\.0\.1:\d+(/\S*)", told.split("In a browser")[1])
    assert len(pages) == 4
    for page in pages:  # a trial's internal listener is on 8081; here it is the door's
        listener = door.public if page == "/prov" else door.internal
        answer = requests.get(listener + page, headers={"Accept": "text/html"}, allow_redirects=False, timeout=9)
        assert answer.status_code in (200, 303) and "/api/" not in page, page


def test_what_the_readme_says_to_type_can_be_typed(system, door):
    said, again = readme.first_talks(door.public, door.issuer + "/maskinporten")
    assert said.count('"case_seq"') == 6, said
    system.settle()
    talks = next(i for i in json.loads(again())["indicators"] if i["id"] == "I4")
    assert talks["n"] >= 5 and talks["value"] is not None and not talks["suppressed"], talks


def test_a_pack_is_taken_in_as_the_readme_says(system, tmp_path):
    written, = write(tmp_path, pack("6930", name="Lesebu kommune"))
    Path(written).rename(tmp_path / "askoy.json")
    said = readme.run(readme.block_with("municipality add"), tmp_path)
    assert "6930 Lesebu kommune: municipality added" in said
    system.rows("DELETE FROM staff_logins WHERE municipality = '6930'")  # staff of the plays behind are not asked where they work
    until("nobody to be asked", lambda: "Lesebu" not in requests.get(f"{system.internal}/logg-inn", timeout=10).text, 30)


def test_every_command_of_the_readme_is_tried():
    """Here, or by make run and make test themselves."""
    tried = ("contacts", "municipality add")
    assert [block for block in readme.shell_blocks() if not any(words in block for words in tried)] == [block for block in readme.shell_blocks() if block.startswith("make run")]


def test_make_says_what_there_is_to_make():
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split())
    named = dict(re.findall(r"^make ([a-z-]+) +(\S.*)$", told, re.M))
    assert targets - set(named) <= {"tests", "fuzzers", "handlers"} and {"run", "test", "demo", "help"} <= set(named)

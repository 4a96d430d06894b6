# SPDX-License-Identifier: EUPL-1.2
"""The doors of the API: its route table as it prints it, and another API beside the system's, whose settings close some."""
import csv
import os
import subprocess
import threading
import uuid
from contextlib import contextmanager
from typing import NamedTuple

import requests

from conftest import BIN, application, free_ports, until

ANYONE = frozenset({"anyone"})
APPLICANT = frozenset({"applicant"})
OF_CASES = frozenset({"caseworker", "team_leader", "team_member"})


class Route(NamedTuple):
    """A row of services/api/routes.def."""
    listener: str
    method: str
    path: str
    handler: str
    roles: frozenset  # who may
    scope: str        # what a system's token must hold; "" = no system may
    needs: frozenset
    body: str
    answer: str
    success: int
    summary: str      # "" = a page, or what belongs to one
    query: tuple
    word: str         # of staff's menu

    def lets_in(self, role):
        return self.roles == ANYONE or role in self.roles


def parted(text):
    return text.split(",") if text else []


def routes(listener=None):
    """All rows, or a listener's, in their order."""
    printed = subprocess.run([BIN / "tillit-api", "--routes"], capture_output=True, text=True, check=True).stdout
    rows = csv.DictReader(printed.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    made = [Route(**{**row, "roles": frozenset(parted(row["roles"])), "needs": frozenset(parted(row["needs"])),
                     "query": tuple(parted(row["query"])), "success": int(row["success"])}) for row in rows]
    return [route for route in made if listener in (None, route.listener)]


@contextmanager
def running(port=None, **settings):
    """An API of its own under these settings, beside the system's."""
    public, internal = free_ports(2)
    public = port or public
    env = {**os.environ, "TILLIT_PUBLIC": f"127.0.0.1:{public}", "TILLIT_INTERNAL": f"127.0.0.1:{internal}", "TILLIT_PUBLIC_URL": f"http://127.0.0.1:{public}", "TILLIT_INTERNAL_URL": f"http://127.0.0.1:{internal}",
           "TILLIT_MUNICIPALITY": "4627", **settings}
    with subprocess.Popen([BIN / "tillit-api"], env=env, stderr=subprocess.PIPE, text=True) as api:
        lines = []
        threading.Thread(target=lambda: lines.extend(api.stderr), daemon=True).start()
        door = Door(f"http://127.0.0.1:{public}", f"http://127.0.0.1:{internal}", lines)
        try:
            until("the API to answer", door.answers)
            yield door
        finally:
            api.terminate()
            api.wait(20)
    assert api.returncode == 0, "".join(lines)[-2000:]


class Door:
    def __init__(self, public, internal, lines):
        self.public, self.internal, self.lines = public, internal, lines

    def answers(self):
        try:
            return requests.get(self.public + "/openapi.json", timeout=2).ok
        except requests.RequestException:
            return False

    def get(self, path, token):
        return requests.get(self.public + path, headers={"Authorization": f"Bearer {token}"}, timeout=20)

    def post(self, token, key=None, **changes):
        return requests.post(self.public + "/api/v1/applications", json=application(**changes), timeout=20,
                             headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid.uuid4())})

    def metric(self, name):
        lines = requests.get(self.internal + "/metrics", timeout=5).text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

# SPDX-License-Identifier: EUPL-1.2
"""A citizen's side of the proof: sends applications and talks, and writes down what it sent, before, and what it was
told, after. The journal is what the auditor holds Tillit to."""
import hashlib
import json
import queue
import random
import socket
import sys
import threading
import time
import uuid
from pathlib import Path

import requests

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "support")]
import clock
import people

SERVICES = ["HSH", "PRAKT", "TRALARM", "MAT", "BPA", "OMSTON", "STOTTE", "KORT", "LANG", "DAG", "TT"]
PATIENCE = 180  # s, with one request


def document(seed, n):
    """The n-th document of a seed: the same every time."""
    dice = random.Random(f"{seed}:{n}")
    changes = {"services": dice.sample(SERVICES, dice.choice([0, 1, 1, 1, 2, 3])), "urgency": dice.choice(["none"] * 8 + ["week", "acute"]),
               "language": dice.choice(["nb", "nb", "nn", "en"]), "in_hospital": dice.random() < 0.1,
               "what_matters": "Å komme meg ut. " * dice.randint(1, 60), "needs": f"Nummer {n}: " + "hjelp i huset. " * dice.randint(1, 80)}
    if dice.random() < 0.2:
        changes["submitter"] = {"national_id": people.national_id(f"{seed}:{n}:child"), "name": "Ola Prøve", "role": "relative", "basis": "attached"}
        changes["applicant"] = {"national_id": people.national_id(f"{seed}:{n}"), "name": "Kari Prøve"}
    made = people.application(f"{seed}:{n}", **changes)
    if is_bad(seed, n):
        made[dice.choice(["needs", "urgency", "submitter"])] = dice.choice([None, 7, {}])
    return json.dumps(made, ensure_ascii=False).encode()


def is_bad(seed, n):
    """A document that must be refused."""
    return random.Random(f"{seed}:{n}:bad").random() < 0.03


def key_of(seed, n):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}:{n}"))


class Client:
    def __init__(self, base, seed, journal, authorization):
        self.base, self.seed, self.authorization = base, seed, authorization
        self.journal = open(journal, "a", buffering=1)
        self.lock = threading.Lock()
        self.told = {}  # n -> the answer of the application
        self.giving_up = 0

    def write(self, **line):
        with self.lock:
            self.journal.write(json.dumps(line) + "\n")

    def attempt(self, path, body, headers):
        """(status, text) or (None, why) where the outcome is unknown."""
        try:
            answer = requests.post(self.base + path, data=body, timeout=12,
                                   headers={"Content-Type": "application/json", "Authorization": self.authorization, **headers})
        except requests.RequestException as e:
            return None, type(e).__name__
        if len(answer.content) != int(answer.headers.get("Content-Length", -1)):
            return None, "half an answer"
        return (answer.status_code, answer.text) if answer.status_code < 500 else (None, str(answer.status_code))

    def send(self, n, again=False):
        """One application, asked again with the same key until the answer is definite."""
        body, key = document(self.seed, n), key_of(self.seed, n)
        self.write(n=n, key=key, sha256=hashlib.sha256(body).hexdigest(), municipality="4627", sent=clock.seconds(), again=again)
        deadline, pause = time.monotonic() + PATIENCE, 0.1
        while time.monotonic() < deadline:
            status, text = self.attempt("/api/v1/applications", body, {"Idempotency-Key": key})
            outcome = "unknown" if status in (None, 409, 429) else "ok" if status == 201 else "fail"
            answer = json.loads(text) if outcome == "ok" else {}
            self.write(n=n, key=key, outcome=outcome, status=status, at=clock.seconds(), answer=hashlib.sha256(text.encode()).hexdigest() if answer else None,
                       application_id=answer.get("application_id"), case_id=answer.get("case_id"), reference=answer.get("reference"))
            if outcome != "unknown":
                self.told[n] = answer
                return answer
            time.sleep(pause)
            pause = min(1, pause * 2)
        self.giving_up += 1
        return {}

    def send_short(self, n, base=None):
        """A whole document in a body that promises more, and ends: it must be refused, and not exist. Not by way of the
        proxy: it ends a connection of which one half ends."""
        body, key = document(self.seed, n), str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed}:{n}:short"))
        host, port = (base or self.base).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=12) as s:
            s.sendall(f"POST /api/v1/applications HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n"
                      f"Authorization: {self.authorization}\r\n"
                      f"Content-Length: {len(body) + 10}\r\n\r\n".encode() + body)
            s.shutdown(socket.SHUT_WR)
            answer = s.recv(100).decode(errors="replace")
        self.write(n=n, key=key, short=True, status=answer[9:12], at=clock.seconds())
        return answer[9:12]

    def talk(self, n):
        """Registers a first talk with the n-th case; what is unknown is asked again with the same key."""
        case_id, key = self.told[n].get("case_id"), str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed}:{n}:talk"))
        body = json.dumps({"kind": "phone", "with": ["applicant"], "two_way": True, "at": clock.rfc3339()})
        deadline = time.monotonic() + PATIENCE
        while case_id and time.monotonic() < deadline:
            try:
                etag = requests.get(f"{self.base}/api/v1/cases/{case_id}", timeout=12, headers={"Authorization": self.authorization}).headers.get("ETag")
            except requests.RequestException:
                etag = None
            if etag:
                status, _ = self.attempt(f"/api/v1/cases/{case_id}/contacts", body, {"Idempotency-Key": key, "If-Match": etag})
                if status == 201:
                    self.write(n=n, key=key, talk=case_id, outcome="ok", at=clock.seconds())
                    return
                if status not in (None, 409, 412, 429):
                    self.write(n=n, key=key, talk=case_id, outcome="fail", status=status, at=clock.seconds())
                    return
            time.sleep(0.3)

    def job(self, n):
        dice = random.Random(f"{self.seed}:{n}:after")
        if self.send(n) and not is_bad(self.seed, n):
            if dice.random() < 0.05:
                self.send(n, again=True)
            if dice.random() < 0.10 and json.loads(document(self.seed, n))["services"] != ["TT"]:  # nobody talks where all is forwarded
                self.talk(n)

    def run(self, count, rate, threads=24, first=0, talks=True):
        """Sends documents first..first+count-1, `rate` a second as far as the threads reach; some are talked over."""
        began, jobs = time.monotonic(), queue.Queue()
        for n in range(first, first + count):
            jobs.put(n)

        def work():
            while True:
                try:
                    n = jobs.get_nowait()
                except queue.Empty:
                    return
                time.sleep(max(0, began + (n - first) / rate - time.monotonic()))
                self.job(n) if talks else self.send(n)
        workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for worker in workers:
            worker.start()
        return workers

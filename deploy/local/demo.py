# SPDX-License-Identifier: EUPL-1.2
"""make demo: 25 synthetic applications over HTTP while the system runs, and the journey of one of them."""
import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from programs import PORTS

PUBLIC = "http://" + os.environ.get("TILLIT_PUBLIC", "127.0.0.1:8080")
INTERNAL = f"http://127.0.0.1:{PORTS['api']}"
ISSUER = os.environ.get("TILLIT_SYSTEM_ISSUER", "http://127.0.0.1:18090/maskinporten")
CASES = Path(os.environ.get("TILLIT_DEMO_CASES", "build/local/cases"))  # whoever goes on with them finds them there
COUNT = 25

PEOPLE = ["Kari Prøve", "Ola Eksempel", "Máret Demo", "Aud Testdal", "Jens Mønster", "Liv Utkast", "Per Skisse", "Áile Šuoŋŋa"]
MATTERS = ["Å bo hjemme og kunne gå i hagen.", "Å være trygg om natten.", "Å lage middagen min selv.", "Å møte folk igjen.",
           "Å komme tilbake på jobb.", "Å slippe å være redd for å falle.", None]
NEEDS = ["Jeg trenger hjelp til å dusje.", "Det er blitt tungt å vaske huset.", "Jeg glemmer medisinene.", "Jeg trenger noen å snakke med."]
SERVICES = [[], ["HSH"], ["TRALARM"], ["PRAKT", "MAT"], ["HSH", "TRALARM", "HJM"], ["LANG"], ["STOTTE"], ["BPA"], ["DAG"],
            ["PSYKRUS", "OPPL"], ["HSH", "STOTTE"], ["KORT"], ["TT"], ["OMSTON"]]


def national_id(dice):
    """Synthetic: month + 80."""
    while True:
        digits = [int(c) for c in "%02d%02d%02d%03d" % (dice.randint(1, 28), dice.randint(81, 92), dice.randint(25, 99), dice.randint(0, 499))]
        for weights in ([3, 7, 6, 1, 8, 9, 4, 5, 2], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]):
            digits.append(-sum(w * d for w, d in zip(weights, digits)) % 11)
        if max(digits) < 10:
            return "".join(map(str, digits))


def application(dice):
    document = {
        "municipality": "4627", "language": dice.choice(["nb", "nb", "nn"]),
        "submitter": {"national_id": national_id(dice), "name": dice.choice(PEOPLE), "phone": "+47 40 00 00 %02d" % dice.randint(0, 99), "role": "self"},
        "needs": dice.choice(NEEDS), "urgency": dice.choice(["none"] * 6 + ["week", "acute"]), "in_hospital": dice.random() < 0.1,
        "household": dice.choice(["alone", "with_others"]), "services": dice.choice(SERVICES), "confirmed": True,
    }
    matters = dice.choice(MATTERS)
    if matters:
        document["what_matters"] = matters
    if dice.random() < 0.2:
        document["submitter"].update(role="relative", basis="later")
        document["applicant"] = {"national_id": national_id(dice), "name": dice.choice(PEOPLE)}
    return document


def token():
    """As another system would fetch one; None where the trial has no issuer, and needs none."""
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "demo", "client_secret": "a trial's"}).encode()
    try:
        with urllib.request.urlopen(ISSUER + "/token", form, timeout=10) as answer:
            return json.load(answer)["access_token"]
    except urllib.error.URLError:
        return None


def call(url, body=None, **headers):
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    request = urllib.request.Request(url, data=json.dumps(body).encode() if body else None, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer), answer.headers


TOKEN = token()


def progress(done, words):
    """A bar on a terminal; elsewhere the last line alone."""
    if sys.stdout.isatty():
        bar = "█" * (30 * done // COUNT)
        sys.stdout.write(f"\r  {bar:<30} {done:>3}/{COUNT}  {words:<40}" + ("\n" if done == COUNT else ""))
    elif done == COUNT:
        print(f"  {done}/{COUNT}  {words}")
    sys.stdout.flush()


def in_oslo(moment):
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(ZoneInfo("Europe/Oslo"))


def main():
    dice = random.Random()
    sent = []
    print(f"Sending {COUNT} synthetic applications to {PUBLIC}")
    for i in range(COUNT):
        receipt, _ = call(PUBLIC + "/api/v1/applications", application(dice), **{"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())})
        sent.append(receipt)
        progress(i + 1, receipt["reference"])
    CASES.parent.mkdir(parents=True, exist_ok=True)
    CASES.write_text("".join(receipt["case_id"] + "\n" for receipt in sent))
    print("Waiting for their letters")
    deadline = time.monotonic() + 60
    ready = set()
    while len(ready) < COUNT and time.monotonic() < deadline:
        for receipt in sent:
            if receipt["case_id"] not in ready and call(f"{PUBLIC}/api/v1/cases/{receipt['case_id']}")[0]["letters"]:
                ready.add(receipt["case_id"])
        progress(len(ready), "letters kept")
        time.sleep(0.1 if len(ready) < COUNT else 0)
    if len(ready) < COUNT:
        print(f"\n  {COUNT - len(ready)} letters have not come within a minute: see {INTERNAL}/drift")
    team = next((r for r in sent if call(f"{PUBLIC}/api/v1/cases/{r['case_id']}")[0]["agenda"]), sent[0])
    case, _ = call(f"{PUBLIC}/api/v1/cases/{team['case_id']}")
    print(f"\nThe journey of {case['reference']}, by the clock in Oslo")
    view, _ = call(f"{PUBLIC}/api/v1/applications/{team['application_id']}")
    for step in view["timeline"]:
        print(f"  {in_oslo(step['at']):%H:%M:%S}  {step['text']}")
    print(f"  next      {view['next']['text']}, by the end of {in_oslo(view['next']['due']) - timedelta(seconds=1):%Y-%m-%d}")
    print("  why       " + "\n            ".join(rule["text"] for rule in case["rules"]))
    print(f"""
In a browser, as a trial lets you be anyone:
  the case and its letter   {INTERNAL}/saker/{team['case_id']}   as a caseworker
  the figures of the month  {INTERNAL}/gevinster   as a benefit owner
  the programs              {INTERNAL}/drift   as an operator
  what you may be           {PUBLIC}/prov
All {COUNT} cases stand in {CASES}: README's "Try it" goes on with them.
""")


if __name__ == "__main__":
    try:
        main()
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.url} answered {error.code}: {error.read().decode()}")
    except urllib.error.URLError as error:
        sys.exit(f"{PUBLIC} does not answer ({error.reason}): start it with make run")

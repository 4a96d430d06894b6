# SPDX-License-Identifier: EUPL-1.2
"""What services/api/README.md says of routes.def, in Markdown: every door by the room of its handler, and what a row can ask.   rooms.py TILLIT_API | --needs"""
import csv
import re
import subprocess
import sys
from pathlib import Path

API = Path("services/api")
SEVERAL = {"applicant": "citizens", "caseworker,team_leader,team_member": "staff of cases", "anyone": "anyone"}
ALL_OF_STAFF = 7  # roles of a row that is for all of them


def who(roles):
    if roles.count(",") + 1 == ALL_OF_STAFF:
        return "all staff"
    return SEVERAL.get(roles, roles.replace("_", " "))


def doors(program):
    printed = subprocess.run([program, "--routes"], capture_output=True, text=True, check=True).stdout
    homes = {name: path.relative_to(API) for path in sorted(API.glob("*/*.c")) for name in re.findall(r"^enum problem (\w+)\(", path.read_text(), re.M)}
    rows = list(csv.DictReader(printed.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    yield "| Room | Listener | Door | Handler | Who may | Needs |"
    yield "|---|---|---|---|---|---|"
    for row in sorted(rows, key=lambda row: (homes[row["handler"]].parts[0], row["listener"] == "INTERNAL")):
        home = homes[row["handler"]]
        yield " | ".join(["| " + home.parts[0], row["listener"].lower(), f"`{row['method']} {row['path']}`", f"[`{row['handler']}`]({home})",
                          who(row["roles"]) + (f", systems with `{row['scope']}`" if row["scope"] else ""), row["needs"].replace(",", ", ").lower() + " |"])


def needs():
    yield "| A row needs | What it means |"
    yield "|---|---|"
    for name, meaning in re.findall(r'^NEED\((\w+),\s+\d+,\s+"(.*)"\)$', Path("common/api/needs.def").read_text(), re.M):
        yield f"| `{name}` | {meaning} |"


print("\n".join(needs() if sys.argv[1] == "--needs" else doors(sys.argv[1])))

# SPDX-License-Identifier: EUPL-1.2
"""The programs there are, as common/program/programs.def says: the one reading of it in Python.

  programs.py compose    what docker-compose.yml holds of them      programs.py table    what services/README.md does
deploy/build/readme.py puts both in their places."""
import re
import sys
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"""^(?:PROGRAM|COMMAND)\((\w+), +'(\w)',(?: +(\d+),)? +"(.*)"\)$""", re.M)
Program = namedtuple("Program", "name letter port summary")


def read(text):
    rows = [Program(name, letter, int(port or 0), summary) for name, letter, port, summary in ROW.findall(text)]
    assert len(rows) == len(re.findall(r"^(?:PROGRAM|COMMAND)\(", text, re.M)), "a row of programs.def is not read"
    return rows


ALL = read((ROOT / "common/program/programs.def").read_text())
PROGRAMS = [row.name for row in ALL if row.port]  # those that run
WORKERS = [row.name for row in ALL if row.letter == "w"]
PORTS = {row.name: row.port for row in ALL if row.port}

SERVICE = """  {0}:
    <<: *program
    build: {{ context: ., dockerfile: deploy/docker/Dockerfile, args: {{ SERVICE: {0} }} }}"""


def head(name, *words):
    """What the top of a program's main.c says behind one of the words."""
    text = (ROOT / f"services/{name}/main.c").read_text()
    said = re.search(rf"^ \*      (?:{'|'.join(words)}) +(.*)$", text, re.M)
    return said[1] if said else "-"


def table():
    yield "| Program | What it does | Comes by | Says | Writes | Health and metrics |\n|---|---|---|---|---|---|"
    for row in ALL:
        told = (row.summary, head(row.name, "consumes", "takes"), head(row.name, "says"), head(row.name, "writes"), f"127.0.0.1:{row.port}" if row.port else "-")
        yield f"| [`{row.name}`]({row.name}/) | {' | '.join(told)} |"


if __name__ == "__main__":
    print("\n".join({"compose": lambda: map(SERVICE.format, PROGRAMS), "table": table}[sys.argv[1]]()))

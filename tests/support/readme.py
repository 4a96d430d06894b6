# SPDX-License-Identifier: EUPL-1.2
"""README's commands as they stand there: only where things listen is another place, and date tells the programs' time."""
import os
import re
import subprocess
import sys

from conftest import BIN, ROOT, STATE

DATE = """#!/bin/sh
moved="$(cat "$TILLIT_CLOCK_FILE") seconds"
if [ "$1" = -d ]; then day=$2; shift 2; else day=now; fi
exec /usr/bin/date -d "$day $moved" "$@"
"""


PAGES = ("README.md", "deploy/README.md")  # whose commands are typed as they stand


def shell_blocks():
    return [block for page in PAGES for block in re.findall(r"^```sh\n(.*?)^```", (ROOT / page).read_text(), re.S | re.M)]


def block_with(words):
    return next(block for block in shell_blocks() if words in block)


def run(commands, folder, **places):
    """In a shell that stops at the first command that fails; places are replaced, each of them there."""
    tools = STATE / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "date").write_text(DATE)
    (tools / "date").chmod(0o755)
    for there, here in places.items():
        commands = commands.replace(there, here)
    assert "127.0.0.1:8" not in commands and "18090" not in commands, commands
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PATH": f"{tools}:{BIN}:{os.environ['PATH']}"})
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def demo(public, issuer):
    """What make demo prints into a pipe."""
    done = subprocess.run([sys.executable, ROOT / "deploy/local/demo.py"], capture_output=True, text=True, timeout=150, env={
        **os.environ, "TILLIT_PUBLIC": public.removeprefix("http://"), "TILLIT_SYSTEM_ISSUER": issuer, "TILLIT_DEMO_CASES": str(STATE / "cases")})
    assert done.returncode == 0, done.stderr
    return done.stdout


def first_talks(public, issuer):
    """README's step that registers them; then what it asks for last, once more when all is counted."""
    block = block_with("contacts")
    places = {"http://127.0.0.1:8080": public, "http://127.0.0.1:18090/maskinporten": issuer, "build/local/cases": str(STATE / "cases")}
    said = run(block, ROOT, **places)
    token, asks = block[:block.index("for case")], block[block.index("sleep"):]
    return said, lambda: run(token + asks, ROOT, **places)

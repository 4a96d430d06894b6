# SPDX-License-Identifier: EUPL-1.2
"""The closed vocabularies and the types of events as C has them: the rows of codes.def and events.def."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _vocabularies():
    text = (ROOT / "common/words/codes.def").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for name, codes in re.findall(r"^#define (\w+) +(.*)$", text, re.M):
        text = re.sub(rf"\b{name}\b", lambda m, codes=codes: codes, text)
    for name, words, _, codes in re.findall(r'^(?:CODES|NAMED)\((\w+), +"([^"]*)", +(\([^)]*\), )?(.*)\)', text, re.M):
        yield name, words, re.findall(r'"(\w+)"', codes)


CODES = {name: codes for name, _, codes in _vocabularies()}
WORDS = {name: words for name, words, _ in _vocabularies()}
EVENTS = [f"{noun}.{happened}" for noun, happened in re.findall(r"^(?:EVENT|ALIKE) *\((\w+), (\w+),", (ROOT / "common/event/events.def").read_text(), re.M)]

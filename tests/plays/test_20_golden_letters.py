# SPDX-License-Identifier: EUPL-1.2
"""The golden letters as a reader, an archive and a screen reader meet them. The PDFs come from
tests/unit/letters_test.c; out.txt is what stands on the pages, blank lines and widths of gaps aside.
A folder is <kind>.<language>, or that and what is special of it. receipt.nb.glyphs has no out.txt:
what it looks like depends on the machine's fonts, what it is must not."""
import json
import re
import subprocess
import unicodedata
from collections import Counter

import pytest

from conftest import BIN, ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "tests/golden").glob("*/in.json"))
READ = [folder for folder in FOLDERS if (folder / "out.txt").exists()]
SCRIPTS = json.loads((ROOT / "tests/golden/scripts.json").read_text())
NAMES = [folder.name for folder in FOLDERS] + [f"script.{n}" for n in range(len(SCRIPTS))]
PDFS = ROOT / "build/golden"


@pytest.fixture(scope="module", autouse=True)
def letters():
    if not all((PDFS / f"{name}.pdf").exists() for name in NAMES):
        subprocess.run([BIN.parent / "test/letters_test"], cwd=ROOT, check=True)


def lines(text):
    return [" ".join(line.split()) for line in text.replace("\f", "\n").splitlines() if line.strip()]


def text_of(name, *options):
    return subprocess.run(["pdftotext", *options, PDFS / f"{name}.pdf", "-"], check=True,
                          capture_output=True, text=True).stdout


@pytest.mark.parametrize("folder", READ, ids=lambda folder: folder.name)
def test_the_pages_say_what_they_should(folder):
    assert lines(text_of(folder.name, "-layout")) == lines((folder / "out.txt").read_text())


def test_sami_and_norwegian_letters_stand_on_page_two():
    page = text_of("receipt.nb.long", "-f", "2", "-l", "2")
    for name in ["Áilu Čáppa", "Biret Đuokta", "Máret Ŋállo", "Sárá Šaŧŧo", "Niillas Žižži", "Blåbærsyltetøyet"]:
        assert name in " ".join(page.split())


@pytest.mark.parametrize("name", [folder.name for folder in READ if folder.name.count(".") == 1])
def test_the_words_are_plain(name):
    """LIX: words in a sentence + share of words longer than six letters; under 45 reads easily."""
    text = " ".join(lines(text_of(name))[3:-1])
    words = re.findall(r"\w+", text)
    sentences = len(re.findall(r"[.!?:](?=\s|$)", text)) or 1
    lix = len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)
    assert lix < 45


def letters_of(text):
    """Each that has a shape of its own, in order."""
    return [c for c in unicodedata.normalize("NFC", text) if not c.isspace() and unicodedata.category(c) != "Cf" and c != "\ufe0f"]


@pytest.mark.parametrize("n", range(len(SCRIPTS)), ids=[row["script"] for row in SCRIPTS])
def test_what_was_written_in_another_script_comes_back_from_the_page(n):
    """Whole: no letter is a box, or has lost what it is. (In what order the reader of these PDFs gives them is its own matter.)"""
    ours = Counter(letters_of(text_of("receipt.nb")))
    facts = json.loads((ROOT / "tests/golden/receipt.nb/in.json").read_text())
    ours.subtract(letters_of(facts["recipient_name"] + facts["what_matters"]))
    told = Counter(letters_of(text_of(f"script.{n}")))
    told.subtract(ours)
    wanted = Counter(letters_of(SCRIPTS[n]["name"] + SCRIPTS[n]["words"]))
    assert told - wanted == wanted - told == Counter()


@pytest.mark.parametrize("script", ["Hebr", "Syrc", "Arab Sorani"])
def test_what_runs_from_the_right_is_read_in_its_order(script):
    n, row = next((n, row) for n, row in enumerate(SCRIPTS) if row["script"] == script)
    structure = subprocess.run(["pdfinfo", "-struct-text", PDFS / f"script.{n}.pdf"], check=True, capture_output=True, text=True).stdout
    assert row["name"] in structure and row["words"] in structure


@pytest.mark.parametrize("script, right", [("Arab", True), ("Hebr", True), ("Taml", False)])
def test_what_runs_from_the_right_begins_there(script, right):
    """Quotes alone: a name at the head of a letter stands where the window of an envelope is."""
    n, row = next((n, row) for n, row in enumerate(SCRIPTS) if row["script"] == script)
    boxes = subprocess.run(["pdftotext", "-bbox-layout", PDFS / f"script.{n}.pdf", "-"], check=True, capture_output=True, text=True).stdout
    lines = [(float(left), float(to)) for left, to, line in re.findall(r'<line xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>(.*?)</line>', boxes, re.S)
             if any(unicodedata.category(c) in ("Lo", "Mn") for c in line)]
    (name, _), *quote = lines
    assert 70 < name < 75 and quote
    assert all(left > 200 and 500 < to < 510 if right else 85 < left < 95 for left, to in quote[:1])


@pytest.mark.parametrize("flavour", ["2a", "ua1"])
def test_every_letter_is_archivable_and_accessible(flavour):
    files = [str(PDFS / f"{name}.pdf") for name in NAMES]
    answer = subprocess.run(
        ["java", "-cp", f"{ROOT}/build/verapdf/libs/*", "org.verapdf.apps.GreenfieldCliWrapper",
         "--flavour", flavour, "--format", "text", *files], capture_output=True, text=True).stdout
    verdicts = {words[1]: words[0] for words in map(str.split, answer.splitlines())
                if words and words[0] in ("PASS", "FAIL")}
    assert verdicts == {file: "PASS" for file in files}


def test_a_letter_tells_readers_what_it_is():
    info = subprocess.run(["pdfinfo", PDFS / "receipt.nn.pdf"], check=True, capture_output=True,
                          text=True).stdout
    structure = subprocess.run(["pdfinfo", "-struct", PDFS / "receipt.nn.pdf"], check=True,
                               capture_output=True, text=True).stdout.split()
    assert re.search(r"Title: +Kvittering for søknad", info) and re.search(r"Tagged: +yes", info)
    assert structure[0] == "Document" and structure.count("Document") == 1
    for element in ["H1", "H2", "P", "L", "LI", "Lbl", "LBody", "BlockQuote"]:
        assert element in structure
    assert "NonStruct" not in structure

# SPDX-License-Identifier: EUPL-1.2
"""The golden letters as a reader, an archive and a screen reader meet them. The PDFs come from
tests/unit/letters_test.c; out.txt is what stands on the pages, blank lines and widths of gaps aside.
receipt.nb.glyphs has no out.txt: what it looks like depends on the machine's fonts, what it is must not."""
import re
import subprocess

import pytest

from conftest import BIN, ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "tests/golden").glob("*/in.json"))
READ = [folder for folder in FOLDERS if (folder / "out.txt").exists()]
PDFS = ROOT / "build/golden"


@pytest.fixture(scope="module", autouse=True)
def letters():
    if not all((PDFS / f"{folder.name}.pdf").exists() for folder in FOLDERS):
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


@pytest.mark.parametrize("name", ["receipt.nb", "receipt.nn"])
def test_the_words_are_plain(name):
    """LIX: words in a sentence + share of words longer than six letters; under 45 reads easily."""
    text = " ".join(lines(text_of(name))[3:-1])
    words = re.findall(r"\w+", text)
    sentences = len(re.findall(r"[.!?:](?=\s|$)", text)) or 1
    lix = len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)
    assert lix < 45


@pytest.mark.parametrize("flavour", ["2a", "ua1"])
def test_every_letter_is_archivable_and_accessible(flavour):
    files = [str(PDFS / f"{folder.name}.pdf") for folder in FOLDERS]
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

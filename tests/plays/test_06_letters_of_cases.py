# SPDX-License-Identifier: EUPL-1.2
"""Letters are archivable, accessible, and say what they should."""
import json
import subprocess

import pytest
import requests

from conftest import ROOT, STATE, application, national_id

LONG = "\n\n".join(["Jeg vil bo hjemme på Ánddir, med čáhci, ŋ, š, ŧ og ž, og æ, ø og å."] * 55)[:3990]

LETTERS = {
    "nb": application(seed=110),
    "nn": application(seed=111, language="nn"),
    "en gets nb": application(seed=112, language="en"),
    "long with Sámi on page two": application(seed=113, what_matters=LONG),
    "hostile Markdown": application(seed=114, what_matters="# ikke en tittel\n1. ikke en liste\n*ikke kursiv* <b>x</b> | a | b |\n    ikke kode\n[a](b) &amp; \\ `x`\n> ikke sitat",
                                    submitter={"national_id": national_id(114), "name": "*Ola* Šuoŋŋa <Nordmann> & | x", "role": "self"}),
    "no words of one's own": {k: v for k, v in application(seed=115).items() if k != "what_matters"},
    "for another": application(seed=116, submitter={"national_id": national_id(116), "name": "Pål Pårørende", "role": "relative", "basis": "later"},
                               applicant={"national_id": None, "name": "Áile Eksempel"}),
    "the transport card": application(seed=117, services=["TT"]),
    "acute": application(seed=118, urgency="acute"),
}


@pytest.fixture(scope="module")
def letters(system):
    folder = STATE / "letters"
    folder.mkdir(exist_ok=True)
    cases = {name: system.post(document).json()["case_id"] for name, document in LETTERS.items()}
    system.settle()
    made = {}
    for i, (name, case_id) in enumerate(cases.items()):
        made[name] = folder / f"{i}.pdf"
        made[name].write_bytes(system.http.get(f"{system.public}/api/v1/cases/{case_id}/letters/1", timeout=10).content)
    return made


def text_of(path):
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("flavour", ["2a", "ua1"])
def test_every_letter_is_archivable_and_accessible(letters, flavour):
    libs = str(ROOT / "build/verapdf/libs/*")
    done = subprocess.run(["java", "-cp", libs, "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", flavour, "--format", "text",
                           *letters.values()], capture_output=True, text=True)
    verdicts = [line.split()[0] for line in done.stdout.splitlines() if ".pdf" in line]
    assert verdicts == ["PASS"] * len(letters), done.stdout


SAID = [
    ("nb", "Vi har mottatt søknaden din"), ("nb", "Vi ringer deg senest"), ("nb", "Å bo hjemme og gå i hagen."),
    ("nn", "Vi har fått søknaden din"), ("nn", "Vi ringjer deg seinast"),
    ("en gets nb", "Vi har mottatt søknaden din"),
    ("long with Sámi on page two", "Ánddir, med čáhci, ŋ, š, ŧ og ž"),
    ("hostile Markdown", "# ikke en tittel"), ("hostile Markdown", "*ikke kursiv* <b>x</b> | a | b |"), ("hostile Markdown", "[a](b) &amp; \\ `x`"),
    ("hostile Markdown", "*Ola* Šuoŋŋa <Nordmann> & | x"), ("hostile Markdown", "> ikke sitat"),
    ("for another", "Søknaden gjelder Áile Eksempel."), ("the transport card", "fylkeskommunen"),
]


@pytest.mark.parametrize("name, words", SAID)
def test_the_letter_says(letters, name, words):
    assert words in text_of(letters[name])


def test_sami_letters_stand_on_page_two(letters):
    second = subprocess.run(["pdftotext", "-f", "2", "-l", "2", letters["long with Sámi on page two"], "-"], capture_output=True, text=True).stdout
    assert "čáhci" in second and "æ, ø og å" in second


def test_what_no_font_can_draw_is_told_to_operators_without_what_it_says(system):
    def boxes():
        lines = requests.get(f"http://127.0.0.1:{system.addresses['letters']}/metrics", timeout=5).text.splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith('tillit_letter_glyphs_missing_total{kind="receipt"}'))
    before = boxes()
    case_id = system.post(application(seed=119, what_matters="Fra Word: \uf0b7\uf0a7")).json()["case_id"]
    system.settle()
    told = [json.loads(line) for line in system.log("letters").splitlines() if f"{case_id}.1" in line and "no font" in line]
    assert [(line["level"], line["letter_id"], line["detail"]) for line in told] == [("error", f"{case_id}.1", "Zzzz U+F0xx")]
    assert boxes() == before + 2


@pytest.mark.parametrize("name", ["no words of one's own"])
def test_what_was_not_written_is_not_quoted(letters, name):
    assert "viktig for deg\n" not in text_of(letters[name]).replace("om hva som er viktig for deg", "")


def test_the_transport_card_names_no_day(letters):
    assert "Vi ringer deg senest" not in text_of(letters["the transport card"])

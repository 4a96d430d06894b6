# SPDX-License-Identifier: EUPL-1.2
"""The pages in a browser: accessible, in plain words, and whole without JavaScript."""
import re
import shutil
import subprocess
import sys

import pytest
import requests

from conftest import PROGRAMS, ROOT, STATE
from on_page import assert_accessible, come, fill


def test_the_form_has_no_violations_and_what_matters_comes_first(system, page):
    come(system, page, 99)
    assert_accessible(page, "form")
    assert page.locator("h2").first.inner_text() == "Hva er viktig for deg?"
    assert page.locator("html").get_attribute("lang") == "nb"


def test_errors_are_listed_linked_and_nothing_typed_is_lost(system, page):
    come(system, page, 99)
    page.get_by_label("Hva er viktig for deg i hverdagen?").fill("Hagen")
    page.get_by_label("En jeg er pårørende til").check()
    page.locator("#applicant-national_id").fill("13097248023")
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_selector("#summary")
    assert_accessible(page, "errors")
    assert page.get_by_label("Hva er viktig for deg i hverdagen?").input_value() == "Hagen"
    for link in page.locator("#summary a").all():
        assert page.locator(link.get_attribute("href")).count() == 1, f"{link.inner_text()} leads nowhere"
    assert "Sifrene stemmer ikke" in page.locator("#summary").inner_text()
    assert "13097248023" not in page.locator("#summary").inner_text()


def test_an_application_is_sent_and_quoted_on_receipt_and_status_page(system, page):
    come(system, page, 100)
    fill(page)
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_url("**/status/*")
    assert_accessible(page, "receipt")
    assert re.search(r"T-[0-9A-Z]{9}", page.locator(".reference").inner_text())
    system.settle()
    page.goto(page.url.split("?")[0])
    assert_accessible(page, "status")
    assert "Å kunne gå i hagen.\nOg å sove trygt." in page.locator("blockquote").inner_text()
    assert page.get_by_role("link", name="Kvittering for søknaden (PDF)").count() == 1


def test_everything_works_without_javascript(system, page_without_javascript):
    page = page_without_javascript
    come(system, page, 101)
    page.get_by_role("button", name="Send søknaden").click()
    assert page.locator("#summary a").count() > 3
    fill(page)
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_url("**/status/*")
    page.screenshot(path=STATE.parent / "page-mobile.png", full_page=True)
    assert page.get_by_text("Takk, vi har fått søknaden din").count() == 1


def test_the_same_form_sent_twice_gives_one_application(system, page):
    """A double click, or a browser that sends again after a lost answer."""
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    come(system, page, 102)
    fill(page)
    page.get_by_role("button", name="Send søknaden").click()
    page.wait_for_url("**/status/*")
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    before = system.one("SELECT count(*) FROM applications")
    again = requests.post(system.public + "/soknad", data=sent[0], headers=form, allow_redirects=False, timeout=10)
    assert again.status_code == 303 and page.url.endswith(again.headers["Location"])
    other = requests.post(system.public + "/soknad", data=sent[0].replace("dusje", "bade"), headers=form, allow_redirects=False, timeout=10)
    assert other.status_code == 422 and "alt sendt" in other.text
    assert system.one("SELECT count(*) FROM applications") == before


def test_the_operators_page(system, page):
    system.operator()  # whoever comes now is one
    page.goto(system.internal + "/drift")
    assert_accessible(page, "drift")
    for program in PROGRAMS:
        assert page.get_by_role("rowheader", name=program, exact=True).count() >= 1


WRONG_WORDS = {  # file, what is written there, what instead, what the build says
    "not in a language of its group": ("common/words/texts/case.words", "en  The case is closed", "", "case.words: case.CLOSED is not said in en"),
    "in a language that its group has not": ("common/words/texts/pages.words", "skip  ", "skip  en  To the content\n  ", "pages.words:4: skip has en twice, or its group has not"),
    "twice": ("common/words/texts/pages.words", "skip ", "send  nb  Send\nskip ", "send stands in common/words/texts/form.words as well"),
    "asked for by a template": ("services/api/web/templates/layout.html", "{{t.skip}}", "{{t.skipp}}", "layout.html: asks for skipp, which is no word"),
    "a code's": ("common/words/codes.def", '"mandate_over", ', '"mandate_over", "mandate_ower", ', "codes.def: asks for ended_mandate_ower, which is no word"),
    "asked for by a program": ("services/api/page/texts.c", 'text_of("owner_any")', 'text_of("owner")', "texts.c: asks for owner, which is no word"),
    "nobody's": ("common/words/texts/pages.words", "skip ", "left_over  nb  Til overs\nskip ", "pages.words: nobody asks for left_over"),
    "no word": ("common/words/texts/pages.words", "skip ", "skip\nskip ", "pages.words:4: neither a key, a language and a text"),
}


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_nothing_is_built_while_a_word_is(name, tmp_path):
    for folder in ("common", "services"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    build = lambda: subprocess.run([sys.executable, ROOT / "deploy/build/words.py"], cwd=tmp_path, capture_output=True, text=True)
    assert build().returncode == 0
    file, written, instead, says = WRONG_WORDS[name]
    text = (tmp_path / file).read_text()
    assert written in text
    (tmp_path / file).write_text(text.replace(written, instead, 1))
    assert (answer := build()).returncode != 0 and says in answer.stderr and answer.stdout == ""

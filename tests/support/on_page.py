# SPDX-License-Identifier: EUPL-1.2
"""What a page must be for everybody, how a form is filled in, and what months are called."""
from axe_playwright_python.sync_playwright import Axe
from conftest import STATE, national_id

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def assert_accessible(page, name):
    page.screenshot(path=STATE.parent / f"page-{name}.png", full_page=True)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def come(system, page, seed):
    """As that person: their issuer logs them in by itself."""
    system.logins.citizens.person = national_id(seed)
    page.goto(system.public + "/soknad")
    page.wait_for_url(system.public + "/soknad")


def fill(page):
    page.get_by_label("Hva er viktig for deg i hverdagen?").fill("Å kunne gå i hagen.\nOg å sove trygt.")
    page.locator("#needs").fill("Å dusje.")
    page.get_by_label("Jeg bor alene").check()
    page.locator("#urgency-none").check()
    page.locator("#in_hospital-no").check()
    page.get_by_label("Hjemmesykepleie").check()
    page.get_by_label("Meg selv").check()
    page.get_by_label("Navnet ditt").fill("Kari Prøve")
    page.get_by_label("Det jeg har skrevet").check()


MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()

# SPDX-License-Identifier: EUPL-1.2
"""Cases of several people, and who takes part in them."""
import re

from conftest import national_id


def send_for(visitor, seed, role, basis=None, name="Ola Prøve", **changes):
    fields = {"submitter/role": role, "applicant/name": name, **({"submitter/basis": basis} if basis else {}),
              **({"applicant/national_id": national_id(seed)} if seed else {}), **changes}
    sent = visitor.submit(**fields)
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"].split("?")[0]


def case_of(system, status):
    return system.one("SELECT case_id FROM applications WHERE id = %s", status.rsplit("/", 1)[1])


def parties(system, case_id):
    return system.rows("SELECT parts, role, basis, until FROM case_parties WHERE case_id = %s ORDER BY n", case_id)


def listed(visitor, path="/mine"):
    """What stands on the page, from the newest: (heading, address)."""
    page = visitor.get(path)
    assert page.status_code == 200, page.text
    return [(text, href) for href, text in re.findall(r'<h2[^>]*><a class="ds-link" href="([^"]+)">([^<]+)</a></h2>', page.text)]

# SPDX-License-Identifier: EUPL-1.2
"""Every file and test that tests/README.md names exists (a test's name may be cut short by "..."), and every place that a README.md leads to; the
first one is read in a few minutes."""
import re
import subprocess
import sys
from pathlib import Path

LONGEST_FIRST = 150  # lines of the README at the top

readmes = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*README.md"], capture_output=True, text=True, check=True).stdout.split()
text = Path("tests/README.md").read_text()
files = {path.name: path for path in Path("tests").rglob("*") if path.suffix in (".py", ".c", ".h")}
defined = re.findall(r"^def (test_\w+)\(", "".join(path.read_text() for name, path in files.items() if name.startswith("test_")), re.M)
plays = [name[:-3] for name in files if name.startswith("test_")]
faults = [f"tests/README.md: there is no file {name}" for name in sorted(set(re.findall(r"\b\w+(?:_test|_fuzz)\.c\b|\btest_\w+\.py\b", text))) if name not in files]
faults += [f"tests/README.md: there is no test {name}" for name in sorted(set(re.findall(r"\btest_\w+(?!\w|\.py)", text)))
           if not any(known.startswith(name) for known in defined + plays)]

sources = set(subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True).stdout.split())
for name in sorted(set(re.findall(r"(?<![\w/.*<])[\w/]+\.(?:c|h|def|sql|sh|tsv)\b(?!\w)", text))):
    if not any(path == name or path.endswith("/" + name) for path in sources):
        faults.append(f"tests/README.md: there is no file {name}")


def anchors(page):
    """As a forge makes them of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", page.read_text(), re.M)}


for readme in map(Path, readmes):
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", readme.read_text()):
        page = readme.parent / target if target else readme
        if not page.exists():
            faults.append(f"{readme} leads to {target}, which there is not")
        elif anchor and page.is_file() and anchor not in anchors(page):
            faults.append(f"{readme} leads to {target}#{anchor}, and no heading there is called so")
if len(Path("README.md").read_text().splitlines()) > LONGEST_FIRST:
    faults.append(f"README.md has more than {LONGEST_FIRST} lines: a room's own README.md is the place")
for fault in faults:
    print(f"lint: {fault}")
sys.exit(bool(faults))

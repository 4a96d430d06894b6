# SPDX-License-Identifier: EUPL-1.2
"""Every file and test that tests/README.md names exists. A test's name may be cut short by "..."."""
import re
import sys
from pathlib import Path

text = Path("tests/README.md").read_text()
files = {path.name: path for path in Path("tests").rglob("*") if path.suffix in (".py", ".c", ".h")}
defined = re.findall(r"^def (test_\w+)\(", "".join(path.read_text() for name, path in files.items() if name.startswith("test_")), re.M)
plays = [name[:-3] for name in files if name.startswith("test_")]
faults = [f"there is no file {name}" for name in sorted(set(re.findall(r"\b\w+(?:_test|_fuzz)\.c\b|\btest_\w+\.py\b", text))) if name not in files]
faults += [f"there is no test {name}" for name in sorted(set(re.findall(r"\btest_\w+(?!\w|\.py)", text)))
           if not any(known.startswith(name) for known in defined + plays)]
for fault in faults:
    print(f"lint: tests/README.md: {fault}")
sys.exit(bool(faults))

# SPDX-License-Identifier: EUPL-1.2
"""The checks that Tillit holds itself to and the tests that show each (tests/security.tsv): every row is there, every test exists, and what
is missing is said."""
import re
import sys
from pathlib import Path

WANTED = [*range(1, 7), *range(8, 26), *range(27, 41), 45, 47]  # 7, 26, 41 to 44, 46 and 48 are looked after elsewhere


def exists(name):
    """A play, a unit test, or a handler's test or table."""
    file, test = name.split("::")
    pattern = rf"(cmocka_unit_test\w*|ADD_ROWS|ADD_TEST)\({test}\b" if file.endswith(".c") else rf"^def {test}\("
    return any(re.search(pattern, path.read_text(), re.M) for path in Path("tests").glob(f"*/{file}"))


rows = [line.split("\t") for line in Path("tests/security.tsv").read_text().splitlines()[1:]]
faults = [f"row {row[0]} has {len(row)} columns" for row in rows if len(row) != 4]
if not faults:
    numbers = [int(number) for number, *_ in rows]
    faults += [f"row {n} is missing" for n in WANTED if n not in numbers] + [f"row {n} comes twice" for n in set(numbers) if numbers.count(n) > 1]
    faults += [f"row {number}: there is no test {name}" for number, _, tests, _ in rows for name in tests.split() if not exists(name)]
    faults += [f"row {number} is shown by nothing, and nothing is said to be missing" for number, _, tests, missing in rows if not tests and not missing]
    lacking = [(number, missing) for number, _, _, missing in rows if missing]
    print(f"security:                       {len(rows)} checks, {len(rows) - len(lacking)} shown whole; something is missing in {len(lacking)}:")
    for number, missing in lacking:
        print(f"           {number}: {missing}")
for fault in faults:
    print(f"lint: tests/security.tsv: {fault}")
sys.exit(bool(faults))

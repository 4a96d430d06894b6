# SPDX-License-Identifier: EUPL-1.2
"""What people read, by key, as the programs have it (common/words/texts/)."""
import re
from pathlib import Path

TEXTS = Path(__file__).resolve().parent.parent / "common/words/texts"


def words(language="nb"):
    said, key = {}, None
    for file in sorted(TEXTS.glob("*.words")):
        for own, of, text in re.findall(r"^(\S*)\s+(nb|nn|en)  (.*)$", file.read_text(), re.M):
            key = own or key
            if of == language:
                said[key] = text
    return said

# SPDX-License-Identifier: EUPL-1.2
"""common/words/texts/*.words -> the table of words.c, sorted by key. A file is a group of keys; its line "languages" says in which each of
them must be said. A line is a key, a language and the text; one that begins with a blank says the key before in another language.

No table is made, and what is wrong is told with file, key and language, where a key lacks a language of its group or is said twice, where a
template, a program or a code of common/words/codes.def asks for a word that is not there, and where nobody asks for one that is."""
import re
import sys
from pathlib import Path

LANGUAGES = ("nb", "nn", "en")  # in the order of enum language
faults = []
words = {}  # key -> (file, languages it must have, {language: text})


def read(path):
    must, key = None, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("languages "):
            must = line.split()[1:]
            continue
        found = re.fullmatch(r"(\S+)?\s+(nb|nn|en)\s+(\S.*)", line)
        if not found or not must or not (found[1] or key):
            faults.append(f"{path}:{number}: neither a key, a language and a text, nor another language of the key before")
            continue
        if found[1]:
            key = found[1]
            if key in words:
                faults.append(f"{path}:{number}: {key} stands in {words[key][0]} as well")
            words[key] = (path, must, {})
        if found[2] in words[key][2] or found[2] not in must:
            faults.append(f"{path}:{number}: {key} has {found[2]} twice, or its group has not")
        words[key][2][found[2]] = found[3]


def asked():
    """What templates and programs ask for: keys by themselves, and beginnings of keys that the rest is added to."""
    keys, literals = {}, set()
    for path in sorted(Path("services/api/web/templates").glob("*.html")):
        for key in re.findall(r"\{\{t\.([^}]+)\}\}", path.read_text()):
            keys[key] = path
    for path in sorted(p for folder in ("common", "services") for p in Path(folder).rglob("*.[cd]*") if p.suffix in (".c", ".def")):
        text = path.read_text()
        literals |= set(re.findall(r'"([\w./]+)(?=["%])', text))
        keys.update({key: path for key in re.findall(r'^ROOM\("(\w+)"', text, re.M)})
        for call, first, second in re.findall(r'\b(text_of|page_render|page_message|page_onward)\((?:s, )?"([\w./]+)"(?:, "([\w.]+)")?', text):
            needed = [first] if call == "text_of" else [second] if call == "page_render" else [f"{first}_heading", f"{first}_text"]
            keys.update({key: path for key in needed if key})
    return keys, literals


def coded():
    """The words of codes: what stands before them in the row of their vocabulary, and each of them."""
    path = Path("common/words/codes.def")
    text = path.read_text()
    for name, codes in re.findall(r'^#define (\w+) +(".*)', text, re.M):
        text = text.replace(name, codes)
    return {before + code: path for before, row in re.findall(r'^(?:CODES|NAMED)\(\w+, +"([^"]+)",(.*)', text, re.M) for code in re.findall(r'"(\w+)"', row)}


for file in sorted(Path("common/words/texts").glob("*.words")):
    read(file)
for key, (path, must, said) in words.items():
    faults += [f"{path}: {key} is not said in {language}" for language in must if language not in said]
keys, literals = asked()
keys.update(coded())
faults += [f"{path}: asks for {key}, which is no word" for key, path in keys.items() if key not in words]
begun = tuple(text for text in literals if text.endswith(("_", ".")) and len(text) > 1)
for key, (path, _, _) in words.items():
    named = re.sub(r"_(heading|text)$", "", key)
    if key not in keys and key not in literals and named not in literals and not key.startswith(begun):
        faults.append(f"{path}: nobody asks for {key}")
if faults:
    sys.exit("\n".join(faults))
quoted = lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if text else "NULL"
print("/* Generated from common/words/texts/. */")
for key in sorted(words, key=lambda key: key.encode()):
    said = words[key][2]
    print(f"    {{ {quoted(key)}, {{ {', '.join(quoted(said.get(language)) for language in LANGUAGES)} }} }},")

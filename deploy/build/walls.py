# SPDX-License-Identifier: EUPL-1.2
"""The walls of the house: which folder may include which, one header per file, no two files in a circle. Prints what it counted; exits
non-zero on a breach.

A folder of common/ includes only those above it in COMMON; services include common/ and themselves; a room of the API only those above it
in ROOMS. A function that others call is declared in the header of its own file's name; headers that several files share are named
here: those of a whole folder (<folder>/<folder>.h of a service, *_private.h) and rooms' own in SHARED."""
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

COMMON = {  # each includes only itself and those above it
    "base": "memory (arena), texts, ids, base64, addresses: what knows nothing of us",
    "time": "the one clock, the calendar of Oslo, instants as texts",
    "problem": "all that can go wrong (problem.def), and the scope that every function works in",
    "record": "structs to JSON and back by one descriptor each; schemas",
    "program": "settings, log, metrics, health: what a program is",
    "db": "PostgreSQL: connections, statements, rows, arrays, transactions",
    "seal": "the key ring, and what it seals (seal.def)",
    "words": "words and closed vocabularies, the catalogue of services",
    "page": "templates, Markdown, files that are built in",
    "http": "two listeners, the guard before them, limits, cookies",
    "token": "JWS, key sets, issuers, what goes out to them",
    "who": "who asks, by which role, for which municipalities; the access log and its chain",
    "event": "types of events, and saying them",
    "case": "the case's law: statuses, deadlines, rules, people",
    "letter": "letters, from facts to Markdown",
    "indicator": "what the council was promised, as figures",
    "operator": "operators' acts",
    "kafka": "Kafka, and what it refuses in words",
    "start": "the start and the end of every program, its health, its answers",
    "api": "the skeleton of a service with routes",
    "worker": "the skeleton of a worker",
}
LAYERS = list(COMMON)
ROOMS = {  # of the API: each includes common/, itself and those above it
    "tenants": "whom the installation serves, who may come and where they log in; what the API keeps between requests",
    "page": "what pages are made of: words, templates, bars, files, whose a page is",
    "once": "what is sent twice happens once: Idempotency-Key",
    "case": "a case and its letters as staff and systems see them, a talk, how one of the staff stands to a case",
    "login": "logging in and out, sessions; whom a system's token speaks for",
    "application": "what an application is, taking it in, what became of it",
    "form": "the form: a table of questions, the page and the document that are made from it",
    "citizen": "a citizen's other pages, and words for whoever is refused one",
    "console": "staff's pages: cases, emergencies, figures, set-up",
    "operations": "operators' pages and documents: what is parked, acts, throughput, readiness",
    "access": "the access log, for whom it is about and for privacy officers",
    "rest": "what other systems are given besides: agenda, figures, the contract",
}
FLOORS = list(ROOMS)
SHARED = {  # headers whose functions several files of their folder hold
    "services/letters/typeset.h", "services/upkeep/renew.h", "services/ops/pack.h",
}
MOST_MODULES = 15  # in a folder: more want a wall

if sys.argv[1:]:
    print("| Folder | What lives there |\n|---|---|")
    print("\n".join(f"| [`{folder}/`]({folder}/) | {what} |" for folder, what in {"--layers": COMMON, "--rooms": ROOMS}[sys.argv[1]].items()))
    sys.exit()

# A row of routes.def declares its handler.
HANDLERS = set(re.findall(r'^\w+\((?:"?\w+"?, +)*"/[^"]*", +(\w+),', Path("services/api/routes.def").read_text(), re.M))

files = sorted(path for folder in ("common", "services") for path in Path(folder).rglob("*.[ch]"))
text = {path: re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S) for path in files}
breaches = []


def included(path):
    return re.findall(r'^#include "((?:common|services)/[^"]+)"', text[path], re.M)


def room(path):
    parts = Path(path).parts
    return parts[1] if parts[0] == "common" else parts[2] if parts[1] == "api" and len(parts) > 3 else None


def may(path, header):
    ours, theirs = path.parts, Path(header).parts
    if theirs[0] == "common":
        return ours[0] != "common" or LAYERS.index(theirs[1]) <= LAYERS.index(ours[1])
    if ours[0] == "common" or ours[1] != theirs[1]:
        return False
    if ours[1] != "api" or room(path) is None:
        return True  # what stands before all rooms: main, routes
    return header == "services/api/routes.h" or room(header) is not None and FLOORS.index(room(header)) <= FLOORS.index(room(path))


def defined(path):
    """Functions that others may call, by name."""
    return set(re.findall(r"^(?!static|typedef|#|\s)[a-z][\w \t*]*?\b(\w+)\([^;{}]*\)\s*\{", text[path], re.M))


def declared(path):
    body = re.sub(r"\{[^{}]*\}", "", text[path])
    return set(re.findall(r"^(?!static|typedef|#|\s)[a-z][\w \t*]*?\b(\w+)\([^;{}]*\)\s*(?:__attribute__\(\(.*\)\)\s*)?;", body, re.M))


def headers_for(path):
    shared = [p for p in path.parent.glob("*.h") if p.name.endswith("_private.h") or str(p) in SHARED or p == Path("services", p.stem, p.name)]
    return [path.with_suffix(".h"), *shared]


def circles():
    """Sets of files that call each other both ways round, by what their text names."""
    names = {}
    for path in files:
        if path.suffix == ".c":
            names.update({(path.parts[:2], name): path for name in defined(path)})
    common = {name: path for (top, name), path in names.items() if top[0] == "common"}
    calls = {}
    for path in files:
        if path.suffix == ".c":
            own = {**common, **{name: p for (top, name), p in names.items() if top == path.parts[:2]}}
            statics = set(re.findall(r"^static[^;{}=]*?\b(\w+)\(", text[path], re.M))
            calls[path] = {own[word] for word in set(re.findall(r"(?<![\w.>])(\w+)\(", text[path])) - statics if word in own} - {path}
    return [sorted(map(str, knot)) for knot in knots(calls)]


def knots(graph):
    """Strongly connected sets of more than one (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph[node]:
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            knot = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(knot) > 1:
                found.append(knot)
    sys.setrecursionlimit(10000)
    for node in graph:
        if node not in index:
            visit(node)
    return found


for path in files:
    breaches += [f"{path} includes {header}, which lies below it" for header in included(path)
                 if (Path(header).suffix != ".h" or Path(header).exists() or header.endswith("/queries.h")) and not may(path, header)]
    if path.suffix == ".c" and path.name != "main.c":
        homes = (HANDLERS if path.parts[1] == "api" else set()).union(*(declared(header) for header in headers_for(path) if header.exists()))
        breaches += [f"{path}: {name} is declared in no header of that name" for name in sorted(defined(path) - homes)]
knotted = circles()
breaches += [f"a circle: {' '.join(knot)}" for knot in knotted]
modules = defaultdict(set)
for path in files:
    modules[path.parent].add(path.stem)
crowded = {folder: len(stems) for folder, stems in modules.items() if len(stems) > MOST_MODULES}
breaches += [f"{folder} has {count} modules: it wants a wall" for folder, count in crowded.items()]
for breach in breaches:
    print(f"lint: {breach}")
lines = sum(len([line for line in re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S).splitlines() if line.strip()]) for path in files)
sql = sum(len([line for line in path.read_text().splitlines() if line.strip() and not line.startswith("--")])
          for folder in ("common", "services") for path in Path(folder).rglob("*.sql"))
fullest = max(modules, key=lambda folder: len(modules[folder]))
print(f"walls:                          {len(modules)} folders, at most {len(modules[fullest])} modules ({fullest}); circles: {len(knotted)}")
print(f"code:                           {lines} lines of C, {sql} of SQL in common/ and services/")
sys.exit(bool(breaches))

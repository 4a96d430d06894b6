# SPDX-License-Identifier: EUPL-1.2
"""Municipalities that there are not, and their packs."""
import json
import random

FIRST = ["Nord", "Sør", "Aust", "Vest", "Indre ", "Ytre ", "Store", "Lille", "Øvre ", "Nedre ", "Å", "Ærø", "Øy", "Bjørk", "Furu", "Gran", "Havre", "Krok", "Lang", "Myr"]
SECOND = ["dalen", "fjord", "nes", "vik", "sund", "bygd", "heim", "land", "eid", "voll", "haug", "strand", "vatn", "berg", "ås", "øya", "mark", "foss"]
NAMES = [f"{first}{second.capitalize() if first.endswith(' ') else second} kommune" for first in FIRST for second in SECOND][:357]
NUMBERS = [str(6000 + n) for n in range(len(NAMES))]


def organisation(seed):
    """A synthetic one: begins with 3, and its control digit is right."""
    dice = random.Random(seed)
    while True:
        digits = [3] + [dice.randint(0, 9) for _ in range(7)]
        control = -sum(w * d for w, d in zip([3, 2, 7, 6, 5, 4, 3, 2], digits)) % 11
        if control < 10:
            return "".join(map(str, digits + [control]))


def pack(number="6900", **changes):
    document = {
        "number": number,
        "name": f"Prøvestad {number} kommune",
        "organisation": organisation(f"kommune {number}"),
        "branding": {"phone": "55 00 00 00", "address": "Prøvegata 1, 5999 Prøvestad", "web": "https://www.provestad.example.no", "accent": "#8a1538"},
        "teams": [{"code": "tildelingsteam", "name": "Tildelingsteam", "department": "ho", "weekday": 2, "starts": "10:00", "slots": 4, "slot_minutes": 30,
                   "members": [{"name": "Synne Testberg", "profession": "sykepleier"}, {"name": "Odd Prøvestad", "profession": "vernepleier"}]}],
        "staff": [{"name": "Synne Testberg", "role": "team_leader", "subject": "s-1"}, {"name": "Odd Prøvestad", "role": "caseworker", "subject": "s-2"}],
        "staff_login": {"issuer": "https://login.provestad.example.no", "client": "tillit", "roles_claim": "groups",
                        "roles": [{"value": "tildeling", "role": "caseworker"}, {"value": "leder", "role": "team_leader"}]},
        "rules": {"first_talk_days": 5, "first_talk_urgent_days": 2, "team_services": 2, "team_step": 4},
        "systems": [{"organisation": organisation(f"system {number}"), "name": f"Prøvestad {number} journal"}],
    }
    document.update(changes)
    return document


def write(folder, *packs):
    """Their files."""
    paths = []
    for n, one in enumerate(packs):
        path = folder / f"{one.get('number', 'pack')}-{n}.json"
        path.write_text(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False))
        paths.append(str(path))
    return paths

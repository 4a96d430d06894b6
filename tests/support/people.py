# SPDX-License-Identifier: EUPL-1.2
"""Synthetic people and what they send."""
import random


def with_checks(digits):
    """The eleven digits, by the rule of 1964; None if these nine have no check digits."""
    for weights in ([3, 7, 6, 1, 8, 9, 4, 5, 2], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]):
        digits = [*digits, -sum(w * d for w, d in zip(weights, digits)) % 11]
    return "".join(map(str, digits)) if max(digits) < 10 else None


def national_id_of(born, month_added=80):
    """Of who is born that day in this century: the first that there is."""
    numbers = (with_checks([int(c) for c in "%02d%02d%02d%03d" % (born.day, born.month + month_added, born.year % 100, individual)]) for individual in range(500, 1000))
    return next(number for number in numbers if number)


def national_id(seed, month_added=80):
    """A synthetic one: month + 80, checksums by the rule of 1964."""
    dice = random.Random(seed)
    while True:
        number = with_checks([int(c) for c in "%02d%02d%02d%03d" % (
            dice.randint(1, 28), dice.randint(1, 12) + month_added, dice.randint(20, 99), dice.randint(0, 499))])
        if number:
            return number


def application(seed=1, **changes):
    document = {
        "municipality": "4627",
        "language": "nb",
        "submitter": {"national_id": national_id(seed), "name": "Kari Prøve", "role": "self"},
        "what_matters": "Å bo hjemme og gå i hagen.",
        "needs": "Hjelp til å dusje.",
        "urgency": "none",
        "in_hospital": False,
        "household": "alone",
        "services": ["HSH"],
        "confirmed": True,
    }
    document.update(changes)
    return document

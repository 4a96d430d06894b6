# SPDX-License-Identifier: EUPL-1.2
"""The one clock of tests, harnesses and their issuers: the machine's, moved by what the programs' own clock file says. Whoever
asks for the time of day asks here, so that make test holds on any day and can be told to be on another:

    make test DAY=2027-03-28            the time of day is kept
    make test DAY=2027-03-28T23:58      in Oslo

In a test's SQL, :now is that moment. Certificates alone live by the machine: OpenSSL looks at nothing else.
As a program it says how many seconds away a day is:  clock.py 2027-03-28"""
import os
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
DAY = int(os.environ.get("TILLIT_TEST_OFFSET") or 0)  # seconds from the machine's clock to the day that make test was told


def file_of(file=None):
    return Path(file or os.environ.get("TILLIT_CLOCK_FILE") or os.devnull)


def put(later=0, file=None):
    """The programs of that file are so many seconds later than the day of the whole run; they see it within a second."""
    path = file_of(file)
    beside = path.with_name(path.name + ".new")  # a program never reads half a number
    beside.write_text(f"{DAY + int(later)}\n")
    beside.rename(path)


@contextmanager
def standing_at(moment):
    """It is that moment for whoever reads the programs' own file, and time goes on from there: put() counts from it."""
    global DAY
    before, DAY = DAY, round(moment.timestamp() - time.time())
    try:
        put()
        yield
    finally:
        DAY = before
        put()


def offset(file=None):
    try:
        return int(file_of(file).read_text())
    except (OSError, ValueError):
        return DAY


def seconds(file=None):
    """Since 1970, as the programs see it."""
    return time.time() + offset(file)


def now():
    return datetime.fromtimestamp(seconds(), timezone.utc)


def today():
    """In Oslo."""
    return now().astimezone(OSLO).date()


def rfc3339(later=0):
    return (now() + timedelta(seconds=later)).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(sql):
    """The statement with its :now filled in."""
    return sql.replace(":now", f"'{now().isoformat()}'::timestamptz") if ":now" in sql else sql


def machine():
    """For certificates."""
    return datetime.now(timezone.utc)


def month(day, further=0):
    """The first of the month of that day, or of one so many months further."""
    return date(day.year + (day.month - 1 + further) // 12, (day.month - 1 + further) % 12 + 1, 1)


def easter(year):
    """Its Sunday, as Meeus, Jones and Butcher reckon it."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


def is_working_day(day):
    moving = {easter(day.year) + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    return day.weekday() < 5 and day not in moving and (day.month, day.day) not in {(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)}


def working_day(day, n):
    """The n-th working day after that day."""
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def last_sunday(day, month):
    return day.month == month and day.weekday() == 6 and day.day > 24


# Days on which a calendar shows whether it is one, and when on them; each next time that it comes, in their order.
DAYS = {
    "28 February": (lambda d: (d.month, d.day) == (2, 28), "12:00:00"),
    "29 February": (lambda d: (d.month, d.day) == (2, 29), "23:30:00"),
    "Maundy Thursday, while it is Wednesday in UTC": (lambda d: d == easter(d.year) - timedelta(days=3), "00:20:00"),
    "to summer time": (lambda d: last_sunday(d, 3), "01:59:57"),
    "16 May": (lambda d: (d.month, d.day) == (5, 16), "20:00:00"),
    "from summer time, the hour that comes twice": (lambda d: last_sunday(d, 10), "02:59:57"),
    "New Year's Eve": (lambda d: (d.month, d.day) == (12, 31), "23:59:57"),
    "New Year's Day": (lambda d: (d.month, d.day) == (1, 1), "00:30:00"),
    "the last of a month that the next does not have": (lambda d: (d.month, d.day) == (1, 31), "22:59:57"),
    "the first of a month": (lambda d: (d.month, d.day) == (6, 1), "00:00:03"),
}


def days():
    """(name, moment) of each."""
    def moment(is_it, at):
        day = today() + timedelta(days=1)
        while not is_it(day):
            day += timedelta(days=1)
        return datetime.combine(day, datetime.strptime(at, "%H:%M:%S").time(), OSLO)
    return sorted(((name, moment(*row)) for name, row in DAYS.items()), key=lambda row: row[1])


def away(text):
    """Seconds to that day or minute."""
    there = datetime.fromisoformat(text)
    here = datetime.fromtimestamp(time.time(), OSLO)
    if len(text) == len("2027-03-28"):
        there = datetime.combine(there.date(), here.time())
    return round(there.replace(tzinfo=OSLO).timestamp() - here.timestamp())


if __name__ == "__main__":
    print(away(sys.argv[1]))

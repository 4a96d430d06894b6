# SPDX-License-Identifier: EUPL-1.2
"""Hostile records: of shapes that nobody has listed, as a stranger on Kafka could write them, and what the law says of each:
one whose type is taken and whose name the log lacks is parked by place, every other is skipped."""
import uuid


def some_text(r):
    return r.choice([None, b"", b"\0", b" ", b"\xff\xfe\xfd", "æøå‮".encode(), b"x" * 199, b"x" * 201, b"x" * 100_000, b"null", b"{}", b"%s%n", b"'; DROP TABLE cases --",
                     bytes(r.randrange(256) for _ in range(r.randrange(1, 60)))])


def some_id(r, known):
    one = r.choice(known + [str(uuid.uuid4())])
    return r.choice([one, one.upper(), one.title(), one.replace("-", ""), "{" + one + "}", one + " ", one[:-1], "urn:uuid:" + one, "0" * 36]).encode()


def some_number(r):
    return r.choice([b"1", b"2", b"3", b"0", b"-1", b"01", b"+1", b"1.0", b"1e1", b"2147483647", b"2147483648", b"9223372036854775808", b"-9223372036854775808",
                     b"9" * 150, "１".encode(), b"0x1", b"1 "])


def some_value(r):
    return r.choice([None, b"", b"{}", b"\0\0", b"{ not json", b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b"\xff" * 50, b"x" * 400_000, b"null", b'{"services": ["\\u0000"]}'])


def types_of(taken):
    """The types that a record may have: mostly such as somebody takes."""
    return sorted(set(taken)) * 3 + ["no.tillit.unheard.of.v1", "", "no.tillit.application.received.v2"]


def headers_of(r, types, known):
    fields = {"ce_type": lambda: r.choice(types).encode(), "ce_subject": lambda: some_id(r, known), "ce_caseseq": lambda: some_number(r), "ce_time": lambda: b"2026-11-24T09:12:33.123Z",
              "ce_specversion": lambda: b"1.0", "ce_id": lambda: b"x", "ce_source": lambda: b"test"}
    headers = [(name, make()) for name, make in fields.items()]
    for _ in range(r.choice([0, 0, 1, 1, 2])):
        at = r.randrange(len(headers))
        change = r.choice(["drop", "spoil", "spoil", "twice"])
        if change == "drop":
            headers.pop(at)
        elif change == "twice":
            headers.append((headers[at][0], r.choice([fields.get(headers[at][0], lambda: b"")(), some_text(r)])))
        else:
            headers[at] = (headers[at][0], some_text(r))
    return r.choice([headers, headers, headers, headers, headers + [("x" * 1000, b"y" * 1000)] * 20, []])


def last(headers, name):
    """As the law reads a header: the last of the name, if it is one that we could have written."""
    value = next((v for n, v in reversed(headers) if n == name), None)
    return value.decode(errors="replace") if value and len(value) <= 200 and b"\0" not in value else None


def name_of(subject, number):
    """The case and the number that they name, in the form in which the log has them; None: nothing that it could have."""
    try:
        case_id = str(uuid.UUID(subject)) if subject and len(subject) == 36 and subject.count("-") == 4 else None
    except ValueError:
        return None
    return (case_id, int(number)) if case_id and number and number.isascii() and number.isdigit() and number[0] != "0" else None


def is_of_the_log(log, headers):
    return name_of(last(headers, "ce_subject"), last(headers, "ce_caseseq")) in log


def hostile(r, count, types, known):
    """(key, headers, value) of as many records, some of which name one of the known cases."""
    for _ in range(count):
        yield r.choice([b"", None, b"\0", known[0].encode(), b"\xff" * 300]), headers_of(r, types, known), some_value(r)

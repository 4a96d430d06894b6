# SPDX-License-Identifier: EUPL-1.2
"""Other systems log in with an issuer's tokens: what their token holds, and whom the municipality has let in, decides."""
import os
import subprocess
import threading
import time
import uuid

import pytest
import requests

import clock
from conftest import BIN, application, until
from doors import running
from issuer import Issuer, Key, party
from letting_in import WHY, ops

ORGANISATION, STRANGER, NEIGHBOUR = "310987654", "310912344", "310999997"


@pytest.fixture(scope="module")
def issuer():
    one = Issuer()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def door(system, issuer):
    done = ops("let-in", ORGANISATION, "--name", "Askøy journal", "--municipality", "4627", *WHY)
    assert done.returncode == 0, done.stderr
    with running(TILLIT_SYSTEM_ISSUER=issuer.url) as one:
        yield one


def test_a_system_with_its_scope_sends_an_application_and_reads_its_case(system, issuer, door):
    answer = door.post(issuer.token(), seed=4200)
    assert answer.status_code == 201, answer.text
    system.settle()
    case = door.get(f"/api/v1/cases/{answer.json()['case_id']}", issuer.token())
    assert case.status_code == 200 and case.json()["case_id"] == answer.json()["case_id"]


def test_a_key_is_the_organisations_own(issuer, door):
    """Two systems that choose the same key do not meet each other's answers."""
    assert ops("let-in", STRANGER, "--name", "Sotra journal", "--municipality", "4627", *WHY).returncode == 0
    other = issuer.token(consumer=party(STRANGER))
    until("the API to know whom was let in", lambda: door.post(other, seed=4201).status_code == 201)
    first, again, second = door.post(issuer.token(), "same", seed=4202), door.post(issuer.token(), "same", seed=4202), door.post(other, "same", seed=4203)
    assert (first.status_code, second.status_code) == (201, 201)
    assert again.json() == first.json() and second.json() != first.json()


REFUSED = [
    ("expired", {"exp": int(clock.seconds()) - 60}),
    ("not valid yet", {"nbf": int(clock.seconds()) + 3600}),
    ("issued in the future", {"iat": int(clock.seconds()) + 3600}),
    ("without an end", {"exp": None}),
    ("another issuer's", {"iss": "https://maskinporten.no/"}),
    ("issuer without its slash", {"iss": "http://127.0.0.1"}),
]


@pytest.mark.parametrize("changes", [c for _, c in REFUSED], ids=[n for n, _ in REFUSED])
def test_a_token_that_is_not_good_is_refused_without_telling_why(issuer, door, changes):
    before = door.metric("tillit_tokens_refused_total")
    answer = door.post(issuer.token(**changes), seed=4210)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["type"] == "urn:tillit:problem:unauthenticated" and "detail" not in answer.json()
    assert door.metric("tillit_tokens_refused_total") == before + 1


FORGED = [
    ("signed with another key of the same name", lambda issuer: issuer.token(key=fake(issuer))),
    ("alg none", lambda issuer: issuer.token(header={"alg": "none"}).rsplit(".", 1)[0] + "."),
    ("alg HS256", lambda issuer: issuer.token(header={"alg": "HS256"})),
    ("crit", lambda issuer: issuer.token(header={"crit": ["exp"]})),
    ("no kid", lambda issuer: issuer.token(header={"kid": None})),
    ("a changed claim", lambda issuer: swap_claims(issuer)),
    ("8 KB and more", lambda issuer: issuer.token(much="x" * 9000)),
    ("no token at all", lambda issuer: "abc"),
    ("nothing", lambda issuer: ""),
]


def fake(issuer):
    key = Key()
    key.kid = issuer.keys[0].kid
    return key


def swap_claims(issuer):
    one, other = issuer.token().split("."), issuer.token(consumer=party(STRANGER)).split(".")
    return ".".join([one[0], other[1], one[2]])


@pytest.mark.parametrize("forge", [f for _, f in FORGED], ids=[n for n, _ in FORGED])
def test_a_forged_token_is_refused(issuer, door, forge):
    assert door.post(forge(issuer), seed=4211).status_code == 401


NOT_ALLOWED = [
    ("no scope", {"scope": None}),
    ("another scope", {"scope": "tillit:cases.read"}),
    ("a scope that only begins so", {"scope": "tillit:applications.writer"}),
    ("another prefix", {"scope": "tullit:applications.write"}),
    ("an organisation that was not let in", {"consumer": party("999888777")}),
    ("no organisation", {"consumer": None}),
    ("an organisation of another register", {"consumer": {"authority": "other", "ID": f"0192:{ORGANISATION}"}}),
    ("a number of another scheme", {"consumer": {"authority": "iso6523-actorid-upis", "ID": f"9908:{ORGANISATION}"}}),
]


@pytest.mark.parametrize("changes", [c for _, c in NOT_ALLOWED], ids=[n for n, _ in NOT_ALLOWED])
def test_a_good_token_opens_only_what_it_is_for(issuer, door, changes):
    answer = door.post(issuer.token(**changes), seed=4212)
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="tillit:applications.write"'


def test_a_system_comes_for_its_municipalities_only(system, issuer, door):
    system.rows("INSERT INTO municipalities (number, name) VALUES ('4601', 'Bergen kommune') ON CONFLICT DO NOTHING")
    assert ops("let-in", NEIGHBOUR, "--name", "Bergen journal", "--municipality", "4601", *WHY).returncode == 0
    neighbour = lambda: issuer.token(consumer=party(NEIGHBOUR))
    until("the API to know the new municipality", lambda: door.post(neighbour(), key="b", seed=4220, municipality="4601").status_code == 201)
    assert door.post(issuer.token(), seed=4221, municipality="4601").status_code == 403
    theirs = door.post(neighbour(), key="c", seed=4222, municipality="4601").json()
    assert door.get(f"/api/v1/cases/{theirs['case_id']}", issuer.token()).status_code == 404


def test_no_token_opens_what_is_no_systems(issuer, door):
    for path in ("/soknad", f"/status/{uuid.uuid4()}"):
        assert door.get(path, issuer.token()).status_code == 403
    assert requests.get(door.internal + "/api/v1/operations/causes", headers={"Authorization": f"Bearer {issuer.token()}"}, timeout=5).status_code == 403


def test_the_log_says_which_organisation_and_its_supplier_and_nothing_of_the_token(issuer, door):
    token = issuer.token(supplier=party(STRANGER))
    assert door.post(token, seed=4230).status_code == 201
    until("the log", lambda: any(f'"supplier":"{STRANGER}"' in line for line in door.lines))
    assert any(f'"client":"0192:{ORGANISATION}"' in line and '"answered"' in line for line in door.lines)
    assert not any(token.split(".")[1] in line or token.split(".")[2] in line for line in door.lines)


def test_one_who_is_shut_out_stays_out(issuer, door):
    organisation = "310955558"
    token = issuer.token(consumer=party(organisation))
    assert ops("let-in", organisation, "--name", "For a day", "--municipality", "4627", *WHY).returncode == 0
    until("the API to let it in", lambda: door.post(token, seed=4231).status_code == 201)
    assert f"{organisation}  For a day  for 4627" in ops("clients").stdout
    assert ops("shut-out", organisation, *WHY).returncode == 0
    until("the API to know that it is out", lambda: door.post(token, seed=4232).status_code == 403)
    assert "shut-out" in ops("acts").stdout and "Kari Drift" in ops("acts").stdout


@pytest.mark.parametrize("words, says", [
    (["let-in", "12345", "--name", "X y", "--municipality", "4627", *WHY], "target is format"),
    (["let-in", "987654321", "--name", "X y", "--municipality", "4627", *WHY], "target is checksum"),
    (["let-in", ORGANISATION, "--municipality", "4627", *WHY], "name is missing"),
    (["let-in", ORGANISATION, "--name", "X y", *WHY], "municipalities is missing"),
    (["let-in", ORGANISATION, "--name", "X y", "--municipality", "9999", *WHY], "there is no such municipality"),
    (["let-in", ORGANISATION, "--name", "X y", "--municipality", "4627"], "needs a reason"),
    (["shut-out", "900000000", *WHY], "there is no such client"),
], ids=["no organisation number", "a control digit amiss", "no name", "no municipality", "an unknown municipality", "no reason", "nobody to shut out"])
def test_letting_in_says_what_is_wrong(door, words, says):
    done = ops(*words)
    assert done.returncode != 0 and says in done.stderr


def test_keys_of_all_three_kinds_are_good(issuer, system):
    """And a key that is new is fetched when a token first names it."""
    mine = Issuer()
    mine.keys = [Key("RS256"), Key("ES256"), Key("PS256")]
    with running(TILLIT_SYSTEM_ISSUER=mine.url) as door:
        for key in mine.keys:
            until(f"a token of {key.alg} to be taken", lambda: door.post(mine.token(key=key), seed=4240).status_code == 201)
    mine.stop()


def test_a_flood_of_unknown_keys_does_not_flood_the_issuer(system):
    mine = Issuer()
    with running(TILLIT_SYSTEM_ISSUER=mine.url) as door:
        assert door.post(mine.token(), seed=4241).status_code == 201
        answers = [door.post(mine.token(key=Key("ES256")), seed=4242).status_code for _ in range(30)]
        assert answers == [401] * 30
        assert mine.asked.count("/jwks") <= 2, "the issuer was asked more than once in 30 s"
        assert door.post(mine.token(), seed=4243).status_code == 201
    mine.stop()


def test_while_the_issuer_is_away_its_last_keys_are_good(system):
    mine = Issuer()
    with running(TILLIT_SYSTEM_ISSUER=mine.url) as door:
        assert door.post(mine.token(), seed=4244).status_code == 201
        mine.away = True
        assert door.post(mine.token(), seed=4245).status_code == 201
        assert door.post(mine.token(key=Key("ES256")), seed=4246).status_code == 401
    mine.stop()


@pytest.mark.parametrize("spoil", [
    {"away": True}, {"body": "no json"}, {"body": '{"issuer": "https://elsewhere.example/", "jwks_uri": "http://127.0.0.1:1/"}'}, {"body": "x" * 300_000},
], ids=["away", "nonsense", "another's metadata", "too much"])
def test_an_issuer_that_never_answered_well_is_an_outage_and_no_refusal(system, spoil):
    mine = Issuer()
    for name, value in spoil.items():
        setattr(mine, name, value)
    with running(TILLIT_SYSTEM_ISSUER=mine.url) as door:
        assert door.post(mine.token(), seed=4247).status_code == 503
        mine.away, mine.body = False, None
        until("a token to be taken when it is back", lambda: door.post(mine.token(), seed=4248).status_code == 201)
    mine.stop()


def test_an_issuer_that_hangs_holds_nobody_but_who_asked_first(system):
    """More requests than the API has threads, and the form is there for others."""
    mine = Issuer()
    mine.slow = 6
    with running(TILLIT_SYSTEM_ISSUER=mine.url) as door:
        assert door.post(mine.token(), seed=4249).status_code == 503
        waiting = [threading.Thread(target=door.post, args=[mine.token()], kwargs={"seed": 4249}, daemon=True) for _ in range(80)]
        for one in waiting:
            one.start()
        began = time.monotonic()
        assert requests.get(door.public + "/openapi.json", timeout=20).ok
        assert time.monotonic() - began < 4
        mine.slow = 0
        for one in waiting:
            one.join(30)
    mine.stop()


def test_a_token_for_someone_else_is_refused_where_an_audience_is_asked_for(system):
    mine = Issuer()
    with running(TILLIT_SYSTEM_ISSUER=mine.url, TILLIT_SYSTEM_AUDIENCE="https://tillit.example") as door:
        for audience, status in (("https://other.example", 401), (None, 401), ("https://tillit.example", 201), (["https://x.example", "https://tillit.example"], 201)):
            assert door.post(mine.token(aud=audience), seed=4249).status_code == status, audience
    mine.stop()


@pytest.mark.parametrize("url, synthetic, good", [
    ("http://maskinporten.no/", "on", False), ("http://127.0.0.1:9/", "off", False), ("ftp://maskinporten.no/", "off", False), ("https://maskinporten.no/", "off", True),
], ids=["http off loopback", "http without synthetic people", "no web address", "https"])
def test_an_issuer_must_be_asked_over_https(url, synthetic, good):
    env = {**os.environ, "TILLIT_PUBLIC_URL": "https://soknad.example", "TILLIT_INTERNAL_URL": "https://tillit.example", "TILLIT_CITIZEN_ISSUER": "https://idporten.no",
           "TILLIT_SYSTEM_ISSUER": url, "TILLIT_SYNTHETIC": synthetic}
    env.pop("TILLIT_CLOCK_FILE", None)
    done = subprocess.run([BIN / "tillit-api", "--check"], capture_output=True, text=True, env=env)
    assert (done.returncode == 0) == good and (good or "TILLIT_SYSTEM_ISSUER" in done.stderr)


def test_where_no_system_logs_in_a_token_is_refused(system, issuer):
    assert system.post(application(seed=4250), Authorization=f"Bearer {issuer.token()}").status_code == 401
    assert system.post(application(seed=4251), Authorization="Basic YTpi").status_code == 401

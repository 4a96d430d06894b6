# SPDX-License-Identifier: EUPL-1.2
"""Holds the inventory of cryptography (deploy/crypto.tsv, or the one named) against the sources: every primitive has a row where it is used and
every row is used where it says; every purpose of the key ring, every secret setting and every sealed kind is somebody's."""
import re
import sys
from pathlib import Path

PRIMITIVE = re.compile(r"""\b(crypto_\w+|randombytes_\w+|sodium_memcmp|EVP_\w*(?:Sign|Verify|Encrypt|Decrypt|Digest|Cipher|Derive|Seal|Open|MAC)\w*|EVP_PKEY_(?:fromdata|keygen|derive\w*)
    |PEM_(?:read|write)\w+|(?:d2i|i2d)_\w*(?:Private|PUB)\w*|(?:ECDSA|RSA)_(?:do_)?(?:sign|verify)\w*|(?:RAND|AES|DES|HMAC|SSL|X509|MD5|SHA\d+)_\w+|HMAC|MD5|SHA\d+|getrandom|getentropy|arc4random\w*
    |random|rand|rand_r|drand48|PQconnect(?!Poll)\w+)\s*\(|(CURLOPT_SSL\w+)|"(ssl\w+|security\.protocol|(?:ssl|sasl)\.[\w.]+)"|^\s*(ssl_(?:protocols|ciphers|certificate_key))\s""", re.X | re.M)
OF_ONE = re.compile(r"^(crypto_auth_\w+|crypto_generichash|crypto_shorthash)_(?:init|update|final|keygen)$")


def used():
    """(file, primitive), each step of one primitive under its name."""
    for path in sorted([*Path("common").rglob("*.[ch]"), *Path("services").rglob("*.[ch]"), *Path("deploy").rglob("*.conf")]):
        for match in PRIMITIVE.finditer(path.read_text()):
            yield str(path), OF_ONE.sub(r"\1", next(filter(None, match.groups())))


def first_of(pattern, path):
    return set(re.findall(pattern, Path(path).read_text(), re.M))


def faults(rows):
    for row in rows:
        if len(row) != 8 or not all(row):
            yield f"a row has {len(row)} columns, or an empty one: {row[0]}"
            return
    listed = {(where, name) for _, _, where, functions, *_ in rows for name in functions.split()}
    there = set(used())
    yield from (f"{where}: {name} has no row" for where, name in sorted(there - listed))
    yield from (f"{where}: {name} has a row, and is not used" for where, name in sorted(listed - there))
    words = {word for row in rows for word in row[4].split()}
    wanted = {f"ring:{purpose}" for purpose in first_of(r'^    \[KEY_\w+\] = "(\w+)"', "common/seal/keyring.c")}
    wanted |= first_of(r'^SETTING\(\w+,\s+SECRET,\s+"(\w+)"', "common/program/settings.def")
    known = wanted | first_of(r'^SETTING\(\w+,\s+\w+,\s+"(\w+)"', "common/program/settings.def")
    yield from (f"{name} is in no row's key" for name in sorted(wanted - words))
    yield from (f"there is no key {name}" for name in sorted(words - known) if re.match(r"ring:|TILLIT_", name))
    sealed = {word for row in rows if "ring:seal" in row[4].split() for word in row[0].split()}
    yield from (f"{label} is sealed, and is in no row" for label in sorted(first_of(r'^SEAL_LABEL\(\w+,\s+"(\w+)"', "common/seal/seal.def") - sealed))


table = Path(sys.argv[1] if len(sys.argv) > 1 else "deploy/crypto.tsv").read_text().splitlines()[1:]
found = list(faults([line.split("\t") for line in table]))
for fault in found:
    print(f"lint: deploy/crypto.tsv: {fault}")
print(f"cryptography:                   {len(table)} uses, each with its key, its owner and its end")
sys.exit(bool(found))

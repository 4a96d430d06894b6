# SPDX-License-Identifier: EUPL-1.2
"""Key rings, and what is sealed by them."""
from pathlib import Path
import base64
import os

import nacl.bindings

RING = Path(os.environ["TILLIT_KEYRING"])


def ring():
    """[(id, purpose, municipality, key)] in the order of the file."""
    return [tuple(line.split()) for line in RING.read_text().splitlines() if line.strip() and not line.startswith("#")]


def unseal(keys, label, municipality, row_id, sealed):
    key = next(k for k in keys if k[1] == "seal" and k[0] == sealed[1:5].hex())
    ad = f"{label}\n{municipality}\n{row_id}".encode()
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[29:], ad, sealed[5:29], base64.b64decode(key[3]))

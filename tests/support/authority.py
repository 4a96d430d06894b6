# SPDX-License-Identifier: EUPL-1.2
"""A certificate authority for an hour: certificates of servers and clients, as files in PEM."""
from datetime import timedelta

import clock
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    def __init__(self, folder, name):
        folder.mkdir()
        self.folder, self.key, self.name = folder, ec.generate_private_key(ec.SECP256R1()), named(name)
        self.certificate = self.sign(self.name, self.key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
        self.pem = folder / "ca.pem"
        self.pem.write_bytes(pem_of(self.certificate))

    def sign(self, subject, key, *extensions):
        now = clock.machine()
        draft = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key).serial_number(x509.random_serial_number())
        draft = draft.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(hours=1))
        for extension in extensions:
            draft = draft.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return draft.sign(self.key, hashes.SHA256())

    def issue(self, name, *hosts):
        """(certificate, key): files of whom it names, good for these hosts if there are any."""
        key = ec.generate_private_key(ec.SECP256R1())
        extensions = [x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])] if hosts else []
        certificate = self.sign(named(name), key.public_key(), x509.BasicConstraints(ca=False, path_length=None), *extensions)
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        files[0].write_bytes(pem_of(certificate))
        files[1].touch(0o600)
        files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return files


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem_of(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)

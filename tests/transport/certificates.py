"""Certificates for tests, made on the spot: a small authority that issues good and bad ones."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_DAY = datetime.timedelta(days=1)
_PLAIN = serialization.NoEncryption()


def write_key(file: Path, key: Key, passphrase: bytes | None = None) -> Path:
    """Write a private key as PKCS#8 PEM."""
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else _PLAIN
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    )
    return file


@dataclass
class Issued:
    """A certificate with its key, as files and as objects."""

    certificate: x509.Certificate
    key: Key
    certificate_file: Path
    key_file: Path


@dataclass
class Authority:
    """A root that issues certificates into one folder. Dates are in days from now."""

    folder: Path
    name: str = "Test Root"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.certificate = self._sign(self.name, self.key, self.name, self.key, (), -1, 365, authority=True)
        self.file = self.folder / f"{self.name}.pem".replace(" ", "-")
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(
        self,
        common_name: str,
        alternatives: tuple[str, ...] = (),
        *,
        begins: int = -1,
        ends: int = 30,
        key: Key | None = None,
        self_signed: bool = False,
    ) -> Issued:
        """A certificate for these names; an alternative that looks like an IP address becomes one."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        issuer, signer = (common_name, own) if self_signed else (self.name, self.key)
        certificate = self._sign(common_name, own, issuer, signer, alternatives, begins, ends)
        stem = f"{certificate.serial_number:x}"
        file = self.folder / f"{stem}.crt"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return Issued(certificate, own, file, write_key(self.folder / f"{stem}.key", own))

    @staticmethod
    def _sign(
        common_name: str,
        key: Key,
        issuer: str,
        signer: Key,
        alternatives: tuple[str, ...],
        begins: int,
        ends: int,
        authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(common_name))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins * _DAY)
            .not_valid_after(now + ends * _DAY)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if alternatives:
            names = x509.SubjectAlternativeName([_general(name) for name in alternatives])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(signer, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)

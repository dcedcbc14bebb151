"""The certificate we sign in to NetSuite with: made here, kept in two files, and watched until it ends."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from contrapost.netsuite.answers import NetSuiteError
from contrapost.refunds.finding import Finding, error, info, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from contrapost.netsuite.settings import NetSuiteSettings

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

LONGEST_DAYS = 730
"""NetSuite takes certificates of at most two years."""
TOLD_BEFORE = timedelta(days=30)
"""How long before a certificate ends people are told."""
SHORTEST_RSA_BITS = 3072
"""NetSuite takes RSA keys from this length on."""
_PUBLIC_EXPONENT = 65537
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})

KEYS: dict[str, tuple[Callable[[], SigningKey], SHA256 | SHA384 | SHA512]] = {
    "rsa-4096": (lambda: rsa.generate_private_key(_PUBLIC_EXPONENT, 4096), SHA256()),
    "rsa-3072": (lambda: rsa.generate_private_key(_PUBLIC_EXPONENT, 3072), SHA256()),
    "ec-p256": (lambda: ec.generate_private_key(ec.SECP256R1()), SHA256()),
    "ec-p384": (lambda: ec.generate_private_key(ec.SECP384R1()), SHA384()),
    "ec-p521": (lambda: ec.generate_private_key(ec.SECP521R1()), SHA512()),
}
"""The kinds of key NetSuite takes: how each is made, and what its certificate is signed with."""
DEFAULT_KEY = "rsa-4096"

_RENEW = (
    "Make a new one with `contrapost netsuite certificate`, upload it in NetSuite, and set certificate_id, private_key "
    "and certificate anew."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A key and the certificate for it, both in PEM."""

    private_key: str = field(repr=False)
    certificate: str
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The files a key and its certificate were kept in."""

    private_key: Path
    """Readable by its owner only."""
    certificate: Path


def make(key_kind: str, *, name: str, days: int, now: datetime) -> Certificate:
    """Makes a key and a certificate for it that it signs itself.

    Args:
        key_kind: one of `KEYS`.
        name: what NetSuite shows it as.
        days: how long it lasts, at most `LONGEST_DAYS`.
        now: when it begins.

    Raises:
        ValueError: it would last no day, or longer than NetSuite takes.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A certificate lasts from 1 to {LONGEST_DAYS} days, not {days}")
    generate, digest = KEYS[key_kind]
    key = generate()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begins = now.astimezone(UTC).replace(microsecond=0)
    ends = begins + timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, digest)
    )
    return Certificate(
        private_key=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        certificate=made.public_bytes(serialization.Encoding.PEM).decode(),
        ends=ends,
    )


def keep(made: Certificate, folder: Path, name: str) -> Kept:
    """Writes key and certificate into a folder, the key so that only its owner can read it; never over another file.

    Raises:
        FileExistsError: one of the files is there; nothing was written.
        OSError: the folder or a file cannot be written; nothing was left.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = Kept(private_key=folder / f"{name}.key", certificate=folder / f"{name}.crt")
    _write_new(kept.private_key, made.private_key, 0o600)
    try:
        _write_new(kept.certificate, made.certificate, 0o644)
    except OSError:
        kept.private_key.unlink()
        raise
    return kept


def _write_new(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def read_key(pem: str) -> SigningKey:
    """Reads the private key that assertions are signed with.

    Raises:
        NetSuiteError: it cannot be read, or NetSuite does not take its kind.
    """
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _key_odd("cannot be read") from None
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SHORTEST_RSA_BITS:
            raise _key_odd(f"is an RSA key of {key.key_size} bits, which NetSuite does not take any more")
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key
    raise _key_odd("is of a kind that NetSuite does not take")


def _key_odd(what: str) -> NetSuiteError:
    return NetSuiteError(
        error(
            "private_key_odd",
            f"The private key of the NetSuite account {what}.",
            fix=f"Give the key as PEM text, unencrypted, RSA of {SHORTEST_RSA_BITS} bits or more, or EC (P-256, P-384, "
            "P-521): --set private_key=@FILE. `contrapost netsuite certificate` makes one.",
            where="private_key",
        ),
        retryable=False,
    )


def wrong_with(settings: NetSuiteSettings) -> tuple[Finding, ...]:
    """Finds what keeps a certificate from being saved: it cannot be read, or is of another key than the one given."""
    if not settings.certificate:
        return ()
    read = _read(settings.certificate)
    if read is None:
        message = "The setting certificate holds no certificate."
        return (error("setting_odd", message, fix="Give the certificate in PEM: certificate=@FILE.", where=_SETTING),)
    try:
        key = read_key(settings.private_key)
    except NetSuiteError as problem:
        return (problem.finding,)
    if key.public_key() == read.public_key():
        return ()
    return (
        error(
            "certificate_of_another_key",
            "The certificate was made for another private key than the one given.",
            fix="Give the two files that were made together: the key as private_key, the certificate as certificate.",
            where=_SETTING,
        ),
    )


def told_of(settings: Mapping[str, str], name: str, now: datetime) -> tuple[Finding, ...]:
    """Says when the certificate of a NetSuite account ends: an error once it has, a warning in the month before."""
    if not settings.get("client_id"):
        return ()
    read = _read(settings.get(_SETTING, ""))
    if read is None:
        message = f"When the certificate of NetSuite account {name} ends is not known here, so nobody is told before."
        fix = f"Give it, it is no secret: contrapost netsuite set {name} --set certificate=@FILE."
        return (info("certificate_not_known", message, fix=fix, where=_SETTING),)
    ends = read.not_valid_after_utc
    if ends <= now:
        message = f"The certificate of NetSuite account {name} ended on {ends:%Y-%m-%d}: NetSuite lets nobody in by it."
        return (error("certificate_ended", message, fix=_RENEW, where=_SETTING),)
    if ends - now <= TOLD_BEFORE:
        message = f"The certificate of NetSuite account {name} ends on {ends:%Y-%m-%d}, in {_days(ends - now)}."
        return (warning("certificate_ends_soon", message, fix=_RENEW, where=_SETTING),)
    message = f"The certificate of NetSuite account {name} lasts until {ends:%Y-%m-%d}."
    return (info("certificate_lasts", message, where=_SETTING),)


_SETTING = "certificate"


def _read(pem: str) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return None


def _days(left: timedelta) -> str:
    return "1 day" if left.days == 1 else f"{left.days} days" if left.days else "less than a day"

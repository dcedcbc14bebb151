"""The client certificates an account knows: its own, and those uploaded as on the page of OAuth 2.0 clients."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey, RSAKey

from contrapost_emulators.netsuite.errors import Refused

MOST = 5
LONGEST_LIFE = timedelta(days=2 * 366)
RSA_BITS = frozenset({3072, 4096})
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})

PublicKey = ECKey | RSAKey


class Certificates:
    """Public keys by the id that NetSuite gives their certificate."""

    def __init__(self, own_id: str, own_key: PublicKey) -> None:
        self._own = {own_id: own_key}
        self._uploaded: dict[str, PublicKey] = {}

    def key(self, certificate_id: object) -> PublicKey | None:
        """The public key of a certificate, or none."""
        return (self._own | self._uploaded).get(str(certificate_id))

    def upload(self, pem: object) -> str:
        """Take a certificate in and give it an id, or refuse what NetSuite would not take."""
        certificate = _read(pem)
        starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if ends - starts > LONGEST_LIFE:
            raise Refused("bad request", why="The certificate is valid for more than two years.")
        if not starts <= datetime.now(UTC) < ends:
            raise Refused("bad request", why="The certificate is not valid today.")
        key = _public_key(certificate)
        if len(self._own) + len(self._uploaded) >= MOST:
            raise Refused("bad request", why=f"There are {MOST} certificates already.")
        certificate_id = secrets.token_urlsafe(32)
        self._uploaded[certificate_id] = key
        return certificate_id

    def forget_uploaded(self) -> None:
        """Go back to the account's own certificate."""
        self._uploaded.clear()


def _read(pem: object) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(str(pem).encode())
    except ValueError:
        raise Refused("bad request", why="The file is not an X.509 certificate in PEM form.") from None


def _public_key(certificate: x509.Certificate) -> PublicKey:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        return RSAKey.import_key(_pem(key))
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return ECKey.import_key(_pem(key))
    raise Refused("bad request", why="The key must be RSA of 3072 or 4096 bits, or EC on P-256, P-384 or P-521.")


def _pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

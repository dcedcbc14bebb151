"""Checks who is calling, for real: OAuth 2.0 with a client certificate, and token-based OAuth 1.0a."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from oauthlib.oauth1.rfc5849.signature import collect_parameters, verify_hmac_sha256

from contrapost_emulators.netsuite.answers import Answer, plain
from contrapost_emulators.netsuite.certificates import Certificates, PublicKey
from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import GuestProtocol

    from contrapost_emulators.netsuite.clock import Clock

ALGORITHMS = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = "rest_webservices"
TOKEN_LIFE_SECONDS = 3600
ASSERTION_LIFE_SECONDS = 3600
CLOCK_SKEW_SECONDS = 300


@dataclass(frozen=True)
class Credentials:
    """What a client signs with; made anew at each start, kept over resets."""

    account_id: str = "EMULATOR_SB1"
    client_id: str = field(default_factory=lambda: secrets.token_hex(32))
    certificate_id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    private_key: str = field(default_factory=lambda: new_private_key())  # noqa: PLW0108 - it stands below
    consumer_key: str = field(default_factory=lambda: secrets.token_hex(32))
    consumer_secret: str = field(default_factory=lambda: secrets.token_hex(32))
    token_id: str = field(default_factory=lambda: secrets.token_hex(32))
    token_secret: str = field(default_factory=lambda: secrets.token_hex(32))

    def document(self, url: str) -> dict[str, object]:
        """The credentials as the control plane hands them out."""
        names = ("account_id", "client_id", "certificate_id", "private_key")
        tba = ("consumer_key", "consumer_secret", "token_id", "token_secret")
        return {
            "url": url,
            **{name: getattr(self, name) for name in names},
            "tba": {name: getattr(self, name) for name in tba},
        }


def new_private_key() -> str:
    """A fresh P-256 key in PEM form."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_key(private_key: str) -> ECKey:
    """The public half of a key: all that the emulator verifies with."""
    key = serialization.load_pem_private_key(private_key.encode(), password=None)
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return ECKey.import_key(pem)


class SignedRequest(NamedTuple):
    """What an OAuth 1.0a signature covers."""

    http_method: str
    uri: str
    params: list[tuple[str, str]]
    signature: str


class _BadAssertion(Exception):  # noqa: N818 - an answer, not a fault of the program
    """A token request that is turned down, in OAuth 2.0's words."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


class Gate:
    """Hands out bearer tokens and lets signed requests pass."""

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self.credentials = credentials
        self.clock = clock
        self.certificates = Certificates(credentials.certificate_id, public_key(credentials.private_key))
        self._signing_key = ECKey.generate_key("P-256")
        self._tokens: dict[str, float] = {}
        self._nonces: dict[tuple[str, str], float] = {}

    def token(self, form: Mapping[str, str], url: str) -> Answer:
        """Answer a token request."""
        try:
            self._check_grant(form)
            self._check_assertion(form.get("client_assertion", ""), url)
        except _BadAssertion as bad:
            return plain({"error": bad.error, "error_description": str(bad)}, bad.status)
        return plain({"access_token": self._issue(url), "expires_in": str(TOKEN_LIFE_SECONDS), "token_type": "Bearer"})

    def _check_grant(self, form: Mapping[str, str]) -> None:
        if form.get("grant_type") != "client_credentials":
            raise _BadAssertion("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
            raise _BadAssertion("invalid_request", "client_assertion and its type are required")

    def _check_assertion(self, assertion: str, url: str) -> None:
        try:
            token = jwt.decode(assertion, self._signer, algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise _BadAssertion("invalid_grant", f"the assertion does not verify: {error}") from None
        claims = token.claims
        if claims.get("iss") != self.credentials.client_id:
            raise _BadAssertion("invalid_client", "iss is not a client of this account", 401)
        if url not in _audiences(claims.get("aud")):
            raise _BadAssertion("invalid_grant", f"aud must be {url}")
        self._check_times(claims.get("iat"), claims.get("exp"))
        if SCOPE not in _scopes(claims.get("scope")):
            raise _BadAssertion("invalid_scope", f"scope must hold {SCOPE}")

    def _signer(self, signed: GuestProtocol) -> PublicKey:
        """The key of the certificate that an assertion names."""
        key = self.certificates.key(signed.headers().get("kid"))
        if key is None:
            raise _BadAssertion("invalid_grant", "kid is not a certificate of this account")
        return key

    def _check_times(self, issued: object, expires: object) -> None:
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise _BadAssertion("invalid_grant", "iat and exp are required")
        if not any(issued - CLOCK_SKEW_SECONDS <= now < expires for now in self._clocks()):
            raise _BadAssertion("invalid_grant", "the assertion is not valid now")
        if expires - issued > ASSERTION_LIFE_SECONDS:
            raise _BadAssertion("invalid_grant", "exp is more than 60 minutes after iat")

    def _issue(self, url: str) -> str:
        now = int(self.clock.now().timestamp())
        claims = {
            "sub": "3;4",
            "aud": [self.credentials.account_id, url],
            "scope": [SCOPE],
            "iss": "https://system.netsuite.com",
            "iat": now,
            "exp": now + TOKEN_LIFE_SECONDS,
            "jti": secrets.token_hex(16),
        }
        self._tokens = {token: end for token, end in self._tokens.items() if end > now}
        token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, self._signing_key)
        self._tokens[token] = now + TOKEN_LIFE_SECONDS
        return token

    def public_keys(self) -> Answer:
        """The keys that the access tokens are signed with."""
        return plain({"keys": [self._signing_key.as_dict(private=False) | {"use": "sig", "alg": "ES256"}]})

    def check(self, method: str, url: str, authorization: str) -> None:
        """Let a request pass, or refuse it as an invalid login."""
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer" and self._holds(value.strip()):
            return
        if scheme.lower() == "oauth" and self._is_signed(method, url, authorization):
            return
        raise Refused("invalid login")

    def _holds(self, token: str) -> bool:
        return self._tokens.get(token, 0) > self.clock.now().timestamp()

    def _is_signed(self, method: str, url: str, authorization: str) -> bool:
        """Every `oauth_` parameter of the header is signed, whichever they are; only realm is not."""
        sent = _signed_parameters(authorization)
        realm = _realm(authorization)
        if realm != self.credentials.account_id or not self._names_us(sent) or not self._is_fresh(sent):
            return False
        signature = sent.pop("oauth_signature", "")
        if not self._is_genuine(method, url, sent, signature):
            return False
        self._remember_nonce(sent["oauth_timestamp"], sent["oauth_nonce"])
        return True

    def end_tokens(self) -> None:
        """Let every bearer token end now."""
        self._tokens.clear()

    def use_up(self, authorization: str) -> None:
        """Take the nonce of a signed request as used before."""
        sent = _signed_parameters(authorization)
        if "oauth_nonce" in sent:
            self._remember_nonce(sent.get("oauth_timestamp", ""), sent["oauth_nonce"])

    def _remember_nonce(self, timestamp: str, nonce: str) -> None:
        """Keep a nonce for as long as its timestamp could be taken again, by the machine's clock."""
        now = time.monotonic()
        self._nonces[timestamp, nonce] = now
        while now - next(iter(self._nonces.values())) > 2 * CLOCK_SKEW_SECONDS:
            del self._nonces[next(iter(self._nonces))]

    def _names_us(self, sent: Mapping[str, str]) -> bool:
        return (
            sent.get("oauth_consumer_key") == self.credentials.consumer_key
            and sent.get("oauth_token") == self.credentials.token_id
            and sent.get("oauth_signature_method") == "HMAC-SHA256"
            and sent.get("oauth_version", "1.0") == "1.0"
        )

    def _is_fresh(self, sent: Mapping[str, str]) -> bool:
        timestamp, nonce = sent.get("oauth_timestamp", ""), sent.get("oauth_nonce", "")
        if not timestamp.isdigit() or not nonce or (timestamp, nonce) in self._nonces:
            return False
        return any(abs(int(timestamp) - now) <= CLOCK_SKEW_SECONDS for now in self._clocks())

    def _clocks(self) -> tuple[float, float]:
        """A client signs by the machine's clock, which stays right when the emulator's is set to another day.

        Where the two clocks are made to differ, the emulator's is the one that counts.
        """
        now = self.clock.now().timestamp()
        return now, now if self.clock.skew else datetime.now(UTC).timestamp()

    def _is_genuine(self, method: str, url: str, sent: Mapping[str, str], signature: str) -> bool:
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        request = SignedRequest(method, url, [*query, *sent.items()], signature)
        secrets_held = (self.credentials.consumer_secret, self.credentials.token_secret)
        return bool(verify_hmac_sha256(request, *secrets_held))


def _signed_parameters(authorization: str) -> dict[str, str]:
    """The parameters of a signed request's header; none where it is another header."""
    try:
        return dict(collect_parameters(headers={"Authorization": authorization}, exclude_oauth_signature=False))
    except ValueError:
        return {}


def _realm(authorization: str) -> str | None:
    for part in authorization[len("OAuth ") :].split(","):
        name, _, value = part.strip().partition("=")
        if name == "realm":
            return value.strip('"')
    return None


def _scopes(claim: object) -> list[str]:
    return [str(one) for one in claim] if isinstance(claim, list) else str(claim).replace(",", " ").split()


def _audiences(claim: object) -> list[str]:
    return [str(one) for one in claim] if isinstance(claim, list) else [str(claim)]

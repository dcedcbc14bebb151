"""Who we are to NetSuite: OAuth 2.0 client credentials with a certificate, or token-based authentication."""

from __future__ import annotations

import json
import threading
import uuid
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.certificate import read_key
from contrapost.netsuite.wire import NoAnswerError, NotSentError
from contrapost.refunds.finding import error

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost.netsuite.settings import NetSuiteSettings
    from contrapost.netsuite.wire import Reply, Wire

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - a path
_ASSERTION_SECONDS = 300
_RENEW_BEFORE_SECONDS = 60
_OK = 200
_EC_ALGORITHMS = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class Authorizer(Protocol):
    """Gives each call the header that says who we are."""

    def header(self, method: str, url: str) -> str:
        """Gives the value of `Authorization` for one call.

        Raises:
            NetSuiteError: NetSuite gave no token.
        """
        ...

    def forget(self) -> None:
        """Drops what was kept, because NetSuite no longer takes it."""
        ...


def authorizer(settings: NetSuiteSettings, wire: Wire, now: Callable[[], float]) -> Authorizer:
    """Chooses the way that was configured; `now` gives seconds since 1970."""
    return TokenBased(settings, now) if settings.uses_tokens else ClientCredentials(settings, wire, now)


class ClientCredentials:
    """OAuth 2.0 client credentials: a signed assertion for a bearer token, reused until shortly before it ends."""

    def __init__(self, settings: NetSuiteSettings, wire: Wire, now: Callable[[], float]) -> None:
        self._settings = settings
        self._wire = wire
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def header(self, method: str, url: str) -> str:
        """Gives the bearer token, asking for one where there is none that lasts."""
        del method, url
        with self._lock:
            if self._now() >= self._ends - _RENEW_BEFORE_SECONDS:
                self._token, seconds = self._ask()
                self._ends = self._now() + seconds
            return f"Bearer {self._token}"

    def forget(self) -> None:
        """Drops the token."""
        with self._lock:
            self._ends = 0.0

    def _ask(self) -> tuple[str, float]:
        url = self._settings.url + TOKEN_PATH
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(url),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            reply = self._wire.send("POST", url, headers, urlencode(form).encode())
        except (NotSentError, NoAnswerError) as problem:
            raise unreachable(self._settings.url, str(problem)) from problem
        return _token_in(reply)

    def _assertion(self, audience: str) -> str:
        issued = int(self._now())
        claims = {
            "iss": self._settings.client_id,
            "scope": ["rest_webservices"],
            "aud": audience,
            "iat": issued,
            "exp": issued + _ASSERTION_SECONDS,
            "jti": uuid.uuid4().hex,
        }
        key, algorithm = _signing_key(self._settings.private_key)
        header = {"typ": "JWT", "alg": algorithm, "kid": self._settings.certificate_id}
        return jwt.encode(header, claims, key, algorithms=[algorithm])


class TokenBased:
    """Token-based authentication (OAuth 1.0a, HMAC-SHA256): every call signed by itself."""

    def __init__(self, settings: NetSuiteSettings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now

    def header(self, method: str, url: str) -> str:
        """Signs one call; its JSON body is no part of the signature."""
        settings = self._settings
        client = Client(
            settings.consumer_key,
            client_secret=settings.consumer_secret,
            resource_owner_key=settings.token_id,
            resource_owner_secret=settings.token_secret,
            realm=settings.account_id.upper().replace("-", "_"),
            signature_method=SIGNATURE_HMAC_SHA256,
            timestamp=str(int(self._now())),
        )
        _, headers, _ = client.sign(url, http_method=method)  # type: ignore[arg-type] # the stub knows capitals only as literals
        return str(headers["Authorization"])

    def forget(self) -> None:
        """Keeps nothing to drop: each signature stands alone."""


def _signing_key(pem: str) -> tuple[ECKey | RSAKey, str]:
    """Reads the private key and names its algorithm; NetSuite takes EC and RSA-PSS, no longer RS256."""
    key = read_key(pem)
    if isinstance(key, rsa.RSAPrivateKey):
        return RSAKey.import_key(pem), "PS256"
    return ECKey.import_key(pem), _EC_ALGORITHMS[key.curve.name]


def _token_in(reply: Reply) -> tuple[str, float]:
    try:
        said = json.loads(reply.text)
        if reply.status == _OK:
            return str(said["access_token"]), float(said.get("expires_in", 3600))
        words = str(said.get("error_description") or said.get("error") or reply.text[:200])
    except (ValueError, KeyError, AttributeError, TypeError):
        words = f"an answer that is no token (HTTP {reply.status})"
    raise NetSuiteError(
        error(
            "netsuite_sign_in_refused",
            f"NetSuite did not let us in (HTTP {reply.status}): {words}.",
            fix="Check client_id, certificate_id and private_key; that the certificate has not ended; and that the "
            "integration is enabled and mapped to a role (Setup > Integration > OAuth 2.0 Client Credentials Setup).",
        ),
        retryable=reply.status >= 500,  # noqa: PLR2004 - the server's own faults
    )


def unreachable(url: str, how: str) -> NetSuiteError:
    """Says that NetSuite could not be reached."""
    return NetSuiteError(
        error(
            "netsuite_unreachable",
            f"NetSuite could not be reached at {url} ({how}).",
            fix="Check the address and the network; if NetSuite is in maintenance, try again afterwards.",
        ),
        retryable=True,
    )

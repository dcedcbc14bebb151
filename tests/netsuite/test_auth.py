"""Who we are to NetSuite: Oracle's own test vector, and assertions that the public key verifies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from builders import draft
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from netsuite_server import Server, refusal, reply, rows

from contrapost.netsuite.answers import NetSuiteError, Refused, Written
from contrapost.netsuite.auth import TokenBased
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import NetSuiteSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that signs everyone in."""
    with Server() as running:
        yield running


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    seconds: float = 1_700_000_000.0

    def __call__(self) -> float:
        """Gives seconds since 1970."""
        return self.seconds


def _pem(key: PrivateKeyTypes) -> str:
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, kind, serialization.NoEncryption()).decode()


KEY = ec.generate_private_key(ec.SECP256R1())


def _client(server: Server, clock: Clock, pem: str = "") -> RestNetSuite:
    settings = NetSuiteSettings(
        account_id="1", url=server.url, client_id="client", certificate_id="cert", private_key=pem or _pem(KEY)
    )
    return RestNetSuite(settings, now=clock, sleep=[].append)


def test_oracles_signature_reproduces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle's published call, signed with its published secrets, gets its published signature."""
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_nonce", lambda: "fjaLirsIcCGVZWzBX0pg")
    settings = NetSuiteSettings(
        account_id="123456",
        url="https://123456.suitetalk.api.netsuite.com",
        consumer_key="ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
        consumer_secret="d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
        token_id="2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
        token_secret="c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
    )
    url = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"
    header = TokenBased(settings, lambda: 1508242306.0).header("GET", url)
    assert 'oauth_signature="B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D"' in header
    assert header.startswith('OAuth realm="123456"')


def test_realm_is_the_account_in_capitals() -> None:
    """A sandbox's realm has capitals and an underscore, however its id was typed."""
    settings = NetSuiteSettings(account_id="123456-sb1", url="https://x.example", token_id="t", consumer_key="c")
    assert TokenBased(settings, Clock()).header("GET", "https://x.example/a").startswith('OAuth realm="123456_SB1"')


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (KEY, "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (rsa.generate_private_key(public_exponent=65537, key_size=3072), "PS256"),
    ],
    ids=["P-256", "P-384", "RSA"],
)
def test_assertion_is_signed_and_says_who_we_are(server: Server, key: PrivateKeyTypes, algorithm: str) -> None:
    """The assertion verifies with the public key and names client, certificate, audience, scope and a short life."""
    server.answers = [rows()]
    _client(server, Clock(), _pem(key)).rows("SELECT 1", "ask")
    form = parse_qs(server.sign_ins[0].body)
    public = (RSAKey if algorithm == "PS256" else ECKey).import_key(_pem(key))
    token = jwt.decode(form["client_assertion"][0], public, algorithms=[algorithm])
    assert form["grant_type"] == ["client_credentials"]
    assert token.header == {"typ": "JWT", "alg": algorithm, "kid": "cert"}
    assert token.claims["iss"] == "client"
    assert token.claims["aud"] == f"{server.url}/services/rest/auth/oauth2/v1/token"
    assert token.claims["scope"] == ["rest_webservices"]
    assert 0 < token.claims["exp"] - token.claims["iat"] <= 3600


def test_token_is_used_until_shortly_before_it_ends(server: Server) -> None:
    """One token serves all calls until a minute before its end; then another is asked for."""
    server.answers = [rows()] * 3
    clock = Clock()
    net = _client(server, clock)
    net.rows("SELECT 1", "ask")
    clock.seconds += 3600 - 61
    net.rows("SELECT 1", "ask")
    assert len(server.sign_ins) == 1
    clock.seconds += 2
    net.rows("SELECT 1", "ask")
    assert len(server.sign_ins) == 2
    assert [request.headers["authorization"] for request in server.requests] == [
        "Bearer token1",
        "Bearer token1",
        "Bearer token2",
    ]


def test_token_that_is_not_taken_is_renewed_once(server: Server) -> None:
    """A call turned away with 401 is sent again with a new token, once, and then stands."""
    here = "https://1.suitetalk.api.netsuite.com/services/rest/record/v1/cashRefund/7"
    server.answers = [refusal(401, "Invalid login attempt.", "INVALID_LOGIN"), reply(204, Location=here)]
    answer = _client(server, Clock()).write(draft("cr"), {})
    assert isinstance(answer, Written)
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer token1", "Bearer token2"]


def test_two_refused_tokens_are_enough(server: Server) -> None:
    """A second 401 is a refusal that says where to look; nothing is tried for ever."""
    server.answers = [refusal(401, "Invalid login attempt.", "INVALID_LOGIN")] * 2
    answer = _client(server, Clock()).write(draft("cr"), {})
    assert isinstance(answer, Refused)
    assert "doctor" in answer.finding.fix
    assert len(server.requests) == 2


def test_sign_in_that_is_refused_sends_nothing(server: Server) -> None:
    """Without a token a write is refused before it is sent, with NetSuite's reason and the place to check."""
    server.token_answers = [reply(401, {"error": "invalid_grant", "error_description": "certificate expired"})]
    answer = _client(server, Clock()).write(draft("cr"), {})
    assert isinstance(answer, Refused)
    assert "certificate expired" in answer.finding.message
    assert not server.requests


@pytest.mark.parametrize("said", ["<html></html>", "[]", "{}", '{"access_token": "x", "expires_in": "soon"}', "null"])
def test_answer_that_is_no_token_is_told(server: Server, said: str) -> None:
    """An answer to a sign-in that holds no token is an error in plain words."""
    server.token_answers = [reply(200, said)] * 4
    with pytest.raises(NetSuiteError, match="did not let us in"):
        _client(server, Clock()).rows("SELECT 1", "ask")


def test_key_that_is_none_is_told(server: Server) -> None:
    """A private key that cannot be read is named as the setting it is."""
    with pytest.raises(NetSuiteError, match="private key") as raised:
        _client(server, Clock(), "no key").rows("SELECT 1", "ask")
    assert raised.value.finding.where == "private_key"

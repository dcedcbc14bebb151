"""Signing in: client certificate, bearer token, and token-based authentication, each verified."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

from contrapost_emulators.netsuite.auth import Credentials, Gate
from contrapost_emulators.netsuite.clock import Clock
from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite

CUSTOMER = "/services/rest/record/v1/customer"


@pytest.mark.stamp("documented")
def test_signed_assertion_gives_a_bearer_token_for_an_hour(net: NetSuite) -> None:
    """A valid client assertion is answered with a bearer token of 3600 seconds."""
    reply = net.ask_token(net.assertion())
    assert reply.status == 200
    assert (reply.json["token_type"], reply.json["expires_in"]) == ("Bearer", "3600")
    assert reply.json["access_token"].count(".") == 2


@pytest.mark.stamp("documented")
def test_assertions_that_are_turned_down(net: NetSuite) -> None:
    """Wrong audience, issuer, times, key, certificate or algorithm: no token."""
    now = int(time.time())
    claims: list[dict[str, object]] = [
        {"aud": "https://elsewhere"},
        {"iat": now, "exp": now + 3700},
        {"iat": now - 600, "exp": now - 300},
        {"exp": None},
    ]
    for wrong in claims:
        assert net.ask_token(net.assertion(**wrong)).json["error"] == "invalid_grant"
    assert net.ask_token(net.assertion(iss="nobody")).status == 401
    header = {"alg": "ES256", "kid": net.credentials["certificate_id"]}
    assert net.ask_token(jwt.encode(header, {}, ECKey.generate_key("P-256"))).status == 400
    assert net.ask_token("not.a.token").status == 400
    rsa = jwt.encode({"alg": "RS256", "kid": header["kid"]}, {}, RSAKey.generate_key(2048))
    assert net.ask_token(rsa).json["error"] == "invalid_grant"


@pytest.mark.stamp("documented")
def test_no_login_no_answer(net: NetSuite) -> None:
    """Without a valid login every address answers 401 INVALID_LOGIN and how to sign in."""
    for headers in ({}, {"Authorization": "Bearer stale"}, {"Authorization": 'OAuth realm="X"'}):
        reply = net.pool.request("GET", net.url + CUSTOMER, headers=headers)
        assert reply.status == 401
        assert b"INVALID_LOGIN" in reply.data
        assert reply.headers["WWW-Authenticate"].startswith("Bearer realm=")


@pytest.mark.stamp("documented")
def test_bearer_token_ends_after_its_hour(net: NetSuite) -> None:
    """An hour by the emulator's clock later the token no longer counts."""
    assert net.get("customer").status == 200
    later = datetime.fromtimestamp(time.time() + 3700, UTC)
    net.control("POST", "clock", {"now": later.isoformat()})
    assert net.get("customer").status == 401


def tba_client(net: NetSuite, **changes: str) -> Client:
    held = net.credentials["tba"] | changes
    return Client(
        held["consumer_key"],
        client_secret=held["consumer_secret"],
        resource_owner_key=held["token_id"],
        resource_owner_secret=held["token_secret"],
        signature_method=SIGNATURE_HMAC_SHA256,
        realm=changes.get("realm", net.credentials["account_id"]),
        nonce=changes.get("nonce"),
        timestamp=changes.get("timestamp"),
    )


def tba_status(net: NetSuite, path: str, **changes: str) -> int:
    address, headers, _ = tba_client(net, **changes).sign(net.url + path)
    return net.pool.request("GET", address, headers=headers).status


@pytest.mark.stamp("documented")
def test_tba_signature_is_verified(net: NetSuite) -> None:
    """A genuine signature passes once; a changed secret, realm, old time or used nonce does not."""
    path = CUSTOMER + "?q=entityId%20IS%20%22A%26B%22&limit=10"
    assert tba_status(net, path) == 200
    assert tba_status(net, path, token_secret="other") == 401
    assert tba_status(net, path, realm="OTHER") == 401
    assert tba_status(net, path, timestamp=str(int(time.time()) - 3600)) == 401
    assert tba_status(net, path, nonce="once") == 200
    now = str(int(time.time()))
    assert tba_status(net, path, nonce="twice", timestamp=now) == 200
    assert tba_status(net, path, nonce="twice", timestamp=now) == 401


@pytest.mark.stamp("documented")
def test_oracles_own_tba_example_verifies() -> None:
    """The worked example of Oracle's help verifies, and fails when one character of its address differs."""
    credentials = Credentials(
        account_id="123456",
        consumer_key="ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
        consumer_secret="d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
        token_id="2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
        token_secret="c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
    )
    clock = Clock()
    clock.freeze(datetime.fromtimestamp(1508242306, UTC).isoformat())
    header = (
        f'OAuth realm="123456", oauth_token="{credentials.token_id}", '
        f'oauth_consumer_key="{credentials.consumer_key}", oauth_nonce="fjaLirsIcCGVZWzBX0pg", '
        'oauth_timestamp="1508242306", oauth_signature_method="HMAC-SHA256", oauth_version="1.0", '
        'oauth_signature="B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D"'
    )
    address = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/4"
    with pytest.raises(Refused):
        Gate(credentials, clock).check("GET", address + "1", header)
    Gate(credentials, clock).check("GET", address + "0", header)


def certificate_of(key: Any, days: int = 700) -> str:
    """A certificate that signs itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Contrapost")])
    now = datetime.now(UTC) - timedelta(minutes=5)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.serial_number(x509.random_serial_number()).not_valid_before(now)
    signed = dated.not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def pem_of(key: Any) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def upload(net: NetSuite, certificate: str) -> Any:
    return net.control("POST", "certificates", {"certificate": certificate})


@pytest.mark.stamp("documented")
@pytest.mark.parametrize("algorithm", ["PS256", "ES384"])
def test_uploaded_certificates_sign_in(net: NetSuite, algorithm: Any) -> None:
    """A certificate of RSA or EC that was uploaded signs a client in, until it is taken away."""
    of_rsa = algorithm == "PS256"
    key: Any = rsa.generate_private_key(65537, 3072) if of_rsa else ec.generate_private_key(ec.SECP384R1())
    signed_by = (upload(net, certificate_of(key)).json["certificate_id"], pem_of(key))
    assertion = net.assertion(signed_by=signed_by)
    assert jws.extract_compact(assertion.encode()).headers()["alg"] == algorithm
    assert net.ask_token(assertion).json["token_type"] == "Bearer"
    net.control("POST", "reset")
    assert net.ask_token(net.assertion(signed_by=signed_by)).json["error"] == "invalid_grant"


@pytest.mark.stamp("documented")
def test_certificates_that_are_not_taken(net: NetSuite) -> None:
    """Too small a key, too long a life, a past or foreign file, or a sixth certificate: none is taken."""
    key = ec.generate_private_key(ec.SECP256R1())
    small = rsa.generate_private_key(65537, 2048)
    for certificate in (certificate_of(small), certificate_of(key, days=800), certificate_of(key, days=0), "junk"):
        assert upload(net, certificate).status == 400
    answers = [upload(net, certificate_of(key)).status for _ in range(5)]
    assert answers == [200, 200, 200, 200, 400]


@pytest.mark.stamp("documented")
def test_scope_must_name_rest(net: NetSuite) -> None:
    """A token for something else than REST web services is not given."""
    assert net.ask_token(net.assertion(scope=["nothing"])).json["error"] == "invalid_scope"
    assert net.ask_token(net.assertion(scope=["restlets", "rest_webservices"])).status == 200


@pytest.mark.stamp("documented")
def test_access_tokens_verify_with_the_published_keys(net: NetSuite) -> None:
    """An access token is a JWT of NetSuite's, signed with a key that it publishes."""
    token = net.ask_token(net.assertion()).json["access_token"]
    published = net.pool.request("GET", f"{net.url}/services/rest/auth/oauth2/v1/keys")
    read = jwt.decode(token, KeySet.import_key_set(json.loads(published.data)), algorithms=["ES256", "RS256", "PS256"])
    assert read.claims["iss"] == "https://system.netsuite.com"
    assert "rest_webservices" in read.claims["scope"]


@pytest.mark.stamp("documented")
@pytest.mark.parametrize("seconds", [4000, -400])
def test_a_clock_that_goes_wrong_refuses_both_ways_of_signing_in(net: NetSuite, seconds: int) -> None:
    """An assertion and a signature made by another clock are turned down; the answers' date says what time it is."""
    net.control("POST", "clock", {"skew_seconds": seconds})
    refused = net.ask_token(net.assertion())
    assert refused.json["error"] == "invalid_grant"
    assert tba_status(net, CUSTOMER) == 401
    told = parsedate_to_datetime(refused.headers["Date"])
    assert abs((told - datetime.now(UTC)).total_seconds() - seconds) < 60
    by_the_servers_clock = int(told.timestamp())
    good = net.assertion(iat=by_the_servers_clock, exp=by_the_servers_clock + 300)
    assert net.ask_token(good).status == 200
    net.control("POST", "clock", {})
    assert net.ask_token(net.assertion()).status == 200


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("skew", ["400", 1.5, True, 10**12])
def test_odd_skews_are_refused(net: NetSuite, skew: object) -> None:
    """A clock goes wrong by whole seconds."""
    assert net.control("POST", "clock", {"skew_seconds": skew}).status == 400


@pytest.mark.stamp("documented")
def test_a_nonce_that_was_used_before(net: NetSuite) -> None:
    """A signed request whose nonce was seen is an invalid login; the next one, with its own nonce, is taken."""
    net.control("POST", "faults", [{"when": "get customer", "do": "used nonce"}])
    assert [tba_status(net, CUSTOMER) for _ in range(2)] == [401, 200]
    net.control("POST", "faults", [{"when": "get customer", "do": "used nonce"}])
    assert net.get("customer").status == 200

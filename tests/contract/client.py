"""A small client of a NetSuite account, signed for real: what every test of the contract speaks through."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RECORD = "/services/rest/record/v1/"
CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_json = msgspec.json.Encoder(decimal_format="number")
_exact = msgspec.json.Decoder(float_hook=Decimal)


class Response(Protocol):
    """What came back over the wire."""

    status: int
    headers: Any
    data: bytes


class Calls(Protocol):
    """What takes requests: a pool of connections, or something that behaves as one."""

    def request(self, method: str, url: str, **more: Any) -> Any:
        """Send a request."""


class Reply:
    """Status, headers and exact JSON of an answer."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content = response.data

    @property
    def json(self) -> Any:
        """The document, its numbers exact."""
        return _exact.decode(self.content)

    @property
    def id(self) -> str:
        """The internal id of the record that was written."""
        assert self.status == 204, self.content
        return self.headers["Location"].rsplit("/", 1)[1]

    @property
    def detail(self) -> str:
        """The words of a refusal."""
        assert self.status >= 400, (self.status, self.content)
        return self.json["o:errorDetails"][0]["detail"]

    @property
    def path(self) -> str | None:
        """Where in the body a refusal points."""
        return self.json["o:errorDetails"][0].get("o:errorPath")


class NetSuite:
    """Signs with the client certificate and keeps the bearer token.

    What differs between the emulator and an account of NetSuite's stands in the two classes made from this one.
    """

    def __init__(self, url: str, credentials: Mapping[str, Any], pool: Calls | None = None) -> None:
        self.url = url
        self.pool = pool or urllib3.PoolManager(retries=False)
        self.credentials = credentials
        self._token: str | None = None

    # ---- what differs by account

    def begin(self) -> None:
        """Make ready for one test."""
        raise NotImplementedError

    def control(self, method: str, name: str, body: object = None) -> Reply:
        """Speak to the control plane, which only the emulator has."""
        raise NotImplementedError

    def own(self, name: str) -> str:
        """A name or external id that nothing else in the account has."""
        raise NotImplementedError

    def wanted_by_account(self, path: str) -> dict[str, object]:
        """What a new record of a type must hold in this account, beside what the test says."""
        raise NotImplementedError

    def account(self, number: str) -> str:
        """The id of the ledger account that the tests call by a number."""
        raise NotImplementedError

    def number_of(self, account_id: str, own_number: str) -> str:
        """What the tests call an account."""
        raise NotImplementedError

    def custom_field(self, name: str) -> str:
        """The account's own name of a custom field."""
        raise NotImplementedError

    @property
    def subsidiary(self) -> str:
        """The id of the subsidiary that the tests work in."""
        raise NotImplementedError

    # ---- signing in

    def assertion(self, *, signed_by: tuple[str, str] | None = None, **claims: object) -> str:
        """A signed client assertion, by another certificate and key if given; keyword arguments replace claims."""
        certificate_id, pem = signed_by or (self.credentials["certificate_id"], self.credentials["private_key"])
        now = int(time.time())
        whole = {
            "iss": self.credentials["client_id"],
            "scope": ["rest_webservices"],
            "aud": f"{self.url}/services/rest/auth/oauth2/v1/token",
            "iat": now,
            "exp": now + 300,
        }
        key = signing_key(pem)
        algorithm = CURVES[key.curve_name] if isinstance(key, ECKey) else "PS256"
        header = {"alg": algorithm, "typ": "JWT", "kid": certificate_id}
        return jwt.encode(header, whole | claims, key, algorithms=[algorithm])

    def ask_token(self, assertion: str) -> Reply:
        """Ask for a bearer token."""
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        address = f"{self.url}/services/rest/auth/oauth2/v1/token"
        return Reply(self.pool.request("POST", address, fields=fields, encode_multipart=False))

    @property
    def token(self) -> str:
        """A bearer token, asked for once."""
        if self._token is None:
            self._token = self.ask_token(self.assertion()).json["access_token"]
        return self._token

    def sign_in_anew(self) -> None:
        """Take a new bearer token."""
        self._token = None
        assert self.token

    # ---- calls

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Send a signed request."""
        content = None if body is None else _json.encode(body)
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(self.pool.request(method, self.url + path, body=content, headers=sent))

    def post(self, path: str, body: object, **headers: str) -> Reply:
        """Create or transform."""
        return self.call("POST", RECORD + path, body, **headers)

    def make(self, path: str, **body: object) -> str:
        """Create a record and answer its id; unknown names are errors."""
        whole = self.wanted_by_account(path) | body
        return self.post(path, whole, X_NetSuite_PropertyNameValidation="Error").id

    def get(self, path: str) -> Reply:
        """Read."""
        return self.call("GET", RECORD + path)

    def read(self, path: str) -> dict[str, Any]:
        """A record with its sublists."""
        reply = self.get(path + "?expandSubResources=true")
        assert reply.status == 200, reply.content
        return reply.json

    def patch(self, path: str, body: object) -> Reply:
        """Change."""
        return self.call("PATCH", RECORD + path, body)

    def put(self, path: str, body: object) -> Reply:
        """Create at an external id, or change what is there."""
        return self.call("PUT", RECORD + path, body)

    def delete(self, path: str) -> Reply:
        """Delete."""
        return self.call("DELETE", RECORD + path)

    def query(self, text: str, where: str = "", **more: object) -> Reply:
        """Run SuiteQL."""
        address = f"/services/rest/query/v1/suiteql{where}"
        return self.call("POST", address, {"q": text, **more}, Prefer="transient")

    def rows(self, text: str) -> list[dict[str, str]]:
        """The rows of a query, without their links."""
        reply = self.query(text)
        assert reply.status == 200, reply.content
        return [{name: value for name, value in row.items() if name != "links"} for row in reply.json["items"]]

    # ---- what a person would look up

    def currency(self, symbol: str) -> dict[str, str]:
        """A reference to a currency."""
        return {"id": self.rows(f"SELECT id FROM currency WHERE symbol = '{symbol}'")[0]["id"]}

    def ledger(self, record_id: str) -> dict[str, Decimal]:
        """Debit less credit per account, by the number the tests call it, zeros left out."""
        found = self.rows(
            "SELECT a.id, a.acctnumber, SUM(l.amount) AS net FROM transactionaccountingline l"
            f" JOIN account a ON a.id = l.account WHERE l.transaction = {record_id} GROUP BY a.id, a.acctnumber"
        )
        return {
            self.number_of(row["id"], row.get("acctnumber", "")): Decimal(row["net"])
            for row in found
            if Decimal(row["net"])
        }

    def on_hand(self, item: str) -> Decimal:
        """Units of an item on hand."""
        return Decimal(self.rows(f"SELECT totalquantityonhand FROM item WHERE id = {item}")[0]["totalquantityonhand"])


def signing_key(pem: str) -> ECKey | RSAKey:
    """The private key of a client certificate."""
    try:
        return ECKey.import_key(pem)
    except JoseError:
        return RSAKey.import_key(pem)

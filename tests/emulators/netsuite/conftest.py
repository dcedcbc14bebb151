"""Starts the NetSuite emulator in its own process and speaks to it over HTTP, signed for real."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import urllib3
from joserfc import jwt
from joserfc.jwk import ECKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STAMPS = re.compile(r"documented|chosen|verified: .+")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RECORD = "/services/rest/record/v1/"
_json = msgspec.json.Encoder(decimal_format="number")
_exact = msgspec.json.Decoder(float_hook=Decimal)


def pytest_configure(config: pytest.Config) -> None:
    """Make the stamp known."""
    config.addinivalue_line("markers", "stamp(how): how sure we are that NetSuite itself behaves so")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A behaviour test without a stamp fails the whole collection."""
    for item in items:
        if "emulators/netsuite" not in item.path.as_posix():
            continue
        mark = item.get_closest_marker("stamp")
        if mark is None or not STAMPS.fullmatch(str(mark.args[0])):
            raise pytest.UsageError(f"{item.nodeid} needs @pytest.mark.stamp('documented' | 'verified: …' | 'chosen')")


class Reply:
    """Status, headers and exact JSON of an answer."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
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
    """A small client: signs with the client certificate and keeps the bearer token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pool = urllib3.PoolManager(retries=False)
        self.credentials = self.control("GET", "credentials").json
        self._token: str | None = None

    def control(self, method: str, name: str, body: object = None) -> Reply:
        """Speak to the control plane."""
        content = None if body is None else _json.encode(body)
        return Reply(self.pool.request(method, f"{self.url}/_emulator/{name}", body=content))

    def assertion(self, **claims: object) -> str:
        """A signed client assertion; keyword arguments replace claims."""
        now = int(time.time())
        whole = {
            "iss": self.credentials["client_id"],
            "scope": ["rest_webservices"],
            "aud": f"{self.url}/services/rest/auth/oauth2/v1/token",
            "iat": now,
            "exp": now + 300,
        }
        header = {"alg": "ES256", "typ": "JWT", "kid": self.credentials["certificate_id"]}
        return jwt.encode(header, whole | claims, ECKey.import_key(self.credentials["private_key"]))

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
        return self.post(path, body, X_NetSuite_PropertyNameValidation="Error").id

    def get(self, path: str) -> Reply:
        """Read."""
        return self.call("GET", RECORD + path)

    def read(self, path: str) -> dict[str, object]:
        """A record with its sublists."""
        reply = self.get(path + "?expandSubResources=true")
        assert reply.status == 200, reply.content
        return reply.json

    def patch(self, path: str, body: object) -> Reply:
        """Change."""
        return self.call("PATCH", RECORD + path, body)

    def query(self, text: str, where: str = "", **more: object) -> Reply:
        """Run SuiteQL."""
        address = f"/services/rest/query/v1/suiteql{where}"
        return self.call("POST", address, {"q": text, **more}, Prefer="transient")

    def rows(self, text: str) -> list[dict[str, str]]:
        """The rows of a query, without their links."""
        reply = self.query(text)
        assert reply.status == 200, reply.content
        return [{name: value for name, value in row.items() if name != "links"} for row in reply.json["items"]]

    def account(self, number: str) -> str:
        """The id of an account by its number."""
        return self.rows(f"SELECT id FROM account WHERE acctnumber = '{number}'")[0]["id"]

    def ledger(self, record_id: str) -> dict[str, Decimal]:
        """Debit less credit per account number, zeros left out."""
        found = self.rows(
            "SELECT a.acctnumber AS account, SUM(l.amount) AS net FROM transactionaccountingline l"
            f" JOIN account a ON a.id = l.account WHERE l.transaction = {record_id} GROUP BY a.acctnumber"
        )
        return {row["account"]: Decimal(row["net"]) for row in found if Decimal(row["net"])}

    def on_hand(self, item: str) -> Decimal:
        """Units of an item on hand."""
        return Decimal(self.rows(f"SELECT totalquantityonhand FROM item WHERE id = {item}")[0]["totalquantityonhand"])


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of an emulator in its own process."""
    command = [sys.executable, "-m", "contrapost_emulators.netsuite", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def client(address: str) -> NetSuite:
    """A signed-in client."""
    return NetSuite(address)


class Shop:
    """A small shop: one customer, plain and stocked items, tax codes."""

    def __init__(self, net: NetSuite) -> None:
        self.net = net
        self.customer = net.make("customer", entityId="Ada", companyName="Ada", subsidiary={"id": "1"})
        self.clearing = net.make("account", acctNumber="1090", acctName="Clearing", acctType={"id": "Bank"})
        self.allowances = net.make("account", acctNumber="4100", acctName="Allowances", acctType={"id": "Income"})
        self.rounding = net.make("account", acctNumber="7900", acctName="Rounding", acctType={"id": "Expense"})
        self.card = net.make("nonInventorySaleItem", itemId="POSTCARD")
        self.adjust = net.make("serviceSaleItem", itemId="ADJ-OUT", incomeAccount={"id": self.allowances})
        self.round = net.make(
            "otherChargeSaleItem", itemId="ROUND", isTaxable=False, incomeAccount={"id": self.rounding}
        )
        self.tray = net.make("inventoryItem", itemId="TRAY")
        self.discount = net.make("discountItem", itemId="TEN", rate="-10%")
        self.tax = net.make("salesTaxItem", itemId="US825", rate="8.25%")
        self.tax_type = net.make("taxType", name="Sales tax")
        net.make(
            "inventoryAdjustment",
            account={"id": net.account("5900")},
            inventory={"items": [{"item": {"id": self.tray}, "adjustQtyBy": 10, "unitCost": 15}]},
        )

    def sale(self, *lines: dict[str, object], kind: str = "cashSale", **more: object) -> str:
        """A sale to the customer into the clearing account (or onto receivables)."""
        account = {"account": {"id": self.clearing}} if kind == "cashSale" else {}
        return self.net.make(kind, entity={"id": self.customer}, item={"items": list(lines)}, **account, **more)


@pytest.fixture
def net(client: NetSuite) -> NetSuite:
    """A client of a fresh account."""
    client.control("POST", "reset")
    client.sign_in_anew()
    return client


@pytest.fixture
def shop(net: NetSuite) -> Shop:
    """A small shop in a fresh account."""
    return Shop(net)


def line(item: str, amount: object, quantity: object = 1, **more: object) -> dict[str, object]:
    """An item line of an amount."""
    return {"item": {"id": item}, "quantity": quantity, "amount": Decimal(str(amount)), **more}


@pytest.fixture(name="line")
def line_fixture() -> Callable[..., dict[str, object]]:
    """Makes item lines."""
    return line

"""A client that nobody here wrote: `netsuite` from PyPI speaks to the account, and understands what it answers."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from netsuite import Config, TokenAuth
from netsuite.exceptions import NetsuiteAPIRequestError
from netsuite.rest_api import NetSuiteRestApi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from contract.client import NetSuite
    from contract.shop import Shop

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # the client's own libraries deprecate each other
    pytest.mark.stamp("verified: the PyPI client netsuite 0.12, in use with real accounts, works with it as it is"),
]


class PublicClient(NetSuiteRestApi):
    """The client as it is, but for the address it speaks to; signed with tokens, all that it knows."""

    def __init__(self, net: NetSuite, **changed: str) -> None:
        held = {name: net.credentials["tba"][name] for name in TokenAuth.model_fields} | changed
        super().__init__(Config(account=net.credentials["account_id"], auth=TokenAuth(**held)))
        self._here = net.url + "/services/rest"

    def _make_url(self, subpath: str) -> str:
        return self._here + subpath

    def now(self, ask: Callable[[PublicClient], Awaitable[Any]]) -> Any:
        """The answer to one question, waited for."""
        return asyncio.run(ask(self))

    def refused(self, ask: Callable[[PublicClient], Awaitable[Any]]) -> tuple[int, dict[str, Any]]:
        """Status and first detail of a question that is turned down, as the client hands them on."""
        with pytest.raises(NetsuiteAPIRequestError) as turned_down:
            self.now(ask)
        details = json.loads(turned_down.value.response_text)["o:errorDetails"]
        return turned_down.value.status_code, details[0]


@pytest.fixture
def api(net: NetSuite) -> PublicClient:
    """The public client of the account under test."""
    return PublicClient(net)


def a_sale(shop: Shop, name: str) -> dict[str, object]:
    """A cash sale of two cards, 21.00 together."""
    line = {"item": {"id": shop.card}, "quantity": 2, "amount": 21.0, "price": {"id": "-1"}}
    account = {"account": {"id": shop.clearing}}
    return {"entity": {"id": shop.customer}, "externalId": name, "item": {"items": [line]}, **account}


def test_create_says_where_the_record_is(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """A record is created with 204, an empty body and its address in `Location`; the client reads it there."""
    made = api.now(lambda api: api.request("POST", "/record/v1/cashSale", json=a_sale(shop, net.own("public-1"))))
    assert (made.status_code, made.content) == (204, b"")
    place = made.headers["Location"]
    assert place.startswith(f"{net.url}/services/rest/record/v1/")
    read = api.now(lambda api: api.get("/record/v1/cashSale/" + place.rsplit("/", 1)[1]))
    assert read["total"] == 21.0
    assert read["links"][0]["rel"] == "self"


def test_get_by_external_id(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """`eid:` finds a record by its external id, in whatever case it is written."""
    name = net.own("public-2")
    api.now(lambda api: api.post("/record/v1/cashSale", json=a_sale(shop, name)))
    for written in (name, name.upper()):
        read = api.now(lambda api, eid=written: api.get(f"/record/v1/cashSale/eid:{eid}"))
        assert (read["externalId"], read["entity"]["id"]) == (name, shop.customer)


def test_upsert_by_external_id(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """PUT by `eid:` makes the record the first time and changes that one the second time."""
    name = net.own("public-3")
    for memo in ("first", "second"):
        body = a_sale(shop, name) | {"memo": memo} if memo == "first" else {"memo": memo}
        api.now(lambda api, body=body: api.put(f"/record/v1/cashSale/eid:{name}", json=body))
        read = api.now(lambda api: api.get(f"/record/v1/cashSale/eid:{name}"))
        assert (read["memo"], read["total"]) == (memo, 21.0)


def test_patch_changes_what_it_names(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """PATCH changes the fields it names and leaves the others."""
    name = net.own("public-4")
    api.now(lambda api: api.post("/record/v1/cashSale", json=a_sale(shop, name)))
    api.now(lambda api: api.patch(f"/record/v1/cashSale/eid:{name}", json={"memo": "changed"}))
    read = api.now(lambda api: api.get(f"/record/v1/cashSale/eid:{name}"))
    assert (read["memo"], read["total"]) == ("changed", 21.0)


def test_transform_with_replace_refunds_what_it_names(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """One of two cards goes back: the lines are named, and the query finds the refund by its sale."""
    name = net.own("public-5")
    api.now(lambda api: api.post("/record/v1/cashSale", json=a_sale(shop, name)))
    body = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 10.5, "price": {"id": "-1"}}]}}
    path = f"/record/v1/cashSale/eid:{name}/!transform/cashRefund?replace=item"
    api.now(lambda api: api.post(path, json=body))
    sale = net.rows(f"SELECT id FROM transaction WHERE externalid = '{name}'")[0]["id"]
    made = f"SELECT DISTINCT transaction FROM transactionline WHERE createdfrom = {sale}"
    asked = f"SELECT type, foreigntotal FROM transaction WHERE id IN ({made})"
    found = api.now(lambda api: api.suiteql(asked))
    assert [(row["type"], row["foreigntotal"]) for row in found["items"]] == [("CashRfnd", "-10.5")]


def test_suiteql_pages(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """A query is answered page by page; each says whether there is more, and rows have lower-case names."""
    names = [net.own(f"public-{number}") for number in (6, 7, 8)]
    for name in names:
        api.now(lambda api, name=name: api.post("/record/v1/cashSale", json=a_sale(shop, name)))
    listed = ", ".join(f"'{name}'" for name in names)
    asked = f"SELECT ExternalId FROM Transaction WHERE externalid IN ({listed}) ORDER BY id"
    pages = [api.now(lambda api, start=start: api.suiteql(asked, limit=2, offset=start)) for start in (0, 2)]
    assert [row["externalid"] for page in pages for row in page["items"]] == names
    assert [page["hasMore"] for page in pages] == [True, False]
    assert {page["totalResults"] for page in pages} == {3}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/record/v1/cashSale/999999999", 404, "NONEXISTENT_ID"),
        ("/record/v1/cashSale/eid:nobody-made-this", 404, "NONEXISTENT_ID"),
    ],
)
def test_what_is_not_there_is_404(api: PublicClient, path: str, status: int, code: str) -> None:
    """A record that is not there raises the client's own error, with NetSuite's status and code in it."""
    said = api.refused(lambda api: api.get(path))
    assert (said[0], said[1]["o:errorCode"]) == (status, code)


def test_unknown_field_is_refused_with_its_path(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """The client asks for strict names, so a field nobody knows is refused where it stands, and nothing is made."""
    name = net.own("public-9")
    body = a_sale(shop, name) | {"noSuchField": 1}
    status, detail = api.refused(lambda api: api.post("/record/v1/cashSale", json=body))
    assert (status, detail["o:errorPath"]) == (400, "noSuchField")
    assert net.rows(f"SELECT id FROM transaction WHERE externalid = '{name}'") == []


def test_duplicate_external_id_is_refused(api: PublicClient, net: NetSuite, shop: Shop) -> None:
    """A second record under the same external id is refused; the first stays alone."""
    name = net.own("public-10")
    api.now(lambda api: api.post("/record/v1/cashSale", json=a_sale(shop, name)))
    status, detail = api.refused(lambda api: api.post("/record/v1/cashSale", json=a_sale(shop, name)))
    assert status == 400
    assert "already exists" in detail["detail"]
    assert len(net.rows(f"SELECT id FROM transaction WHERE externalid = '{name}'")) == 1


def test_query_that_cannot_be_read_is_refused(api: PublicClient) -> None:
    """A query for a column that is not there is refused in the words of a search."""
    status, detail = api.refused(lambda api: api.suiteql("SELECT nosuchcolumn FROM transaction"))
    assert status == 400
    assert "nosuchcolumn" in detail["detail"].lower()


@pytest.mark.parametrize("wrong", ["consumer_secret", "token_secret", "token_id"])
def test_wrong_secret_is_turned_away(net: NetSuite, wrong: str) -> None:
    """A client with a wrong secret or token is answered 401 INVALID_LOGIN, and reads nothing."""
    stranger = PublicClient(net, **{wrong: "not-the-one"})
    status, detail = stranger.refused(lambda api: api.get("/record/v1/customer"))
    assert (status, detail["o:errorCode"]) == (401, "INVALID_LOGIN")

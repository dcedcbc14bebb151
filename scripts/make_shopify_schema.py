"""Writes the part of Shopify's Admin schema that the emulator serves: names and types, no descriptions.

The schema comes from the npm package `@shopify/dev-mcp` (ISC licence; its notice is kept beside the result). Give the
path of the package's .tgz, or of one `admin_VERSION.json.gz` from inside it, to do without npm:

    python scripts/make_shopify_schema.py [PATH]
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from graphql import build_client_schema, print_schema

PACKAGE = "@shopify/dev-mcp@1.16.0"
VERSION = "2026-10"
TARGET = Path(__file__).parent.parent / "src/contrapost_emulators/shopify/schema.graphql"
NOTICE = TARGET.with_name("SCHEMA-LICENSE")
HEAD = (
    f"# The part of Shopify's Admin GraphQL schema {VERSION} that the emulator serves: names and types only.\n"
    f"# Made by `make shopify-schema` from the npm package {PACKAGE} (ISC, see SCHEMA-LICENSE); do not edit.\n\n"
)

ROOT_FIELDS = {
    "currentAppInstallation", "fulfillment", "location", "locations", "locationsCount", "node", "nodes", "order",
    "orderByIdentifier", "orders", "ordersCount", "refund", "return", "reverseFulfillmentOrder", "shop",
    "shopifyPaymentsAccount",
}  # fmt: skip
# These types are served, and with them every type that one of their fields gives.
CORE = {
    "Order", "LineItem", "ShippingLine", "Fulfillment", "FulfillmentLineItem", "FulfillmentOrder",
    "Refund", "RefundLineItem", "RefundShippingLine", "RefundDuty", "OrderAdjustment",
    "OrderTransaction", "TransactionFee", "CurrencyExchangeAdjustment", "ShopifyPaymentsTransactionSet",
    "Return", "ReturnLineItem", "UnverifiedReturnLineItem", "ExchangeLineItem", "ReturnShippingFee", "RestockingFee",
    "ReverseFulfillmentOrder", "ReverseFulfillmentOrderLineItem", "ReverseFulfillmentOrderDisposition",
    "SalesAgreement", "OrderAgreement", "RefundAgreement", "ReturnAgreement", "OrderEditAgreement",
    "Sale", "ProductSale", "ShippingLineSale", "DutySale", "TipSale", "GiftCardSale", "FeeSale", "AdditionalFeeSale",
    "AdjustmentSale", "UnknownSale", "SaleTax", "AdditionalFee", "Duty", "TaxLine", "DiscountAllocation",
    "DiscountApplication", "ManualDiscountApplication", "DiscountCodeApplication", "ScriptDiscountApplication",
    "AutomaticDiscountApplication", "CashRoundingAdjustment", "OrderCancellation", "OrderPaymentCollectionDetails",
    "Location", "LocationAddress", "AccessScope", "MoneyBag", "MoneyV2", "MailingAddress", "PageInfo",
    "ShopifyPaymentsBalanceTransaction", "ShopifyPaymentsBalanceTransactionAssociatedPayout",
    "ShopifyPaymentsBalanceTransactionConnection", "ShopifyPaymentsBalanceTransactionEdge",
    "OrderConnection", "OrderEdge", "LocationConnection", "LocationEdge", "RefundConnection", "RefundEdge",
}  # fmt: skip
# These are served with those of their fields that give a scalar or a type served anyway.
THIN = {
    "Node", "LegacyInteroperability", "QueryRoot", "Shop", "ShopAddress", "ShopPlan", "AppInstallation", "App",
    "Customer", "Product", "ProductVariant", "ShopifyPaymentsAccount", "CardPaymentDetails",
    "LocalPaymentMethodsPaymentDetails", "PaypalWalletPaymentDetails", "ShopPayInstallmentsPaymentDetails",
}  # fmt: skip


def main(argv: list[str]) -> None:
    """Reads the whole schema, cuts out the part, and writes it with its notice."""
    introspection, notice = _read(Path(argv[0])) if argv else _fetch()
    schema = build_client_schema(_cut(introspection))
    TARGET.write_text(HEAD + print_schema(schema) + "\n")
    if notice:
        NOTICE.write_text(notice)


def _fetch() -> tuple[dict[str, Any], str]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
        return _read(next(Path(folder).glob("*.tgz")))


def _read(path: Path) -> tuple[dict[str, Any], str]:
    if path.name.endswith(".json.gz"):
        return _introspection(path.read_bytes()), ""
    with tarfile.open(path) as package:
        answers = package.extractfile(f"package/dist/data/admin_{VERSION}.json.gz")
        notice = package.extractfile("package/LICENSE")
        if answers is None or notice is None:
            raise SystemExit(f"{path} holds no admin_{VERSION}.json.gz with its licence")
        return _introspection(answers.read()), notice.read().decode()


def _introspection(packed: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(gzip.decompress(packed))["data"]["__schema"]
    return schema


def _cut(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - graphql-core's own shape of an introspection
    """Keeps the served types, and of these the fields that lead to served types."""
    types = {each["name"]: each for each in schema["types"]}
    kept = _served(types)
    cut = [_thin(types[name], kept, types) for name in sorted(kept)]
    inputs = _inputs(cut, types)
    return {
        "__schema": {
            "queryType": {"name": "QueryRoot"},
            "mutationType": None,
            "subscriptionType": None,
            "types": [*cut, *(_bare(types[name]) for name in sorted(inputs - kept))],
            "directives": [],
        }
    }


def _served(types: dict[str, Any]) -> set[str]:
    kept = CORE | THIN
    for name in CORE:
        for field in types[name].get("fields") or []:
            kept.add(_base(field["type"]))
        kept |= {each["name"] for each in types[name].get("possibleTypes") or []}
    for name in [name for name in kept if name.endswith("Connection")]:
        kept |= {_base(field["type"]) for field in types[name]["fields"]}
    return kept - {name for name in kept if types[name]["kind"] in {"SCALAR", "ENUM", "INPUT_OBJECT"}}


def _thin(each: dict[str, Any], kept: set[str], types: dict[str, Any]) -> dict[str, Any]:
    leaves = {"SCALAR", "ENUM"}
    fields = [
        field
        for field in each.get("fields") or []
        if (_base(field["type"]) in kept or types[_base(field["type"])]["kind"] in leaves)
        and (each["name"] != "QueryRoot" or field["name"] in ROOT_FIELDS)
    ]
    return _bare(each) | {
        "fields": [_plain(field) | {"args": [_plain(arg) for arg in field["args"]]} for field in fields],
        "interfaces": [link for link in each.get("interfaces") or [] if link["name"] in kept],
        "possibleTypes": [link for link in each.get("possibleTypes") or [] if link["name"] in kept],
    }


def _inputs(cut: list[dict[str, Any]], types: dict[str, Any]) -> set[str]:
    """Names every scalar, enum and input that the kept fields take or give."""
    found = {"String", "Boolean", "Int", "Float", "ID"}
    todo = [part["type"] for each in cut for field in each["fields"] for part in [field, *field["args"]]]
    while todo:
        name = _base(todo.pop())
        if name not in found and types[name]["kind"] in {"SCALAR", "ENUM", "INPUT_OBJECT"}:
            found.add(name)
            todo += [field["type"] for field in types[name].get("inputFields") or []]
    return found


def _bare(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": each["kind"],
        "name": each["name"],
        "fields": None,
        "interfaces": each.get("interfaces"),
        "possibleTypes": each.get("possibleTypes"),
        "inputFields": [_plain(field) for field in each.get("inputFields") or []],
        "enumValues": [{"name": value["name"], "isDeprecated": False} for value in each.get("enumValues") or []],
    }


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    return {"name": part["name"], "type": part["type"], "defaultValue": part.get("defaultValue"), "isDeprecated": False}


def _base(kind: dict[str, Any]) -> str:
    while kind.get("ofType"):
        kind = kind["ofType"]
    return str(kind["name"])


if __name__ == "__main__":
    main(sys.argv[1:])

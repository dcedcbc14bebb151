"""Settings pages: saved, refused with what was typed, and secrets never shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contrapost import accounts as setting_up
from contrapost.codec import encode
from contrapost.mapping.profile import POLICIES, SETTINGS
from contrapost.netsuite.catalog import Catalog, Described, Field, FieldType
from contrapost.netsuite.certificate import make
from contrapost.records import accounts
from contrapost.web.fields import CHOICES, LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

ACCOUNT = "/settings/accounts/northlight/"


def test_a_setting_is_saved_and_secrets_left_empty_stay(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A changed policy and a new cash account are saved; the secret stays as it was."""
    before = accounts.get("northlight", vault=trade.app.vault)
    typed = {
        "set:restock": "never",
        "set:client_secret": "",
        "new:cash_account.:0:name": "klarna",
        "new:cash_account.:0:value": "1091",
    }
    text = as_role("administrator").post(ACCOUNT, typed).content.decode()
    after = accounts.get("northlight", vault=trade.app.vault)

    assert "Saved." in text
    assert after.profile["restock"] == "never"
    assert after.profile["cash_account.klarna"] == "1091"
    assert after.secrets == before.secrets


def test_what_was_typed_stays_when_it_is_refused(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """An odd setting is refused beside its field; nothing typed is lost, nothing is saved, no secret comes back."""
    typed = {
        "set:order.field": "nonsense",
        "set:client_secret": "shpss_typed_secret",
        "new:cash_account.:0:name": "klarna",
        "new:cash_account.:0:value": "1091",
    }
    answer = as_role("administrator").post(ACCOUNT, typed)
    text = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="nonsense"' in text
    assert 'value="klarna"' in text
    assert 'aria-invalid="true"' in text
    assert "shpss_typed_secret" not in text
    assert "order.field" not in accounts.get("northlight").profile
    assert trade


def test_secrets_are_never_shown(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Neither the shop's secrets nor NetSuite's key stand on any settings page."""
    client = as_role("administrator")
    shop = accounts.get("northlight", vault=trade.app.vault)
    books = accounts.netsuite("books", vault=trade.app.vault)
    pages = [client.get(page).content.decode() for page in ("/settings/", ACCOUNT, "/settings/netsuite/books/")]

    for secret in (*shop.secrets.values(), *books.secrets.values()):
        assert all(secret.splitlines()[-1] not in page for page in pages)


def test_connections_are_tested(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Test connection says what works, and what does not once the books are away."""
    client = as_role("manager")
    fine = client.post(f"{ACCOUNT}test/").content.decode()
    signed_in = client.post("/settings/netsuite/books/test/").content.decode()
    trade.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 50, "do": "503"}])
    away = client.post("/settings/netsuite/books/test/").content.decode()
    trade.books.ask("DELETE", "faults")

    assert 'class="message success"' in fine
    assert "signed in" in signed_in
    assert 'class="message error"' in away


def test_an_account_is_added_from_the_page(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """NetSuite and store accounts are added by the forms; a name that cannot be one is refused with a sentence."""
    client = as_role("administrator")
    given = {f"set:{name}": value for name, value in trade.books.credentials().items()}
    refused = client.post("/settings/add-netsuite/", {**given, "name": "No Name!"}).content.decode()
    added = client.post("/settings/add-netsuite/", {**given, "name": "second"}).content.decode()
    missing = client.post("/settings/add-account/shopify/", {"name": "third", "set:shop": "third"}).content.decode()

    assert "cannot be the name of an account" in refused
    assert 'value="No Name!"' in refused
    assert "signed in" in added
    assert 'value="third"' in missing
    assert 'class="message error"' in missing


def test_a_certificate_that_ends_soon_is_told(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """From 30 days before its end, Settings and the page of the account say when the certificate ends."""
    one = make("ec-p256", name="books", days=20, now=datetime.now(UTC))
    signs = {"client_id": "c", "certificate_id": "k", "private_key": one.private_key, "certificate": one.certificate}
    setting_up.add_netsuite(trade.app, "second", {"account_id": "1", "url": "http://127.0.0.1:9", **signs})
    client = as_role("administrator")
    said = f"ends on {one.ends:%Y-%m-%d}"

    assert said in client.get("/settings/").content.decode()
    assert said in client.get("/settings/netsuite/second/").content.decode()
    assert said not in client.get("/settings/netsuite/books/").content.decode()


def test_a_finding_leads_to_its_setting(as_role: Callable[[str], Client]) -> None:
    """The link of a finding opens the account with the entry begun and the cursor in its value."""
    text = as_role("administrator").get(f"{ACCOUNT}?set=cash_account.klarna").content.decode()

    assert 'name="new:cash_account.:0:name" value="klarna"' in text
    assert "autofocus" in text


def test_fields_of_netsuite_are_offered(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The box for a new rule offers the fields that NetSuite said its records have, by the names rules use."""
    fields = (Field(name="custbody_channel", type=FieldType.TEXT, title="Sales channel"),)
    catalog = Catalog(records=(Described(record="cashRefund", fields=fields),))
    lists = trade.app.lists_for("books", newest=True)
    accounts.put_lists("books", encode(replace(lists, catalog=catalog)), now=trade.app.now())
    text = as_role("administrator").get(ACCOUNT).content.decode()

    assert '<option value="cashRefund.custbody_channel">Sales channel</option>' in text
    assert text.count('list="field.suggested"') == 2


def test_field_rules_are_shown_and_changed(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A rule is added in the two boxes of its family, then stands in a box of its own; an odd one keeps its place."""
    client, name = as_role("administrator"), "field.cashRefund.custbody_order"
    new = {"new:field.:0:name": "cashRefund.custbody_order", "new:field.:0:value": "copy order.name"}
    client.post(ACCOUNT, new)
    shown = client.get(ACCOUNT).content.decode()
    odd = client.post(ACCOUNT, {f"set:{name}": "copy order.nme"})
    gone = client.post(ACCOUNT, {f"set:{name}": ""})

    assert f'name="set:{name}" value="copy order.name"' in shown
    assert "tender.payout" in shown
    assert odd.status_code == 422
    assert "did you mean order.name?" in odd.content.decode()
    assert gone.status_code == 200
    assert name not in accounts.get("northlight").profile
    assert trade


def test_every_setting_of_a_profile_has_a_label() -> None:
    """No setting stands on the page by its bare name."""
    named = {setting.name for setting in SETTINGS if not setting.name.endswith("*")}

    assert named <= LABELS.keys()


def test_every_value_of_every_policy_can_be_chosen() -> None:
    """A policy whose value the page does not offer would be lost when the page is saved."""
    for name, policy in POLICIES.items():
        assert list(CHOICES[name]) == list(policy), name

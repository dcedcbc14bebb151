"""The client when things go wrong: throttling, tokens, a shop that is down, answers that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contrapost.stores.contract import StoreError
from contrapost.stores.shopify.client import Client
from contrapost.stores.shopify.settings import Settings, read_settings
from contrapost.stores.shopify.store import ShopifyStore

if TYPE_CHECKING:
    from contrapost.stores.shopify.conftest import Emulator, Time


def connect(emulator: Emulator, time: Time, **changed: str) -> ShopifyStore:
    settings, findings = read_settings(emulator.control("GET", "credentials") | changed)
    assert settings is not None, findings
    return ShopifyStore(settings, Client(settings, clock=time.clock, sleep=time.sleep))


def refusal(store: ShopifyStore) -> StoreError:
    with pytest.raises(StoreError) as refused:
        store.orders(["#1001"])
    assert "shpss" not in str(refused.value.finding)
    assert "shpat" not in str(refused.value.finding)
    return refused.value


def test_a_drained_bucket_is_waited_for(store: ShopifyStore, emulator: Emulator, time: Time) -> None:
    """When another app used the points up, the query waits until enough are back, and is asked again once."""
    emulator.control("POST", "seed")
    emulator.control("POST", "throttle", {"available": 0})
    assert len(store.orders(["#1001"]).refunds) == 1
    assert emulator.calls() == 3
    assert len(time.slept) == 2


def test_our_own_use_never_runs_dry(store: ShopifyStore, emulator: Emulator, time: Time) -> None:
    """Reading the same orders over and over waits by itself and is never throttled."""
    emulator.control("POST", "seed")
    for _ in range(40):
        store.orders([f"#{1001 + n}" for n in range(6)])
    assert emulator.calls() == 40 * 3
    assert time.slept
    assert emulator.control("GET", "")["throttle"]["currentlyAvailable"] >= 0


def test_a_bucket_that_stays_empty_ends_in_a_finding(store: ShopifyStore, emulator: Emulator) -> None:
    """Throttled again and again, the client gives up and says that it may be tried later."""
    emulator.fault("graphql", "throttled", times=0)
    refused = refusal(store)
    assert (refused.finding.code, refused.retryable) == ("store_busy", True)


def test_a_token_is_fetched_once_and_renewed_before_it_ends(
    store: ShopifyStore, emulator: Emulator, time: Time
) -> None:
    """One token serves until shortly before its day is over; then another is fetched, and no call is refused."""
    emulator.control("POST", "seed")
    store.orders(["#1001"])
    time.pass_by(86_000)
    store.orders(["#1001"])
    time.pass_by(300)
    store.orders(["#1001"])
    assert emulator.calls("access_token") == 2
    assert {each["status"] for each in emulator.control("GET", "journal")["requests"]} == {200}


def test_a_token_that_was_taken_away_is_renewed_once(store: ShopifyStore, emulator: Emulator) -> None:
    """A refused token is fetched anew and the query asked again."""
    emulator.control("POST", "seed")
    store.orders(["#1001"])
    emulator.control("DELETE", "tokens")
    assert len(store.orders(["#1001"]).refunds) == 1
    assert emulator.calls("access_token") == 2


def test_a_token_refused_twice_is_told(store: ShopifyStore, emulator: Emulator) -> None:
    """A token that is refused although it is new ends in a finding; nothing is tried for ever."""
    emulator.fault("graphql", "401", times=0)
    assert refusal(store).finding.code == "store_token_refused"
    assert emulator.calls() == 2


@pytest.mark.parametrize("changed", [{"client_secret": "shpss_wrong"}, {"client_id": "wrong"}])
def test_wrong_credentials_are_told(emulator: Emulator, time: Time, changed: dict[str, str]) -> None:
    """A wrong client ID or secret says where to find the right one; it is not tried again."""
    refused = refusal(connect(emulator, time, **changed))
    assert (refused.finding.code, refused.retryable) == ("store_sign_in_refused", False)
    assert "Dev Dashboard" in refused.finding.fix
    assert "[request emulated-" in refused.finding.message
    assert emulator.calls("access_token") == 1


def test_a_lasting_token_needs_no_sign_in(emulator: Emulator, time: Time) -> None:
    """With an access token alone no token is fetched; a wrong one is told."""
    emulator.control("POST", "seed")
    alone = {"client_id": "", "client_secret": ""}
    assert len(connect(emulator, time, **alone).orders(["#1001"]).refunds) == 1
    assert emulator.calls("access_token") == 0
    assert refusal(connect(emulator, time, access_token="shpat_wrong", **alone)).finding.code == "store_token_refused"


@pytest.mark.parametrize("deed", ["429", "500", "503", "drop", "garbage", "truncated", "slow 30"])
@pytest.mark.parametrize("when", ["orders", "nodes", "token"])
def test_a_passing_fault_is_not_noticed(store: ShopifyStore, emulator: Emulator, deed: str, when: str) -> None:
    """One call that goes wrong is made again; the answer is whole."""
    emulator.control("POST", "seed")
    emulator.fault(when, deed)
    assert len(store.orders(["#1001"]).refunds) == 1


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("429", "store_busy"),
        ("500", "store_failing"),
        ("503", "store_failing"),
        ("drop", "store_unreachable"),
        ("truncated", "store_unreachable"),
        ("garbage", "store_answer_unreadable"),
    ],
)
def test_a_lasting_fault_is_told(store: ShopifyStore, emulator: Emulator, deed: str, code: str) -> None:
    """A fault that lasts ends after a few tries in a finding that says what to do, and that waiting can help."""
    emulator.fault("graphql", deed, times=0)
    refused = refusal(store)
    assert (refused.finding.code, refused.retryable) == (code, True)
    assert refused.finding.fix
    assert emulator.calls() == 4


def test_a_shop_that_is_not_there_is_told(time: Time) -> None:
    """Where nothing listens, the finding names the address; the check gives the same finding and does not raise."""
    settings = Settings(shop="gone.myshopify.com", url="http://127.0.0.1:9", access_token="shpat_hidden")
    store = ShopifyStore(settings, Client(settings, clock=time.clock, sleep=time.sleep))
    refused = refusal(store)
    assert (refused.finding.code, refused.retryable) == ("store_unreachable", True)
    assert "http://127.0.0.1:9" in refused.finding.message
    assert [each.code for each in store.check()] == ["store_unreachable"]


def test_another_shop_behind_the_address_is_told(emulator: Emulator, time: Time) -> None:
    """When the address answers for another shop than the account's, the check says which."""
    store = connect(emulator, time, shop="someone-else.myshopify.com")
    assert "store_is_another" in [each.code for each in store.check()]


def test_a_version_the_shop_does_not_have_is_told(emulator: Emulator, time: Time) -> None:
    """An address that is not there points to shop and version."""
    settings, _ = read_settings(emulator.control("GET", "credentials"))
    assert settings is not None
    wrong = Settings(shop=settings.shop, url=f"{settings.url}/nowhere", access_token=settings.access_token)
    store = ShopifyStore(wrong, Client(wrong, clock=time.clock, sleep=time.sleep))
    assert refusal(store).finding.code == "store_not_found"

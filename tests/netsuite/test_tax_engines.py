"""Tax engines in an account: told by the fields they bring along, with how to keep them from reckoning."""

from __future__ import annotations

from contrapost.netsuite.catalog import Catalog, Described, Field
from contrapost.netsuite.tax_engines import tax_engines


def _account(*names: str) -> Catalog:
    fields = tuple(Field(name=name, type=None) for name in names)
    return Catalog(records=(Described(record="cashRefund", fields=fields),))


def test_avatax_is_told_with_its_own_switch() -> None:
    """AvaTax brings a field that keeps it from reckoning: the rule for it is said."""
    (found,) = tax_engines(_account("memo", "custbody_ava_disable_tax_calculation"), "books")

    assert found.code == "tax_engine"
    assert "books uses AvaTax" in found.message
    assert "field.cashRefund.custbody_ava_disable_tax_calculation=fixed true" in found.fix


def test_vertex_is_told() -> None:
    """Vertex has no such field that we know of: its administrator is to be asked."""
    (found,) = tax_engines(_account("custbody_vertex_tax_vt"), "books")

    assert "Vertex" in found.message
    assert "administrator" in found.fix


def test_plain_account_has_none() -> None:
    """An account without such fields, or whose fields could not be read, has nothing told."""
    assert tax_engines(_account("memo", "custbody_channel"), "books") == ()
    assert tax_engines(Catalog(), "books") == ()

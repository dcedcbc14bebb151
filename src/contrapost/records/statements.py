"""Adding and saving rows by statements that are made once: what is saved for each posted refund is saved this way.

Building a statement anew from the models takes Django longer than the database takes to carry it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in the words of both databases, and its values."""

    sql: str
    values: Sequence[Any]


def carry_out(*statements: Statement) -> list[int]:
    """Carries out statements one after the other, and says of how many rows each one was.

    PostgreSQL is sent all of them at once: what takes the longest is to wait for its answers.

    Raises:
        IntegrityError: a row is against a rule of its table.
    """
    counts: list[int] = []
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for one in statements:
                cursor.execute(one.sql, one.values)
                counts.append(cursor.rowcount)
        elif statements:
            cursor.execute(
                "; ".join(one.sql for one in statements), [value for one in statements for value in one.values]
            )
            counts.append(cursor.rowcount)
            while cursor.nextset():
                counts.append(cursor.rowcount)
    return counts


def add(rows: Sequence[Model], *, unless_there: bool = False) -> list[Statement]:
    """Adds new rows of one table with one statement, or none where there are no rows. They get no id to be known by.

    Args:
        rows: of one model, unsaved.
        unless_there: a row is left out where a rule of the table says that it, or a part of it, is there already.
    """
    if not rows:
        return []
    model = type(rows[0])
    return [
        Statement(
            _insert(model, len(rows), unless_there), [_value(row, name) for row in rows for name in _added(model)]
        )
    ]


def save(row: Model) -> Statement:
    """Saves a row that is there: the fields that were read or set, and no other."""
    names = _held(row)
    return Statement(_update(type(row), names), [*(_value(row, name) for name in names), row.pk])


def _held(row: Model) -> tuple[str, ...]:
    deferred = row.get_deferred_fields()
    key = row._meta.pk  # noqa: SLF001 - the documented way to a model's fields
    return tuple(
        field.name
        for field in row._meta.concrete_fields  # noqa: SLF001 - as above
        if field is not key and field.attname not in deferred
    )


def _value(row: Model, name: str) -> Any:  # noqa: ANN401 - as the database takes it
    field: Any = row._meta.get_field(name)  # noqa: SLF001 - as above
    return field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _added(model: type[Model]) -> tuple[str, ...]:
    """All fields but the key, which the database gives."""
    return tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)  # noqa: SLF001 - as above


@cache
def _insert(model: type[Model], rows: int, unless_there: bool) -> str:  # noqa: FBT001 - kept by its values
    names = _added(model)
    one = f"({', '.join(['%s'] * len(names))})"
    left_out = " ON CONFLICT DO NOTHING" if unless_there else ""
    return (
        f"INSERT INTO {_table(model)} ({_columns(model, names)}) "  # noqa: S608 - names of our own tables
        f"VALUES {', '.join([one] * rows)}{left_out}"
    )


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> str:
    given = ", ".join(f"{_columns(model, (name,))} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {given} WHERE id = %s"  # noqa: S608 - as above


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'  # noqa: SLF001 - as above


def _columns(model: type[Model], names: tuple[str, ...]) -> str:
    return ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)  # type: ignore[union-attr] # noqa: SLF001 - as above

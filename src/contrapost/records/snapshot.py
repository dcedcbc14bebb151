"""All our rows at one moment, table by table, as lines of JSON; and such lines put back into empty tables.

Only our own tables count. What Django and its apps keep beside them (who is signed in, failed sign-ins) is made anew.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import F
from django.db.transaction import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Field, Model

_AT_ONCE = 1000
"""So many rows are read, or put in, together."""
_json = msgspec.json.Encoder(order="deterministic")
_FAR = 1_000_000
"""What tokens of leases and numbers of turns grow by when rows are put back: none that was given out comes again."""


@dataclass(frozen=True, slots=True)
class Table:
    """One of our tables, as the migrations that made it describe it."""

    model: type[Model]

    @property
    def name(self) -> str:
        """Its name in the database."""
        return self.model._meta.db_table  # noqa: SLF001 - Django's own documented name

    @property
    def rows(self) -> Any:  # noqa: ANN401 - a manager of whatever model it is
        """Its rows, without what the model adds to how they are asked for."""
        return self.model._base_manager  # noqa: SLF001 - the same

    def lines(self) -> Iterator[bytes]:
        """Gives its columns' names, then its rows in the order of their keys, each as a line of JSON."""
        columns = [field.attname for field in self._fields()]
        yield _json.encode(columns) + b"\n"
        rows = self.rows.order_by("pk").values_list(*columns)
        for row in rows.iterator(chunk_size=_AT_ONCE):
            yield _json.encode(row) + b"\n"

    def put(self, lines: Iterable[bytes]) -> None:
        """Puts lines that `lines` gave into this table, which is empty."""
        remaining = iter(lines)
        fields = {field.attname: field for field in self._fields()}
        kinds = [fields[column] for column in msgspec.json.decode(next(remaining), type=list[str])]
        while rows := [self._row(kinds, line) for line in islice(remaining, _AT_ONCE)]:
            self.rows.bulk_create(rows, batch_size=_AT_ONCE)

    def _row(self, kinds: list[Field[Any, Any]], line: bytes) -> Model:
        values = msgspec.json.decode(line)
        return self.model(**{kind.attname: kind.to_python(value) for kind, value in zip(kinds, values, strict=True)})

    def _fields(self) -> list[Field[Any, Any]]:
        fields = self.model._meta.concrete_fields  # noqa: SLF001 - the same
        return [field for field in fields if not getattr(field, "generated", False)]


def tables(last: str) -> list[Table]:
    """Gives our tables as they are after a migration, by name; they may lie in an older form than our models have."""
    state = MigrationLoader(connection).project_state(("records", last))
    models = state.apps.get_app_config("records").get_models()
    return sorted((Table(model) for model in models), key=lambda table: table.name)


def column(lines: Iterable[bytes], name: str) -> Iterator[str]:
    """Gives one column of lines that `Table.lines` gave; nothing where there is none of this name."""
    remaining = iter(lines)
    columns = msgspec.json.decode(next(remaining), type=list[str])
    if name in columns:
        place = columns.index(name)
        yield from (msgspec.json.decode(line)[place] for line in remaining)


@contextmanager
def held_still() -> Iterator[None]:
    """Reads in this block all see the rows of one moment, while other processes go on writing."""
    if connection.vendor != "sqlite":
        with atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # Django's own begin would keep writers out
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def settle(put: Iterable[Table]) -> None:
    """Makes rows that were put in fit to go on with: references checked, new keys after theirs, nobody at work."""
    connection.check_constraints()
    tables_put = list(put)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables_put]):
            cursor.execute(statement)
    for table in tables_put:
        kind = table.model.__name__
        if kind == "Lease":
            table.rows.update(token=F("token") + _FAR, holder="", until=None)
        elif kind == "Turn":
            table.rows.update(number=F("number") + _FAR)
        elif kind == "Worker":
            table.rows.all().delete()

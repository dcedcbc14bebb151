"""NetSuite is never called inside a database transaction: a slow answer would hold the rows, a fault lose them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from posting_fakes import InAnyOrder

from contrapost.netsuite.answers import Exchange, Standing, Written
from contrapost.posting.post import Poster
from contrapost.records import queries
from contrapost.records.models import PlannedRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import Books

    from contrapost.netsuite.answers import Answer
    from contrapost.netsuite.drafts import Draft


@dataclass
class Watching:
    """A NetSuite that accepts all and notes what the database was about while it was called."""

    calls: list[tuple[str, bool]] = field(default_factory=list)
    intended: list[str] = field(default_factory=list)
    room: int = 1

    def write(self, draft: Draft, body: Mapping[str, object], ours: Callable[[], bool]) -> Answer:
        """Accepts the record."""
        assert body
        assert ours()
        self._note("write")
        self.intended.append(PlannedRecord.objects.get(external_id=draft.external_id).step)
        number = str(len(self.intended))
        exchange = Exchange(method="POST", path="/x", sent="{}", status=204, received="")
        return Written(id=number, exchange=exchange)

    def most_together(self, draft: Draft) -> int:
        """Takes each by itself."""
        del draft
        return 1

    def find(self, draft: Draft) -> Standing | None:
        """Finds nothing."""
        self._note(f"find {draft.external_id}")
        return None

    def read_back(self, drafts: Mapping[str, Draft]) -> Mapping[str, Standing]:
        """Shows every record as it was planned."""
        self._note("read back")
        return {id_: _as_planned(id_, draft) for id_, draft in drafts.items()}

    def _note(self, call: str) -> None:
        self.calls.append((call, connection.in_atomic_block))


def _as_planned(id_: str, draft: Draft) -> Standing:
    return Standing(
        record=draft.record.value,
        id=id_,
        tranid=f"T{id_}",
        external_id=draft.external_id,
        total=draft.total,
        voided=False,
        created_from=draft.source.id if draft.source else "",
    )


def test_no_call_is_made_inside_a_transaction(books: Books) -> None:
    """Each write finds its intent saved and no transaction open; so does the read-back."""
    id_ = books.kept()
    books.ready(id_)
    net = Watching()

    in_the_thread_of_the_rows = InAnyOrder([])
    poster = Poster(net, books.journal(), sleep=lambda _: None, carrier=lambda: in_the_thread_of_the_rows)
    list(poster.post(queries.work([id_])))

    assert net.calls == [("write", False), ("write", False), ("read back", False)]
    assert net.intended == ["intended", "intended"]

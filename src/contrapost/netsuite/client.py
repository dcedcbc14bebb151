"""NetSuite over REST: asks SuiteQL, reads and writes records, finds them again and reads them back."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from contrapost.netsuite import faults
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.calls import Calls, always, parsed
from contrapost.netsuite.catalog import read_catalog
from contrapost.netsuite.drafts import LABELS, RecordType
from contrapost.netsuite.jobs import MOST_TOGETHER, Jobs, Wanted
from contrapost.netsuite.standing import is_changed, read_standing, removed, standings_in
from contrapost.netsuite.suiteql import question, quoted_list
from contrapost.refunds.finding import error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contrapost.netsuite.answers import Answer, Standing
    from contrapost.netsuite.catalog import Catalog
    from contrapost.netsuite.drafts import Draft
    from contrapost.netsuite.settings import NetSuiteSettings

PAGE_ROWS = 1000
"""The most rows NetSuite gives on one page."""
MAX_PAGES = 100
"""NetSuite gives at most 100,000 rows to one question."""
MOST_IN_A_LIST = 1000
"""NetSuite takes at most so many values in an IN."""
_RECORD = "/services/rest/record/v1/"
_SUITEQL = "/services/rest/query/v1/suiteql"
_NUMBERS_EXACT = msgspec.json.Encoder(decimal_format="number")

Row = dict[str, str]
"""One row of an answer: names in lower case, every value a string, nulls left out."""


class RestNetSuite:
    """One NetSuite account. Reads are tried again while NetSuite is busy; a write is sent once.

    A record is named by its type and by its internal id, or by `eid:` and its external id.
    """

    def __init__(
        self,
        settings: NetSuiteSettings,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = Calls(settings, now=now, sleep=sleep)
        self._jobs = Jobs(self._calls, self.rows, sleep=sleep)
        self._takes_batches = settings.batches == "yes"

    # ---- questions

    def rows(self, sql: str, what: str) -> list[Row]:
        """Asks a SuiteQL question and follows its pages to the end.

        Args:
            sql: the question; values in it already quoted.
            what: what it is for, for the sentence of an error: `find the bills of 3 orders`.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        found: list[Row] = []
        for page in range(MAX_PAGES):
            said = self._page(sql, page * PAGE_ROWS, what)
            found += [{name: str(value) for name, value in row.items() if name != "links"} for row in said["items"]]
            if not said.get("hasMore"):
                return found
        raise _too_long(what)

    def get(self, record: str, id_: str, *, expand: bool = False) -> dict[str, Any] | None:
        """Reads a record, its numbers exact; None where NetSuite says that there is none.

        A 404 proves that it does not stand only in NetSuite's own words: it may be some proxy's.

        Args:
            record: its type, `cashRefund`.
            id_: its internal id, or `eid:` and its external id.
            expand: with its sublists, which are links otherwise.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        return self._read(
            _path_of(record, id_) + ("?expandSubResources=true" if expand else ""), f"read {record} {id_}"
        )

    def seconds_ahead(self) -> float | None:
        """How far this machine's clock is ahead of NetSuite's; None where that cannot be known."""
        return self._calls.seconds_ahead()

    def describe(self, records: Sequence[str]) -> Catalog:
        """Reads what the account says of the fields of some record types.

        Raises:
            NetSuiteError: NetSuite could not be asked, or our role may not ask.
        """
        what = "read the fields of the records"
        path = f"{_path_of('metadata-catalog')}?select={','.join(records)}"
        reply = self._calls.ask("GET", path, what, headers={"Accept": "application/swagger+json"})
        if reply.status != HTTPStatus.OK:
            raise faults.failed_to_read(reply, what)
        return read_catalog(parsed(reply, what), records)

    # ---- writes: each is sent once, and answered written, refused or unknown

    def create(self, record: str, body: Mapping[str, object], *, what: str) -> Answer:
        """Makes a record by itself."""
        return self._write("POST", _path_of(record), body, what)

    def transform(
        self, source: str, id_: str, record: str, body: Mapping[str, object], *, replace: Sequence[str] = (), what: str
    ) -> Answer:
        """Makes a record from another one; of the sublists in `replace` only the lines named in the body remain."""
        return self._write("POST", f"{_path_of(source, id_)}/!transform/{record}{_replacing(replace)}", body, what)

    def patch(
        self, record: str, id_: str, body: Mapping[str, object], *, replace: Sequence[str] = (), what: str
    ) -> Answer:
        """Changes what the body names of a record; lines by their key, and with `replace` the others go."""
        return self._write("PATCH", _path_of(record, id_) + _replacing(replace), body, what)

    def upsert(self, record: str, external_id: str, body: Mapping[str, object], *, what: str) -> Answer:
        """Makes the record of an external id, or changes it where it stands."""
        return self._write("PUT", _path_of(record, f"eid:{external_id}"), body, what)

    # ---- what posting needs

    @property
    def room(self) -> int:
        """How many calls the account takes at once now, as far as is known; more of them wait for their turn."""
        return self._calls.room

    def expect(self, calls: int) -> None:
        """Says how many calls are to come, so that the account's limit is known before the first of them wait."""
        self._calls.expect(calls)

    def write(self, draft: Draft, body: Mapping[str, object], ours: Callable[[], bool] = always) -> Answer:
        """Sends one record. Never raises, never sends twice what may have been carried out.

        `ours` is asked in the moment of sending, which may be long after the call; where it says no, nothing is sent.
        """
        what = _writing(draft)
        if draft.removes:
            path = _path_of(draft.record, draft.takes_back)
            return self._calls.write("DELETE", path, None, what, ours=ours, judge=faults.answer_to_removal)
        if draft.source and draft.record is RecordType.SALES_ORDER:
            return self._write("PATCH", _path_of(draft.record, draft.source.id), body, what, ours)
        path = _path_of(draft.record)
        if draft.source:
            path = f"{_path_of(draft.source.record, draft.source.id)}/!transform/{draft.record}"
        return self._write("POST", path + _replacing(draft.replace), body, what, ours)

    def most_together(self, draft: Draft) -> int:
        """Says how many records of this kind may be written in one call: one, unless it stands alone."""
        stands_alone = draft.source is None and not draft.removes
        return MOST_TOGETHER if self._takes_batches and stands_alone else 1

    def write_together(
        self, wanted: Sequence[tuple[Draft, Mapping[str, object]]], ours: Callable[[], bool] = always
    ) -> list[Answer]:
        """Sends records of one type that stand alone, in one call, and answers for each. Never raises."""
        records = [
            Wanted(external_id=draft.external_id, text=_NUMBERS_EXACT.encode(body).decode(), what=_writing(draft))
            for draft, body in wanted
        ]
        return self._jobs.write(_path_of(wanted[0][0].record), records, ours)

    def find(self, draft: Draft) -> Standing | None:
        """Looks for the record of a draft by its external id; NetSuite's records, not its search index.

        A sales order is not made but changed: it stands where its lines are closed that are to be. What is to be
        deleted stands, as what was done, where the record is not there any more.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        what = f"look for {LABELS[draft.record]} {draft.external_id}"
        if draft.removes:
            return None if self.get(draft.record, draft.takes_back) else removed(draft)
        if draft.source and draft.record is RecordType.SALES_ORDER:
            order = self.get(draft.record, draft.source.id, expand=True)
            return read_standing(order, draft) if order and is_changed(order, draft) else None
        said = self._read(_path_of(draft.record, f"eid:{draft.external_id}"), what)
        return read_standing(said, draft) if said else None

    def read_back(self, drafts: Mapping[str, Draft]) -> dict[str, Standing]:
        """Reads records as they stand, by internal id, with their ledger: one question for up to 1,000 of them.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        return self.stand(list(drafts))

    def stand(self, ids: Sequence[str]) -> dict[str, Standing]:
        """Reads records as they stand, by internal id, with their ledger; those that do not stand are left out.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        found: dict[str, Standing] = {}
        for start in range(0, len(ids), MOST_IN_A_LIST):
            some = ids[start : start + MOST_IN_A_LIST]
            sql = question("standing", ids=quoted_list(some))
            found |= standings_in(self.rows(sql, f"read {len(some)} records back"))
        return found

    def _page(self, sql: str, offset: int, what: str) -> dict[str, Any]:
        path = f"{_SUITEQL}?limit={PAGE_ROWS}&offset={offset}"
        reply = self._calls.ask("POST", path, what, text=json.dumps({"q": sql}), headers={"Prefer": "transient"})
        if reply.status != HTTPStatus.OK:
            raise faults.failed_to_read(reply, what)
        said = parsed(reply, what)
        if not isinstance(said.get("items"), list):
            raise faults.failed_to_read(reply, what)
        return said

    def _read(self, path: str, what: str) -> dict[str, Any] | None:
        reply = self._calls.ask("GET", path, what)
        if reply.status == HTTPStatus.NOT_FOUND and faults.said_in(reply):
            return None
        if reply.status != HTTPStatus.OK:
            raise faults.failed_to_read(reply, what)
        return parsed(reply, what)

    def _write(
        self, method: str, path: str, body: Mapping[str, object], what: str, ours: Callable[[], bool] = always
    ) -> Answer:
        return self._calls.write(method, path, _NUMBERS_EXACT.encode(body).decode(), what, ours=ours)


def _writing(draft: Draft) -> str:
    if draft.removes:
        return f"delete {LABELS[draft.record]} {draft.takes_back}"
    return f"write {LABELS[draft.record]} {draft.external_id}"


def _path_of(record: str, id_: str = "") -> str:
    return _RECORD + quote(record, safe="") + (f"/{quote(id_, safe=':')}" if id_ else "")


def _too_long(what: str) -> NetSuiteError:
    message = f"NetSuite has more than {PAGE_ROWS * MAX_PAGES:,} rows to {what}, and gives no more than that."
    return NetSuiteError(
        error(
            "netsuite_answer_too_long", message, fix="Ask for less at once: fewer refunds, or a shorter span of time."
        ),
        retryable=False,
    )


def _replacing(sublists: Sequence[str]) -> str:
    return f"?replace={','.join(sublists)}" if sublists else ""

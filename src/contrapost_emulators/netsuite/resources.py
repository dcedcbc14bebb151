"""The REST record API: what each method does at each address under /services/rest/record/v1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from contrapost_emulators.netsuite import lists
from contrapost_emulators.netsuite.answers import Answer, saved, shown
from contrapost_emulators.netsuite.bodies import BodyReader, Submission
from contrapost_emulators.netsuite.collection import search
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.kinds import Kind, kind_named
from contrapost_emulators.netsuite.references import by_identifier
from contrapost_emulators.netsuite.render import Renderer
from contrapost_emulators.netsuite.requests import check_names, check_request
from contrapost_emulators.netsuite.transactions import book

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.requests import Request
    from contrapost_emulators.netsuite.state import Record, State

EXTERNAL_ID = re.compile(r"[A-Za-z0-9_-]+")


class RecordApi:
    """Serves records out of one account."""

    def __init__(self, state: State, base: str) -> None:
        self.state = state
        self.renderer = Renderer(state, base)

    def answer(self, request: Request) -> Answer:
        """Do what a request asks."""
        kind = kind_named(request.path[0])
        check_request(request)
        match (request.method, request.path[1:]):
            case ("POST", ()):
                return self._create(kind, request)
            case ("GET", ()):
                return self._list(kind, request)
            case ("POST", (identifier, "!transform", target)):
                return self._transform(kind, identifier, target, request)
            case ("PUT", (identifier,)):
                return self._upsert(kind, identifier, request)
            case (_, (identifier,)):
                return self._one(kind, identifier, request)
            case ("GET", (identifier, sublist, *rest)) if sublist in kind.sublists:
                return self._sublist(self._loaded(self.find(kind, identifier)), sublist, rest)
            case (_, () | (_, "!transform", _)):
                raise Refused("wrong method", method=request.method, path="/".join(request.path))
        raise Refused("no such page", path="/".join(request.path))

    def find(self, kind: Kind, identifier: str) -> Record:
        """The record of an internal id or `eid:`, if it is of this kind."""
        record = by_identifier(self.state, kind.family, identifier)
        if record is None:
            raise Refused("no such record", f"{kind.name}/{identifier}")
        if record.kind is not kind:
            raise Refused("other type" if kind.is_transaction else "no such record")
        return record

    def _one(self, kind: Kind, identifier: str, request: Request) -> Answer:
        record = self._loaded(self.find(kind, identifier))
        if request.method == "GET":
            return shown(self._document(record, request))
        if request.method == "PATCH":
            return self._edit(record, request)
        if request.method == "DELETE":
            self._let_others_edit(record)
            with self.state.write():
                (book.delete if kind.is_transaction else lists.delete)(self.state, record)
            return Answer(204)
        raise Refused("wrong method", method=request.method, path="/".join(request.path))

    def _loaded(self, record: Record) -> Record:
        """The record, opened as NetSuite opens it, for editing even where it is only read."""
        if record.key in self.state.workflow_locks:
            raise Refused("locked by workflow")
        return record

    def _let_others_edit(self, record: Record) -> None:
        """Save what a person changed since the record was opened: what is under way is refused then."""
        body = self.state.meanwhile.pop(record.key, None)
        if body is not None:
            change = BodyReader(self.state, record.kind, "error").read(body)
            with self.state.write():
                (book.edit if record.kind.is_transaction else lists.edit)(self.state, record, change)
            raise Refused("changed")

    def _document(self, record: Record, request: Request) -> dict[str, object]:
        return self.renderer.record(
            record,
            only=request.names("fields"),
            expand=request.flag("expandSubResources"),
            simple=request.flag("simpleEnumFormat"),
        )

    def _list(self, kind: Kind, request: Request) -> Answer:
        return shown(search(self.state, self.renderer, kind, request.query), "collection")

    def _sublist(self, record: Record, sublist: str, rest: list[str]) -> Answer:
        if not rest:
            return shown(self.renderer.sublist(record, sublist, expand=True), "collection")
        for line in record.lines(sublist):
            if rest[0] in {line.text("line"), line.text("doc")}:
                return shown(self.renderer.line(record, sublist, line))
        raise Refused("no such record")

    def _create(self, kind: Kind, request: Request) -> Answer:
        submission = self._read(kind, request)
        with self.state.write():
            record = self.create(kind, submission)
        return saved(self.renderer.address(record), submission.warnings, submission.notices)

    def create(self, kind: Kind, submission: Submission) -> Record:
        """Save a new record of any kind."""
        return (book.create if kind.is_transaction else lists.create)(self.state, kind, submission)

    def _edit(self, record: Record, request: Request) -> Answer:
        submission = self._read(record.kind, request)
        self._let_others_edit(record)
        with self.state.write():
            (book.edit if record.kind.is_transaction else lists.edit)(self.state, record, submission)
        return saved(self.renderer.address(record), submission.warnings, submission.notices)

    def _upsert(self, kind: Kind, identifier: str, request: Request) -> Answer:
        if not identifier.lower().startswith("eid:"):
            raise Refused("upsert by external id only")
        record = by_identifier(self.state, kind.family, identifier)
        if record is not None:
            return self._edit(self._loaded(self.find(kind, identifier)), request)
        submission = self._read(kind, request)
        submission.fields["externalId"] = _checked_external_id(identifier[4:])
        with self.state.write():
            record = self.create(kind, submission)
        return saved(self.renderer.address(record), submission.warnings, submission.notices)

    def _transform(self, kind: Kind, identifier: str, target: str, request: Request) -> Answer:
        source = self._loaded(self.find(kind, identifier))
        wanted = kind_named(target)
        submission = self._read(wanted, request)
        if request.asks_form:
            return self._dry_run(source, wanted, submission, request)
        self._let_others_edit(source)
        with self.state.write():
            record = book.transform(self.state, source, wanted, submission)
        return saved(self.renderer.address(record), submission.warnings, submission.notices)

    def _dry_run(self, source: Record, kind: Kind, submission: Submission, request: Request) -> Answer:
        """The record a transform would make, shown and taken back."""
        try:
            with self.state.write():
                self._show_form(book.transform(self.state, source, kind, submission), request)
        except _ShownForm as form:
            document = {name: value for name, value in form.document.items() if name not in {"id", "links"}}
            return shown(document, "create-form")

    def _show_form(self, record: Record, request: Request) -> NoReturn:
        raise _ShownForm(self._document(record, request))

    def _read(self, kind: Kind, request: Request) -> Submission:
        check_names(request, kind)
        names = request.wish("X-NetSuite-PropertyNameValidation", "Warning")
        values = request.wish("X-NetSuite-PropertyValueValidation", "Error")
        body = {} if request.body is None else request.body
        replace = request.names("replace")
        submission = BodyReader(self.state, kind, names, values).read(body, replace & kind.sublists.keys())
        if request.flag("replaceSelectedFields"):
            _keep_unselected(submission.fields, replace)
        _check_external_id(submission.fields)
        return submission


class _ShownForm(Exception):  # noqa: N818 - the way out of a write that is to be taken back
    def __init__(self, document: dict[str, object]) -> None:
        self.document = document


def _keep_unselected(fields: Fields, selected: frozenset[str]) -> None:
    """A null clears only a field that the query selects."""
    for name in [name for name, value in fields.items() if value is None and name not in selected]:
        del fields[name]


def _check_external_id(fields: Fields) -> None:
    external_id = fields.text("externalId")
    if external_id is not None:
        _checked_external_id(external_id)


def _checked_external_id(external_id: str) -> str:
    if not EXTERNAL_ID.fullmatch(external_id):
        raise Refused("bad external id", "externalId", value=external_id)
    return external_id

"""Field rules at work: checked against what NetSuite says of its fields, and written into drafts. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from contrapost.mapping.field_values import OddValueError, as_netsuite_takes_it, shown
from contrapost.mapping.own_fields import is_own
from contrapost.mapping.rules import LINES, RECORDS, Copy, Fixed, Lack, NotGiven, Rule, Translate, evaluate
from contrapost.mapping.sources import Scope
from contrapost.netsuite.catalog import FieldType
from contrapost.netsuite.drafts import LABELS, Draft, Reason, RecordType
from contrapost.refunds.finding import Finding, error, info, warning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from contrapost.mapping.sources import Value
    from contrapost.netsuite.bill import Bill
    from contrapost.netsuite.catalog import Catalog, Field
    from contrapost.netsuite.drafts import DraftLine
    from contrapost.refunds.document import Line, Refund


LEFT_OUT = "left out"
"""What the trace says of a field that a rule has no value for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithFields:
    """Drafts with what the rules wrote into them."""

    drafts: tuple[Draft, ...]
    trace: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()

    def explained(self, trace: Iterable[Reason]) -> tuple[Reason, ...]:
        """Gives the plan's own reasons and those of the rules, which stand in the place of what they overwrote."""
        written = {reason.what for reason in self.trace if reason.value != LEFT_OUT}
        return (*(reason for reason in trace if reason.what not in written), *self.trace)


def check_rules(rules: Sequence[Rule], catalog: Catalog) -> tuple[Finding, ...]:
    """Finds rules for fields that NetSuite does not have, or that cannot hold what the rule gives.

    Of a record that NetSuite did not describe that cannot be said, which is a warning.
    """
    unknown = {rule.record: rule for rule in rules if not catalog.knows(rule.record)}
    return (
        *(finding for rule in rules for finding in _wrong_with(rule, catalog)),
        *(_not_described(rule) for rule in unknown.values()),
    )


def mappable(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Names the fields that rules may write to as NetSuite described them, as settings do, each with its title."""
    for described in (one for one in catalog.records if one.record in RECORDS):
        lines = catalog.sublist(described.record, LINES)
        record = RecordType(described.record)
        for of_line, fields in ((False, described.fields), (True, lines.fields if lines else ())):
            for field in fields:
                if field.type is not FieldType.LIST and not is_own(record, field.name, of_line=of_line):
                    yield f"{record.value}{f'.{LINES}' if of_line else ''}.{field.name}", field.title


def map_fields(
    drafts: Sequence[Draft], rules: Sequence[Rule], refund: Refund, bill: Bill | None, catalog: Catalog
) -> WithFields:
    """Writes what the rules give into the drafts of one refund, says why, and what could not be."""
    if not rules:
        return WithFields(drafts=tuple(drafts))
    made = [_Writer(draft, refund, bill, catalog) for draft in drafts]
    for writer in made:
        writer.write(rule for rule in rules if rule.record is writer.draft.record)
    return WithFields(
        drafts=tuple(writer.written() for writer in made),
        trace=tuple(reason for writer in made for reason in writer.trace),
        findings=tuple(dict.fromkeys(finding for writer in made for finding in writer.findings)),
    )


class _Writer:
    """Writes the fields of one draft."""

    def __init__(self, draft: Draft, refund: Refund, bill: Bill | None, catalog: Catalog) -> None:
        self.draft = draft
        self.refund = refund
        tenders = tuple(one for one in refund.tenders if not draft.gateways or one.gateway in draft.gateways)
        self.scope = Scope(refund=replace(refund, tenders=tenders), bill=bill)
        self.catalog = catalog
        self.body: dict[str, Any] = {}
        self.lines: list[dict[str, Any]] = [{} for _ in _items(draft)]
        self.trace: list[Reason] = []
        self.findings: list[Finding] = []

    def write(self, rules: Iterable[Rule]) -> None:
        """Writes what these rules give."""
        for rule in rules:
            wrong = tuple(_wrong_with(rule, self.catalog))
            if wrong:
                self.findings.extend(wrong)
            elif rule.sublist:
                self._write_lines(rule)
            else:
                self._write(rule, self.scope, self.body, f"{LABELS[self.draft.record]} {rule.field}")

    def written(self) -> Draft:
        """Gives the draft with its fields."""
        if not self.body and not any(self.lines):
            return self.draft
        body = self.draft.body | self.body
        if "memo" in self.body and self._moved:
            body["memo"] = f"{body['memo']}, refunded {self.refund.refunded_on}"
        if not any(self.lines):
            return replace(self.draft, body=body)
        items = [item | more for item, more in zip(_items(self.draft), self.lines, strict=True)]
        body["item"] = self.draft.body["item"] | {"items": items}
        said = [replace(line, fields=more) for line, more in zip(self.draft.lines, self.lines, strict=False)]
        return replace(self.draft, body=body, lines=(*said, *self.draft.lines[len(said) :]))

    @property
    def _moved(self) -> bool:
        """Says whether it is booked on another day, which the memo then keeps."""
        return self.draft.body.get("tranDate") != self.refund.refunded_on.isoformat()

    def _write_lines(self, rule: Rule) -> None:
        for number, (said, into) in enumerate(zip(self.draft.lines, self.lines, strict=False), 1):
            lines = _store_lines(said, self.refund)
            if rule.reads_line and not lines:
                continue  # a line we added, such as rounding: the store knows nothing of it
            scope = replace(self.scope, lines=lines, item=said.item)
            self._write(rule, scope, into, f"{LABELS[self.draft.record]} line {number} {rule.field}")

    def _write(self, rule: Rule, scope: Scope, into: dict[str, Any], what: str) -> None:
        given = evaluate(rule, scope)
        because = f"{rule.setting}: "
        if isinstance(given, NotGiven):
            finding = _lacking(rule, given)
            self.findings.extend([finding] if finding else [])
            self.trace.append(Reason(what=what, value=LEFT_OUT, why=because + _why_left_out(given)))
            return
        try:
            value = as_netsuite_takes_it(given.value, _described(rule, self.catalog))
        except OddValueError as odd:
            self.findings.append(_unfit(rule, given.value, str(odd)))
            self.trace.append(Reason(what=what, value=LEFT_OUT, why=f"{because}the field wants {odd}"))
            return
        into[_field_of(rule, self.catalog)] = value
        self.trace.append(Reason(what=what, value=shown(value), why=because + given.why))


def _items(draft: Draft) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = draft.body.get("item", {}).get("items", [])
    return items


def _store_lines(said: DraftLine, refund: Refund) -> tuple[Line, ...]:
    return tuple(line for line in refund.lines if line.id in said.store_lines)


def _described(rule: Rule, catalog: Catalog) -> Field | None:
    return catalog.field(rule.record, _field_of(rule, catalog), rule.sublist)


def _field_of(rule: Rule, catalog: Catalog) -> str:
    """The way of payment goes by one of two names: a rule may use either."""
    return rule.field if rule.sublist else catalog.own_name(rule.record, rule.field)


# ---- what is wrong with a rule


def _wrong_with(rule: Rule, catalog: Catalog) -> Iterator[Finding]:
    if not catalog.knows(rule.record):
        return
    field = _described(rule, catalog)
    if field is None:
        yield _unknown_field(rule, catalog.names(rule.record, rule.sublist))
        return
    for value in dict.fromkeys(_fixed_values(rule)):
        try:
            as_netsuite_takes_it(value, field)
        except OddValueError as odd:
            yield _odd_value(rule, value, str(odd))


def _fixed_values(rule: Rule) -> Iterator[Value]:
    gives = rule.gives
    plain: list[Fixed | Copy | None] = [gives] if isinstance(gives, Fixed | Copy) else [gives.otherwise]
    if isinstance(gives, Translate):
        yield from gives.table.values()
    elif not isinstance(gives, Fixed | Copy):
        plain += [case.then for case in gives.cases]
    yield from (one.value for one in plain if isinstance(one, Fixed))


def _unknown_field(rule: Rule, names: Collection[str]) -> Finding:
    near = get_close_matches(rule.field, names, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    of = f"the lines of a {LABELS[rule.record]}" if rule.sublist else f"a {LABELS[rule.record]}"
    return error(
        "field_unknown",
        f"The rule {rule.setting} writes {rule.field}, but {of} has no such field in this NetSuite account.{meant}",
        fix="Correct the field's id; or let the field apply to this record type in NetSuite, and let the integration's "
        "role see it; then run doctor to read the fields anew.",
        where=rule.setting,
    )


def _not_described(rule: Rule) -> Finding:
    return warning(
        "fields_not_described",
        f"NetSuite did not say which fields a {LABELS[rule.record]} has, so the rules for them could not be checked.",
        fix="Let the integration's role read the metadata catalog, then run doctor; or look at a preview and post one "
        "refund before you rely on them.",
        where=rule.setting,
    )


def _odd_value(rule: Rule, value: Value, expected: str) -> Finding:
    return error(
        "field_value_odd",
        f"The rule {rule.setting} gives {value.text!r}, but the field wants {expected}.",
        fix=f"Correct the rule ({rule.text}), or what it reads at the store.",
        where=rule.setting,
    )


def _unfit(rule: Rule, value: Value, expected: str) -> Finding:
    """The same of a value that was read: only a required one holds the refund."""
    held = _odd_value(rule, value, expected)
    if rule.required:
        return held
    return warning("field_value_odd", f"{held.message} The field is left out.", fix=held.fix, where=held.where)


def _lacking(rule: Rule, lack: NotGiven) -> Finding | None:
    """Says what a rule lacks: an error where it is required, else as much as it matters."""
    if lack.lack is Lack.NOT_IN_TABLE:
        message = f"The rule {rule.setting} has no entry for {lack.source} {lack.value!r} in its table."
        fix = f"Add {lack.value} -> VALUE to it, or end it with otherwise VALUE."
        if rule.required:
            return error("field_value_untranslated", message, fix=fix, where=rule.setting)
        return warning("field_value_untranslated", f"{message} The field is left out.", fix=fix, where=rule.setting)
    if lack.lack is Lack.NO_CASE:
        if not rule.required:
            return None
        return error(
            "field_no_condition_holds",
            f"The rule {rule.setting} is required, and none of its conditions holds for this refund.",
            fix="End it with otherwise VALUE, add a condition, or take required away.",
            where=rule.setting,
        )
    message = f"The rule {rule.setting} reads {lack.source}, which this refund does not have."
    if rule.required:
        fix = "Give it at the store and retrieve the refund again, or take required away from the rule."
        return error("field_value_missing", message, fix=fix, where=rule.setting)
    return info("field_value_missing", f"{message} The field is left out.", where=rule.setting)


def _why_left_out(lack: NotGiven) -> str:
    if lack.lack is Lack.NOT_IN_TABLE:
        return f"its table has no entry for {lack.source} {lack.value}"
    return "no condition holds" if lack.lack is Lack.NO_CASE else f"{lack.source} is empty"

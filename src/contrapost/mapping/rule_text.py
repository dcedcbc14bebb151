"""Field rules as text: how people write them in settings and profile files. Pure.

    fixed Web shop
    copy tender.reference
    required translate tender.gateway: paypal -> 3, shopify_payments -> 4, otherwise 9
    when order.name has wholesale then Wholesale; when fact.tags has vip then VIP; otherwise copy fact.source_name

A word in quotes is text and nothing else. Without quotes `id:12`, `external:KEY` and `name:Web shop` name a NetSuite
record, and `true` and `false` are for checkboxes.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from contrapost.mapping.own_fields import is_own
from contrapost.mapping.rules import LINES, RECORDS, Case, Choose, Comparison, Condition, Copy, Fixed, Rule, Translate
from contrapost.mapping.sources import FACT, Kind, Value, is_of_line, is_source, source_names
from contrapost.netsuite.drafts import RecordType
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX: Final = "field."
"""Before the name of a field, in the name of a setting."""
FORMS: Final = {
    "fixed VALUE": "always this value",
    "copy SOURCE": "the value of a source; `copy SOURCE up to 300` cuts it to so many characters",
    "translate SOURCE: WORD -> VALUE, WORD -> VALUE, otherwise VALUE": "the value that the table has for it",
    "when SOURCE is WORD then VALUE; when … then …; otherwise VALUE": "the first whose conditions hold",
}
"""The four kinds of rule, as people write them."""
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_REFERENCES: Final = {"id": Kind.ID, "external": Kind.EXTERNAL_ID, "name": Kind.NAME}
_COMPARISONS: Final = (Comparison.IS_NOT, Comparison.IS, Comparison.HAS, Comparison.CONTAINS)
_MOST: Final = 4_000


class RuleError(ValueError):
    """A rule cannot be read: says what is wrong and what to write."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.fix = fix


def read_rules(written: Mapping[str, str]) -> tuple[tuple[Rule, ...], tuple[Finding, ...]]:
    """Reads rules by the names of their fields: `cashRefund.custbody_channel`, `cashRefund.item.custcol_reason`.

    Returns:
        The rules that can be read, and for each that cannot a finding that says what is wrong with it.
    """
    rules: list[Rule] = []
    findings: list[Finding] = []
    for name, text in written.items():
        try:
            rule = read_rule(name, text)
        except RuleError as wrong:
            message = f"The rule {PREFIX}{name} cannot be read: {wrong}."
            findings.append(error("field_rule_odd", message, fix=wrong.fix, where=f"{PREFIX}{name}"))
            continue
        if is_own(rule.record, rule.field, of_line=bool(rule.sublist)):
            findings.append(_own_field(rule))
        else:
            rules.append(rule)
    return tuple(rules), tuple(findings)


def _own_field(rule: Rule) -> Finding:
    return error(
        "field_not_mappable",
        f"The rule {rule.setting} writes {rule.field}, which Contrapost itself writes: it decides what is booked.",
        fix="Take the rule away, or write to another field.",
        where=rule.setting,
    )


def read_rule(name: str, text: str) -> Rule:
    """Reads one rule.

    Raises:
        RuleError: the name or the text cannot be read.
    """
    record, sublist, field = _place(name)
    plain = _Text.of(text)
    required = plain.take("required")
    rule = Rule(record=record, sublist=sublist, field=field, gives=_gives(plain), required=required, text=text.strip())
    if not sublist and rule.reads_line:
        source = next(source for source in rule.sources() if is_of_line(source))
        fix = f"Write it to a field of the lines: {PREFIX}{record.value}.{LINES}.{field}, or take another source."
        raise RuleError(f"{source} is of a line, and {field} is a field of the record", fix)
    return rule


def _place(name: str) -> tuple[RecordType, str, str]:
    record, *middle, field = name.split(".") if "." in name else ("", "")
    records = [record.value for record in RECORDS]
    if record not in records:
        fix = f"Write {PREFIX}RECORD.FIELD, with one of {', '.join(records)}{_meant(record, records)}."
        raise RuleError(f"{record or name!r} is no record that a refund becomes", fix)
    if middle not in ([], [LINES]):
        fix = f"Write {PREFIX}{record}.FIELD, or {PREFIX}{record}.{LINES}.FIELD for a field of its lines."
        raise RuleError(f"{'.'.join(middle)} is no list of lines that rules write to", fix)
    if not _FIELD.fullmatch(field):
        fix = "Give the field's id as NetSuite shows it: custbody_channel, custcol_reason, department."
        raise RuleError(f"{field!r} cannot be the id of a field", fix)
    sublist = "".join(middle)
    wanted = LINES if field.startswith("custcol") else "" if field.startswith("custbody") else sublist
    if wanted != sublist:
        right = ".".join(part for part in (record, wanted, field) if part)
        fix = f"Write {PREFIX}{right}."
        raise RuleError(f"{field} is a field of {'the lines' if wanted else 'the record, not of its lines'}", fix)
    return RecordType(record), sublist, field


def _gives(text: _Text) -> Fixed | Copy | Translate | Choose:
    if text.take("fixed"):
        return Fixed(_value(text, "fixed"))
    if text.take("copy"):
        return _copy(text)
    if text.take("translate"):
        return _translate(text)
    if text.take("when"):
        return _choose(text)
    word = text.plain.split(" ")[0]
    kinds = ("fixed", "copy", "translate", "when")
    fix = f"Begin it with fixed, copy, translate or when{_meant(word, kinds)}: {'; '.join(FORMS)}."
    raise RuleError(f"it begins with {word!r}" if word else "it is empty", fix)


def _copy(text: _Text) -> Copy:
    source, *most = text.cut(r" up to ")
    if not most:
        return Copy(_source(source))
    number = most[0].plain
    if len(most) > 1 or not re.fullmatch(r"[1-9]\d{0,3}", number, re.ASCII) or int(number) > _MOST:
        raise RuleError(f"{number!r} is no number of characters", f"Write up to and a number from 1 to {_MOST}.")
    return Copy(_source(source), int(number))


def _translate(text: _Text) -> Translate:
    form = next(form for form in FORMS if form.startswith("translate"))
    source, *rest = text.cut(r":(?= |$)", most=1)
    if not rest or not rest[0].plain:
        raise RuleError("it has no table", f"Write {form}.")
    name, pairs, otherwise = _source(source), rest[0].cut(r","), None
    if pairs[-1].take("otherwise"):
        otherwise = _then(pairs.pop(), "otherwise")
    table: dict[str, Value] = {}
    for pair in pairs:
        word, *value = pair.cut(r" ?-> ?")
        if len(value) != 1 or not word.plain:
            raise RuleError(f"{pair.plain!r} is no entry of a table", f"Write {form}, with quotes around odd words.")
        key = word.unquoted.casefold()
        if key in table:
            raise RuleError(f"its table has {word.unquoted!r} twice", "Keep one of them; capitals do not matter.")
        table[key] = _value(value[0], f"{word.plain} ->")
    if not table:
        raise RuleError("its table is empty", f"Write {form}.")
    return Translate(name, table, otherwise)


def _choose(text: _Text) -> Choose:
    form = next(form for form in FORMS if form.startswith("when"))
    clauses, otherwise = text.cut(r";"), None
    if clauses[-1].take("otherwise"):
        otherwise = _then(clauses.pop(), "otherwise")
    cases = []
    for number, clause in enumerate(clauses):
        if number and not clause.take("when"):
            raise RuleError(f"{clause.plain!r} does not begin with when", f"Write {form}.")
        said, *then = clause.cut(r" then ", most=1)
        if not then:
            raise RuleError(f"{clause.plain!r} does not say then what", f"Write {form}.")
        conditions = tuple(_condition(part) for part in said.cut(r"(?:^| )and(?= |$)"))
        cases.append(Case(conditions, _then(then[0], "then"), said.plain))
    if not cases:
        raise RuleError("it has no condition", f"Write {form}.")
    return Choose(tuple(cases), otherwise)


def _condition(text: _Text) -> Condition:
    source, _, rest = text.plain.partition(" ")
    if rest in ("is empty", "is given"):
        return Condition(_source(_Text.of(source)), _EMPTINESS[rest], ("",))
    found = next((one for one in _COMPARISONS if rest.startswith(f"{one.value} ")), None)
    if found is None:
        fix = "Write SOURCE is WORD, is not WORD, has WORD, contains WORD, is empty or is given."
        raise RuleError(f"{text.plain!r} is no condition", fix)
    words = _Text.of(rest.removeprefix(found.value)).cut(r"(?:^| )or(?= |$)")
    if not all(word.plain and word.unquoted for word in words):
        raise RuleError(f"{text.plain!r} compares with no word", "Write is empty for a source that holds nothing.")
    return Condition(_source(_Text.of(source)), found, tuple(word.unquoted for word in words))


_EMPTINESS: Final = {"is empty": Comparison.IS, "is given": Comparison.IS_NOT}


def _then(text: _Text, after: str) -> Fixed | Copy:
    return _copy(text) if text.take("copy") else Fixed(_value(text, after))


def _source(text: _Text) -> str:
    name = text.plain
    if is_source(name):
        return name
    fix = f"The sources are {', '.join(source_names())}{_meant(name, source_names())}."
    if name.startswith(FACT):
        fix = f"Write {FACT} and the name of the fact: small letters, digits and _."
    raise RuleError(f"there is no source {name!r}" if name else "it names no source", fix)


def _value(text: _Text, after: str) -> Value:
    if not text.plain:
        raise RuleError(f"there is no value after {after}", "Give one, in quotes if it has odd characters.")
    if text.is_quoted:
        if not text.unquoted.strip():
            raise RuleError("a value is empty", "Give one, or take the rule away.")
        return Value(text.unquoted, Kind.TEXT)
    if '"' in text.plain:
        raise RuleError(
            f"{text.plain!r} is in quotes only in part", 'Put all of it in quotes; write "" for one inside.'
        )
    if text.plain in ("true", "false"):
        return Value(text.plain, Kind.FLAG)
    prefix, colon, named = text.plain.partition(":")
    if colon and prefix in _REFERENCES:
        return _reference(prefix, named.strip())
    return Value(text.plain)


def _reference(prefix: str, named: str) -> Value:
    if not named or (prefix == "id" and not re.fullmatch(r"-?\d+", named, re.ASCII)):
        raise RuleError(f"'{prefix}:{named}' names no record", "Write id:123, external:KEY or name:Web shop.")
    return Value(named, _REFERENCES[prefix])


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word.casefold(), {one.casefold(): one for one in known}, n=1)
    found = next((one for one in known if near and one.casefold() == near[0]), "")
    return f" (did you mean {found}?)" if found else ""


class _Text:
    """A piece of a rule, with its white space made even; separators inside quotes do not count."""

    def __init__(self, plain: str) -> None:
        self.plain = plain

    @classmethod
    def of(cls, text: str) -> _Text:
        """Reads a piece as it was written."""
        if _QUOTED.sub("", text).count('"'):
            raise RuleError("a quote is not closed", 'Close it with "; a quote inside is written "".')
        between = _QUOTED.split(text)
        inside = [*_QUOTED.findall(text), ""]
        even = (" ".join(re.split(r"\s+", part)) + quote for part, quote in zip(between, inside, strict=True))
        return cls("".join(even).strip())

    @property
    def is_quoted(self) -> bool:
        """Says whether all of it is in quotes."""
        return bool(_QUOTED.fullmatch(self.plain))

    @property
    def unquoted(self) -> str:
        """What the quotes hold; without quotes, all of it."""
        return self.plain[1:-1].replace('""', '"') if self.is_quoted else self.plain

    def take(self, word: str) -> bool:
        """Takes a word away from the beginning, if it stands there."""
        first, _, rest = self.plain.partition(" ")
        if first != word:
            return False
        self.plain = rest.strip()
        return True

    def cut(self, separator: str, *, most: int = 0) -> list[_Text]:
        """Cuts it at a separator, a regular expression."""
        hidden = _QUOTED.sub(lambda quote: "\0" * len(quote[0]), self.plain)
        pieces, begin = [], 0
        for found in list(re.finditer(separator, hidden))[: most or None]:
            pieces.append(self.plain[begin : found.start()])
            begin = found.end()
        return [_Text(piece.strip()) for piece in (*pieces, self.plain[begin:])]

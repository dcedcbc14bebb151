"""Checks a SuiteQL query and rewrites it for the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite
from sqlglot.errors import SqlglotError

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.suiteql.dates import stored
from contrapost_emulators.netsuite.suiteql.tables import DISPLAYED, public_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contrapost_emulators.netsuite.clock import Clock

LARGEST_IN = 1000
FUNCTIONS = frozenset({"TRUNC", "TO_CHAR"})


class MirrorDialect(SQLite):
    """SQLite with names in backticks: in double quotes it would take an unknown name for text."""

    class Tokenizer(SQLite.Tokenizer):
        """Quotes names with backticks."""

        IDENTIFIERS = ["`"]  # noqa: RUF012 - sqlglot's own way to declare it


def for_mirror(query: str, clock: Clock) -> str:
    """The query in the mirror's words, or a refusal of what SuiteQL does not take."""
    tree = _parse(query)
    for check in CHECKS:
        check(tree)
    _name_expressions(tree)
    for node in list(tree.find_all(exp.Select)):
        _rownum_to_limit(node)
    tree = tree.transform(lambda node: _rewritten(node, clock))
    return tree.sql(dialect=MirrorDialect, identify=True, unsupported_level=sqlglot.ErrorLevel.IGNORE)


def refuse(why: str) -> Refused:
    """The refusal of a query."""
    return Refused("suiteql", why=why)


def _parse(query: str) -> exp.Expr:
    try:
        statements = sqlglot.parse(query, read="oracle")
    except SqlglotError as error:
        raise refuse(f"Invalid or unsupported search: {str(error).splitlines()[0]}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise refuse("Invalid or unsupported search: one SELECT is expected")
    return statements[0]


def _check_words(tree: exp.Expr) -> None:
    if tree.find(exp.With):
        raise refuse("Invalid or unsupported search: WITH is not supported")
    if tree.find(exp.Limit):
        raise refuse("Invalid or unsupported search: LIMIT is not supported, use FETCH FIRST or ROWNUM")


def _check_tables(tree: exp.Expr) -> None:
    known = public_tables()
    for table in tree.find_all(exp.Table):
        if table.name.lower() not in known:
            raise refuse(f"Record '{table.name}' was not found")


def _check_lists(tree: exp.Expr) -> None:
    for node in tree.find_all(exp.In):
        if len(node.expressions) > LARGEST_IN:
            raise refuse(f"The IN list holds more than {LARGEST_IN} values")


def _check_functions(tree: exp.Expr) -> None:
    for call in tree.find_all(exp.Anonymous):
        if call.name.upper() not in FUNCTIONS and not isinstance(call.parent, exp.Dot):
            raise refuse(f"Unknown function {call.name}")


def _check_joins(tree: exp.Expr) -> None:
    if any(column.args.get("join_mark") for column in tree.find_all(exp.Column)):
        raise refuse("this emulator does not serve the (+) form of outer joins, use LEFT JOIN")


CHECKS: tuple[Callable[[exp.Expr], None], ...] = (
    _check_words,
    _check_tables,
    _check_lists,
    _check_functions,
    _check_joins,
)


def _name_expressions(tree: exp.Expr) -> None:
    """Columns come back in lower case; an expression without a name is called expr1, expr2 and so on."""
    for select in _outer_selects(tree):
        number = 0
        for column in list(select.expressions):
            if isinstance(column, exp.Column | exp.Star | exp.Alias):
                continue
            number += 1
            column.replace(exp.alias_(column.copy(), f"expr{number}"))


def _outer_selects(tree: exp.Expr) -> Iterator[exp.Select]:
    if isinstance(tree, exp.Select):
        yield tree
    elif isinstance(tree, exp.SetOperation):
        yield from _outer_selects(tree.this)
        yield from _outer_selects(tree.expression)


def _rownum_to_limit(select: exp.Select) -> None:
    where = select.args.get("where")
    if where is None:
        return
    conditions = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    limits = [condition for condition in conditions if _is_rownum(condition.this)]
    if not limits:
        return
    if select.args.get("order") or select.args.get("group"):
        raise refuse("this emulator does not serve ROWNUM beside ORDER BY or GROUP BY: wrap the sorted query")
    rest = [condition for condition in conditions if condition not in limits]
    select.set("where", exp.Where(this=exp.and_(*rest)) if rest else None)
    select.limit(min(_bound(condition) for condition in limits), copy=False)


def _is_rownum(node: object) -> bool:
    return isinstance(node, exp.Column) and node.name.upper() == "ROWNUM"


def _bound(condition: exp.Expr) -> int:
    if not isinstance(condition.expression, exp.Literal) or condition.expression.is_string:
        raise refuse("ROWNUM is compared with a number")
    number = int(condition.expression.this)
    if isinstance(condition, exp.LTE):
        return number
    if isinstance(condition, exp.LT):
        return number - 1
    raise refuse("this emulator serves ROWNUM with < and <= only")


def _rewritten(node: exp.Expr, clock: Clock) -> exp.Expr:
    if isinstance(node, exp.Dot):
        return _builtin(node)
    if isinstance(node, exp.ToChar):
        return exp.func("NS_TO_CHAR", *_present(node.this, node.args.get("format")))
    if isinstance(node, exp.StrToDate | exp.StrToTime):
        return exp.func("NS_TO_DATE", *_present(node.this, node.args.get("format")))
    if isinstance(node, exp.Anonymous) and node.name.upper() in FUNCTIONS:
        return exp.func(f"NS_{node.name.upper()}", *node.expressions)
    if isinstance(node, exp.CurrentDate | exp.CurrentTimestamp):
        return exp.Literal.string(stored(clock.now()))
    return node


def _present(*arguments: exp.Expr | None) -> list[exp.Expr]:
    return [argument for argument in arguments if argument is not None]


def _builtin(node: exp.Dot) -> exp.Expr:
    """BUILTIN.DF of a column: the name behind its id or code."""
    call = node.expression
    column = call.expressions[0] if isinstance(call, exp.Anonymous) and call.expressions else None
    if node.this.name.upper() != "BUILTIN" or call.name.upper() != "DF" or not isinstance(column, exp.Column):
        raise refuse(f"this emulator does not serve {node.sql()}")
    name = column.name.lower()
    key: exp.Expr = column.copy()
    if name == "status":
        kind = "status"
        key = exp.DPipe(
            this=exp.DPipe(this=_beside(column, "type"), expression=exp.Literal.string(":")), expression=key
        )
    elif name in DISPLAYED:
        kind = DISPLAYED[name]
    else:
        return column
    names = (
        exp.select("name")
        .from_("_names")
        .where(
            exp.column("kind", "_names").eq(kind),
            exp.EQ(this=exp.column("id", "_names"), expression=_as_text(key)),
        )
    )
    return exp.Subquery(this=names)


def _as_text(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build("text"))


def _beside(column: exp.Column, name: str) -> exp.Column:
    return exp.column(name, column.table or None)

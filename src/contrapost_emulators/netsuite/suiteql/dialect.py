"""Checks a SuiteQL query and rewrites it for the mirror."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite
from sqlglot.errors import SqlglotError
from sqlglot.transforms import eliminate_join_marks

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.suiteql.tables import DISPLAYED, public_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_IN = 1000
DEEPEST = 150
SHAPES_KEPT = 500
FUNCTIONS = frozenset({"TRUNC", "TO_CHAR"})


class MirrorDialect(SQLite):
    """SQLite with names in backticks: in double quotes it would take an unknown name for text."""

    class Tokenizer(SQLite.Tokenizer):
        """Quotes names with backticks."""

        IDENTIFIERS = ["`"]  # noqa: RUF012 - sqlglot's own way to declare it


@lru_cache(maxsize=SHAPES_KEPT)
def for_mirror(query: str) -> str:
    """The query in the mirror's words, or a refusal of what SuiteQL does not take."""
    tree = _parse(query)
    for check in CHECKS:
        check(tree)
    _name_expressions(tree)
    for node in list(tree.find_all(exp.Select)):
        _join_marks_to_joins(node)
        _rownum_to_limit(node)
    _rewrite(tree)
    return tree.sql(dialect=MirrorDialect, identify=True, unsupported_level=sqlglot.ErrorLevel.IGNORE)


def refuse(why: str) -> Refused:
    """The refusal of a query."""
    return Refused("suiteql", why=why)


def _parse(query: str) -> exp.Expr:
    try:
        statements = sqlglot.parse(query, read="oracle")
    except SqlglotError as error:
        raise refuse(f"Invalid or unsupported search: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise refuse("Invalid or unsupported search: the query is nested too deeply") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise refuse("Invalid or unsupported search: one SELECT is expected")
    _refuse_depth(statements[0])
    return statements[0]


def _refuse_depth(tree: exp.Expr) -> None:
    """Refuse a query that is nested too deeply to be looked at in reasonable time."""
    level: list[exp.Expr] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return
    raise refuse("Invalid or unsupported search: the query is nested too deeply")


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
    """Joins in one form only: JOIN, or tables in a list with conditions and (+)."""
    joins = list(tree.find_all(exp.Join))
    ansi = any(join.args.get("on") or join.args.get("using") or join.side or join.kind for join in joins)
    listed = any(column.args.get("join_mark") for column in tree.find_all(exp.Column))
    if ansi and (listed or any(_is_listed(join) for join in joins)):
        raise refuse("ANSI and Oracle join syntax cannot be used in the same query")


def _is_listed(join: exp.Join) -> bool:
    """Whether a table stands in a list, behind a comma."""
    return not (join.args.get("on") or join.args.get("using") or join.side or join.kind)


def _check_literals(tree: exp.Expr) -> None:
    if tree.find(exp.DateStrToDate):
        raise refuse("Invalid or unsupported search: date literals are not supported, use TO_DATE")
    if tree.find(exp.Bracket, exp.Array):
        raise refuse("Invalid or unsupported search: square brackets are not supported")
    for added in tree.find_all(exp.Add):
        if added.this.is_string or added.expression.is_string:
            raise refuse("Invalid or unsupported search: strings are joined with ||")


CHECKS: tuple[Callable[[exp.Expr], None], ...] = (
    _check_words,
    _check_tables,
    _check_lists,
    _check_functions,
    _check_joins,
    _check_literals,
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


def _join_marks_to_joins(select: exp.Select) -> None:
    """The (+) form of an outer join becomes LEFT JOIN; the table it leads from must stand first, as in SuiteQL."""
    marked = {column.table.lower() for column in select.find_all(exp.Column) if column.args.get("join_mark")}
    if not marked:
        return
    first = select.args["from_"].this
    if "" in marked:
        raise refuse("this emulator takes (+) at columns with their table's name only")
    if first.alias_or_name.lower() in marked:
        raise refuse("Invalid or unsupported search: right outer joins are not supported in Oracle syntax")
    eliminate_join_marks(select)


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


def _rewrite(tree: exp.Expr) -> None:
    """Put the mirror's own functions in place of those that SQLite lacks or means otherwise, innermost first."""
    for node in reversed(list(tree.walk())):
        rewrite = REWRITES.get(type(node))
        if rewrite is not None:
            node.replace(rewrite(node))


def _anonymous(node: exp.Expr) -> exp.Expr:
    name = node.name.upper()
    return exp.func(f"NS_{name}", *node.expressions) if name in FUNCTIONS else node


def _formatted(function: str) -> Callable[[exp.Expr], exp.Expr]:
    return lambda node: exp.func(function, *_present(node.this, node.args.get("format")))


def _truncated(node: exp.Expr) -> exp.Expr:
    return exp.func("NS_TRUNC", node.this, exp.Literal.string(node.args["unit"].name))


def _of_two(function: str) -> Callable[[exp.Expr], exp.Expr]:
    return lambda node: exp.func(function, node.this, node.expression)


def _present(*arguments: exp.Expr | None) -> list[exp.Expr]:
    return [argument for argument in arguments if argument is not None]


def _builtin(node: exp.Expr) -> exp.Expr:
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


REWRITES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Dot: _builtin,
    exp.ToChar: _formatted("NS_TO_CHAR"),
    exp.StrToDate: _formatted("NS_TO_DATE"),
    exp.StrToTime: _formatted("NS_TO_DATE"),
    exp.DateTrunc: _truncated,
    exp.TimestampTrunc: _truncated,
    exp.Anonymous: _anonymous,
    exp.CurrentDate: lambda _: exp.func("NS_NOW"),
    exp.CurrentTimestamp: lambda _: exp.func("NS_NOW"),
    exp.Add: _of_two("NS_PLUS"),
    exp.Sub: _of_two("NS_MINUS"),
}

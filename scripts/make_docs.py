"""Writes the reference pages from the code: settings, findings, command line, roles, emulator. Run by `make docs`."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from emulator_coverage import coverage_page
from markdown_tables import page, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contrapost.stores.contract import Setting

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "contrapost"
MADE = "<!-- Made by `make docs`; do not edit. -->\n"
STEPS = {
    "set_up": "Set up",
    "retrieve": "Retrieve",
    "match": "Match",
    "map": "Map",
    "post": "Post",
    "correct": "Adopt and correct",
    "reconcile": "Reconcile",
    "api": "Asking over the API",
}
"""The sections of the findings, in the order a refund meets them."""
TABLE_WIDTH = 3
KINDS = {"error": "error", "warning": "warning", "info": "info", "Waiting": "waiting", "NotNeeded": "not needed"}
"""What makes a finding, and what people call what it makes."""


def main() -> int:
    """Writes the pages, or with --check says which are out of date."""
    stale = []
    for path, text in pages().items():
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
    for path in stale:
        print(f"{path.relative_to(ROOT)} is out of date: run make docs.")  # noqa: T201 - a script talks
    return 1 if stale else 0


def pages() -> dict[Path, str]:
    """Gives each page with the text it should have."""
    return {
        DOCS / "settings.md": settings_page(),
        DOCS / "findings.md": findings_page(),
        DOCS / "cli.md": cli_page(),
        DOCS / "operate.md": operate_page(),
        DOCS / "emulator-coverage.md": coverage_page(MADE),
        DOCS / "cases.md": cases_page(),
    }


# ---- cases

CASES = ROOT / "tests" / "mapping" / "cases"
GROUPS = (
    ("c[0-9]{2}_", "Worked cases, with their variants"),
    ("bcapps_", "After the bugs of another connector: Microsoft's for Shopify and Business Central (BCApps, by issue)"),
    ("", "Every other situation"),
)
"""Sections of the page of cases, by how the names of their files begin."""


def cases_page() -> str:
    """Gives the page that lists all cases: what each is, what it comes to, and what it catches."""
    left = sorted(path for path in CASES.glob("*.md") if path.name != "README.md")
    parts = [
        MADE,
        "# Cases",
        (
            f"{len(left)} cases of refunds, and what each becomes in NetSuite, to the cent, worked out by hand.\n"
            "The tests play every one of them in the emulated NetSuite and compare ledger, stock and what is open.\n"
            "[How to read one](../tests/mapping/cases/README.md)."
        ),
    ]
    for begins, title in GROUPS:
        chosen = [path for path in left if re.match(begins, path.name)]
        left = [path for path in left if path not in chosen]
        rows = [_case_row(path) for path in chosen]
        parts.append(f"## {title}\n\n| case | comes to | catches |\n| --- | --- | --- |\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _case_row(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    title, catches = re.match(r"# (.+)\n\n\*\*Catches:\*\* (.+)\n", text).groups()  # type: ignore[union-attr]
    comes_to = re.search(r"^\*\*Comes to:\*\* (.+)$", text, re.MULTILINE)[1]  # type: ignore[index]
    return f"| [{title}](../{path.relative_to(ROOT)}) | {comes_to} | {catches} |"


# ---- settings


def settings_page() -> str:
    """Gives the page of all settings."""
    from contrapost.mapping.profile import SETTINGS
    from contrapost.netsuite.settings import FIELDS, SECRETS
    from contrapost.stores.discovery import connector, connector_names

    parts = [
        MADE,
        "# Settings",
        (
            "Settings are given as `--set NAME=VALUE`.\n"
            "`NAME=@FILE` takes the value from a file and `NAME=-` from standard input, so that a secret need not stand"
            " on the command line.\n"
            "Secrets are encrypted at rest and never shown.\n"
            "`NAME=` takes a setting away."
        ),
        "## NetSuite account",
        "For `contrapost netsuite add NAME` and `contrapost netsuite set NAME`.",
        table(("Setting", "Meaning"), ((_named(n, secret=n in SECRETS), text) for n, text in FIELDS.items())),
    ]
    for name in connector_names():
        kind = connector(name)
        parts += [
            f"## {kind.label} account",
            f"For `contrapost accounts add {name} NAME` and `contrapost accounts set NAME`.",
            table(("Setting", "Meaning", "Default"), map(_store_row, kind.settings)),
        ]
    parts += [
        "## How refunds are booked",
        (
            "For the same two commands: these decide what a refund becomes, whatever store it is from.\n"
            "A name with `*` is a family: put the gateway, SKU, location or field in its place."
        ),
        table(
            ("Setting", "Meaning", "Default"),
            [
                ("`netsuite`", "The NetSuite account it is bound to; not needed while there is one.", ""),
                *((f"`{one.name}`", one.help, _code(one.default)) for one in SETTINGS),
            ],
        ),
        *_rule_parts(),
        "## Environment",
        table(("Variable", "Meaning"), ENVIRONMENT),
    ]
    return page(parts)


def _rule_parts() -> Iterator[str]:
    """The part on field rules: how they are written, and what they may read."""
    from contrapost.mapping.rule_text import FORMS
    from contrapost.mapping.sources import SOURCES

    yield "## Field rules"
    yield RULES_INTRODUCED
    yield table(("Rule", "Gives"), ((f"`{form}`", means) for form, means in FORMS.items()))
    yield RULES_EXPLAINED
    rows = [(f"`{source.name}`", source.help) for source in SOURCES]
    facts = "Another fact that the store tells of the order or refund: `fact.tags`, `fact.source_name`."
    yield table(("Source", "What it is"), [*rows, ("`fact.NAME`", facts)])


RULES_INTRODUCED = (
    "A rule says what stands in a further field of a record that a refund becomes, or of its lines.\n"
    "Any field can have one that does not itself decide what is booked: `custbody_…`, `custcol_…`, `cseg…`, and "
    "standard ones such as `memo`, `department`, `customForm` or `paymentOption`.\n"
    "The setting names record and field: `field.cashRefund.custbody_channel`, and for lines "
    "`field.cashRefund.item.custcol_reason`.\n\n"
    "```sh\ncontrapost accounts set shop --set "
    "'field.cashRefund.custbody_channel=translate tender.gateway: paypal -> 3, otherwise 4'\n```"
)
RULES_EXPLAINED = (
    "A rule that begins with `required` holds the refund where it gives no value; otherwise the field is left out, and "
    "the preview says so.\n"
    "Conditions are `is`, `is not`, `has` (one of the entries that commas part), `contains`, `is empty` and "
    "`is given`; `or` joins words, `and` joins conditions, and capitals do not matter.\n"
    "After `then` and `otherwise` stands a value, or `copy SOURCE`.\n"
    "A value in quotes is text and nothing else; without quotes `id:12`, `external:KEY` and `name:Web shop` name a "
    "NetSuite record, and `true` and `false` are for checkboxes.\n"
    "When an account is saved or tested, and by doctor, rules are compared with what NetSuite says of its own records: "
    "a field that is not there, or cannot hold the value, is found then, and references, checkboxes, dates and numbers "
    "are sent in the form the field takes.\n"
    "Where several tenders or lines stand behind one record, each value is named once, with commas between."
)

ENVIRONMENT = (
    ("`CONTRAPOST_HOME`", "The folder that holds the database and the key; the platform's folder for data if not set."),
    ("`DATABASE_URL`", "`sqlite:///path` or `postgresql://user:password@host/name`; SQLite in that folder if not set."),
    (
        "`CONTRAPOST_SECRET_KEY`",
        "The key that seals secrets; made in that folder if not set. Several, separated by commas: the first seals.",
    ),
    ("`DATABASE_URL_FILE`, `CONTRAPOST_SECRET_KEY_FILE`", "A file that holds the value instead."),
    ("`CONTRAPOST_LOG`", "`text`, or `json` for an object a line: the form of the log of `web` and `worker`."),
    (
        "`CONTRAPOST_METRICS_TOKEN`",
        "What a monitor has to send to read `/metrics`; without it they are for this machine only. Also `…_FILE`.",
    ),
    ("`OTEL_EXPORTER_OTLP_ENDPOINT`", "Where metrics are sent to as well, with `pip install 'contrapost[otel]'`."),
    (
        "`CONTRAPOST_ADDRESS`",
        "Where people reach the server, if a proxy stands before it; links to choose a password begin with it.",
    ),
)


def _store_row(setting: Setting) -> tuple[str, str, str]:
    return _named(setting.name, secret=setting.secret), setting.help, _code(setting.default)


def _named(name: str, *, secret: bool) -> str:
    return f"`{name}` (secret)" if secret else f"`{name}`"


# ---- findings


def findings_page() -> str:
    """Gives the page of all findings.

    Raises:
        SystemExit: a code is made by the code and not described, or the other way round.
    """
    from contrapost.refunds.retry import RULES

    made, described = codes_made(), described_codes()
    told = {code for section in described.values() for code in section}
    missing, gone = sorted(made.keys() - told), sorted(told - made.keys())
    gone += sorted(RULES.keys() - told)
    if missing or gone:
        raise SystemExit(f"docs/findings.toml lacks {missing or 'nothing'}, and describes {gone or 'nothing'} in vain.")
    parts = [
        MADE,
        "# Findings",
        (
            "A finding says what is wrong with data or set-up, and what to do about it.\n"
            "Its code is stable: scripts may rely on it.\n"
            "An error keeps a refund from being posted, a warning does not, an info only explains.\n"
            "Waiting is no error: something has to happen first.\n"
            "Not needed means that there is nothing to book.\n\n"
            "What brings a refund further that met a finding stands in the last column.\n"
            "*By itself*: it is tried again, after 5 minutes, 15 minutes, 1, 4 and 12 hours, then daily; a post that "
            "was under way goes on.\n"
            "*NetSuite*: it is looked at again by the same schedule, and at once after `contrapost doctor`.\n"
            "*Setting*: it is looked at again as soon as a setting of its account changes.\n"
            "*Store*: it is looked at again when the store says something new of it; what waits for the store is read "
            "there by the same schedule.\n"
            "*When asked*: a person decides, on the refund's page or for all with the same cause on the page Errors."
        ),
    ]
    for section, title in STEPS.items():
        rows = [
            (f"`{code}`", ", ".join(sorted(made[code])), meaning, fix, _again(code, made[code]))
            for code, (meaning, fix) in sorted(described[section].items())
        ]
        parts += [f"## {title}", table(("Code", "Kind", "What it means", "What to do", "Tried again"), rows)]
    return page(parts)


def _again(code: str, kinds: set[str]) -> str:
    """What only explains holds nothing, so there is nothing to try again."""
    from contrapost.refunds.retry import Retry, rule_of

    words = {
        Retry.BY_ITSELF: "by itself",
        Retry.NETSUITE: "NetSuite",
        Retry.SETTING: "setting",
        Retry.STORE: "store",
        Retry.PERSON: "when asked",
    }
    return words[rule_of(code)] if kinds & {"error", "waiting"} else ""


def described_codes() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Gives the descriptions, section by section."""
    found: Mapping[str, Mapping[str, tuple[str, str]]] = tomllib.loads((DOCS / "findings.toml").read_text())
    return found


def codes_made() -> dict[str, set[str]]:
    """Finds every code that the source can give a finding, and the kinds it is given as.

    A code is a literal at the place of a parameter or field that is called `code`, or the first of three texts in a
    table of refusals (code, what happened, what to do).
    """
    found: dict[str, set[str]] = defaultdict(set)
    trees = [ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py")) if "test_" not in path.name]
    shared = {"error": 0, "warning": 0, "info": 0, "Finding": 0, "Waiting": 0, "NotNeeded": 0}
    for tree in trees:
        places = {**shared, **dict(_own_places(tree))}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            code = _literal(call, places[name]) if name in places else ""
            if re.fullmatch(r"[a-z][a-z_]+", code):
                found[code].add(KINDS.get(name, "error"))
        for code in _in_tables(tree):
            found[code].add("error")
    return found


def _in_tables(tree: ast.Module) -> Iterator[str]:
    """The codes of tuples of three: code, what happened in several words, what to do."""
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == TABLE_WIDTH):
        code, what, _ = node.elts
        words = isinstance(what, ast.JoinedStr) or (isinstance(what, ast.Constant) and " " in str(what.value))
        if words and isinstance(code, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)+", str(code.value)):
            yield str(code.value)


def _own_places(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The functions and records of a file that take a `code`, and at which place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
        elif isinstance(node, ast.ClassDef):
            names = [str(getattr(part.target, "id", "")) for part in node.body if isinstance(part, ast.AnnAssign)]
        else:
            continue
        if "code" in names:
            yield node.name, names.index("code")


def _literal(call: ast.Call, place: int) -> str:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "code"] or call.args[place : place + 1]
    return given[0].value if given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str) else ""


# ---- command line


def cli_page() -> str:
    """Gives the page of the command line."""
    from contrapost.cli.root import VERBS, root

    context = click.Context(root, info_name="contrapost")
    parts = [MADE, "# Command line", inspect.cleandoc(root.help or "")]
    for verb in VERBS:
        command = root.get_command(context, verb)  # type: ignore[attr-defined]
        parts += _verb(command, f"contrapost {verb}", level=2)
    return page(parts)


def _verb(command: click.Command, path: str, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} {path}"
    yield inspect.cleandoc(command.help or "")
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _verb(inner, f"{path} {name}", level=level + 1)
        return
    context = click.Context(command, info_name=path)
    yield f"```\n{path} {' '.join(command.collect_usage_pieces(context))}\n```"
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        yield table(("Option", "Meaning"), (_option_row(option, context) for option in options))


def _option_row(option: click.Option, context: click.Context) -> tuple[str, str]:
    named, meaning = option.get_help_record(context) or ("", "")
    return f"`{named}`", " ".join(meaning.split())


# ---- people and roles


def operate_page() -> str:
    """Gives the page on running a server, with the table of roles made anew and the rest as it is."""
    from contrapost.permissions import ROLE_LABELS, Action, may

    rows = [(DEEDS[action.value], *("yes" if may(role, action) else "-" for role in ROLE_LABELS)) for action in Action]
    roles = table(("", *(f"{label} (`{role.value}`)" for role, label in ROLE_LABELS.items())), rows)
    text = (DOCS / "operate.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(ROLES_BEGIN)
    _, _, after = rest.partition(ROLES_END)
    return f"{before}{ROLES_BEGIN}\n{roles}\n{ROLES_END}{after}"


ROLES_BEGIN = "<!-- Roles, made by `make docs`: begin -->"
ROLES_END = "<!-- Roles: end -->"
DEEDS = {
    "see": "See refunds, previews, attempts and history",
    "retrieve": "Retrieve refunds",
    "post": "Post them to NetSuite",
    "cancel": "Cancel and restore",
    "accept": "Accept that a refund gives more than its bill still holds",
    "correct": "Correct what changed after posting, or let it stand",
    "adopt": "Link records that were made by hand, or say that a refund is booked elsewhere",
    "reconcile": "compare a store with NetSuite",
    "delete": "Delete",
    "see_raw": "See what store and NetSuite sent, word for word",
    "see_settings": "See the settings of accounts, without secrets, and test connections",
    "change_settings": "Set up accounts and decide how refunds are booked",
    "go_live": "Sign an account off, and turn on or off what goes by itself",
    "use_api": "Have tokens for the API",
    "manage_people": "Say who may sign in, and in which role",
}
"""What people read for each action; one that is not here fails."""


# ---- Markdown


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    sys.exit(main())

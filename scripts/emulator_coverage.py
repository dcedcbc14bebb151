"""Writes the page of what the NetSuite emulator does: from its own tables, its answers, and the stamps of its tests."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from contract_tests import Test, by_operation, by_transform, calling, holding, naming, stamps, tests
from markdown_tables import page, table
from suiteql_words import WORDS

from contrapost_emulators.netsuite import faults, field_tables, launch, preferences
from contrapost_emulators.netsuite.auth import ALGORITHMS
from contrapost_emulators.netsuite.errors import MESSAGES, Refused
from contrapost_emulators.netsuite.kinds import KINDS, Kind
from contrapost_emulators.netsuite.served import NOT_SERVED
from contrapost_emulators.netsuite.suiteql.dialect import for_mirror
from contrapost_emulators.netsuite.suiteql.tables import COLUMNS, VIEWS
from contrapost_emulators.netsuite.transactions.draft import MATCHERS
from contrapost_emulators.netsuite.transactions.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OPERATIONS = {
    "create": "create",
    "get": "",
    "list": "",
    "patch": "change",
    "upsert": "",
    "delete": "delete",
}
"""The operations of a record type, and what the table of those left out calls them."""
OTHERS_OF_NETSUITE = (
    ("salesOrder", "itemFulfillment"),
    ("salesOrder", "fulfillmentRequest"),
    ("salesOrder", "storePickupFulfillment"),
    ("salesOrder", "revenueCommitment"),
    ("returnAuthorization", "revenueCommitmentReversal"),
)
"""Transforms that NetSuite has from the record types served here; where the emulator has them too, it shows."""
LETTERS = {"documented": "D", "verified": "V", "chosen": "C"}
UNTESTED, LEFT_OUT = "untested", "no"


def coverage_page(made: str) -> str:
    """Gives the whole page."""
    found = tests()
    return page(
        [
            made,
            "# What the NetSuite emulator does",
            INTRODUCTION,
            *_services(found),
            *_record_types(found),
            *_transforms(found),
            *_sublists(found),
            *_suiteql(found),
            *_signing_in(found),
            *_refusals(),
            *_faults(found),
            *_preferences(found),
            *_limits(),
        ]
    )


INTRODUCTION = """\
The emulator is how Contrapost is tried without a NetSuite account, and how it is tested where NetSuite goes wrong.
This page is made from the emulator's own tables, what it answers, and the tests in `tests/emulators/netsuite`.
The same tests run against a NetSuite sandbox too, as [Contributing]({contributing}) tells.

Each of those tests carries a stamp, and a letter here says that a test which uses the operation carries it:

- **D**, documented: Oracle's help or its API browser says so.
- **V**, verified: seen in a real account, or relied on by a client that nobody here wrote; the test says by whom.
- **C**, chosen: no source says; the emulator chose, and the test pins the choice.
- untested: it is there, and no test names it; the random plays of `make fuzz` may use it.
- no: it is not there.

An operation with several letters does some things that are documented and some that are chosen.
No sandbox was at hand when these tests were written: none of them is verified by a run of our own.""".format(
    contributing="../CONTRIBUTING.md#check-the-netsuite-emulator-against-a-sandbox"
)


def letters(users: Iterable[Test]) -> str:
    """The stamps of some tests as letters."""
    return " ".join(LETTERS[stamp] for stamp in stamps(users)) or UNTESTED


# ---- records


def _record_types(found: list[Test]) -> Iterator[str]:
    users = by_operation(found)
    rows = []
    for kind in KINDS.values():
        cells = [
            LEFT_OUT if _is_left_out(kind, operation) else letters(users[operation, kind.name.lower()])
            for operation in OPERATIONS
        ]
        rows.append((f"`{kind.name}`", *cells, ", ".join(f"`{name}`" for name in kind.sublist_names)))
    yield "## Record types"
    yield f"{len(KINDS)} record types under `/services/rest/record/v1`, with custom fields of body and lines."
    yield table(("Record type", *OPERATIONS, "Sublists"), rows)
    yield "Left out, and why:"
    yield "\n".join(f"- {operation} of `{kind}`: {reason}" for (kind, operation), reason in NOT_SERVED.items())
    spellings = ", ".join(f"`{other}` for `{KINDS[name].name}`" for other, name in field_tables.SPELLINGS.items())
    yield f"Names are taken in any case of letters; {spellings}."


def _is_left_out(kind: Kind, operation: str) -> bool:
    if operation == "upsert":
        return (kind.name, "create") in NOT_SERVED and (kind.name, "change") in NOT_SERVED
    return (kind.name, OPERATIONS[operation]) in NOT_SERVED


def _transforms(found: list[Test]) -> Iterator[str]:
    users = by_transform(found)
    pairs = [*TRANSFORMS, *(pair for pair in OTHERS_OF_NETSUITE if pair not in TRANSFORMS)]
    rows = [
        (f"`{source}`", f"`{target}`", letters(users[source.lower(), target.lower()]) if served else LEFT_OUT)
        for source, target in pairs
        for served in [(source, target) in TRANSFORMS]
    ]
    yield "## Transforms"
    yield "`POST /record/v1/{source}/{id}/!transform/{target}`, with `?replace=` and as a dry run (`type=create-form`)."
    yield table(("From", "To", "Stamps"), rows)
    yield "A `no` is a transform that NetSuite has and the emulator has not; any other pair is refused by both."


def _sublists(found: list[Test]) -> Iterator[str]:
    keys = {
        "item": "`orderLine` while new, `line` once saved",
        "apply": "`doc` and `line`",
        "deposit": "`doc`",
        "accountingBookDetail": "`accountingBook`",
    }
    names = sorted({name for kind in KINDS.values() for name in kind.sublist_names})
    rows = [
        (f"`{name}`", keys[name] if name in MATCHERS else "none: lines are added", letters(naming(found, name)))
        for name in names
    ]
    yield "## Sublists"
    yield table(("Sublist", "Key", "Stamps"), rows)


# ---- SuiteQL


def _suiteql(found: list[Test]) -> Iterator[str]:
    names = sorted(name for name in (*COLUMNS, *VIEWS) if not name.startswith("_"))
    rows = [(f"`{name}`", letters(holding(found, rf"\b(from|join)\s+{name}\b"))) for name in names]
    yield "## SuiteQL"
    yield table(("Table", "Stamps"), rows)
    said = [(word, _taken(query), letters(holding(found, pattern))) for word, (query, pattern) in WORDS.items()]
    yield table(("Words of a query", "Answer", "Stamps"), said)


def _taken(query: str) -> str:
    try:
        for_mirror(query)
    except Refused:
        return "refused"
    return "taken"


# ---- signing in, refusals, faults


def _signing_in(found: list[Test]) -> Iterator[str]:
    rows = [
        (f"OAuth 2.0 client credentials ({', '.join(ALGORITHMS)})", letters(calling(found, "ask_token"))),
        ("Token-based authentication (OAuth 1.0a, HMAC-SHA256)", letters(naming(found, "tba"))),
    ]
    yield "## Signing in"
    yield table(("Way", "Stamps"), rows)


def _refusals() -> Iterator[str]:
    counts = Counter(message.stamp for message in MESSAGES.values())
    rows = [
        (str(message.status), f"`{message.code}`", f"`{_on_one_line(message.text)}`", message.stamp)
        for message in sorted(MESSAGES.values(), key=lambda one: (one.status, one.stamp, one.text))
    ]
    yield "## Refusals"
    yield (
        f"{len(MESSAGES)} messages: "
        + ", ".join(f"{counts[stamp]} {stamp}" for stamp in ("documented", "live", "catalogue", "chosen"))
        + ".\n`live` was seen in a real account by others, `catalogue` is a core message of the SOAP catalogue."
        "\nThe rule behind a chosen text may well be NetSuite's; its words are not."
    )
    yield table(("Status", "Code", "Text", "Stamp"), rows)


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _faults(found: list[Test]) -> Iterator[str]:
    rows = [(f"`{action}`", letters(naming(found, action))) for action in sorted(faults.ACTIONS)]
    yield "## Faults that can be scripted"
    yield table(("Fault", "Stamps"), rows)


def _preferences(found: list[Test]) -> Iterator[str]:
    rows = [
        (f"`{name}`", f"`{value}`", letters(naming(found, name)))
        for settings in (preferences.Preferences(), preferences.Permissions())
        for name, value in vars(settings).items()
    ]
    yield "## Preferences and permissions"
    yield "The control plane changes them; in NetSuite an administrator does."
    yield table(("Name", "Default", "Stamps"), rows)


# ---- the first screen


def _services(found: list[Test]) -> Iterator[str]:
    served = re.findall(r"^(?:Serves|      ) +(\S.*?) +\{base\}(/services\S+)$", launch.FIRST_SCREEN, re.MULTILINE)
    rows = [(what, f"`{path}`", letters(_asking(found, path))) for what, path in served]
    yield "## Services"
    yield table(("What", "Address", "Stamps"), rows)


def _asking(found: list[Test], path: str) -> list[Test]:
    if path.endswith("/token"):
        return calling(found, "ask_token")
    return holding(found, re.escape(path.removeprefix("/services/rest/")))


def _limits() -> Iterator[str]:
    told = re.search(r"^Limits(.*)^Stop", launch.FIRST_SCREEN, re.MULTILINE | re.DOTALL)
    yield "## What it does not do"
    yield re.sub(r"\. (?=[A-Z])", ".\n", " ".join(told[1].split())) if told else ""

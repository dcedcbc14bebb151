"""The field tables against the record specifications, where those lie beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contrapost_emulators.netsuite.errors import MESSAGES
from contrapost_emulators.netsuite.kinds import KINDS, FieldSpec
from contrapost_emulators.netsuite.schemas import LINE_KEYS

SPECIFICATIONS = Path(__file__).parents[4] / "shared/specs/netsuite"

# Which types of ours stand for a type of the specification.
TYPES = {
    "ref": {"ref", "outside"},
    "number": {"number", "money", "rate"},
    "integer": {"integer"},
    "boolean": {"flag"},
    "string": {"text"},
    "date": {"date"},
    "dateTime": {"time"},
    "enum": {"choice"},
    "subrecord": {"subrecord", "detail"},
    "collection": {"collection"},
}
# Names that are taken though REST 2026.1 has them not: what accounts with legacy tax, legacy card forms or other
# releases have, links, and what only reads back.
BEYOND = {
    "body": ["links", "shippingTaxCode", "chargeIt", "amountRemaining", "applied", "unapplied"],
    "item": ["quantityBilled", "quantityFulfilled", "account", "isDropShipment", "itemIsFulfilled"],
    "apply": ["job", "jobName"],
    "deposit": ["line"],
}
LEVELS = ("item", "apply", "deposit")
# Records of which the specification lists a part only: names of ours may stand beside it.
IN_PART = {"itemReceipt"}


def specification(name: str) -> Any:
    path = SPECIFICATIONS / name
    if not path.exists():
        pytest.skip("the specifications are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def known_records() -> list[tuple[Any, Any]]:
    records = specification("rest_2026_1_fields.json")
    return [(KINDS[name.lower()], fields) for name, fields in records.items() if name.lower() in KINDS]


def of_type(spec: FieldSpec) -> str:
    return "ref" if spec.target else spec.type


@pytest.mark.stamp("verified: by the REST API browser 2026.1")
def test_body_fields_have_the_names_and_types_of_rest() -> None:
    """Every body field of the refund records is there, with its type; nothing else is but what is listed here."""
    wrong = []
    for kind, fields in known_records():
        for name, type_ in fields["body"].items():
            if name in kind.sublists and type_ == "collection":
                continue
            spec = kind.body.get(name)
            if spec is None or of_type(spec) not in TYPES[type_]:
                wrong.append(f"{kind.name}.{name}: {type_}, not {spec and of_type(spec)}")
        ours_alone = kind.body.keys() - fields["body"] - {*BEYOND["body"]}
        wrong += [f"{kind.name}.{name} is ours alone" for name in ours_alone if kind.name not in IN_PART]

    assert not wrong


@pytest.mark.stamp("verified: by the REST API browser 2026.1")
@pytest.mark.parametrize("level", LEVELS)
def test_lines_have_the_names_and_types_of_rest(level: str) -> None:
    """Every field of the lines is there, with its type; nothing else is but what is listed here."""
    wrong = []
    for kind, fields in known_records():
        if level not in fields:
            continue
        ours = kind.sublists[level]
        for name, type_ in fields[level].items():
            if name not in ours or of_type(ours[name]) not in TYPES[type_]:
                wrong.append(f"{kind.name}.{level}.{name}: {type_}")
        ours_alone = ours.keys() - fields[level] - {*BEYOND.get(level, [])}
        wrong += [f"{kind.name}.{level}.{name} is ours alone" for name in ours_alone if kind.name not in IN_PART]

    assert not wrong


@pytest.mark.stamp("verified: by the REST API browser 2026.1")
def test_names_that_rest_has_not_are_not_taken() -> None:
    """What the specification says is absent is absent."""
    taken = [
        f"{kind.name}.{name}"
        for kind, fields in known_records()
        for name in (words.split(" ")[0] for words in fields.get("absent", []))
        if name in kind.body
    ]

    assert not taken


@pytest.mark.stamp("documented")
def test_sublists_have_the_keys_of_rest() -> None:
    """What identifies a new and a saved line of each sublist is what the specification says."""
    listed = specification("sublist_keys.json")
    wrong = []
    for name, keys in listed.items():
        sublist = name.rstrip("~").rpartition(".")[2]
        if name in {"_note", "semantics"} or "|" in sublist:
            continue
        expected = (keys["new"], keys["existing"]) if isinstance(keys, dict) else (keys, keys)
        if LINE_KEYS.get(sublist) != expected:
            wrong.append(f"{name}: {expected}, not {LINE_KEYS.get(sublist)}")

    assert not wrong


@pytest.mark.stamp("documented")
def test_transforms_are_those_of_netsuite() -> None:
    """No transform is offered that the specification does not list, and none that it says is never there."""
    from contrapost_emulators.netsuite.transactions.transforms import TRANSFORMS

    listed = specification("transforms.json")
    allowed = {
        (source, target) for source, targets in listed.items() if isinstance(targets, dict) for target in targets
    }

    assert set(TRANSFORMS) <= allowed
    assert not {"->".join(pair) for pair in TRANSFORMS} & set(listed["never"])


ON_A_PAGE_OF_ORACLES = {"repeated key"}  # "Sending an Asynchronous Request Using an Idempotency Key"


@pytest.mark.stamp("documented")
def test_sourced_messages_have_their_sourced_words() -> None:
    """Words marked as sourced are those of a source; what has none says that it was chosen."""
    sourced = specification("error_messages.json")
    words = [entry[2] for entry in sourced["http"]] + [entry[1] for entry in sourced["core_messages"]]
    known = [_plain(text) for text in words if text]
    unsourced = [key for key, message in MESSAGES.items() if message.stamp in {"documented", "catalogue"}]

    assert not [
        key
        for key in set(unsourced) - ON_A_PAGE_OF_ORACLES
        if not any(_agree(_plain(MESSAGES[key].text), text) for text in known)
    ]


def _plain(text: str) -> str:
    return text.lower().replace("error while accessing a resource. ", "").rstrip(".")


def _agree(ours: str, theirs: str) -> bool:
    """The same words, whatever stands in their gaps."""
    parts = [part.strip(" .'") for part in ours.replace("}", "{").split("{")[::2]]
    return all(part in theirs for part in parts)

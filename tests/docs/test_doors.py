"""The pages on browser and API name what there is: every status, every route, every step."""

from __future__ import annotations

import re
from pathlib import Path

from contrapost.api import again, sync, v1
from contrapost.refunds.lifecycle import LABELS, State

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(r"^\| ([A-Z][a-z ]+) \|", re.MULTILINE)
ROUTE = re.compile(r"^\| `(GET|POST|PUT|PATCH|DELETE) ([^`]+)` \|", re.MULTILINE)


def test_the_guide_explains_every_status() -> None:
    """Each word that people read as a status has its row, and no other has."""
    text = (DOCS / "refund-sync.md").read_text(encoding="utf-8")
    section = text.partition("## What each status means")[2].partition("\n## ")[0]

    assert set(ROW.findall(section)) - {"Status"} == set(LABELS.values())


def test_the_guide_has_ten_steps() -> None:
    """They are numbered from one to ten."""
    steps = re.findall(r"^### (\d+)\. ", (DOCS / "refund-sync.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert steps == [str(number) for number in range(1, 11)]


def test_the_page_of_the_api_names_every_route_and_status() -> None:
    """The table has the routes of the code, and the list of statuses is whole."""
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    there = {
        (method, path.replace("{id_}", "{id}"))
        for router in (v1.router, again.router, sync.router)
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }

    assert set(ROUTE.findall(text)) == there
    assert not [state for state in State if f"`{state.value}`" not in text]

"""What the pages say is there: files, links, settings, findings, verbs, and the tests that guard the invariants."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
from house import ROOT, definitions, files_of_tests, pages, short

from contrapost.cli.root import root

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|tests|docs|scripts|\.ci|bench)/[\w./-]+|[A-Z]+\.md|Makefile|pyproject\.toml)`")
GUARD = re.compile(r"`((?:tests|src)/[\w/]+\.py)::(test_\w+)`")
TARGET = re.compile(r"`make ([a-z-]+)`")


def test_generated_pages_are_up_to_date() -> None:
    """Settings, findings and command line pages say what the code has; an undocumented code fails here."""
    made = subprocess.run(
        [sys.executable, ROOT / "scripts/make_docs.py", "--check"], capture_output=True, text=True, check=False
    )

    assert made.returncode == 0, made.stdout + made.stderr


def test_links_lead_somewhere() -> None:
    """Every link to a file of the repository finds it, with the heading it names."""
    broken = []
    for page in pages():
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, heading = link.partition("#")
            there = (page.parent / name).resolve() if name else page
            if not there.exists() or (heading and heading not in _anchors(there)):
                broken.append(f"{short(page)}: {link}")

    assert not broken


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def test_paths_named_in_pages_exist() -> None:
    """A page that names a file or folder of the repository is right about it."""
    gone = [
        f"{short(page)}: {name}"
        for page in pages()
        for name in PATH.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    ]

    assert not gone


def test_make_targets_named_in_pages_exist() -> None:
    """A page that tells to run make names a target there is."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    gone = [
        f"{short(page)}: make {name}"
        for page in pages()
        for name in TARGET.findall(page.read_text(encoding="utf-8"))
        if name not in targets
    ]

    assert not gone


def test_every_invariant_names_tests_that_exist() -> None:
    """What must always hold is guarded by tests that are there under the names the page gives."""
    there = {(short(path), node.name) for path in files_of_tests() for _, node in definitions(path)}
    text = (ROOT / "INVARIANTS.md").read_text(encoding="utf-8")
    named = GUARD.findall(text)
    unbuilt = "Not built yet: "
    unguarded = [
        part.splitlines()[0] for part in text.split("\n## ")[1:] if not GUARD.search(part) and unbuilt not in part
    ]

    assert named
    assert not [f"{path}::{name}" for path, name in named if (path, name) not in there]
    assert not unguarded


def test_environment_variables_are_documented() -> None:
    """Every variable the composition root reads stands on the page of settings."""
    read = set(re.findall(r'"((?:CONTRAPOST|DATABASE)_[A-Z_]+)"', (ROOT / "src/contrapost/app.py").read_text()))
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    assert read
    assert not [name for name in read if f"`{name}`" not in page]


def test_prose_has_one_sentence_a_line() -> None:
    """Pages change line by line: no line of prose holds the end of one sentence and all of another."""
    crowded = []
    for page in pages():
        if page.read_text(encoding="utf-8").startswith("<!-- Made by") or "src" in page.relative_to(ROOT).parts:
            continue  # the sentences are the code's own; a store's notes stand beside its code
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for line in text.splitlines():
            if line.startswith(("|", "#", "<", "!")):
                continue
            if re.search(r"[a-z`)][.?!] [A-Z][a-z]+ [a-z].*[.?!]$", re.sub(r"`[^`]*`", "x", line)):
                crowded.append(f"{short(page)}: {line[:90]}")

    assert not crowded


def test_pages_and_pictures_ask_no_one_else() -> None:
    """The pictures load nothing from other sites: no font, style or script."""
    outside = [
        f"{short(picture)}: {url}"
        for picture in sorted((ROOT / "docs/pictures").glob("*.svg"))
        for url in re.findall(r"https?://[^\s\"')<]+", picture.read_text(encoding="utf-8"))
        if not url.startswith("http://www.w3.org/") and "127.0.0.1" not in url
    ]

    assert not outside


def test_decisions_are_numbered_and_say_what_was_decided() -> None:
    """Each decision has a number of its own, and one page that says what was decided."""
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    texts = {path: path.read_text(encoding="utf-8") for path in decisions}
    broken = [short(path) for path, text in texts.items() if not text.startswith(f"# {int(path.name[:4])}. ")]
    broken += [short(path) for path, text in texts.items() if "Decision" not in text]

    assert decisions
    assert len(numbers) == len(set(numbers))
    assert not broken


def test_commands_in_pages_can_be_called() -> None:
    """Every command a page tells to type is a verb there is, with options it has."""
    wrong = [
        f"{short(page)}: {line.strip()}"
        for page in pages()
        if not page.read_text(encoding="utf-8").startswith("<!-- Made by")
        for line in re.findall(r"^\s*(contrapost .+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        if not _can_be_called(shlex.split(line, comments=True)[1:])
    ]

    assert not wrong


def _can_be_called(words: list[str]) -> bool:
    command: click.Command | None = root
    while isinstance(command, click.Group):
        context = click.Context(command)
        command = command.get_command(context, words.pop(0)) if words else None
    if command is None:
        return False
    known = {name for parameter in command.params for name in parameter.opts}
    return all(word in known for word in words if word.startswith("--"))

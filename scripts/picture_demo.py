"""Draws the demo as it looks in a terminal, from a real run, as an SVG that loads nothing. Run by `make pictures`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from rich.console import Console

from contrapost.cli import say
from contrapost.cli.root import root

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "demo.svg"
WIDTH = 110
FONT = "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def main() -> None:
    """Runs the demo and draws what it said, without the parts of the picture that ask other sites."""
    console = Console(record=True, width=WIDTH, highlight=False, force_terminal=True, color_system="truecolor")
    say.console = console
    with tempfile.TemporaryDirectory() as folder:
        root.main(["demo", "--once", "--home", str(Path(folder) / "demo")], standalone_mode=False)
    drawn = console.export_svg(title="make demo", unique_id="demo")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(_alone(_steady(drawn)), encoding="utf-8")


def _alone(svg: str) -> str:
    """Takes out the fonts that would be fetched from elsewhere; every machine has one of ours."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", FONT).replace("Fira Code", "ui-monospace")
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


def _steady(svg: str) -> str:
    """Ports and folders differ from run to run; the picture need not."""
    for port, found in enumerate(dict.fromkeys(re.findall(r"127\.0\.0\.1:\d{5}", svg)), 48001):
        svg = svg.replace(found, f"127.0.0.1:{port}")
    return re.sub(r"CONTRAPOST_HOME=\S*?(?=&#160;)", "CONTRAPOST_HOME=.contrapost-demo", svg)


if __name__ == "__main__":
    main()

"""Runs the Python blocks of a page one after the other, as one program: `run_page.py PAGE HOME`.

The blocks see `payload` (the last JSON block before them), `store` and `netsuite` (emulators, running) and `home`
(an empty folder). A block that fails names its line in the page.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from contrapost.demo.processes import emulator

BLOCK = re.compile(r"^```(python|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(page: Path, names: dict[str, Any]) -> int:
    """Runs the page's blocks with these names and gives how many there were."""
    text = page.read_text(encoding="utf-8")
    count = 0
    for block in BLOCK.finditer(text):
        if block[1] == "json":
            names["payload"] = json.loads(block[2])
            continue
        line = text.count("\n", 0, block.start(2))
        code = compile("\n" * line + block[2], str(page), "exec")
        exec(code, names)  # noqa: S102 - the page's own code
        count += 1
    return count


if __name__ == "__main__":
    with (
        emulator("shopify", "contrapost_emulators.shopify") as store,
        emulator("netsuite", "contrapost_emulators.netsuite") as netsuite,
    ):
        names = {"store": store, "netsuite": netsuite, "home": sys.argv[2]}
        print(run(Path(sys.argv[1]), names))  # noqa: T201 - what the test reads

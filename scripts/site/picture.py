"""The terminal picture of the README: ``python -m scripts.site.picture`` runs the demo and draws what it prints.

The output is shortened section by section, never changed. The picture names no font of another host.
"""

from __future__ import annotations

import os
import pty
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "pictures" / "demo.svg"
COMMAND = ["assess", "examples/akhmetova.yaml", "--on", "2020-01-13"]
WIDTH = 100
#: How many lines of each section the picture keeps, by the beginning of its heading.
KEPT = {
    "": 9,
    "Duty to extradite": 5,
    "Grounds that are met": 4,
    "Grounds still open": 8,
    "Treaty relations": 8,
    "What would change": 6,
    "Unverified": 5,
}


def picture() -> str:
    """The picture as SVG."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.from_ansi(f"$ dedere {' '.join(COMMAND)}", style="bold"))
    console.print()
    for section in shortened(demo_output()):
        console.print(Text.from_ansi("\n".join([*section, ""])))
    return _without_fonts(console.export_svg(title="dedere", unique_id="demo"))


def demo_output() -> str:
    """What the demo prints on a terminal, with colours."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(COLUMNS=str(WIDTH), TERM="xterm-256color")
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "api", *COMMAND])  # noqa: S606 - our own command
    output = _all_of(terminal).replace("\r\n", "\n")
    os.waitpid(child, 0)
    return output


def _all_of(terminal: int) -> str:
    chunks = []
    while True:
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # the other side has closed
            break
        if not chunk:
            break
        chunks.append(chunk)
    return b"".join(chunks).decode("utf-8")


def shortened(output: str) -> list[list[str]]:
    """The sections worth a picture, each cut to its length."""
    found = []
    for number, section in enumerate(re.split(r"\n\s*\n", output.strip("\n"))):
        lines = section.splitlines()
        heading = _bare(lines[0]) if number else ""
        keep = next((count for start, count in KEPT.items() if (heading.startswith(start) if start else not number)), 0)
        if keep:
            found.append(lines[:keep] + (["  …"] if len(lines) > keep else []))
    return found


def _bare(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line).strip()


def _without_fonts(svg: str) -> str:
    """The picture without the fonts it would fetch; any monospaced one will do."""
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(picture(), "utf-8")
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}\n")

"""``python3 scripts/register/declarations.py`` adds to the register the declarations of the list that it lacks.

A State that has an entry to an article already, or one with the same tag, keeps it as it stands:
nothing is overwritten, and what was left out is counted.
"""

from __future__ import annotations

import csv
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.content.documents import read_path  # noqa: E402 - found through the line above

UNSEEN = "content_unseen"
_ARTICLE = re.compile(r"\d+")
_INDENT = " " * 6


def missing(rows: Iterable[Mapping[str, str]], folder: Path) -> list[Mapping[str, str]]:
    """The rows to an article of the instrument to which the State has no entry in the register."""
    articles = read_path(folder / "articles.yaml").data["articles"]
    place = folder / "declarations.yaml"
    entries = (read_path(place).data["declarations"] or {}).values() if place.is_file() else ()
    told = {(one["state"], one["article"]) for one in entries}
    tagged = {(one["state"], tag) for one in entries for tag in one.get("tags", ())}
    return [
        row
        for row in rows
        if article_of(row) in articles
        and (row["state"], article_of(row)) not in told
        and (row["state"], row["tag"]) not in tagged
    ]


def article_of(row: Mapping[str, str]) -> str:
    """The article of the register to which a row belongs."""
    found = _ARTICLE.match(row["article"])
    return found[0] if found else row["article"]


def written(row: Mapping[str, str], name: str) -> str:
    """The entry of a row as a file of declarations has it."""
    content = textwrap.fill(
        row["summary"], 116, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False
    )
    source = textwrap.fill(
        f"Article {row['article']}. {row['source']}.",
        116,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_on_hyphens=False,
    )
    lines = [
        f"  {name}:",
        f"    state: {row['state']}",
        f'    article: "{article_of(row)}"',
        f"    kind: {row['kind']}",
        f"    content: >-\n{content}",
        "    unread: yes" if row["tag"] == UNSEEN else f"    tags: [{row['tag']}]",
        *(f"    {key}: {row[key]}" for key in ("from", "until") if row[key]),
        f"    review: {row['review']}",
        f"    note: >-\n{source}",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Add what is missing to every instrument of the list."""
    by_instrument: dict[str, list[dict[str, str]]] = {}
    with (ROOT / "instruments/sources/declarations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_instrument.setdefault(row["instrument"], []).append(row)
    for instrument, rows in by_instrument.items():
        place = ROOT / "instruments" / instrument / "declarations.yaml"
        found, taken, text = missing(rows, place.parent), set[str](), ""
        for row in found:
            stem = f"{row['state'].lower()}-art-{article_of(row)}-{row['tag'].replace('_', '-')}"
            name = next(
                f"{stem}{end}" for end in ("", *(f"-{number}" for number in range(2, 99))) if stem + end not in taken
            )
            taken.add(name)
            text += written(row, name)
        if text:
            before = (
                place.read_text("utf-8") if place.is_file() else "# Reservations and declarations.\ndeclarations:\n"
            )
            place.write_text(
                before.replace("declarations: {}\n", "declarations:\n").rstrip("\n") + "\n" + text, "utf-8"
            )
        sys.stdout.write(f"{instrument}: {len(found)} of {len(rows)} added\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

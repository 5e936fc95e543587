"""All pages of the site, by address. ``python -m scripts.site.pages FOLDER`` writes them out to look at.

Nothing here is cached or stored: the pages are a function of the content folders and the texts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from api.law.library import Library
from engine.assess import Engine
from engine.content.loader import load_pack
from engine.errors import DedereError

from .cases import Decision, case_pages, decisions
from .criteria import criteria_pages
from .facts import facts_pages
from .indexes import CasesByAuthority, index_pages
from .instruments import instrument_pages
from .texts import folders_with_notes, text_pages

ROOT = Path(__file__).resolve().parents[2]


def all_pages(root: Path = ROOT) -> dict[str, str]:
    """Address and Markdown of every page.

    Raises:
        DedereError: the content does not load, or a decided case cannot be assessed.
    """
    pack = load_pack(root / "rules", root / "instruments")
    engine, library = Engine(pack), Library(pack, frozenset(folders_with_notes(root)))
    folder = root / "tests" / "cases" / "decided"
    found, table = decisions(engine, folder) if folder.is_dir() else ([], None)
    pages = instrument_pages(library) | facts_pages(library) | criteria_pages(library)
    pages |= index_pages(library, _by_authority(found))
    if table is not None:
        pages |= case_pages(engine, library, found, table)
    return pages | text_pages(root)


def _by_authority(found: list[Decision]) -> CasesByAuthority:
    grouped: CasesByAuthority = {}
    for decision in found:
        grouped.setdefault(decision.case.decided.authority, []).append((decision.address, decision.case.name))
    return grouped


def main(arguments: list[str]) -> int:
    """Write every page below a folder."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m scripts.site.pages FOLDER\n")
        return 2
    try:
        pages = all_pages()
    except DedereError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for address, text in pages.items():
        path = Path(arguments[0]) / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    sys.stdout.write(f"{len(pages)} pages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

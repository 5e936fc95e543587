"""The MkDocs hook: puts the generated pages among the files and lists instruments and themes in the menu."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.site.pages import all_pages  # noqa: E402 - the repository is put on the path first

#: Address and text of every page of this build.
_pages: dict[str, str] = {}
#: Entries of the menu that are filled with every page of a folder.
_FILLED = ("instruments/index.md", "facts/index.md")


def on_files(files: Files, config: Any) -> Files:
    """Add every page that is not a file of docs/ already, and fill the menu."""
    _pages.clear()
    _pages.update(all_pages(ROOT))
    known = set(files.src_uris)
    for address, text in _pages.items():
        if address not in known:
            files.append(File.generated(config, address, content=text))
    for entry in config.nav:
        for title, members in entry.items():
            if isinstance(members, list):
                entry[title] = [item for member in members for item in _entries(member)]
    return files


def _entries(member: Any) -> list[Any]:
    """An entry of the menu as it is, with the rest of its folder, or nothing if there is no such page."""
    address = member if isinstance(member, str) else next(iter(member.values()))
    if address not in _pages:
        return []
    return [member, *_folder(address.split("/")[0])] if address in _FILLED else [member]


def _folder(name: str) -> list[dict[str, str]]:
    """Menu entries of every page of a folder but its index, in the order of the content."""
    found = [address for address in _pages if address.startswith(f"{name}/") and not address.endswith("/index.md")]
    return [{_title(address): address} for address in found]


def _title(address: str) -> str:
    """What the menu calls a page: the short name of an instrument, the heading of a theme."""
    lines = [line for line in _pages[address].splitlines() if line]
    return lines[1].split(" · ")[0] if " · `" in lines[1] else lines[0].removeprefix("# ")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """A text of docs/ with the links of the site; generated pages are taken as they are."""
    return markdown if page.file.generated_by else _pages.get(page.file.src_uri, markdown)

"""The texts written by hand (README, CONTRIBUTING, docs/ and the READMEs of rooms), with links that fit the site.

In the repository their links lead to files; here a link to a file that has a page leads to the page,
and one to a file that has none becomes plain text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from . import addresses
from .words import Page

#: Texts outside docs/, and where they stand on the site.
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "rules/README.md": "rules.md",
    "instruments/README.md": "register.md",
}
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"(^```.*?^```)", re.MULTILINE | re.DOTALL)


def text_pages(root: Path) -> dict[str, str]:
    """Address and text of everything written by hand."""
    sources = {f"docs/{path.name}": path.name for path in sorted((root / "docs").glob("*.md"))}
    sources |= {source: address for source, address in ELSEWHERE.items() if (root / source).is_file()}
    sources |= {f"rules/{folder}/NOTES.md": addresses.notes(folder) for folder in folders_with_notes(root)}
    return {
        address: for_site((root / source).read_text("utf-8"), source, sources) for source, address in sources.items()
    }


def folders_with_notes(root: Path) -> list[str]:
    """The folders of rules/ whose choices of interpretation are written down."""
    return sorted(path.parent.name for path in (root / "rules").glob("*/NOTES.md"))


def for_site(text: str, source: str, sources: dict[str, str]) -> str:
    """The text with its links turned into links of the site; code blocks are left alone."""
    page = Page(sources[source])

    def turned(found: re.Match[str]) -> str:
        picture, label, target = found.groups()
        if "://" in target or target.startswith(("#", "mailto:")):
            return found[0]
        path, _, anchor = target.partition("#")
        address = _address(posixpath.normpath(posixpath.join(posixpath.dirname(source), path)), sources)
        if address is None:
            return label
        return picture + page.link(label, f"{address}#{anchor}" if anchor else address)

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(turned, part) for part in parts)


def _address(path: str, sources: dict[str, str]) -> str | None:
    """Where a file of the repository stands on the site, if it does."""
    if path in sources:
        return sources[path]
    if path.startswith("docs/pictures/"):
        return path.removeprefix("docs/")
    steps = path.split("/")
    if steps[0] == "instruments" and len(steps) > 1:
        return addresses.instrument(steps[1])
    return {"instruments": "instruments/index.md", "rules": "criteria/index.md", "docs": "index.md"}.get(path)

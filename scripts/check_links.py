"""Checks a built site: every internal link, picture and anchor resolves, and nothing is loaded from outside.

    python scripts/check_links.py site

Prints one line per fault and ends with status 1 if there is any. Links to other hosts that a reader
may click are allowed; style sheets, scripts, fonts, pictures and frames from other hosts are not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Attributes whose address the browser fetches by itself, by tag ("*" is any tag).
_LOADED = {"*": {"src", "poster", "data"}, "link": {"href"}, "use": {"href", "xlink:href"}, "image": {"href"}}
#: Kinds of <link> that are fetched; others only say how pages stand to each other.
_FETCHED_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
    "manifest",
}
_IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])((?:https?:)?//[^"')]+)""")


@dataclass
class _Page(HTMLParser):
    """The addresses and anchors of one page."""

    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element points to and how it can be pointed to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        fetched = tag != "link" or bool(_FETCHED_LINKS & set(given.get("rel", "").split()))
        for name in _LOADED["*"] | _LOADED.get(tag, set()):
            if given.get(name) and tag != "a":
                (self.assets if fetched else self.links).append(given[name])
        if "style" in given:
            self.assets += _IN_STYLE.findall(given["style"])


def faults(site: Path) -> Iterator[str]:
    """Every fault of the site, as ``page: what is wrong``."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    if not pages:
        yield f"{site}: no page is here"
    for path, page in pages.items():
        where = path.relative_to(site).as_posix()
        for address in page.assets:
            if _outside(address):
                yield f"{where}: loads {address} from outside"
        for address in {*page.links, *page.assets}:
            if not _outside(address) and (fault := _unresolved(site, path, address, pages)):
                yield f"{where}: {fault}"
    for path in sorted(site.rglob("*.css")):
        for address in _IN_STYLE.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site).as_posix()}: loads {address} from outside"


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    return page


def _outside(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in ("http", "https")


def _unresolved(site: Path, page: Path, address: str, pages: dict[Path, _Page]) -> str:
    """What is wrong with an internal address, or nothing."""
    parts = urlsplit(address)
    if parts.scheme:  # data:, mailto:, javascript: lead nowhere on the site
        return ""
    path = unquote(parts.path)
    base = site if path.startswith("/") else page.parent
    target = (base / path.lstrip("/")).resolve() if path else page.resolve()
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return f"'{address}' leads to no file"
    anchor = unquote(parts.fragment)
    known = pages.get(site / target.relative_to(site.resolve())) if target.is_relative_to(site.resolve()) else None
    if anchor and known is not None and anchor not in known.anchors:
        return f"'{address}' leads to no anchor"
    return ""


def main(arguments: list[str]) -> int:
    """Check the site in the folder given."""
    if len(arguments) != 1:
        sys.stderr.write("usage: check_links.py SITE\n")
        return 2
    found = list(faults(Path(arguments[0])))
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(found)} faults\n" if found else "Every link resolves; nothing is loaded from outside.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

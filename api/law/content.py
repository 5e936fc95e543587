"""Where the law content is, and the engine made from it.

In this order: the folder named by ``DEDERE_CONTENT``; ``_content`` beside this file (an installed
wheel); the repository this file stands in. The first that is a folder is used, and a folder named
by the setting must hold the content: nothing else is tried in its place.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import NamedTuple, Protocol

from api.law.cache import DocumentCache
from api.law.programs import engine_of
from engine.assess import Engine
from engine.content.documents import read_path
from engine.content.loader import load_located, load_pack
from engine.content.located import Located
from engine.content.models import Pack
from engine.errors import InputProblems, Problem

HERE = Path(__file__).resolve().parents[1]


def content_folder(settings: _Choice) -> Path:
    """The folder that holds rules/ and instruments/.

    Raises:
        InputProblems: the folder named by the setting has no such content.
    """
    packed = HERE / "_content"
    folder = settings.content or (packed if packed.is_dir() else HERE.parent)
    if not all((folder / name).is_dir() for name in ("rules", "instruments")):
        fix = "DEDERE_CONTENT names the folder that holds both" if settings.content else "Install Dedere again"
        raise InputProblems([Problem("no rules/ and instruments/ are here", str(folder), fix=fix)])
    return folder


def own_wording(settings: _Choice | None = None) -> Path | None:
    """The folder of the wording of papers that stands beside the law content, if it has one."""
    beside = content_folder(settings or _chosen()) / "filings"
    return beside if beside.is_dir() else None


def wording_folder(settings: _Choice | None = None) -> Path:
    """The folder of the wording of papers: beside the law content where it has one, else the one that is installed."""
    return own_wording(settings) or content_folder(_Defaults()) / "filings"


def read_pack(settings: _Choice) -> Pack:
    """Read and check all content from its files, without the cache.

    Raises:
        ContentProblems: every fault of the content, with file and line.
    """
    return read_located(settings)[0]


def read_located(settings: _Choice) -> tuple[Pack, Located]:
    """The same, and where everything in it was written.

    Raises:
        ContentProblems: every fault of the content, with file and line.
    """
    folder = content_folder(settings)
    return load_located(folder / "rules", folder / "instruments", read_path)


class _Choice(Protocol):
    """What of the settings matters here."""

    @property
    def content(self) -> Path | None:
        """The folder of the law content, if one is chosen."""

    @property
    def cache(self) -> bool:
        """Whether parsed content is kept."""


class _Defaults(NamedTuple):
    content: Path | None = None
    cache: bool = True


def _chosen() -> _Choice:
    """The settings; where none is made, reading them would only cost time."""
    if not any(name.upper().startswith("DEDERE_") for name in os.environ):
        return _Defaults()
    from api.settings import Settings  # noqa: PLC0415 - a cold start counts

    return Settings()


# One answer makes some tens of thousands of objects and keeps them all: looking for garbage meanwhile is wasted.
_COLLECT_AFTER = 100_000


def load_engine(settings: _Choice | None = None, key: bytes = b"") -> Engine:
    """The engine over the installation's content, with parsed documents kept in the user's cache.

    With a key they are sealed there, so that nobody without it can have changed them.

    Raises:
        ContentProblems: every fault of the content, with file and line.
    """
    settings = settings or _chosen()
    folder = content_folder(settings)
    if not settings.cache:
        return Engine(read_pack(settings))
    cache = DocumentCache.of(folder, key)
    pack = load_pack(folder / "rules", folder / "instruments", cache.read)
    cache.keep()
    engine = engine_of(pack, folder, key)
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    gc.freeze()  # the law content lives as long as the process: the collector need not visit it for every answer
    return engine

"""Identities of content: the same bytes under the same names have the same digest, and so has the same data.

A pack is addressed by its version and the first figures of the digest of all its content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.content.models import Pack

SHOWN = 12
_DATE = "\x00date"


def content_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every YAML file below a folder, by its name there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def digest_files(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes, in the order of the names' parts."""
    total = hashlib.sha256()
    for name in sorted(files, key=lambda name: name.split("/")):
        total.update(name.encode() + b"\0")
        total.update(hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def digest_folder(folder: Path) -> str:
    """The digest of every YAML file below ``folder``."""
    return digest_files(content_files(folder))


def data_text(data: Any) -> str:
    """Data as JSON that stands for it alone; ``data_in`` reads it.

    Raises:
        TypeError: JSON cannot hold a value in it.
    """
    return json.dumps(_plain(data), separators=(",", ":"), ensure_ascii=False)


def data_in(text: str | bytes) -> Any:
    """What ``data_text`` wrote.

    Raises:
        ValueError: it did not write this.
    """
    return json.loads(text, object_hook=_revived)


def digest_text(text: str) -> str:
    """The digest of data by its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_data(data: Any) -> str:
    """The digest of what was read from a file, however it was written there."""
    try:
        return digest_text(data_text(data))
    except TypeError:
        return digest_text(repr(data))


def digest_all(digests: Mapping[str, str]) -> str:
    """One digest of the data of many files, by their names."""
    return digest_text(data_text(dict(sorted(digests.items()))))


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and _DATE not in value:
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if type(value) is date:
        return {_DATE: value.isoformat()}
    if value is None or type(value) in (str, bool, int, float):
        return value
    raise TypeError(type(value).__name__)


def _revived(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found[_DATE]) if _DATE in found else found


def joint_digest(rules: str, instruments: str) -> str:
    """One digest for rules and instruments together."""
    return hashlib.sha256(f"{rules}+{instruments}".encode()).hexdigest()


def address(version: str, rules: str, instruments: str) -> str:
    """Version and digest, for example ``1+0a1b2c3d4e5f``."""
    return f"{version}+{joint_digest(rules, instruments)[:SHOWN]}"


def address_of(pack: Pack) -> str:
    """The address of a loaded pack."""
    return address(pack.version, pack.rules_digest, pack.instruments_digest)

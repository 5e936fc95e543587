"""Identities of content: the same bytes under the same names have the same digest.

A pack is addressed by its version and the first figures of the digest of all its content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from engine.content.models import Pack

SHOWN = 12


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


def joint_digest(rules: str, instruments: str) -> str:
    """One digest for rules and instruments together."""
    return hashlib.sha256(f"{rules}+{instruments}".encode()).hexdigest()


def address(version: str, rules: str, instruments: str) -> str:
    """Version and digest, for example ``1+0a1b2c3d4e5f``."""
    return f"{version}+{joint_digest(rules, instruments)[:SHOWN]}"


def address_of(pack: Pack) -> str:
    """The address of a loaded pack."""
    return address(pack.version, pack.rules_digest, pack.instruments_digest)

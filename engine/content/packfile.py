"""Pack files: all law content in one file that carries its own address and is refused if it was changed.

A pack file is JSON: the form, the address (version and digest), and every content file by name. It
is named by its address, for example ``dedere-2026.11+0a1b2c3d4e5f.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from engine.content.digest import address, content_files, digest_files
from engine.errors import InputProblems, Problem

FORM = "dedere pack 1"
ROOMS = ("rules", "instruments")
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Content:
    """The files of both rooms by name, and the version under which they go."""

    version: str
    rooms: Mapping[str, Mapping[str, bytes]]

    @property
    def address(self) -> str:
        """Version and digest."""
        return address(self.version, *(digest_files(self.rooms[room]) for room in ROOMS))


def content_of(folder: Path, version: str) -> Content:
    """The content of a folder that holds both rooms."""
    return Content(version, {room: content_files(folder / room) for room in ROOMS})


def write(content: Content) -> tuple[str, bytes]:
    """The name and the bytes of the pack file."""
    files = {f"{room}/{name}": raw.decode("utf-8") for room in ROOMS for name, raw in content.rooms[room].items()}
    data = {"form": FORM, "address": content.address, "version": content.version, "files": files}
    return f"dedere-{content.address}.json", (
        json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    ).encode()


def read(raw: bytes, source: str) -> Content:
    """The content of a pack file, whole and unchanged.

    Raises:
        InputProblems: the bytes are no pack file, or not the content that the file says it holds.
    """
    data = _data(raw, source)
    rooms: dict[str, dict[str, bytes]] = {room: {} for room in ROOMS}
    for name, text in data["files"].items():
        room, _, below = name.partition("/")
        if room not in ROOMS or not isinstance(text, str) or not inside(below):
            raise InputProblems([Problem(f"'{name}' is not a file of a pack", source)])
        rooms[room][below] = text.encode()
    content = Content(data["version"], rooms)
    if content.address != data["address"]:
        message = f"the content is not what the file says: it says {data['address']}, its files give {content.address}"
        raise InputProblems([Problem(message, source, fix="Export the pack again; do not edit a pack file")])
    return content


def inside(name: str) -> bool:
    """Whether a name is that of a YAML file below its room and nowhere else."""
    parts = PurePosixPath(name).parts
    return name.endswith(".yaml") and "\\" not in name and "\0" not in name and ".." not in parts and parts[0] != "/"


def unpack(content: Content, folder: Path) -> None:
    """Write the files of both rooms below an empty folder."""
    for room in ROOMS:
        (folder / room).mkdir()
        for name, raw in content.rooms[room].items():
            place = folder / room / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(raw)


def _data(raw: bytes, source: str) -> dict[str, Any]:
    if len(raw) > MAX_BYTES:
        raise InputProblems([Problem(f"the file is larger than {MAX_BYTES // 1_000_000} MB", source)])
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        data = None
    shape = {"form": str, "address": str, "version": str, "files": dict}
    if not (
        isinstance(data, dict)
        and data.get("form") == FORM
        and set(data) == set(shape)
        and all(isinstance(data[key], kind) for key, kind in shape.items())
    ):
        raise InputProblems([Problem("this is not a pack file", source, fix="Make one with: dedere pack export")])
    return data

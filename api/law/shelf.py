"""The shelf: the law content in use, and pack files in a folder under which cases may be assessed too.

A pack is known by its address, which its content must have: a file that was changed is not on the
shelf. Engines are made when asked for and the last few are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from api.law.packs import open_pack
from api.settings import Settings
from engine.assess import Engine
from engine.content import packfile
from engine.content.digest import address_of, digest_files, joint_digest
from engine.errors import ContentProblems, InputProblems

#: Engines of other packs that are kept; each holds some tens of megabytes.
KEPT = 2


def with_shelf(settings: Settings, data: Path) -> Settings:
    """The settings of an installation; its shelf stands in its data folder unless they say otherwise."""
    return settings.model_copy(update={"packs": settings.packs or data.expanduser() / "packs"})


class NoSuchPack(Exception):
    """No pack on the shelf has the address or the digests."""


@dataclass(frozen=True, slots=True)
class PackSaid:
    """A pack that cases may be assessed under."""

    address: str
    version: str
    rules: str
    instruments: str
    in_use: bool


class Shelf:
    """The packs of one installation. Safe to ask from several threads."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.current, self.settings = engine, settings
        self._lock = threading.Lock()
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._read: dict[tuple[str, int, int], PackSaid | None] = {}

    def packs(self) -> list[PackSaid]:
        """The pack in use, then those in the folder by their address."""
        pack = self.current.pack
        current = PackSaid(address_of(pack), pack.version, pack.rules_digest, pack.instruments_digest, in_use=True)
        others = {one.address: one for one, _ in self._files() if one.address != current.address}
        return [current, *(others[address] for address in sorted(others))]

    def engine(self, address: str) -> Engine:
        """The engine of a pack by its whole address.

        Raises:
            NoSuchPack: there is none, or its file is damaged.
        """
        if address == address_of(self.current.pack):
            return self.current
        with self._lock:
            if address not in self._engines:
                self._engines[address] = self._made(address)
                while len(self._engines) > KEPT:
                    self._engines.popitem(last=False)
            self._engines.move_to_end(address)
            return self._engines[address]

    def file(self, address: str) -> Path | None:
        """The pack file of an address; None for the pack in use, which needs none.

        Raises:
            NoSuchPack: there is none.
        """
        if address == address_of(self.current.pack):
            return None
        for one, path in self._files():
            if one.address == address:
                return path
        raise NoSuchPack

    def engine_for(self, rules: str, instruments: str) -> Engine:
        """The engine of the content with these digests, as an assessment names them.

        Raises:
            NoSuchPack: that content is not here.
        """
        wanted = joint_digest(rules, instruments)
        for one in self.packs():
            if joint_digest(one.rules, one.instruments) == wanted:
                return self.engine(one.address)
        raise NoSuchPack

    def _made(self, address: str) -> Engine:
        try:
            return Engine(open_pack(str(self.file(address)), self.settings))
        except (InputProblems, ContentProblems):
            raise NoSuchPack from None

    def _files(self) -> list[tuple[PackSaid, Path]]:
        folder = self.settings.packs
        found = sorted(folder.glob("dedere-*.json")) if folder is not None else []
        return [(said, path) for path in found if (said := self._said(path)) is not None]

    def _said(self, path: Path) -> PackSaid | None:
        """What a pack file holds, if it is whole; read again only when the file changes."""
        try:
            seen = path.stat()
            key = str(path), seen.st_mtime_ns, seen.st_size
            if key not in self._read:
                self._read[key] = _read(path)
            return self._read[key]
        except OSError:
            return None


def _read(path: Path) -> PackSaid | None:
    try:
        content = packfile.read(path.read_bytes(), path.name)
    except InputProblems:
        return None
    rules, instruments = (digest_files(content.rooms[room]) for room in packfile.ROOMS)
    return PackSaid(content.address, content.version, rules, instruments, in_use=False)

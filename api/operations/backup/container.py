"""An encrypted file made of chunks: AES-256-GCM under a fresh key, which the newest master key wraps.

A line of plain header names the master key and holds the wrapped key; then come the chunks. Each
chunk's nonce and associated data hold its position and whether it is the last, beside the header's
digest, so that a file which was cut off, reordered, joined from two or changed anywhere does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.operations.backup.errors import Damaged, InTheWay
from api.storage.vault.errors import Tampered
from api.storage.vault.master import MasterKeys
from api.storage.vault.sealing import (
    TAG_BYTES,
    Place,
    new_key,
    seal,
    unseal,
)

CHUNK = 1 << 20
_HEADER_AT_MOST = 4096
_FORM = "dedere 1"


@dataclass(frozen=True, slots=True)
class Header:
    """What may be known of a file without a key. ``kind`` keeps files of one use from being taken for another."""

    form: str
    kind: str
    id: str
    created_at: str
    schema: str
    master: str
    wrapped: str

    def line(self) -> bytes:
        """The header as it stands in the file."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode() + b"\n"

    def place(self) -> Place:
        """What the wrapped key is bound to."""
        return Place("", f"file:{self.kind}", self.id, self.created_at + self.schema)


def write(path: Path, header: Header, master: MasterKeys, lines: Iterable[bytes]) -> None:
    """Write a file for its owner alone, whole or not at all. ``header`` comes without master and key.

    Raises:
        InTheWay: there is a file of this name.
        OSError: it cannot be written.
    """
    if path.exists():
        raise InTheWay(f"{path.name} is there already; give another name")
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, header, master, lines)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    settle(path.parent)


def _write(file: BinaryIO, bare: Header, master: MasterKeys, lines: Iterable[bytes]) -> None:
    key = new_key()
    name, above = master.newest()
    wrapped = base64.b64encode(seal(above, bare.place(), key)).decode()
    header = Header(bare.form, bare.kind, bare.id, bare.created_at, bare.schema, name, wrapped)
    file.write(header.line())
    cipher, bound = AESGCM(key), hashlib.sha256(header.line()).digest()
    for number, (plain, last) in enumerate(_chunks(lines)):
        nonce = _nonce(number, last)
        file.write(cipher.encrypt(nonce, plain, bound + nonce))


def _chunks(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Full chunks, and one last chunk that may be short or empty."""
    held = bytearray()
    for line in lines:
        held += line
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True


def _nonce(number: int, last: bool) -> bytes:
    """Never twice under one key, because a file's key is fresh and each position comes once."""
    return number.to_bytes(11, "big") + bytes([last])


def bare(kind: str, name: str, created_at: str, schema: str) -> Header:
    """A header before its key is made."""
    return Header(_FORM, kind, name, created_at, schema, "", "")


def trusted_header(path: Path, kind: str, master: MasterKeys) -> Header:
    """The header of a file, after its wrapped key, which is bound to it, was opened.

    Raises:
        Damaged: it is not a file of this kind, or its header was changed.
        UnknownMasterKey: it was made under a master key that is not here.
        OSError: it cannot be read.
    """
    header = read_header(path, kind)
    _key(header, path, master)
    return header


def read_header(path: Path, kind: str) -> Header:
    """The header of a file, as it says.

    Raises:
        Damaged: it is not a file of this kind.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return _header(file, path, kind)


def _header(file: BinaryIO, path: Path, kind: str) -> Header:
    line = file.readline(_HEADER_AT_MOST)
    with suppress(ValueError, TypeError, RecursionError):
        header = Header(**json.loads(line))
        texts = all(isinstance(value, str) for value in asdict(header).values())
        if texts and header.line() == line and (header.form, header.kind) == (_FORM, kind):
            return header
    raise Damaged(f"{path.name} is not a {kind} of Dedere, or its first line is damaged")


def read_lines(path: Path, kind: str, master: MasterKeys) -> Iterator[bytes]:
    """The lines of a file, in order; the end of the iteration means that it is whole.

    Raises:
        Damaged: it was changed, cut off, or is of another kind.
        UnknownMasterKey: it was made under a master key that is not here.
        OSError: it cannot be read.
    """
    rest = b""
    with path.open("rb") as file:
        for plain in _opened(file, path, kind, master):
            *whole, rest = (rest + plain).split(b"\n")
            yield from whole
    if rest:
        raise Damaged(f"{path.name} ends in the middle of a line")


def _opened(file: BinaryIO, path: Path, kind: str, master: MasterKeys) -> Iterator[bytes]:
    header = _header(file, path, kind)
    cipher, bound = AESGCM(_key(header, path, master)), hashlib.sha256(header.line()).digest()
    chunk, number = file.read(CHUNK + TAG_BYTES), 0
    while True:
        following = file.read(CHUNK + TAG_BYTES)
        nonce = _nonce(number, not following)
        try:
            yield cipher.decrypt(nonce, chunk, bound + nonce)
        except (InvalidTag, ValueError):
            raise Damaged(f"{path.name} is damaged or was cut off at part {number + 1}; use another one") from None
        if not following:
            return
        chunk, number = following, number + 1


def _key(header: Header, path: Path, master: MasterKeys) -> bytes:
    above = master.key(header.master)
    try:
        return unseal(above, header.place(), base64.b64decode(header.wrapped, validate=True))
    except (Tampered, binascii.Error):
        raise Damaged(f"{path.name} is damaged in its first line; use another one") from None


def shred(path: Path) -> None:
    """Overwrite a file and remove it; nothing if it is not there."""
    with suppress(FileNotFoundError), path.open("r+b") as file:
        overwrite(file)
    path.unlink(missing_ok=True)


def overwrite(file: BinaryIO) -> None:
    """Put zeros over everything in an open file."""
    left = os.fstat(file.fileno()).st_size
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, CHUNK)))
    file.flush()
    os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Have a folder's new names on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

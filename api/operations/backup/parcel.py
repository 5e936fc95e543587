"""The outer form of an export: a folder or a zip file, with a manifest that holds the digest of every file.

Whoever exports notes the digest of the manifest and hands it over by another way than the parcel;
so a parcel in which anything was changed, left out or added, the manifest included, is refused.
"""

from __future__ import annotations

import errno
import hashlib
import json
import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from api.operations.backup.container import settle
from api.operations.backup.errors import Damaged, InTheWay

FORM = "dedere-export 1"
MANIFEST = "manifest.json"
_NAME = re.compile(r"(matters/mat_[a-z2-7]{26}|people|audit)\.(json|ndjson)")
# What the reader raises of a zip file of which bytes were changed, as seen by changing them.
_SPOILT = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
)
# A place before the file's start is asked of the disk; a wrong bz2 stream is an OSError without number.
_OF_CONTENT = (errno.EINVAL, None)
_MANIFEST_AT_MOST = 50_000_000
_FILE_AT_MOST = 2_000_000_000


@dataclass
class Outgoing:
    """A parcel that is being filled."""

    put: Callable[[str, bytes], None]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """Put a file in and note its digest."""
        self.files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        self.put(name, content)

    def close(self, about: dict[str, Any]) -> str:
        """Put the manifest in; gives its digest."""
        content = json.dumps({"form": FORM, **about, "files": self.files}, ensure_ascii=False, indent=1).encode()
        self.put(MANIFEST, content)
        return hashlib.sha256(content).hexdigest()


@contextmanager
def outgoing(path: Path) -> Iterator[Outgoing]:
    """A parcel at a path, whole or not at all; a zip file if the name says so, for its owner alone.

    Raises:
        InTheWay: there is something of this name.
        OSError: it cannot be written.
    """
    if path.exists():
        raise InTheWay(f"{path.name} is there already; give another name")
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        with _zip(beside) if path.suffix == ".zip" else _folder(beside) as put:
            yield Outgoing(put)
        beside.rename(path)
    finally:
        if beside.is_dir():
            shutil.rmtree(beside)
        beside.unlink(missing_ok=True)
    settle(path.parent)


@contextmanager
def _folder(path: Path) -> Iterator[Callable[[str, bytes], None]]:
    path.mkdir(mode=0o700)
    (path / "matters").mkdir(mode=0o700)

    def put(name: str, content: bytes) -> None:
        with os.fdopen(os.open(path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    yield put
    settle(path / "matters")


@contextmanager
def _zip(path: Path) -> Iterator[Callable[[str, bytes], None]]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
            yield parcel.writestr
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _unspoilt(otherwise: str) -> Iterator[None]:
    """What the zip reader says of changed bytes, in one word; a disk that cannot be read stays its own error."""
    try:
        yield
    except _SPOILT:
        raise Damaged(otherwise) from None
    except OSError as fault:
        if fault.errno not in _OF_CONTENT:
            raise
        raise Damaged(otherwise) from None


def _plain(path: Path) -> BinaryIO:
    """A plain file, open; a pipe or a link in its place is not waited for.

    Raises:
        FileNotFoundError: there is none.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return os.fdopen(handle, "rb")


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        raise Damaged(f"{name} is not an export that this program reads")
    return found


class Incoming:
    """A parcel that was received: every file it gives fits the manifest, and the manifest its digest."""

    def __init__(self, path: Path, digest: str) -> None:
        """Open a parcel and check all of it.

        Raises:
            Damaged: anything in it was changed, left out or added.
            OSError: it cannot be read.
        """
        self._name = path.name
        self._zip = None if path.is_dir() else self._unzipped(path)
        self._folder = path
        self.manifest = self._trusted(digest.lower())
        if self._listed() != {*self.manifest["files"], MANIFEST}:
            raise Damaged(f"{self._name} holds other files than its manifest lists")
        for name in self.manifest["files"]:
            self.read(name)

    def _unzipped(self, path: Path) -> zipfile.ZipFile:
        with _unspoilt(f"{self._name} is neither an export folder nor a whole zip file"):
            return zipfile.ZipFile(path)

    def _trusted(self, digest: str) -> dict[str, Any]:
        content = self._content(MANIFEST, _MANIFEST_AT_MOST)
        if hashlib.sha256(content).hexdigest() != digest:
            raise Damaged(f"{self._name} is not the export with this digest, or its manifest was changed")
        found = _object(content, self._name)
        if found.get("form") != FORM or not all(_NAME.fullmatch(name) for name in found["files"]):
            raise Damaged(f"{self._name} is not an export that this program reads")
        return found

    def _listed(self) -> set[str]:
        if self._zip is not None:
            return set(self._zip.namelist())
        found = [path for path in self._folder.rglob("*") if not path.is_dir()]
        if any(path.is_symlink() or not path.is_file() for path in found):
            raise Damaged(f"{self._name} holds something that is no plain file")
        return {path.relative_to(self._folder).as_posix() for path in found}

    def read(self, name: str) -> bytes:
        """A file's content.

        Raises:
            Damaged: it is not what the manifest says.
        """
        said = self.manifest["files"][name]
        content = self._content(name, min(said["bytes"], _FILE_AT_MOST))
        if hashlib.sha256(content).hexdigest() != said["sha256"]:
            raise Damaged(f"{name} in {self._name} was changed")
        return content

    def _content(self, name: str, at_most: int) -> bytes:
        """At most so many bytes and one more, however much a zip file unpacks to."""
        try:
            if self._zip is None:
                with _plain(self._folder / name) as file:
                    return file.read(at_most + 1)
            with _unspoilt(f"{name} in {self._name} is damaged"), self._zip.open(name) as packed:
                return packed.read(at_most + 1)
        except (KeyError, FileNotFoundError):
            raise Damaged(f"{self._name} holds no {name}") from None

"""A parcel is whole or refused: whatever bytes of it were changed, it is never half-read and never a fault."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.operations.backup.errors import Damaged
from api.operations.backup.parcel import FORM, MANIFEST, Incoming

CONTENT = {f"matters/mat_{letter * 26}.json": json.dumps({"case": letter * 60}).encode() for letter in "abc"}


@pytest.fixture(scope="module")
def parcel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, str]:
    """Where a zip file is written, a whole one's bytes, and the digest of its manifest."""
    listed = {name: {"sha256": _digest(content), "bytes": len(content)} for name, content in CONTENT.items()}
    manifest = json.dumps({"form": FORM, "files": listed, "workspace": {"id": "wsp"}}).encode()
    path = tmp_path_factory.mktemp("parcel") / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**CONTENT, MANIFEST: manifest}.items():
            file.writestr(name, content)
    return path, path.read_bytes(), _digest(manifest)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _whole_or_refused(parcel: tuple[Path, bytes, str], spoilt: bytes) -> bool:
    path, _, digest = parcel
    path.write_bytes(spoilt)
    try:
        arrived = Incoming(path, digest)
    except Damaged:
        return False
    assert {name: arrived.read(name) for name in CONTENT} == CONTENT
    return True


def test_any_one_changed_byte_is_refused_or_means_nothing(parcel: tuple[Path, bytes, str]) -> None:
    whole = parcel[1]
    kept = [
        _whole_or_refused(parcel, whole[:place] + bytes([byte ^ change]) + whole[place + 1 :])
        for place, byte in enumerate(whole)
        for change in (0x01, 0x41, 0x80, 0xFF)
    ]
    assert 0 < sum(kept) < len(kept) / 2


@given(changes=st.lists(st.tuples(st.integers(0), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4))
def test_any_changed_bytes_are_refused_or_mean_nothing(
    parcel: tuple[Path, bytes, str], changes: list[tuple[int, bytes]]
) -> None:
    spoilt = bytearray(parcel[1])
    for place, found in changes:
        at = place % len(spoilt)
        spoilt[at : at + len(found)] = found
    _whole_or_refused(parcel, bytes(spoilt))


def test_any_zip_that_ends_early_is_refused(parcel: tuple[Path, bytes, str]) -> None:
    assert not any(_whole_or_refused(parcel, parcel[1][:length]) for length in range(len(parcel[1])))


def test_a_parcel_that_cannot_be_read_is_not_said_to_be_changed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Incoming(tmp_path / "nowhere.zip", "0" * 64)


@pytest.fixture
def folder(tmp_path: Path) -> tuple[Path, str]:
    """An export as a folder, and the digest of its manifest."""
    listed = {name: {"sha256": _digest(content), "bytes": len(content)} for name, content in CONTENT.items()}
    manifest = json.dumps({"form": FORM, "files": listed, "workspace": {"id": "wsp"}}).encode()
    (tmp_path / "matters").mkdir()
    for name, content in {**CONTENT, MANIFEST: manifest}.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path, _digest(manifest)


@pytest.mark.parametrize("name", [next(iter(CONTENT)), MANIFEST, "another"])
def test_L9_a_pipe_in_a_folder_is_refused_and_not_waited_for(folder: tuple[Path, str], name: str) -> None:
    path, digest = folder
    Incoming(path, digest)
    (path / name).unlink(missing_ok=True)
    os.mkfifo(path / name)
    with pytest.raises(Damaged):
        Incoming(path, digest)


def test_L9_a_link_out_of_a_folder_is_not_followed(
    folder: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path, digest = folder
    name = next(iter(CONTENT))
    outside = (path / name).rename(tmp_path_factory.mktemp("outside") / "file")
    (path / name).symlink_to(outside)
    with pytest.raises(Damaged):
        Incoming(path, digest)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[]", b'{"form": "%s", "files": 1}' % FORM.encode(), b"\xff"])
def test_L9_a_manifest_that_is_none_is_refused(folder: tuple[Path, str], content: bytes) -> None:
    path, _ = folder
    (path / MANIFEST).write_bytes(content)
    with pytest.raises(Damaged, match="not an export"):
        Incoming(path, _digest(content))

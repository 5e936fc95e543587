"""Pack files: whole, named by their address, and refused when a single byte was changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.content import packfile
from engine.content.digest import address_of, digest_files, digest_folder, joint_digest
from engine.content.loader import load_pack
from engine.content.models import Pack
from engine.errors import InputProblems
from tests.conftest import TOYLAND


@pytest.fixture
def toys(toyland: Pack) -> packfile.Content:
    return packfile.content_of(TOYLAND, toyland.version)


def test_a_pack_file_is_named_by_version_and_digest(toys: packfile.Content, toyland: Pack) -> None:
    name, _ = packfile.write(toys)
    digest = joint_digest(toyland.rules_digest, toyland.instruments_digest)
    assert toys.address == address_of(toyland) == f"{toyland.version}+{digest[:12]}"
    assert name == f"dedere-{toys.address}.json"


def test_what_is_written_is_read_again_and_gives_the_same_pack(
    toys: packfile.Content, toyland: Pack, tmp_path: Path
) -> None:
    again = packfile.read(packfile.write(toys)[1], "toys.json")
    assert again == toys
    packfile.unpack(again, tmp_path)
    pack = load_pack(tmp_path / "rules", tmp_path / "instruments")
    assert address_of(pack) == address_of(toyland)
    assert pack.criteria.keys() == toyland.criteria.keys()


def test_the_same_content_is_the_same_bytes(toys: packfile.Content) -> None:
    backwards = {room: dict(reversed(files.items())) for room, files in toys.rooms.items()}
    assert packfile.write(toys) == packfile.write(packfile.Content(toys.version, backwards))


def test_the_digest_of_files_is_that_of_their_folder(toys: packfile.Content) -> None:
    for room in packfile.ROOMS:
        assert digest_files(toys.rooms[room]) == digest_folder(TOYLAND / room)


def _changed(toys: packfile.Content, **more: Any) -> bytes:
    return json.dumps({**json.loads(packfile.write(toys)[1]), **more}).encode()


def test_a_changed_file_is_refused_with_both_addresses(toys: packfile.Content) -> None:
    files = json.loads(packfile.write(toys)[1])["files"]
    with pytest.raises(InputProblems, match=r"it says toy\+.*, its files give toy\+"):
        packfile.read(_changed(toys, files={**files, "rules/conflicts.yaml": "conflicts: {}\n"}), "toys.json")


@pytest.mark.parametrize(
    "name",
    [
        "rules/../../evil.yaml",
        "rules//etc/evil.yaml",
        "other/a.yaml",
        "rules/a.py",
        "rules",
        "rules/a\\b.yaml",
        "rules/\0.yaml",
    ],
)
def test_a_file_can_only_lie_inside_its_room(toys: packfile.Content, name: str) -> None:
    with pytest.raises(InputProblems, match="is not a file of a pack"):
        packfile.read(_changed(toys, files={name: "x"}), "toys.json")


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b"\xff", b'{"form": "dedere pack 2"}', b"[" * 100_000],
    ids=["empty", "a list", "no form", "not text", "another form", "too deep"],
)
def test_anything_else_is_no_pack_file(raw: bytes) -> None:
    with pytest.raises(InputProblems, match="not a pack file"):
        packfile.read(raw, "x.json")


def test_a_pack_file_has_no_other_keys_and_no_other_types(toys: packfile.Content) -> None:
    for more in ({"extra": 1}, {"version": 1}, {"files": []}):
        with pytest.raises(InputProblems, match="not a pack file"):
            packfile.read(_changed(toys, **more), "x.json")
    with pytest.raises(InputProblems, match="is not a file of a pack"):
        packfile.read(_changed(toys, files={"rules/a.yaml": 1}), "x.json")


def test_an_enormous_file_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packfile, "MAX_BYTES", 10)
    with pytest.raises(InputProblems, match="larger than"):
        packfile.read(b"x" * 11, "x.json")

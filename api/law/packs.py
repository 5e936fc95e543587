"""Packs by name: a folder, a pack file, an address (version and digest), or a revision in git.

A revision is read with ``git archive``; nothing is checked out and the working tree is not touched.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

from api.law.content import content_folder, read_pack
from api.settings import Settings
from engine.content import packfile
from engine.content.digest import address_of
from engine.content.loader import load_pack
from engine.content.models import Pack
from engine.content.packfile import ROOMS, Content
from engine.errors import ContentProblems, InputProblems, Problem

_ADDRESS = re.compile(r"[^+/\\]+\+[0-9a-f]{6,64}")
_SECONDS = 60
_FORMS = "A pack is a folder with rules/ and instruments/, a pack file, VERSION+DIGEST, or a git revision"


def open_pack(name: str, settings: Settings) -> Pack:
    """The pack that a name stands for.

    Raises:
        InputProblems: nothing goes by this name, or it is not whole.
        ContentProblems: its content has faults.
    """
    path = Path(name)
    if path.is_file():
        return _from_file(path)
    if path.is_dir():
        return _from_folder(path)
    if _ADDRESS.fullmatch(name):
        return _by_address(name, settings)
    return _from_revision(name, content_folder(settings))


def export(settings: Settings) -> tuple[str, bytes]:
    """The name and bytes of a pack file of the installation's content, which must be without faults."""
    pack = read_pack(settings)
    return packfile.write(packfile.content_of(content_folder(settings), pack.version))


def _from_folder(path: Path) -> Pack:
    if not all((path / room).is_dir() for room in ROOMS):
        raise InputProblems([Problem("no rules/ and instruments/ are here", str(path), fix=_FORMS)])
    return load_pack(path / "rules", path / "instruments")


def _from_file(path: Path) -> Pack:
    content = packfile.read(path.read_bytes(), str(path))
    pack = _loaded(content, str(path))
    if address_of(pack) != content.address:
        raise InputProblems([Problem(f"the content is of version {pack.version}, not {content.version}", str(path))])
    return pack


def _by_address(name: str, settings: Settings) -> Pack:
    """The installation's own content, or a pack file beside us that is named by the address."""
    current = read_pack(settings)
    if address_of(current).startswith(name):
        return current
    files = sorted(Path.cwd().glob(f"dedere-{_literal(name)}*.json"))
    if not files:
        fix = f"The content here is {address_of(current)}; other packs are found as dedere-VERSION+DIGEST.json in this folder"
        raise InputProblems([Problem(f"no pack has the address '{name}'", fix=fix)])
    if len(files) > 1:
        raise InputProblems([Problem(f"'{name}' stands for several packs", fix="Give more of the digest")])
    return _from_file(files[0])


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def _from_revision(name: str, folder: Path) -> Pack:
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise InputProblems([Problem(f"'{name}' is not a pack that is known here", fix=_FORMS)])
    archive = _git(folder, "archive", "--format=tar", commit.decode().strip(), *ROOMS)
    if archive is None:
        raise InputProblems([Problem(f"revision '{name}' has no rules/ and instruments/")])
    return _loaded(Content("", _files(archive)), name)


def _git(folder: Path, *words: str) -> bytes | None:
    """What git prints, or nothing when it fails, is missing or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, no shell; the name is kept from being an option
            ["git", "-C", str(folder), *words],  # noqa: S607 - git is found where the user has it
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _files(archive: bytes) -> dict[str, dict[str, bytes]]:
    """The YAML files of both rooms in a tar archive, by name below their room."""
    rooms: dict[str, dict[str, bytes]] = {room: {} for room in ROOMS}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            room, _, below = member.name.partition("/")
            held = tar.extractfile(member) if member.isfile() and room in rooms and packfile.inside(below) else None
            if held is not None:
                rooms[room][below] = held.read()
    return rooms


def _loaded(content: Content, name: str) -> Pack:
    """The pack of some files; problems are said to be in ``name`` and not where we unpacked it."""
    with tempfile.TemporaryDirectory(prefix="dedere-") as place:
        packfile.unpack(content, Path(place))
        try:
            return load_pack(Path(place) / "rules", Path(place) / "instruments")
        except ContentProblems as error:
            problems = [replace(each, source=each.source.replace(place, name, 1)) for each in error.problems]
            raise ContentProblems(problems) from None

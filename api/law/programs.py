"""The generated code of the law's program, kept between runs so that a start need not compile it again.

It is kept under everything it was made from: the digests of the law content, the version of the
engine, the Python that compiled it and the text of what makes the program and its code. Whatever is damaged, stale or
another user's is made again; and what is read may hold nothing but arithmetic on what it is given.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from pathlib import Path

from api.law.kept import keep, kept_place, read_kept
from engine import ENGINE_VERSION, assess
from engine.assess import Engine
from engine.content.models import Pack

#: The rooms of the engine whose text can change what a program does.
_ROOMS = ("content", "facts", "inference", "treaties")
_ENGINE = Path(assess.__file__).parent


def engine_of(pack: Pack, folder: Path, key: bytes = b"") -> Engine:
    """The engine of the pack in a content folder, with its code kept in the user's cache, sealed if a key is given."""
    place, form = kept_place("program", folder, key), form_of(pack)
    kept = _read(place, form, key)
    engine = Engine(pack, kept)
    if engine.compiled.codes is not kept:
        keep(place, form, marshal.dumps(engine.compiled.codes), key)
    return engine


def form_of(pack: Pack) -> bytes:
    """The first line of the kept file: a digest of all that the code depends on, the text of the engine with it."""
    modules = sorted(path for room in _ROOMS for path in (_ENGINE / room).glob("*.py"))
    texts = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in modules]
    law = pack.identity
    whole = "\n".join([ENGINE_VERSION, sys.version, str(marshal.version), law, *texts])
    return f"dedere program 1 {hashlib.sha256(whole.encode()).hexdigest()}\n".encode()


def _read(place: Path, form: bytes, key: bytes) -> object:
    """What is kept at a place, if it is whole and ours; whether it fits, the engine decides."""
    body = read_kept(place, form, key)
    try:
        found: object = marshal.loads(body) if body else None  # noqa: S302 - whole, ours alone to write, and checked before use
    except (EOFError, ValueError, TypeError):
        return None
    return found

"""Files kept in the user's cache: whole, our own, of the right form, or not used at all.

A kept file begins with a line that names its form and one with the SHA-256 of the rest, or with a keyed one (HMAC)
where a key is given: then only whoever has the key can have written it. What is damaged, of another form or
writable by somebody else counts as absent; it can always be made again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path


def kept_place(name: str, folder: Path | None = None, key: bytes = b"") -> Path:
    """Where the user's cache keeps a file of this name: of a content folder, and sealed if a key is given."""
    if folder is not None:
        name += "-" + hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return user_cache_path("dedere", appauthor=False) / (f"{name}-sealed" if key else name)


def read_kept(place: Path, form: bytes, key: bytes = b"") -> bytes | None:
    """What is kept at a place, or None unless it is whole, of this form and only ours to write."""
    try:
        with place.open("rb") as file:
            if not _own(os.fstat(file.fileno())):
                return None
            said, digest, body = file.readline(200), file.readline(200).strip(), file.read()
    except OSError:
        return None
    whole = said == form and hmac.compare_digest(_digest(form, body, key), digest)
    return body if whole else None


def _digest(form: bytes, body: bytes, key: bytes) -> bytes:
    if key:
        return hmac.new(key, form + body, hashlib.sha256).hexdigest().encode()
    return hashlib.sha256(body).hexdigest().encode()


def keep(place: Path, form: bytes, body: bytes, key: bytes = b"") -> None:
    """Keep a file under its form; a cache that cannot be written is done without."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_whole(place, form + _digest(form, body, key) + b"\n" + body)
    except OSError:
        return


def replace_whole(place: Path, content: bytes) -> None:
    """Put content at a place so that whoever reads there finds all of it or what was there before.

    Raises:
        OSError: it cannot be written; nothing of it is left behind.
    """
    handle, name = tempfile.mkstemp(prefix=place.name, dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _own(found: os.stat_result) -> bool:
    """Whether only this user can have written the file."""
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)

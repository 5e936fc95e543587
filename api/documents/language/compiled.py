"""PO catalogues made ready for use, and kept so.

Reading a large PO file takes most of a second, so the compiled form (gettext MO) is kept in the
user's cache with the digest of the PO file's bytes. It holds texts only, no code. A kept file that is
damaged or another user's is made again; where nothing can be kept, the PO file is read each time.
"""

from __future__ import annotations

import hashlib
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from api.law.kept import keep, kept_place, read_kept

PO = Path(__file__).resolve().parent / "po"


def catalogue(language: str, domain: str, root: Path = PO) -> GNUTranslations:
    """The translations of one domain (``pages`` or ``law``) in one language.

    Raises:
        OSError: the PO file cannot be read.
        babel.messages.pofile.PoFileError: it is not well formed.
    """
    raw = (root / language / f"{domain}.po").read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    place, form = kept_place(f"messages-{domain}-{language}"), f"dedere messages 1 {digest}\n".encode()
    kept = read_kept(place, form)
    if kept is None:
        kept = compiled(raw)
        keep(place, form, kept)
    return GNUTranslations(BytesIO(kept))


def compiled(raw: bytes) -> bytes:
    """The MO form of a PO file; fuzzy and empty translations are left out."""
    made = BytesIO()
    write_mo(made, read_po(BytesIO(raw), abort_invalid=True))
    return made.getvalue()

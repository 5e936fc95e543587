"""Short names as people write and paste them, so that what looks alike is one."""

from __future__ import annotations

import unicodedata

_DOT_ABOVE = "\u0307"


def tidy(text: str) -> str:
    """Composed letters, nothing invisible, one blank between words and none around."""
    seen = "".join(letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def folded(text: str) -> str:
    """The same for all ways to write a name: also capitals apart, and the dotted capital I with the small one."""
    plain = tidy(unicodedata.normalize("NFKC", text)).casefold()
    return unicodedata.normalize("NFKC", plain).replace(f"i{_DOT_ABOVE}", "i")

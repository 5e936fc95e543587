"""Join codes: eight letters that are not mistaken for others, easy to read aloud, not case-sensitive.

There are no vowels, so that no code is a word, and no I, L or O. Who types on a Cyrillic keyboard types the letter
that looks the same, and it is taken for that.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "BCDFGHJKMNPQRTVWXZ"
LETTERS = 8
_LOOKS = str.maketrans("ВСНКМРТХ", "BCHKMPTX")


def new_code() -> str:
    """A random code: one of eleven thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def spelled(code: str) -> str:
    """A code as it is shown: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def typed(text: str) -> str:
    """A code as somebody typed it; empty if it cannot be one."""
    plain = unicodedata.normalize("NFKC", text[:40]).upper().translate(_LOOKS)
    code = "".join(letter for letter in plain if letter.isalpha())
    return code if len(code) == LETTERS and set(code) <= set(ALPHABET) else ""


def index_of(code: str) -> bytes:
    """How a code is found again. It is shown to a whole class and lives for hours, so that a plain hash does."""
    return hashlib.sha256(f"dedere training code {code}".encode()).digest()

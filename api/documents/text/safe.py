"""Making text of a user inert: no terminal escape, no hidden direction of writing, no line of its own.

Every renderer passes all text through here, so that no writer of a paper has to remember.
"""

from __future__ import annotations

import re

#: Control characters, marks that turn the direction of writing, separators of lines, halves of
#: character pairs, invisible tags, and what is no character at all. Joiners stay: some scripts need them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_SPACES = re.compile(r"[\t\n]+")


def inert(text: str) -> str:
    """The text on one line, with every character that acts instead of showing replaced by a visible one."""
    return _UNSAFE.sub("\ufffd", _SPACES.sub(" ", text.replace("\r\n", "\n")))

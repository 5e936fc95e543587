"""Reading single keys from a terminal, or one key a line from a pipe.

Keys typed ahead are kept, and the terminal is put back as it was, whatever happens.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

#: A key that sends several characters, or one character.
_ONE_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|.", re.DOTALL)
_NAMES = {
    "\x1b[C": "next",
    "\x1b[B": "next",
    "\x1b[6~": "next",
    "\x1b[D": "back",
    "\x1b[A": "back",
    "\x1b[5~": "back",
    "\x1b[H": "first",
    "\x1b[F": "last",
    " ": "next",
    "\n": "next",
    "\r": "next",
    "": "next",
    "n": "next",
    "b": "back",
    "p": "back",
    "\x7f": "back",
    "f": "first",
    "l": "last",
    "q": "quit",
    "\x04": "quit",
    "\x1b": "quit",
}


def keys() -> Iterator[str]:
    """Names of the keys pressed (next, back, first, last, quit) or numbers; ends with the input."""
    if not sys.stdin.isatty():
        for row in sys.stdin:
            yield named(row.strip().lower())
        return
    with _key_by_key():
        yield from _numbers_whole(_pressed())


def _pressed() -> Iterator[str]:
    """Single keys as they come; those typed ahead come one by one too."""
    while found := os.read(sys.stdin.fileno(), 64):
        yield from _ONE_KEY.findall(found.decode("utf-8", "replace"))


def _numbers_whole(pressed: Iterable[str]) -> Iterator[str]:
    """Digits are one number, which Enter ends."""
    digits = ""
    for key in pressed:
        if key.isdecimal():
            digits += key
        elif digits and key in "\r\n":
            yield digits
            digits = ""
        else:
            digits = ""
            yield named(key if key.startswith("\x1b") else key.lower())


def named(pressed: str) -> str:
    """What a key means; unknown ones mean themselves."""
    return _NAMES.get(pressed, pressed)


@contextmanager
def _key_by_key() -> Iterator[None]:
    try:
        import termios  # noqa: PLC0415 - exists on Unix only
        import tty  # noqa: PLC0415
    except ImportError:
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin, termios.TCSADRAIN)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

"""Passwords: argon2id, rules that ask for length and no tricks, and the same work for a login that nobody has.

Parameters are the second choice of RFC 9106 (64 MiB, 3 passes, 4 lanes), above OWASP's minimum. A
password hashed with others is hashed anew when its owner next signs in. The hash is kept sealed.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.accounts.common import made_of_common_words
from api.accounts.errors import UnfitPassword
from api.accounts.held import held, hold
from api.accounts.sessions import end_all
from api.storage.store import Transaction

SHORTEST, LONGEST = 12, 128
HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_KIND = "password"
_OWN_WORD = 4
# What remains of a password without digits and signs; these are guessed first, whatever is hung on.
_WORST = frozenset({
    "password", "passwort", "parol", "qwerty", "qwertyuiop", "qwertz", "azerty", "asdfgh", "asdfghjkl", "zxcvbnm",
    "letmein", "welcome", "iloveyou", "administrator", "admin", "changeme", "default", "secret", "monkey", "dragon",
    "football", "baseball", "sunshine", "princess", "superman", "batman", "trustno", "login", "master", "hello",
    "whatever", "freedom", "dedere", "extradition", "пароль", "йцукен", "йцукенг", "привет", "passwordpassword",
    "qwertyqwerty", "adminadmin", "correcthorsebatterystaple", "abcdefghijkl", "qwertyuiopasdfghjkl",
})  # fmt: skip
#: Memory is the price of argon2 (64 MiB each), and time: this many at once, the rest wait their turn.
AT_ONCE = max(2, min(4, (os.cpu_count() or 1) // 2))


def _behind_others() -> None:
    """Whoever signs in, a stranger as yet, gets what people at work leave of the processors (where the system can)."""
    if sys.platform == "linux":  # of one thread, and of those that it starts
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)


_APART = ThreadPoolExecutor(AT_ONCE, "argon2", _behind_others)


def check(password: str, own: Iterable[str] = ()) -> str:
    """The password in the form that is hashed. ``own`` is what everybody knows of the person: name, login, e-mail.

    Raises:
        UnfitPassword: it is too short, too long, too well known, or holds the person's own name.
    """
    plain = _normal(password)
    if plain is None or not SHORTEST <= len(plain) <= LONGEST:
        raise UnfitPassword(
            f"a password has {SHORTEST} to {LONGEST} characters; several words are easy to keep in mind"
        )
    if len(set(plain.casefold())) <= 4 or _letters(plain) in _WORST or _counts(plain) or made_of_common_words(plain):
        raise UnfitPassword("this password is among the first that are guessed; choose several unrelated words")
    if any(word in plain.casefold() for word in _own_words(own)):
        raise UnfitPassword("a password does not contain its owner's name, login or e-mail")
    return plain


def hashed(password: str, own: Iterable[str] = ()) -> str:
    """The hash of a new password; takes a tenth of a second or so, outside of any transaction.

    Raises:
        UnfitPassword: the rules do not allow it.
    """
    plain = check(password, own)
    return _APART.submit(HASHER.hash, plain).result()


def set_password(tx: Transaction, person: str, new_hash: str, keep: str = "") -> None:
    """Keep a person's new password. Their sessions end, but for the one with the id ``keep``."""
    hold(tx, person, _KIND, new_hash.encode())
    end_all(tx, person, keep)
    tx.record("password.set", person)


def renew(tx: Transaction, person: str, old: str, new: str) -> None:
    """Keep the same password under today's parameters, unless it was changed meanwhile."""
    if password_of(tx, person) == old:
        hold(tx, person, _KIND, new.encode())


def password_of(tx: Transaction, person: str) -> str | None:
    """The hash of a person's password, None if they never set one."""
    kept = held(tx, person, _KIND)
    return kept.decode() if kept is not None else None


def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored one, the same work is done for nothing."""
    plain = _normal(password)
    try:
        right = _APART.submit(HASHER.verify, stored or _nobodys(), plain or "").result()
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None and plain is not None


def renewed(stored: str, password: str) -> str | None:
    """The hash under today's parameters, if the stored one has others."""
    if not HASHER.check_needs_rehash(stored):
        return None
    return _APART.submit(HASHER.hash, _normal(password) or "").result()


def _nobodys() -> str:
    """A hash that no password fits, with today's parameters: the cost is in them, not in the salt."""
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${cost}$bm9ib2R5IG5vYm9keSE$" + "A" * 43


def _normal(password: str) -> str | None:
    """One form of writing for all keyboards; None for what is too long to be a password or is no text."""
    if len(password) > 4 * LONGEST or re.search("[\ud800-\udfff]", password):
        return None
    return unicodedata.normalize("NFKC", password)


def _letters(plain: str) -> str:
    return "".join(letter for letter in plain.casefold() if letter.isalpha())


def _counts(plain: str) -> bool:
    """Whether the whole password counts up or down, such as 123456789012."""
    steps = {
        (ord(after) - ord(before)) % 10 if plain.isdigit() else ord(after) - ord(before)
        for before, after in pairwise(plain)
    }
    return steps in ({1}, {-1}, {9})


def _own_words(own: Iterable[str]) -> set[str]:
    texts = [unicodedata.normalize("NFKC", text).casefold() for text in own]
    words = {word for text in texts for word in re.split(r"[\s@]+", text)}
    return {word for word in words | set(texts) if len(word) >= _OWN_WORD}

"""Recovery kits: the master keys split between holders, so that two of them together bring the keys back.

Shamir's secret sharing in the form of SLIP-39: each kit is a sheet of words with a checksum of its
own. One kit tells nothing of the keys, not even to somebody with all the computers there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from api.operations.backup.errors import Damaged, Unusable
from api.storage.vault.master import MasterKeys, id_of

NEEDED = 2
HOLDERS = (2, 3)
_KEY = re.compile(r"^Master key (mk_[0-9a-f]{16})$", re.MULTILINE)
_SET = re.compile(r"^Recovery kit \d of \d, set (kit_[a-z2-7]{26})$", re.MULTILINE)
_ACROSS = 6


@dataclass(frozen=True, slots=True)
class Kit:
    """What one holder has: of each master key, oldest first, a share in words."""

    name: str
    shares: dict[str, str] = field(repr=False)


def split(master: MasterKeys, name: str, holders: int) -> list[str]:
    """The text of a kit for each holder, of whom any two bring the keys back.

    Raises:
        Unusable: kits are for two or three holders.
    """
    if holders not in HOLDERS:
        raise Unusable("kits are for 2 or 3 holders, of whom any 2 are needed")
    shares = {key: generate_mnemonics(1, [(NEEDED, holders)], master.key(key))[0] for key in master.ids}
    return [_sheet(name, number, holders, shares) for number in range(holders)]


def _sheet(name: str, number: int, holders: int, shares: dict[str, list[str]]) -> str:
    parts = [
        f"Recovery kit {number + 1} of {holders}, set {name}",
        f"Any {NEEDED} kits of this set bring the master keys back; this one alone opens nothing.\n"
        "Keep it on paper, sealed, apart from the other kits and from all backups.\n"
        "To use it, copy it into a text file, then: dedere keys recover KIT KIT",
        *(f"Master key {key}\n\n{_numbered(words[number])}" for key, words in shares.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _numbered(words: str) -> str:
    listed = [f"{number:2} {word:<10}" for number, word in enumerate(words.split(), 1)]
    return "\n".join(" ".join(listed[at : at + _ACROSS]).rstrip() for at in range(0, len(listed), _ACROSS))


def read(text: str, name: str) -> Kit:
    """The kit in a text, however its words are spaced and numbered.

    Raises:
        Damaged: it is not a kit.
    """
    found, parts = _SET.search(text), _KEY.split(text)
    if found is None or len(parts) < len(("", "key", "words")):
        raise Damaged(f"{name} is not a recovery kit: copy its first line and its lines 'Master key' exactly")
    words = (" ".join(re.findall(r"[a-z]+", part.lower())) for part in parts[2::2])
    return Kit(found[1], dict(zip(parts[1::2], words, strict=True)))


def recover(kits: Sequence[Kit]) -> list[bytes]:
    """The master keys, oldest first.

    Raises:
        Unusable: too few kits, of different sets, or the same twice.
        Damaged: a word is wrong.
    """
    if len({kit.name for kit in kits}) > 1:
        raise Unusable("these kits are of different sets; take kits whose first lines name the same set")
    if len(kits) != NEEDED:
        raise Unusable(f"give {NEEDED} kits of one set; one alone opens nothing")
    if len({frozenset(kit.shares.items()) for kit in kits}) < NEEDED:
        raise Unusable("this is one kit twice; give the kits of two holders")
    return [_combined(key, [kit.shares.get(key, "") for kit in kits]) for key in kits[0].shares]


def _combined(key: str, shares: list[str]) -> bytes:
    try:
        secret: bytes = combine_mnemonics(shares)
    except (MnemonicError, ValueError):
        secret = b""
    if id_of(secret) != key:
        raise Damaged(f"the words for master key {key} do not fit; compare each kit's words with the paper")
    return secret

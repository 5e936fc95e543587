"""What somebody looked for, sealed so that it can stand in an address.

A browser keeps addresses, and of a page that answers a form it keeps what the form sent. So a search is answered with an
address that holds the word in a form that only this service reads.
"""

from __future__ import annotations

import base64
import binascii

from api.storage.datakeys import current_key
from api.storage.store import Transaction
from api.storage.vault.errors import Tampered
from api.storage.vault.sealing import Place, seal, unseal


def sealed_word(tx: Transaction, word: str) -> str:
    """The word, sealed for this workspace; empty of an empty one."""
    if not word:
        return ""
    sealed = seal(current_key(tx, tx.workspace).secret, _place(tx), word.encode("utf-8", "surrogatepass"))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def word_in(tx: Transaction, text: str) -> str:
    """The word in what ``sealed_word`` gave; empty if it is of another workspace, or keys were changed since."""
    if not text:
        return ""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return unseal(current_key(tx, tx.workspace).secret, _place(tx), raw).decode("utf-8", "replace")
    except (binascii.Error, ValueError, Tampered):
        return ""


def _place(tx: Transaction) -> Place:
    return Place(tx.workspace, "desk", "search", "word")

"""A bilateral treaty that is known and not encoded, in words."""

from __future__ import annotations

from datetime import date

from engine.content.bilateral import Bilateral
from engine.content.states import StateRegister
from engine.treaties.bilateral import in_force

_WHAT = {
    "extradition": "An extradition treaty",
    "extradition_part": "A treaty on legal assistance with a part on extradition",
}


def bilateral_told(treaty: Bilateral, states: StateRegister, on: date) -> str:
    """That it exists, since when, and that it must be read."""
    pair = " and ".join(states.name(code) for code in treaty.states)
    if treaty.covers == "assistance":
        return f"A treaty on legal assistance between {pair} is known; it does not cover extradition."
    if not in_force(treaty, on):
        signed = f"was signed on {treaty.signed}" if treaty.signed else "is known"
        return f"{_WHAT[treaty.covers]} between {pair} {signed} and is not in force."
    known = "is believed to exist" if treaty.review == "unverified" else "is known"
    return (
        f"{_WHAT[treaty.covers]} between {pair} {known} and not encoded: {_since(treaty)}. "
        "Read it before you rely on this answer."
    )


def _since(treaty: Bilateral) -> str:
    if treaty.in_force_from:
        return f"in force since {treaty.in_force_from}"
    if treaty.signed:
        return f"signed on {treaty.signed}, in force since a day that is not known"
    return "its days are not known"

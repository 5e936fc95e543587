"""Pinpoints in the language of the reader: art 3(1) is ст. 3(1) in Ukrainian and Russian."""

from __future__ import annotations

import re

from api.documents.language.catalogues import ENGLISH, Speech
from api.documents.language.marking import marked

#: English words of pinpoints, the longer ones first; what is not listed stays as it is.
_WORDS = (
    (r"\barticle number to verify", marked("article number to verify")),
    (r" with the reservation of the requested State", marked(" with the reservation of the requested State")),
    (r" with the declaration of the requested State", marked(" with the declaration of the requested State")),
    (r" with the right to a remedy in ", marked(" with the right to a remedy in ")),
    (r" of the Committee's rules \(formerly ", marked(" of the Committee's rules (formerly ")),
    (r" as read by ", marked(" as read by ")),
    (r"\bGeneral Comment ", marked("General Comment ")),
    (r"\bConclusion ", marked("Conclusion ")),
    (r"\bCPC ", marked("CPC ")),
    (r"\bOptional Protocol\b", marked("Optional Protocol")),
    (r" of the Convention\b", marked(" of the Convention")),
    (r", first sentence", marked(", first sentence")),
    (r", second sentence", marked(", second sentence")),
    (r" first sentence", marked(" first sentence")),
    (r" second sentence", marked(" second sentence")),
    (r" first limb", marked(" first limb")),
    (r" second limb", marked(" second limb")),
    (r" opening words", marked(" opening words")),
    (r", text of ", marked(", text of ")),
    (r"\bnew art ", marked("new art ")),
    (r" with rule ", marked(" with rule ")),
    (r"\bformer art ", marked("former art ")),
    (r" with the rules of procedure", marked(" with the rules of procedure")),
    (r" and rule ", marked(" and rule ")),
    (r" with ", marked(" with ")),
    (r"\barts? (?=[\dI])", marked("art ")),
    (r"\bparas? (?=\d)", marked("para ")),
    (r" to (?=[\d(])", marked(" to ")),
    (r" and ", marked(" and ")),
    (r" \(unverified\)", marked(" (unverified)")),
    (r" \(pinpoint unverified\)", marked(" (pinpoint unverified)")),
)


def pinpoint_in(speech: Speech, pinpoint: str) -> str:
    """A pinpoint with its words in the language."""
    if speech.language == ENGLISH:
        return pinpoint
    for pattern, message in _WORDS:
        pinpoint = re.sub(pattern, lambda _, said=message: speech.say(said), pinpoint)  # type: ignore[misc]
    return pinpoint

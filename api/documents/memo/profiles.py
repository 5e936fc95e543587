"""Profiles: for whom a memo is written, and so what it may say.

``neutral`` argues both sides and ``person`` the person's, both for counsel. ``training`` keeps the
reasoning and hides who it is about. ``requesting_state`` gives the grounds that can be communicated to the
other State and nothing of a claim to protection: see ``secrecy``.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.documents.language.marking import marked
from engine.errors import InputProblems, Problem
from engine.facts.reading import Reading
from engine.facts.values import hint


@dataclass(frozen=True)
class Profile:
    """What one kind of memo says.

    ``free_text``: words that a user wrote (titles, notes, names, exhibits). ``exact_days``: dates of the case, not
    only years. ``strategy``: arguments of both sides, what would change the answer, evidence to obtain. ``verdict``:
    the outcome and the duty. ``protection``: anything that rests on or reveals a claim to protection.
    """

    id: str
    heading: str
    reading: Reading = "neutral"
    free_text: bool = True
    exact_days: bool = True
    strategy: bool = True
    verdict: bool = True
    protection: bool = True
    notice: str = ""


PROFILES = {
    profile.id: profile
    for profile in (
        Profile("neutral", marked("Memorandum on extradition"), notice=marked("Confidential. Prepared for counsel.")),
        Profile(
            "person",
            marked("Memorandum on extradition for the defence"),
            reading="person",
            notice=marked(
                "Confidential and privileged. Prepared for counsel of the person; disputed facts are read as the person says."
            ),
        ),
        Profile(
            "training",
            marked("Training memorandum on extradition"),
            free_text=False,
            exact_days=False,
            notice=marked("Anonymised for training. Names, titles, notes and exact dates of the case are left out."),
        ),
        Profile(
            "requesting_state",
            marked("Grounds against surrender to be communicated"),
            free_text=False,
            strategy=False,
            verdict=False,
            protection=False,
            notice=marked(
                "This document names grounds that can be communicated to the requesting State. It is not a full list of"
                " grounds, does not state the outcome, and nothing follows from what it does not mention."
            ),
        ),
    )
}


def profile_of(name: str) -> Profile:
    """The profile of this name.

    Raises:
        InputProblems: there is none.
    """
    if name not in PROFILES:
        raise InputProblems([Problem(f"'{name}' is not a profile", "--profile", fix=hint(name, PROFILES))])
    return PROFILES[name]

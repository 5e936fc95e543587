"""Where everything stands on the site: a page, and an anchor on it. Addresses never change.

An address is the path of the Markdown page below the site's root, with ``#anchor`` for a part of it.
"""

from __future__ import annotations

import re

from engine.facts.vocabulary import Fact

AUTHORITIES = "authorities.md"
CLOCKS = "clocks.md"
CONFLICTS = "conflicts.md"
TRAPS = "traps.md"
UNVERIFIED = "unverified.md"
VARIANTS = "variants.md"


def instrument(name: str) -> str:
    """An instrument of the register."""
    return f"instruments/{name}.md"


def article(instrument_name: str, number: str) -> str:
    """An article of an instrument."""
    return f"{instrument(instrument_name)}#article-{slug(number)}"


def theme(name: str) -> str:
    """A theme of questions."""
    return f"facts/{name}.md"


def fact(found: Fact) -> str:
    """A fact, on the page of its theme."""
    return f"{theme(found.theme)}#{found.id}"


def criterion(name: str) -> str:
    """A criterion; its id is its address."""
    return f"criteria/{name}.md"


def authority(name: str) -> str:
    """An authority in the index."""
    return f"{AUTHORITIES}#{name}"


def notes(folder: str) -> str:
    """The choices of interpretation of one folder of rules."""
    return f"notes/{folder}.md"


def case(name: str) -> str:
    """A decided case."""
    return f"cases/{name}.md"


def slug(text: str) -> str:
    """A word that can stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")

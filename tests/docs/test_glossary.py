"""The glossary has every word of the code that a lawyer can meet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from engine.answer.model import Status
from engine.content.conditions import ConditionParser
from engine.content.models import Effect
from engine.facts.casefile import Standing
from engine.facts.reading import READINGS
from engine.facts.vocabulary import FactType, Review
from engine.reasoning.outcome import Outcome

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def condition_words() -> list[str]:
    """The words that a condition can begin with."""
    return sorted(name.removeprefix("_on_") for name in vars(ConditionParser) if name.startswith("_on_"))


SECTIONS = {
    "Outcomes": [outcome.value for outcome in Outcome],
    "Statuses": list(get_args(Status)),
    "Effects": [effect.value for effect in Effect],
    "Words of conditions": condition_words(),
    "Types of facts": list(get_args(FactType)),
}


def _section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", GLOSSARY.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"the glossary lacks the section '{title}'"
    return found[1]


@pytest.mark.parametrize("title", SECTIONS)
def test_section_has_exactly_the_words_of_the_code(title: str) -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| ([^|]*) \| ([^|]*) \|$", _section(title), re.MULTILINE)
    assert sorted(word for word, _, _ in rows) == sorted(SECTIONS[title]), f"correct '{title}' in docs/glossary.md"
    assert all(lawyer.strip() and programmer.strip() for _, lawyer, programmer in rows), "say each word twice"


@pytest.mark.parametrize("word", [*get_args(Standing), *get_args(Review), *READINGS])
def test_smaller_words_are_explained(word: str) -> None:
    assert re.search(rf"\b{word}\b", _section("The main words"), re.IGNORECASE), f"docs/glossary.md lacks '{word}'"

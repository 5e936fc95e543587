"""Declarations of States to instruments, what their tags mean, and of whom none is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from engine.facts.vocabulary import Content, Review


class Declaration(Content):
    """A reservation, declaration or statement; ``tags`` are what conditions can test.

    One that is ``unread`` is on record, but nobody saw its text: it may say anything about its article.
    """

    state: str
    article: str
    kind: Literal["reservation", "declaration", "statement"]
    content: str
    tags: tuple[str, ...] = ()
    unread: bool = False
    valid_from: date | None = Field(default=None, alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    review: Review
    note: str = ""


class CompleteList(Content):
    """States of which no declaration is missing as of a day: of them an absence is known.

    Where it names ``articles``, only declarations to these are complete.
    """

    states: Literal["every_party"] | tuple[str, ...]
    except_states: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    as_of: date
    basis: str
    review: Literal["text_seen", "known"]


class Tag(Content):
    """What a tag means in plain words; ``not_encoded`` is why no rule asks for it."""

    label: str
    not_encoded: str = ""


class TagList(Content):
    """The tags of all declarations by name."""

    tags: dict[str, Tag] = Field(default_factory=dict)


def tag_label(tags: Mapping[str, Tag], name: str) -> str:
    """The plain words of a tag; its name where nobody wrote any."""
    return tags[name].label if name in tags else name.replace("_", " ")


def tagged(declarations: Mapping[str, Declaration]) -> Iterator[tuple[str, str]]:
    """Every tag of an instrument with the first declaration that has it."""
    seen = set[str]()
    for name, one in declarations.items():
        yield from ((tag, name) for tag in one.tags if tag not in seen)
        seen.update(one.tags)

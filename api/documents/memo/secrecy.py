"""Keeping a claim to protection from the State that the person fears.

What belongs to the claim is found in the law content: the themes and lists of the vocabulary that ask
about it, the instruments of the family *protection*, every fact and criterion whose words speak of it, and
every criterion that reads any of these. The case is reduced *before* it is assessed, so the memo is the
same whether a claim was made or not; a last sieve drops any sentence that still names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from api.documents.memo.tree import (
    Block,
    Bullets,
    Item,
    Line,
    Memo,
    Para,
    Section,
    Table,
)
from engine.assess import Engine
from engine.content.models import Criterion
from engine.facts.casefile import Case, Finding
from engine.facts.casefile import Item as Listed
from engine.facts.vocabulary import CASE, Fact

#: Themes of the vocabulary that ask about a claim to protection and about exclusion from it.
THEMES = frozenset({"asylum", "asylum_steps", "exclusion"})
FAMILY = "protection"
TELLS = re.compile(
    r"asyl|refuge|refoul|unhcr|stateless|migration|exclusion clause|country of origin|well-founded fear|protection[ _]sought"
    r"|(international|subsidiary|temporary|humanitarian|complementary)[ _-]protection|protected[ _]status"
    r"|притул|біжен|невислан|убежищ|бежен|УВКБ|міграц|миграц|країн\w* походження|стран\w* происхождения",
    re.IGNORECASE,
)


def tells(*texts: str) -> bool:
    """Whether any of these words would reveal a claim to protection."""
    return any(TELLS.search(text) for text in texts)


class Secrecy:
    """What one pack holds that must not reach the requesting State."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.pack = engine, engine.pack
        self.parts = frozenset(
            part.id
            for part in self.pack.vocabulary.parts.values()
            if part.id in THEMES or tells(part.id, part.title, part.item, part.question)
        )
        self.facts = frozenset(fact.id for fact in self.pack.vocabulary.facts.values() if self._secret_fact(fact))
        self._nodes: dict[int, bool] = {}
        own = {name for name, one in self.pack.criteria.items() if self._secret_words(one)}
        self._entries = {engine.program.entries[name].node for name in own}
        self.criteria = frozenset(
            name for name in self.pack.criteria if name in own or self._secret_node(engine.program.entries[name].node)
        )

    def _secret_fact(self, fact: Fact) -> bool:
        return fact.theme in THEMES or fact.scope in self.parts or tells(fact.id, fact.question)

    def _secret_words(self, one: Criterion) -> bool:
        said = (
            one.id,
            one.title,
            one.standard,
            one.burden,
            one.sentences.met,
            one.sentences.not_met,
            one.sentences.open,
        )
        named = {one.instrument, *(cite.instrument for cite in one.cites)} - {""}
        return tells(*said) or any(self.pack.instruments[name].family == FAMILY for name in named)

    def _secret_node(self, index: int) -> bool:
        """Whether a node reads a secret fact, a secret criterion or the standing of a secret instrument."""
        if index not in self._nodes:
            node = self.engine.program.nodes[index]
            atom = node.atom
            register = atom is not None and atom.kind in ("bound", "declared")
            hidden = register and atom is not None and self.pack.instruments[atom.args[0]].family == FAMILY
            self._nodes[index] = bool(
                hidden
                or index in self._entries
                or self.facts & set(node.facts)
                or node.part in self.parts
                or any(self._secret_node(child) for child in node.children)
            )
        return self._nodes[index]

    def reduced(self, case: Case) -> Case:
        """The case without the claim and without anything that a user wrote in words."""
        items = {
            part: tuple(self._item(part, number, one) for number, one in enumerate(listed, 1))
            for part, listed in case.items.items()
            if part not in self.parts
        }
        said = {
            "reference": "",
            "title": "",
            "notes": "",
            "findings": self._findings(case.findings, CASE),
            "items": items,
        }
        return case.model_copy(update=said)

    def _item(self, part: str, number: int, one: Listed) -> Listed:
        name = f"{self.pack.vocabulary.parts[part].item}-{number}"
        return Listed(id=name, title="", findings=self._findings(one.findings, part))

    def _findings(self, findings: dict[str, Finding], scope: str) -> dict[str, Finding]:
        kept = {name: self._finding(name, one) for name, one in findings.items() if name not in self.facts}
        return {name: one for name, one in kept.items() if one is not None}

    def _finding(self, name: str, one: Finding) -> Finding | None:
        """The finding without values whose words reveal the claim; None when nothing is left."""
        labels = self.pack.vocabulary.facts[name].values
        secret = {value for value, label in labels.items() if tells(value, label)}
        sides = {side: _without(getattr(one, side), secret) for side in ("value", "person", "state")}
        left = any(said is not None for said in sides.values())
        asked = all(getattr(one, side) is None for side in sides)
        return one.model_copy(update={**sides, "note": ""}) if left or asked else None

    def sieve(self, memo: Memo, english: Memo) -> Memo:
        """The memo without any block that still reveals a claim, in its words or in those of the same memo in English."""
        abouts = zip(memo.about, english.about, strict=True)
        about = tuple(one for one, same in abouts if _clean(one[1], same[1]))
        return replace(memo, about=about, sections=tuple(_sections(memo.sections, english.sections)))


def _without(value: object, secret: set[str]) -> object:
    if isinstance(value, frozenset):
        kept = value - secret
        return kept if kept or not value else None
    return None if isinstance(value, str) and value in secret else value


def _clean(*lines: Line) -> bool:
    return not tells(*("".join(run.text for run in said) for said in lines))


def _sections(sections: Iterable[Section], english: Iterable[Section]) -> Iterable[Section]:
    for section, same in zip(sections, english, strict=True):
        if not tells(section.title, same.title):
            pairs = zip(section.blocks, same.blocks, strict=True)
            blocks = tuple(found for block, told in pairs if (found := _block(block, told)) is not None)
            yield replace(section, blocks=blocks, sections=tuple(_sections(section.sections, same.sections)))


def _block(block: Block, english: Block) -> Block | None:
    if isinstance(block, Para) and isinstance(english, Para):
        return block if _clean(block.line, english.line) else None
    if isinstance(block, Bullets) and isinstance(english, Bullets):
        items = tuple(_items(block.items, english.items))
        return Bullets(items) if items else None
    if isinstance(block, Table) and isinstance(english, Table):
        pairs = zip(block.rows, english.rows, strict=True)
        rows = tuple(row for row, told in pairs if _clean(*row, *told))
        return replace(block, rows=rows) if rows and not tells(english.about) else None
    return block


def _items(items: Iterable[Item], english: Iterable[Item]) -> Iterable[Item]:
    for one, same in zip(items, english, strict=True):
        if _clean(one.line, same.line):
            yield replace(one, below=tuple(_items(one.below, same.below)))

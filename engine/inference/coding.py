"""Coding precedents: their facts are read like those of a case, all at once, one precedent in each lane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from engine.content.evidence import Precedent, alike
from engine.content.models import Pack
from engine.facts.columns import HERE, Columns, Entailment, Place
from engine.facts.values import BadValue, Value, parse
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING
from engine.inference.atoms import Setting
from engine.inference.compiled import CompiledEngine
from engine.inference.marks import Marks
from engine.inference.onecase import Kept
from engine.inference.precedents import IssueBase, Row, row_of
from engine.inference.program import Program
from engine.treaties.relations import Relations


def code_precedents(
    pack: Pack, program: Program, compiled: CompiledEngine, entailment: Entailment, relations: Relations
) -> dict[str, IssueBase]:
    """The base of every issue; rulings in the order of their days."""
    marks = {name: Marks(pack.issues[name], entry) for name, entry in program.evidence.issues.items()}
    pictured = frozenset(picture.answers for picture in pack.pictures.values())
    rows: dict[str, list[Row]] = {name: [] for name in marks}
    kin = {name: sorted(alike(pack.issues, name)) for name in marks}
    days = [one.decided_on.last for one in pack.precedents.values()]
    variants = {name: variant.default for name, variant in pack.variants.items()}
    setting = Setting(max(days, default=date.max), variants, relations)
    atoms = program.below(child for entry in program.evidence.issues.values() for child in entry.children)
    kept = Kept(compiled.one, setting, atoms)
    for group in _alike(pack):
        columns = _columns(pack, group)
        known, assumed = entailment.both(columns)
        planes = compiled.run(assumed, setting, compiled.run(known, setting, kept=kept), kept)
        for lane, precedent in enumerate(group):
            consulted = ((ruling, name) for ruling in precedent.decided for name in kin.get(ruling.issue, ()))
            for ruling, name in consulted:
                issue = marks[name]
                scope = issue.issue.scope
                place: Place = HERE if scope == CASE or not columns.sizes.get(scope) else (scope, 0)
                holding = [bool(planes.at(child, place)[0] >> lane & 1) for child in issue.entry.children]
                rows[name].append(row_of(issue, precedent, ruling, holding, pictured))
    return {name: IssueBase(issue, tuple(sorted(rows[name], key=_turn))) for name, issue in marks.items()}


def _turn(row: Row) -> tuple[date, str]:
    return row.precedent.decided_on.last, row.precedent.id


def stated(pack: Pack, precedent: Precedent) -> Iterator[tuple[str, Value]]:
    """The facts of a precedent with their values: the States and the general picture are facts too."""
    facts: dict[str, Any] = dict(precedent.facts)
    for picture in pack.pictures.values():
        if precedent.situation in pack.vocabulary.facts[picture.answers].values:
            facts.setdefault(picture.answers, precedent.situation)
    facts.setdefault(REQUESTING, precedent.requesting_state or None)
    facts.setdefault(REQUESTED, precedent.requested_state or None)
    for name, raw in facts.items():
        fact = pack.vocabulary.facts.get(name)
        if fact is not None and raw is not None:
            try:
                yield name, parse(fact, raw)
            except BadValue:  # the checks have said so, if it stands in the content
                continue


def _alike(pack: Pack) -> Iterable[Sequence[Precedent]]:
    """Precedents by the listed things of which they have facts: lanes share the lengths of their lists."""
    groups: dict[frozenset[str], list[Precedent]] = {}
    for precedent in pack.precedents.values():
        scopes = frozenset(pack.vocabulary.facts[name].scope for name, _ in stated(pack, precedent)) - {CASE}
        groups.setdefault(scopes, []).append(precedent)
    return groups.values()


def _columns(pack: Pack, group: Sequence[Precedent]) -> Columns:
    """One lane for each precedent; facts of a listed thing stand in one item."""
    columns = Columns(len(group))
    masks: dict[tuple[Place, str, Value], int] = {}
    for lane, precedent in enumerate(group):
        for name, value in stated(pack, precedent):
            scope = pack.vocabulary.facts[name].scope
            key = (HERE if scope == CASE else (scope, 0), name, value)
            masks[key] = masks.get(key, 0) | 1 << lane
    for place, _, _ in masks:
        columns.values.setdefault(place, {})
    for part in pack.vocabulary.parts.values():
        listed = (part.id, 0) in columns.values
        columns.sizes[part.id] = int(listed or part.needs_items)
        columns.unlisted[part.id] = 0 if listed or part.needs_items else columns.full
        columns.latest[part.id] = None
        if columns.sizes[part.id]:
            columns.values.setdefault((part.id, 0), {})
    for (place, name, value), mask in masks.items():
        columns.add(place, name, value, mask)
    return columns

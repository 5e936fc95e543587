"""Small packs written in Python: a fact, a criterion and a treaty in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.assess import Engine, Weighed
from engine.content.clocks import Citation, Clock
from engine.content.conditions import Condition, ConditionParser
from engine.content.documents import Document
from engine.content.models import (
    Article,
    Authority,
    Conflict,
    Criterion,
    Effect,
    Instrument,
    Pack,
    Party,
    Sentences,
    Variant,
)
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import Fact, Part, Theme, Vocabulary
from engine.inference.compiled import status_of

DAY = date(2020, 1, 13)
ASKS, HOLDS = "MCO", "AND"
STATES = {"requesting_state": ASKS, "requested_state": HOLDS}


def fact(name: str, kind: str = "yes_no", **more: Any) -> Fact:
    """A fact whose question is its name."""
    if kind in ("choice", "set") and "values" not in more:
        more["values"] = {"a": "A", "b": "B", "c": "C"}
    return Fact(**{"id": name, "question": f"{name}?", "type": kind, "theme": "t", "review": "known", **more})


def part(name: str, item: str, **more: Any) -> Part:
    """A listed part of a case."""
    return Part(id=name, title=name.title(), item=item, question=f"Which {name}?", **more)


def when(data: Any) -> Condition:
    """The condition that this YAML data stands for; it must be well formed."""
    parser = ConditionParser(Document(data, "test"))
    condition = parser.parse(data, ())
    assert not parser.problems, parser.problems
    return condition


def criterion(name: str, condition: Any, effect: str | None = "mandatory_refusal", **more: Any) -> Criterion:
    """A criterion of no instrument; ``condition`` is YAML data or an already parsed condition."""
    parsed = condition if not isinstance(condition, str | dict) else when(condition)
    return Criterion(
        **{
            "id": name,
            "instrument": "",
            "title": f"Title of {name}",
            "effect": Effect(effect) if effect else None,
            "cites": (Citation(instrument="toy", article="1", pinpoint="art 1"),),
            "when": parsed,
            "sentences": Sentences(met=f"{name} holds.", not_met=f"{name} fails.", open=f"{name} is open."),
            "review": "known",
            **more,
        }
    )


def party(since: str | None = "1900-01-01", until: str | None = None, status: str = "party", **more: Any) -> Party:
    """A State's standing; dates as ISO text."""
    return Party(**{"status": status, "in_force_from": since, "in_force_until": until, "review": "text_seen", **more})


def treaty(name: str = "toy", parties: Mapping[str, Party] | None = None, **more: Any) -> Instrument:
    """A treaty with one article, between two States unless said otherwise."""
    return Instrument(
        **{
            "id": name,
            "short": name.upper(),
            "title": f"Treaty {name}",
            "family": "cooperation",
            "binds": "pair",
            "depositary": "The Toymaker",
            "link": "https://example.org",
            "last_checked_on": "2026-01-01",
            "articles": {"1": Article(heading="One", content="One.", review="text_seen")},
            "parties": parties if parties is not None else {ASKS: party(), HOLDS: party()},
            **more,
        }
    )


def variant(name: str, *values: str) -> Variant:
    """A question of law; the first value is the default."""
    return Variant(
        id=name, question=f"{name}?", values={v: v.upper() for v in values}, default=values[0], review="known"
    )


def _by_id(items: Iterable[Any]) -> dict[str, Any]:
    return {item.id: item for item in items}


def make_pack(
    facts: Iterable[Fact],
    criteria: Iterable[Criterion],
    *,
    parts: Iterable[Part] = (),
    instruments: Iterable[Instrument] = (),
    variants: Iterable[Variant] = (),
    clocks: Iterable[Clock] = (),
    conflicts: Iterable[Conflict] = (),
    authorities: Iterable[Authority] = (),
    themes: Iterable[Theme] = (Theme(id="t", title="T", order=20),),
) -> Pack:
    """A pack of these pieces; the two States and a treaty to cite are always there."""
    states = [fact("requesting_state", "state"), fact("requested_state", "state")]
    listed = {"toy": treaty(), **_by_id(instruments)}
    return Pack(
        version="test",
        vocabulary=Vocabulary(facts=_by_id([*states, *facts]), parts=_by_id(parts), themes=_by_id(themes)),
        criteria=_by_id(criteria),
        authorities=_by_id(authorities),
        instruments=listed,
        clocks=_by_id(clocks),
        conflicts=_by_id(conflicts),
        deciders={},
        variants=_by_id(variants),
        rules_digest="rules",
        instruments_digest="instruments",
    )


def make_engine(facts: Iterable[Fact], criteria: Iterable[Criterion], **more: Any) -> Engine:
    """An engine over such a pack."""
    return Engine(make_pack(facts, criteria, **more))


def chain_with(listed: Criterion) -> Engine:
    """A chain of criteria, a negation, an alternative, one that the burden decides, and one about the counts."""
    return make_engine(
        [fact("a"), fact("b"), fact("c"), fact("filled", unproved=True), fact("k", scope="counts")],
        [
            criterion("first", {"all": ["a", "b"]}),
            criterion("second", {"any": [{"criterion": "first"}, "c"]}),
            criterion("third", {"all": [{"not": {"criterion": "second"}}, "filled"]}),
            criterion("per_count", {"all": ["k", {"criterion": "first"}]}, scope="counts"),
            listed,
        ],
        parts=[part("counts", "count", needs_items=True)],
    )


def document(facts: Mapping[str, Any] | None = None, **more: Any) -> Document:
    """A case between the two States of this file."""
    return Document({"facts": {**STATES, **(facts or {})}, **more}, "case.yaml")


def weigh(
    engine: Engine, facts: Mapping[str, Any] | None = None, *, on: date = DAY, reading: Any = "neutral", **more: Any
) -> Weighed:
    """A case read and evaluated, the two engines compared."""
    weighed = engine.weigh(engine.read(document(facts, **more)), on, reading)
    engine.chain(weighed)
    return weighed


def statuses(engine: Engine, weighed: Weighed, name: str, place: Place = HERE) -> tuple[str, str]:
    """Status of a criterion strictly and on the record."""
    entry, both = engine.program.entries[name], weighed.evaluation
    return status_of(both.strict, entry, place), status_of(both.record, entry, place)


def strict(engine: Engine, weighed: Weighed, name: str, place: Place = HERE) -> str:
    """Strict status of a criterion."""
    return statuses(engine, weighed, name, place)[0]

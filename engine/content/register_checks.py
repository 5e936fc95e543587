"""Checks of the register: citations resolve, articles are accounted for, treaties relate to treaties.

Relations between instruments must not go in circles: the engine follows them to say who is bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from graphlib import CycleError, TopologicalSorter

from engine.content.clocks import Citation
from engine.content.located import Where
from engine.content.models import Instrument, Pack
from engine.errors import Problem
from engine.facts.values import hint


def check_register(pack: Pack, where: Where) -> Iterator[Problem]:
    """Every problem of citations and instruments."""
    yield from _citations(pack, where)
    yield from _instruments(pack, where)
    yield from _deciders(pack, where)
    yield from _relation_circles(pack, where)


def _citations(pack: Pack, where: Where) -> Iterator[Problem]:
    cited: dict[str, set[str]] = {}
    groups: list[tuple[str, str, tuple[Citation, ...]]] = []
    groups += [("criteria", item.id, item.cites) for item in pack.criteria.values()]
    groups += [("clocks", clock.id, clock.cites) for clock in pack.clocks.values()]
    groups += [("conflicts", conflict.id, conflict.cites) for conflict in pack.conflicts.values()]
    for kind, name, cites in groups:
        for citation in cites:
            instrument = pack.instruments.get(citation.instrument)
            if instrument is None:
                yield where.problem(
                    kind,
                    name,
                    f"cites '{citation.instrument}', which is not in the register",
                    hint(citation.instrument, pack.instruments),
                    "cites",
                )
            elif citation.article not in instrument.articles:
                yield where.problem(
                    kind,
                    name,
                    f"cites article {citation.article} of {instrument.id}, which is not in the register",
                    hint(citation.article, instrument.articles),
                    "cites",
                )
            else:
                cited.setdefault(instrument.id, set()).add(citation.article)
    yield from _coverage(pack, where, cited)


def _coverage(pack: Pack, where: Where, cited: Mapping[str, set[str]]) -> Iterator[Problem]:
    for instrument in pack.instruments.values():
        for number, article in instrument.articles.items():
            encoded = number in cited.get(instrument.id, set())
            if encoded and article.not_encoded:
                yield where.problem(
                    "articles",
                    f"{instrument.id}/{number}",
                    "is cited by a criterion but says it is not encoded",
                    "Remove not_encoded",
                )
            if not encoded and not article.not_encoded:
                yield where.problem(
                    "articles",
                    f"{instrument.id}/{number}",
                    "is neither encoded nor said not to be",
                    "Add not_encoded with the reason",
                )


def _instruments(pack: Pack, where: Where) -> Iterator[Problem]:
    for instrument in pack.instruments.values():
        for target in filter(None, (instrument.parent, *(relation.instrument for relation in instrument.relations))):
            if target not in pack.instruments:
                yield where.problem(
                    "instruments",
                    instrument.id,
                    f"relates to '{target}', which is not in the register",
                    hint(target, pack.instruments),
                )
        for code, party in instrument.parties.items():
            if _backwards(party.in_force_from, party.in_force_until):
                yield where.problem(
                    "parties", f"{instrument.id}/{code}", "is in force until before it is in force from"
                )
        for suspension in instrument.suspensions:
            if _backwards(suspension.valid_from, suspension.valid_until):
                yield where.problem("instruments", instrument.id, "is suspended until before it is suspended from")
        for name, declaration in instrument.declarations.items():
            if _backwards(declaration.valid_from, declaration.valid_until):
                yield where.problem("declarations", f"{instrument.id}/{name}", "is valid until before it is valid from")
            if declaration.article not in instrument.articles:
                yield where.problem(
                    "declarations",
                    f"{instrument.id}/{name}",
                    f"is to article {declaration.article}, which is not in the register",
                    hint(declaration.article, instrument.articles),
                )
        yield from _complete_lists(instrument, where)


def _complete_lists(instrument: Instrument, where: Where) -> Iterator[Problem]:
    """A list of declarations is complete for Parties, to articles that exist, as of a day on which they had joined."""
    for article in sorted(set(instrument.only_on_joining) - instrument.articles.keys()):
        message = f"names article {article}, which is not in the register"
        yield where.problem(
            "instruments", instrument.id, message, hint(article, instrument.articles), "only_on_joining"
        )
    for number, claim in enumerate(instrument.complete):
        name = f"{instrument.id}/{number}"
        states = () if claim.states == "every_party" else claim.states
        for article in sorted(set(claim.articles) - instrument.articles.keys()):
            message = f"names article {article}, which is not in the register"
            yield where.problem("complete", name, message, hint(article, instrument.articles))
        for state in sorted({*states, *claim.except_states} - instrument.parties.keys()):
            yield where.problem("complete", name, f"names {state}, which is not in the list of Parties")
        for state in states:
            party = instrument.parties.get(state)
            joined = (party.deposited or party.in_force_from) if party else None
            if joined and joined > claim.as_of:
                message = f"is the list of {state} as of {claim.as_of}, before it joined on {joined}"
                yield where.problem("complete", name, message, "Give the day of a later list")


def _backwards(start: date | None, end: date | None) -> bool:
    return bool(start and end and end < start)


def _deciders(pack: Pack, where: Where) -> Iterator[Problem]:
    for decider in pack.deciders.values():
        instrument = pack.instruments.get(decider.instrument)
        if instrument is None:
            message = f"instrument '{decider.instrument}' is not in the register"
            yield where.problem("deciders", decider.id, message, hint(decider.instrument, pack.instruments))
        elif decider.article not in instrument.articles:
            message = f"article {decider.article} of {instrument.id} is not in the register"
            yield where.problem("deciders", decider.id, message, hint(decider.article, instrument.articles))


def _relation_circles(pack: Pack, where: Where) -> Iterator[Problem]:
    graphs = {
        "is displaced": {name: _related(item, "displaced_by") for name, item in pack.instruments.items()},
        "rests on others": {name: _related(item, "requires") for name, item in pack.instruments.items()},
    }
    for name, instrument in pack.instruments.items():
        for wider in _related(instrument, "extends"):
            graphs["rests on others"].setdefault(wider, []).append(name)
    for what, graph in graphs.items():
        circle = circle_in(graph)
        if circle:
            yield where.problem(
                "instruments", circle[0], f"{what} in a circle: {' → '.join(circle)}", "Break the circle"
            )


def _related(instrument: Instrument, kind: str) -> list[str]:
    return [relation.instrument for relation in instrument.relations if relation.kind == kind]


def circle_in(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """The names along a circle, or nothing."""
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []

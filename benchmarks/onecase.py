"""The tables of one case at a time: previews, and explained cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.assess import explained
from benchmarks.field import EXPLAINING, SINGLE, Field, Make
from benchmarks.peers import ours, taught
from benchmarks.peers.taught import Failed
from benchmarks.tables import Table, micro, ratio
from benchmarks.timing import per_case, seconds_of
from engine.assess import Explained, Weighed
from engine.facts.casefile import Case
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.inference.onecase import STATUSES


@dataclass(frozen=True)
class Figure:
    """Seconds a case, and on how many cases the engine was found equal."""

    name: str
    seconds: float
    equal: str


def table_of(heading: str, about: str, figures: list[Figure]) -> Table:
    """The figures as a table; the first is what the others are compared with."""
    columns = ("engine", "equal on cases", "µs a case", "times ours")
    rows = [(each.name, each.equal, micro(each.seconds), ratio(each.seconds, figures[0].seconds)) for each in figures]
    return Table(heading, about, columns, rows)


def previews(field: Field) -> tuple[Table, list[Figure]]:
    """Every status strictly and on the record, and the verdict; no proof."""
    figures = [_preview(field)]
    figures += _timed(field, (field.single, *SINGLE))
    figures += _taught(field)
    about = (
        "Every status strictly and on the record, and the verdict; no proof. Ours, as a page asks for it, begins with the "
        "facts of a case; all others, and ours in the second line, begin with the atoms already answered."
    )
    return table_of("Preview of one case", about, figures), figures


def _timed(field: Field, makes: tuple[Make, ...]) -> list[Figure]:
    figures = []
    for make in makes:
        peer = field.checked(make)
        if peer:
            figures.append(Figure(peer.name, per_case(peer, field.cases.tiled, field.plan), field.held(peer)))
            peer.close()
    return figures


def _preview(field: Field) -> Figure:
    """What a page waits for: the facts of a case, until every status is there."""
    engine, cases, said = field.engine, field.cases.read[:100], _statuses(field)
    seconds = seconds_of(lambda: [said(engine.weigh(case)) for case in cases], field.plan.runs) / len(cases)
    return Figure("ours, from the facts of a case", seconds, str(len(field.cases.read)))


def _statuses(field: Field) -> Callable[[Weighed], list[Any]]:
    """Reads every status off a weighed case, on the record and strictly."""
    base = field.base
    scopes = [(node, base.program.nodes[node].scope) for node in base.nodes if node not in base.verdict]
    asked = [(HERE if scope == CASE else (scope, 0), node) for node, scope in scopes]

    def said(weighed: Weighed) -> list[Any]:
        numbers = weighed.evaluation.strict.numbers
        return [STATUSES[numbers[place][node]] for place, node in asked]

    return said


def _taught(field: Field) -> list[Figure]:
    """durable_rules as its manual teaches it, on the part of the base that it can hold."""
    near = field.plan.runs > 3
    few = field.cases.atoms[:20], field.cases.right[:20]
    try:
        peer, part, happened = taught.part_that_works(field.base, *few, field.plan.limit, near=near)
    except Failed as failed:
        field.note(f"durable_rules as taught: {failed}")
        return []
    for what in happened:
        field.note(f"durable_rules as taught, {what}")
    kept = taught.part_of(field.base.atoms, part.atoms)
    try:
        seconds = per_case(peer, lambda number: field.cases.tiled(number)[:, :, kept], field.plan)
    except Failed as failed:
        field.note(f"{peer.name}: equal on {len(few[0])} cases, then {failed}")
        return []
    finally:
        peer.close()
    figures = [Figure(peer.name, seconds, str(len(few[0])))]
    if part.criteria < field.base.criteria:
        share = len(field.base.steps) / len(part.steps)
        figures.append(Figure(f"the same, scaled to all criteria (times {share:.1f})", seconds * share, "reckoned"))
    return figures


def explanations(field: Field) -> tuple[Table, list[Figure]]:
    """Statuses, the order of firings and proofs."""
    engine, said, runs = field.engine, _statuses(field), min(3, field.plan.runs)
    cases, few, weighed = field.cases.read, field.cases.read[:20], field.cases.weighed[:20]

    def told(case: Case) -> tuple[list[Any], Explained]:
        why = engine.explain(case)
        return said(why.weighed), why

    ways: tuple[tuple[str, Callable[[Any], object], list[Any]], ...] = (
        ("ours: statuses, firings in order, and what each rests on", told, cases),
        ("ours: the same, and a proof in words of each ground met or open", lambda case: told(case)[1].proofs, few),
        ("ours, of record: fired by durable_rules, compared, all in words", partial(explained, engine), few),
        ("of it: firings by durable_rules, compared with the compiled engine", engine.chain, weighed),
    )
    figures = [
        Figure(name, seconds_of(partial(_each, way, given), runs) / len(given), str(len(given)))
        for name, way, given in ways
    ]
    figures += _timed(field, (ours.chained, *EXPLAINING))
    about = (
        "Statuses, the order of firings, and proofs. In the first row, in zen-engine's trace and in Prolog's terms a "
        "proof names nodes; in the second and third it is made of sentences, with findings and citations."
    )
    return table_of("An explained case", about, figures), figures


def _each(way: Callable[[Any], object], given: list[Any]) -> list[object]:
    return [way(each) for each in given]

"""The tables of one case at a time: previews, and explained cases."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.assess import explained
from benchmarks.field import EXPLAINING, SINGLE, Field, Make
from benchmarks.peers import ours, taught
from benchmarks.peers.taught import Failed
from benchmarks.tables import Table, micro, ratio
from benchmarks.timing import per_case, seconds_of
from engine.assess import Weighed
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE
from engine.inference.durable import Run


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
    engine, cases = field.engine, field.cases.read[:100]
    scopes = [node.scope for node in engine.program.nodes]
    asked = [(HERE if scopes[e.node] == CASE else (scopes[e.node], 0), e) for e in engine.program.entries.values()]

    def run() -> list[object]:
        found: list[object] = []
        for case in cases:
            weighed = engine.weigh(case)
            both = weighed.evaluation
            found += [(both.strict.at(entry.node, place), both.record.at(entry.node, place)) for place, entry in asked]
        return found

    seconds = seconds_of(run, field.plan.runs) / len(cases)
    return Figure("ours, from the facts of a case", seconds, str(len(field.cases.read)))


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
    engine, weighed = field.engine, field.cases.weighed[:20]
    firings = seconds_of(lambda: [_chained(field, each) for each in weighed], min(3, field.plan.runs)) / len(weighed)
    cases = field.cases.read[:20]
    whole = seconds_of(lambda: [explained(engine, case) for case in cases], min(3, field.plan.runs)) / len(cases)
    figures = [
        Figure("ours: statuses, firings, every proof in words", whole, str(len(field.cases.read))),
        Figure("of it: firings by durable_rules, compared with the compiled engine", firings, str(len(weighed))),
    ]
    figures += _timed(field, (ours.chained, *EXPLAINING))
    about = (
        "Statuses, the order of firings, and proofs. Ours writes every proof in words, with citations; the trace of "
        "zen-engine lists values, and Prolog's proof is a term."
    )
    return table_of("An explained case", about, figures), figures


def _chained(field: Field, weighed: Weighed) -> Run:
    return field.engine.chain(weighed)

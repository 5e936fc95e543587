"""What follows the discussion: conclusion, conflicts of norms, assurances, open facts, evidence, time limits."""

from __future__ import annotations

from collections.abc import Iterator

from api.memo.application import applied
from api.memo.matter import Matter, weighs
from api.memo.tree import (
    Block,
    Column,
    Item,
    Line,
    Section,
    bullets,
    checked,
    faint,
    item,
    line,
    mark,
    para,
    strong,
    table,
)
from api.text.words import STATUSES, cited, outcome_word, plural
from engine.answer import FlipSetSaid, GroundSaid
from engine.content.conditions import Quantified, walk
from engine.content.models import Criterion
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE

ASSURANCES = "assurances"
_SIDES = {"person": "the person", "state": "the State", "neither": "neither side"}


def conclusion(matter: Matter, number: str) -> Section:
    """The outcome again, by offence, with what it takes for granted."""
    answer = matter.answer
    lead = para(strong(f"{outcome_word(answer.outcome).capitalize()}. "), answer.sentence, role="lead")
    counts = [
        item(matter.speak.item("counts", index), ": ", strong(outcome_word(one.outcome)))
        for index, one in enumerate(answer.counts)
    ]
    readings = [
        item(matter.engine.pack.variants[name].question, " ", strong(matter.engine.pack.variants[name].values[value]))
        for name, value in answer.variants.items()
        if matter.secrecy is None
    ]
    blocks: list[Block] = [lead]
    blocks += [para(strong("By offence")), *bullets(counts)] if counts else []
    blocks += (
        [para(strong("Where the law is unsettled, this memo reads it so")), *bullets(readings)] if readings else []
    )
    return Section("Conclusion", number, tuple(blocks))


def conflicts(matter: Matter, number: str) -> Section | None:
    """Duties that give way, and why."""
    grounds = {ground.id: ground for ground in matter.grounds}
    rows = []
    for one in matter.answer.conflicts:
        above = [grounds[name] for name in one.prevails if name in grounds]
        below = [
            item("Prevails: ", _titles(above)),
            item("Gives way: ", _titles([grounds[name] for name in one.yields if name in grounds])),
        ]
        live = any(ground.status == "met" for ground in above)
        when = "" if live else faint(" (only if an open ground is met)")
        rows.append(item(one.reason, " (", matter.cite.treaty(one.citations, number), ")", when, below=below))
    return Section("Conflicts of norms", number, bullets(rows)) if rows else None


def _titles(grounds: list[GroundSaid]) -> Line:
    said = [f"{cited(ground.citations)} {ground.title} ({STATUSES[ground.status]})" for ground in grounds]
    return line("; ".join(said) or "none")


def assurances(matter: Matter, number: str) -> Section:
    """Each promise, question by question and test by test; then which risks are covered."""
    listed = matter.speak.listed(ASSURANCES)
    covers = bullets(_cover(matter, one, number) for one in _covering(matter))
    below = tuple(_promise(matter, index, f"{number}.{index + 1}", number) for index, _ in enumerate(listed))
    lead = f"{plural(len(listed), 'assurance')} on record." if listed else "No assurance is on record."
    general = para(
        "An assurance can remove a risk; it never authorises surrender past a bar. The questions are not added up."
    )
    blocks: list[Block] = [para(lead), general]
    blocks += [para(strong("Risks covered")), *covers] if listed else []
    return Section("Assurances", number, tuple(blocks), below)


def _covering(matter: Matter) -> Iterator[Criterion]:
    """Tests on the case that ask for an assurance."""
    hidden = matter.secrecy.criteria if matter.secrecy else frozenset()
    for one in matter.engine.pack.criteria.values():
        asks = any(isinstance(node, Quantified) and node.part == ASSURANCES for node in walk(one.condition))
        if one.scope == CASE and asks and not one.instrument and one.id not in hidden:
            yield one


def _cover(matter: Matter, criterion: Criterion, number: str) -> Item:
    said = matter.readings[matter.answer.reading].said(criterion)
    return item(
        strong(f"{STATUSES[said.status].capitalize()}: "),
        said.sentence,
        " (",
        matter.cite.treaty(said.citations, number),
        ")",
    )


def _promise(matter: Matter, index: int, number: str, section: str) -> Section:
    speak, place = matter.speak, (ASSURANCES, index)
    rows = []
    for fact in matter.engine.pack.vocabulary.of_scope(ASSURANCES):
        if matter.secrecy and fact.id in matter.secrecy.facts:
            continue
        finding = speak.read.finding(place, fact.id)
        known = finding is not None and (finding.value is not None or finding.disputed)
        answer = (
            speak.said(fact, finding.value)
            if finding and not finding.disputed
            else "disputed"
            if finding
            else "not known"
        )
        rows.append(
            (fact.question, line(strong(answer)) if known else line(answer), speak.support(finding) if finding else "")
        )
    columns = (Column("Question", 9), Column("Answer", 4), Column("Standing and exhibits", 6))
    tests = [
        _test(matter, one, index, section) for one in matter.engine.pack.criteria.values() if one.scope == ASSURANCES
    ]
    title = speak.item(ASSURANCES, index)
    return Section(
        title, number, (*table(f"Assurance, question by question: {title}.", columns, rows), *bullets(tests))
    )


def _test(matter: Matter, criterion: Criterion, index: int, number: str) -> Item:
    proof = matter.engine.prove(matter.weighed, criterion.id, (ASSURANCES, index))
    said = matter.readings[matter.answer.reading].said(criterion)
    head = (
        strong(f"{criterion.title}: {STATUSES[proof.status]}. "),
        proof.text,
        " (",
        matter.cite.treaty(said.citations, number),
        ")",
    )
    standard = [item(strong("Standard. "), f"{criterion.standard}.")] if criterion.standard else []
    return item(*head, below=[*standard, *applied(matter, proof)])


def open_facts(matter: Matter, number: str) -> Section:
    """Disputed facts with both versions, and what each open or disputed fact would change."""
    speak, answer = matter.speak, matter.answer
    disputed = bullets(
        item(speak.question(_label(matter, place, fact.id)), f" {speak.sides(fact, finding)}.")
        for place, fact, finding in speak.findings()
        if finding.disputed
    )
    rows = [
        (_set(matter, flip), line(strong(outcome_word(flip.to))), _SIDES[flip.favours]) for flip in answer.flip_sets
    ]
    columns = (Column("If this were so", 10), Column("Outcome", 3), Column("Helps", 3))
    changes = table("Smallest sets of open or disputed facts that would change the outcome.", columns, rows)
    blocks: list[Block] = [para(strong("Disputed")), *disputed] if disputed else [para("No fact is disputed.")]
    blocks += (
        [para(strong("What would change the outcome")), *changes]
        if changes
        else [para("No set of open or disputed facts that was tried changes the outcome.")]
    )
    blocks += (
        [] if answer.flip_sets_complete else [para("Not every set of facts was tried; others may exist.", role="note")]
    )
    return Section("Open and disputed facts", number, tuple(blocks))


def _label(matter: Matter, place: tuple[str, int], fact: str) -> str:
    return fact if place == HERE else f"{place[0]}[{matter.speak.listed(place[0])[place[1]].id}].{fact}"


def _set(matter: Matter, flip: FlipSetSaid) -> Line:
    said = [
        line(
            " and " if place else "",
            matter.speak.question(one.fact),
            " ",
            strong(matter.speak.assigned(one.fact, one.value, one.shown)),
        )
        for place, one in enumerate(flip.set)
    ]
    return line(*said)


def evidence(matter: Matter, number: str) -> Section | None:
    """Facts still missing, what usually proves each, and how many grounds wait for it; most wanted first."""
    needed: dict[str, int] = {}
    for ground in matter.grounds:
        for label in (
            (*ground.missing, *ground.rebuttable_by) if ground.status in ("met", "open") and weighs(ground) else ()
        ):
            needed[label] = needed.get(label, 0) + 1
    ranked = sorted(needed.items(), key=lambda one: -one[1])
    rows = []
    for label, grounds in ranked:
        fact = matter.speak.where(label)[1]
        burden = fact.burden if fact and fact.burden != "nobody" else ""
        rows.append((matter.speak.question(label), "; ".join(fact.proof) if fact else "", burden, str(grounds)))
    columns = (Column("Not known", 8), Column("What usually proves it", 8), Column("Burden", 3), Column("Grounds", 3))
    found = table(
        "Facts not known, with the evidence to obtain and the number of grounds that wait for it.", columns, rows
    )
    return Section("Evidence to obtain", number, found) if found else None


def time_limits(matter: Matter, number: str) -> Section:
    """Clocks with their days; those that have not begun say from what they run."""
    rows = []
    for clock in matter.answer.clocks:
        starts = matter.engine.pack.vocabulary.facts.get(matter.engine.pack.clocks[clock.id].starts)
        begun = clock.starts_on is not None
        runs = (
            f"from {matter.speak.day(clock.starts_on)}"
            if begun
            else f"from the answer to: {starts.question if starts else clock.id}"
        )
        due = f", due {matter.speak.day(clock.due_on)}" if clock.due_on else ""
        head = line(strong(clock.title), " (", matter.cite.treaty(clock.citations, number), ")", *checked(clock.review))
        rows.append((head, f"{clock.state.replace('_', ' ')}; {runs}{due}", clock.sentence))
    columns = (Column("Limit", 6), Column("State", 6), Column("Consequence", 7))
    found = table("Time limits, with state, days and consequence.", columns, rows)
    return Section("Time limits", number, found or (para("No time limit of an instrument in force applies."),))


def unverified(matter: Matter, number: str) -> Section | None:
    """Everything unverified on which a met or open ground rests, each doubt once with the grounds it touches."""
    doubts: dict[str, list[str]] = {}
    live = ("met", "open") if matter.profile.verdict else ("met",)
    for ground in matter.grounds:
        for note in ground.unverified if ground.status in live and matter.tells_of(ground) else ():
            doubts.setdefault(note, []).append(f"{ground.title} ({cited(ground.citations)})")
    rows = [item(mark("Unverified: "), note, below=[item(one) for one in found]) for note, found in doubts.items()]
    lead = para("Check these before relying on them.")
    return Section("Unverified law", number, (lead, *bullets(rows))) if rows else None

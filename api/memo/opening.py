"""What a memo opens with: question, brief answer with its certainty, facts in time order, instruments in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from api.memo.matter import Matter, weighs
from api.memo.tree import (
    Block,
    Column,
    Item,
    Line,
    Run,
    Section,
    bullets,
    checked,
    faint,
    item,
    line,
    para,
    strong,
    table,
)
from api.text.words import READINGS, day, effect_word, outcome_word
from engine.answer import GroundSaid
from engine.facts.casefile import Finding
from engine.facts.columns import HERE
from engine.facts.values import state_name
from engine.facts.vocabulary import Fact
from engine.inference.atoms import REQUESTED, REQUESTING

#: Themes that describe the request itself, known to the State that made it.
_OF_THE_REQUEST = ("case", "offence", "assurances")


def about(matter: Matter) -> tuple[tuple[str, Line], ...]:
    """The head of the memo."""
    case, answer, speak = matter.case, matter.answer, matter.speak
    rows = [
        ("To", line("")),
        ("From", line("")),
        (
            "Re",
            line(speak.run(answer.title or case.reference or "Request for surrender")) or line("Request for surrender"),
        ),
        ("Reference", line(speak.run(case.reference if answer.title else ""))),
        ("Request of", line(speak.state(REQUESTING), " to ", speak.state(REQUESTED))),
        ("As of", line(speak.day(answer.assessed_on))),
        ("Disputed facts", line(f"read {_READ[answer.reading]}")),
    ]
    return tuple((label, said) for label, said in rows if said or label in ("To", "From"))


_READ = {
    "neutral": "as not known, so that the burden of proof decides",
    "person": "as the person says",
    "state": "as the State says",
}


def question(matter: Matter, number: str) -> Section:
    """The question presented."""
    speak = matter.speak
    counts = [speak.item("counts", index) for index, _ in enumerate(speak.listed("counts"))]
    asked = (
        f"May the person be surrendered by {speak.state(REQUESTED)} to {speak.state(REQUESTING)} "
        f"as of {speak.day(matter.answer.assessed_on)}, and if not, under which instrument not, and why?"
    )
    named = bullets(item(one) for one in counts)
    blocks: list[Block] = [para(asked)]
    blocks += [para("The request names:"), *named] if named else []
    return Section("Question", number, tuple(blocks))


def brief_answer(matter: Matter, number: str) -> Section:
    """The answer in short: outcome, certainty, what it rests on, and the duty."""
    answer = matter.answer
    lead = para(strong(f"{outcome_word(answer.outcome).capitalize()}. "), answer.sentence, role="lead")
    met = [ground for ground in matter.grounds if ground.status == "met" and weighs(ground)]
    grounds = bullets(item(f"{ground.title} ({effect_word(ground.effect)}). ", ground.sentence) for ground in met)
    because = para("It rests on:") if grounds else para("No ground that decides admissibility is met.")
    still = sum(ground.status == "open" and weighs(ground) for ground in matter.grounds)
    more = para(f"{still} further grounds are open; section by section below.") if still else para("No ground is open.")
    taint = [ground for ground in met if ground.unverified]
    blocks: list[Block] = [
        lead,
        para(strong("Certainty: "), *_certainty(matter)),
        because,
        *grounds,
        more,
        para(answer.duty.sentence),
    ]
    if taint:
        blocks.append(
            para(f"{len(taint)} of the grounds it rests on are unverified in part; each says so.", role="note")
        )
    return Section("Brief answer", number, tuple(blocks))


def _certainty(matter: Matter) -> Iterator[str]:
    answer = matter.answer
    if answer.settled:
        yield "settled. No fact still unknown can change the outcome."
    else:
        low, high = answer.range
        yield f"not settled. By what is known alone it ranges from {outcome_word(low)} to {outcome_word(high)}"
        record = answer.range_on_record
        yield (
            "."
            if record == answer.range
            else f"; with the burden of proof applied, from {outcome_word(record[0])} to {outcome_word(record[1])}."
        )
    if len(set(answer.readings.values())) > 1:
        said = "; ".join(f"{READINGS[name]}: {outcome_word(one)}" for name, one in answer.readings.items())
        yield f" It depends on whose word is taken: {said}."
    else:
        yield " It is the same whether disputed facts are read as the person says, as the State says, or left open."


def facts(matter: Matter, number: str) -> Section:
    """Facts in time order, then those without a date, each with standing and exhibits."""
    rows = [
        (matter.speak.day(when), said, standing)
        for when, said, standing in sorted(_dated(matter), key=lambda one: one[0])
    ]
    columns = (Column("Date", 3), Column("Event", 9), Column("Standing and exhibits", 6))
    dated = Section("In time order", f"{number}.1", table("Dated facts and steps, in time order.", columns, rows))
    return Section("Facts", number, (), tuple(one for one in (dated, _undated(matter, f"{number}.2")) if one.blocks))


def _dated(matter: Matter) -> Iterator[tuple[date, str, str]]:
    """Findings that are days; a step tells at its day what else is known of it."""
    speak = matter.speak
    for place, fact, finding in speak.findings():
        if not isinstance(finding.value, date):
            continue
        text = speak.question(fact.id) if place == HERE else f"{speak.item(*place)}: {_asked(fact)}"
        if place != HERE and matter.engine.pack.vocabulary.parts[place[0]].dated_by == fact.id:
            others = [
                (one, found) for where, one, found in speak.findings() if where == place and found.value is not None
            ]
            told = [speak.said(one, found.value) for one, found in others if one.type != "date"]
            text = f"{speak.item(*place)}{': ' if told else ''}{'; '.join(told)}"
        yield finding.value, text, speak.support(finding)


def _asked(fact: Fact) -> str:
    return fact.question[:1].lower() + fact.question[1:]


def _undated(matter: Matter, number: str) -> Section:
    """Facts that are not days, by theme."""
    speak, groups = matter.speak, dict[str, list[Iterable[str | Line]]]()
    vocabulary = matter.engine.pack.vocabulary
    for place, fact, finding in speak.findings():
        dated = place != HERE and vocabulary.parts[place[0]].dated_by in speak.listed(place[0])[place[1]].findings
        if fact.type == "date" or (dated and vocabulary.parts[place[0]].id != "assurances"):
            continue
        if not matter.profile.strategy and fact.theme not in _OF_THE_REQUEST:
            continue
        title = (
            vocabulary.themes[fact.theme].title
            if place == HERE
            else f"{vocabulary.parts[place[0]].title}: {speak.item(*place)}"
        )
        groups.setdefault(title, []).append((fact.question, _answer(matter, fact, finding), speak.support(finding)))
    columns = (Column("Question", 9), Column("Answer", 4), Column("Standing and exhibits", 6))
    blocks: list[Block] = []
    for title, rows in groups.items():
        blocks += [para(strong(title)), *table(f"Facts: {title}.", columns, rows)]
    return Section("Without a date", number, tuple(blocks))


def _answer(matter: Matter, fact: Fact, finding: Finding) -> Line:
    if finding.disputed:
        return line(
            f"person: {matter.speak.said(fact, finding.person)}; State: {matter.speak.said(fact, finding.state)}"
        )
    return line(matter.speak.said(fact, finding.value))


def instruments(matter: Matter, number: str) -> Section:
    """Instruments in force between the States on the date, with reservations, and those that are not."""
    shown = [one for one in matter.relations if matter.secrecy is None or one.family != "protection"]
    rows = [
        (line(strong(one.short), *checked("" if one.verified else "unverified")), one.title, one.reason)
        for one in shown
        if one.binding is not False
    ]
    columns = (Column("Instrument", 3), Column("Title", 9), Column("Standing on the date", 6))
    out: list[Block] = [*table("Instruments in force, with the day from which they bind.", columns, rows)]
    made = [(one, declared) for one in shown if one.binding for declared in one.declarations]
    reserved = bullets(
        item(
            strong(f"{state_name(declared.state)}, {one.short} article {declared.article}"),
            f" ({declared.kind}): {declared.content}",
            *checked(declared.review),
        )
        for one, declared in made
    )
    out += [para(strong("Reservations and declarations of the two States")), *reserved] if reserved else []
    out += (
        []
        if reserved
        else [para("The register holds no reservation or declaration of the two States to these instruments.")]
    )
    not_bound = bullets(_not_bound(one.short, one.reason, one.verified) for one in shown if one.binding is False)
    out += [para(strong("Not in force between the two States on the date")), *not_bound] if not_bound else []
    return Section("Instruments in force", number, tuple(out))


def _not_bound(short: str, reason: str, verified: bool) -> Item:
    return item(strong(short), f": {reason}", *checked("" if verified else "unverified"))


def law_days(ground: GroundSaid, matter: Matter) -> tuple[Run, ...]:
    """From when until when a reading of the law holds."""
    criterion = matter.engine.pack.criteria[ground.id]
    start = f" from {day(criterion.valid_from)}" if criterion.valid_from else ""
    end = f" until {day(criterion.valid_until)}" if criterion.valid_until else ""
    return (faint(f" This reading holds{start}{end}."),) if start or end else ()

"""What a memo opens with: question, brief answer with its certainty, facts in time order, instruments in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from api.documents.language.marking import marked
from api.documents.language.words import reading_word
from api.documents.memo.matter import Matter, capital, weighs
from api.documents.memo.tree import (
    Block,
    Column,
    Item,
    Line,
    Run,
    Section,
    bullets,
    faint,
    item,
    line,
    para,
    strong,
    table,
)
from api.law.catalogue import DeclarationShown, RelationShown
from engine.answer.model import GroundSaid
from engine.facts.casefile import Finding
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import REQUESTED, REQUESTING, Fact

#: Themes that describe the request itself, known to the State that made it.
_OF_THE_REQUEST = ("case", "offence", "assurances")
_KINDS = {
    "reservation": marked("reservation"),
    "declaration": marked("declaration"),
    "statement": marked("statement"),
}


def about(matter: Matter) -> tuple[tuple[str, Line], ...]:
    """The head of the memo."""
    case, answer, speak, say = matter.case, matter.answer, matter.speak, matter.speak.say
    blank = (say("To"), say("From"))
    rows = [
        *((label, line("")) for label in blank),
        (say("Re"), line(speak.run(answer.title or case.reference)) or line(say("Request for surrender"))),
        (say("Reference"), line(speak.run(case.reference if answer.title else ""))),
        (say("Requesting State"), line(speak.state(REQUESTING))),
        (say("Requested State"), line(speak.state(REQUESTED))),
        (say("As of"), line(speak.day(answer.assessed_on))),
        (say("Disputed facts"), line(say(_READ[answer.reading]))),
    ]
    return tuple((label, said) for label, said in rows if said or label in blank)


_READ = {
    "neutral": marked("read as not known, so that the burden of proof decides"),
    "person": marked("read as the person says"),
    "state": marked("read as the State says"),
}


def question(matter: Matter, number: str) -> Section:
    """The question presented."""
    speak, say = matter.speak, matter.speak.say
    counts = [speak.item("counts", index) for index, _ in enumerate(speak.listed("counts"))]
    asked = say(
        "May the person be surrendered by the requested State ({requested}) to the requesting State ({requesting}) "
        "as of {day}, and if not, under which instrument not, and why?",
        requested=speak.state(REQUESTED),
        requesting=speak.state(REQUESTING),
        day=speak.day(matter.answer.assessed_on),
    )
    named = bullets(item(one) for one in counts)
    blocks: list[Block] = [para(asked)]
    blocks += [para(say("The request names:")), *named] if named else []
    return Section(say("Question"), number, tuple(blocks))


def brief_answer(matter: Matter, number: str) -> Section:
    """The answer in short: outcome, certainty, what it rests on, and the duty."""
    answer, speak, say = matter.answer, matter.speak, matter.speak.say
    lead = para(strong(f"{capital(matter.outcome(answer.outcome))}. "), speak.told(answer.sentence), role="lead")
    met = [ground for ground in matter.grounds if ground.status == "met" and weighs(ground)]
    grounds = bullets(item(f"{matter.title(one)} ({matter.effect(one)}). ", matter.sentence(one)) for one in met)
    because = say("It rests on:") if grounds else say("No ground that decides admissibility is met.")
    still = sum(ground.status == "open" and weighs(ground) for ground in matter.grounds)
    more = speak.count(
        "{n} further ground is open; section by section below.",
        "{n} further grounds are open; section by section below.",
        still,
    )
    taint = [ground for ground in met if ground.unverified]
    blocks: list[Block] = [
        lead,
        para(strong(f"{say('Certainty:')} "), " ".join(_certainty(matter))),
        para(because),
        *grounds,
        para(more if still else say("No ground is open.")),
        para(speak.told(answer.duty.sentence)),
    ]
    if taint:
        doubt = speak.count(
            "{n} of the grounds it rests on is unverified in part; it says so.",
            "{n} of the grounds it rests on are unverified in part; each says so.",
            len(taint),
        )
        blocks.append(para(doubt, role="note"))
    return Section(say("Brief answer"), number, tuple(blocks))


def _certainty(matter: Matter) -> Iterator[str]:
    answer, say = matter.answer, matter.speak.say
    if answer.certainty == "settled":
        yield say("settled. No fact still unknown can change the outcome.")
    elif answer.certainty == "on_word":
        yield say(
            "settled only on the word of {names}. No fact still unknown can change the outcome,"
            " but what it rests on is not established.",
            names=", ".join(matter.speak.told(name).text for name in answer.rests_on),
        )
    elif answer.certainty == "not_examined":
        yield say("not settled. Not everything that may bind the two States was examined.")
    else:
        yield _ranges(matter)
    yield from (matter.speak.told(sentence).text for sentence in answer.not_examined)
    if len(set(answer.readings.values())) > 1:
        names = ((reading_word(matter.speak.speech, name), one) for name, one in answer.readings.items())
        said = "; ".join(f"{name}: {matter.outcome(one)}" for name, one in names)
        yield say("It depends on whose word is taken: {readings}.", readings=said)
    else:
        yield say("It is the same whether disputed facts are read as the person says, as the State says, or left open.")


def _ranges(matter: Matter) -> str:
    """Between which outcomes the answer lies, by what is known alone and with the burden of proof applied."""
    low, high = (matter.outcome(one) for one in matter.answer.range)
    first, last = (matter.outcome(one) for one in matter.answer.range_on_record)
    if (low, high) == (first, last):
        return matter.speak.say(
            "not settled. By what is known alone it ranges from {low} to {high}.", low=low, high=high
        )
    return matter.speak.say(
        "not settled. By what is known alone it ranges from {low} to {high}; "
        "with the burden of proof applied, from {first} to {last}.",
        low=low,
        high=high,
        first=first,
        last=last,
    )


def facts(matter: Matter, number: str) -> Section:
    """Facts in time order, then those without a date, each with standing and exhibits."""
    say = matter.speak.say
    rows = [
        (matter.speak.day(when), said, standing)
        for when, said, standing in sorted(_dated(matter), key=lambda one: one[0])
    ]
    columns = (Column(say("Date"), 3), Column(say("Event"), 9), Column(say("Standing and exhibits"), 6))
    about = say("Dated facts and steps, in time order.")
    dated = Section(say("In time order"), f"{number}.1", table(about, columns, rows))
    return Section(
        say("Facts"), number, (), tuple(one for one in (dated, _undated(matter, f"{number}.2")) if one.blocks)
    )


def _dated(matter: Matter) -> Iterator[tuple[date, Line, str]]:
    """Findings that are days; a step tells at its day what else is known of it."""
    speak = matter.speak
    for place, fact, finding in speak.findings():
        if not isinstance(finding.value, date):
            continue
        event = speak.event(fact)
        text = line(event) if place == HERE else line(f"{speak.item(*place)}: ", _continued(event))
        if place != HERE and matter.engine.pack.vocabulary.parts[place[0]].dated_by == fact.id:
            others = [
                (one, found) for where, one, found in speak.findings() if where == place and found.value is not None
            ]
            told = [speak.said(one, found.value) for one, found in others if one.type != "date"]
            text = line(f"{speak.item(*place)}{': ' if told else ''}{'; '.join(told)}")
        yield finding.value, text, speak.support(finding)


def _continued(said: Run) -> Run:
    """The same after a colon."""
    return replace(said, text=said.text[:1].lower() + said.text[1:])


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
        row = (line(speak.asks(fact)), _answer(matter, fact, finding), speak.support(finding))
        groups.setdefault(_group(matter, place, fact), []).append(row)
    say = speak.say
    columns = (Column(say("Question"), 9), Column(say("Answer"), 4), Column(say("Standing and exhibits"), 6))
    blocks: list[Block] = []
    for title, rows in groups.items():
        blocks += [para(strong(title)), *table(say("Facts: {theme}.", theme=title), columns, rows)]
    return Section(say("Without a date"), number, tuple(blocks))


def _group(matter: Matter, place: Place, fact: Fact) -> str:
    """The theme of a fact of the case, or the item that a fact belongs to."""
    speak, vocabulary = matter.speak, matter.engine.pack.vocabulary
    if place == HERE:
        return speak.law("theme", fact.theme, "title", vocabulary.themes[fact.theme].title).text
    part = speak.law("part", place[0], "title", vocabulary.parts[place[0]].title).text
    return f"{part}: {speak.item(*place)}"


def _answer(matter: Matter, fact: Fact, finding: Finding) -> Line:
    said = matter.speak.said
    if finding.disputed:
        person, state = said(fact, finding.person), said(fact, finding.state)
        return line(matter.speak.say("person: {person}; State: {state}", person=person, state=state))
    return line(said(fact, finding.value))


def instruments(matter: Matter, number: str) -> Section:
    """Instruments in force between the States on the date, with reservations, and those that are not."""
    say = matter.speak.say
    shown = [one for one in matter.relations if matter.secrecy is None or one.family != "protection"]
    columns = (Column(say("Instrument"), 3), Column(say("Title"), 9), Column(say("Standing on the date"), 6))
    rows = [_standing(matter, one) for one in shown if one.binding is not False]
    out: list[Block] = [*table(say("Instruments in force, with the day from which they bind."), columns, rows)]
    reserved = bullets(_declared(matter, one, said) for one in shown if one.binding for said in one.declarations)
    if reserved:
        out += [para(strong(say("Reservations and declarations of the two States"))), *reserved]
    else:
        out.append(
            para(say("The register holds no reservation or declaration of the two States to these instruments."))
        )
    lacking = bullets(_incomplete(matter, one) for one in shown if one.may_have_declared)
    if lacking:
        out += [para(say("Of these States the register does not know whether they made other declarations:")), *lacking]
    not_bound = bullets(_not_bound(matter, one) for one in shown if one.binding is False)
    out += [para(strong(say("Not in force between the two States on the date"))), *not_bound] if not_bound else []
    return Section(say("Instruments in force"), number, tuple(out))


def _standing(matter: Matter, one: RelationShown) -> tuple[Line, ...]:
    """A row on an instrument: what it is called, its title, and since when it binds."""
    speak = matter.speak
    name = line(strong(speak.short(one.instrument)), speak.checked("" if one.verified else "unverified"))
    title = speak.law("instrument", one.instrument, "title", one.title)
    return name, line(title), line(speak.told(one.reason))


def _declared(matter: Matter, one: RelationShown, declared: DeclarationShown) -> Item:
    """What a State has reserved or declared; its words stay English."""
    speak = matter.speak
    article = matter.cite.provision(f"art {declared.article}")
    head = f"{speak.speech.state(declared.state)}, {speak.short(one.instrument)} {article}"
    said = f" ({speak.say(_KINDS[declared.kind])}): "
    return item(strong(head), said, speak.english(declared.content), speak.checked(declared.review))


def _incomplete(matter: Matter, one: RelationShown) -> Item:
    """The States whose list of declarations to an instrument is not known to be complete."""
    states = ", ".join(matter.speak.speech.state(state) for state in one.may_have_declared)
    return item(strong(matter.speak.short(one.instrument)), f": {states}")


def _not_bound(matter: Matter, one: RelationShown) -> Item:
    speak = matter.speak
    told, mark = speak.told(one.reason), speak.checked("" if one.verified else "unverified")
    return item(strong(speak.short(one.instrument)), ": ", told, mark)


def law_days(ground: GroundSaid, matter: Matter) -> tuple[Run, ...]:
    """From when until when a reading of the law holds."""
    criterion, speech = matter.engine.pack.criteria[ground.id], matter.speak.speech
    start, end = speech.day(criterion.valid_from), speech.day(criterion.valid_until)
    if criterion.valid_from and criterion.valid_until:
        said = speech.say("This reading holds from {day} until {day_end}", day=start, day_end=end)
    elif criterion.valid_from:
        said = speech.say("This reading holds from {day}", day=start)
    elif criterion.valid_until:
        said = speech.say("This reading holds until {day}", day=end)
    else:
        return ()
    return (faint(f" {said}."),)

"""What follows the discussion: conclusion, conflicts of norms, assurances, open facts, evidence, time limits."""

from __future__ import annotations

from collections.abc import Iterator

from api.documents.language.counting import CAVEAT, day_off
from api.documents.language.marking import marked
from api.documents.memo.application import applied
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
    mark,
    para,
    strong,
    table,
)
from api.documents.text.words import cited
from engine.answer.model import FlipSetSaid, GroundSaid
from engine.content.conditions import Quantified, walk
from engine.content.models import Criterion
from engine.facts.columns import HERE
from engine.facts.vocabulary import CASE, Fact

ASSURANCES = "assurances"
_BURDENS = {"person": marked("person"), "state": marked("state"), "shared": marked("shared")}
_CLOCKS = {
    "not_started": marked("not started"),
    "running": marked("running"),
    "met": marked("kept"),
    "expired": marked("expired"),
}
_HELPS = {"person": marked("the person"), "state": marked("the State"), "neither": marked("neither side")}


def conclusion(matter: Matter, number: str) -> Section:
    """The outcome again, by offence, with what it takes for granted."""
    answer, speak, say = matter.answer, matter.speak, matter.speak.say
    lead = para(strong(f"{capital(matter.outcome(answer.outcome))}. "), speak.told(answer.sentence), role="lead")
    counts = [
        item(speak.item("counts", index), ": ", strong(matter.outcome(one.outcome)))
        for index, one in enumerate(answer.counts)
    ]
    readings = [_variant(matter, name, value) for name, value in answer.variants.items() if matter.secrecy is None]
    blocks: list[Block] = [lead]
    blocks += [para(strong(say("By offence"))), *bullets(counts)] if counts else []
    unsettled = para(strong(say("Where the law is unsettled, this memo reads it so")))
    blocks += [unsettled, *bullets(readings)] if readings else []
    return Section(say("Conclusion"), number, tuple(blocks))


def _variant(matter: Matter, name: str, value: str) -> Item:
    variant, law = matter.engine.pack.variants[name], matter.speak.law
    chosen = law("variant", name, f"value.{value}", variant.values[value], "strong")
    return item(law("variant", name, "question", variant.question), " ", chosen)


def conflicts(matter: Matter, number: str) -> Section | None:
    """Duties that give way, and why."""
    grounds = {ground.id: ground for ground in matter.grounds}
    rows, say = [], matter.speak.say
    for one in matter.answer.conflicts:
        above = [grounds[name] for name in one.prevails if name in grounds]
        below = [
            item(f"{say('Prevails:')} ", _titles(matter, above)),
            item(f"{say('Gives way:')} ", _titles(matter, [grounds[name] for name in one.yields if name in grounds])),
        ]
        live = any(ground.status == "met" for ground in above)
        when = "" if live else faint(f" ({say('only if an open ground is met')})")
        reason = matter.speak.law("conflict", one.id, "reason", one.reason)
        rows.append(item(reason, " (", matter.cite.treaty(one.citations, number), ")", when, below=below))
    return Section(say("Conflicts of norms"), number, bullets(rows)) if rows else None


def _titles(matter: Matter, grounds: list[GroundSaid]) -> Line:
    said = [f"{_cited(matter, one)} {matter.title(one)} ({matter.status(one.status)})" for one in grounds]
    return line("; ".join(said) or matter.speak.say("none"))


def _cited(matter: Matter, ground: GroundSaid) -> str:
    """The pinpoints of a ground in the memo's language, without entering them into the table of authorities."""
    mark_ = f"[{matter.speak.say('unverified')}]"
    return matter.speak.retelling.names(cited(ground.citations)).replace("[unverified]", mark_)


def assurances(matter: Matter, number: str) -> Section:
    """Each promise, question by question and test by test; then which risks are covered."""
    listed, say = matter.speak.listed(ASSURANCES), matter.speak.say
    covers = bullets(_cover(matter, one, number) for one in _covering(matter))
    below = tuple(_promise(matter, index, f"{number}.{index + 1}", number) for index, _ in enumerate(listed))
    some = matter.speak.count("{n} assurance on record.", "{n} assurances on record.", len(listed))
    lead = some if listed else say("No assurance is on record.")
    general = para(
        say("An assurance can remove a risk; it never authorises surrender past a bar. The questions are not added up.")
    )
    blocks: list[Block] = [para(lead), general]
    blocks += [para(strong(say("Risks covered"))), *covers] if listed else []
    return Section(say("Assurances"), number, tuple(blocks), below)


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
        strong(f"{capital(matter.status(said.status))}: "),
        matter.sentence(said),
        " (",
        matter.cite.treaty(said.citations, number),
        ")",
    )


def _promise(matter: Matter, index: int, number: str, section: str) -> Section:
    speak, say, place = matter.speak, matter.speak.say, (ASSURANCES, index)
    rows = []
    for fact in matter.engine.pack.vocabulary.of_scope(ASSURANCES):
        if matter.secrecy and fact.id in matter.secrecy.facts:
            continue
        finding = speak.read.finding(place, fact.id)
        known = finding is not None and (finding.value is not None or finding.disputed)
        answer = (
            speak.said(fact, finding.value)
            if finding and not finding.disputed
            else say("disputed")
            if finding
            else say("not known")
        )
        rows.append(
            (
                speak.asks(fact),
                line(strong(answer)) if known else line(answer),
                speak.support(finding) if finding else "",
            )
        )
    columns = (Column(say("Question"), 9), Column(say("Answer"), 4), Column(say("Standing and exhibits"), 6))
    tests = [
        _test(matter, one, index, section) for one in matter.engine.pack.criteria.values() if one.scope == ASSURANCES
    ]
    title = speak.item(ASSURANCES, index)
    about = say("Assurance, question by question: {title}.", title=title)
    return Section(title, number, (*table(about, columns, rows), *bullets(tests)))


def _test(matter: Matter, criterion: Criterion, index: int, number: str) -> Item:
    grounds = matter.readings[matter.answer.reading]
    proof, said = grounds.prover.criterion(criterion.id, (ASSURANCES, index)), grounds.said(criterion)
    speak = matter.speak
    title = speak.law("criterion", criterion.id, "title", criterion.title).text
    head = (
        strong(f"{title}: {matter.status(proof.status)}. "),
        speak.told(proof.text),
        " (",
        matter.cite.treaty(said.citations, number),
        ")",
    )
    asked = speak.law("criterion", criterion.id, "standard", criterion.standard)
    standard = [item(strong(f"{speak.say('Standard.')} "), asked, ".")] if criterion.standard else []
    return item(*head, below=[*standard, *applied(matter, proof)])


def open_facts(matter: Matter, number: str) -> Section:
    """Disputed facts with both versions, and what each open or disputed fact would change."""
    speak, answer, say = matter.speak, matter.answer, matter.speak.say
    disputed = bullets(
        item(speak.question(_label(matter, place, fact.id)), f" {speak.sides(fact, finding)}.")
        for place, fact, finding in speak.findings()
        if finding.disputed
    )
    rows = [
        (_set(matter, flip), line(strong(matter.outcome(flip.to))), say(_HELPS[flip.favours]))
        for flip in answer.flip_sets
    ]
    columns = (Column(say("If this were so"), 10), Column(say("Outcome"), 3), Column(say("Helps"), 3))
    changes = table(say("Smallest sets of open or disputed facts that would change the outcome."), columns, rows)
    blocks: list[Block] = [para(say("No fact is disputed."))]
    if disputed:
        blocks = [para(strong(say("Disputed"))), *disputed]
    blocks += (
        [para(strong(say("What would change the outcome"))), *changes]
        if changes
        else [para(say("No set of open or disputed facts that was tried changes the outcome."))]
    )
    if not answer.flip_sets_complete:
        blocks.append(para(say("Not every set of facts was tried; others may exist."), role="note"))
    return Section(say("Open and disputed facts"), number, tuple(blocks))


def _label(matter: Matter, place: tuple[str, int], fact: str) -> str:
    return fact if place == HERE else f"{place[0]}[{matter.speak.listed(place[0])[place[1]].id}].{fact}"


def _set(matter: Matter, flip: FlipSetSaid) -> Line:
    said = [
        line(
            matter.speak.say(" and ") if place else "",
            matter.speak.question(one.fact),
            " ",
            strong(matter.speak.assigned(one.fact, one.value, one.shown)),
        )
        for place, one in enumerate(flip.set)
    ]
    return line(*said)


def evidence(matter: Matter, number: str) -> Section | None:
    """Facts still missing, what usually proves each, and how many grounds wait for it; most wanted first."""
    speak, say = matter.speak, matter.speak.say
    needed: dict[str, int] = {}
    for ground in matter.grounds:
        for label in (
            (*ground.missing, *ground.rebuttable_by) if ground.status in ("met", "open") and weighs(ground) else ()
        ):
            needed[label] = needed.get(label, 0) + 1
    alike: dict[tuple[str, int], list[str]] = {}
    for label, waiting in needed.items():
        fact = speak.where(label)[1]
        alike.setdefault((fact.id if fact else label, waiting), []).append(label)
    rows = []
    for (_, waiting), labels in sorted(alike.items(), key=lambda one: -one[0][1]):
        fact = speak.where(labels[0])[1]
        burden = say(_BURDENS[fact.burden]) if fact and fact.burden in _BURDENS else ""
        rows.append((speak.question(*labels), _proofs(matter, fact) if fact else "", burden, str(waiting)))
    heads = ((say("Not known"), 8), (say("What usually proves it"), 8), (say("Burden"), 3), (say("Grounds"), 3))
    about = say("Facts not known, with the evidence to obtain and the number of grounds that wait for it.")
    found = table(about, [Column(*head) for head in heads], rows)
    return Section(say("Evidence to obtain"), number, found) if found else None


def _proofs(matter: Matter, fact: Fact) -> Line:
    """What usually proves a fact."""
    told = [matter.speak.law("fact", fact.id, f"proof.{place}", hint) for place, hint in enumerate(fact.proof)]
    return line(*(("; " if place else "", one) for place, one in enumerate(told)))


def time_limits(matter: Matter, number: str) -> Section:
    """Clocks with their days; those that have not begun say from what they run."""
    rows, speak, say = [], matter.speak, matter.speak.say
    for clock in matter.answer.clocks:
        starts = matter.engine.pack.vocabulary.facts.get(matter.engine.pack.clocks[clock.id].starts)
        asked = speak.asks(starts) if starts else Run(clock.id)
        begun = clock.starts_on is not None
        from_day = say("from {day}", day=speak.day(clock.starts_on))
        runs = line(from_day) if begun else speak.phrase(marked("from the answer to: {question}"), question=asked)
        due = f", {say('due {day}', day=speak.day(clock.due_on))}" if clock.due_on else ""
        off = day_off(clock.due_on) if clock.due_on else ""
        due += f" ({say(off)})" if off else ""
        title = speak.law("clock", clock.id, "title", clock.title, "strong")
        head = line(title, " (", matter.cite.treaty(clock.citations, number), ")", speak.checked(clock.review))
        sentence = speak.law("clock", clock.id, "sentence", clock.sentence)
        rows.append((head, line(f"{say(_CLOCKS[clock.state])}; ", runs, due), sentence))
    columns = (Column(say("Time limit"), 6), Column(say("Status"), 6), Column(say("Consequence"), 7))
    found = table(say("Time limits, with state, days and consequence."), columns, rows)
    none = (para(say("No time limit of an instrument in force applies.")),)
    return Section(say("Time limits"), number, (*found, para(say(CAVEAT))) if found else none)


def unverified(matter: Matter, number: str) -> Section | None:
    """Everything unverified on which a met or open ground rests, each doubt once with the grounds it touches."""
    doubts: dict[str, list[str]] = {}
    live = ("met", "open") if matter.profile.verdict else ("met",)
    for ground in matter.grounds:
        for note in ground.unverified if ground.status in live and matter.tells_of(ground) else ():
            doubts.setdefault(note, []).append(f"{matter.title(ground)} ({_cited(matter, ground)})")
    speak, warning = matter.speak, mark(f"{matter.speak.say('Unverified:')} ")
    rows = [item(warning, speak.told(note), below=[item(one) for one in found]) for note, found in doubts.items()]
    lead = para(speak.say("Check these before relying on them."))
    return Section(speak.say("Unverified law"), number, (lead, *bullets(rows))) if rows else None

"""What the sections of brief and filings draw from the case: promises, steps, time limits, evidence, annexes."""

from __future__ import annotations

from collections.abc import Iterator

from api.documents.filings.draft import Draft
from api.documents.filings.narrative import STEPS
from api.documents.memo.tree import Block, Column, Item, Line, Run, bullets, item, line, mark, para, strong, table
from engine.answer.dossier_model import DossierHelp
from engine.facts.casefile import Finding
from engine.facts.vocabulary import Fact

ASSURANCES = "assurances"


def assurances(draft: Draft) -> tuple[Block, ...]:
    """What is on record of each promise, point by point; only what was entered."""
    blocks: list[Block] = []
    speak, word = draft.matter.speak, draft.text
    for at, _ in enumerate(speak.listed(ASSURANCES)):
        rows = []
        for fact, finding in _of_promise(draft, at):
            who = speak.support(finding, note=False) if draft.language == "en" else _exhibits(draft, finding)
            rows.append((speak.asks(fact), strong(speak.said(fact, finding.value)), who))
        columns = (Column(word("col_point"), 9), Column(word("col_record"), 6), Column(word("col_source"), 5))
        blocks += [_titled(draft, at)]
        blocks += table(word("about_promise"), columns, rows)
    return tuple(blocks)


def _of_promise(draft: Draft, at: int) -> Iterator[tuple[Fact, Finding]]:
    for fact in draft.matter.engine.pack.vocabulary.of_scope(ASSURANCES):
        finding = draft.matter.speak.read.finding((ASSURANCES, at), fact.id)
        if finding is not None and finding.value is not None:
            yield fact, finding


def _exhibits(draft: Draft, finding: Finding) -> str:
    return "; ".join(draft.matter.speak.exhibit(ref) for ref in finding.exhibits)


def _titled(draft: Draft, at: int) -> Block:
    """The title of a promise as it was entered."""
    said = draft.own(draft.matter.speak.item(ASSURANCES, at))
    return para(*(run if run.style else strong(run.text) for run in said))


def assurance_test(draft: Draft) -> tuple[Block, ...]:
    """The points that a promise must meet, and what is on record of each; what nobody showed says so."""
    speak, word = draft.matter.speak, draft.text
    facts = draft.matter.engine.pack.vocabulary.facts
    asked = [facts[name] for name in draft.wording.phrases.assurance_points if name in facts]
    blocks: list[Block] = []
    for at, _ in enumerate(speak.listed(ASSURANCES)):
        entered = {fact.id: finding for fact, finding in _of_promise(draft, at)}
        rows = []
        for number, fact in enumerate(asked, 1):
            finding = entered.get(fact.id)
            said = strong(speak.said(fact, finding.value)) if finding else Run(word("not_shown"))
            rows.append((str(number), speak.asks(fact), said, _exhibits(draft, finding) if finding else ""))
        columns = (
            Column(word("col_number"), 1),
            Column(word("col_point"), 9),
            Column(word("col_record"), 5),
            Column(word("col_source"), 3),
        )
        blocks += [
            _titled(draft, at),
            *table(word("about_promise"), columns, rows),
        ]
    return tuple(blocks)


def procedure(draft: Draft) -> tuple[Block, ...]:
    """The steps of the proceedings here: those of the plan, and those of the asylum case where they may be told."""
    word, speak = draft.text, draft.matter.speak
    rows: list[tuple[str, Line | str, Line | str, str]] = []
    for at, _ in enumerate(speak.listed(STEPS)) if draft.matter.secrecy is None else ():
        day, kind = speak.read.finding((STEPS, at), "step_on"), speak.read.finding((STEPS, at), "step_kind")
        fact = draft.matter.engine.pack.vocabulary.facts["step_kind"]
        if kind and kind.value:
            when = speak.day(day.value) if day and day.value else word("day_not_known")
            rows.append((when, word("asylum_case"), speak.said(fact, kind.value), _exhibits(draft, day or kind)))
    for one in draft.plan.steps:
        served = f"; {word('served')} {speak.day(one.served_on)}" if one.served_on else ""
        body = draft.own(f"{one.body} {one.reference}".strip())
        rows.append((speak.day(one.day), body, line(draft.own(one.outcome), served), one.suspends))
    heads = (("col_date", 4), ("col_body", 5), ("col_outcome", 7), ("col_source", 4))
    found = table(word("about_procedure"), [Column(word(name), share) for name, share in heads], rows)
    return found or (para(mark(f"[{word('to_complete')}: {word('about_procedure')}]")),)


def deadlines(draft: Draft) -> tuple[Block, ...]:
    """Time limits that run or have passed, with their days."""
    speak = draft.matter.speak
    running = [one for one in draft.matter.answer.clocks if one.due_on and one.state in ("running", "expired")]
    rows = []
    for clock in sorted(running, key=lambda one: (one.due_on is None, one.due_on)):
        state = draft.text("passed") if clock.state == "expired" else draft.text("runs_until")
        law = (
            speak.law("clock", clock.id, "title", clock.title),
            speak.law("clock", clock.id, "sentence", clock.sentence),
        )
        rows.append(item(strong(f"{state} {speak.day(clock.due_on)}: "), law[0], ". ", law[1]))
    return bullets(rows) or (para(mark(f"[{draft.text('to_complete')}: {draft.text('next_dates')}]")),)


def evidence(draft: Draft, most: int) -> tuple[Block, ...]:
    """What would help the person most and is not on file: the question, and what usually proves it."""
    found = list(wanted(draft))[:most] if most else list(wanted(draft))
    return bullets(_wanted(draft, one) for one in found) or (para(draft.text("nothing_wanted")),)


def wanted(draft: Draft) -> Iterator[DossierHelp]:
    """Evidence that would help the person, over all questions on which a ground turns, each fact once."""
    told: set[str] = set()
    for ground in draft.matter.grounds:
        dossier = draft.matter.argued(ground) if ground.status in ("met", "open") else None
        for one in dossier.helpful if dossier else ():
            hidden = draft.matter.secrecy.facts if draft.matter.secrecy else frozenset()
            name = one.fact.rpartition(".")[2]
            if one.favours == "person" and one.proof and name not in told and name not in hidden:
                told.add(name)
                yield one


def _wanted(draft: Draft, one: DossierHelp) -> Item:
    speak = draft.matter.speak
    fact = speak.where(one.fact)[1]
    if fact is None:
        return item(one.question)
    proofs = [speak.law("fact", fact.id, f"proof.{place}", hint).text for place, hint in enumerate(fact.proof)]
    return item(speak.asks(fact), f" \u2013 {'; '.join(proofs)}")


def annexes(draft: Draft) -> tuple[Block, ...]:
    """The exhibits that the paper names, by their numbers in it."""
    speak, word, rows = draft.matter.speak, draft.text, list[tuple[str | Run | Line, ...]]()
    for name, number in speak.exhibits.items():
        one = draft.matter.case.exhibits[name]
        if not speak.profile.free_text:
            rows.append((str(number), mark(f"[{word('to_complete')}: {word('col_document')}]"), "", "", ""))
            continue
        rows.append(
            (
                str(number),
                draft.own(one.title),
                draft.own(one.author),
                speak.day(one.dated) if one.dated else "\u2013",
                "",
            )
        )
    heads = (("col_number", 2), ("col_document", 8), ("col_author", 6), ("col_date", 4), ("col_pages", 3))
    found = table(word("about_annexes"), [Column(word(name), share) for name, share in heads], rows)
    return found or (para(mark(f"[{word('to_complete')}: {word('about_annexes')}]")),)

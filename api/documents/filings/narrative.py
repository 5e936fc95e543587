"""The facts of a case as a narrative: numbered sentences, each with who says so and the exhibits behind it.

Only what was entered is told, and only what has a sentence in ``filings/statements.yaml`` for the value that was
entered; a fact remembers the number of its paragraph, so that an argument can refer to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api.documents.filings.draft import Draft
from api.documents.memo.tree import Block, Column, Line, Says, faint, line, para, strong, table
from engine.facts.casefile import Finding
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import Fact

STEPS = "asylum_steps"
#: The group that has a section of its own.
REQUEST = "request"


def facts(draft: Draft, *, most: int = 0, groups: tuple[str, ...] = ()) -> list[Block]:
    """The narrative by group; counsel's own paragraphs come last."""
    blocks: list[Block] = []
    start = draft.paragraph
    for group, title in draft.wording.statements.groups.items():
        if group not in (groups or draft.wording.statements.groups) or (group == REQUEST and not groups):
            continue
        told: list[tuple[str, Line] | None] = [*_statements(draft, group)]
        if group == "asylum" and draft.matter.secrecy is None:
            told += [_step(draft, at) for at, _ in enumerate(draft.matter.speak.listed(STEPS))]
        for one in told:
            if most and draft.paragraph - start >= most:
                return blocks
            if one:
                blocks += [para(strong(title.within(draft.language)))] if one is told[0] and not groups else []
                blocks.append(draft.numbered(*one[1]))
                draft.facts.setdefault(one[0], draft.paragraph)
    if draft.plan.facts and not groups:
        blocks += [draft.numbered(draft.own(words)) for words in draft.plan.facts]
    return blocks


def _statements(draft: Draft, group: str) -> Iterator[tuple[str, Line]]:
    """The sentences of a group in the order of the wording; facts of listed items are told for each."""
    speak = draft.matter.speak
    by_fact: dict[str, list[tuple[Place, Fact, Finding]]] = {}
    for place, fact, finding in speak.findings():
        by_fact.setdefault(fact.id, []).append((place, fact, finding))
    for name, statement in draft.wording.statements.statements.items():
        if statement.group != group:
            continue
        for place, fact, finding in by_fact.get(name, ()):
            said = _sentence(draft, place, fact, finding)
            if said:
                yield fact.id, line(said, " ", backing(draft, fact, finding))


def _sentence(draft: Draft, place: Place, fact: Fact, finding: Finding) -> Line:
    """The sentence for the value as entered, as the person says where it is disputed; empty where there is none."""
    value = finding.person if finding.disputed else finding.value
    if value is None:
        return ()
    texts = draft.wording.statements.statements[fact.id].values
    found = texts.get(_key(value)) or texts.get("any")
    if found is None:
        return ()
    speak = draft.matter.speak
    item: Says = draft.own(speak.item(*place)) if place != HERE else ""
    said: Says = _list(draft, fact, value) if fact.type == "set" else speak.said(fact, value)
    return draft.filled(found.within(draft.language), value=said, item=item)


def _key(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else "any"


def _list(draft: Draft, fact: Fact, value: frozenset[str]) -> Line:
    """The members of a set, in the middle of a sentence."""
    law = draft.matter.speak.law
    told = [law("fact", fact.id, f"value.{one}", fact.values.get(one, one)).text for one in fact.values if one in value]
    return line(
        "; ".join(one if one[:2].isalpha() and one[:2].isupper() else one[:1].lower() + one[1:] for one in told)
    )


def backing(draft: Draft, fact: Fact, finding: Finding) -> Line:
    """Who says so, and the exhibits behind it."""
    shown = [draft.matter.speak.exhibit(ref) for ref in finding.exhibits]
    if not shown and finding.standing != "established":
        shown = [draft.text("no_exhibit")]
    who = draft.fill("disputed") if finding.disputed else _whose(draft, finding)
    return line(
        faint("("),
        [faint(run.text) if not run.style else run for run in who],
        faint(f"{''.join(f'; {one}' for one in shown)})"),
    )


def _whose(draft: Draft, finding: Finding) -> Line:
    if finding.standing == "established":
        return draft.fill("not_in_dispute")
    name = {"person": "says_person", "state": "says_state", "both": "agreed", "": "says_person"}.get(finding.by)
    return draft.fill(name) if name else draft.fill("says_other", who=draft.own(finding.by))


def _step(draft: Draft, at: int) -> tuple[str, Line] | None:
    """A step of the asylum procedure: its day, what it was, how it is backed."""
    speak, place = draft.matter.speak, (STEPS, at)
    vocabulary = draft.matter.engine.pack.vocabulary.facts
    day, kind = speak.read.finding(place, "step_on"), speak.read.finding(place, "step_kind")
    if kind is None or kind.value is None:
        return None
    when = speak.day(day.value) if day and isinstance(day.value, date) else draft.text("day_not_known")
    title = speak.listed(STEPS)[at].title
    said = speak.said(vocabulary["step_kind"], kind.value)
    shown = draft.own(title) if title and draft.language == "en" else line(said)
    source = day if day and day.exhibits else kind
    return STEPS, line(*draft.fill("step", day=when, what=shown), " ", backing(draft, vocabulary["step_kind"], source))


def chronology(draft: Draft, most: int = 0) -> tuple[Block, ...]:
    """Dated facts and steps in time order, with who says so."""
    speak, rows = draft.matter.speak, list[tuple[date, Line, str]]()
    for place, fact, finding in speak.findings():
        if isinstance(finding.value, date) and place[0] != STEPS:
            of = line(f"{speak.item(*place)}: ") if place != HERE else ()
            rows.append((finding.value, line(of, speak.event(fact)), speak.support(finding, note=False)))
    for at, _ in enumerate(speak.listed(STEPS)):
        day, told = speak.read.finding((STEPS, at), "step_on"), _step(draft, at)
        if day and isinstance(day.value, date) and told:
            title = speak.listed(STEPS)[at].title
            kind = speak.read.finding((STEPS, at), "step_kind")
            fact = draft.matter.engine.pack.vocabulary.facts["step_kind"]
            said = (
                draft.own(title)
                if title and draft.language == "en"
                else line(speak.said(fact, kind.value if kind else None))
            )
            rows.append((day.value, said, speak.support(day, note=False)))
    rows += [(one.day, draft.own(f"{one.body}: {one.outcome}"), one.reference) for one in draft.plan.steps if one.day]
    columns = (
        Column(draft.text("col_date"), 3),
        Column(draft.text("col_event"), 9),
        Column(draft.text("col_source"), 6),
    )
    told_rows = [(speak.day(when), said, source) for when, said, source in sorted(rows, key=lambda row: row[0])]
    return table(draft.text("about_chronology"), columns, told_rows[-most:] if most else told_rows)

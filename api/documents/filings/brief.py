"""The brief against extradition: relief, summary, facts, law, grounds in order, alternatives, annexes.

It is argued for the person and as the person says where facts are disputed; an authority later than the day of the
brief is not cited.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

from api.documents.filings.argument import ground_section, heading
from api.documents.filings.draft import Draft
from api.documents.filings.inserts import annexes, assurances, deadlines, evidence
from api.documents.filings.narrative import facts
from api.documents.filings.plan import Plan
from api.documents.filings.selection import Argued, also, argued
from api.documents.filings.wording import Wording
from api.documents.language.catalogues import ENGLISH, speech_in
from api.documents.memo.citations import Style
from api.documents.memo.matter import build_matter
from api.documents.memo.profiles import PROFILES
from api.documents.memo.tree import (
    Block,
    Column,
    Line,
    Memo,
    Para,
    Section,
    Signature,
    bullets,
    item,
    line,
    mark,
    para,
    strong,
    table,
)
from engine.assess import Engine
from engine.content.models import Effect
from engine.facts.casefile import Case

#: Evidence that a brief asks for.
MOST_EVIDENCE = 6


def brief_of(
    engine: Engine,
    case: Case,
    plan: Plan,
    wording: Wording,
    *,
    on: date | None = None,
    style: Style = "court",
    language: str = ENGLISH,
) -> Memo:
    """The brief on a case.

    Raises:
        InputProblems: the case cannot be assessed, or the plan chooses a ground that cannot be argued.
    """
    draft = draft_of(engine, case, plan, wording, on=on, style=style, language=language)
    chosen = argued(draft)
    number = count(1)
    sections = [_relief(draft, chosen, next(number)), _summary(draft, chosen, next(number))]
    sections.append(_request(draft, next(number)))
    sections.append(Section(draft.text("facts"), str(next(number)), tuple(facts(draft))))
    sections.append(_law(draft, chosen, next(number)))
    sections.append(_grounds(draft, chosen, next(number)))
    parts: list[tuple[str, Callable[[], tuple[Block, ...]]]] = [
        ("custody", lambda: _custody(draft)),
        ("alternative", lambda: _alternatives(draft)),
        ("evidence", lambda: (draft.numbered(draft.text("evidence_asked")), *evidence(draft, MOST_EVIDENCE))),
        ("annexes", lambda: annexes(draft)),
    ]
    if draft.matter.speak.listed("assurances"):
        parts.insert(0, ("assurances", lambda: (draft.numbered(draft.text("assurances_fail")), *assurances(draft))))
    for name, make in parts:
        blocks = make()
        if blocks:
            sections.append(Section(draft.text(name), str(next(number)), blocks))
    sections.append(_authorities(draft, next(number)))
    sections.append(signature(draft))
    notice = Section("", "", (_notice(draft),))
    title = plan.title or draft.text("title")
    dated, footer = draft.matter.answer.assessed_on, draft.text("footer")
    return Memo(title, _head(draft), (notice, *sections), dated, footer, language, large=True)


def draft_of(
    engine: Engine,
    case: Case,
    plan: Plan,
    wording: Wording,
    *,
    on: date | None = None,
    style: Style = "court",
    language: str = ENGLISH,
    profile: str = "person",
) -> Draft:
    """The draft of a paper, read as the person says; for the requesting State the case is reduced first."""
    matter = build_matter(
        engine,
        case,
        on=on,
        reading="person",
        profile=PROFILES[profile],
        style=style,
        speech=speech_in(language),
    )
    matter.cite.titles = False
    return Draft(matter, wording, plan)


def _head(draft: Draft) -> tuple[tuple[str, Line], ...]:
    """Court, parties and counsel."""
    rows = (
        ("court_label", draft.value("court")),
        ("case_label", draft.value("case_number")),
        ("person_label", draft.value("person")),
        ("held_label", draft.value("held_at")),
        ("request_label", draft.fill("request_of")),
        ("counsel_label", draft.fill("counsel_block")),
    )
    return tuple((draft.text(name), line(said)) for name, said in rows)


def _notice(draft: Draft) -> Para:
    return para(*draft.fill("draft_notice"), role="notice")


def _relief(draft: Draft, chosen: list[Argued], number: int) -> Section:
    """What the court is asked for."""
    if draft.plan.relief:
        asked = [draft.own(words) for words in draft.plan.relief]
    else:
        reliefs = draft.wording.phrases.reliefs
        effects = dict.fromkeys(one.lead.effect or "" for one in chosen)
        asked = [draft.filled(reliefs[effect].within(draft.language)) for effect in effects if effect in reliefs]
        asked += [draft.filled(reliefs["always"].within(draft.language))]
        if not draft.matter.answer.grounds or draft.finding("protection_sought"):
            asked.append(draft.filled(reliefs["closed"].within(draft.language)))
    blocks: list[Block] = [
        para(draft.text("court_is_asked")),
        *(draft.numbered(one, ";" if one is not asked[-1] else ".") for one in asked),
    ]
    return Section(draft.text("relief"), str(number), tuple(blocks))


def _summary(draft: Draft, chosen: list[Argued], number: int) -> Section:
    """The argument on half a page."""
    blocks: list[Block] = [draft.numbered(*draft.fill("summary_opening"))]
    blocks += [para(f"({at})\u2002", strong(f"{heading(draft, one.lead)}.")) for at, one in enumerate(chosen, 1)]
    if draft.matter.speak.listed("assurances"):
        blocks.append(draft.numbered(*draft.fill("summary_assurances")))
    blocks.append(draft.numbered(*draft.fill("summary_end")))
    return Section(draft.text("summary"), str(number), tuple(blocks))


def _request(draft: Draft, number: int) -> Section:
    """Who asks for what: only what was entered."""
    told = facts(draft, groups=("request",))
    return Section(draft.text("request"), str(number), tuple(told) or (draft.numbered(*draft.fill("request_unknown")),))


def _law(draft: Draft, chosen: list[Argued], number: int) -> Section:
    """The instruments on which the grounds rest, and what becomes of a duty to surrender."""
    matter, speak = draft.matter, draft.matter.speak
    rests = [*(ground for one in chosen for ground in one.grounds), *also(draft, chosen)]
    named = {cite.instrument for ground in rests for cite in ground.citations}
    named |= {name.split(".")[0] for name in matter.answer.duty.under}
    rows = [
        (
            line(strong(speak.short(one.instrument))),
            speak.law("instrument", one.instrument, "title", one.title),
            line(draft.dated(speak.told(one.reason)), _declarations(draft, one.may_have_declared)),
        )
        for one in matter.relations
        if one.binding and one.instrument in named
    ]
    heads = (("col_instrument", 3), ("col_title", 9), ("col_bound", 6))
    blocks: list[Block] = [draft.numbered(*draft.fill("law_opening"))]
    blocks += table(draft.text("about_law"), [Column(draft.text(name), share) for name, share in heads], rows)
    met = {ground.id for ground in rests}
    for one in matter.answer.conflicts:
        if met & set(one.prevails) and matter.answer.duty.exists != "no":
            blocks.append(draft.numbered(speak.law("conflict", one.id, "reason", one.reason)))
    return Section(draft.text("law"), str(number), tuple(blocks))


def _declarations(draft: Draft, states: tuple[str, ...]) -> Line:
    """That reservations and declarations of these States are still to be looked up."""
    names = draft.matter.speak.speech.states(states)
    return line(mark(f" [{draft.text('check_declarations')}: {names}]")) if states else ()


def _grounds(draft: Draft, chosen: list[Argued], number: int) -> Section:
    """The grounds, each a section; then those that are named so that nothing is waived."""
    below = [ground_section(draft, one, f"{number}.{at}") for at, one in enumerate(chosen, 1)]
    rest = also(draft, chosen)
    if rest:
        where = f"{number}.{len(below) + 1}"
        named = bullets(
            item(draft.matter.sentence(one), " (", draft.matter.cite.treaty(one.citations, where), ")") for one in rest
        )
        below.append(Section(draft.text("also"), where, (draft.numbered(draft.text("also_opening")), *named)))
    return Section(
        draft.text("grounds"), str(number), () if below else (draft.numbered(*draft.fill("no_ground")),), tuple(below)
    )


def _custody(draft: Draft) -> tuple[Block, ...]:
    """Detention here and its time limits, where the person is held."""
    if draft.finding("detained_here") is None and draft.finding("arrested_on") is None:
        return ()
    ticking = [one for one in draft.matter.answer.clocks if one.due_on and one.state in ("running", "expired")]
    return (draft.numbered(*draft.fill("custody_opening")), *(deadlines(draft) if ticking else ()))


def _alternatives(draft: Draft) -> tuple[Block, ...]:
    """What the court should do if it is not persuaded."""
    if draft.plan.alternative_relief:
        return tuple(draft.numbered(draft.own(words)) for words in draft.plan.alternative_relief)
    texts = draft.wording.phrases.alternatives
    effects = dict.fromkeys(one.effect for one in draft.matter.grounds if one.status == "met" and one.effect)
    named = ["always", *(effect for effect in effects if effect in texts)]
    told: list[Block] = [draft.numbered(*draft.filled(texts[name].within(draft.language))) for name in named]
    limits = [one for one in draft.matter.grounds if one.status == "met" and one.effect is Effect.LIMIT_AFTER_SURRENDER]
    told += bullets(item(draft.matter.sentence(one)) for one in limits)
    return tuple(told)


def _authorities(draft: Draft, number: int) -> Section:
    """Everything that the brief cites, with the sections that rely on it."""
    tables = [one for one in draft.matter.cite.table_of_authorities() if one[1]]
    below = [Section(title, f"{number}.{at}", found) for at, (title, found) in enumerate(tables, 1)]
    return Section(draft.text("authorities"), str(number), (), tuple(below))


def signature(draft: Draft) -> Section:
    """Place, date, who signs."""
    said = (para(*draft.fill("signed_at")), para(*draft.fill("counsel_block")))
    return Section("", "", (*said, Signature((draft.text("signature"),))))

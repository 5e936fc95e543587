"""A filing: the paper for one body, composed of its wording and the case, and what counsel must know of sending it.

A paper that the requesting State may read is made from the reduced case, and what still tells of a claim is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from api.documents.filings.argument import line_text
from api.documents.filings.brief import draft_of, signature
from api.documents.filings.draft import Draft, gaps_in, pages_of
from api.documents.filings.inserts import annexes, assurance_test, assurances, deadlines, evidence, procedure
from api.documents.filings.narrative import chronology, facts
from api.documents.filings.plan import Plan
from api.documents.filings.selection import touched
from api.documents.filings.wording import Filing, Part, Rule, Wording
from api.documents.memo.citations import Style
from api.documents.memo.tree import Block, Memo, Run, Section, bullets, item, mark, para, strong
from engine.assess import Engine
from engine.errors import InputProblems, Problem
from engine.facts.casefile import Case
from engine.facts.values import hint

#: What was read of a body's rules longer ago is to be checked again.
STALE = timedelta(days=180)


@dataclass(frozen=True)
class PreparedFiling:
    """A filing with what counsel must know before it is sent; nothing of that stands in the paper."""

    memo: Memo
    offered: bool
    stops: tuple[str, ...]
    rules: tuple[str, ...]


def filing_named(wording: Wording, name: str, source: str) -> Filing:
    """The filing of this name.

    Raises:
        InputProblems: there is none.
    """
    if name not in wording.filings:
        raise InputProblems([Problem(f"'{name}' is not a filing", source, fix=hint(name, wording.filings))])
    return wording.filings[name]


def filing_of(
    engine: Engine,
    case: Case,
    plan: Plan,
    wording: Wording,
    filing: Filing,
    *,
    on: date | None = None,
    style: Style = "court",
    language: str = "en",
    today: date,
) -> PreparedFiling:
    """A filing on a case.

    Raises:
        InputProblems: the case cannot be assessed, or the body does not take papers in this language.
    """
    if language not in filing.languages:
        fix = f"It is written in: {', '.join(filing.languages)}"
        raise InputProblems(
            [Problem(f"the filing '{filing.filing}' is not written in '{language}'", "--language", fix=fix)]
        )
    profile = "person" if filing.protection else "requesting_state"
    draft = draft_of(engine, case, plan, wording, on=on, style=style, language=language, profile=profile)
    sections: list[Section] = [Section("", "", (para(*draft.fill("draft_notice"), role="notice"),))]
    if filing.first_line:
        sections.insert(0, Section("", "", (para(*_bold(draft, filing)),)))
    parts = [part for part in filing.sections if draft.holds(part.when)]
    for number, part in enumerate(parts, 1):
        sections.append(Section(part.title.within(language), str(number), tuple(_part(draft, part))))
    if filing.reader != "client":
        sections.append(signature(draft))
    head = tuple((draft.text(name), draft.filled(f"{{{value}}}")) for name, value in _HEAD if value in filing.head)
    title, to = filing.title.within(language), draft.filled(filing.to.within(language))
    about = ((draft.text("court_label"), to), *head)
    memo = Memo(
        title, about, tuple(sections), draft.matter.answer.assessed_on, draft.text("footer"), language, large=True
    )
    if draft.matter.secrecy:
        memo = draft.matter.secrecy.sieve(memo, memo)
    return PreparedFiling(
        memo,
        draft.holds(filing.offered),
        tuple(_applying(draft, filing.stops)),
        tuple(_rules(draft, filing, memo, today)),
    )


#: Rows of the head that a filing can ask for.
_HEAD = (("person_label", "person"), ("held_label", "held_at"), ("case_label", "case_number"))


def _bold(draft: Draft, filing: Filing) -> list[Run]:
    said = draft.filled(filing.first_line.within(draft.language)) if filing.first_line else ()
    return [run if run.style else strong(run.text) for run in said]


def _part(draft: Draft, part: Part) -> list[Block]:
    """The paragraphs of a section that the case calls for, then what is drawn from the case."""
    blocks: list[Block] = []
    for one in part.text:
        if draft.holds(one.when):
            said = draft.filled(one.within(draft.language))
            blocks += bullets([item(*said)]) if one.bullet else (draft.numbered(*said),)
    return [*blocks, *_inserted(draft, part)]


def _inserted(draft: Draft, part: Part) -> list[Block]:
    """What a section draws from the case."""
    made: dict[str, Callable[[], Iterable[Block]]] = {
        "facts": lambda: facts(draft, most=part.most, groups=part.of),
        "chronology": lambda: chronology(draft, part.most),
        "procedure": lambda: procedure(draft),
        "grounds": lambda: _grounds(draft, part),
        "assurances": lambda: assurances(draft),
        "assurance_test": lambda: assurance_test(draft),
        "evidence": lambda: evidence(draft, part.most),
        "annexes": lambda: annexes(draft),
        "deadlines": lambda: deadlines(draft),
    }
    return list(made[part.insert]()) if part.insert else []


def _grounds(draft: Draft, part: Part) -> list[Block]:
    """The grounds named by the wording: those met, and with the missing proof those open that a fact entered touches."""
    blocks: list[Block] = []
    known = {one.id: one for one in draft.matter.grounds}
    for name in part.of:
        ground = known.get(name)
        if ground is None or ground.status not in ("met", "open"):
            continue
        if ground.status == "open" and not touched(draft, ground):
            continue
        cited = draft.matter.cite.treaty(ground.citations, "1")
        if ground.status == "met":
            blocks.append(draft.numbered(draft.matter.sentence(ground), " (", *cited, ")"))
            continue
        missing = [line_text(draft.matter.speak.question(label)) for label in ground.missing[:2]]
        gap = mark(f" [{draft.text('proof_missing')}: {'; '.join(missing)}]") if missing else ""
        blocks.append(draft.numbered(draft.matter.title(ground), " (", *cited, ")", gap))
    return blocks or [draft.numbered(mark(f"[{draft.text('proof_missing')}: {part.title.within(draft.language)}]"))]


def _applying(draft: Draft, rules: tuple[Rule, ...]) -> list[str]:
    return [one.en for one in rules if draft.holds(one.when)]


def _rules(draft: Draft, filing: Filing, memo: Memo, today: date) -> list[str]:
    """What the body asks, with what is to be checked again, and the length against its limit."""
    stale = today - filing.checked_on > STALE
    told = [f"{one.en}{' (check)' if stale or one.check else ''}" for one in filing.rules if draft.holds(one.when)]
    pages = pages_of(memo)
    too_long = " It is too long: shorten it." if pages > filing.most_pages else ""
    return [
        *told,
        f"About {pages} pages of at most {filing.most_pages}.{too_long}",
        f"{gaps_in(memo)} places to complete or check.",
    ]

"""The argument on one ground: rule, what is shown, why it meets the test, the State's likely answer, the reply.

It is drawn from the ground, its dossier and the numbered facts. What speaks for the other side stands only where it is
answered; what a precedent would still need is counsel's to know and not in the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from api.documents.filings.draft import Draft
from api.documents.filings.selection import Argued, rests_on
from api.documents.memo.citations import is_decision
from api.documents.memo.matter import capital
from api.documents.memo.tree import Block, Item, Line, Run, Says, Section, bullets, emph, item, line, mark, para, strong
from engine.answer.argument import Move, argument
from engine.answer.dossier_model import AuthorityCited, Dossier
from engine.answer.model import AuthoritySaid, GroundSaid
from engine.content.models import Effect

DOUBTED = "(pinpoint unverified)"
MOST_AUTHORITIES, MOST_POINTS, MOST_CASES, MOST_ANSWERS = 3, 5, 4, 3
#: A factor with its level, as dossiers write it.
_LEVEL = re.compile("(.+): at (?:least|most) \u201c(.+)\u201d")
CASES = ("nearest", "governs", "distinguished")


def ground_section(draft: Draft, chosen: Argued, number: str) -> Section:
    """One section of argument."""
    lead = chosen.lead
    blocks: list[Block] = [draft.numbered(draft.own(words)) for words in chosen.text.split("\n\n") if words.strip()]
    if not chosen.replace:
        blocks += [*_rule(draft, chosen, number), *_evidence(draft, chosen), *_why(draft, chosen, number)]
        blocks += _contest(draft, chosen, number)
    relief = draft.wording.phrases.reliefs.get(lead.effect or "")
    if relief:
        asked = draft.filled(relief.within(draft.language))
        blocks += [para(strong(draft.text("follows"))), draft.numbered(*draft.fill("follows_so", relief=asked))]
    return Section(heading(draft, lead), number, tuple(blocks))


def heading(draft: Draft, ground: GroundSaid) -> str:
    """The conclusion as a heading; of a ground still open its title."""
    said = draft.matter.sentence(ground).text if ground.status == "met" else draft.matter.title(ground)
    return capital(said.rstrip("."))


def _rule(draft: Draft, chosen: Argued, number: str) -> Iterator[Block]:
    """What the provisions ask, by which standard, on whom the burden lies, with authority."""
    yield para(strong(draft.text("rule")))
    speak, cite, pack = draft.matter.speak, draft.matter.cite, draft.matter.engine.pack
    told: set[tuple[str, str]] = set()
    for ground in chosen.grounds:
        parts: list[Says] = [strong(line_text(cite.treaty(ground.citations, number))), ". "]
        main = ground.citations[0]
        known = (main.instrument, main.article) in told
        told.add((main.instrument, main.article))
        content = pack.instruments[main.instrument].articles[main.article].content
        parts += (
            [content, " "]
            if draft.language == "en" and not known
            else [speak.law("criterion", ground.id, "title", ground.title), ". "]
        )
        if ground.standard:
            parts += [
                draft.text("standard"),
                ": ",
                speak.law("criterion", ground.id, "standard", ground.standard),
                ". ",
            ]
        if ground.burden and ground.effect is not Effect.SUSPENSION:
            parts += [draft.text("burden"), ": ", speak.law("criterion", ground.id, "burden", ground.burden), "."]
        yield draft.numbered(*parts)
        yield from bullets(_authority(draft, one, number) for one in _best(draft, ground))


def line_text(said: Line) -> str:
    """The words of a line."""
    return "".join(run.text for run in said)


def _best(draft: Draft, ground: GroundSaid) -> list[AuthoritySaid]:
    """The authorities to cite: given by the day of the paper, verified ones first, those cited before left out."""
    found = draft.matter.engine.pack.authorities
    usable = [
        one
        for one in ground.authorities
        if not _is_later(draft, found[one.id].decided_on, one.year)
        and one.id not in draft.matter.cite.used
        and one.review != "unverified"
    ]
    return sorted(usable, key=lambda one: one.pinpoint.endswith(DOUBTED))[:MOST_AUTHORITIES]


def _is_later(draft: Draft, day: object, year: int) -> bool:
    on = draft.matter.answer.assessed_on
    return day > on if isinstance(day, type(on)) else year > on.year


def _authority(draft: Draft, said: AuthoritySaid, number: str) -> Item:
    cited = draft.matter.cite.authority(said, number)
    draft.cited.add(said.id)
    return item(cited, f": {said.holding}" if draft.language == "en" and said.holding else "")


def _evidence(draft: Draft, chosen: Argued) -> Iterator[Block]:
    """The numbered facts on which the ground rests; of an open ground also what is still to be shown."""
    yield para(strong(draft.text("shown")))
    names = {name for ground in chosen.grounds for name in rests_on(draft, ground)}
    for ground in chosen.grounds:
        dossier = draft.matter.argued(ground)
        names |= (
            {one.fact.rpartition(".")[2] for one in dossier.evidence if one.favours == "person"} if dossier else set()
        )
    names |= {"asylum_steps"} if "asylum_status" in names else set()
    places = sorted({draft.facts[name] for name in names if name in draft.facts})
    if places:
        yield draft.numbered(*draft.fill("shown_by", paragraphs=spans(places)))
    else:
        yield draft.numbered(mark(f"[{draft.text('proof_missing')}: {draft.matter.title(chosen.lead)}]"))
    for ground in chosen.grounds:
        for label in ground.missing[:6] if ground.status == "open" else ():
            yield draft.numbered(
                mark(f"[{draft.text('proof_missing')}: {line_text(draft.matter.speak.question(label))}]")
            )


def spans(numbers: list[int]) -> str:
    """8, 9, 10 and 14 as 8\u201310, 14."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}\u2013{run[-1]}" for run in runs)


def _dossiers(draft: Draft, chosen: Argued) -> list[Dossier]:
    found = [draft.matter.argued(ground) for ground in chosen.grounds if ground.status == "met"]
    return list({one.fact: one for one in found if one is not None}.values())


def _moves(draft: Draft, chosen: Argued, part: str) -> list[Move]:
    """The moves of one part over all questions of the section, each once; decisions on the same State come first."""
    found: dict[str, Move] = {}
    own: set[str] = set()
    for dossier in _dossiers(draft, chosen):
        own |= {one.id for one in dossier.same_state}
        for move in getattr(argument(dossier), part):
            found.setdefault(_key(part, move), move)
    return sorted(found.values(), key=lambda one: one.kind in CASES and one.id not in own)


def _key(part: str, move: Move) -> str:
    return f"{part}/{move.kind}/{move.id}"


def _new(draft: Draft, part: str, moves: Iterable[Move]) -> list[Move]:
    """Moves that no earlier section made."""
    return [one for one in moves if _key(part, one) not in draft.moves]


def _before(draft: Draft, moves: dict[str, list[Move]]) -> str:
    """The paragraphs in which earlier sections made these moves."""
    places = {
        draft.moves[_key(part, one)] for part, found in moves.items() for one in found if _key(part, one) in draft.moves
    }
    return spans(sorted(places))


def _make(draft: Draft, part: str, move: Move) -> None:
    draft.moves.setdefault(_key(part, move), draft.paragraph)


def _why(draft: Draft, chosen: Argued, number: str) -> Iterator[Block]:
    """Why the facts meet the test: what the law presumes from them, country findings, precedents."""
    moves = _moves(draft, chosen, "point")
    yield para(strong(draft.text("why")))
    before = _before(draft, {"point": moves})
    if before:
        yield draft.numbered(*draft.fill("applies_too", paragraphs=before))
    new = _new(draft, "point", moves)
    for move in [one for one in new if one.kind in ("presumption", "finding") and one.text][:MOST_POINTS]:
        yield draft.numbered(draft.matter.speak.told(move.text), *_citing(draft, move, number))
        _make(draft, "point", move)
    for move in _current(draft, [one for one in new if one.kind in ("governs", "nearest")])[:MOST_CASES]:
        yield _precedent(draft, move, number)
        _make(draft, "point", move)
    if not moves:
        yield draft.numbered(draft.matter.sentence(chosen.lead))


def _precedent(draft: Draft, move: Move, number: str) -> Block:
    """A decision for the person, and what it has in common with the case."""
    shared = _plain(move.shared)
    says = draft.text("governs") if move.kind == "governs" else draft.text("comes_near") if shared else ""
    holding = f": {move.holding} " if draft.language == "en" and move.holding else ". "
    alike = [" ", draft.text("alike"), " ", *_listed(draft, shared), "."] if shared else []
    return draft.numbered(_cite(draft, move.authorities[0], number), holding, says, *alike)


def _contest(draft: Draft, chosen: Argued, number: str) -> Iterator[Block]:
    """The State's likely answer and the reply; both are left out where nothing speaks for the State."""
    replies = _moves(draft, chosen, "reply")
    known = {one.id: one for one in replies}
    answers = [one for one in _moves(draft, chosen, "answer") if one.kind in ("nearest", "governs") and one.id in known]
    cases, disputed = (
        _current(draft, _new(draft, "answer", answers))[:MOST_ANSWERS],
        _disputed(draft, chosen)[:MOST_ANSWERS],
    )
    before = _before(draft, {"answer": answers, "reply": replies})
    if not cases and not disputed and not before:
        return
    yield para(strong(draft.text("state_says")))
    if before:
        yield draft.numbered(*draft.fill("answered_before", paragraphs=before))
    for name in disputed:
        yield draft.numbered(*draft.fill("state_disputes", paragraph=str(draft.facts[name])))
    if cases:
        yield draft.numbered(draft.text("state_cites"))
        yield from bullets(item(_with_holding(draft, one, number)) for one in cases)
        for move in cases:
            _make(draft, "answer", move)
    yield from _replied(draft, chosen, replies, cases, disputed)


def _replied(
    draft: Draft, chosen: Argued, replies: list[Move], cases: list[Move], disputed: list[str]
) -> Iterator[Block]:
    """What sets the other decisions apart, what the State cannot rely on, and whose burden it is."""
    apart = {one.id: one for one in replies}
    told: list[Block] = []
    for name in disputed:
        told.append(draft.numbered(*draft.fill("reply_disputed", paragraph=str(draft.facts[name]))))
    common = (
        [text for text in _plain(apart[cases[0].id].apart) if all(text in apart[one.id].apart for one in cases)]
        if cases
        else []
    )
    if common:
        told.append(draft.numbered(draft.text("none_governs"), " ", *_listed(draft, common), "."))
    for move in cases:
        told.append(_distinguished(draft, apart[move.id], common))
        _make(draft, "reply", apart[move.id])
    for move in _new(draft, "reply", replies):
        if move.kind == "barred" and _references(draft, move.apart):
            told.append(_barred(draft, move))
            _make(draft, "reply", move)
    if cases and any(one.kind == "unheard" for one in replies):
        told.append(draft.numbered(draft.text("nothing_dispels")))
    if told or disputed:
        yield para(strong(draft.text("reply")))
        yield from told


def _disputed(draft: Draft, chosen: Argued) -> list[str]:
    """Disputed facts on which the section rests."""
    names = {name for ground in chosen.grounds for name in rests_on(draft, ground)}
    disputed = [name for name in sorted(names) if (found := draft.finding(name)) is not None and found.disputed]
    return [name for name in disputed if name in draft.facts]


def _current(draft: Draft, moves: Iterable[Move]) -> list[Move]:
    """Moves whose authority was given by the day of the paper."""
    return [one for one in moves if one.authorities and not one.authorities[0].later]


def _with_holding(draft: Draft, move: Move, number: str) -> Line:
    holding = f": {move.holding}" if draft.language == "en" and move.holding else ""
    return line(_cite(draft, move.authorities[0], number), holding)


def _distinguished(draft: Draft, move: Move, common: list[str]) -> Block:
    """What sets a decision for the State apart, beside what sets all of them apart."""
    there, here = _plain(move.lacking), [text for text in _plain(move.apart) if text not in common]
    parts: list[Says] = [_cite(draft, move.authorities[0], ""), " ", draft.text("differs")]
    parts += [" ", draft.text("only_there"), " ", *_listed(draft, there), "."] if there else []
    parts += [" ", draft.text("only_here"), " ", *_listed(draft, here), "."] if here else []
    return draft.numbered(*parts)


def _barred(draft: Draft, move: Move) -> Block:
    title = draft.matter.speak.told(move.text)
    return draft.numbered(*draft.fill("barred", what=title, paragraphs=_references(draft, move.apart)))


def _references(draft: Draft, texts: Iterable[str]) -> str:
    """The paragraphs in which the facts stand that are named by their questions."""
    asked = {fact.question: name for name, fact in draft.matter.engine.pack.vocabulary.facts.items()}
    names = {
        asked[text[: text.rindex("?") + 1]] for text in texts if "?" in text and text[: text.rindex("?") + 1] in asked
    }
    return spans(sorted({draft.facts[name] for name in names if name in draft.facts}))


def _plain(texts: Iterable[str]) -> list[str]:
    """Factors in words; what is only an answer to a question stands among the facts."""
    return [text for text in texts if "?" not in text]


def _listed(draft: Draft, texts: list[str]) -> list[Says]:
    """Factors in the middle of a sentence; a level is named after its factor."""
    found: list[Says] = []
    for place, text in enumerate(texts):
        level = _LEVEL.fullmatch(text)
        said = draft.matter.speak.told(level[1] if level else text).text
        small = said if said[:2].isalpha() and said[:2].isupper() else said[:1].lower() + said[1:]
        if level:
            small += f" ({draft.matter.speak.told(level[2]).text.lower()})"
        found += [small] if place == 0 else ["; ", small]
    return found


def _citing(draft: Draft, move: Move, number: str) -> list[Says]:
    """The authorities of a move that were given by the day of the paper, verified ones first."""
    usable = [one for one in move.authorities if not one.later]
    chosen = sorted(usable, key=lambda one: one.review == "unverified")[:MOST_AUTHORITIES]
    cited: list[Says] = []
    for one in chosen:
        cited += ["; " if cited else " (", _cite(draft, one, number)]
    return [*cited, ")"] if cited else []


def _cite(draft: Draft, said: AuthorityCited, number: str) -> Line:
    """An authority in full where it is first cited, and by its name alone after that."""
    if said.id in draft.cited:
        if number:
            draft.matter.cite.cited(said, number)
        name = emph(said.name) if draft.language == "en" else Run(said.name, lang="en")
        if draft.language != "en" and not is_decision(said.name):
            return line(said.number, f" ({draft.text('cited_above')})")
        return line(name, f" ({draft.text('cited_above')})")
    draft.cited.add(said.id)
    return draft.matter.cite.cited(said, number)

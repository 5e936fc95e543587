"""One page for each criterion: what it asks, on what authority, and how far the reading was checked."""

from __future__ import annotations

from api.documents.language.law_words import EFFECTS_TOLD
from api.law.library import Library
from engine.content.models import Criterion
from engine.facts.vocabulary import CASE
from engine.reasoning.outcome import LEVELS, level_of

from . import addresses
from .conditions import ConditionWriter
from .words import Page, badge, bullets, code, day, flag, note, plain, table, words


def criteria_pages(library: Library) -> dict[str, str]:
    """Address and text of the index and of every criterion."""
    pages = {}
    for criterion in library.pack.criteria.values():
        page = Page(addresses.criterion(criterion.id))
        _criterion(page, library, criterion)
        pages[page.address] = page.markdown()
    return pages | {"criteria/index.md": _index(library)}


def effect_words(criterion: Criterion) -> str:
    """The effect in two or three words, for lists."""
    if criterion.kind:
        return "finding of breach"
    return words(criterion.effect.value) if criterion.effect else "step"


def _index(library: Library) -> str:
    page = Page("criteria/index.md")
    page.add(
        "# Criteria", "A criterion is a named test. One with an *effect* is a ground; the rest are steps on the way."
    )
    groups: dict[str, list[Criterion]] = {}
    for criterion in library.pack.criteria.values():
        groups.setdefault(criterion.id.split(".")[0], []).append(criterion)
    for folder, members in groups.items():
        instrument = library.pack.instruments.get(folder)
        page.add(f"## {plain(instrument.short if instrument else 'Shared concepts')} {{ #{folder} }}")
        rows = [
            (
                page.link(plain(item.title), addresses.criterion(item.id)),
                code(item.id),
                effect_words(item),
                badge(item.review),
            )
            for item in members
        ]
        page.add(table(("Criterion", "Id", "Effect", "Review"), rows))
    return page.markdown()


def _criterion(page: Page, library: Library, criterion: Criterion) -> None:
    page.add(f"# {plain(criterion.title)}", f"{code(criterion.id)} {badge(criterion.review)}")
    if criterion.review == "unverified":
        page.add(note("warning", "Unverified reading", "Nobody has checked this reading against its sources yet."))
    page.add(_effect(criterion), _facts_of(page, library, criterion))
    page.add("## Condition", ConditionWriter(library.pack, page).write(criterion.condition))
    page.add("## What the answer says", _sentences(criterion))
    page.add(_authorities(page, library, criterion))
    if criterion.traps:
        page.add("## Traps", bullets(plain(trap) for trap in criterion.traps))
    if criterion.note:
        page.add("## Note on the reading", plain(criterion.note))
    page.add(_used_by(page, library, criterion))


def _effect(criterion: Criterion) -> str:
    if criterion.kind == "breach":
        return "**A finding of breach.** It is reported and does not bear on whether surrender is allowed."
    if not criterion.effect:
        return "**A step.** It has no effect of its own; grounds are built on it."
    level = level_of(criterion)
    outcome = f" When met, the outcome is at least {code(LEVELS[level])}." if level else ""
    about = " Asked for each offence." if criterion.scope != CASE else ""
    return f"**Ground: {words(criterion.effect.value)}** — {EFFECTS_TOLD[criterion.effect]}.{outcome}{about}"


def _facts_of(page: Page, library: Library, criterion: Criterion) -> str:
    rows = [("Cites", _cites(page, library, criterion))]
    if criterion.scope not in (CASE, "counts") or (criterion.scope != CASE and not criterion.effect):
        rows.append(("About", f"each of the {plain(library.pack.vocabulary.parts[criterion.scope].title.lower())}"))
    for label, text in (("Standard of proof", criterion.standard), ("Burden", criterion.burden)):
        if text:
            rows.append((label, plain(text)))
    if criterion.valid_from or criterion.valid_until:
        start = f"from {day(criterion.valid_from)}" if criterion.valid_from else "from the beginning"
        end = f" until {day(criterion.valid_until)}" if criterion.valid_until else ""
        rows.append(("Reading valid", start + end))
    rows += [("Reading used if", _chosen(page, library, *pair)) for pair in criterion.variant.items()]
    rows.append(("Written in", code(f"{criterion.source}:{criterion.line}")))
    return table(("", ""), rows)


def _chosen(page: Page, library: Library, question: str, value: str) -> str:
    variant = library.pack.variants[question]
    return f"{page.link(plain(variant.question), f'{addresses.VARIANTS}#{question}')} “{plain(variant.values[value])}”"


def _cites(page: Page, library: Library, criterion: Criterion) -> str:
    written = []
    for cite in criterion.cites:
        short = library.pack.instruments[cite.instrument].short
        text = plain(f"{short} {cite.pinpoint or 'art ' + cite.article}")
        link = page.link(text, addresses.article(cite.instrument, cite.article))
        written.append(f"{link} {badge(library.weakest(criterion, cite))}")
    return "; ".join(written)


def _sentences(criterion: Criterion) -> str:
    said = criterion.sentences
    rows = [("met", plain(said.met)), ("not met", plain(said.not_met)), ("open", plain(said.open))]
    return table(("Status", "Sentence"), rows)


def _authorities(page: Page, library: Library, criterion: Criterion) -> str:
    if not criterion.authorities:
        return ""
    items = []
    for name in criterion.authorities:
        found = library.pack.authorities[name]
        link = page.link(plain(f"{found.name} ({found.body}, {found.year})"), addresses.authority(name))
        items.append(f"{link} {badge(found.review)}: {plain(found.holding)}")
    return "## Authorities\n\n" + bullets(items)


def _used_by(page: Page, library: Library, criterion: Criterion) -> str:
    items = [
        f"{page.link(plain(item.title), addresses.criterion(item.id))} {code(item.id)}{flag(item.review)}"
        for item in library.by_criterion.get(criterion.id, ())
    ]
    items += [
        f"conflict of norms: {page.link(plain(words(item.id)), f'{addresses.CONFLICTS}#{item.id}')}"
        for item in library.conflicts_by_criterion.get(criterion.id, ())
    ]
    return "## Used by\n\n" + bullets(items) if items else ""

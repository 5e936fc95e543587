"""The vocabulary: one page for each theme, one entry for each question a lawyer can be asked."""

from __future__ import annotations

from api.documents.language.law_words import BURDENS, TYPES
from api.law.library import Library
from engine.content.models import Pack
from engine.facts.values import show
from engine.facts.vocabulary import CASE, OPEN, REQUESTED, REQUESTING, Closure, Fact

from . import addresses
from .words import Page, badge, code, flag, folded, plain, table, words


def facts_pages(library: Library) -> dict[str, str]:
    """Address and text of the index and of every theme."""
    pages = {"facts/index.md": _index(library)}
    for theme in library.pack.vocabulary.themes.values():
        page = Page(addresses.theme(theme.id))
        page.add(f"# {plain(theme.title)}")
        for fact in library.pack.vocabulary.facts.values():
            if fact.theme == theme.id:
                _fact(page, library, fact)
        pages[page.address] = page.markdown()
    return pages


def _index(library: Library) -> str:
    vocabulary = library.pack.vocabulary
    page = Page("facts/index.md")
    page.add(
        "# Facts",
        f"The vocabulary has {len(vocabulary.facts)} facts. Each is a question with one name; what nobody answered is "
        f"*unknown*, never *no*. How to enter them: {page.link('case files', 'case_files.md')}.",
    )
    rows = []
    for theme in vocabulary.themes.values():
        count = sum(fact.theme == theme.id for fact in vocabulary.facts.values())
        rows.append((page.link(plain(theme.title), addresses.theme(theme.id)), str(count)))
    page.add("## Themes, in asking order", table(("Theme", "Facts"), rows))
    parts = [
        (code(part.id), plain(part.question), code(part.dated_by) if part.dated_by else "", _unlisted(part.unproved))
        for part in vocabulary.parts.values()
    ]
    page.add("## Lists", table(("List", "Question", "Ordered by", "Unknown list, on the record"), parts))
    names = [
        (page.link(code(fact.id), addresses.fact(fact)), plain(fact.question))
        for fact in sorted(vocabulary.facts.values(), key=lambda fact: fact.id)
    ]
    page.add("## All facts by name", table(("Fact", "Question"), names))
    return page.markdown()


def _unlisted(unproved: str) -> str:
    return "counts as empty" if unproved == "empty" else "stays open"


def _fact(page: Page, library: Library, fact: Fact) -> None:
    label = words(fact.id).capitalize()
    page.add(f'## {plain(fact.question)} {{ #{fact.id} data-toc-label="{label}" }}')
    page.add(f"{code(fact.id)} {badge(fact.review)}")
    if fact.help:
        page.add(plain(fact.help))
    page.add(table(("", ""), _rows(page, library, fact)))
    for answer, settled in _settles(page, library.pack, fact).items():
        page.add(folded(f"Answered '{answer}', it settles {len(settled)} other facts", ", ".join(settled)))


def _rows(page: Page, library: Library, fact: Fact) -> list[tuple[str, str]]:
    pack = library.pack
    rows = [("Answer", _answer(fact))]
    if fact.values:
        rows.append(("Values", "<br>".join(f"{code(key)} {plain(label)}" for key, label in fact.values.items())))
    if fact.scope != CASE:
        rows.append(("About", f"each of the {plain(pack.vocabulary.parts[fact.scope].title.lower())}"))
    if fact.proof:
        rows.append(("Usually proved by", plain(", ".join(fact.proof))))
    if fact.evaluative:
        rows.append(("Evaluative", "yes: a human conclusion, not a thing to look up"))
    rows += [("Burden", BURDENS[fact.burden]), ("Unknown, on the record", _unproved(fact))]
    if fact.from_latest:
        rows.append(("Follows from", f"the latest of the listed steps ({code(fact.from_latest)})"))
    rows += [("Settled unasked", _gate(page, pack, fact, closure)) for closure in fact.closed_by]
    rows.append(("Used by", _used_by(page, library, fact)))
    return rows


def _answer(fact: Fact) -> str:
    unit = f" ({words(fact.unit)})" if fact.unit else ""
    low = f", at least {fact.minimum:g}" if fact.minimum is not None else ""
    high = f", at most {fact.maximum:g}" if fact.maximum is not None else ""
    return f"{TYPES[fact.type]}{unit}{low}{high}"


def _unproved(fact: Fact) -> str:
    return "stays open" if fact.unproved == OPEN else f"counts as “{plain(show(fact.unproved, fact))}”"


def _gate(page: Page, pack: Pack, fact: Fact, closure: Closure) -> str:
    gate = pack.vocabulary.facts[closure.fact]
    answer = plain(show(closure.is_, gate))
    return (
        f"if {page.link(plain(gate.question), addresses.fact(gate))} is answered “{answer}”, "
        f"this is “{plain(show(closure.then, fact))}”"
    )


def _settles(page: Page, pack: Pack, gate: Fact) -> dict[str, list[str]]:
    """For each answer of a gate, the facts it settles."""
    settled: dict[str, list[str]] = {}
    for fact in pack.vocabulary.facts.values():
        for closure in fact.closed_by:
            if closure.fact == gate.id:
                settled.setdefault(show(closure.is_, gate), []).append(page.link(code(fact.id), addresses.fact(fact)))
    return settled


def _used_by(page: Page, library: Library, fact: Fact) -> str:
    links = [
        f"{page.link(plain(item.title), addresses.criterion(item.id))} {code(item.id)}{flag(item.review)}"
        for item in library.by_fact.get(fact.id, ())
    ]
    links += [
        f"clock: {page.link(plain(clock.title), f'{addresses.CLOCKS}#{clock.id}')}{flag(clock.review)}"
        for clock in library.clocks_by_fact.get(fact.id, ())
    ]
    if fact.id in (REQUESTING, REQUESTED):
        links.insert(0, "every instrument: it decides which treaties bind")
    return "<br>".join(links) or "no criterion directly; it opens or closes other questions, or is background"

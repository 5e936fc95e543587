"""One page for each instrument: who is bound, with which declarations, and every article beside our criteria."""

from __future__ import annotations

from api.documents.language.law_words import (
    BINDS,
    FAMILIES,
    RELATIONS,
    UNLISTED,
)
from api.law.library import Library
from engine.content.declarations import Declaration
from engine.content.models import Article, Instrument, Party
from engine.facts.values import state_name

from . import addresses
from .criteria import effect_words
from .words import Page, badge, bullets, code, day, note, plain, table, words


def instrument_pages(library: Library) -> dict[str, str]:
    """Address and text of every instrument's page."""
    pages = {"instruments/index.md": _index(library)}
    for instrument in library.pack.instruments.values():
        page = Page(addresses.instrument(instrument.id))
        _instrument(page, library, instrument)
        pages[page.address] = page.markdown()
    return pages


def coverage(library: Library, instrument: Instrument) -> tuple[int, int]:
    """How many articles are encoded, and how many there are."""
    encoded = sum(not article.not_encoded for article in instrument.articles.values())
    return encoded, len(instrument.articles)


def _index(library: Library) -> str:
    page = Page("instruments/index.md")
    page.add(
        "# Instruments",
        "What was agreed, who is bound, since when, with which reservation. Every article is accounted for: encoded by "
        f"criteria, or not, with the reason. How the register is kept: {page.link('the register', 'register.md')}.",
    )
    for family, name in FAMILIES.items():
        rows = [_row(page, library, item) for item in library.pack.instruments.values() if item.family == family]
        head = ("Instrument", "Title", "Articles encoded", "States listed", "Last checked")
        page.add(f"## {name.capitalize()}" if rows else "", table(head, rows))
    return page.markdown()


def _row(page: Page, library: Library, item: Instrument) -> tuple[str, ...]:
    encoded, total = coverage(library, item)
    return (
        page.link(plain(item.short), addresses.instrument(item.id)),
        plain(item.title),
        f"{encoded} of {total}",
        str(len(item.parties)),
        day(item.last_checked_on),
    )


def _instrument(page: Page, library: Library, instrument: Instrument) -> None:
    page.add(f"# {plain(instrument.title)}", f"{plain(instrument.short)} · {code(instrument.id)}")
    if not instrument.text_verified:
        page.add(note("warning", "Unverified text", "The authentic text was not seen in full for this register."))
    page.add(table(("", ""), _data(page, library, instrument)))
    if instrument.note:
        page.add(plain(instrument.note))
    if instrument.known_gaps:
        page.add(note("warning", "Known gaps", bullets(plain(gap) for gap in instrument.known_gaps)))
    page.add(_relations(page, library, instrument), _suspensions(instrument))
    page.add("## Articles, beside how we read them")
    if instrument.id in library.notes:
        page.add(page.link("Choices of interpretation", addresses.notes(instrument.id)))
    for number, article in instrument.articles.items():
        _article(page, library, instrument, number, article)
    page.add(_parties(instrument), _declarations(page, instrument), _clocks(page, library, instrument))
    page.add(_deciders(library, instrument))


def _data(page: Page, library: Library, instrument: Instrument) -> list[tuple[str, str]]:
    encoded, total = coverage(library, instrument)
    rows = [(f"Title ({plain(language)})", plain(title)) for language, title in instrument.other_titles.items()]
    rows += [
        ("Family", FAMILIES[instrument.family]),
        ("Reach", BINDS[instrument.binds]),
        ("Adopted", day(instrument.adopted)),
        ("In force", day(instrument.in_force_from)),
        ("Depositary", plain(instrument.depositary)),
        ("Official text", f"<{instrument.link}>"),
        ("Articles", f"{total}, of which {encoded} are encoded"),
        ("Last checked against its sources", day(instrument.last_checked_on)),
    ]
    if instrument.authentic_languages:
        rows.append(("Authentic languages", plain(", ".join(instrument.authentic_languages))))
    if instrument.parent:
        parent = library.pack.instruments[instrument.parent]
        rows.append(("Belongs to", page.link(plain(parent.short), addresses.instrument(parent.id))))
    return rows


def _relations(page: Page, library: Library, instrument: Instrument) -> str:
    items = []
    for relation in instrument.relations:
        text = RELATIONS[relation.kind]
        if relation.instrument:
            other = library.pack.instruments[relation.instrument]
            text += " " + page.link(plain(other.short), addresses.instrument(other.id))
        start = f", from {relation.valid_from}" if relation.valid_from else ""
        mark = f" {badge(relation.review)}" if relation.review else ""
        items.append(f"{text}{start}{mark}{f'. {plain(relation.note)}' if relation.note else ''}")
    return "## How it stands to other instruments\n\n" + bullets(items) if items else ""


def _suspensions(instrument: Instrument) -> str:
    rows = [
        (
            " – ".join(plain(state_name(code)) for code in item.states),
            day(item.valid_from),
            day(item.valid_until) if item.valid_until else "",
            plain(item.note),
            badge(item.review),
        )
        for item in instrument.suspensions
    ]
    return "## Suspended between\n\n" + table(("States", "From", "Until", "Note", "Review"), rows) if rows else ""


def _article(page: Page, library: Library, instrument: Instrument, number: str, article: Article) -> None:
    label = (
        f"Article {number}"
        if number[0].isdigit() or number[0] in "IVX"
        else words(number).replace("-", " ").capitalize()
    )
    page.add(f"### {plain(label)}. {plain(article.heading)} {{ #article-{addresses.slug(number)} }}")
    text = f"{plain(article.content)} {badge(article.review)}"
    if article.link:
        text += f" [official text]({article.link})"
    criteria = library.by_article.get((instrument.id, number), [])
    items = [
        f"{page.link(plain(item.title), addresses.criterion(item.id))} {code(item.id)}<br>{effect_words(item)} "
        f"{badge(item.review)}"
        for item in criteria
    ]
    items += _other_uses(page, library, instrument.id, number)
    reading = f"*Not encoded.* {plain(article.not_encoded)}" if article.not_encoded else bullets(items)
    page.add('<div class="beside" markdown>', f"<div markdown>\n\n{text}\n\n</div>")
    page.add(f"<div markdown>\n\n{reading}\n\n</div>", "</div>")


def _other_uses(page: Page, library: Library, instrument: str, number: str) -> list[str]:
    """Clocks and conflicts that cite the article."""
    items = [
        f"clock: {page.link(plain(item.title), f'{addresses.CLOCKS}#{item.id}')}"
        for item in library.clocks_on(instrument, number)
    ]
    return items + [
        f"conflict of norms: {page.link(plain(words(item.id)), f'{addresses.CONFLICTS}#{item.id}')}"
        for item in library.conflicts_on(instrument, number)
    ]


def _parties(instrument: Instrument) -> str:
    rows = [_party(code, party) for code, party in sorted(instrument.parties.items())]
    head = ("State", "Status", "Signed", "Deposited", "In force from", "Ceased on", "Review", "Note")
    return "## States\n\n" + UNLISTED[instrument.unlisted] + "\n\n" + table(head, rows)


def _party(code: str, party: Party) -> tuple[str, ...]:
    start = day(party.in_force_from) if party.status in ("party", "former_party", "unverified") else ""
    if party.not_before:
        start += f" (not before {party.not_before})"
    if party.in_force_by:
        start += f" (by {party.in_force_by} at the latest)"
    return (
        f"{plain(state_name(code))} ({code})",
        words(party.status),
        party.signed.isoformat() if party.signed else "",
        party.deposited.isoformat() if party.deposited else "",
        start,
        party.in_force_until.isoformat() if party.in_force_until else "",
        badge(party.review),
        plain(party.note),
    )


def _declarations(page: Page, instrument: Instrument) -> str:
    rows = [_declaration(page, instrument, item) for item in instrument.declarations.values()]
    head = ("State", "Article", "Kind", "Content", "Valid", "Tags", "Review")
    return "## Reservations and declarations\n\n" + table(head, rows) if rows else ""


def _declaration(page: Page, instrument: Instrument, item: Declaration) -> tuple[str, ...]:
    start = f"from {item.valid_from}" if item.valid_from else ""
    end = f"until {item.valid_until}" if item.valid_until else ""
    return (
        plain(state_name(item.state)),
        page.link(plain(item.article), addresses.article(instrument.id, item.article)),
        item.kind,
        plain(item.content) + (f"<br>*{plain(item.note)}*" if item.note else ""),
        " ".join(filter(None, (start, end))),
        " ".join(code(tag) for tag in item.tags),
        badge(item.review),
    )


def _clocks(page: Page, library: Library, instrument: Instrument) -> str:
    items = [page.link(plain(item.title), f"{addresses.CLOCKS}#{item.id}") for item in library.clocks_of(instrument.id)]
    return "## Time limits\n\n" + bullets(items) if items else ""


def _deciders(library: Library, instrument: Instrument) -> str:
    rows = [
        (plain(item.matter), plain(item.article), plain(item.who), badge(item.review))
        for item in library.pack.deciders.values()
        if item.instrument == instrument.id
    ]
    return "## Who decides\n\n" + table(("Matter", "Article", "Who", "Review"), rows) if rows else ""

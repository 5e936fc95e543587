"""The indexes: authorities, traps, readings, time limits, conflicts of norms, and all that is unverified."""

from __future__ import annotations

from api.law.library import Library
from engine.content.clocks import Clock
from engine.content.models import Authority
from engine.facts.values import state_name

from . import addresses
from .conditions import ConditionWriter
from .words import Page, badge, bullets, code, flag, plain, table, words

#: Cases by authority: the address of the page and the name of the case.
CasesByAuthority = dict[str, list[tuple[str, str]]]


def index_pages(library: Library, cases: CasesByAuthority) -> dict[str, str]:
    """Address and text of every index."""
    pages = (
        _authorities(library, cases),
        _traps(library),
        _variants(library),
        _clocks(library),
        _conflicts(library),
        _unverified(library),
    )
    return {page.address: page.markdown() for page in pages}


def _authorities(library: Library, cases: CasesByAuthority) -> Page:
    page = Page(addresses.AUTHORITIES)
    page.add("# Authorities", "Decisions, general comments and guidelines that the criteria rest on, by body.")
    bodies: dict[str, list[Authority]] = {}
    for found in library.pack.authorities.values():
        bodies.setdefault(found.body, []).append(found)
    for body, members in sorted(bodies.items()):
        page.add(f"## {plain(body)}")
        for found in sorted(members, key=lambda item: (item.year, item.id)):
            _authority(page, library, found, cases.get(found.id, []))
    return page


def _authority(page: Page, library: Library, found: Authority, cases: list[tuple[str, str]]) -> None:
    when = found.decided_on.isoformat() if found.decided_on else str(found.year)
    page.add(f"### {plain(found.name)} {{ #{found.id} }}")
    said = plain(", ".join(filter(None, (found.body, found.number, when, found.pinpoint))))
    page.add(f"{said}{_mark(found.pinpoint_review)} · {code(found.id)} {badge(found.review)}", plain(found.holding))
    items = [_criterion(page, library, item.id) for item in library.by_authority.get(found.id, ())]
    items += [f"decided case: {page.link(plain(name), address)}" for address, name in cases]
    page.add(bullets(items) or "*Not cited by a criterion.*")
    if found.note:
        page.add(plain(found.note))


def _mark(review: str | None) -> str:
    return f" (pinpoint {badge(review)})" if review else ""


def _traps(library: Library) -> Page:
    page = Page(addresses.TRAPS)
    page.add("# Traps", "Mistakes that are easy to make, each at the criterion that avoids it.")
    folder = ""
    for criterion in library.pack.criteria.values():
        if not criterion.traps:
            continue
        if criterion.id.split(".")[0] != folder:
            folder = criterion.id.split(".")[0]
            instrument = library.pack.instruments.get(folder)
            page.add(f"## {plain(instrument.short if instrument else 'Shared concepts')} {{ #{folder} }}")
        page.add(_criterion(page, library, criterion.id))
        page.add(bullets(plain(trap) for trap in criterion.traps))
    return page


def _variants(library: Library) -> Page:
    page = Page(addresses.VARIANTS)
    page.add(
        "# Readings to choose from",
        "Questions of law on which two readings coexist. A case says which it uses; the default is listed among the "
        "assumptions of every answer.",
    )
    for variant in library.pack.variants.values():
        page.add(f"## {plain(variant.question)} {{ #{variant.id} }}", f"{code(variant.id)} {badge(variant.review)}")
        rows = [
            (code(name), plain(text), "default" if name == variant.default else "")
            for name, text in variant.values.items()
        ]
        page.add(table(("Value", "Reading", ""), rows), plain(variant.note))
        used = [_criterion(page, library, item.id) for item in library.by_variant.get(variant.id, ())]
        page.add(bullets(used))
    return page


def _clocks(library: Library) -> Page:
    page = Page(addresses.CLOCKS)
    page.add(
        "# Time limits",
        "A clock tells a day and what follows when it has passed. It never decides whether surrender is allowed.",
    )
    for clock in library.pack.clocks.values():
        page.add(f"## {plain(clock.title)} {{ #{clock.id} }}", f"{code(clock.id)} {badge(clock.review)}")
        page.add(plain(clock.sentence), table(("", ""), _clock_rows(page, library, clock)))
        if clock.applies_when is not None:
            page.add("It runs only where this holds:", ConditionWriter(library.pack, page).write(clock.applies_when))
        page.add(plain(clock.note))
    return page


def _clock_rows(page: Page, library: Library, clock: Clock) -> list[tuple[str, str]]:
    facts, length = library.pack.vocabulary.facts, clock.length
    parts = [f"{amount} {unit}" for amount, unit in ((length.months, "months"), (length.days, "days")) if amount]
    rows = [
        ("Cites", _cites(page, library, clock)),
        ("Begins", page.link(plain(facts[clock.starts].question), addresses.fact(facts[clock.starts]))),
        ("Length", " and ".join(parts) or "0 days"),
        ("Then", words(clock.consequence)),
        ("Counting", "by the law of the forum" if clock.counting_rule == "forum" else plain(clock.counting_rule)),
    ]
    if clock.stopped_by:
        stop = facts[clock.stopped_by]
        rows.insert(3, ("Stopped by", page.link(plain(stop.question), addresses.fact(stop))))
    if clock.not_counted:
        first, last = (plain(facts[name].question) for name in (clock.not_counted.starts, clock.not_counted.until))
        rows.insert(3, ("Not counted", f"the days between: {first} {last}"))
    return rows


def _cites(page: Page, library: Library, item: object) -> str:
    return "; ".join(
        page.link(
            plain(f"{library.pack.instruments[cite.instrument].short} {cite.pinpoint or 'art ' + cite.article}"),
            addresses.article(cite.instrument, cite.article),
        )
        for cite in item.cites  # type: ignore[attr-defined]
    )


def _conflicts(library: Library) -> Page:
    page = Page(addresses.CONFLICTS)
    page.add(
        "# Conflicts of norms", "Which norm gives way where a bar stands against a treaty duty to extradite, and why."
    )
    for conflict in library.pack.conflicts.values():
        page.add(f"## {plain(words(conflict.id)).capitalize()} {{ #{conflict.id} }}", badge(conflict.review))
        page.add(plain(conflict.reason))
        rows = [
            (label, "<br>".join(_criterion(page, library, name) for name in names))
            for label, names in (("Prevails", conflict.prevails), ("Gives way", conflict.yields))
        ]
        rows.append(("Cites", _cites(page, library, conflict)))
        if conflict.authorities:
            links = (page.link(code(name), addresses.authority(name)) for name in conflict.authorities)
            rows.append(("Authorities", ", ".join(links)))
        page.add(table(("", ""), rows))
    return page


def _criterion(page: Page, library: Library, name: str) -> str:
    found = library.pack.criteria[name]
    return f"{page.link(plain(found.title), addresses.criterion(name))} {code(name)}{flag(found.review)}"


def _unverified(library: Library) -> Page:
    pack, page = library.pack, Page(addresses.UNVERIFIED)
    page.add(
        "# What is unverified",
        "Everything in rules and register that nobody has checked yet. The same mark stands beside it on its own page and "
        "in every answer that rests on it. To check one: read the source, correct the file, change its `review`.",
    )
    criteria = [item for item in pack.criteria.values() if item.review == "unverified"]
    page.add("## Criteria", bullets(_criterion(page, library, item.id) for item in criteria))
    authorities = [item for item in pack.authorities.values() if "unverified" in (item.review, item.pinpoint_review)]
    links = [page.link(plain(item.name), addresses.authority(item.id)) + f" {code(item.id)}" for item in authorities]
    page.add("## Authorities or their pinpoints", bullets(links))
    facts = [item for item in pack.vocabulary.facts.values() if item.review == "unverified"]
    page.add(_section("Facts", [page.link(plain(item.question), addresses.fact(item)) for item in facts]))
    page.add(_section("Readings, time limits, conflicts and deciders", _unverified_lists(page, library)))
    page.add("## Register")
    for name, instrument in pack.instruments.items():
        page.add(_section(plain(instrument.short), _unverified_register(page, library, name), "###"))
    return page


def _section(title: str, items: list[str], level: str = "##") -> str:
    return f"{level} {title}\n\n{bullets(items)}" if items else ""


def _unverified_lists(page: Page, library: Library) -> list[str]:
    pack = library.pack
    items = [
        page.link(plain(item.question), f"{addresses.VARIANTS}#{item.id}")
        for item in pack.variants.values()
        if item.review == "unverified"
    ]
    items += [
        page.link(plain(item.title), f"{addresses.CLOCKS}#{item.id}")
        for item in pack.clocks.values()
        if item.review == "unverified"
    ]
    items += [
        page.link(plain(words(item.id)), f"{addresses.CONFLICTS}#{item.id}")
        for item in pack.conflicts.values()
        if item.review == "unverified"
    ]
    return items + [
        f"who decides: {plain(item.matter)} ({page.link(plain(item.instrument), addresses.instrument(item.instrument))})"
        for item in pack.deciders.values()
        if item.review == "unverified"
    ]


def _unverified_register(page: Page, library: Library, name: str) -> list[str]:
    instrument = library.pack.instruments[name]
    items = [
        f"article {page.link(plain(number), addresses.article(name, number))} {plain(article.heading)}"
        for number, article in instrument.articles.items()
        if article.review == "unverified"
    ]
    states = [state_name(code) for code, party in sorted(instrument.parties.items()) if party.review == "unverified"]
    if states:
        items.append(f"standing of {page.link(plain(', '.join(states)), addresses.instrument(name) + '#states')}")
    items += [
        f"suspension between {plain(' and '.join(state_name(code) for code in item.states))}"
        for item in instrument.suspensions
        if item.review == "unverified"
    ]
    return items + [
        f"{item.kind} of {plain(state_name(item.state))} to article {plain(item.article)}"
        for item in instrument.declarations.values()
        if item.review == "unverified"
    ]

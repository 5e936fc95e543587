"""The discussion: one issue for each article with a ground that is met or open.

Each ground has its conclusion, rule, standard and burden, authorities, application, the other side's best argument
and the reply. Grounds that never decide admissibility, and those that are not met, are told in short.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.memo.application import applied
from api.memo.matter import Matter, weighs
from api.memo.opening import law_days
from api.memo.sides import MANY, Sides, matter_said
from api.memo.tree import Block, Item, Line, Run, Section, bullets, checked, item, line, mark, para, strong
from api.text.words import STATUSES, effect_word, plural
from engine.answer import GroundSaid


def issues(matter: Matter, number: str) -> Section:
    """All issues, the weightiest first."""
    live = ("met", "open") if matter.profile.strategy else ("met",)
    grouped: dict[tuple[str, str], list[GroundSaid]] = {}
    for ground in matter.grounds:
        if ground.status in live and weighs(ground):
            grouped.setdefault((ground.instrument, ground.article), []).append(ground)
    sections = [_issue(matter, found, f"{number}.{place}") for place, found in enumerate(grouped.values(), 1)]
    of = (
        "decides admissibility is met or open"
        if matter.profile.strategy
        else "this document may name is recorded as met"
    )
    none = () if sections else (para(f"No ground that {of}."),)
    return Section("Discussion", number, none, tuple(sections))


def _issue(matter: Matter, grounds: Sequence[GroundSaid], number: str) -> Section:
    main = grounds[0].citations[0]
    instrument = matter.engine.pack.instruments[main.instrument]
    article = instrument.articles[main.article]
    rule = para(strong("Rule. "), article.content, *checked(article.review))
    title = f"{instrument.short}, {matter.cite.provision(f'art {main.article}')}: {article.heading}"
    below = tuple(_ground(matter, ground, f"{number}.{place}") for place, ground in enumerate(grounds, 1))
    return Section(title, number, (rule,), below)


def _ground(matter: Matter, ground: GroundSaid, number: str) -> Section:
    proof = matter.answer.proof.get(ground.id)
    blocks: list[Block] = [para(*_conclusion(matter, ground, number), role="lead")]
    tests: list[str | Run] = [strong("Standard. "), f"{ground.standard}."] if ground.standard else []
    tests += [strong(" Burden. "), f"{ground.burden}."] if ground.burden else []
    blocks += [para(*tests, *law_days(ground, matter))] if tests else []
    authorities = [_authority(matter, ground, place, number) for place in range(len(ground.authorities))]
    blocks += [para(strong("Authorities")), *bullets(authorities)] if authorities else []
    steps = applied(matter, proof) if proof else ()
    blocks += [para(strong("Application")), *bullets(steps)] if steps else []
    if matter.profile.strategy:
        blocks += Sides(matter, ground, proof).blocks()
    blocks += [para(mark("Unverified: "), f"{note}.", role="note") for note in ground.unverified]
    return Section(f"{ground.title}: {STATUSES[ground.status]}", number, tuple(blocks))


def _conclusion(matter: Matter, ground: GroundSaid, number: str) -> Line:
    strict = (
        f" (by what is known alone: {STATUSES[ground.status_strict]})" if ground.status != ground.status_strict else ""
    )
    head = f"{effect_word(ground.effect).capitalize()}, {STATUSES[ground.status]}{strict}. "
    counts = [f"{_count(matter, name)}: {STATUSES[status]}" for name, status in ground.counts.items()]
    per = f" By offence: {'; '.join(counts)}." if len(counts) > 1 else ""
    return line(strong(head), ground.sentence, per, " (", matter.cite.treaty(ground.citations, number), ")")


def _count(matter: Matter, name: str) -> str:
    for part, listed in matter.weighed.read.items.items():
        for index, one in enumerate(listed):
            if one.id == name:
                return matter.speak.item(part, index)
    return "an item"


def _authority(matter: Matter, ground: GroundSaid, place: int, number: str) -> Item:
    """An authority with what it holds; told once, then named with the section that tells it."""
    said = ground.authorities[place]
    told = matter.cite.used.get(said.id, [number])[0]
    return item(matter.cite.authority(said, number), f": {said.holding}" if told == number else f" (see {told})")


def beside(matter: Matter, number: str) -> Section | None:
    """Duties, limits, detention here and breaches: they never decide admissibility."""
    live = ("met", "open") if matter.profile.verdict else ("met",)
    found = [one for one in matter.grounds if one.status in live and not weighs(one) and matter.tells_of(one)]
    rows = [
        item(
            strong(f"{one.title}: {STATUSES[one.status]}. "),
            f"{one.sentence} ({effect_word(one.effect)}; ",
            matter.cite.treaty(one.citations, number),
            ")",
            f" Not known: {plural(len(one.missing), 'fact')}." if one.status == "open" else "",
        )
        for one in found
    ]
    title = (
        "Beside admissibility: duties, limits, detention here"
        if matter.profile.verdict
        else "Limits that would bind after surrender"
    )
    return Section(title, number, bullets(rows)) if rows else None


def not_met(matter: Matter, number: str) -> Section | None:
    """Grounds examined and not met, with the reason; those of instruments not in force are counted."""
    found = [one for one in matter.grounds if one.status == "not_met" and weighs(one)]
    away = sum(one.status == "not_applicable" for one in matter.grounds)
    rows = [
        item(
            strong(f"{one.title}. "),
            f"{one.sentence} (",
            matter.cite.treaty(one.citations, number),
            ")",
            below=_why(matter, one),
        )
        for one in found
    ]
    note = para(
        f"{plural(away, 'further ground')} of instruments that do not apply here on this date {'is' if away == 1 else 'are'} left out.",
        role="note",
    )
    return (
        Section("Grounds examined and not met", number, (*bullets(rows), *((note,) if away else ())))
        if rows or away
        else None
    )


def _why(matter: Matter, ground: GroundSaid) -> list[Item]:
    told = [item(matter_said(why, matter)) for why in ground.why_not[:MANY]]
    left = len(ground.why_not) - MANY
    return [*told, item(f"and {left} more")] if left > 0 else told

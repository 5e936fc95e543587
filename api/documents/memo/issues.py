"""The discussion: one issue for each article with a ground that is met or open.

Each ground has its conclusion, rule, standard and burden, authorities, application, the other side's best argument
and the reply. Grounds that never decide admissibility, and those that are not met, are told in short.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.memo.application import applied
from api.documents.memo.argued import Argued
from api.documents.memo.matter import Matter, capital, weighs
from api.documents.memo.opening import law_days
from api.documents.memo.sides import MANY, Sides, matter_said
from api.documents.memo.tree import (
    Block,
    Item,
    Line,
    Section,
    bullets,
    item,
    line,
    mark,
    para,
    strong,
)
from engine.answer.model import GroundSaid


def issues(matter: Matter, number: str) -> Section:
    """All issues, the weightiest first."""
    live = ("met", "open") if matter.profile.strategy else ("met",)
    grouped: dict[tuple[str, str], list[GroundSaid]] = {}
    for ground in matter.grounds:
        if ground.status in live and weighs(ground):
            grouped.setdefault((ground.instrument, ground.article), []).append(ground)
    sections = [_issue(matter, found, f"{number}.{place}") for place, found in enumerate(grouped.values(), 1)]
    say = matter.speak.say
    nothing = (
        say("No ground that decides admissibility is met or open.")
        if matter.profile.strategy
        else say("No ground that this document may name is recorded as met.")
    )
    return Section(say("Discussion"), number, () if sections else (para(nothing),), tuple(sections))


def _issue(matter: Matter, grounds: Sequence[GroundSaid], number: str) -> Section:
    main = grounds[0].citations[0]
    instrument = matter.engine.pack.instruments[main.instrument]
    article = instrument.articles[main.article]
    speak = matter.speak
    rule = para(strong(f"{speak.say('Rule.')} "), speak.english(article.content), speak.checked(article.review))
    heading = speak.law("instrument", instrument.id, f"heading.{main.article}", article.heading).text
    title = f"{speak.short(instrument.id)}, {matter.cite.provision(f'art {main.article}')}: {heading}"
    below = tuple(_ground(matter, ground, f"{number}.{place}") for place, ground in enumerate(grounds, 1))
    return Section(title, number, (rule,), below)


def _ground(matter: Matter, ground: GroundSaid, number: str) -> Section:
    proof, say = matter.answer.proof.get(ground.id), matter.speak.say
    blocks: list[Block] = [para(*_conclusion(matter, ground, number), role="lead"), *_tests(matter, ground)]
    authorities = [_authority(matter, ground, place, number) for place in range(len(ground.authorities))]
    blocks += [para(strong(say("Authorities"))), *bullets(authorities)] if authorities else []
    steps = applied(matter, proof) if proof else ()
    blocks += [para(strong(say("Application"))), *bullets(steps)] if steps else []
    if matter.profile.strategy:
        dossier = matter.argued(ground) if ground.status == "met" else None
        blocks += Sides(matter, ground, proof, Argued(matter, dossier, number) if dossier else None).blocks()
    unverified = [line(mark(f"{say('Unverified:')} "), matter.speak.told(note), ".") for note in ground.unverified]
    blocks += [para(one, role="note") for one in unverified]
    return Section(f"{matter.title(ground)}: {matter.status(ground.status)}", number, tuple(blocks))


def _tests(matter: Matter, ground: GroundSaid) -> list[Block]:
    """Standard, burden, and the days of the law."""
    speak, said = matter.speak, list[Line]()
    if ground.standard:
        standard = speak.law("criterion", ground.id, "standard", ground.standard)
        said.append(line(strong(f"{speak.say('Standard.')} "), standard, "."))
    if ground.burden:
        burden = speak.law("criterion", ground.id, "burden", ground.burden)
        said.append(line(strong(f" {speak.say('Burden.')} "), burden, "."))
    return [para(*said, law_days(ground, matter))] if said else []


def _conclusion(matter: Matter, ground: GroundSaid, number: str) -> Line:
    say, status = matter.speak.say, matter.status
    known = say("by what is known alone: {status}", status=status(ground.status_strict))
    strict = f" ({known})" if ground.status != ground.status_strict else ""
    head = f"{capital(matter.effect(ground))}, {status(ground.status)}{strict}. "
    counts = "; ".join(f"{matter.speak.item_of(name)}: {status(one)}" for name, one in ground.counts.items())
    per = f" {say('By offence: {statuses}.', statuses=counts)}" if len(ground.counts) > 1 else ""
    return line(strong(head), matter.sentence(ground), per, " (", matter.cite.treaty(ground.citations, number), ")")


def _authority(matter: Matter, ground: GroundSaid, place: int, number: str) -> Item:
    """An authority with what it holds; told once, then named with the section that tells it."""
    said = ground.authorities[place]
    told = matter.cite.used.get(said.id, [number])[0]
    speak, cited = matter.speak, matter.cite.authority(said, number)
    if told == number:
        return item(cited, ": ", speak.english(said.holding))
    return item(cited, f" ({speak.say('see {section}', section=told)})")


def beside(matter: Matter, number: str) -> Section | None:
    """Duties, limits, detention here and breaches: they never decide admissibility."""
    live, say, count = ("met", "open") if matter.profile.verdict else ("met",), matter.speak.say, matter.speak.count
    found = [one for one in matter.grounds if one.status in live and not weighs(one) and matter.tells_of(one)]
    rows = [
        item(
            strong(f"{matter.title(one)}: {matter.status(one.status)}. "),
            matter.sentence(one),
            f" ({matter.effect(one)}; ",
            matter.cite.treaty(one.citations, number),
            ")",
            f" {count('Not known: {n} fact.', 'Not known: {n} facts.', len(one.missing))}"
            if one.status == "open"
            else "",
        )
        for one in found
    ]
    title = (
        say("Beside admissibility: duties, limits, detention here")
        if matter.profile.verdict
        else say("Limits that would bind after surrender")
    )
    return Section(title, number, bullets(rows)) if rows else None


def not_met(matter: Matter, number: str) -> Section | None:
    """Grounds examined and not met, with the reason; those of instruments not in force are counted."""
    found = [one for one in matter.grounds if one.status == "not_met" and weighs(one)]
    away = sum(one.status == "not_applicable" for one in matter.grounds)
    rows = [
        item(
            strong(f"{matter.title(one)}. "),
            matter.sentence(one),
            " (",
            matter.cite.treaty(one.citations, number),
            ")",
            below=_why(matter, one),
        )
        for one in found
    ]
    left = matter.speak.count(
        "{n} further ground of instruments that do not apply here on this date is left out.",
        "{n} further grounds of instruments that do not apply here on this date are left out.",
        away,
    )
    note = (para(left, role="note"),) if away else ()
    title = matter.speak.say("Grounds examined and not met")
    return Section(title, number, (*bullets(rows), *note)) if rows or away else None


def _why(matter: Matter, ground: GroundSaid) -> list[Item]:
    told = [item(matter_said(why, matter)) for why in ground.why_not[:MANY]]
    left = len(ground.why_not) - MANY
    more = matter.speak.count("and {n} more", "and {n} more", left)
    return [*told, item(more)] if left > 0 else told

"""Treaty relations, conflicts of norms and clocks of an answer on paper.

In short, treaties of one standing are named together and conflicts that only might arise are counted.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.documents.language.counting import CAVEAT, day_off
from api.documents.text.blocks import (
    Entry,
    Section,
    Span,
    entry,
    faint,
    strong,
    warn,
)
from api.documents.text.words import (
    cited,
    day,
    doubted,
    plural,
)
from engine.answer.model import (
    Answer,
    ClockSaid,
    ConflictSaid,
    TreatyRelationSaid,
)
from engine.answer.sources import NATIONAL
from engine.facts.values import state_name


def treaties(answer: Answer, *, everything: bool) -> list[Section]:
    """Which instruments stand between the two States; those on extradition with the reason."""
    relations = [one for one in answer.treaty_relations if one.family != NATIONAL]
    national = [one for one in answer.treaty_relations if one.family == NATIONAL]
    groups = {
        "binding": [one for one in relations if one.binding],
        "not clear from the register": [one for one in relations if one.binding is None],
        "not binding": [one for one in relations if one.binding is False],
        "law of the requested State, beside the treaties": national,
    }
    rows = [entry(strong(name), below=_listed(found, everything)) for name, found in groups.items() if found]
    rows += _undeclared(relations)
    return [Section("Treaty relations on this date", tuple(rows))] if rows else []


def _undeclared(relations: Iterable[TreatyRelationSaid]) -> list[Entry]:
    """Of which States, to which instruments, reservations and declarations may be missing here."""
    states: dict[tuple[str, ...], list[str]] = {}
    for one in relations:
        if one.may_have_declared:
            states.setdefault(one.may_have_declared, []).append(one.short)
    rows = [
        entry(strong(" and ".join(map(state_name, pair))), f": {', '.join(shorts)}") for pair, shorts in states.items()
    ]
    head = "It is not known whether these States made reservations or declarations that this register lacks"
    return [entry(warn(head), below=rows)] if rows else []


def _listed(found: Iterable[TreatyRelationSaid], everything: bool) -> list[Entry]:
    """One entry per instrument; in short, those with one reason together and the others by name."""
    if everything:
        return [entry(strong(one.short), f" {one.title}: {one.reason}", *_mark(one)) for one in found]
    together: dict[tuple[str, bool], list[str]] = {}
    for one in found:
        reason = one.reason if one.family == "cooperation" or one.binding is None else ""
        together.setdefault((reason, one.verified), []).append(one.short)
    rows = sorted(together.items(), key=lambda item: not item[0][0])
    return [
        entry(strong(", ".join(names)), f": {reason}" if reason else "", *([] if sure else [warn(" [unverified]")]))
        for (reason, sure), names in rows
    ]


def _mark(one: TreatyRelationSaid) -> list[Span]:
    return [] if one.verified else [warn(" [unverified]")]


def conflicts(answer: Answer, *, everything: bool) -> list[Section]:
    """Duties that give way, and why; those that only open grounds would bring about are counted."""
    grounds = {ground.id: ground for ground in answer.grounds}
    met = {name for name, ground in grounds.items() if ground.status == "met"}
    titles = {name: f"{cited(ground.citations)} {ground.title}" for name, ground in grounds.items()}
    shown = [one for one in answer.conflicts if everything or met & set(one.prevails)]
    rows = [_conflict(one, titles) for one in shown]
    left = len(answer.conflicts) - len(shown)
    rows += [entry(faint(f"{left} more would arise from grounds still open (--all)"))] if left else []
    return [Section("Conflicts of norms", tuple(rows))] if rows else []


def _conflict(one: ConflictSaid, titles: dict[str, str]) -> Entry:
    mark = warn(" [unverified]") if one.review == "unverified" and not doubted(one.citations) else ""
    below = [
        entry("prevails: ", "; ".join(titles.get(name, name) for name in one.prevails)),
        entry("gives way: ", "; ".join(titles.get(name, name) for name in one.yields)),
    ]
    return entry(one.reason, faint(f" ({cited(one.citations)})"), mark, below=below)


def clocks(answer: Answer, *, everything: bool) -> list[Section]:
    """Time limits with their days; those that have not begun are counted."""
    shown = [clock for clock in answer.clocks if everything or clock.state != "not_started"]
    left = len(answer.clocks) - len(shown)
    if not shown and left:
        return [Section(f"Clocks: {plural(left, 'clock')}, none has started (--all shows them)")]
    rows = [_clock(clock) for clock in shown]
    rows += [entry(faint(f"{left} not started (--all)"))] if left else []
    rows += [entry(faint(CAVEAT))] if shown else []
    return [Section("Clocks", tuple(rows))] if rows else []


def _clock(clock: ClockSaid) -> Entry:
    days = f", from {day(clock.starts_on)}, due {day(clock.due_on)}" if clock.due_on else ""
    off = day_off(clock.due_on) if clock.due_on else ""
    days += f" ({off})" if off else ""
    state = {"not_started": faint, "running": warn, "met": strong, "expired": warn}[clock.state]
    mark = warn(" [unverified]") if clock.review == "unverified" and not doubted(clock.citations) else ""
    head = (strong(cited(clock.citations)), f" {clock.title}: ", state(clock.state.replace("_", " ")), days, mark)
    return entry(*head, below=[entry(clock.sentence)])

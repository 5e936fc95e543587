"""Words for the leaves of a proof: the fact's own question, and what is asked of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from engine.content.clocks import Citation
from engine.content.conditions import ASSESSED_ON, All, AnyOf, Atom, Condition
from engine.content.declarations import tag_label
from engine.content.evidence import Situation
from engine.content.models import Instrument, Pack
from engine.facts.columns import Place
from engine.facts.reading import Read
from engine.facts.values import state_name
from engine.facts.vocabulary import CASE, REQUESTED, REQUESTING, Fact
from engine.inference.atoms import PAIR, Setting
from engine.inference.precedents import Row
from engine.treaties.relations import Standing

_OPS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly"}
_DATES = {">=": "on or after", ">": "after", "<=": "on or before", "<": "before", "==": "on"}


Denial = Literal["not all", "none", "answer no", "not"]
_DENIALS: dict[Denial, str] = {
    "not all": "Not all of these:",
    "none": "None of these:",
    "answer no": "The answer must be no:",
    "not": "This must not be so:",
}
#: A negated group says it in one line with the parts of the group below.
DENIED_GROUPS = (_DENIALS["not all"], _DENIALS["none"])


def denial(condition: Condition) -> Denial:
    """Tell a negation by what it negates: all of a group, any of it, a question, or anything else."""
    if isinstance(condition, All):
        return "not all"
    if isinstance(condition, AnyOf):
        return "none"
    return "answer no" if isinstance(condition, Atom) and condition.kind == "yes" else "not"


def denied_text(condition: Condition) -> str:
    """How a negation is said in plain words, by what it negates."""
    return _DENIALS[denial(condition)]


def asked_text(atom: Atom, pack: Pack) -> str:
    """One line that says what a leaf asks, unless it asks the register; it needs no case."""
    facts = [pack.vocabulary.facts[name] for name in atom.facts if name in pack.vocabulary.facts]
    if atom.kind == "variant":
        variant = pack.variants[atom.args[0]]
        return f"{variant.question} Reading: {variant.values[atom.args[1]]}"
    if atom.kind == "situation":
        level, group, _ = atom.args
        of_group = f" for the group: {pack.groups[group].title}" if group else ""
        return f"{facts[0].question} [a finding of {level}{of_group} is in force]"
    if atom.kind == "within":
        start, end = atom.args
        return "This reading holds" + (f" from {start}" if start else "") + (f" until {end}" if end else "")
    question = facts[0].question if facts else atom.facts[0]
    return question + _asked(atom, facts)


def _asked(atom: Atom, facts: list[Fact]) -> str:
    if atom.kind in ("in", "includes"):
        words = " or ".join(value_label(facts[0], str(value)) for value in atom.args)
        return f" [{words}]"
    if atom.kind == "compare":
        return f" [{_OPS[atom.args[0]]} {atom.args[1]:g} {facts[0].unit}]"
    if atom.kind == "date":
        return f" [{_DATES[atom.args[0]]} {_than(atom, facts)}]"
    if atom.kind == "nonempty":
        return " [any]"
    if atom.kind in ("same_state", "state_in") and len(facts) > 1:
        return f" [the same as: {facts[1].question}]"
    return ""


def value_label(fact: Fact, value: str) -> str:
    """The label of a value that a condition tests, or the name of the State that it is."""
    return state_name(value) if fact.type == "state" else fact.values.get(value, value)


def _than(atom: Atom, facts: list[Fact]) -> str:
    _, fixed, days, months = atom.args
    base: Any = fixed or ("the date of assessment" if ASSESSED_ON in atom.facts else facts[-1].question.rstrip("?"))
    shift = [f"{'plus' if n > 0 else 'minus'} {abs(n)} {unit}" for n, unit in ((months, "months"), (days, "days")) if n]
    return " ".join([str(base), *shift])


def register_text(atom: Atom, pack: Pack, setting: Setting, read: Read) -> str:
    """One line that says what a leaf asks of the treaty register between these States on this date."""
    instrument = pack.instruments[atom.args[0]]
    if atom.kind == "declared":
        name, tag, fact = atom.args
        who, state, words = _who(fact, read), _value(fact, read), tag_label(pack.tags, tag)
        if state and setting.relations.declared(name, tag, state, setting.assessed_on) is None:
            return undeclared(who, words, setting.relations.articles_of(name, tag), instrument)
        return f"{who} has made the declaration '{words}' to the {instrument.short}"
    standing = standing_of(atom, setting, read)
    if not atom.facts:
        return f"The {instrument.short} binds here on this date: {standing.reason}"
    day = _day(atom, read)
    question = pack.vocabulary.facts[atom.facts[0]].question
    if day is None:
        return f"The {instrument.short} bound here on the day asked for: {question}"
    return f"The {instrument.short} bound here on {day}: {standing.reason}"


def undeclared(who: str, words: str, articles: tuple[str, ...], instrument: Instrument) -> str:
    """That the register does not know of a declaration, which differs from there being none."""
    under = f"article {' or '.join(articles)} of the {instrument.short}"
    return f"The register does not know whether {who} made a declaration under {under}: {words}"


def standing_of(atom: Atom, setting: Setting, read: Read) -> Standing:
    """The treaty relation behind a test of bindingness."""
    requesting, requested = _value(REQUESTING, read), _value(REQUESTED, read)
    day = _day(atom, read) or setting.assessed_on
    if atom.args[1] == PAIR:
        return setting.relations.standing(atom.args[0], requesting, requested, day)
    return setting.relations.state(atom.args[0], _value(atom.args[1], read), day)


def _day(atom: Atom, read: Read) -> date | None:
    """The known day on which a test of bindingness is put, if it is not the date of assessment."""
    entries = read.columns.values[(CASE, 0)].get(atom.facts[0]) if atom.facts else None
    day = entries[0][0] if entries else None
    return day if isinstance(day, date) else None


def _value(fact: str, read: Read) -> str | None:
    entries = read.columns.values[(CASE, 0)].get(fact)
    return str(entries[0][0]) if entries else None


def _who(fact: str, read: Read) -> str:
    code = _value(fact, read)
    return state_name(code) if code else f"The {fact.replace('_state', ' State').replace('_', ' ')}"


def cited_line(pack: Pack, cite: Citation) -> str:
    """A citation in words; a pinpoint that nobody has checked says so wherever it is read."""
    mark = " (pinpoint unverified)" if cite.pinpoint_review == "unverified" else ""
    return f"{pack.instruments[cite.instrument].short} {cite.pinpoint or 'art ' + cite.article}{mark}"


def precedent_line(row: Row) -> str:
    """A governing precedent in one line."""
    one = row.precedent
    where = ", ".join(filter(None, [one.tribunal, one.number, one.decided_on.text]))
    return f"{one.name} ({where}), decided for the {row.side}, governs"


def situation_line(one: Situation) -> str:
    """A country finding in one line."""
    where = ", ".join(filter(None, [one.tribunal, one.case, one.number, f"as of {one.valid_from}"]))
    return f"{state_name(one.state)}: {one.finding} ({where})"


def place_label(pack: Pack, read: Read, place: Place) -> str:
    """The title of an item, or its kind and id."""
    items = read.items.get(place[0], ())
    if place[1] >= len(items):
        return f"{pack.vocabulary.parts[place[0]].item} (not described)"
    item = items[place[1]]
    return item.title or f"{pack.vocabulary.parts[place[0]].item} {item.id}"

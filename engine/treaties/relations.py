"""Which instruments bind a State, or a pair of States, on a date, and why.

An instrument that binds alone needs the requested State; one that binds a pair needs both, not
suspended between them and not displaced by a later one. What the register does not know stays
unknown (``binding`` None) and everything unverified is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.content.declarations import CompleteList, Declaration
from engine.content.models import Instrument, Pack, Party
from engine.treaties.bilateral import Bilaterals

_SURE = ("text_seen", "known")


@dataclass(frozen=True)
class Standing:
    """How one State, or a pair, stands to an instrument on a date.

    ``binding`` None means that the register cannot tell. ``since`` and ``until`` are the days on
    which the standing began and ended; ``verified`` is False when a date or status is unverified.
    """

    instrument: str
    binding: bool | None
    since: date | None
    until: date | None
    reason: str
    verified: bool


#: Standings that are remembered; whoever asks for other days all the time must not fill the memory.
_REMEMBERED = 65_536


class Relations:
    """Answers about bindingness from the register of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.instruments, self.states = pack.instruments, pack.states
        self.extended_by = {
            relation.instrument: name
            for name, instrument in pack.instruments.items()
            for relation in instrument.relations
            if relation.kind == "extends"
        }
        self._made: dict[tuple[str, str, str], list[Declaration]] = {}
        self._articles: dict[tuple[str, str], set[str]] = {}
        self._unread: dict[tuple[str, str], list[Declaration]] = {}
        for name, instrument in pack.instruments.items():
            for made in instrument.declarations.values():
                if made.unread:
                    self._unread.setdefault((name, made.state), []).append(made)
                for tag in made.tags:
                    self._made.setdefault((name, tag, made.state), []).append(made)
                    self._articles.setdefault((name, tag), set()).add(made.article)
        self.state = lru_cache(_REMEMBERED)(self._state)
        self.pair = lru_cache(_REMEMBERED)(self._pair)
        self.bilaterals = Bilaterals(pack.bilateral, self)

    def of_case(self, requesting: str | None, requested: str | None, on: date) -> list[Standing]:
        """The standing of every instrument for this request, in register order."""
        return [self.standing(name, requesting, requested, on) for name in self.instruments]

    def standing(self, name: str, requesting: str | None, requested: str | None, on: date) -> Standing:
        """The standing of one instrument: towards the requested State alone, or the pair."""
        if self.instruments[name].binds == "requested_state":
            return self.state(name, requested, on)
        return self.pair(name, requesting, requested, on)

    def declared(self, name: str, tag: str, state: str, on: date) -> bool | None:
        """Whether the State has a declaration with this tag in force on the date; None where the register cannot tell.

        A State that is not bound has none. Of another it is known that it has none where its list is
        complete, or where the register has the one it made and this ended or has not begun, unless
        a later one is on record that nobody read.
        """
        if self.state(name, state, on).binding is False:
            return False
        made = self._made.get((name, tag, state), ())
        if any(_in_force(one, on) for one in made):
            return True
        if made:
            return None if self._unread_to(name, state, on, set(self.articles_of(name, tag))) else False
        return False if self.complete(name, state, on, self.articles_of(name, tag)) else None

    def articles_of(self, name: str, tag: str) -> tuple[str, ...]:
        """The articles to which declarations with this tag are made."""
        return tuple(sorted(self._articles.get((name, tag), ())))

    def complete(self, name: str, state: str, on: date, articles: Iterable[str] = ()) -> bool:
        """Whether no declaration of the State to these articles, or to any, is missing from the register on the date."""
        instrument, asked = self.instruments[name], set(articles)
        unread = self._unread_to(name, state, on, asked)
        return not unread and any(_covers(one, instrument, state, asked, on) for one in instrument.complete)

    def _unread_to(self, name: str, state: str, on: date, asked: set[str]) -> bool:
        """Whether a declaration of the State to these articles is on record whose text nobody saw."""
        return any(
            _in_force(one, on) and (not asked or one.article in asked) for one in self._unread.get((name, state), ())
        )

    def _state(self, name: str, state: str | None, on: date) -> Standing:
        own = self._own(name, state, on)
        if own.binding is not True and name in self.extended_by:
            wider = self.state(self.extended_by[name], state, on)
            if wider.binding is True:
                reason = f"through the {self.instruments[wider.instrument].short}: {wider.reason}"
                return Standing(name, True, wider.since, wider.until, reason, wider.verified)
        needed = [r.instrument for r in self.instruments[name].relations if r.kind == "requires"]
        if own.binding and needed:
            lacking = next(
                (s for s in (self.state(other, state, on) for other in needed) if s.binding is not True), None
            )
            if lacking:
                return Standing(
                    name,
                    lacking.binding,
                    own.since,
                    own.until,
                    f"needs the {self.instruments[lacking.instrument].short}: {lacking.reason}",
                    False,
                )
        return own

    def _own(self, name: str, state: str | None, on: date) -> Standing:
        if state is None:
            return Standing(name, None, None, None, "the State is not known", False)
        party = self.instruments[name].parties.get(state)
        return self._unlisted(name, state, on) if party is None else self._of_party(name, state, party, on)

    def _unlisted(self, name: str, state: str, on: date) -> Standing:
        """What the register says of a State that an instrument's list does not name."""
        instrument, who = self.instruments[name], self.states.name(state)
        responsible = self.states.territories.get(state)
        if responsible is not None:
            return self._of_territory(name, who, responsible, on)
        if instrument.unlisted == "unknown" or not self.states.knows(state):
            return Standing(name, None, None, None, f"{who} is not in the register for this instrument", False)
        return self._never(name, who, instrument.unlisted, True, on)

    def _of_territory(self, name: str, who: str, responsible: str, on: date) -> Standing:
        """A territory is bound through the State that answers for it; how far is not in the register."""
        wider = self.state(name, responsible, on)
        if wider.binding is False:
            reason = f"{who} is a territory of {self.states.name(responsible)}: {wider.reason}"
            return Standing(name, False, wider.since, wider.until, reason, wider.verified)
        reason = f"whether it applies to {who}, a territory of {self.states.name(responsible)}, is not in the register"
        return Standing(name, None, None, None, reason, False)

    def _never(self, name: str, who: str, status: str, sure: bool, on: date) -> Standing:
        """A State that is not bound; what it did after the day of the list is not known."""
        listed_on = self.instruments[name].listed_on
        if listed_on is None or on <= listed_on or status == "not_eligible":
            return Standing(name, False, None, None, f"{who} {_NEVER[status]}", sure)
        reason = f"{who} {_NEVER_THEN[status]} on {listed_on}, the last day of the list"
        return Standing(name, False, None, None, reason, False)

    def _of_party(self, name: str, state: str, party: Party, on: date) -> Standing:
        who, sure = self.states.name(state), party.review in _SURE
        if party.status in _NEVER:
            return self._never(name, who, party.status, sure, on)
        binding, reason = _bound(who, party, on)
        verified = sure and binding is not None
        return Standing(name, binding, party.in_force_from, party.in_force_until, reason, verified)

    def _pair(self, name: str, requesting: str | None, requested: str | None, on: date) -> Standing:
        both = [self.state(name, state, on) for state in (requested, requesting)]
        joined = _join(name, both)
        if joined.binding is False or requesting is None or requested is None:
            return joined
        return (
            self._suspended(name, requesting, requested, on)
            or self._displaced(name, requesting, requested, on)
            or joined
        )

    def _suspended(self, name: str, requesting: str, requested: str, on: date) -> Standing | None:
        for suspension in self.instruments[name].suspensions:
            within = suspension.valid_from <= on <= (suspension.valid_until or date.max)
            if within and {requesting, requested} == set(suspension.states):
                reason = f"suspended between {self.states.name(requested)} and {self.states.name(requesting)} from {suspension.valid_from}"
                return Standing(name, False, None, suspension.valid_from, reason, suspension.review in _SURE)
        return None

    def _displaced(self, name: str, requesting: str, requested: str, on: date) -> Standing | None:
        for other, start in self._displacers(name, on):
            standing = self.pair(other, requesting, requested, on)
            if standing.binding is False or start > on:
                continue
            later = max(filter(None, (standing.since, start)), default=None)
            if standing.binding:
                reason = f"displaced by the {self.instruments[other].short} between these two States"
                return Standing(name, False, None, later, reason, standing.verified)
            reason = f"may be displaced by the {self.instruments[other].short}: {standing.reason}"
            return Standing(name, None, None, None, reason, False)
        return None

    def _displacers(self, name: str, on: date) -> Iterable[tuple[str, date]]:
        instrument = self.instruments[name]
        for relation in instrument.relations:
            if relation.kind == "displaced_by":
                yield relation.instrument, relation.valid_from or date.min
        if instrument.bilateral:
            for other, candidate in self.instruments.items():
                if any(r.kind == "replaces_earlier_bilaterals" for r in candidate.relations) and _earlier(
                    instrument, candidate, on
                ):
                    yield other, date.min


def _in_force(declaration: Declaration, on: date) -> bool:
    return (declaration.valid_from or date.min) <= on <= (declaration.valid_until or date.max)


def _covers(claim: CompleteList, instrument: Instrument, state: str, articles: set[str], on: date) -> bool:
    """Whether a list that is complete as of its day says so of this State, these articles and this date."""
    if state in claim.except_states or (claim.states != "every_party" and state not in claim.states):
        return False
    if claim.articles and not (articles and articles <= set(claim.articles)):
        return False
    party = instrument.parties.get(state)
    joined = (party.deposited or party.in_force_from) if party else None
    if claim.states == "every_party" and (joined is None or joined > claim.as_of):
        return False
    return on <= claim.as_of or bool(articles and articles <= set(instrument.only_on_joining))


def _earlier(bilateral: Instrument, general: Instrument, on: date) -> bool:
    """Whether the bilateral was adopted before the general treaty came to bind its two States."""
    starts = [general.parties[state].in_force_from for state in bilateral.parties if state in general.parties]
    bound = [start for start in starts if start is not None and start <= on]
    return bool(bilateral.adopted and len(bound) == len(bilateral.parties) and bilateral.adopted < max(bound))


_NEVER = {
    "signed_only": "has signed but not ratified",
    "not_party": "is not a party",
    "not_eligible": "cannot become a party",
}
_NEVER_THEN = {"signed_only": "had signed but not ratified", "not_party": "was not a party"}


def _bound(who: str, party: Party, on: date) -> tuple[bool | None, str]:
    start, end = party.in_force_from, party.in_force_until
    if end is not None and on >= end:
        return False, f"ended for {who} on {end}"
    if party.status == "unverified" and party.not_before and on < party.not_before:
        return False, f"not yet in force for {who} (not before {party.not_before})"
    if party.status == "unverified" or (party.status == "former_party" and end is None):
        return None, f"the status of {who} is not verified"
    return _begun(who, party, on, start)


def _begun(who: str, party: Party, on: date, start: date | None) -> tuple[bool | None, str]:
    earliest = start or party.not_before or party.deposited or party.signed
    if earliest is not None and on < earliest:
        return False, f"not yet in force for {who} ({'from' if start else 'not before'} {earliest})"
    if start is None and party.in_force_by and on >= party.in_force_by:
        return True, f"in force for {who} since {party.in_force_by} at the latest"
    if start is None:
        return None, f"{who} is a party, but the date of entry into force is not verified"
    return True, f"in force for {who} since {start}"


def _join(name: str, standings: list[Standing]) -> Standing:
    """Both must be bound: one that is not decides; otherwise one that is unknown leaves it unknown."""
    for wanted in (False, None):
        for one in standings:
            if one.binding is wanted:
                return Standing(name, wanted, one.since, one.until, one.reason, one.verified)
    since = max((s.since for s in standings if s.since), default=None)
    until = min((s.until for s in standings if s.until), default=None)
    reason = "; ".join(s.reason for s in standings)
    return Standing(name, True, since, until, reason, all(s.verified for s in standings))

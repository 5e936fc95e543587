"""Decided cases by their observable facts alone: what presumptions and precedents make of each, itself left out.

An entry is read like a case of today, with the facts that stood before its tribunal. Its own decision
is left out, and whatever rests on the same decision. It is tried twice: with the general picture as it
was coded, which is partly the tribunal's own view, and with the picture that the country register gives
by other, earlier decisions, which is what a lawyer has in a new case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from engine.assess import Engine, Weighed
from engine.content.documents import Document, read_path
from engine.content.evidence import CoinedFact, Precedent, Ruling, Side
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE, Place
from engine.facts.formernames import Former
from engine.facts.values import UNKNOWN, BadValue, parse, plain
from engine.facts.vocabulary import CASE
from engine.inference.coding import stated
from engine.inference.situations import Selection
from engine.reasoning.outcome import Outcome
from engine.reasoning.presumed import Presumed, PresumedValue

Picture = Literal["coded", "register"]
#: Findings that contradict others are left out one after the other, at most so many times.
_MOST_REPAIRS = 40


@dataclass(frozen=True)
class Basis:
    """What decided an issue: a presumption, a country finding or a precedent, by its id."""

    kind: str
    id: str


@dataclass(frozen=True)
class IssueResult:
    """One issue of an entry: what its tribunal held, and what comes out by facts alone."""

    issue: str
    outcome: Side
    decided_for: Side | None
    right: bool | None
    by: tuple[Basis, ...]


@dataclass(frozen=True)
class EntryResult:
    """One entry: its issues with the picture as coded and by the register, and whether surrender came out allowed."""

    id: str
    name: str
    date: str
    barred: bool
    allowed: bool
    allowed_register: bool
    issues: tuple[IssueResult, ...]
    register: tuple[IssueResult, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """How many results there are, how many are decided, and how many of those as the tribunal did."""

    results: int
    decided: int
    right: int

    @property
    def precision(self) -> float | None:
        """The part of what is decided that is decided as the tribunal did."""
        return round(self.right / self.decided, 4) if self.decided else None

    @property
    def coverage(self) -> float | None:
        """The part of all results that is decided."""
        return round(self.decided / self.results, 4) if self.results else None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        left = {"wrong": self.decided - self.right, "open": self.results - self.decided}
        return {**asdict(self), **left, "precision": self.precision, "coverage": self.coverage}


@dataclass(frozen=True)
class FactsOnly:
    """The table of a casebook by facts alone."""

    entries: tuple[EntryResult, ...]
    earlier_only: bool

    def results(self, picture: Picture) -> list[IssueResult]:
        """Every issue of every entry under a picture."""
        return [one for entry in self.entries for one in (entry.issues if picture == "coded" else entry.register)]

    def barred_but_allowed(self, picture: Picture) -> list[str]:
        """Entries in which a tribunal found for the person and surrender comes out as allowed on the record."""
        return [
            entry.id
            for entry in self.entries
            if entry.barred and (entry.allowed if picture == "coded" else entry.allowed_register)
        ]

    def sums(self, picture: Picture) -> dict[str, Any]:
        """Sums over all results, by issue and by the side for which the tribunal decided."""
        results = self.results(picture)
        issues = sorted({one.issue for one in results})
        return {
            **_sums(results).as_json(),
            "by_issue": {
                issue: {
                    **_sums(of_issue).as_json(),
                    "by_side": _by_side(of_issue),
                }
                for issue in issues
                for of_issue in [[one for one in results if one.issue == issue]]
            },
            "by_side": _by_side(results),
            "barred_but_allowed": len(self.barred_but_allowed(picture)),
        }

    def as_json(self) -> dict[str, Any]:
        """Plain data of the table."""
        return {
            "earlier_only": self.earlier_only,
            "cases": [asdict(entry) for entry in self.entries],
            "sums": self.sums("coded"),
            "sums_register": self.sums("register"),
            "barred_but_allowed": self.barred_but_allowed("coded"),
            "barred_but_allowed_register": self.barred_but_allowed("register"),
        }


def _sums(results: Sequence[IssueResult]) -> Sums:
    return Sums(len(results), sum(one.right is not None for one in results), sum(one.right is True for one in results))


def _by_side(results: Sequence[IssueResult]) -> dict[str, Any]:
    return {side: _sums([one for one in results if one.outcome == side]).as_json() for side in ("person", "state")}


def facts_only(engine: Engine, casebook: Iterable[Precedent], *, earlier_only: bool = False) -> FactsOnly:
    """Try every entry of a casebook; ``earlier_only`` consults only decisions before its own."""
    return FactsOnly(tuple(_entry(engine, one, earlier_only) for one in casebook), earlier_only)


def _entry(engine: Engine, one: Precedent, earlier_only: bool) -> EntryResult:
    selection = Selection(same_decision(engine.pack, one), not earlier_only, coined_of(one))
    coded, left_out = _weigh(engine, one, selection)
    pictured = {picture.answers for picture in engine.pack.pictures.values()}
    bare = one.model_copy(
        update={
            "situation": "",
            "situation_group": "",
            "facts": {name: value for name, value in one.facts.items() if name not in pictured},
        }
    )
    register, _ = _weigh(engine, bare, selection)
    return EntryResult(
        id=one.id,
        name=one.name,
        date=one.decided_on.text,
        barred=any(ruling.outcome == "person" for ruling in one.decided),
        allowed=coded.outcome is Outcome.ADMISSIBLE,
        allowed_register=register.outcome is Outcome.ADMISSIBLE,
        issues=tuple(_issue(engine, coded, ruling) for ruling in one.decided),
        register=tuple(_issue(engine, register, ruling) for ruling in one.decided),
        left_out=left_out,
    )


def same_decision(pack: Pack, one: Precedent) -> frozenset[str]:
    """The precedents and country findings that rest on the same decision: by id, by number, or by name and day."""

    def alike(name: str, number: str, other: Precedent | None = None) -> bool:
        day = other is not None and other.decided_on.text == one.decided_on.text
        return bool((number and number == one.number) or (name == one.name and (other is None or day)))

    precedents = {other.id for other in pack.precedents.values() if alike(other.name, other.number, other)} | {one.id}
    situations = {
        found.id
        for found in pack.situations.values()
        if found.precedent in precedents or alike(found.case, found.number)
    }
    return frozenset(precedents | situations)


def coined_of(one: Precedent) -> frozenset[tuple[str, Side]]:
    """What the vocabulary has no name for, with the side to which it points."""
    return frozenset((fact.name, fact.points) for fact in one.more_facts)


def _weigh(engine: Engine, one: Precedent, selection: Selection) -> tuple[Weighed, tuple[str, ...]]:
    """The entry as a case of its own day; findings that contradict others are left out, and named."""
    data, left_out = case_of(engine.pack, one), list[str]()
    for _ in range(_MOST_REPAIRS):
        try:
            case = engine.read(Document(data, one.id))
            return engine.weigh(case, one.decided_on.first, selection=selection), tuple(left_out)
        except InputProblems as error:
            pointers = {tuple(problem.pointer.split("/")[1:]) for problem in error.problems if problem.pointer}
            if not pointers:
                raise
            left_out += sorted("/".join(pointer) for pointer in pointers)
            for pointer in pointers:
                _leave_out(data, pointer)
    raise InputProblems([Problem(f"{one.id}: its facts contradict each other", one.id)])


def _leave_out(data: Any, pointer: Sequence[str]) -> None:
    for step in pointer[:-1]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    if isinstance(data, dict):
        data.pop(pointer[-1], None)


def case_of(pack: Pack, one: Precedent) -> dict[str, Any]:
    """The entry as the data of a case file; facts of a listed thing stand in one item.

    What an issue answers is a conclusion, and no observable fact: it is left out, should an entry have it.
    """
    data: dict[str, Any] = {"facts": {}}
    conclusions = {answer.fact for issue in pack.issues.values() for answer in issue.answers}
    for name, value in stated(pack, one):
        if name in conclusions:
            continue
        scope = pack.vocabulary.facts[name].scope
        if scope == CASE:
            data["facts"][name] = plain(value)
        else:
            data.setdefault(scope, [{}])[0][name] = plain(value)
    return data


def _issue(engine: Engine, weighed: Weighed, ruling: Ruling) -> IssueResult:
    issue = engine.pack.issues.get(ruling.issue)
    if issue is None:
        return IssueResult(ruling.issue, ruling.outcome, None, None, ())
    presumed = engine.presumed(weighed)
    place: Place = HERE if issue.scope == CASE else (issue.scope, 0)
    found: dict[Side, list[Basis]] = {"person": [], "state": []}
    for answer in issue.answers:
        if place not in weighed.evaluation.strict_columns.values:
            continue
        values = presumed.value(answer.fact, place)
        if values is None:
            held = weighed.evaluation.strict_columns.values[place].get(answer.fact)
            values = PresumedValue(held[0][0], ()) if held else None
        for side in found:
            if values is not None and values.value is not None and values.value == answer.value(side):
                found[side] += _bases(presumed, values, place) or [Basis("gate", answer.fact)]
    sides = [side for side in found if found[side]]
    decided: Side | None = sides[0] if len(sides) == 1 else None
    by = tuple(dict.fromkeys(found[decided])) if decided else ()
    return IssueResult(
        ruling.issue, ruling.outcome, decided, None if decided is None else decided == ruling.outcome, by
    )


def _bases(presumed: Presumed, values: PresumedValue, place: Place) -> list[Basis]:
    found: list[Basis] = []
    for source, _ in values.sources:
        if source.kind == "precedent":
            rows = [row for row in presumed.governing(source.id, place) if row.side == source.side]
            found += [Basis("precedent", row.precedent.id) for row in rows]
        elif source.kind == "situation":
            found += [Basis("situation", one.id) for one in presumed.findings(source.id, str(source.value))]
        else:
            found.append(Basis(source.kind, source.id))
    return found


def load_casebook(folder: Path, pack: Pack) -> list[Precedent]:
    """Every entry of a casebook from outside: YAML files, each a list of entries.

    Names that coders gave to what the vocabulary has become its facts; any other name is a fact of its own.

    Raises:
        InputProblems: a file cannot be read, or an entry lacks what makes it one.
    """
    found, problems = list[Precedent](), list[Problem]()
    for path in sorted(folder.glob("*.yaml")):
        document = read_path(path)
        entries = document.data
        if isinstance(entries, dict) and isinstance(entries.get("precedents"), dict):
            entries = [{"id": name, **body} for name, body in entries["precedents"].items()]
        if not isinstance(entries, list):
            problems.append(document.problem((), "a casebook is a list of entries"))
            continue
        for index, raw in enumerate(entries):
            try:
                found.append(_read(raw, pack))
            except (ValidationError, TypeError, AttributeError) as error:
                message = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "is no entry"
                problems.append(document.problem((index,), f"entry {index + 1}: {message}"))
    if problems:
        raise InputProblems(problems)
    if not found:
        raise InputProblems([Problem("no casebook is found here", str(folder), fix="Give a folder of YAML files")])
    return found


def _read(raw: dict[str, Any], pack: Pack) -> Precedent:
    known = {info.alias or name for name, info in Precedent.model_fields.items()}
    data = {key: value for key, value in raw.items() if key in known and value is not None}
    data["number"], data["review"] = str(raw.get("number", "")), raw.get("review", "unverified")
    facts, coined = dict[str, Any](), list[dict[str, Any]]()
    renamed = dict[str, list[Any]]()
    for name, value in (raw.get("facts") or {}).items():
        if name in pack.vocabulary.facts:
            _state(facts, pack, name, value)
        elif not _former(facts, pack, name, value):
            coined.append({"name": name, "says": str(value), "points": "person"})
            coined.append({"name": name, "says": str(value), "points": "state"})
    for fact in raw.get("more_facts") or []:
        name = str(fact["name"])
        if name in pack.coined:
            renamed[name] = [{fact_name: value} for fact_name, value in pack.coined[name].facts.items()]
            for fact_name, value in pack.coined[name].facts.items():
                _state(facts, pack, fact_name, value)
        elif name in pack.vocabulary.facts:
            _state(facts, pack, name, True)
        elif not _former(facts, pack, name, True):
            coined.append(fact)
    data["facts"] = facts
    data["more_facts"] = [
        CoinedFact.model_validate({k: one[k] for k in ("name", "says", "points") if k in one}) for one in coined
    ]
    allowed = {info.alias or name for name, info in Ruling.model_fields.items()}
    data["decided"] = [
        {
            **{key: value for key, value in ruling.items() if key in allowed and value is not None},
            "because": _renamed(ruling.get("because"), renamed),
            "despite": _renamed(ruling.get("despite"), renamed),
            "para": str(ruling.get("para") or ""),
            "confidence": ruling.get("confidence", "check"),
        }
        for ruling in raw["decided"]
    ]
    return Precedent.model_validate(data)


def _renamed(reasons: Any, renamed: dict[str, list[Any]]) -> list[Any]:
    return [each for reason in reasons or () for each in (renamed.get(str(reason)) or [reason])]


def _state(facts: dict[str, Any], pack: Pack, name: str, value: Any) -> bool:
    """State a fact; of a set one more value. A value that does not fit states nothing."""
    fact = pack.vocabulary.facts[name]
    try:
        parse(fact, [value] if fact.type == "set" and not isinstance(value, list) else value)
    except BadValue:
        return False
    if fact.type == "set":
        more = value if isinstance(value, list) else [value]
        facts[name] = [*facts.get(name, []), *(each for each in more if each not in facts.get(name, []))]
    else:
        facts.setdefault(name, value)
    return True


def _former(facts: dict[str, Any], pack: Pack, name: str, value: Any) -> bool:
    """State the facts that have had this name; whether there are any."""
    found = [Former(fact, one) for fact in pack.vocabulary.facts.values() for one in fact.formerly if one.name == name]
    for former in found:
        answer = former.answer(value)
        if answer != UNKNOWN:
            _state(facts, pack, former.fact.id, answer)
    return bool(found)

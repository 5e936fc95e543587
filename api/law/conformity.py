"""Decided cases against the engine: what the tribunal held, what the rules give, and on which grounds.

The cases are the YAML files under ``decided``; each says which results it codes. A case is
*reproduced* when every coded result comes out, *explained* when some result cannot be told from what
is reported of the decision (the case says which, and why), and it *differs* otherwise. Beside the
verdict stand the results that come out only with an evaluation of the tribunal itself entered as a
finding: these test how findings are wired to grounds, the others test the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from engine.assess import Engine, Weighed
from engine.content.documents import Document, read_path
from engine.content.models import Authority
from engine.errors import InputProblems, Problem
from engine.facts.columns import HERE
from engine.facts.reading import Reading
from engine.facts.schema import strict_date
from engine.facts.vocabulary import CASE, Review
from engine.inference.compiled import Planes, status_of
from engine.reasoning.outcome import LEVELS, Outcome, level_of

#: How a finding is marked that the tribunal itself made by evaluation.
OWN_FINDING = "the tribunal's own finding"
#: From what may be relied on most to least.
_REVIEWS: tuple[Review, ...] = ("text_seen", "known", "unverified")
_ABOUT_THE_CASE = ("name", "decided", "on", "reading", "expect", "note", "trap", "source")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Decided(_Strict):
    """Which decision a case stands for, and how its result is coded."""

    authority: str
    row: Annotated[str, BeforeValidator(str)]
    label: str
    outcome: str
    explained: str = ""


class Expected(_Strict):
    """The results that are coded: on the record, strictly, and what must not be."""

    outcome: Outcome | None = None
    status: dict[str, str] = Field(default_factory=dict)
    strict: dict[str, str] = Field(default_factory=dict)
    unwanted: dict[str, str] = Field(default_factory=dict, alias="not")

    def grounds(self) -> list[str]:
        """Every criterion that a coded result names, once, in order."""
        return list(dict.fromkeys([*self.status, *self.strict, *self.unwanted]))


class _Entry(_Strict):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)
    name: str
    note: str = ""
    decided: Decided
    on: Annotated[date, BeforeValidator(strict_date)]
    reading: Reading = "neutral"
    expect: Expected


@dataclass(frozen=True)
class DecidedCase:
    """One decided case: how it was decided, and its file without that."""

    name: str
    group: str
    note: str
    decided: Decided
    on: date
    reading: Reading
    expect: Expected
    document: Document


@dataclass(frozen=True)
class Line:
    """One line of the conformity table."""

    row: str
    case: str
    group: str
    authority: str
    route: str
    on: date
    label: str
    coded: str
    expected: dict[str, str]
    obtained: str
    statuses: dict[str, str]
    left_open: tuple[str, ...]
    driven_by: tuple[str, ...]
    review: Review
    note: str
    verdict: Literal["reproduced", "explained", "differs"]
    explanation: str
    differences: tuple[str, ...]
    needs_findings: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The conformity table of all decided cases."""

    lines: tuple[Line, ...]

    def count(self, verdict: str) -> int:
        """How many cases have this verdict."""
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def conforms(self) -> bool:
        """Whether no case differs."""
        return not self.count("differs")

    def summary(self) -> str:
        """The last line of the table."""
        return (
            f"{len(self.lines)} decided cases: {self.count('reproduced')} reproduced, "
            f"{self.count('explained')} explained, {self.count('differs')} differ."
        )

    def reach(self) -> str:
        """How far the table reaches: what is left open, and what rests on findings of the tribunals."""
        results = sum(len(line.expected) for line in self.lines)
        found = sum(len(line.needs_findings) for line in self.lines)
        left_open = sum(bool(line.left_open) for line in self.lines)
        return (
            f"Of {results} coded results {results - found} follow from the reported facts alone; {found} come out with "
            f"an evaluation of the tribunal entered as a finding. In {left_open} cases a ground that the tribunal did not "
            "find made out is open here, and so bars nothing, because the reported facts do not settle it."
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data of the table."""
        return {
            "cases": [asdict(line) | {"on": line.on.isoformat()} for line in self.lines],
            "summary": self.summary(),
            "reach": self.reach(),
            "counts": {verdict: self.count(verdict) for verdict in ("reproduced", "explained", "differs")},
            "conforms": self.conforms,
        }


def decided_folder(content: Path) -> Path:
    """Where the decided cases of a content folder are: packed beside the rules, or among the tests.

    Raises:
        InputProblems: the folder has no decided cases.
    """
    for folder in (content / "decided", content / "tests" / "cases" / "decided"):
        if folder.is_dir():
            return folder
    raise InputProblems([Problem("no decided cases are here", str(content), fix="Install Dedere again")])


def load_decided(folder: Path) -> list[DecidedCase]:
    """Read every decided case of a folder, in the order of files and cases.

    Raises:
        InputProblems: a file cannot be read, or a case lacks what a decided case needs.
    """
    found: list[DecidedCase] = []
    for path in sorted(folder.glob("*.yaml")):
        document = read_path(path)
        data = document.data if isinstance(document.data, dict) else {}
        cases, title = data.get("cases"), data.get("title")
        if not isinstance(cases, list) or not isinstance(title, str):
            raise InputProblems([document.problem((), "a file of decided cases has a 'title:' and a list of 'cases:'")])
        found += [_decided(raw, document, title, index) for index, raw in enumerate(cases)]
    if not found:
        raise InputProblems([Problem("no decided cases are found here", str(folder))])
    return found


def _decided(raw: Any, document: Document, group: str, index: int) -> DecidedCase:
    try:
        entry = _Entry.model_validate(raw)
    except ValidationError as error:
        problems = [
            document.problem(("cases", index, *fault["loc"]), f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")
            for fault in error.errors()
        ]
        raise InputProblems(problems) from None
    facts = {key: value for key, value in raw.items() if key not in _ABOUT_THE_CASE}
    lines = {path[2:]: line for path, line in document.lines.items() if path[:2] == ("cases", index)}
    case = Document(facts, document.source, lines)
    return DecidedCase(entry.name, group, entry.note, entry.decided, entry.on, entry.reading, entry.expect, case)


def conformity(engine: Engine, cases: Iterable[DecidedCase]) -> Table:
    """Assess every decided case in both engines and compare.

    Raises:
        InputProblems: a case cannot be read against this pack, or names what the pack does not have.
        EnginesDisagree: the two engines differ on a case.
    """
    return Table(tuple(line_of(engine, case) for case in cases))


def line_of(engine: Engine, case: DecidedCase) -> Line:
    """Assess one decided case in both engines and compare.

    Raises:
        InputProblems: the case cannot be read against this pack; the problem says which case of which file.
        EnginesDisagree: the two engines differ on it.
    """
    try:
        return _line(engine, case)
    except InputProblems as error:
        where = f"{case.document.source} ({case.name})"
        raise InputProblems([replace(problem, source=problem.source or where) for problem in error.problems]) from None


def _line(engine: Engine, case: DecidedCase) -> Line:
    authority = _authority(engine, case)
    weighed = engine.weigh(engine.read(case.document), case.on, case.reading)
    engine.chain(weighed)
    differences = _differences(engine, weighed, case.expect)
    driven_by = tuple(_driving(engine, weighed, case.expect))
    record = weighed.evaluation.record
    statuses = {name: _status(engine, weighed, name, record) for name in case.expect.grounds()}
    verdict: Literal["reproduced", "explained", "differs"] = "explained" if case.decided.explained else "reproduced"
    return Line(
        row=case.decided.row,
        case=case.name,
        group=case.group,
        authority=_cited(authority),
        route=_route(weighed),
        on=case.on,
        label=case.decided.label,
        coded=case.decided.outcome,
        expected=_wanted(case.expect),
        obtained=weighed.outcome.value,
        statuses=statuses,
        left_open=tuple(name for name in case.expect.unwanted if statuses[name] == "open"),
        driven_by=driven_by,
        review=_weakest([authority.review, *(engine.pack.criteria[name].review for name in driven_by)]),
        note=case.note,
        verdict="differs" if differences else verdict,
        explanation=case.decided.explained,
        differences=tuple(differences.values()),
        needs_findings=tuple(_only_with_findings(engine, case, differences)),
    )


def _authority(engine: Engine, case: DecidedCase) -> Authority:
    unknown = [name for name in case.expect.grounds() if name not in engine.pack.criteria]
    problems = [
        case.document.problem(("expect",), f"'{name}' is not a criterion", "See: dedere check") for name in unknown
    ]
    authority = engine.pack.authorities.get(case.decided.authority)
    if authority is None:
        name = case.decided.authority
        problems.append(
            case.document.problem(("decided", "authority"), f"'{name}' is not an authority of the register")
        )
    if problems or authority is None:
        raise InputProblems(problems)
    return authority


def _differences(engine: Engine, weighed: Weighed, expect: Expected) -> dict[str, str]:
    """What came out otherwise, by the name of the coded result."""
    both, found = weighed.evaluation, {}
    if expect.outcome and weighed.outcome is not expect.outcome:
        found["outcome"] = f"outcome is {weighed.outcome.value}, not {expect.outcome.value}"
    for name, wanted in expect.status.items():
        if (got := _status(engine, weighed, name, both.record)) != wanted:
            found[name] = f"{name} is {got}, not {wanted}"
    for name, wanted in expect.strict.items():
        if (got := _status(engine, weighed, name, both.strict)) != wanted:
            found[f"{name} (strict)"] = f"{name} is strictly {got}, not {wanted}"
    for name, unwanted in expect.unwanted.items():
        if _status(engine, weighed, name, both.record) == unwanted:
            found[name] = f"{name} is {unwanted}"
    return found


def _status(engine: Engine, weighed: Weighed, name: str, planes: Planes) -> str:
    """Status of a criterion; for one about offences, the status all share, or 'mixed'."""
    entry, scope = engine.program.entries[name], engine.pack.criteria[name].scope
    places = [HERE] if scope == CASE else weighed.evaluation.strict_columns.places(scope)
    found = {status_of(planes, entry, place) for place in places}
    return found.pop() if len(found) == 1 else "mixed"


def _driving(engine: Engine, weighed: Weighed, expect: Expected) -> list[str]:
    """The coded results that came out, then every other ground that fixes the outcome."""
    record = weighed.evaluation.record
    coded = [
        name for name, wanted in expect.status.items() if wanted == "met" == _status(engine, weighed, name, record)
    ]
    if weighed.outcome is Outcome.UNDETERMINED or weighed.outcome is Outcome.ADMISSIBLE:
        return coded
    level = LEVELS.index(weighed.outcome)
    fixing = [
        name
        for name, criterion in engine.pack.criteria.items()
        if level_of(criterion) == level and name not in coded and _status(engine, weighed, name, record) == "met"
    ]
    return coded + fixing


def _weakest(reviews: list[Review]) -> Review:
    return max(reviews, key=_REVIEWS.index)


def _only_with_findings(engine: Engine, case: DecidedCase, differences: Mapping[str, str]) -> list[str]:
    """The coded results that come out, but not without what the tribunal found by evaluation."""
    bare = Document(_without_own_findings(case.document.data), case.document.source)
    weighed = engine.weigh(engine.read(bare), case.on, case.reading)
    return [name for name in _differences(engine, weighed, case.expect) if name not in differences]


def _without_own_findings(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_own_findings(value) for key, value in data.items() if not _is_own(value)}
    if isinstance(data, list):
        return [_without_own_findings(value) for value in data]
    return data


def _is_own(value: Any) -> bool:
    return isinstance(value, dict) and str(value.get("note", "")).startswith(OWN_FINDING)


def _cited(authority: Authority) -> str:
    when = authority.decided_on.isoformat() if authority.decided_on else str(authority.year)
    return f"{authority.name} ({', '.join(part for part in (authority.body, authority.number, when) if part)})"


def _route(weighed: Weighed) -> str:
    def said(fact: str) -> str:
        entries = weighed.read.columns.values[HERE].get(fact)
        return str(entries[0][0]) if entries else "?"

    measure = said("measure").replace("_", " ").replace("?", "removal")
    return f"{said('requested_state')} > {said('requesting_state')}, {measure}"


def _wanted(expect: Expected) -> dict[str, str]:
    wanted = {"outcome": expect.outcome.value} if expect.outcome else {}
    wanted |= expect.status
    wanted |= {f"{name} (strict)": status for name, status in expect.strict.items()}
    return wanted | {name: f"anything but {status}" for name, status in expect.unwanted.items()}

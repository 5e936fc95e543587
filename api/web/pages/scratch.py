"""A what-if: a scratch copy of a matter's facts with some values changed. Nothing of it is kept.

Facts are named in the form as ``part:item:fact``. A fact that follows from the latest item of a list that
is given cannot be set beside that list, so it is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.cases.document import Case_, Where, finding_at, with_finding
from api.documents.language.catalogues import LawText, Speech
from api.web.pages.answers import Shown, shown, value_in
from api.web.pages.fields import Field, field_of
from api.web.pages.forms import Form
from api.web.pages.open_matter import OpenMatter
from api.web.problems import Refused
from engine.answer.grounds import Grounds
from engine.answer.model import Status
from engine.content.models import Pack
from engine.facts.casefile import Case
from engine.facts.vocabulary import CASE, Fact

#: More facts at once would be another case.
MOST = 20
_RANK: dict[Status, int] = {"met": 0, "open": 1, "not_met": 2, "not_applicable": 3}


@dataclass(frozen=True)
class Tried:
    """A fact with the value that is tried; None stands for *not known*."""

    key: str
    where: Where
    field: Field
    about: str
    value: object


@dataclass(frozen=True)
class Choice:
    """A fact that can be tried."""

    key: str
    question: str
    about: str


@dataclass(frozen=True)
class Beside:
    """A ground as it stands now and as it would stand."""

    id: str
    title: LawText
    before: Status
    after: Status

    @property
    def differs(self) -> bool:
        """Whether the values tried change it."""
        return self.before != self.after


def tried_in(held: OpenMatter, form: Form, speech: Speech) -> list[Tried]:
    """The facts of a form with their values.

    Raises:
        Refused: there is no such fact, or too many are named.
        InputProblems: a value cannot be read.
    """
    dropped = form.one("drop")
    keys = [one for one in dict.fromkeys([*form.all("at"), form.one("more")]) if one and one != dropped]
    if len(keys) > MOST:
        raise Refused(422)
    return [_tried(held, form, speech, key) for key in keys]


class WouldReplace(Exception):
    """Values that were tried stand against answers in the case; ``answers`` has each by its key in the form."""

    def __init__(self, answers: dict[str, Shown]) -> None:
        super().__init__("answers would be replaced")
        self.answers = answers


@dataclass(frozen=True)
class Replacing:
    """What whoever saves tried values has seen: the version they were tried on, and answers they agreed to replace."""

    version: int
    latest: int
    agreed: frozenset[str]

    def may_go(self, key: str, finding: Any) -> bool:
        """Whether an answer may be replaced without being shown first."""
        if shown(finding).answer in ("", "unknown"):
            return True
        if self.version != self.latest:
            return False
        bare = not isinstance(finding, dict) or finding == {"value": finding.get("value"), "standing": "asserted"}
        return bare or key in self.agreed


def replacing(form: Form, latest: int) -> Replacing:
    """What the form of a what-if says of that."""
    version = form.one("version")
    return Replacing(int(version) if version.isdecimal() else 0, latest, frozenset(form.all("replace")))


def with_tried(document: Case_, tried: list[Tried], seen: Replacing | None = None) -> Case_:
    """The case with these values; what is tried as not known is taken out, and what has the value already stays.

    Raises:
        WouldReplace: they stand against answers that whoever tried them may not have ``seen``.
    """
    against = [one for one in tried if not _says(finding_at(document, one.where), one.value)]
    if seen is not None:
        now = {one.key: finding_at(document, one.where) for one in against}
        found = {key: shown(finding) for key, finding in now.items() if not seen.may_go(key, finding)}
        if found:
            raise WouldReplace(found)
    for one in against:
        finding = None if one.value is None else {"value": one.value, "standing": "asserted"}
        document = with_finding(document, one.where, finding)
    return document


def _says(finding: Any, value: object) -> bool:
    """Whether an answer gives this value already; it then stays as it is, with all that stands beside it."""
    fields = shown(finding)
    return fields.answer == "value" and value is not None and fields.value == shown(value).value


def copy_of(held: OpenMatter, tried: list[Tried]) -> OpenMatter:
    """The scratch copy.

    Raises:
        InputProblems: the engine does not accept the case as changed.
    """
    made = OpenMatter(held.engine, held.id, held.reference, held.version, with_tried(held.document, tried))
    made.require_sound(held.unreadable)
    return made


def side_by_side(before: OpenMatter, after: OpenMatter, speech: Speech) -> list[Beside]:
    """The grounds that are met or open in either, those that differ first."""
    ours, theirs = (dict(Grounds(one.engine, one.weighed).statuses()) for one in (before, after))
    criteria = before.engine.pack.criteria
    found = [
        Beside(name, speech.law("criterion", name, "title", criteria[name].title), status, theirs[name])
        for name, status in ours.items()
        if {status, theirs[name]} & {"met", "open"} or status != theirs[name]
    ]
    return sorted(found, key=lambda one: (not one.differs, _RANK[one.after], _RANK[one.before]))


def choices(held: OpenMatter, speech: Speech) -> list[tuple[LawText, list[Choice]]]:
    """The facts that can be tried, by theme."""
    vocabulary = held.engine.pack.vocabulary
    found = []
    for theme in sorted(vocabulary.themes.values(), key=lambda one: one.order):
        facts = [
            fact
            for fact in vocabulary.facts.values()
            if fact.theme == theme.id and not follows(held.engine.pack, held.case, fact)
        ]
        own = [choice for fact in facts for choice in _choices(held, fact, speech)]
        if own:
            found.append((speech.law("theme", theme.id, "title", theme.title), own))
    return found


def follows(pack: Pack, case: Case, fact: Fact) -> bool:
    """Whether a fact's value is that of the latest item of a list that is given."""
    source = pack.vocabulary.facts.get(fact.from_latest)
    return source is not None and bool(case.items.get(source.scope))


def telling(held: OpenMatter, speech: Speech) -> list[Choice]:
    """The first of the questions that are still open, most telling first."""
    facts = [one for one in held.asked if one.fact is not None and not follows(held.engine.pack, held.case, one.fact)]
    return [
        choice
        for one in facts[:MOST]
        if one.fact is not None
        for choice in _choices(held, one.fact, speech)
        if choice.key == ":".join(one.name)
    ]


def _choices(held: OpenMatter, fact: Fact, speech: Speech) -> Iterator[Choice]:
    question = speech.law("fact", fact.id, "question", fact.question).text
    if fact.scope == CASE:
        yield Choice(f"{CASE}::{fact.id}", question, "")
        return
    for item in held.case.items.get(fact.scope, ()):
        yield Choice(f"{fact.scope}:{item.id}:{fact.id}", question, item.title or item.id)


def _tried(held: OpenMatter, form: Form, speech: Speech, key: str) -> Tried:
    where, about = _where(held, key)
    field = field_of(speech, held.engine.pack.vocabulary.facts[where[2]])
    return Tried(key, where, field, about, value_in(form, field.fact, f"v-{key}"))


def _where(held: OpenMatter, key: str) -> tuple[Where, str]:
    """Where a fact of a form stands, and what its item is called."""
    part, _, rest = key.partition(":")
    item, _, name = rest.rpartition(":")
    fact = held.engine.pack.vocabulary.facts.get(name)
    if fact is None or fact.scope != part or follows(held.engine.pack, held.case, fact):
        raise Refused(404)
    if part == CASE:
        return (CASE, "", name), ""
    found = next((one for one in held.case.items.get(part, ()) if one.id == item), None)
    if found is None:
        raise Refused(404)
    return (part, item, name), found.title or item

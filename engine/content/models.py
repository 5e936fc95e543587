"""What rules/ and instruments/ hold, as typed, final values.

Instruments say what was agreed and who is bound; criteria say how we read it. A criterion with an
*effect* is a ground. A review mark is ``text_seen``, ``known`` (pinpoint to check) or ``unverified``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from engine.content.bilateral import Bilateral
from engine.content.clocks import Citation, Clock
from engine.content.conditions import Condition
from engine.content.declarations import CompleteList, Declaration, Tag
from engine.content.evidence import CoinedName, Group, Issue, Picture, Precedent, Situation
from engine.content.states import StateRegister
from engine.facts.vocabulary import CASE, Content, Review, Vocabulary


class Effect(StrEnum):
    """What a ground does when it is met."""

    ABSOLUTE_BAR = "absolute_bar"
    MANDATORY_REFUSAL = "mandatory_refusal"
    SUSPENSION = "suspension"
    ASSURANCE_REQUIRED = "assurance_required"
    OPTIONAL_REFUSAL = "optional_refusal"
    PROCEDURAL_DEFECT = "procedural_defect"
    EXCLUDE_EVIDENCE = "exclude_evidence"
    DETENTION_UNLAWFUL = "detention_unlawful"
    OBLIGATION = "obligation"
    PROSECUTE_INSTEAD = "prosecute_instead"
    POSTPONEMENT = "postponement"
    LIMIT_AFTER_SURRENDER = "limit_after_surrender"
    NO_DUTY = "no_duty"


class Sentences(Content):
    """What the answer says of the criterion in each status, in one plain sentence."""

    met: str
    not_met: str
    open: str


STATUSES = ("met", "not_met", "open")  # of a criterion that applies


class Criterion(Content):
    """A named test. ``when`` is its condition, already joined with ``unless`` and ``answered_by``.

    Criteria of one ``series`` follow each other in time. A status in ``never`` cannot come about.
    """

    id: str
    instrument: str
    title: str
    effect: Effect | None = None
    kind: Literal["breach"] | None = None
    cites: tuple[Citation, ...] = Field(min_length=1)
    scope: str = CASE
    standard: str = ""
    burden: str = ""
    valid_from: date | None = Field(default=None, alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    variant: dict[str, str] = Field(default_factory=dict)
    series: str = ""
    answered_by: str = ""
    when: Any
    unless: Any = None
    sentences: Sentences
    authorities: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    review: Review
    note: str = ""
    never: tuple[Literal["met", "not_met", "open"], ...] = ()
    never_because: str = ""
    source: str = ""
    line: int = 0

    @property
    def condition(self) -> Condition:
        """The parsed condition."""
        condition: Condition = self.when
        return condition


Strength = Literal["sufficient", "presumption", "burden_shift", "must_examine", "excluded"]
#: Strengths that give a fact a value; the others say what a decision must deal with, or may not rest on.
PRESUMING: frozenset[Strength] = frozenset({"sufficient", "presumption", "burden_shift"})


class PresumptionSentences(Content):
    """What is reported of a presumption that applies, and of one that is rebutted."""

    applies: str
    rebutted: str = ""


class Presumption(Content):
    """A rule of law that draws an evaluative answer from other facts, until the other side rebuts it.

    ``presumes`` names values of evaluative facts. Of strength ``must_examine`` it names a duty of the
    authority instead, and of strength ``excluded`` the answers on which a decision may not rest (``excludes``).
    """

    id: str
    instrument: str
    title: str
    scope: str = CASE
    when: Any
    presumes: dict[str, Any] = Field(default_factory=dict)
    excludes: dict[str, Any] = Field(default_factory=dict)
    strength: Strength
    rebutted_by: tuple[Any, ...] = ()
    sentences: PresumptionSentences
    cites: tuple[Citation, ...] = ()
    authorities: tuple[str, ...] = ()
    valid_from: date | None = Field(default=None, alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    variant: dict[str, str] = Field(default_factory=dict)
    review: Review
    note: str = ""
    source: str = ""
    line: int = 0

    @property
    def condition(self) -> Condition:
        """The parsed condition."""
        condition: Condition = self.when
        return condition


class Authority(Content):
    """A decision, comment or guideline in support; ``number_absent`` says why it has no number."""

    id: str
    name: str
    body: str
    number: str = ""
    number_absent: str = ""
    year: int
    decided_on: date | None = Field(default=None, alias="date")
    holding: str
    pinpoint: str = ""
    pinpoint_review: Review | None = None
    review: Review
    note: str = ""


class Article(Content):
    """One article: its heading, a paraphrase, and, if nothing encodes it, the reason."""

    heading: str
    content: str
    review: Review
    not_encoded: str = ""
    link: str = ""


class Party(Content):
    """A State's standing towards an instrument; an absent date is unknown, not none.

    ``act`` is how it became bound; ``in_force_until`` the day on which it ceased. Where the first day
    is not known, it lies from ``not_before`` to ``in_force_by``. An entry with ``corrected`` was
    written by hand on that day and is not generated again.
    """

    status: Literal["party", "former_party", "signed_only", "not_party", "not_eligible", "unverified"]
    signed: date | None = None
    deposited: date | None = None
    act: Literal["", "ratification", "accession", "acceptance", "approval", "succession"] = ""
    in_force_from: date | None = None
    not_before: date | None = None
    in_force_by: date | None = None
    in_force_until: date | None = None
    corrected: date | None = None
    note: str = ""
    review: Review


class Relation(Content):
    """How an instrument stands to another: requires, extends, displaced_by, and so on."""

    kind: Literal[
        "requires",
        "extends",
        "displaced_by",
        "replaces_earlier_bilaterals",
        "yields_to_existing",
        "supplements",
        "amends",
    ]
    instrument: str = ""
    when: Literal["", "both_bound"] = ""
    valid_from: date | None = Field(default=None, alias="from")
    note: str = ""
    review: Review | None = None


class Suspension(Content):
    """The instrument is suspended between these two States in the interval."""

    states: tuple[str, str]
    valid_from: date = Field(alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    note: str = ""
    review: Review


class EntryIntoForce(Content):
    """When an instrument enters into force for a State that deposits after it is in force in general."""

    article: str
    days: int = 0
    months: int = 0
    first_of_next_month: bool = False


class Instrument(Content):
    """A treaty in the register, or the law of one State (family ``national``).

    ``unlisted`` is what a State is that parties.yaml does not name, ``listed_on`` the day of that list;
    to the articles ``only_on_joining`` declarations are made on signing or joining.
    """

    id: str
    short: str
    title: str
    other_titles: dict[str, str] = Field(default_factory=dict)
    family: Literal["human_rights", "protection", "abolition", "cooperation", "offences", "assistance", "national"]
    binds: Literal["requested_state", "pair"]
    adopted: date | None = None
    in_force_from: date | None = None
    depositary: str
    link: str
    authentic_languages: tuple[str, ...] = ()
    parent: str = ""
    last_checked_on: date
    text_verified: bool = True
    bilateral: bool = False
    unlisted: Literal["unknown", "not_party", "not_eligible"] = "unknown"
    listed_on: date | None = None
    entry_into_force: EntryIntoForce | None = None
    relations: tuple[Relation, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    known_gaps: tuple[str, ...] = ()
    note: str = ""
    articles: dict[str, Article] = Field(default_factory=dict)
    parties: dict[str, Party] = Field(default_factory=dict)
    declarations: dict[str, Declaration] = Field(default_factory=dict)
    complete: tuple[CompleteList, ...] = ()
    only_on_joining: tuple[str, ...] = ()


class Conflict(Content):
    """Which criteria prevail over which duties, and why."""

    id: str
    prevails: tuple[str, ...] = Field(min_length=1)
    yields: tuple[str, ...] = Field(min_length=1)
    reason: str
    cites: tuple[Citation, ...] = Field(min_length=1)
    authorities: tuple[str, ...] = ()
    review: Review


class Decider(Content):
    """Who decides a matter under an instrument."""

    id: str
    matter: str
    instrument: str
    article: str
    who: str
    review: Review
    note: str = ""


class Variant(Content):
    """A question of law on which two readings coexist; the case says which it uses."""

    id: str
    question: str
    values: dict[str, str]
    default: str
    note: str = ""
    review: Review


class Pack(Content):
    """Everything the engine is given: vocabulary, criteria, instruments and their digests."""

    version: str
    vocabulary: Vocabulary
    criteria: dict[str, Criterion]
    presumptions: dict[str, Presumption] = Field(default_factory=dict)
    issues: dict[str, Issue] = Field(default_factory=dict)
    precedents: dict[str, Precedent] = Field(default_factory=dict)
    situations: dict[str, Situation] = Field(default_factory=dict)
    pictures: dict[str, Picture] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(default_factory=dict)
    coined: dict[str, CoinedName] = Field(default_factory=dict)
    authorities: dict[str, Authority]
    instruments: dict[str, Instrument]
    clocks: dict[str, Clock]
    conflicts: dict[str, Conflict]
    deciders: dict[str, Decider]
    variants: dict[str, Variant]
    states: StateRegister = StateRegister()
    bilateral: tuple[Bilateral, ...] = ()
    tags: dict[str, Tag] = Field(default_factory=dict)
    rules_digest: str
    instruments_digest: str
    data_digest: str = ""  #: of what was read, while the other two are of the bytes of the files

    @property
    def digest(self) -> str:
        """SHA-256 identity of rules and instruments together."""
        return f"{self.rules_digest}+{self.instruments_digest}"

    @property
    def identity(self) -> str:
        """The same with the digest of what was read, which a kept copy of it could make another."""
        return f"{self.digest}+{self.data_digest}"

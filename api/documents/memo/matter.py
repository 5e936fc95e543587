"""What the sections of a memo are written from: one answer with its case, law, words and citations."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from api.documents.graph.turning import leaves
from api.documents.language.catalogues import ENGLISH, Speech, speech_in
from api.documents.language.words import effect_word, outcome_word, status_word
from api.documents.memo.citations import Citations, Style
from api.documents.memo.profiles import Profile
from api.documents.memo.secrecy import Secrecy
from api.documents.memo.speaker import Speaker
from api.documents.memo.tree import Run
from api.law.catalogue import Catalogue, RelationShown
from engine.answer.dossier_model import Dossier
from engine.answer.grounds import Grounds
from engine.answer.model import Answer, GroundSaid, Status
from engine.answer.sources import state_of
from engine.assess import Engine, Weighed
from engine.content.models import Effect
from engine.facts.casefile import Case
from engine.facts.reading import READINGS, Reading
from engine.facts.vocabulary import REQUESTED, REQUESTING
from engine.reasoning.outcome import LEVEL_OF, Outcome

#: Effects that speak for surrender or for neither side; all others speak for the person.
_FOR_THE_STATE = (Effect.OBLIGATION,)
_FOR_NEITHER = (Effect.POSTPONEMENT,)


@dataclass(frozen=True)
class Matter:
    """One case as one profile tells it."""

    engine: Engine
    case: Case
    weighed: Weighed
    answer: Answer
    profile: Profile
    speak: Speaker
    cite: Citations
    secrecy: Secrecy | None
    #: Dossiers by the question, once they were made
    dossiers: dict[str, Dossier] = field(default_factory=dict, compare=False, repr=False)
    #: The section in which the argument on each question stands
    told: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def grounds(self) -> tuple[GroundSaid, ...]:
        """The grounds this profile may speak of, weightiest first."""
        hidden = self.secrecy.criteria if self.secrecy else frozenset()
        return tuple(ground for ground in self.answer.grounds if ground.id not in hidden)

    def tells_of(self, ground: GroundSaid) -> bool:
        """Whether this profile speaks of such a ground; without a verdict, of those that decide and of limits."""
        return self.profile.verdict or weighs(ground) or ground.effect is Effect.LIMIT_AFTER_SURRENDER

    @cached_property
    def readings(self) -> dict[Reading, Grounds]:
        """The grounds as each side says, worked out when asked for."""
        on = self.weighed.read.assessed_on
        return {name: Grounds(self.engine, self.engine.weigh(self.case, on, name)) for name in READINGS}

    def argued(self, ground: GroundSaid) -> Dossier | None:
        """The dossier of the presumed question on which a ground turns, if it turns on one."""
        proof = self.answer.proof.get(ground.id)
        names = [leaf.fact for leaf in leaves(proof) if leaf.source == "presumption"] if proof else []
        decided = {issue.answers[0].fact for issue in self.engine.pack.issues.values()}
        own = [name for name in names if name in self.engine.program.evidence.of_fact]
        asked = next((name for name in own if name in decided), own[0] if own else "")
        if asked and asked not in self.dossiers:
            self.dossiers[asked] = self.engine.dossier(self.weighed, asked)
        return self.dossiers.get(asked)

    def outcome(self, outcome: Outcome) -> str:
        """An outcome in words."""
        return outcome_word(self.speak.speech, outcome)

    def effect(self, ground: GroundSaid) -> str:
        """What a ground does, in words."""
        return effect_word(self.speak.speech, ground.effect)

    def status(self, status: Status) -> str:
        """A status in words."""
        return status_word(self.speak.speech, status)

    def title(self, ground: GroundSaid) -> str:
        """The title of a ground."""
        return self.speak.law("criterion", ground.id, "title", ground.title).text

    def sentence(self, ground: GroundSaid) -> Run:
        """What a ground says in its status."""
        return self.speak.told(ground.sentence)

    def under(self, reading: Reading, name: str) -> Status:
        """The status of a ground under a reading."""
        return self.readings[reading].said(self.engine.pack.criteria[name]).status

    @cached_property
    def relations(self) -> list[RelationShown]:
        """Every instrument with the reservations of both States, those that bind first."""
        states = state_of(self.weighed, REQUESTING), state_of(self.weighed, REQUESTED)
        if None in states:
            return []
        return Catalogue(self.engine).relations(str(states[0]), str(states[1]), self.answer.assessed_on)


def build_matter(
    engine: Engine,
    case: Case,
    *,
    on: date | None,
    reading: Reading | None,
    profile: Profile,
    style: Style,
    speech: Speech,
    given: Answer | None = None,
) -> Matter:
    """Assess the case, reduced first if the profile asks for it; or take the answer given on it before.

    Raises:
        InputProblems: the case cannot be assessed as it stands.
    """
    secrecy = None if profile.protection else Secrecy(engine)
    case = secrecy.reduced(case) if secrecy else case
    chosen = reading or profile.reading
    weighed = engine.weigh(case, on, chosen)
    answer = given if given and not secrecy and given.reading == chosen else engine.assess(case, on, chosen)
    speak = Speaker(engine.pack, weighed.read, profile, speech)
    return Matter(
        engine,
        case,
        weighed,
        answer,
        profile,
        speak,
        Citations(style, engine.pack, speech, on=answer.assessed_on),
        secrecy,
    )


def in_english(matter: Matter) -> Matter:
    """The same matter, told in English from the beginning."""
    speech, style = speech_in(ENGLISH), matter.cite.style
    speak = Speaker(matter.engine.pack, matter.weighed.read, matter.profile, speech)
    return replace(
        matter, told={}, speak=speak, cite=Citations(style, matter.engine.pack, speech, on=matter.answer.assessed_on)
    )


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def weighs(ground: GroundSaid) -> bool:
    """Whether a ground can decide admissibility."""
    return ground.effect is not None and ground.effect in LEVEL_OF


def speaks_for(ground: GroundSaid) -> str:
    """The side that a ground helps when it is met."""
    if ground.effect in _FOR_THE_STATE:
        return "state"
    return "neither" if ground.effect in _FOR_NEITHER else "person"

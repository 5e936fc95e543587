"""A rule as a tree that a lawyer can read: joints in words, and at every leaf what is asked, with its address."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.documents.language.catalogues import LawText, Speech
from api.documents.language.law_words import WHO, WHO_THEN
from api.documents.language.marking import marked
from api.documents.language.retelling import retold
from engine.content.conditions import All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref
from engine.content.declarations import tag_label
from engine.content.models import Pack
from engine.facts.vocabulary import Review
from engine.reasoning.wording import asked_text, denial

JOINTS = {
    "all": marked("all of these"),
    "any": marked("at least one of these"),
    "answer no": marked("the answer must be no"),
    "not": marked("this must not be so"),
    "not all": marked("not all of these"),
    "none": marked("none of these"),
    "some": marked("At least one of the {part}"),
    "every": marked("Each of the {part}"),
    "latest": marked("The latest of the {part}"),
}


@dataclass(frozen=True)
class Link:
    """A text with the address of what it names; without one it is only a text."""

    text: LawText
    address: str = ""
    name: str = ""
    review: Review = "text_seen"


@dataclass(frozen=True)
class Branch:
    """A joint with what hangs on it, or a leaf with its links."""

    kind: str
    says: str = ""
    links: tuple[Link, ...] = ()
    children: tuple[Branch, ...] = ()


class Trees:
    """Makes trees of the conditions of one pack, in one language."""

    def __init__(self, speech: Speech, pack: Pack) -> None:
        self.speech, self.pack = speech, pack

    def of(self, condition: Condition) -> Branch:
        """The tree of a condition."""
        if isinstance(condition, All | AnyOf):
            kind = "all" if isinstance(condition, All) else "any"
            return self._joint(kind, *condition.of)
        if isinstance(condition, Not):
            return self._denied(condition.of)
        if isinstance(condition, Quantified):
            part = self.pack.vocabulary.parts[condition.part]
            title = self.speech.law("part", part.id, "title", part.title).text
            return self._joint(condition.quantifier, condition.of, part=title)
        if isinstance(condition, Ref):
            return Branch("criterion", links=(self.criterion(condition.criterion),))
        if isinstance(condition, Applies):
            return Branch("presumption", self.presumption(condition.presumption))
        return self._leaf(condition)

    def _joint(self, kind: str, *operands: Condition, **values: str) -> Branch:
        said = self.speech.say(JOINTS[kind], **values)
        return Branch(kind, said, children=tuple(self.of(one) for one in operands))

    def _denied(self, condition: Condition) -> Branch:
        """A negation in plain words: a group says by itself that it is negated."""
        operands = condition.of if isinstance(condition, All | AnyOf) else (condition,)
        return replace(self._joint(denial(condition), *operands), kind="not")

    def criterion(self, name: str) -> Link:
        """A criterion by its title."""
        found = self.pack.criteria[name]
        text = self.speech.law("criterion", name, "title", found.title)
        return Link(text, f"/law/criteria/{name}", name, found.review)

    def presumption(self, name: str) -> str:
        """A presumption by its title."""
        return self.speech.law("presumption", name, "title", self.pack.presumptions[name].title).text

    def fact(self, name: str, text: LawText | None = None) -> Link:
        """A fact by its question, or by what is asked of it."""
        found = self.pack.vocabulary.facts[name]
        asked = text or self.speech.law("fact", name, "question", found.question)
        return Link(asked, f"/law/facts/{name}", name, found.review)

    def instrument(self, name: str) -> Link:
        """An instrument by its short name."""
        short = self.speech.law("instrument", name, "short", self.pack.instruments[name].short)
        return Link(short, f"/law/instruments/{name}", name)

    def _leaf(self, atom: Atom) -> Branch:
        if atom.kind == "bound":
            return self._bound(atom)
        if atom.kind == "declared":
            return self._declared(atom)
        text = retold(self.speech, self.pack, asked_text(atom, self.pack))
        if atom.kind == "variant":
            return Branch("variant", links=(Link(text, review=self.pack.variants[atom.args[0]].review),))
        facts = [name for name in atom.facts if name in self.pack.vocabulary.facts]
        more = tuple(self.fact(name) for name in facts[1:])
        return Branch("fact", links=(self.fact(facts[0], text), *more))

    def _bound(self, atom: Atom) -> Branch:
        name, who = atom.args
        days = tuple(self.fact(day) for day in atom.facts)
        if who in WHO:
            said = WHO_THEN[who] if days else WHO[who]
            return Branch("bound", self.speech.say(said), (self.instrument(name), *days))
        said = self.speech.say("binds on the date of assessment the State that answers:")
        return Branch("bound", said, (self.instrument(name), self.fact(who), *days))

    def _declared(self, atom: Atom) -> Branch:
        """A declaration is told by the plain words of its tag."""
        name, tag, who = atom.args
        said = self.speech.say("there is such a declaration of the State that answers:")
        words = self.speech.law("tag", tag, "label", tag_label(self.pack.tags, tag))
        address = f"/law/instruments/{name}#declarations"
        return Branch("declared", said, (self.instrument(name), Link(words, address), self.fact(who)))

"""A condition as a nested list that a lawyer can read, with a link at every leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.content.conditions import ASSESSED_ON, All, AnyOf, Applies, Atom, Condition, Not, Quantified, Ref
from engine.content.models import Pack
from engine.errors import expected
from engine.reasoning.wording import value_label

from . import addresses
from .words import Page, code, flag, plain, words

_NUMBERS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly"}
_DATES = {">=": "on or after", ">": "after", "<=": "on or before", "<": "before", "==": "on"}
_QUANTIFIERS = {"some": "For at least one of", "every": "For each of", "latest": "For the latest of"}


class ConditionWriter:
    """Writes conditions onto one page."""

    def __init__(self, pack: Pack, page: Page) -> None:
        self.pack, self.page = pack, page

    def write(self, condition: Condition) -> str:
        """The condition as a Markdown list."""
        return "\n".join(self._lines(condition, 0))

    def _lines(self, condition: Condition, depth: int, before: str = "") -> Iterator[str]:
        if isinstance(condition, Not):
            yield from self._lines(condition.of, depth, f"{before}**not** ")
            return
        yield f"{'    ' * depth}- {before}{self._head(condition)}"
        for child in self._children(condition):
            yield from self._lines(child, depth + 1)

    def _children(self, condition: Condition) -> tuple[Condition, ...]:
        if isinstance(condition, Quantified):
            return (condition.of,)
        return condition.of if isinstance(condition, All | AnyOf) else ()

    def _head(self, condition: Condition) -> str:
        if isinstance(condition, All):
            return "**all of these:**"
        if isinstance(condition, AnyOf):
            return "**at least one of these:**"
        if isinstance(condition, Quantified):
            title = plain(self.pack.vocabulary.parts[condition.part].title.lower())
            return f"**{_QUANTIFIERS[condition.quantifier].lower()}** the {title}:"
        if isinstance(condition, Ref):
            return self._criterion(condition.criterion)
        if isinstance(condition, Applies):
            found = self.pack.presumptions[condition.presumption]
            return f"presumption: {plain(found.title)} {code(found.id)}{flag(found.review)}"
        atom = expected(condition, Atom)
        return _ATOMS[atom.kind](self, atom)

    def _criterion(self, name: str) -> str:
        found = self.pack.criteria[name]
        link = self.page.link(plain(found.title), addresses.criterion(name))
        return f"criterion: {link} {code(name)}{flag(found.review)}"

    def fact(self, name: str, asked: str = "") -> str:
        """A fact's question as a link to the fact, what is asked of it, and its name."""
        if name == ASSESSED_ON:
            return "the date of assessment"
        found = self.pack.vocabulary.facts[name]
        link = self.page.link(plain(found.question), addresses.fact(found))
        return f"{link}{f' **{asked}**' if asked else ''} {code(name)}{flag(found.review)}"

    def _labels(self, atom: Atom) -> str:
        fact = self.pack.vocabulary.facts[atom.facts[0]]
        return " or ".join(f"“{plain(value_label(fact, str(value)))}”" for value in atom.args)

    def _yes(self, atom: Atom) -> str:
        return self.fact(atom.facts[0], "yes")

    def _in(self, atom: Atom) -> str:
        return self.fact(atom.facts[0], self._labels(atom))

    def _includes(self, atom: Atom) -> str:
        return self.fact(atom.facts[0], f"includes {self._labels(atom)}")

    def _nonempty(self, atom: Atom) -> str:
        return self.fact(atom.facts[0], "at least one")

    def _compare(self, atom: Atom) -> str:
        op, value = atom.args
        unit = words(self.pack.vocabulary.facts[atom.facts[0]].unit)
        return self.fact(atom.facts[0], f"{_NUMBERS[op]} {value:g} {unit}".rstrip())

    def _date(self, atom: Atom) -> str:
        op, fixed, days, months = atom.args
        than = fixed.isoformat() if fixed else self.fact(atom.facts[1])
        shift = " and ".join(f"{amount} {unit}" for amount, unit in ((months, "months"), (days, "days")) if amount)
        return f"{self.fact(atom.facts[0], _DATES[op])}: {than}{f', plus {shift}' if shift else ''}"

    def _same_state(self, atom: Atom) -> str:
        return f"{self.fact(atom.facts[0], 'the same as')}: {self.fact(atom.facts[1])}"

    def _state_in(self, atom: Atom) -> str:
        return f"{self.fact(atom.facts[0], 'among')}: {self.fact(atom.facts[1])}"

    def _instrument(self, name: str) -> str:
        return self.page.link(plain(self.pack.instruments[name].short), addresses.instrument(name))

    def _bound(self, atom: Atom) -> str:
        name, who = atom.args
        whom = "between the two States" if who == "pair" else f"the {words(who)}"
        if atom.facts:
            return f"{self._instrument(name)} bound {whom} on the day of: {self.fact(atom.facts[0])}"
        return f"{self._instrument(name)} binds {whom} on the date of assessment"

    def _declared(self, atom: Atom) -> str:
        name, tag, who = atom.args
        return f"the {words(who)} has a declaration to {self._instrument(name)} tagged {code(tag)}"

    def _variant(self, atom: Atom) -> str:
        name, value = atom.args
        variant = self.pack.variants[name]
        question = self.page.link(plain(variant.question), f"{addresses.VARIANTS}#{name}")
        return f"the case uses this reading: {question} “{plain(variant.values[value])}”{flag(variant.review)}"


_ATOMS: dict[str, Callable[[ConditionWriter, Atom], Any]] = {
    kind: getattr(ConditionWriter, f"_{kind}")
    for kind in (
        "yes",
        "in",
        "includes",
        "nonempty",
        "compare",
        "date",
        "same_state",
        "state_in",
        "bound",
        "declared",
        "variant",
    )
}

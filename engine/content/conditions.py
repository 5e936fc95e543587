"""The closed vocabulary of conditions, as a lawyer writes it in YAML and as the engines read it.

A condition is a tree of ``all``, ``any``, ``not``, quantifiers over listed items and references to
other criteria; its leaves are *atoms*: one test of one or two facts. Nothing else can be written,
so every rule can be evaluated in three values, explained, and inverted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.content.documents import Document, Path_
from engine.errors import Problem

Quantifier = Literal["some", "every", "latest"]
COMPARISONS = (">=", ">", "<=", "<", "==")
#: The date on which the case is assessed; usable wherever a date fact is.
ASSESSED_ON = "assessed_on"
#: Keys of conditions that name something.
_WORDS = {"fact", "state", "set", "instrument", "tag", "in", "day"}


@dataclass(frozen=True)
class Atom:
    """A leaf: a test ``kind`` of ``facts`` with constant ``args`` (hashable, in a fixed order)."""

    kind: str
    facts: tuple[str, ...] = ()
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Ref:
    """The criterion with this id is met."""

    criterion: str


@dataclass(frozen=True)
class Applies:
    """The presumption with this id applies."""

    presumption: str


@dataclass(frozen=True)
class Not:
    """The condition does not hold (unknown stays unknown)."""

    of: Condition


@dataclass(frozen=True)
class All:
    """Every operand holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one operand holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Quantified:
    """``some``, ``every`` or the ``latest`` item of ``part`` satisfies the condition."""

    quantifier: Quantifier
    part: str
    of: Condition


Condition = Atom | Ref | Applies | Not | All | AnyOf | Quantified


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything below it, depth first."""
    yield condition
    if isinstance(condition, All | AnyOf):
        for operand in condition.of:
            yield from walk(operand)
    elif isinstance(condition, Not | Quantified):
        yield from walk(condition.of)


class ConditionParser:
    """Parses the YAML form; collects every problem with its line instead of stopping at the first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def parse(self, data: Any, path: Path_) -> Condition:
        """The condition at ``path``; an impossible atom after a problem was recorded."""
        if isinstance(data, str):
            return Atom("yes", (data,))
        if not isinstance(data, dict) or len(data) != 1:
            return self.refuse(path, "a condition is a fact name or a mapping with one key", f"Use one of {_known()}")
        key, body = next(iter(data.items()))
        handler = getattr(self, f"_on_{key}", None)
        if handler is None:
            return self.refuse(path, f"'{key}' is not a condition", f"Use one of {_known()}")
        result: Condition = handler(body, (*path, key))
        return result

    def refuse(self, path: Path_, message: str, fix: str = "") -> Condition:
        """Record a problem and give back a placeholder."""
        self.problems.append(self.document.problem(path, message, fix))
        return Atom("invalid")

    def _operands(self, body: Any, path: Path_) -> tuple[Condition, ...]:
        if not isinstance(body, list) or not body:
            self.refuse(path, "needs a list with at least one condition")
            return ()
        return tuple(self.parse(item, (*path, index)) for index, item in enumerate(body))

    def _on_all(self, body: Any, path: Path_) -> Condition:
        return All(self._operands(body, path))

    def _on_any(self, body: Any, path: Path_) -> Condition:
        return AnyOf(self._operands(body, path))

    def _on_not(self, body: Any, path: Path_) -> Condition:
        return Not(self.parse(body, path))

    def _on_criterion(self, body: Any, path: Path_) -> Condition:
        return Ref(body) if isinstance(body, str) else self.refuse(path, "needs the id of a criterion")

    def _on_presumption(self, body: Any, path: Path_) -> Condition:
        return Applies(body) if isinstance(body, str) else self.refuse(path, "needs the id of a presumption")

    def _pair(self, body: Any, path: Path_) -> tuple[str, Any] | None:
        if isinstance(body, dict) and len(body) == 1:
            return next(iter(body.items()))
        self.refuse(path, "needs exactly one fact with its value")
        return None

    def _values(self, kind: str, body: Any, path: Path_, *, many: bool) -> Condition:
        pair = self._pair(body, path)
        if pair is None:
            return Atom("invalid")
        fact, value = pair
        if many and not (isinstance(value, list) and value):
            return self.refuse(path, f"'{fact}' needs a list of values")
        words = [word(item) for item in (value if many else [value])]
        if not all(isinstance(item, str) for item in words):
            return self.refuse(path, f"'{fact}' is tested for words; this is something else", "Put numbers in quotes")
        return Atom(kind, (fact,), tuple(sorted(words)))

    def _on_is(self, body: Any, path: Path_) -> Condition:
        return self._values("in", body, path, many=False)

    def _on_in(self, body: Any, path: Path_) -> Condition:
        return self._values("in", body, path, many=True)

    def _on_includes(self, body: Any, path: Path_) -> Condition:
        return self._values("includes", body, path, many=False)

    def _on_includes_any(self, body: Any, path: Path_) -> Condition:
        return self._values("includes", body, path, many=True)

    def _on_nonempty(self, body: Any, path: Path_) -> Condition:
        return Atom("nonempty", (body,)) if isinstance(body, str) else self.refuse(path, "needs a fact name")

    def _fields(self, body: Any, path: Path_, needed: set[str], allowed: set[str]) -> bool:
        keys = set(body) if isinstance(body, dict) else set()
        if not isinstance(body, dict) or not needed <= keys or keys - needed - allowed:
            self.refuse(
                path,
                f"needs {', '.join(sorted(needed))}" + (f"; may have {', '.join(sorted(allowed))}" if allowed else ""),
            )
            return False
        for key in sorted(keys & _WORDS):
            if not isinstance(body[key], str):
                self.refuse((*path, key), f"'{key}' needs one word")
                return False
        return True

    def _on_compare(self, body: Any, path: Path_) -> Condition:
        if not self._fields(body, path, {"fact", "op", "value"}, set()):
            return Atom("invalid")
        if (
            body["op"] not in COMPARISONS
            or isinstance(body["value"], bool)
            or not isinstance(body["value"], int | float)
        ):
            return self.refuse(path, f"compares a number fact with a number by one of {', '.join(COMPARISONS)}")
        return Atom("compare", (body["fact"],), (body["op"], body["value"]))

    def _on_date(self, body: Any, path: Path_) -> Condition:
        if not self._fields(body, path, {"fact", "op", "than"}, {"plus_days", "plus_months"}):
            return Atom("invalid")
        than, shift = body["than"], (body.get("plus_days", 0), body.get("plus_months", 0))
        if (
            body["op"] not in COMPARISONS
            or not isinstance(than, str | date)
            or not all(isinstance(n, int) for n in shift)
        ):
            return self.refuse(path, "compares a date fact with a date, a date fact or assessed_on")
        if isinstance(than, date):
            return Atom("date", (body["fact"],), (body["op"], than, *shift))
        return Atom("date", (body["fact"], than), (body["op"], None, *shift))

    def _on_same_state(self, body: Any, path: Path_) -> Condition:
        if not (isinstance(body, list) and len(body) == 2 and all(isinstance(item, str) for item in body)):
            return self.refuse(path, "needs two State facts")
        return Atom("same_state", tuple(body))

    def _on_state_in(self, body: Any, path: Path_) -> Condition:
        if not self._fields(body, path, {"state", "set"}, set()):
            return Atom("invalid")
        return Atom("state_in", (body["state"], body["set"]))

    def _on_bound(self, body: Any, path: Path_) -> Condition:
        if not self._fields(body, path, {"instrument"}, {"state", "day"}):
            return Atom("invalid")
        day = (body["day"],) if "day" in body else ()
        return Atom("bound", day, (body["instrument"], body.get("state", "pair")))

    def _on_declared(self, body: Any, path: Path_) -> Condition:
        if not self._fields(body, path, {"instrument", "tag", "state"}, set()):
            return Atom("invalid")
        return Atom("declared", (), (body["instrument"], body["tag"], body["state"]))

    def _on_variant(self, body: Any, path: Path_) -> Condition:
        pair = self._pair(body, path)
        if pair is None:
            return Atom("invalid")
        value = word(pair[1])
        return Atom("variant", (), (pair[0], value)) if isinstance(value, str) else self.refuse(path, "needs one word")

    def _quantified(self, quantifier: Quantifier, body: Any, path: Path_) -> Condition:
        if not self._fields(body, path, {"in", "that"}, set()):
            return Atom("invalid")
        return Quantified(quantifier, body["in"], self.parse(body["that"], (*path, "that")))

    def _on_some(self, body: Any, path: Path_) -> Condition:
        return self._quantified("some", body, path)

    def _on_every(self, body: Any, path: Path_) -> Condition:
        return self._quantified("every", body, path)

    def _on_latest(self, body: Any, path: Path_) -> Condition:
        return self._quantified("latest", body, path)


def word(value: Any) -> Any:
    """YAML reads ``yes`` and ``no`` as booleans; as choice values they are words."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _known() -> str:
    names = (name.removeprefix("_on_") for name in vars(ConditionParser) if name.startswith("_on_"))
    return ", ".join(sorted(names))

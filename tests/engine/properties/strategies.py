"""Random rule bases and random cases over them, and random cases over any given pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, note
from hypothesis import strategies as st

from engine.assess import Engine, Weighed
from engine.content.conditions import All, AnyOf, Atom, Condition, Not, Quantified, Ref
from engine.content.declarations import CompleteList, Declaration
from engine.content.documents import Document
from engine.content.models import Criterion, Effect, Instrument, Pack, Relation, Suspension
from engine.errors import InputProblems
from engine.facts.values import parse
from engine.facts.vocabulary import CASE, OPEN, Fact, Part
from tests.engine.properties.evidence import with_evidence
from tests.engine.support import DAY, criterion, fact, make_pack, part, party, treaty, variant

STATES = ("AND", "MCO", "SMR")
DAYS = tuple(DAY + timedelta(days) for days in (-400, -31, -1, 0, 1, 30, 40))
NUMBERS = (0, 0.5, 1, 1.5, 2, 2.5, 3, 4)
WORDS = {"a": "A", "b": "B", "c": "C"}
PARTS = (
    part("counts", "count", needs_items=True),
    part("steps", "step", dated_by="step_on"),
    part("promises", "promise", dated_by="promised_on", unproved="empty"),
)
VARIANTS = (variant("v", "x", "y"),)
INSTRUMENTS: tuple[Instrument, ...] = (
    treaty(
        "pair",
        {"AND": party(), "MCO": party("1950-01-01"), "SMR": party(None)},
        declarations={
            "d": Declaration(state="MCO", article="1", kind="declaration", content="C", tags=("gives",), review="known")
        },
        complete=(CompleteList(states=("AND",), as_of=DAY, basis="B", review="known"),),
    ),
    treaty(
        "alone",
        {"AND": party(), "MCO": party(None, status="not_party"), "SMR": party()},
        binds="requested_state",
        declarations={
            "d": Declaration(state="AND", article="1", kind="declaration", content="C", tags=("keeps",), review="known")
        },
    ),
    treaty(
        "old",
        {"AND": party(), "MCO": party(), "SMR": party()},
        relations=(Relation(kind="displaced_by", instrument="pair"),),
        suspensions=(
            Suspension.model_validate(
                {"states": ["AND", "SMR"], "from": "2020-01-01", "until": "2020-12-31", "review": "known"}
            ),
        ),
    ),
)
DATED = {"step_on", "promised_on"}
COMPARISONS = st.sampled_from([">=", ">", "<=", "<", "=="])


def values_of(of: Fact) -> list[Any]:
    """Every value a fact of a random base can have."""
    if of.type == "yes_no":
        return [True, False]
    if of.type == "choice":
        return list(of.values)
    if of.type in ("set", "states"):
        words = sorted(of.values) if of.type == "set" else list(STATES[:2])
        return [frozenset(w for i, w in enumerate(words) if bits >> i & 1) for bits in range(1 << len(words))]
    return {"number": list(NUMBERS), "date": list(DAYS), "state": list(STATES)}[of.type]


# --- vocabularies -------------------------------------------------------------------------------

_CHEAP = ("yes_no", "yes_no", "yes_no", "choice")
_KINDS = (*_CHEAP, "set", "number", "date", "states")


@st.composite
def _fact(draw: Any, name: str, scope: str, gates: list[Fact], kinds: tuple[str, ...]) -> Fact:
    kind = draw(st.sampled_from(kinds))
    made = fact(
        name, kind, scope=scope, values=WORDS if kind == "choice" else {"a": "A", "b": "B"} if kind == "set" else {}
    )
    more: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        more["unproved"] = draw(st.sampled_from(values_of(made)))
    within = [gate for gate in gates if gate.scope in (CASE, scope) and gate.id not in DATED]
    closures = []
    for _ in range(draw(st.integers(0, 2)) if within and draw(st.booleans()) else 0):
        gate = draw(st.sampled_from(within))
        is_ = draw(st.sampled_from(values_of(gate)))
        then = draw(st.sampled_from(values_of(made)))
        if all((gate.id, is_) != (other["fact"], other["is"]) for other in closures):
            closures.append({"fact": gate.id, "is": is_, "then": then})
    return Fact.model_validate({**made.model_dump(by_alias=True), **more, "closed_by": closures})


@st.composite
def vocabularies(draw: Any, *, small: bool = False) -> tuple[list[Fact], list[Part]]:
    """Facts of every type, some of them gates; with or without listed parts."""
    kinds = _KINDS if not small else (*_CHEAP, "set", "number")
    facts: list[Fact] = []
    for index in range(draw(st.integers(2, 4 if small else 7))):
        facts.append(draw(_fact(f"f{index}", CASE, facts, kinds)))
    used = draw(st.lists(st.sampled_from(PARTS), unique_by=lambda p: p.id, max_size=1 if small else 3))
    for listed in sorted(used, key=lambda p: p.id):
        if listed.dated_by:
            facts.append(fact(listed.dated_by, "date", scope=listed.id))
        for index in range(draw(st.integers(1, 1 if small else 2))):
            facts.append(draw(_fact(f"{listed.id}{index}", listed.id, facts, _CHEAP if small else kinds)))
    steps = [f for f in facts if f.scope == "steps" and f.id not in DATED]
    if steps and draw(st.booleans()):
        source = draw(st.sampled_from(steps))
        follows = fact("follows", source.type, values=source.values, from_latest=source.id)
        facts.append(follows)
    return facts, list(used)


# --- conditions and criteria --------------------------------------------------------------------


@st.composite
def _atom(draw: Any, facts: list[Fact]) -> Condition:
    of = draw(st.sampled_from(facts))
    if of.type == "yes_no":
        return Atom("yes", (of.id,))
    if of.type == "number":
        return Atom("compare", (of.id,), (draw(COMPARISONS), draw(st.sampled_from([1, 2, 3]))))
    return draw(_date_atom(of, facts) if of.type == "date" else _word_atom(of))


@st.composite
def _word_atom(draw: Any, of: Fact) -> Condition:
    words = list(of.values) or list(STATES[:2])
    chosen = tuple(sorted(draw(st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True))))
    forms = [Atom("in", (of.id,), chosen)]
    if of.type != "choice":
        forms = [Atom("nonempty", (of.id,)), Atom("includes", (of.id,), chosen)]
    if of.type == "states":
        forms.append(Atom("state_in", ("requested_state", of.id)))
    return draw(st.sampled_from(forms))


@st.composite
def _date_atom(draw: Any, of: Fact, facts: list[Fact]) -> Condition:
    others = [other.id for other in facts if other.type == "date" and other.id != of.id]
    if of.scope == CASE and draw(st.integers(0, 3)) == 0:
        return Atom("bound", (of.id,), (draw(st.sampled_from(["pair", "alone", "old"])), "pair"))
    than = draw(st.sampled_from([DAY, "assessed_on", *others]))
    shift = draw(st.sampled_from([(0, 0), (30, 0), (0, -1)]))
    if isinstance(than, date):
        return Atom("date", (of.id,), (draw(COMPARISONS), than, *shift))
    return Atom("date", (of.id, than), (draw(COMPARISONS), None, *shift))


_SETTING_ATOMS: tuple[Condition, ...] = (
    Atom("variant", (), ("v", "y")),
    Atom("bound", (), ("pair", "pair")),
    Atom("bound", (), ("alone", "pair")),
    Atom("bound", (), ("pair", "requesting_state")),
    Atom("declared", (), ("alone", "keeps", "requested_state")),
    Atom("declared", (), ("pair", "gives", "requesting_state")),
    Atom("same_state", ("requesting_state", "requested_state")),
)


@dataclass(frozen=True)
class Ground:
    """What conditions may speak of."""

    facts: list[Fact]
    parts: list[Part]
    earlier: list[Criterion]


@st.composite
def conditions(draw: Any, ground: Ground, scope: str, depth: int) -> Condition:
    """A condition over the facts of a scope, of at most some depth."""
    here = [f for f in ground.facts if f.scope in (CASE, scope)]
    refs = [Ref(c.id) for c in ground.earlier if c.scope in (CASE, scope)]
    forms = ["atom", "atom", "setting"] + ["ref"] * bool(refs)
    if depth:
        forms += ["all", "any", "not"] + ["quantified"] * (2 if ground.parts and scope == CASE else 0)
    form = draw(st.sampled_from(forms))

    def inner(where: str = scope) -> Condition:
        return draw(conditions(ground, where, depth - 1))

    if form == "atom":
        return draw(_atom(here))
    if form == "setting":
        return draw(st.sampled_from(_SETTING_ATOMS))
    if form == "ref":
        return draw(st.sampled_from(refs))
    if form == "not":
        return Not(inner())
    if form == "quantified":
        listed = draw(st.sampled_from(ground.parts))
        quantifiers = ["some", "every"] + ["latest"] * (listed.unproved == "open" and bool(listed.dated_by))
        return Quantified(draw(st.sampled_from(quantifiers)), listed.id, inner(listed.id))
    operands = tuple(inner() for _ in range(draw(st.integers(1, 4))))
    return All(operands) if form == "all" else AnyOf(operands)


@st.composite
def packs(draw: Any, *, small: bool = False, evidence: bool = True) -> Pack:
    """A whole rule base; criteria refer only to earlier ones, and are listed in any order."""
    facts, parts = draw(vocabularies(small=small))
    made: list[Criterion] = []
    for index in range(draw(st.integers(1, 3 if small else 6))):
        counted = any(p.id == "counts" for p in parts)
        scope = draw(st.sampled_from([CASE, CASE, "counts"])) if counted else CASE
        effect = draw(st.sampled_from([*Effect, None]))
        limits: dict[str, Any] = {}
        if draw(st.integers(0, 2)) == 0:
            limits["instrument"] = draw(st.sampled_from(["pair", "alone", "old"]))
        if draw(st.integers(0, 3)) == 0:
            limits["variant"] = {"v": draw(st.sampled_from(["x", "y"]))}
        if draw(st.integers(0, 3)) == 0:
            limits["from"] = draw(st.sampled_from([None, *DAYS]))
            limits["until"] = draw(st.sampled_from([None, DAYS[-1]]))
        condition = draw(conditions(Ground(facts, parts, made), scope, 2 if small else 3))
        made.append(criterion(f"c{index}", condition, effect, scope=scope, **limits))
    listed = draw(st.permutations(made))
    pack = make_pack(facts, listed, parts=parts, variants=VARIANTS, instruments=INSTRUMENTS)
    if not evidence or draw(st.integers(0, 3)) == 0:
        return pack

    def about(of: Fact) -> st.SearchStrategy[Condition]:
        """A short condition that does not read the fact that it is to answer."""
        others = [one for one in facts if one.id != of.id]
        earlier = [one for one in made if draw(st.booleans())]
        return conditions(Ground(others or facts, parts, earlier), of.scope, draw(st.integers(0, 1)))

    return draw(with_evidence(pack, about))


# --- cases --------------------------------------------------------------------------------------


def written(of: Fact, value: Any) -> Any:
    """A value as a case file has it."""
    return sorted(value) if isinstance(value, frozenset) else value


def raw_values(of: Fact) -> st.SearchStrategy[Any]:
    """What a case file could say of a fact of any pack."""
    if of.type == "choice":
        return st.sampled_from(list(of.values))
    if of.type == "set":
        return st.lists(st.sampled_from(list(of.values)), unique=True, max_size=3)
    if of.type == "number":
        low = 0 if of.minimum is None else of.minimum
        return st.sampled_from([low, low + 1, low + 4, low + 6, low + 11, low + 12, low + 13, low + 40])
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "yes_no": st.booleans(),
        "date": st.sampled_from(DAYS),
        "state": st.sampled_from(STATES),
        "states": st.lists(st.sampled_from(STATES), unique=True, max_size=2),
    }
    return strategies[of.type]


@st.composite
def findings(draw: Any, facts: Iterable[Fact], *, known: int = 2) -> dict[str, Any]:
    """Findings for some of the facts: a value, *unknown*, or what each side says."""
    found: dict[str, Any] = {}
    for of in facts:
        form = draw(st.sampled_from(["absent"] * 2 + ["value"] * known + ["unknown", "disputed"]))
        values = raw_values(of)
        if of.id in DATED or form == "value":
            found[of.id] = draw(values)
        elif form == "unknown":
            found[of.id] = "unknown"
        elif form == "disputed":
            found[of.id] = {"standing": "disputed", "person": draw(values), "state": draw(values | st.just("unknown"))}
    return found


@st.composite
def cases(draw: Any, pack: Pack, *, known: int = 2, largest: int = 2) -> dict[str, Any]:
    """A case over a pack, as the data of a case file."""
    vocabulary = pack.vocabulary
    data: dict[str, Any] = {"facts": draw(findings(vocabulary.of_scope(CASE), known=known))}
    for name in ("requesting_state", "requested_state"):
        if draw(st.integers(0, 3)):
            data["facts"][name] = draw(st.sampled_from(STATES))
    for listed in vocabulary.parts.values():
        size = draw(st.integers(int(listed.needs_items), largest))
        if draw(st.integers(0, 2)):
            items = [draw(findings(vocabulary.of_scope(listed.id), known=known)) for _ in range(size)]
            data[listed.id] = [{"id": f"i{index}", **item} for index, item in enumerate(items)]
    chosen = {name: draw(st.sampled_from(list(v.values))) for name, v in pack.variants.items() if draw(st.booleans())}
    return {**data, "variants": chosen}


@dataclass(frozen=True)
class Weighing:
    """A case that can be weighed: its data without contradictions, and the result."""

    data: dict[str, Any]
    weighed: Weighed
    reading: Any

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a failing example shows of it."""
        printer.text(f"<{self.reading} reading of {self.data}>")


def weigh_data(engine: Engine, data: dict[str, Any], reading: Any = "neutral", on: date = DAY) -> Weighed:
    """Read and evaluate the data of a case file."""
    return engine.weigh(engine.read(Document(data, "case")), on, reading)


def consistent(engine: Engine, data: dict[str, Any], reading: Any = "neutral") -> Weighing:
    """The case without the findings that contradict others."""
    for _ in range(40):
        try:
            return Weighing(data, weigh_data(engine, data, reading), reading)
        except InputProblems as error:
            pointers = [problem.pointer.split("/")[1:] for problem in error.problems]
            slimmer = data
            for path in pointers:
                slimmer = without(slimmer, path)
            assume(slimmer != data)
            data = slimmer
    assume(False)
    raise AssertionError


def without(data: Any, path: list[str]) -> Any:
    """The same data without what stands at a path."""
    if isinstance(data, list):
        index = int(path[0])
        return [without(item, path[1:]) if place == index else item for place, item in enumerate(data)]
    if len(path) == 1:
        return {key: value for key, value in data.items() if key != path[0]}
    return {key: without(value, path[1:]) if key == path[0] else value for key, value in data.items()}


@st.composite
def weighings(draw: Any, engine: Engine, *, readings: bool = True, **more: Any) -> Weighing:
    """A case over an engine's pack, read and evaluated."""
    reading = draw(st.sampled_from(["neutral", "person", "state"])) if readings else "neutral"
    return consistent(engine, draw(cases(engine.pack, **more)), reading)


@st.composite
def engines(draw: Any, *, small: bool = False) -> Engine:
    """An engine over a random rule base; a failing example says which."""
    pack = draw(packs(small=small))
    note(described(pack))
    return Engine(pack)


@st.composite
def engines_and_cases(draw: Any, *, small: bool = False, **more: Any) -> tuple[Engine, Weighing]:
    """A random rule base and a random case over it."""
    engine = draw(engines(small=small))
    return engine, draw(weighings(engine, **more))


def parsed(of: Fact, raw: Any) -> Any:
    """What the engine keeps of a written value."""
    return parse(of, raw)


def is_open(of: Fact) -> bool:
    """Whether the burden leaves the fact unknown."""
    return bool(of.unproved == OPEN)


def described(pack: Pack) -> str:
    """A pack in a few lines, for a failing example."""
    lines = []
    for of in pack.vocabulary.facts.values():
        gates = "".join(f" <- {c.fact} is {c.is_!r} then {c.then!r}" for c in of.closed_by)
        burden = "" if is_open(of) else f" unproved {of.unproved!r}"
        lines.append(
            f"{of.scope}.{of.id}: {of.type}{gates}{burden}{' latest ' + of.from_latest if of.from_latest else ''}"
        )
    for c in pack.criteria.values():
        limits = f" [{c.instrument} {c.valid_from} {c.valid_until} {c.variant}]"
        lines.append(f"{c.scope}.{c.id}: {c.effect}{limits} {c.condition}")
    for kind in (pack.presumptions, pack.issues, pack.precedents, pack.situations, pack.groups):
        lines += [str(one) for one in kind.values()]
    return "\n".join(lines)

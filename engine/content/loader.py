"""Reading rules/ and instruments/ from their folders into one pack.

The path is the name: ``rules/<instrument>/<file>.yaml`` holds criteria whose ids begin with the
folder. All problems of all files are collected, with file and line, before anything is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from engine.content.checks import check
from engine.content.conditions import All, AnyOf, Atom, Condition, ConditionParser, Not, word
from engine.content.digest import digest_folder
from engine.content.documents import Document, Path_, read_path
from engine.content.located import Located
from engine.content.models import Authority, Clock, Conflict, Criterion, Decider, Effect, Instrument, Pack, Variant
from engine.errors import ContentProblems, InputProblems, Problem
from engine.facts.values import BadValue, hint, parse
from engine.facts.vocabulary import OPEN, Content, Fact, Part, Theme, Vocabulary

Model = TypeVar("Model", bound=Content)
_RULE_LISTS: dict[str, type[Content]] = {
    "parts": Part,
    "variants": Variant,
    "clocks": Clock,
    "conflicts": Conflict,
    "deciders": Decider,
    "authorities": Authority,
}
_KINDS = (
    "facts",
    "themes",
    "parts",
    "variants",
    "clocks",
    "conflicts",
    "deciders",
    "authorities",
    "criteria",
    "instruments",
)
_INSTRUMENT_LISTS = ("articles", "parties", "declarations")


def load_pack(rules: Path, instruments: Path, read: Callable[[Path], Document] = read_path) -> Pack:
    """Read, check and join both content folders; ``read`` reads one file.

    Raises:
        ContentProblems: every fault found, with file and line.
    """
    return load_located(rules, instruments, read)[0]


def load_located(rules: Path, instruments: Path, read: Callable[[Path], Document] = read_path) -> tuple[Pack, Located]:
    """A pack, as by ``load_pack``, and where everything in it was written.

    Raises:
        ContentProblems: every fault found, with file and line.
    """
    loader = _Loader(rules, read)
    loader.read_rules()
    loader.read_instruments(instruments)
    if loader.problems:
        raise ContentProblems(loader.problems)
    pack = loader.pack(digest_folder(rules), digest_folder(instruments))
    faults = check(pack, loader.located)
    if faults:
        raise ContentProblems(faults)
    return pack, loader.located


@dataclass
class _Loader:
    rules: Path
    read: Callable[[Path], Document] = read_path
    problems: list[Problem] = field(default_factory=list)
    #: (kind, id) -> where it was written, for the checks that come later
    located: dict[tuple[str, str], tuple[Document, Path_]] = field(default_factory=dict)
    found: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in _KINDS})
    version: str = "0"

    def read_rules(self) -> None:
        for document, relative in self._documents(self.rules):
            data = document.data if isinstance(document.data, dict) else {}
            if relative == Path("pack.yaml"):
                self.version = str(data.get("version", "0"))
            elif "criteria" in data:
                self._criteria(document, relative.parent.name)
            elif "facts" in data:
                self._theme(document)
            elif len(data) == 1 and next(iter(data)) in _RULE_LISTS:
                kind = next(iter(data))
                self._entries(document, kind, _RULE_LISTS[kind])
            else:
                self.problems.append(
                    document.problem((), "the file holds none of: facts, criteria, " + ", ".join(_RULE_LISTS))
                )

    def read_instruments(self, folder: Path) -> None:
        parts: dict[str, dict[str, Any]] = {}
        places: dict[str, Document] = {}
        for document, relative in self._documents(folder):
            name, stem = relative.parent.name, relative.stem
            parts.setdefault(name, {})
            if stem == "instrument" and isinstance(document.data, dict):
                parts[name].update(document.data)
                places[name] = document
            elif stem in _INSTRUMENT_LISTS and isinstance(document.data, dict) and set(document.data) == {stem}:
                parts[name][stem] = self._named(document, stem)
                self._locate_members(document, name, stem)
            else:
                self.problems.append(
                    document.problem(
                        (),
                        f"'{relative.name}' is not a register file",
                        f"Files are instrument, {', '.join(_INSTRUMENT_LISTS)}",
                    )
                )
        for name, data in parts.items():
            self._instrument(name, data, places.get(name))

    def _locate_members(self, document: Document, name: str, stem: str) -> None:
        for key in document.data[stem] if isinstance(document.data[stem], dict) else ():
            self.located[(stem, f"{name}/{key}")] = (document, (stem, key))

    def _instrument(self, name: str, data: dict[str, Any], document: Document | None) -> None:
        if document is None:
            self.problems.append(Problem("instrument.yaml is missing", f"instruments/{name}"))
            return
        instrument = self._build(Instrument, data, document, (), member_of=name)
        if instrument is not None and instrument.id != name:
            self.problems.append(document.problem(("id",), f"the id is '{instrument.id}' but the folder is '{name}'"))
        elif instrument is not None:
            self._keep("instruments", name, instrument, document, ())

    def _documents(self, folder: Path) -> Iterator[tuple[Document, Path]]:
        for path in sorted(folder.rglob("*.yaml")):
            try:
                yield self.read(path), path.relative_to(folder)
            except InputProblems as error:
                self.problems.extend(error.problems)

    def _named(self, document: Document, key: str) -> dict[str, Any]:
        """The mapping of names under ``key``; empty after a problem was recorded."""
        found = document.data[key]
        if found is not None and not isinstance(found, dict):
            self.problems.append(document.problem((key,), f"'{key}' needs a mapping of names, not a list or a word"))
        return found if isinstance(found, dict) else {}

    def _theme(self, document: Document) -> None:
        data = dict(document.data)
        facts = self._named(document, "facts")
        del data["facts"]
        if "theme" not in data:
            self.problems.append(document.problem((), "a fact file needs 'theme'"))
            return
        theme = self._build(Theme, {"id": data.pop("theme"), **data}, document, ())
        if theme is None:
            return
        self._keep("themes", theme.id, theme, document, ())
        for position, (name, body) in enumerate(facts.items()):
            extra = {"id": name, "theme": theme.id, "order": position}
            fact = self._build(Fact, self._fact_words(body, extra), document, ("facts", name))
            if fact is not None:
                self._keep("facts", name, fact, document, ("facts", name))

    def _fact_words(self, body: Any, extra: dict[str, Any]) -> Any:
        if not isinstance(body, dict):
            return body
        fact = {**body, **extra}
        if isinstance(body.get("values"), dict):
            fact["values"] = {key: str(word(value)) for key, value in body["values"].items()}
        if body.get("type") == "choice" and "unproved" in body:
            fact["unproved"] = word(body["unproved"])
        return fact

    def _entries(self, document: Document, kind: str, model: type[Content]) -> None:
        for name, written in self._named(document, kind).items():
            path, body = (kind, name), written
            if isinstance(written, dict):
                body = {**written, "id": name}
                if kind == "clocks" and body.get("applies_when") is not None:
                    body["applies_when"] = self._condition(document, body["applies_when"], (*path, "applies_when"))
            entry = self._build(model, body, document, path)
            if entry is not None:
                self._keep(kind, name, entry, document, path)

    def _criteria(self, document: Document, folder: str) -> None:
        header = document.data.get("instrument", "")
        if folder not in ("concepts", header):
            self.problems.append(
                document.problem(
                    (), f"the file is in '{folder}' but says instrument '{header}'", "The path is the name"
                )
            )
        for unknown in sorted(set(document.data) - {"instrument", "criteria"}):
            self.problems.append(document.problem((unknown,), f"'{unknown}' is not a key of a criteria file"))
        for key, body in self._named(document, "criteria").items():
            self._criterion(document, folder, key, body)

    def _criterion(self, document: Document, folder: str, key: str, body: Any) -> None:
        path, name = ("criteria", key), f"{folder}.{key}"
        if not isinstance(body, dict) or "when" not in body:
            self.problems.append(document.problem(path, "a criterion needs a condition under 'when'"))
            return
        if body.get("effect") == Effect.ABSOLUTE_BAR and "unless" in body:
            self.problems.append(
                document.problem(
                    (*path, "unless"),
                    "an absolute bar cannot carry an exception",
                    "Remove 'unless', or the effect is not absolute",
                )
            )
        when = self._condition(document, body["when"], (*path, "when"))
        if "unless" in body:
            when = All((when, Not(self._condition(document, body["unless"], (*path, "unless")))))
        if body.get("answered_by"):
            when = answered(str(body["answered_by"]), when)
        data = {**body, "id": name, "instrument": "" if folder == "concepts" else folder, "when": when, "unless": None}
        if isinstance(body.get("variant"), dict):
            data["variant"] = {question: str(word(value)) for question, value in body["variant"].items()}
        data |= {"source": self._relative(document), "line": document.line(path)}
        criterion = self._build(Criterion, data, document, path)
        if criterion is not None:
            self._keep("criteria", name, criterion, document, path)

    def _relative(self, document: Document) -> str:
        return (Path("rules") / Path(document.source).relative_to(self.rules)).as_posix()

    def _condition(self, document: Document, data: Any, path: Path_) -> Condition:
        parser = ConditionParser(document)
        condition = parser.parse(data, path)
        self.problems.extend(parser.problems)
        return condition

    def _build(
        self, model: type[Model], data: Any, document: Document, path: Path_, member_of: str = ""
    ) -> Model | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for fault in error.errors():
                self.problems.append(self._fault(model, fault, document, path, member_of))
            return None

    def _fault(self, model: type[Content], fault: Any, document: Document, path: Path_, member_of: str) -> Problem:
        where = tuple(fault["loc"])
        if member_of and len(where) > 1 and (where[0], f"{member_of}/{where[1]}") in self.located:
            document = self.located[(str(where[0]), f"{member_of}/{where[1]}")][0]
        if fault["type"] == "extra_forbidden":
            known = [info.alias or name for name, info in model.model_fields.items()]
            return document.problem(
                (*path, *where), f"'{where[-1]}' is not a key here", hint(where[-1], known) if len(where) == 1 else ""
            )
        return document.problem((*path, *where), f"{'.'.join(str(step) for step in where)}: {fault['msg']}")

    def _keep(self, kind: str, name: str, value: Any, document: Document, path: Path_) -> None:
        if name in self.found[kind]:
            other, place = self.located[(kind, name)]
            self.problems.append(
                document.problem(path, f"'{name}' is already defined", f"See {other.source}:{other.line(place)}")
            )
            return
        self.found[kind][name] = value
        self.located[(kind, name)] = (document, path)

    def pack(self, rules_digest: str, instruments_digest: str) -> Pack:
        themes = dict(sorted(self.found["themes"].items(), key=lambda item: (item[1].order, item[0])))
        order = {name: position for position, name in enumerate(themes)}
        facts = dict(sorted(self.found["facts"].items(), key=lambda item: (order[item[1].theme], item[1].order)))
        vocabulary = Vocabulary(
            facts={name: _typed(fact, facts) for name, fact in facts.items()}, parts=self.found["parts"], themes=themes
        )
        lists: Any = {
            kind: dict(sorted(self.found[kind].items())) for kind in _KINDS if kind not in ("facts", "themes", "parts")
        }
        return Pack.model_construct(
            version=self.version,
            vocabulary=vocabulary,
            rules_digest=rules_digest,
            instruments_digest=instruments_digest,
            **lists,
        )


def answered(fact: str, rules: Condition) -> Condition:
    """A direct conclusion on record answers the criterion; where none was made the rules do."""
    return AnyOf((Atom("in", (fact,), ("met",)), All((Atom("in", (fact,), ("none_made",)), rules))))


def _typed(fact: Fact, facts: dict[str, Fact]) -> Fact:
    """Values as the engine compares them; one that does not fit is left for the checks to refuse."""
    closures = tuple(
        closure.model_copy(
            update={"is_": _value(facts.get(closure.fact), closure.is_), "then": _value(fact, closure.then)}
        )
        for closure in fact.closed_by
    )
    unproved = fact.unproved if fact.unproved == OPEN else _value(fact, fact.unproved)
    return fact.model_copy(update={"closed_by": closures, "unproved": unproved})


def _value(fact: Fact | None, raw: Any) -> Any:
    if fact is None:
        return raw
    try:
        return parse(fact, [] if raw == "none" and fact.type in ("set", "states") else raw)
    except BadValue:
        return raw

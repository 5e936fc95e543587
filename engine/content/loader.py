"""Reading rules/ and instruments/ from their folders into one pack.

The path is the name: ``rules/<instrument>/<file>.yaml`` holds criteria whose ids begin with the
folder. All problems of all files are collected, with file and line, before anything is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.content.bilateral import Bilateral, BilateralList
from engine.content.checks import check
from engine.content.clocks import Clock
from engine.content.collector import KINDS, Collector
from engine.content.conditions import All, AnyOf, Atom, Condition, Not, word
from engine.content.declarations import Tag, TagList
from engine.content.digest import digest_all, digest_folder
from engine.content.documents import Document, read_path
from engine.content.evidence import OPPONENT
from engine.content.evidence_loader import EVIDENCE_LISTS, read_issue, read_presumptions
from engine.content.located import Located
from engine.content.models import (
    Authority,
    Conflict,
    Criterion,
    Decider,
    Effect,
    Instrument,
    Pack,
    Variant,
)
from engine.content.states import StateRegister
from engine.errors import ContentProblems, Problem
from engine.facts.values import BadValue, parse
from engine.facts.vocabulary import OPEN, Content, Fact, Part, Theme, Vocabulary

_RULE_LISTS: dict[str, type[Content]] = {
    "parts": Part,
    "variants": Variant,
    "clocks": Clock,
    "conflicts": Conflict,
    "deciders": Decider,
    "authorities": Authority,
    **EVIDENCE_LISTS,
}
#: The key of an entry that holds a condition, by the kind of the entry.
_CONDITIONS = {"clocks": "applies_when", "groups": "when"}
#: Files of an instrument beside instrument.yaml, with what else than entries they may hold.
_INSTRUMENT_LISTS: dict[str, tuple[str, ...]] = {"articles": (), "parties": (), "declarations": ("complete",)}
STATES, BILATERAL, TAGS = Path("states.yaml"), Path("bilateral.yaml"), Path("declaration_tags.yaml")


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
class _Loader(Collector):
    version: str = "0"
    states: StateRegister = field(default_factory=StateRegister)
    bilateral: tuple[Bilateral, ...] = ()
    tags: dict[str, Tag] = field(default_factory=dict)

    def read_rules(self) -> None:
        issues = []
        for document, relative in self.documents(self.rules):
            data = document.data if isinstance(document.data, dict) else {}
            if relative == Path("pack.yaml"):
                self.version = str(data.get("version", "0"))
            elif "criteria" in data or "presumptions" in data:
                self._readings(document, relative.parent.name)
            elif "factors" in data or "issue" in data:
                issues.append((document, relative))
            elif "facts" in data:
                self._theme(document)
            elif len(data) == 1 and next(iter(data)) in _RULE_LISTS:
                kind = next(iter(data))
                self._entries(document, kind, _RULE_LISTS[kind])
            else:
                known = ", ".join(_RULE_LISTS)
                message = f"the file holds none of: facts, criteria, presumptions, factors, {known}"
                self.problems.append(document.problem((), message))
        for document, relative in issues:  # their short forms are written out by the types of the facts
            read_issue(self, document, relative)

    def read_instruments(self, folder: Path) -> None:
        parts: dict[str, dict[str, Any]] = {}
        places: dict[str, Document] = {}
        for document, relative in self.documents(folder):
            if relative == STATES:
                listed = self.build(StateRegister, self.named(document, "states"), document, ("states",))
                self.states = listed or self.states
                continue
            if relative == BILATERAL:
                known = self.build(BilateralList, document.data, document, ())
                self.bilateral = known.bilateral if known else ()
                continue
            if relative == TAGS:
                words = self.build(TagList, document.data, document, ())
                self.tags = words.tags if words else {}
                continue
            name, stem = relative.parent.name, relative.stem
            parts.setdefault(name, {})
            if stem == "instrument" and isinstance(document.data, dict):
                parts[name].update(document.data)
                places[name] = document
            elif _lists(document.data, stem):
                parts[name].update(document.data, **{stem: self.named(document, stem)})
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
        for kind in (stem, *_INSTRUMENT_LISTS[stem]):
            members = document.data.get(kind)
            keys = range(len(members)) if isinstance(members, list) else members if isinstance(members, dict) else ()
            for key in keys:
                self.located[(kind, f"{name}/{key}")] = (document, (kind, key))

    def _instrument(self, name: str, data: dict[str, Any], document: Document | None) -> None:
        if document is None:
            self.problems.append(Problem("instrument.yaml is missing", f"instruments/{name}"))
            return
        instrument = self.build(Instrument, data, document, (), member_of=name)
        if instrument is not None and instrument.id != name:
            self.problems.append(document.problem(("id",), f"the id is '{instrument.id}' but the folder is '{name}'"))
        elif instrument is not None:
            self.keep("instruments", name, instrument, document, ())

    def _theme(self, document: Document) -> None:
        data = dict(document.data)
        facts = self.named(document, "facts")
        del data["facts"]
        if "theme" not in data:
            self.problems.append(document.problem((), "a fact file needs 'theme'"))
            return
        theme = self.build(Theme, {"id": data.pop("theme"), **data}, document, ())
        if theme is None:
            return
        self.keep("themes", theme.id, theme, document, ())
        for position, (name, body) in enumerate(facts.items()):
            extra = {"id": name, "theme": theme.id, "order": position}
            fact = self.build(Fact, self._fact_words(body, extra), document, ("facts", name))
            if fact is not None:
                self.keep("facts", name, fact, document, ("facts", name))

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
        for name, written in self.named(document, kind).items():
            path, body = (kind, name), written
            if isinstance(written, dict):
                body = {"facts": written, "id": name} if kind == "coined" else {**written, "id": name}
                key = _CONDITIONS.get(kind, "")
                if body.get(key) is not None:
                    body[key] = self.condition(document, body[key], (*path, key))
            entry = self.build(model, body, document, path)
            if entry is not None:
                self.keep(kind, name, entry, document, path)

    def _readings(self, document: Document, folder: str) -> None:
        header = document.data.get("instrument", "")
        if folder not in ("concepts", header):
            self.problems.append(
                document.problem(
                    (), f"the file is in '{folder}' but says instrument '{header}'", "The path is the name"
                )
            )
        for unknown in sorted(set(document.data) - {"instrument", "criteria", "presumptions"}):
            self.problems.append(document.problem((unknown,), f"'{unknown}' is not a key of a criteria file"))
        for key, body in self.named(document, "criteria").items():
            self._criterion(document, folder, key, body)
        read_presumptions(self, document, folder)

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
        when = self.condition(document, body["when"], (*path, "when"))
        if "unless" in body:
            when = All((when, Not(self.condition(document, body["unless"], (*path, "unless")))))
        if body.get("answered_by"):
            when = answered(str(body["answered_by"]), when)
        data = {**body, "id": name, "instrument": "" if folder == "concepts" else folder, "when": when, "unless": None}
        if isinstance(body.get("variant"), dict):
            data["variant"] = {question: str(word(value)) for question, value in body["variant"].items()}
        data |= {"source": self.relative(document), "line": document.line(path)}
        criterion = self.build(Criterion, data, document, path)
        if criterion is not None:
            self.keep("criteria", name, criterion, document, path)

    def pack(self, rules_digest: str, instruments_digest: str) -> Pack:
        themes = dict(sorted(self.found["themes"].items(), key=lambda item: (item[1].order, item[0])))
        order = {name: position for position, name in enumerate(themes)}
        facts = dict(sorted(self.found["facts"].items(), key=lambda item: (order[item[1].theme], item[1].order)))
        for name, fact in facts.items():
            if fact.type in ("state", "states"):
                facts[name] = fact.model_copy(update={"codes": self.states.codes})
        vocabulary = Vocabulary(
            facts={name: _typed(fact, facts) for name, fact in facts.items()}, parts=self.found["parts"], themes=themes
        )
        self._type_answers(vocabulary)
        lists: Any = {
            kind: dict(sorted(self.found[kind].items())) for kind in KINDS if kind not in ("facts", "themes", "parts")
        }
        return Pack.model_construct(
            version=self.version,
            vocabulary=vocabulary,
            states=self.states,
            bilateral=self.bilateral,
            tags=self.tags,
            rules_digest=rules_digest,
            instruments_digest=instruments_digest,
            data_digest=digest_all(self.digests),
            **lists,
        )

    def _type_answers(self, vocabulary: Vocabulary) -> None:
        """Values that presumptions and issues give facts, as the engine compares them."""
        facts, presumptions, issues = vocabulary.facts, self.found["presumptions"], self.found["issues"]
        for name, one in presumptions.items():
            typed = {
                key: {fact: _answer(facts.get(fact), value) for fact, value in getattr(one, key).items()}
                for key in ("presumes", "excludes")
            }
            presumptions[name] = one.model_copy(update=typed)
        for name, issue in issues.items():
            answers = tuple(
                one.model_copy(update={side: _answer(facts.get(one.fact), one.value(side)) for side in OPPONENT})
                for one in issue.answers
            )
            like = issues.get(issue.like)
            factors = {"factors": like.factors} if like and not issue.factors else {}
            issues[name] = issue.model_copy(update={"answers": answers, **factors})


def _lists(data: Any, stem: str) -> bool:
    """Whether a file of an instrument holds the entries that its name says, and nothing that does not belong there."""
    known = {stem, *_INSTRUMENT_LISTS.get(stem, ())}
    return stem in _INSTRUMENT_LISTS and isinstance(data, dict) and stem in data and set(data) <= known


def answered(fact: str, rules: Condition) -> Condition:
    """A direct conclusion on record answers the criterion; where none was made the rules do."""
    return AnyOf((Atom("in", (fact,), ("met",)), All((Atom("in", (fact,), ("none_made",)), rules))))


def _typed(fact: Fact, facts: dict[str, Fact]) -> Fact:
    """Values as the engine compares them; one that does not fit is left for the checks to refuse."""
    closed_by, agrees_with = (
        tuple(
            closure.model_copy(
                update={"is_": _value(facts.get(closure.fact), closure.is_), "then": _value(fact, closure.then)}
            )
            for closure in closures
        )
        for closures in (fact.closed_by, fact.agrees_with)
    )
    unproved = fact.unproved if fact.unproved == OPEN else _value(fact, fact.unproved)
    return fact.model_copy(update={"closed_by": closed_by, "agrees_with": agrees_with, "unproved": unproved})


def _answer(fact: Fact | None, raw: Any) -> Any:
    """A value to be presumed; of a set fact what it includes."""
    return _value(fact, [raw] if fact and fact.type == "set" and not isinstance(raw, list) else raw)


def _value(fact: Fact | None, raw: Any) -> Any:
    if fact is None:
        return raw
    try:
        return parse(fact, [] if raw == "none" and fact.type in ("set", "states") else raw)
    except BadValue:
        return raw

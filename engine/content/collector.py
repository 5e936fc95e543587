"""Collecting content: named things by kind, where each was written, and every problem on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from engine.content.conditions import Condition, ConditionParser
from engine.content.digest import digest_data
from engine.content.documents import Document, Path_, read_path
from engine.errors import InputProblems, Problem
from engine.facts.values import hint
from engine.facts.vocabulary import Content

Model = TypeVar("Model", bound=Content)
KINDS = (
    "facts",
    "themes",
    "parts",
    "variants",
    "clocks",
    "conflicts",
    "deciders",
    "authorities",
    "criteria",
    "presumptions",
    "issues",
    "precedents",
    "situations",
    "pictures",
    "groups",
    "coined",
    "instruments",
)


@dataclass
class Collector:
    """What was read so far from a folder of rules; faults are collected, not raised."""

    rules: Path
    read: Callable[[Path], Document] = read_path
    problems: list[Problem] = field(default_factory=list)
    #: (kind, id) -> where it was written, for the checks that come later
    located: dict[tuple[str, str], tuple[Document, Path_]] = field(default_factory=dict)
    found: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    #: The digest of the data of each file, by its room and name
    digests: dict[str, str] = field(default_factory=dict)

    def documents(self, folder: Path) -> Iterator[tuple[Document, Path]]:
        """Every YAML file below a folder with its name there; one that cannot be read is a problem."""
        for path in sorted(folder.rglob("*.yaml")):
            try:
                document, relative = self.read(path), path.relative_to(folder)
            except InputProblems as error:
                self.problems.extend(error.problems)
                continue
            room = "rules" if folder == self.rules else "instruments"
            self.digests[f"{room}/{relative.as_posix()}"] = document.digest or digest_data(document.data)
            yield document, relative

    def named(self, document: Document, key: str) -> dict[str, Any]:
        """The mapping of names under ``key``; empty where there is none, or after a problem was recorded."""
        found = document.data.get(key)
        if found is not None and not isinstance(found, dict):
            self.problems.append(document.problem((key,), f"'{key}' needs a mapping of names, not a list or a word"))
        return found if isinstance(found, dict) else {}

    def relative(self, document: Document) -> str:
        """Where a file of rules stands, from the root."""
        return (Path("rules") / Path(document.source).relative_to(self.rules)).as_posix()

    def condition(self, document: Document, data: Any, path: Path_) -> Condition:
        """The condition at ``path``; its faults are recorded."""
        parser = ConditionParser(document)
        condition = parser.parse(data, path)
        self.problems.extend(parser.problems)
        return condition

    def build(
        self, model: type[Model], data: Any, document: Document, path: Path_, member_of: str = ""
    ) -> Model | None:
        """The model that the data stands for; None after its faults were recorded."""
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
        return document.problem(
            (*path, *where), f"{'.'.join(str(step) for step in where)}: {fault['msg'].removeprefix('Value error, ')}"
        )

    def keep(self, kind: str, name: str, value: Any, document: Document, path: Path_) -> None:
        """Keep a named thing and where it stands; a name that is taken is a problem."""
        if name in self.found[kind]:
            other, place = self.located[(kind, name)]
            self.problems.append(
                document.problem(path, f"'{name}' is already defined", f"See {other.source}:{other.line(place)}")
            )
            return
        self.found[kind][name] = value
        self.located[(kind, name)] = (document, path)

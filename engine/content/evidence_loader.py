"""Reading presumptions, issues with their factors, precedents and country findings.

A factor may be written short: ``fact`` with ``is`` for one side, or with ``rising`` for its values as
levels. Both become conditions, so that a precedent's facts and a case's are tested alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.content.collector import Collector
from engine.content.conditions import word
from engine.content.documents import Document, Path_
from engine.content.evidence import CoinedName, Group, Issue, Picture, Precedent, Situation
from engine.content.models import Presumption
from engine.facts.vocabulary import CASE, Content, Fact

#: Lists of named entries in files of their own.
EVIDENCE_LISTS: dict[str, type[Content]] = {
    "precedents": Precedent,
    "situations": Situation,
    "pictures": Picture,
    "groups": Group,
    "coined": CoinedName,
}


def read_presumptions(collector: Collector, document: Document, folder: str) -> None:
    """The presumptions that stand beside the criteria of a file."""
    for key, body in collector.named(document, "presumptions").items():
        path, name = ("presumptions", key), f"{folder}.{key}"
        if not isinstance(body, dict) or "when" not in body:
            collector.problems.append(document.problem(path, "a presumption needs a condition under 'when'"))
            continue
        rebuttals = body.get("rebutted_by", [])
        data = {
            **body,
            "id": name,
            "instrument": "" if folder == "concepts" else folder,
            "when": collector.condition(document, body["when"], (*path, "when")),
            "rebutted_by": [
                collector.condition(document, each, (*path, "rebutted_by", number))
                for number, each in enumerate(rebuttals if isinstance(rebuttals, list) else [rebuttals])
            ],
            "source": collector.relative(document),
            "line": document.line(path),
        }
        if isinstance(body.get("variant"), dict):
            data["variant"] = {question: str(word(value)) for question, value in body["variant"].items()}
        presumption = collector.build(Presumption, data, document, path)
        if presumption is not None:
            collector.keep("presumptions", name, presumption, document, path)


def read_issue(collector: Collector, document: Document, relative: Path) -> None:
    """A file of factors: one issue, named as the file. The vocabulary must have been read."""
    data = dict(document.data)
    issue = str(data.pop("issue", ""))
    if relative.stem != issue:
        message = f"the file is '{relative.name}' but says issue '{issue}'"
        collector.problems.append(document.problem(("issue",), message, "Name it alike"))
    factors = {}
    for name, body in collector.named(document, "factors").items():
        path = ("factors", name)
        if isinstance(body, dict):
            factors[name] = {**_factor(collector, document, body, path, data.get("scope", CASE)), "name": name}
        else:
            collector.problems.append(document.problem(path, "a factor is a mapping"))
    found = collector.build(Issue, {**data, "id": issue, "factors": factors}, document, ())
    if found is not None:
        collector.keep("issues", issue, found, document, ())


def _factor(collector: Collector, document: Document, body: dict[str, Any], path: Path_, scope: str) -> dict[str, Any]:
    """A factor with its conditions parsed; its short forms are written out first."""
    data = {key: value for key, value in body.items() if key not in ("fact", "is", "rising")}
    if "fact" in body:
        name, values = str(body["fact"]), body.get("rising", body.get("is", True))
        listed = values if isinstance(values, list) else [values]
        tests = {str(word(value)): _test(collector.found["facts"].get(name), name, value, scope) for value in listed}
        if "rising" in body:
            data["levels"] = tests
        else:
            data["when"] = next(iter(tests.values())) if len(tests) == 1 else {"any": list(tests.values())}
    if "when" in data:
        data["when"] = collector.condition(document, data["when"], (*path, "when"))
    if isinstance(data.get("levels"), dict):
        data["levels"] = {
            str(word(level)): collector.condition(document, each, (*path, "levels", level))
            for level, each in data["levels"].items()
        }
    return data


def _test(fact: Fact | None, name: str, value: Any, scope: str) -> Any:
    """The condition, as YAML data, that a fact has a value; of a listed thing, that some item has it."""
    kind = fact.type if fact else "yes_no"
    if kind == "yes_no":
        test: Any = {"not": name} if value is False else name
    else:
        test = {"includes" if kind in ("set", "states") else "is": {name: value}}
    return test if fact is None or fact.scope in (CASE, scope) else {"some": {"in": fact.scope, "that": test}}

"""Make rules/precedents/ from a casebook: decided cases coded as observable facts, one list to a file.

Run with the folder of the casebook: ``python scripts/casebook.py FOLDER``. Names that coders gave to facts before
the vocabulary had them become facts of the vocabulary by ``rules/precedents/coined.yaml``; what was corrected since
stands in ``scripts/casebook_corrections.yaml`` with its reason. So both can be changed and the work done again.

Confidence is carried: an entry from memory alone, or a ruling that is only fair or to be checked, is unverified.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.content.loader import load_pack  # noqa: E402 - found through the line above
from engine.facts.formernames import FormerNames  # noqa: E402
from engine.facts.vocabulary import Vocabulary  # noqa: E402

OUT = ROOT / "rules" / "precedents"
COINED, CORRECTIONS = ROOT / "rules" / "precedents" / "coined.yaml", ROOT / "scripts" / "casebook_corrections.yaml"
SITUATION = "situation"
#: Words of the coders for groups, and the groups of rules/situations.
_GROUPS = (
    (r"Andijan", "andijan"),
    (r"Gülen|Hizmet", "banned_movement"),
    (r"genocide", "genocide_accused"),
    (r"adultery", "adultery_accused"),
    (r"Falun Gong|religious minority", "religious_minority"),
    (r"flogging", "corporal_penalty"),
    (r"women", "women_without_protection"),
    (r"girls", "girls_at_risk"),
    (r"wealthy", "wealthy_accused"),
)
_CASE = ("name", "number", "tribunal", "formation", "date")
_KEYS = (*_CASE, "requested_state", "requesting_state", "origin_state", "measure", "situation_on", "situation")
_HEAD = "# Made by scripts/casebook.py from a casebook; correct it there or in scripts/casebook_corrections.yaml.\n"


class Casebook:
    """Entries as the content has them."""

    def __init__(self, vocabulary: Vocabulary, coined: dict[str, dict[str, Any]], corrections: dict[str, Any]) -> None:
        self.vocabulary, self.coined, self.corrections = vocabulary, coined, corrections
        self.former = FormerNames(vocabulary)

    def entry(self, raw: dict[str, Any]) -> dict[str, Any]:
        """One entry with facts of the vocabulary, its review mark, and what was corrected."""
        facts, renamed = self._facts(raw)
        made: dict[str, Any] = {key: raw[key] for key in _KEYS if raw.get(key) is not None}
        if raw.get("situation_group"):
            made["situation_group"] = group_of(str(raw["situation_group"]))
        made["facts"] = facts
        left = [fact for fact in raw.get("more_facts") or [] if fact["name"] not in self.coined]
        if left:
            made["more_facts"] = [{key: fact[key] for key in ("name", "says", "points")} for fact in left]
        made["decided"] = [self._ruling(ruling, facts, renamed) for ruling in raw["decided"]]
        made["source"] = raw["source"]
        made["review"] = review_of(raw)
        return self._corrected(raw["id"], made)

    def _facts(self, raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        """Facts by their present names, and what each name that coders used has become."""
        facts: dict[str, Any] = {}
        renamed: dict[str, list[Any]] = {}
        given = [(name, {name: value}) for name, value in (raw.get("facts") or {}).items()]
        given += [
            (fact["name"], self.coined[fact["name"]])
            for fact in raw.get("more_facts") or []
            if fact["name"] in self.coined
        ]
        for name, values in given:
            if any(name in names for names in self.former.known.values()):
                renamed.setdefault(name, [])
            for fact, value in self._present(values):
                facts[fact] = self._joined(fact, facts[fact], value) if fact in facts else value
                kind = self.vocabulary.facts[fact].type
                reasons = [{fact: each} for each in value] if kind == "set" and name in self.coined else [fact]
                renamed.setdefault(name, []).extend(reasons)
        order = list(self.vocabulary.facts)
        return dict(sorted(facts.items(), key=lambda item: order.index(item[0]))), renamed

    def _present(self, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, value in values.items():
            if name in self.vocabulary.facts:
                yield name, _plain(value)
                continue
            for scope in self.former.known:
                for former in self.former.of(name, scope):
                    answer = former.answer(_plain(value))
                    if answer != "unknown":
                        yield former.fact.id, _plain(answer)

    def _joined(self, fact: str, one: Any, other: Any) -> Any:
        spec = self.vocabulary.facts[fact]
        if isinstance(one, list) and isinstance(other, list):
            return sorted({*one, *other})
        if spec.ordered or fact == "past_illtreatment":
            return max(one, other, key=list(spec.values).index)
        return one

    def _ruling(self, raw: dict[str, Any], facts: dict[str, Any], renamed: dict[str, list[Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {"issue": raw["issue"], "outcome": raw["outcome"]}
        for key in ("because", "despite"):
            reasons: list[Any] = []
            for name in raw.get(key) or []:
                for reason in renamed.get(name, [name]):
                    known = reason if isinstance(reason, str) else next(iter(reason))
                    if reason not in reasons and (known in facts or name not in self.coined):
                        reasons.append(reason)
            made[key] = reasons
        made |= {key: raw[key] for key in ("para", "holding", "confidence") if raw.get(key)}
        return made

    def _corrected(self, name: str, made: dict[str, Any]) -> dict[str, Any]:
        for change in self.corrections.get(name, []):
            made = {key: value for key, value in {**made, **change.get("set", {})}.items() if value is not None}
            made["facts"] = {
                key: value for key, value in {**made["facts"], **change.get("facts", {})}.items() if value is not None
            }
            for issue, rulings in change.get("decided", {}).items():
                made["decided"] = [one | rulings if one["issue"] == issue else one for one in made["decided"]]
            drop = change.get("drop", [])
            made["decided"] = [ruling for ruling in made["decided"] if ruling["issue"] not in drop]
        return made


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def group_of(words: str) -> str:
    """The group of the content that a coder's words name."""
    if not words.startswith("other"):
        return words
    return next(group for pattern, group in _GROUPS if re.search(pattern, words))


def review_of(raw: dict[str, Any]) -> str:
    """Seen only where the text was seen and nothing rests on memory or is in doubt."""
    seen = raw["source"].startswith("text_seen") and "memory" not in raw["source"]
    sure = all(ruling["confidence"] == "sure" for ruling in raw["decided"])
    return "text_seen" if seen and sure else "unverified"


def merged(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Entries by their names; two of one decision, made for different issues, become one."""
    found: dict[str, dict[str, Any]] = {}
    for one in entries:
        name = one["id"]
        if name not in found:
            found[name] = one
            continue
        held = found[name]
        held["facts"] = {**(one.get("facts") or {}), **(held.get("facts") or {})}
        names = {fact["name"] for fact in held.get("more_facts") or []}
        held["more_facts"] = [
            *(held.get("more_facts") or []),
            *(f for f in one.get("more_facts") or [] if f["name"] not in names),
        ]
        issues = {ruling["issue"] for ruling in held["decided"]}
        held["decided"] += [ruling for ruling in one["decided"] if ruling["issue"] not in issues]
    return found


def vocabulary_alone() -> Vocabulary:
    """The vocabulary without the content that is made from it."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules"
        shutil.copytree(ROOT / "rules", rules, ignore=shutil.ignore_patterns("precedents", "factors", "situations"))
        return load_pack(rules, ROOT / "instruments").vocabulary


class _Dumper(yaml.SafeDumper):
    """YAML as the content is written: yes and no, short lists in one line, no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _flow(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    short = all(not isinstance(one, dict) or len(one) == 1 for one in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dumper.add_representer(
    bool, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if data else "no")
)
_Dumper.add_representer(list, _flow)


def main(folder: Path) -> None:
    """Write a file of precedents for each file of the casebook."""
    vocabulary = vocabulary_alone()
    coined = yaml.safe_load(COINED.read_text("utf-8"))["coined"]
    book = Casebook(vocabulary, coined, yaml.safe_load(CORRECTIONS.read_text("utf-8"))["corrections"])
    raw = [
        {**one, "file": path.stem}
        for path in sorted(folder.glob("*.yaml"))
        for one in yaml.safe_load(path.read_text("utf-8"))
    ]
    files: dict[str, dict[str, Any]] = {}
    for name, one in merged(raw).items():
        files.setdefault(one["file"], {})[name] = book.entry(one)
    for stem, entries in files.items():
        text = yaml.dump({"precedents": entries}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=118)
        (OUT / f"{stem}.yaml").write_text(_HEAD + text, "utf-8")
        print(f"{stem}: {len(entries)} decisions")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))

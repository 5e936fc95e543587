"""Make rules/situations/findings.yaml from a table of country findings: ``python scripts/country_findings.py FILE.csv``.

A row is what a tribunal found of a State and a group. It becomes a level of one of the pictures (treatment of people,
prisons, political prosecutions) by the words of the finding; where those say no more than that there was a risk, by the
general picture that the decision was coded with, if it is among the precedents. Rows that say nothing of a picture (on a promise, a penalty, a procedure) are left out
and printed. Only what was certain keeps the mark *known*; the rest is unverified.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "rules" / "situations" / "findings.yaml"
_HEAD = "# Made by scripts/country_findings.py from a table of findings. A level holds until a later finding ends it.\n"
Row = Mapping[str, str]

#: Words of a finding and the level they mean, the narrower ones first; an empty level: nothing on a picture.
LEVELS = (
    (r"outcome not verified|result to be checked|^check$|^no finding|^interim measures", ""),
    (r"improvement - remedies", "prisons_improved"),
    (
        r"^detention|personal space|two-step test; only the prisons|two-step test applied|two-step test - postpone",
        "prisons_structural_problem",
    ),
    (r"ulterior purpose|troubling pattern|political purpose", "political_pattern"),
    (r"custody as a (criminal )?suspect sufficed|any suspect|of detainees", "systematic_detainees"),
    (r"^systematic|group sufficed|vulnerable group|targeted group|past torture plus group", "systematic_group"),
    (r"^improvement", "improved"),
    (
        r"death|assurance|life|isolation|life-equivalent|gross disproportion|stage not met|remitted|refused|impunity|arbitrary detention|Arts 7|no Art 3|procedural|regime of custody|corporal|flagrant|method of execution|fair trial|thin a basis|outcome",
        "",
    ),
    (r"risk|torture", "serious_not_systematic"),
)
#: Words of the group of a row, and the groups of the content.
GROUPS = (
    (r"ethnic Uzbek|Uighur|Chechen|Ingush|Armenian|Kurdish", "ethnic"),
    (r"Gülen", "banned_movement"),
    (
        r"Hizb|religio|extremis|Muslim|imam|Andijan|politically|Islamic Movement|banned movement|IMU|politically or religiously",
        "politically_charged",
    ),
    (r"terrorism", "terrorism"),
    (r"opposition|activist|PMOI|defenders|critics|leader|politician", "opposition"),
)


def findings(rows: list[Row], precedents: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row that says something of a picture, by a name of its own, oldest first."""
    numbers = {number: name for name, one in precedents.items() for number in _numbers(str(one.get("number", "")))}
    names = dict[str, int]()
    for row in sorted(rows, key=lambda one: (one["state"], one["date"], one["case"])):
        precedent = next((numbers[number] for number in _numbers(row["number"]) if number in numbers), "")
        level = _level(row, precedents.get(precedent, {}))
        if not level:
            print(f"left out: {row['state']} {row['case']}: {row['finding']}")  # noqa: T201
            continue
        made = _finding(row, level, precedents.get(precedent, {}))
        if precedent:
            made["precedent"] = precedent
        name = re.sub(
            r"[^a-z0-9]+", "-", f"{row['state']}-{row['case'].split(' v. ')[0]}-{row['date'][:4]}".lower()
        ).strip("-")
        names[name] = names.get(name, 0) + 1
        yield (f"{name}-{names[name]}" if names[name] > 1 else name), made


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+/\d+|C-\d+/\d+", text)


def _level(row: Row, precedent: Mapping[str, Any]) -> str:
    level = next((level for pattern, level in LEVELS if re.search(pattern, row["finding"])), "")
    bare = level == "serious_not_systematic" and not re.search("individual|not shown|no general", row["finding"])
    return str(precedent["situation"]) if bare and precedent.get("situation") else level


def _finding(row: Row, level: str, precedent: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"state": row["state"]}
    group = next((group for pattern, group in GROUPS if re.search(pattern, row["group_or_situation"])), "")
    if level == "systematic_group":
        made["group"] = str(precedent.get("situation_group", "")) or group or "politically_charged"
    elif group == "ethnic":
        made["group"] = group
    made |= {"level": level, "from": _first(row["from"] or row["date"])}
    if row["until"]:
        made["until"] = _last(row["until"])
    made |= {
        "finding": f"{row['group_or_situation']}: {row['finding']}",
        "tribunal": row["tribunal"].lower(),
        "case": row["case"],
    }
    made |= {key: row[key] for key in ("number", "date", "para") if row[key]}
    made["review"] = "known" if row["confidence"] == "sure" else "unverified"
    if row["note"]:
        made["note"] = row["note"]
    return made


def _first(text: str) -> date:
    year, month, day = (int(part) for part in (text + "-01-01").split("-")[:3])
    return date(year, month, day)


def _last(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    return date(parts[0] + 1, 1, 1) - timedelta(days=1)


def with_successors(made: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Findings that ended, with the finding of the same State that began when they did."""
    for one in made.values():
        if "until" not in one:
            continue
        later = [
            name
            for name, other in made.items()
            if other["state"] == one["state"] and 0 <= (other["from"] - one["until"]).days <= 1
        ]
        if later:
            one["superseded_by"] = later[0]
    return made


def main(table: Path) -> None:
    """Write the findings of a table."""
    precedents: dict[str, Any] = {}
    for path in sorted((ROOT / "rules" / "precedents").glob("*.yaml")):
        precedents |= yaml.safe_load(path.read_text("utf-8")).get("precedents", {})
    with table.open(encoding="utf-8", newline="") as file:
        made = with_successors(dict(findings(list(csv.DictReader(file)), precedents)))
    text = yaml.safe_dump({"situations": made}, allow_unicode=True, sort_keys=False, width=118)
    OUT.write_text(_HEAD + text, "utf-8")
    print(f"{len(made)} findings")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))

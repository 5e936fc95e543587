"""Write the Parties of every instrument from the lists, or say what would change."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.content.models import Instrument, Party  # noqa: E402 - found through the line above
from engine.content.states import StateRegister  # noqa: E402
from scripts.register import files  # noqa: E402
from scripts.register.entries import Difference, differences, entry_of  # noqa: E402
from scripts.register.lists import Row, rows_in  # noqa: E402

REPORT = "differences.md"


@dataclass
class Generated:
    """What the lists give: the text of each file, what changes in it, and where sources differ."""

    texts: dict[Path, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def generate(root: Path) -> Generated:
    """The files of Parties as the lists give them, with what was corrected by hand in its place."""
    states, result = files.states(root), Generated()
    sources = root / "instruments" / "sources"
    successions = _successions(sources / "successions.csv")
    rows: dict[str, dict[str, list[Row]]] = {}
    for row in rows_in(sources / "parties"):
        rows.setdefault(row.instrument, {}).setdefault(row.state, []).append(row)
    for name, by_state in sorted(rows.items()):
        instrument = files.instrument(root, name)
        parties = {code: entry_of(found, instrument, successions) for code, found in by_state.items()}
        result.differences += [one for found in by_state.values() for one in differences(found)]
        _keep_corrected(result, instrument, parties)
        place = root / "instruments" / name / "parties.yaml"
        names = {code: states.name(code) for code in parties}
        result.texts[place] = files.written(instrument.short, parties, names)
        result.changes += _changes(states, instrument, parties)
    result.texts[sources / REPORT] = _report(states, result.differences)
    return result


def _successions(path: Path) -> dict[str, date]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["state"]: date.fromisoformat(row["from"]) for row in csv.DictReader(file)}


def _keep_corrected(result: Generated, instrument: Instrument, parties: dict[str, Party]) -> None:
    """Entries corrected by hand stand; what the lists say otherwise is reported."""
    for code, party in instrument.parties.items():
        if party.corrected is None:
            continue
        if code in parties:
            result.differences += [
                Difference(
                    instrument.id, code, name, mine, f"corrected by hand on {party.corrected}", theirs, "the lists"
                )
                for name, mine, theirs in _unlike(party, parties[code])
            ]
        parties[code] = party


def _unlike(one: Party, other: Party) -> Iterator[tuple[str, str, str]]:
    for (name, mine), (_, theirs) in zip(one, other, strict=True):
        if mine != theirs and name not in ("corrected", "note", "review"):
            yield name, str(mine or "nothing"), str(theirs or "nothing")


def _changes(states: StateRegister, instrument: Instrument, parties: dict[str, Party]) -> Iterator[str]:
    for code in sorted({*parties, *instrument.parties}):
        old, new, who = instrument.parties.get(code), parties.get(code), f"{instrument.id} {states.name(code)}"
        if old is None or new is None:
            yield f"{who}: {'is new' if old is None else 'is in no list'}"
        elif old != new:
            told = [f"{name} {mine} -> {theirs}" for name, mine, theirs in _unlike(old, new)] or ["note or review mark"]
            yield f"{who}: {'; '.join(told)}"


def _report(states: StateRegister, found: list[Difference]) -> str:
    lines = [
        "# Where sources differ",
        "",
        "Written by `python3 scripts/register --write`. What was taken stands in `parties.yaml`; check both sources "
        "before you rely on either.",
        "",
        "| instrument | State | what | taken | from | otherwise | from |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in sorted(found, key=lambda one: (one.instrument, one.state, one.field)):
        cells = (
            one.instrument,
            states.name(one.state),
            one.field,
            one.taken,
            one.taken_from,
            one.other,
            one.other_from,
        )
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Exit status 1 when a check finds that the files are not what the lists give."""
    parser = argparse.ArgumentParser(description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--check", action="store_true", help="say what would change, and change nothing")
    way.add_argument("--write", action="store_true", help="write the files of Parties and the report")
    chosen = parser.parse_args()
    result = generate(ROOT)
    stale = {
        place: text for place, text in result.texts.items() if not place.is_file() or place.read_text("utf-8") != text
    }
    for line in result.changes:
        sys.stdout.write(f"{line}\n")
    if chosen.write:
        for place, text in stale.items():
            place.write_text(text, "utf-8")
    else:
        for place in stale:
            sys.stdout.write(
                f"{place.relative_to(ROOT)}: is not what the lists give. Run: python3 scripts/register --write\n"
            )
    sys.stdout.write(
        f"{len(result.changes)} changes of entries, {len(result.differences)} differences between sources\n"
    )
    return int(bool(stale) and not chosen.write)


if __name__ == "__main__":
    sys.exit(main())

"""``parties.yaml`` as a lawyer reads it: one line for a State, more where there is something to say."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.content.documents import read_path
from engine.content.models import Instrument, Party
from engine.content.states import StateRegister

_WIDTH = 116
INDENT = " " * 6
_HEAD = """\
# {title}: which States are bound, and since when. Generated from
# the lists in instruments/sources; what a State is that is not named stands under unlisted in instrument.yaml. Where
# the first day is not known it lies from not_before to in_force_by. To correct an entry, change it here and add
# corrected: YYYY-MM-DD, so that it is kept when the lists are read again.
parties:
"""


def written(title: str, parties: Mapping[str, Party], names: Mapping[str, str]) -> str:
    """The text of a file of Parties."""
    return _HEAD.format(title=title) + "".join(_entry(code, parties[code], names[code]) for code in sorted(parties))


def instrument(root: Path, name: str) -> Instrument:
    """An instrument and its Parties as they stand, without what else belongs to it."""
    folder = root / "instruments" / name
    parties = _read(folder / "parties.yaml") if (folder / "parties.yaml").is_file() else {}
    return Instrument.model_validate(_read(folder / "instrument.yaml") | parties)


def states(root: Path) -> StateRegister:
    """The States and territories that the register knows."""
    return StateRegister.model_validate(_read(root / "instruments" / "states.yaml")["states"])


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_path(path).data
    return found


def _entry(code: str, party: Party, name: str) -> str:
    values = {key: _plain(value) for key, value in party if value not in (None, "") and key != "note"}
    line = ", ".join(f"{key}: {value}" for key, value in values.items())
    if not party.note:
        return f"  {code}: {{{line}}}  # {name}\n"
    lines = [f"    {key}: {value}\n" for key, value in values.items() if key != "review"]
    note = textwrap.fill(party.note, _WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False)
    return f"  {code}:  # {name}\n{''.join(lines)}    note: >-\n{note}\n    review: {party.review}\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

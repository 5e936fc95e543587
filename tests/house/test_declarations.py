"""Whoever tells which treaties bind two States also tells where reservations and declarations may be missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: How code and page templates come by treaty relations.
_TELLS = re.compile(
    r"\b(RelationShown|TreatyRelationSaid|treaty_relations|one\.binding|row\.binding|one\.declarations)\b"
)
_SAYS = re.compile(r"\b(may_have_declared|one\.complete)\b")
#: Modules that hand relations on as they are, or ask them for something else than what binds.
HAND_ON = {
    "api/law/catalogue.py": "fills in declarations; the field goes with the relation",
    "api/web/rest/law.py": "sends whole relations",
    "api/web/rest/short_answers.py": "sends whole relations",
    "api/documents/filings/draft.py": "asks which treaty binds",
    "api/documents/memo/matter.py": "hands relations to the memo's opening",
    "engine/answer/compose.py": "puts whole relations into the answer",
    "engine/answer/duty.py": "asks which treaty obliges",
    "api/documents/memo/annex.py": "asks the register for the record of the case",
    "api/law/coverage.py": "counts declarations of an instrument",
    "api/law/periods.py": "tells periods; the page of them stands below the relations of the day",
}


def tellers() -> list[Path]:
    """Modules and templates that touch treaty relations."""
    found = [
        *(ROOT / "api").rglob("*.py"),
        *(ROOT / "engine" / "answer").rglob("*.py"),
        *(ROOT / "api").rglob("*.html"),
    ]
    return sorted(path for path in found if _TELLS.search(path.read_text("utf-8")))


@pytest.mark.parametrize("path", tellers(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_who_tells_treaty_relations_says_where_declarations_may_be_missing(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in HAND_ON:
        assert _SAYS.search(path.read_text("utf-8")), (
            "say of which States declarations may be missing: may_have_declared"
        )


def test_the_exceptions_are_still_there() -> None:
    known = {path.relative_to(ROOT).as_posix() for path in tellers()}
    assert {name for name in HAND_ON if name not in known} == set()

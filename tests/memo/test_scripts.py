"""A memo in PDF for names in every script: what no font shows is told by its code, and no memo fails."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from api.documents.memo.pdf import render
from api.documents.memo.tree import Memo


def words(title: str) -> str:
    made = render(Memo(title=title, about=(), sections=(), dated=date(2026, 1, 1)))
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


@pytest.mark.parametrize(
    ("name", "code"),
    [("李明", "[U+674E U+660E]"), ("สมชาย", "U+0E2A"), ("አበበ", "U+12A0"), ("রহমান", "U+09B0"), ("file 📎", "[U+1F4CE]")],
)
def test_a_name_that_no_font_shows_is_told_by_its_code(name: str, code: str) -> None:
    found = words(f"Matter of {name}")
    assert code in found.replace("\n", " ")
    assert "Matter of" in found


@pytest.mark.parametrize("name", ["بے نظیر", "ډاکټر", "ڕەشید", "a\ufdd0b", "a\U0001ffffb"])
def test_no_script_keeps_a_memo_from_being_made(name: str) -> None:
    assert "Matter of" in words(f"Matter of {name}")


def test_what_is_shown_is_left_as_it_is() -> None:
    assert "Әлия" in words("Әлия Құсайынқызы")
    assert "U+0000" not in words("Әлия Құсайынқызы")

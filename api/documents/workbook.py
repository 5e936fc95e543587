"""An empty workbook for cases: a column for each fact, with drop-downs made from the vocabulary.

The names of columns are those that a batch reads; the question of each, in the reader's language, stands in a note on
its name and on a sheet of its own. Whatever a drop-down offers is read back, State names too.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any, BinaryIO

from api.cases.states import code_in, state_codes
from api.documents.language.alphabet import in_order
from api.documents.language.catalogues import Speech
from api.documents.language.marking import marked
from engine.content.models import Pack
from engine.errors import InputProblems, Problem
from engine.facts.values import EARLIEST
from engine.facts.vocabulary import CASE, Fact

CASES, VALUES, QUESTIONS = "Cases", "Values", "Questions"
#: Rows that have drop-downs.
_ROWS = 1_000
_HEADS = (marked("Column"), marked("Question"), marked("What may be written"))
_YES_NO = {"en": ("yes", "no", "unknown"), "uk": ("так", "ні", "невідомо"), "ru": ("да", "нет", "неизвестно")}


def facts_of(pack: Pack, themes: Iterable[str] = ()) -> list[tuple[str, Fact]]:
    """The columns of facts: of the case, and of its first offence; of some themes only, if any are named.

    Raises:
        InputProblems: there is no such theme.
    """
    wanted = set(themes)
    unknown = wanted - pack.vocabulary.themes.keys()
    if unknown:
        fix = f"Use one of: {', '.join(pack.vocabulary.themes)}"
        raise InputProblems([Problem(f"'{sorted(unknown)[0][:60]}' is not a theme", "--theme", fix=fix)])
    return [
        (fact.id if fact.scope == CASE else f"{fact.scope}[0].{fact.id}", fact)
        for fact in pack.vocabulary.facts.values()
        if fact.scope in (CASE, "counts") and (not wanted or fact.theme in wanted)
    ]


def write(target: BinaryIO, pack: Pack, speech: Speech, themes: Iterable[str] = ()) -> int:
    """Write the workbook; how many columns it has.

    Raises:
        InputProblems: XlsxWriter is not installed, or there is no such theme.
    """
    columns = facts_of(pack, themes)
    with _writer().Workbook(target, {"strings_to_formulas": False}) as book:
        cases, values, questions = (book.add_worksheet(name) for name in (CASES, VALUES, QUESTIONS))
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        lists = _Lists(values, speech)
        cases.freeze_panes(1, 1)
        for at, name in enumerate(("case", "assessed_on", *(name for name, _ in columns))):
            cases.write_string(0, at, name, head)
            cases.set_column(at, at, max(12, min(len(name) + 2, 40)), day if name == "assessed_on" else None)
        cases.data_validation(1, 1, _ROWS, 1, _DAY)
        for at, name in enumerate(_HEADS):
            questions.write_string(0, at, speech.say(name), head)
        questions.set_column(0, 0, 40)
        questions.set_column(1, 2, 80)
        for number, (name, fact) in enumerate(columns):
            asked = speech.law("fact", fact.id, "question", fact.question).text
            cases.write_comment(0, number + 2, asked)
            rule = lists.rule(fact)
            if rule:
                cases.data_validation(1, number + 2, _ROWS, number + 2, rule)
            if fact.type == "date":
                cases.set_column(number + 2, number + 2, 14, day)
            for at, text in enumerate((name, asked, _may(fact, speech))):
                questions.write_string(number + 1, at, text)
    return len(columns) + 2


_DAY = {
    "validate": "date",
    "criteria": ">=",
    "value": EARLIEST,
    "error_type": "warning",
    "error_message": "2020-01-13",
}


class _Lists:
    """The sheet of values: a column for each list that a drop-down offers."""

    def __init__(self, sheet: Any, speech: Speech) -> None:
        self.sheet, self.speech = sheet, speech
        self.ranges: dict[tuple[str, ...], str] = {}

    def rule(self, fact: Fact) -> dict[str, Any] | None:
        """What the cells of a fact's column may hold; None for a list of several, in which a drop-down holds one."""
        if fact.type == "date":
            return _DAY
        if fact.type == "number":
            low, high = fact.minimum or 0, fact.maximum if fact.maximum is not None else 1e9
            return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        offered = self._offered(fact)
        if not offered:
            return None
        several = fact.type in ("set", "states")
        return {"validate": "list", "source": self._range(offered), **({"error_type": "warning"} if several else {})}

    def _offered(self, fact: Fact) -> tuple[str, ...]:
        if fact.type == "yes_no":
            return _YES_NO[self.speech.language]
        if fact.type in ("state", "states"):
            named = ((code, self.speech.state(code)) for code in state_codes())
            names = in_order((name if code_in(name) == code else code for code, name in named), self.speech.language)
            return (*(("none",) if fact.type == "states" else ()), *names)
        return (*fact.values, *(("none",) if fact.type == "set" and "none" not in fact.values else ()))

    def _range(self, offered: tuple[str, ...]) -> str:
        if offered not in self.ranges:
            at = len(self.ranges)
            self.sheet.write_column(0, at, offered)
            name = import_module("xlsxwriter.utility").xl_col_to_name(at, col_abs=True)
            self.ranges[offered] = f"={VALUES}!{name}$1:{name}${len(offered)}"
        return self.ranges[offered]


def _may(fact: Fact, speech: Speech) -> str:
    """What may be written, with the labels of values in the reader's language."""
    labels = [
        f"{value}: {speech.law('fact', fact.id, f'value.{value}', label).text}" for value, label in fact.values.items()
    ]
    return "; ".join(labels) or {"yes_no": " / ".join(_YES_NO[speech.language]), "date": "2020-01-13"}.get(
        fact.type, ""
    )


def _writer() -> Any:
    try:
        return import_module("xlsxwriter")
    except ImportError:
        raise InputProblems([Problem("workbooks need XlsxWriter", fix="pip install 'dedere[batch]'")]) from None

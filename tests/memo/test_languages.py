"""T25 and T26: the memo in three languages: read back as DOCX and PDF, complete, cited on every line, and as discreet."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from api.documents.language.catalogues import speech_in
from api.documents.memo import docx, markdown, pdf
from api.documents.memo.citations import Citations, style_of
from api.documents.memo.compose import memo_of
from api.documents.memo.profiles import PROFILES
from api.documents.memo.tree import (
    Bullets,
    Item,
    Line,
    Memo,
    Para,
    Run,
    Section,
    Table,
    words_of,
)
from api.law.casebook import booked_cases
from engine.answer.lasting import authority_said
from engine.assess import Engine
from tests.memo.conftest import EVE, Write
from tests.memo.test_files import NAMES, docx_text, pdf_text, squeezed, with_titles
from tests.memo.test_memo import sections

LANGUAGES = ("en", "uk", "ru")
Render = Callable[[Memo], bytes]
Read = Callable[[Memo], str]
#: Words that every memo of the language must say, whatever the case.
SAYS = {
    "en": ("Brief answer", "Table of authorities", "A human decides", "13 January 2020", "Inadmissible."),
    "uk": ("Стисла відповідь", "Перелік джерел", "Вирішує людина", "13 січня 2020", "Недопустима."),
    "ru": ("Краткий ответ", "Перечень источников", "Решает человек", "13 января 2020", "Недопустима."),
}
PINPOINT = re.compile(r"(Article|art|ст\.) ([\dI]|number to verify)|article number to verify|номер статт?[иі]")
#: Written here apart from the code and its catalogues.
#: The day on which another treaty came into force tells nothing.
WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2} \w+ \d{4}")
TELLING = re.compile(
    r"притул|біжен|невислан|країн\w* походження|убежищ|бежен|стран\w* происхождения|УВКБ|міграц|миграц|1951"
    r"|asylum|refugee|refoul|unhcr",
    re.IGNORECASE,
)


def runs(memo: Memo) -> Iterator[Run]:
    """Every run below the head of a memo."""
    for section in sections(memo):
        for block in section.blocks:
            if isinstance(block, Para):
                yield from block.line
            elif isinstance(block, Bullets):
                yield from (run for one in block.items for run in _item(one))
            elif isinstance(block, Table):
                yield from (run for row in block.rows for cell in row for run in cell)


def _item(one: Item) -> Iterator[Run]:
    yield from one.line
    for below in one.below:
        yield from _item(below)


def said(line: Line) -> str:
    return "".join(run.text for run in line)


@pytest.fixture(scope="module")
def memos(write: Write) -> dict[str, Memo]:
    """The neutral memo on the origin case in every language."""
    return {language: write(language=language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_docx_opens_in_its_language_and_says_everything(memos: dict[str, Memo], language: str) -> None:
    made = docx.render(memos[language])
    told = squeezed(docx_text(made))
    assert [words for words in SAYS[language] if squeezed(words) not in told] == []
    document = Document(BytesIO(made))
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == language
    assert document.core_properties.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_in_its_language_and_its_text_reads_back(memos: dict[str, Memo], language: str) -> None:
    made = pdf.render(memos[language])
    told = squeezed(pdf_text(made))
    assert [words for words in SAYS[language] if squeezed(words) not in told] == []
    root = PdfReader(BytesIO(made)).trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in made


@pytest.mark.parametrize(("language", "render"), [("uk", pdf.render), ("ru", docx.render)])
def test_the_same_case_gives_the_same_bytes_in_every_language(
    memos: dict[str, Memo], write: Write, language: str, render: Render
) -> None:
    assert render(memos[language]) == render(write(language=language))


@pytest.mark.parametrize(
    ("language", "read"),
    [("uk", lambda memo: pdf_text(pdf.render(memo))), ("ru", lambda memo: docx_text(docx.render(memo)))],
)
def test_central_asian_names_come_out_right_in_every_language(write: Write, language: str, read: Read) -> None:
    told = squeezed(read(write("neutral", with_titles(*NAMES), language=language)))
    assert [name for name in NAMES if squeezed(name) not in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_verdict_has_a_pinpoint(memos: dict[str, Memo], language: str) -> None:
    grounds = [one for one in sections(memos[language]) if re.fullmatch(r"5\.\d+\.\d+", one.number)]
    first = [said(next(block.line for block in one.blocks if isinstance(block, Para))) for one in grounds]
    assert len(first) > 30
    listed = [one for one in memos[language].sections if one.number in ("6", "7", "9")]
    rows = [
        said(item.line) for one in listed for block in one.blocks if isinstance(block, Bullets) for item in block.items
    ]
    assert len(rows) > 10
    assert [line for line in (*first, *rows) if not PINPOINT.search(line)] == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_a_memo_in_another_language_has_the_same_parts_in_the_same_order(memos: dict[str, Memo], language: str) -> None:
    def shape(section: Section) -> object:
        blocks = [
            (type(block).__name__, len(getattr(block, "rows", getattr(block, "items", ())))) for block in section.blocks
        ]
        return section.number, blocks, [shape(one) for one in section.sections]

    ours, theirs = memos[language], memos["en"]
    assert [shape(one) for one in ours.sections[1:]] == [shape(one) for one in theirs.sections[1:]]


def test_what_is_not_translated_in_a_ukrainian_memo_is_tagged_as_english(write: Write) -> None:
    """Names of facts and of declarations in the trace are no sentences."""
    memo = write("training", language="uk")
    prose = re.compile(r"\b[a-z]{3,} [a-z]{2,} [a-z]{3,}\b")
    left = {run.text for run in runs(memo) if not run.lang and prose.search(run.text)}
    declared = re.compile(r"зроблено заяву «[a-z0-9 ]+» \([^)]+\)|\[the same as: ")
    assert {text for text in left if not declared.search(text)} == set()


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_holdings_stay_in_english_and_say_so(memos: dict[str, Memo], engine: Engine, language: str) -> None:
    holdings = {one.holding for one in engine.pack.authorities.values()}
    told = list(runs(memos[language]))
    places = [place for place, run in enumerate(told) if run.text in holdings]
    assert len(places) > 10
    mark = speech_in(language).say("in English")
    assert all(told[place].lang == "en" and mark in told[place + 1].text for place in places)
    assert f"[{mark}]" not in words_of(memos["en"])


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_the_memo_says_that_no_lawyer_reviewed_the_translation(memos: dict[str, Memo], language: str) -> None:
    notice = speech_in(language).say(
        "The law content of this memo was translated from English and no lawyer has reviewed the translation. "
        "Summaries of articles, declarations and holdings stay in English."
    )
    assert notice in words_of(memos[language])
    assert "no lawyer has reviewed" not in words_of(memos["en"])


def test_english_words_in_a_ukrainian_file_are_tagged_as_english(memos: dict[str, Memo]) -> None:
    document = Document(BytesIO(docx.render(memos["uk"])))
    tagged = [one for one in document.element.body.iter(qn("w:lang")) if one.get(qn("w:val")) == "en"]
    assert len(tagged) > 100


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_a_memo_for_the_requesting_state_reveals_no_claim_in_any_language(write: Write, language: str) -> None:
    memo, english = write("requesting_state", language=language), write("requesting_state")
    assert TELLING.findall(WHOLE_DAY.sub("", words_of(memo))) == []
    assert [one.number for one in sections(memo)] == [one.number for one in sections(english)]


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_no_lawyers_case_reveals_a_claim_to_the_requesting_state(engine: Engine, language: str) -> None:
    cases = booked_cases([Path(__file__).parents[1] / "cases"])[::360]
    assert len(cases) > 5
    for one in cases:
        case, on = engine.read(one.document), one.on or EVE
        memo = memo_of(engine, case, on=on, profile=PROFILES["requesting_state"], language=language)
        assert TELLING.findall(WHOLE_DAY.sub("", words_of(memo))) == [], one.name


@pytest.mark.parametrize(
    ("language", "style", "name", "expected"),
    [
        (
            "uk",
            "court",
            "saadi-italy-2008",
            "справа «Saadi v. Italy» [ВП], № 37201/06, п. 124-133, 137-143, 147-148, 28 лютого 2008",
        ),
        (
            "ru",
            "court",
            "saadi-italy-2008",
            "дело «Saadi v. Italy» [БП], № 37201/06, п. 124-133, 137-143, 147-148, 28 февраля 2008",
        ),
        ("uk", "oscola", "saadi-italy-2008", "справа «Saadi v Italy» заява № 37201/06 (ЄСПЛ [ВП], 28 лютого 2008"),
        (
            "uk",
            "court",
            "mutombo-1994",
            "справа «Mutombo v. Switzerland», Комітет ООН проти катувань, повідомлення № 13/1993, 1994",
        ),
    ],
)
def test_authorities_are_cited_in_the_shell_of_the_language(
    engine: Engine, language: str, style: str, name: str, expected: str
) -> None:
    line = Citations(style_of(style), engine.pack, speech_in(language)).authority(
        authority_said(engine.pack, name), "5.1"
    )
    assert said(line).startswith(expected)
    assert next(run for run in line if run.style == "emph").lang == "en"


def test_markdown_is_written_in_the_language_too(memos: dict[str, Memo]) -> None:
    assert markdown.render(memos["uk"]).decode().startswith("# Довідка щодо видачі")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_opens_the_docx(memos: dict[str, Memo], language: str, tmp_path: Path) -> None:
    (tmp_path / "memo.docx").write_bytes(docx.render(memos[language]))
    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "memo.docx"),
    ]
    subprocess.run(
        command, check=True, capture_output=True, timeout=120, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    )
    told = squeezed((tmp_path / "memo.txt").read_text("utf-8-sig"))
    assert [words for words in SAYS[language] if squeezed(words) not in told] == []

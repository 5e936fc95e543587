"""Memos as files: read back, the same bytes each time, clean metadata, every letter right, hostile words inert."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from api.documents.memo import docx, markdown, pdf
from api.documents.memo.tree import Memo, Table, words_of
from tests.memo.conftest import Write
from tests.memo.test_memo import sections

#: Ukrainian, Russian, Kazakh, Kyrgyz, Tajik, Uzbek (both scripts), Turkmen, Azerbaijani
NAMES = (
    "Їжакевич Ґалаґан Єва",
    "Ёлкин Съезжий Пётр",
    "Әлия Ғани Қыз Ңұр Өмір Ұлы Үміт Һас Іңкәр",
    "Өмүрбек Үсөн Ыңгай",
    "Ҷамшед Ҳаким Қосим Ӣсо Ӯғуз Ғафур",
    "Oʻgʻiloy Gʻulom Шўҳрат Ғиёс",
    "Çary Ýüpek Ňurgözel Şöhrat Ždanow",
    "Şəhla Çingiz İlqar Ğ Öz",
)
HOSTILE = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in range(9) %}x{% endfor %}",
    '#import "/etc/passwd": *',
    '#read("/etc/passwd")',
    "#panic() $x^2$ *bold* _it_ `raw` <label> @ref // comment",
    '"); #eval("1+1") //',
    "\\u{41} \\ #{",
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "]]></w:t><!--",
    '=HYPERLINK("https://evil.example","x")',
    "+cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "![x](https://evil.example) | a | b |",
    "&amp; &lt; &#x41;",
)


def with_titles(*titles: str) -> Any:
    """Puts each title into its own item, note and exhibit."""

    def change(data: dict[str, Any]) -> None:
        data["title"] = titles[0]
        data["counts"] = [{"id": f"c{place}", "title": title} for place, title in enumerate(titles)]
        data["facts"]["detained_here"]["note"] = " ".join(titles)

    return change


def docx_text(made: bytes) -> str:
    document = Document(BytesIO(made))
    cells = [
        cell.text for one in document.tables for row in one._tbl.tr_lst for cell in (c for c in map(_cell, row.tc_lst))
    ]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


class _cell:
    def __init__(self, found: Any) -> None:
        self.text = "".join(one.text or "" for one in found.iter(qn("w:t")))


def pdf_text(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("render", [docx.render, pdf.render, markdown.render])
def test_the_same_memo_gives_the_same_bytes(neutral: Memo, write: Write, render: Any) -> None:
    assert render(neutral) == render(write())


def test_everything_the_memo_says_is_in_the_docx(neutral: Memo) -> None:
    said = squeezed(docx_text(docx.render(neutral)))
    rows = [row for row in words_of(neutral).splitlines() if " | " not in row and row != neutral.footer]
    abouts = {block.about for one in sections(neutral) for block in one.blocks if isinstance(block, Table)}
    missing = [row for row in rows if row not in abouts and squeezed(row) not in said]
    assert missing == []


def test_the_docx_tells_of_no_user_and_no_tool(neutral: Memo) -> None:
    made = docx.render(neutral)
    core = Document(BytesIO(made)).core_properties
    assert (core.author, core.last_modified_by, core.comments, core.keywords) == ("", "", "", "")
    assert (core.created.year, core.created.month, core.created.day) == (2020, 1, 13)
    with ZipFile(BytesIO(made)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = set(package.namelist())
        everything = b"".join(package.read(name) for name in names if name.startswith("docProps"))
    assert not names & {"docProps/app.xml", "docProps/thumbnail.jpeg"}
    assert b"python" not in everything.lower()


def test_the_docx_has_headings_repeated_table_heads_and_a_language(neutral: Memo) -> None:
    document = Document(BytesIO(docx.render(neutral)))
    styles = [one.style.name for one in document.paragraphs]
    assert {"Heading 1", "Heading 2", "Heading 3", "List Bullet"} <= set(styles)
    for one in document.tables:
        assert one._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
        assert one._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en"


def test_the_pdf_is_tagged_and_tells_of_no_user_and_no_tool(neutral: Memo) -> None:
    made = pdf.render(neutral)
    reader = PdfReader(BytesIO(made))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == neutral.title
    assert not (reader.metadata.author or "").strip()
    assert not (reader.metadata.creator or "").strip()
    assert str(reader.metadata.creation_date).startswith("2020-01-13")
    assert b"pdfuaid" in made
    assert b"Typst" not in made


@pytest.mark.parametrize(
    "read",
    [
        lambda memo: docx_text(docx.render(memo)),
        lambda memo: pdf_text(pdf.render(memo)),
        lambda memo: markdown.render(memo).decode(),
    ],
)
def test_letters_of_ukraine_and_central_asia_come_out_right(write: Write, read: Any) -> None:
    said = squeezed(read(write("neutral", with_titles(*NAMES))))
    assert [name for name in NAMES if squeezed(name) not in said] == []


@pytest.mark.parametrize("read", [lambda memo: docx_text(docx.render(memo)), lambda memo: pdf_text(pdf.render(memo))])
def test_hostile_words_come_out_as_plain_words(write: Write, read: Any) -> None:
    said = squeezed(read(write("neutral", with_titles(*HOSTILE))))
    assert [text for text in HOSTILE if squeezed(text) not in said] == []
    assert "root:" not in said


def test_hostile_words_are_escaped_in_markdown(write: Write) -> None:
    said = markdown.render(write("neutral", with_titles(*HOSTILE))).decode()
    assert "<script>" not in said
    assert "![x](" not in said
    assert "\n- =" not in said
    rows = [row for row in said.splitlines() if row.startswith("| ") and "Assurance" not in row]
    assert all(row.replace("\\|", "").count("|") in (3, 4, 5, 6) for row in rows)


@pytest.mark.parametrize("hidden", ["\x00", "\x1b[31m", "\u202e", "\ud800", "\x07", "\u2028"])
def test_control_characters_never_reach_a_file(neutral: Memo, hidden: str) -> None:
    from dataclasses import replace

    from api.documents.memo.tree import Section, para

    memo = replace(neutral, sections=(Section("One", "1", (para(f"before{hidden}after"),)),))
    for made in (docx_text(docx.render(memo)), pdf_text(pdf.render(memo)), markdown.render(memo).decode()):
        assert hidden[0] not in made
        assert "before" in made


def test_files_are_made_in_time(neutral: Memo) -> None:
    pdf.render(neutral)
    for render, limit in ((docx.render, 1.0), (pdf.render, 1.5)):
        taken = []
        for _ in range(3):
            start = time.process_time()
            render(neutral)
            taken.append(time.process_time() - start)
        assert min(taken) < limit, (render.__module__, taken)

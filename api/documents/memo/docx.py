"""A memo as DOCX, by python-docx: real headings, lists, repeated table headers, a fixed and empty metadata.

The template of python-docx is scrubbed (tool, thumbnail, comments) and the zip written again with one date, so that
the same memo always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml.etree import SubElement

from api.documents.memo.tree import (
    Block,
    Bullets,
    Item,
    Line,
    Memo,
    Para,
    Run,
    Section,
    Table,
)

#: On every desk, with Cyrillic and the letters of Central Asia.
FONT = "Times New Roman"
WIDTH = Cm(16.2)
#: Deepest list style of the template.
DEEPEST = 3
BLANK = "_" * 40
_COLOURS = {"mark": "8A1500", "faint": "464646"}
_DROPPED = ("docProps/thumbnail.jpeg", "docProps/app.xml")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def render(memo: Memo) -> bytes:
    """The memo as a DOCX file; the same memo always gives the same bytes."""
    paper = _Paper(memo)
    paper.write()
    made = BytesIO()
    paper.document.save(made)
    return _repacked(made.getvalue())


class _Paper:
    """One document in the making."""

    def __init__(self, memo: Memo) -> None:
        self.memo, self.document = memo, Document()
        self.ids: dict[str, str] = {style.name: style.style_id for style in self.document.styles}
        self.body: Any = self.document._body._element
        self._styles()
        self._properties()

    def write(self) -> None:
        """The whole memo."""
        page = self.body.sectPr  # python-docx looks for it through all that is written, for each paragraph
        self.body.remove(page)
        self._paragraph("Title", (Run(self.memo.title),))
        for label, said in self.memo.about:
            made = self._paragraph("Normal", (Run(f"{label}: ", "strong"), *(said or (Run(BLANK),))))
            made.paragraph_format.space_after = Pt(2)
        for section in self.memo.sections:
            self._section(section, 1)
        self.body.append(page)
        self._footer()

    def _paragraph(self, style: str, said: Line) -> Paragraph:
        """A paragraph of a style, at the end."""
        made: Any = SubElement(self.body, _name("w:p"))
        _set_style(made, self.ids[style])
        _say(made, said)
        return Paragraph(made, self.document._body)

    def _section(self, section: Section, level: int) -> None:
        head = f"{section.number}  {section.title}".strip()
        if head:
            self._paragraph(f"Heading {level}", (Run(head),))
        for block in section.blocks:
            self._block(block)
        for below in section.sections:
            self._section(below, level + 1)

    def _block(self, block: Block) -> None:
        if isinstance(block, Para):
            made = self._paragraph("Intense Quote" if block.role in ("lead", "notice") else "Normal", block.line)
            if all(run.style == "strong" for run in block.line):
                made.paragraph_format.keep_with_next = True
        elif isinstance(block, Bullets):
            self._items(block.items, 1)
        elif isinstance(block, Table):
            self._table(block)
        else:
            for label in block.labels:
                self._paragraph("Normal", (Run(f"{label}: {BLANK}"),)).paragraph_format.space_before = Pt(24)

    def _items(self, items: Iterable[Item], depth: int) -> None:
        for one in items:
            shown = min(depth, DEEPEST)
            made = self._paragraph("List Bullet" if shown == 1 else f"List Bullet {shown}", one.line)
            if depth > DEEPEST:
                made.paragraph_format.left_indent = Cm(0.63 * depth)
            self._items(one.below, depth + 1)

    def _table(self, block: Table) -> None:
        made = CT_Tbl.new_tbl(len(block.rows) + 1, len(block.columns), WIDTH)
        self.body.append(made)
        made.tblStyle_val = self.ids["Table Grid"]
        made.tblPr.append(_element("w:tblDescription", val=block.about))
        total = sum(column.share for column in block.columns)
        widths = [int(WIDTH * column.share / total) for column in block.columns]
        for grid, width in zip(made.tblGrid.gridCol_lst, widths, strict=True):
            grid.w = Emu(width)
        head = tuple((Run(column.title, "strong"),) for column in block.columns)
        for place, (row, cells) in enumerate(zip(made.tr_lst, (head, *block.rows), strict=True)):
            properties = row.get_or_add_trPr()
            properties.append(_element("w:cantSplit"))
            if place == 0:
                properties.append(_element("w:tblHeader"))
            for cell, width, said in zip(row.tc_lst, widths, cells, strict=True):
                cell.width = Emu(width)
                told = cell.p_lst[0]
                _set_style(told, self.ids["No Spacing"])
                _say(told, said, half_points=18)
        after: Any = SubElement(self.body, _name("w:p"))
        Paragraph(after, self.document._body).paragraph_format.space_after = Pt(2)

    def _styles(self) -> None:
        styles: Any = self.document.styles
        for name in ("Normal", "Title", "Intense Quote", "No Spacing", *(f"Heading {level}" for level in range(1, 5))):
            style = styles[name]
            style.font.name = FONT
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.set(qn(f"w:{script}"), FONT)
            style.font.color.rgb = RGBColor(0, 0, 0)
        styles["Normal"].font.size = Pt(12 if self.memo.large else 11)
        styles["Title"].font.size = Pt(20)
        styles["Intense Quote"].font.italic = False
        for level, size in ((1, 14), (2, 12), (3, 11), (4, 11)):
            styles[f"Heading {level}"].font.size = Pt(size)
        language = styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        for script in ("val", "eastAsia", "bidi"):
            language.set(qn(f"w:{script}"), self.memo.lang)
        for section in self.document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(2.4)
            section.top_margin = section.bottom_margin = Cm(2.2)

    def _properties(self) -> None:
        core, day = self.document.core_properties, self.memo.dated
        when = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else datetime(1980, 1, 1, tzinfo=UTC)
        core.title, core.language = self.memo.title, self.memo.lang
        core.author = core.last_modified_by = core.comments = core.keywords = core.subject = core.category = ""
        core.created = core.modified = when
        core.revision = 1

    def _footer(self) -> None:
        made = self.document.sections[0].footer.paragraphs[0]
        _say(made._p, (Run(f"{self.memo.footer}  \u2013  ", "faint"),), half_points=18)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run: Any = made.add_run()._r
            if kind:
                run.append(_element("w:fldChar", fldCharType=kind))
                continue
            field = OxmlElement("w:instrText")
            field.text = text
            run.append(field)


def _set_style(paragraph: Any, style: str) -> None:
    """Give an empty paragraph its style, without the search through the schema that python-docx makes for each."""
    SubElement(SubElement(paragraph, _name("w:pPr")), _name("w:pStyle")).set(_name("w:val"), style)


def _say(paragraph: Any, said: Line, half_points: int = 0) -> None:
    """Add the runs of a line to a paragraph."""
    for one in said:
        run = SubElement(paragraph, _name("w:r"))
        bold, colour = one.style in ("strong", "mark"), _COLOURS.get(one.style)
        if bold or colour or half_points or one.lang or one.style == "emph":
            look = SubElement(run, _name("w:rPr"))
            if bold:
                SubElement(look, _name("w:b"))
            if one.style == "emph":
                SubElement(look, _name("w:i"))
            for kind, value in (("w:color", colour), ("w:sz", half_points or ""), ("w:lang", one.lang)):
                if value:
                    SubElement(look, _name(kind)).set(_name("w:val"), str(value))
        text = SubElement(run, _name("w:t"))
        text.text = one.text
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


@cache
def _name(name: str) -> str:
    return str(qn(name))


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _repacked(data: bytes) -> bytes:
    """The same package without what tells of a tool, each file with one fixed date."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in _DROPPED:
                new.writestr(ZipInfo(name, _EPOCH), _untold(name, old.read(name)), ZIP_DEFLATED)
    return made.getvalue()


def _untold(name: str, data: bytes) -> bytes:
    """The list of relations and of types without the dropped files."""
    if name not in ("_rels/.rels", "[Content_Types].xml"):
        return data
    from lxml import etree  # noqa: PLC0415 - comes with python-docx

    root = etree.fromstring(data)
    for one in list(root):
        target = (one.get("Target") or one.get("PartName") or "").lstrip("/")
        if target in _DROPPED:
            root.remove(one)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

"""A memo as tagged PDF (PDF/UA-1), set by typst.

The tree reaches the template as data through ``sys.inputs``, so nothing in it is ever read as typst; only typst's own
fonts are used, and no day but the one of assessment is written.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.documents.memo.tree import (
    Block,
    Bullets,
    Memo,
    Para,
    Section,
    Table,
)

TEMPLATE = Path(__file__).with_name("memo.typ")
#: What names the tool in the document information and in the XMP metadata.
_TOOL = re.compile(rb"(/Creator ?\(|<xmp:CreatorTool>|/Producer ?\(|<pdf:Producer>)([^)<]*)")


def render(memo: Memo) -> bytes:
    """The memo as PDF; the same memo always gives the same bytes."""
    import typst  # noqa: PLC0415 - only who wants a PDF pays for it

    made = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"memo": json.dumps(_plain(memo), ensure_ascii=False, sort_keys=True)},
        pdf_standards=["ua-1"],
        timestamp=_stamp(memo),
    )
    assert isinstance(made, bytes)
    return _TOOL.sub(lambda found: found[1] + b" " * len(found[2]), made)


def _stamp(memo: Memo) -> int:
    day = memo.dated
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) if day else 0


def _plain(memo: Memo) -> dict[str, Any]:
    """The tree as JSON data; ``kind`` tells blocks apart."""
    return {
        "title": memo.title,
        "lang": memo.lang,
        "footer": memo.footer,
        "dated": [memo.dated.year, memo.dated.month, memo.dated.day] if memo.dated else [],
        "about": [[label, [asdict(run) for run in said]] for label, said in memo.about],
        "sections": [_section(one) for one in memo.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "number": section.number,
        "blocks": [_block(one) for one in section.blocks],
        "sections": [_section(one) for one in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = (
        "para"
        if isinstance(block, Para)
        else "bullets"
        if isinstance(block, Bullets)
        else "table"
        if isinstance(block, Table)
        else "signature"
    )
    return {"kind": kind, **asdict(block)}

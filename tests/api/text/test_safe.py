"""Whatever a user writes stays text: on a terminal, in a pipe, in Markdown."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from api.documents.text.blocks import (
    Paper,
    Section,
    code,
    entry,
    line,
    strong,
    warn,
)
from api.documents.text.markdown import escaped, render
from api.documents.text.safe import inert
from api.documents.text.terminal import render as shown

TEXTS = st.text(max_size=60) | st.text(alphabet="\x1b[]()*_`<>&#\\!|~+-.:/@ 1a\n\t\r\u202e漢", max_size=40)
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


@given(TEXTS)
def test_inert_text_has_one_line_and_nothing_that_acts(text: str) -> None:
    safe = inert(text)
    assert not [char for char in safe if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", safe)


def test_what_is_removed_leaves_a_mark() -> None:
    assert inert("a\x1b[2Jb\u202ec\r\nd") == "a�[2Jb�c d"


def test_joiners_that_some_scripts_need_are_kept() -> None:
    assert inert("می\u200cخواهم") == "می\u200cخواهم"


def paper(text: str) -> Paper:
    """A paper with a user's words in every place."""
    below = entry(code(text), " ", warn(text), below=[entry(text)])
    return Paper(line(text), (line(strong(text), text),), (Section(text, (entry(text, below=[below]),), text),))


@given(TEXTS, st.integers(40, 120), st.booleans())
def test_no_width_is_exceeded_and_only_our_own_styles_are_sent(text: str, cells: int, tree: bool) -> None:
    plain = _STYLES.sub("", shown(paper(text), cells, tree=tree))
    assert all(cell_len(row) <= cells for row in plain.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", plain)


@given(TEXTS)
def test_a_pipe_gets_no_escape_at_all(text: str) -> None:
    assert "\x1b" not in shown(paper(text), 80, tree=False)


@given(TEXTS)
def test_markdown_shows_the_words_and_nothing_more(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(f"x {escaped(text)} x\n")
    inline = [token for token in tokens if token.type == "inline"]
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = {child.type for child in inline[0].children or ()}
    assert kinds <= {"text", "text_special"}
    shown_words = "".join(child.content for child in inline[0].children or ())
    assert shown_words.split() == f"x {inert(text)} x".split()


@given(TEXTS)
@example("0)")
@example("- x")
@example("")
def test_a_whole_paper_keeps_its_shape_in_markdown(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(render(paper(text)))
    kinds = [token.type for token in tokens]
    assert kinds.count("heading_open") == 2
    assert not {"html_block", "fence", "code_block", "table_open", "blockquote_open", "hr", "ordered_list_open"} & set(
        kinds
    )
    inside = {child.type for token in tokens for child in token.children or ()}
    assert not {"html_inline", "link_open", "image", "s_open"} & inside


def test_addresses_do_not_become_links() -> None:
    for text in ("https://evil.example/x", "www.evil.example", "mailto:a@evil.example", "a@evil.example"):
        children = MarkdownIt("commonmark").enable([]).parseInline(escaped(text))[0].children or []
        assert {child.type for child in children} <= {"text", "text_special"}
        assert not re.search(r"(?<!\\)(://|@)|(?<!\\)www\.", escaped(text).replace("\\:", "").replace("\\@", ""))

"""The link checker finds what is broken and lets everything else pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_links import faults, main

GOOD = """<html><head><link rel="stylesheet" href="../style.css"><link rel="canonical" href="https://example.org/"></head>
<body><h1 id="top">A</h1><a href="../">up</a> <a href="#top">top</a> <a href="../b/#part">part</a>
<a href="https://example.org/">outside</a> <img src="data:image/png;base64,AA=="></body></html>"""


def _site(folder: Path, page: str) -> Path:
    for name, text in {
        "index.html": "<p>home</p>",
        "b/index.html": '<h2 id="part">B</h2>',
        "a/index.html": page,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "style.css").write_text("p { color: red }", "utf-8")
    return folder


def test_a_good_site_has_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(faults(_site(tmp_path, GOOD))) == []
    assert main([str(tmp_path)]) == 0
    assert "Every link resolves" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<a href="../c/">gone</a>', "a/index.html: '../c/' leads to no file"),
        ('<a href="../b/#gone">gone</a>', "a/index.html: '../b/#gone' leads to no anchor"),
        ('<a href="#gone">gone</a>', "a/index.html: '#gone' leads to no anchor"),
        ('<img src="gone.png">', "a/index.html: 'gone.png' leads to no file"),
        ('<script src="https://cdn.example/x.js"></script>', "loads https://cdn.example/x.js from outside"),
        ('<link rel="stylesheet" href="//fonts.example/f.css">', "loads //fonts.example/f.css from outside"),
        ('<link rel="preconnect" href="https://fonts.example">', "loads https://fonts.example from outside"),
        ('<p style="background: url(https://x.example/p.png)">', "loads https://x.example/p.png from outside"),
    ],
)
def test_a_fault_is_found(page: str, said: str, tmp_path: Path) -> None:
    assert any(said in fault for fault in faults(_site(tmp_path, page)))


def test_a_style_sheet_that_fetches_fonts_is_found(tmp_path: Path) -> None:
    site = _site(tmp_path, GOOD)
    (site / "style.css").write_text('@import "https://fonts.example/f.css";', "utf-8")
    assert list(faults(site)) == ["style.css: loads https://fonts.example/f.css from outside"]


def test_an_empty_site_is_a_fault(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1

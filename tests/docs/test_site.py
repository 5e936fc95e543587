"""The site says everything the content says, under stable addresses, and marks what is unverified."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.assess import Engine
from scripts.check_links import faults
from scripts.site import addresses
from scripts.site.cases import CODES
from scripts.site.pages import all_pages
from scripts.site.texts import for_site
from scripts.site.words import plain

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"\]\(([^)\s]*)\)")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return all_pages(ROOT)


def _anchors(text: str) -> set[str]:
    """Anchors that are written out, and those that headings get by themselves."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {*re.findall(r"\{ #([\w.-]+)", text), *(addresses.slug(heading) for heading in headings)}


def test_every_thing_has_its_address(pages: dict[str, str], engine: Engine) -> None:
    pack = engine.pack
    wanted = [addresses.criterion(name) for name in pack.criteria]
    wanted += [addresses.instrument(name) for name in pack.instruments]
    wanted += [addresses.article(name, number) for name, item in pack.instruments.items() for number in item.articles]
    wanted += [addresses.fact(fact) for fact in pack.vocabulary.facts.values()]
    wanted += [addresses.authority(name) for name in pack.authorities]
    for address in wanted:
        path, _, anchor = address.partition("#")
        assert path in pages, address
        assert not anchor or f"{{ #{anchor}" in pages[path], address


def test_links_between_pages_resolve(pages: dict[str, str]) -> None:
    anchors = {address: _anchors(text) for address, text in pages.items()}
    for address, text in pages.items():
        for target in _LINK.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            page = posixpath.normpath(posixpath.join(posixpath.dirname(address), path)) if path else address
            if page.startswith("pictures/"):
                assert (ROOT / "docs" / page).is_file(), f"{address}: {target}"
            else:
                assert page in pages, f"{address}: {target}"
                assert not anchor or anchor in anchors[page], f"{address}: {target}"


def test_what_is_unverified_says_so_on_its_page_and_in_the_list(pages: dict[str, str], engine: Engine) -> None:
    listed = pages[addresses.UNVERIFIED]
    for criterion in engine.pack.criteria.values():
        page = pages[addresses.criterion(criterion.id)]
        assert ("Unverified reading" in page) == (criterion.review == "unverified"), criterion.id
        assert (f"criteria/{criterion.id}.md)" in listed) == (criterion.review == "unverified"), criterion.id
    for instrument in engine.pack.instruments.values():
        for number, article in instrument.articles.items():
            link = f"{addresses.article(instrument.id, number)})"
            assert (link in listed) == (article.review == "unverified"), f"{instrument.id} {number}"


def test_whoever_refers_to_an_unverified_criterion_says_so(pages: dict[str, str], engine: Engine) -> None:
    unverified = {criterion.id for criterion in engine.pack.criteria.values() if criterion.review == "unverified"}
    assert unverified, "nothing is unverified any more: simplify this test"
    places = [address for address in pages if address.startswith(("criteria/", "facts/", "instruments/", "cases/"))]
    for address in places:
        for line in pages[address].splitlines():
            for name in unverified & set(re.findall(r"\]\((?:\.\./criteria/)?([\w.-]+)\.md\) `", line)):
                assert "review unverified" in line, f"{address}: {name}"


def test_every_article_stands_beside_its_criteria_or_the_reason_why_not(pages: dict[str, str], engine: Engine) -> None:
    for criterion in engine.pack.criteria.values():
        for cite in criterion.cites:
            assert f"criteria/{criterion.id}.md)" in pages[addresses.instrument(cite.instrument)]
    for instrument in engine.pack.instruments.values():
        page = pages[addresses.instrument(instrument.id)]
        for article in instrument.articles.values():
            assert plain(article.heading) in page
            assert plain(article.content) in page
            assert not article.not_encoded or f"*Not encoded.* {plain(article.not_encoded)}" in page


def test_a_criterion_page_holds_all_of_it(pages: dict[str, str], engine: Engine) -> None:
    for criterion in engine.pack.criteria.values():
        page = pages[addresses.criterion(criterion.id)]
        said = [criterion.title, criterion.sentences.met, criterion.sentences.not_met, criterion.sentences.open]
        said += [criterion.standard, criterion.burden, criterion.note, *criterion.traps]
        said += [engine.pack.authorities[name].holding for name in criterion.authorities]
        assert all(plain(text) in page for text in said), criterion.id


def test_every_decided_case_shows_its_proof(pages: dict[str, str]) -> None:
    cases = [text for address, text in pages.items() if address.startswith("cases/") and address != "cases/index.md"]
    assert cases
    for text in cases:
        assert "## Expected and obtained" in text
        proof = text.partition("## Proof of the grounds that drove it")[2]
        assert "✓ met" in proof or "nothing drove the outcome" in proof


def test_every_code_of_a_holding_is_explained() -> None:
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests" / "cases" / "decided").glob("*.yaml"))
    labels = set(re.findall(r"label: ([A-Z]\w*)", written))
    assert labels <= {code for key in CODES for code in key.split(", ")}


def test_a_text_keeps_its_code_and_loses_links_to_what_has_no_page() -> None:
    sources = {"README.md": "index.md", "docs/glossary.md": "glossary.md"}
    text = "[words](docs/glossary.md#effects), [a module](engine/assess.py)\n```\n[x](docs/glossary.md)\n```\n"
    turned = for_site(text, "README.md", sources)
    assert turned == "[words](glossary.md#effects), a module\n```\n[x](docs/glossary.md)\n```\n"


@pytest.mark.slow
def test_the_site_builds_and_every_link_in_it_resolves(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="the site is built where mkdocs-material is installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "site")]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # what the theme says about its own future is no fault of ours
    built = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    assert "WARNING" not in built.stderr
    assert list(faults(tmp_path / "site")) == []

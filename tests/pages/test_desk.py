"""The desk however many matters there are: newest first, page by page, and a search that finds the oldest."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from api.storage import finding
from api.storage.audit.chain import listed
from api.storage.audit.journal import entries
from api.storage.matters import create_matter
from api.storage.store import Store
from api.storage.tables import Matter
from api.web.pages.rooms import desk
from api.web.pages.view import without_overrides
from tests.pages.support import Visitor, visitor

NUMBER = 23


@pytest.fixture
def many(toy_app: FastAPI, toy_store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[Visitor, list[str]]:
    """Somebody with more matters than three pages of the desk show, oldest first."""
    monkeypatch.setattr(desk, "SHOWN", 7)
    anna = visitor(toy_app, toy_store)
    with toy_store.write(anna.workspace, anna.person) as tx:
        made = [create_matter(tx, f"File {number:02d}", {"case": "x"}).id for number in range(NUMBER)]
    with toy_store.write(anna.workspace, anna.person) as tx:
        for number, one in enumerate(made):  # the first two changed at the same moment
            day = f"2026-01-{max(number, 1):02d}T00:00:00.000000Z"
            tx.session.execute(update(Matter).where(Matter.id == one).values(updated_at=day))
    return anna, made


def _search(anna: Visitor, wanted: str) -> str:
    """The page that a search leads to."""
    return anna.get(anna.send("/", q=wanted).headers["location"]).text


def _further(page: str) -> str:
    found = re.search(r'href="(/\?[\w=;&-]*after=[\w-]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def _shown(page: str) -> list[str]:
    return re.findall(r"<a href=\"/matters/\w+\">(File \d\d)</a>", page)


def test_every_matter_is_on_one_page_of_the_desk_the_newest_first(many: tuple[Visitor, list[str]]) -> None:
    anna, _ = many
    where, seen = "/", list[str]()
    while where:
        page = anna.get(where).text
        assert "File 22" in page or seen
        seen += _shown(page)
        where = _further(page)
    assert len(seen) == NUMBER
    assert seen[:-2] == [f"File {number:02d}" for number in range(NUMBER - 1, 1, -1)]
    assert set(seen[-2:]) == {"File 00", "File 01"}


def test_a_search_finds_the_oldest_and_goes_on_page_by_page(many: tuple[Visitor, list[str]]) -> None:
    anna, _ = many
    assert _shown(_search(anna, "00")) == ["File 00"]
    first = _search(anna, "file 1")
    assert _shown(first) == [f"File {number}" for number in range(19, 12, -1)]
    assert _shown(anna.get(_further(first)).text) == ["File 12", "File 11", "File 10"]


def test_a_search_that_takes_long_says_how_far_it_came_and_goes_on_from_there(
    many: tuple[Visitor, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, _ = many
    monkeypatch.setattr(finding, "SECONDS", 0.0)
    page = _search(anna, "le 0")
    assert "So far only matters changed on 22 January 2026 or later were looked through." in page
    assert "None of them has a reference like this." in page
    seen, pages = list[str](), 1
    while where := _further(page):
        page, pages = anna.get(where).text, pages + 1
        seen += _shown(page)
    assert pages == NUMBER
    assert sorted(seen) == [f"File {number:02d}" for number in range(10)]
    assert "So far" not in page
    assert len(_shown(anna.get("/").text)) == 7, "a view without a search is not cut"


def test_what_is_called_exactly_so_is_found_at_once_and_the_others_behind_it(
    many: tuple[Visitor, list[str]], toy_store: Store
) -> None:
    anna, _ = many
    with toy_store.write(anna.workspace, anna.person) as tx:
        one = create_matter(tx, "File", {"case": "x"}).id
    with toy_store.write(anna.workspace, anna.person) as tx:
        tx.session.execute(update(Matter).where(Matter.id == one).values(updated_at="2020-01-01T00:00:00.000000Z"))
    page = _search(anna, "File")
    assert re.findall(r"<a href=\"/matters/\w+\">(File[ \d]*)</a>", page) == ["File"]
    assert _shown(anna.get(_further(page)).text)[0] == "File 22"


def test_a_search_stands_in_no_address(many: tuple[Visitor, list[str]]) -> None:
    anna, _ = many
    page = anna.get("/").text
    form = re.search(r"<form[^>]*role=\"search\"[^>]*>", page)
    assert form is not None
    assert 'method="post"' in form[0]
    assert len(_shown(anna.get("/?q=00").text)) == 7, "an address searches nothing"


def test_a_view_of_the_desk_makes_the_chain_grow_by_a_digest_and_not_by_every_id(
    many: tuple[Visitor, list[str]], toy_store: Store
) -> None:
    anna, made = many
    with toy_store.read(anna.workspace) as tx:
        before = list(entries(tx.session, anna.workspace))
    anna.get("/")
    _search(anna, "nothing like this")
    with toy_store.read(anna.workspace) as tx:
        new = list(entries(tx.session, anna.workspace, after=len(before)))
    assert [one.act for one in new] == ["matters.listed", "matters.listed"]
    assert new[0].ids == listed("matters", list(reversed(made))[:7])
    assert new[1].ids == listed("matters", [])
    assert all(len(one.line()) < 700 for one in new)


def test_one_damaged_reference_hides_no_other(many: tuple[Visitor, list[str]], toy_store: Store) -> None:
    anna, made = many
    with toy_store.write(anna.workspace, anna.person) as tx:
        tx.session.execute(update(Matter).where(Matter.id == made[-1]).values(sealed=b"\x01" + b"\x00" * 60))
    page = anna.get("/").text
    assert len(_shown(page)) == 6
    assert "This cannot be read" in page
    assert f"/matters/{made[-1]}" in page


def test_L5_no_text_turns_the_direction_of_what_stands_beside_it(anna: Visitor) -> None:
    turned = "Canary \u202eelbissimdani\u2066 1"
    matter = anna.makes(turned)
    for path in ("/", f"/matters/{matter}"):
        page = anna.get(path).text
        assert "Canary" in page
        assert not {"\u202e", "\u2066"} & set(page), path


def test_L5_what_was_typed_goes_back_as_it_was_typed() -> None:
    page = without_overrides('<p>a\u202eb</p><input value="a\u202eb"><textarea id="x">a\u202eb</textarea><p>\u202d</p>')
    assert page == '<p>a\ufffdb</p><input value="a\u202eb"><textarea id="x">a\u202eb</textarea><p>\ufffd</p>'

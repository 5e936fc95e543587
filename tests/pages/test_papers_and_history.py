"""What-if, picture, memo and history over Toyland: nothing stored unasked, files with neutral names, differences.

T13: no word of a case in the name of a file.
"""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from api.documents.language.catalogues import speech_in
from api.storage.matters import read_facts
from api.storage.store import Store
from tests.pages.support import Visitor, words
from tests.pages.test_verdict import assessed, part


def version(store: Store, anna: Visitor, matter: str) -> int:
    """The latest version of a matter's facts."""
    with store.write(anna.workspace, anna.person) as tx:
        return read_facts(tx, matter).version


def test_a_what_if_lights_what_differs_and_stores_nothing(anna: Visitor, toy_store: Store) -> None:
    matter = assessed(anna)
    before = version(toy_store, anna, matter)
    page = anna.send(f"/matters/{matter}/whatif", ("at", "case::ground_up"), ("v-case::ground_up", "no"))
    said = words(page)
    assert "1 ground would stand otherwise" in said
    assert re.search(r'<tr class="lit"><th scope="row"><a href="/law/criteria/toy-1900\.mill">', page.text)
    assert "The mill met not met" in said
    assert "Outcome inadmissible not settled" in said
    assert version(toy_store, anna, matter) == before


def test_a_fact_is_picked_from_the_list_and_can_be_left_again(anna: Visitor) -> None:
    matter = assessed(anna)
    path = f"/matters/{matter}/whatif"
    key = f"counts:{anna.items(matter, 'counts')[1]}:broke_vase"
    page = anna.send(path, more=key).text
    assert f'name="at" value="{key}"' in page
    page = anna.send(path, at=key, drop=key).text
    assert 'name="at"' not in page


def test_only_the_explicit_button_saves_a_what_if(anna: Visitor, toy_store: Store) -> None:
    matter = assessed(anna)
    before = version(toy_store, anna, matter)
    sent = (("at", "case::sleepy"), ("v-case::sleepy", "no"), ("version", str(before)))
    assert anna.send(f"/matters/{matter}/whatif/save", *sent).status_code == 303
    assert version(toy_store, anna, matter) == before + 1
    anna.send(f"/matters/{matter}/whatif/save", *sent)
    assert version(toy_store, anna, matter) == before + 1


@pytest.mark.parametrize("key", ["case::no_such", "counts:nowhere:broke_vase", "counts::ground_up", "x"])
def test_a_what_if_of_an_unknown_fact_is_refused(anna: Visitor, key: str) -> None:
    assert anna.send(f"/matters/{assessed(anna)}/whatif", at=key).status_code == 404


def test_a_value_that_cannot_be_read_is_refused_in_words(anna: Visitor) -> None:
    sent = (("at", "case::age"), ("v-case::age", "very old"))
    page = anna.send(f"/matters/{assessed(anna)}/whatif", *sent)
    assert page.status_code == 422
    assert "There is a problem" in words(page)


def test_what_would_change_the_outcome_can_be_tried_with_one_button(anna: Visitor) -> None:
    matter = assessed(anna)
    form = re.search(
        r'name="at" value="(case::mill_closed)"><input type="hidden" name="v-case::mill_closed" value="(\w+)"',
        anna.get(f"/matters/{matter}/verdict").text,
    )
    assert form
    page = anna.send(f"/matters/{matter}/whatif", ("at", form[1]), (f"v-{form[1]}", form[2]))
    assert "undetermined" in words(page)


def test_the_picture_comes_as_files_with_neutral_names(anna: Visitor) -> None:
    matter = assessed(anna)
    start = {"svg": b"<svg", "png": b"\x89PNG\r\n", "txt": b""}
    for kind, first in start.items():
        answer = anna.get(f"/matters/{matter}/graph.{kind}?take=1")
        assert answer.headers["content-disposition"] == f'attachment; filename="graph.{kind}"'
        assert answer.content.startswith(first)
    assert "content-disposition" not in anna.get(f"/matters/{matter}/graph.svg").headers
    assert anna.get(f"/matters/{matter}/graph.gif").status_code == 404


def test_a_picture_breaks_no_rule_of_the_page(anna: Visitor) -> None:
    picture = anna.get(f"/matters/{assessed(anna)}/graph.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert not re.search(r"<style|style=|<script|href=", picture.text)


def test_the_picture_of_one_ground_holds_its_whole_proof_and_the_same_in_words(anna: Visitor) -> None:
    matter = assessed(anna)
    picture = anna.get(f"/matters/{matter}/graph.svg?ground=toy-1900.mill").text
    page = words(anna.get(f"/matters/{matter}/graph?ground=toy-1900.mill"))
    for text in ("Would the doll be ground up?", "Is the mill closed?"):
        assert text in picture
        assert text in page
    assert anna.get(f"/matters/{matter}/graph?ground=no.such").status_code == 404


@pytest.mark.parametrize(("form", "first"), [("docx", b"PK"), ("pdf", b"%PDF"), ("md", b"#")])
def test_the_memo_is_a_file_whose_name_tells_nothing(anna: Visitor, form: str, first: bytes) -> None:
    answer = anna.get(f"/matters/{assessed(anna)}/memo/file?form={form}&language=uk&style=oscola&profile=person")
    assert answer.headers["content-disposition"] == f'attachment; filename="memo.{form}"'
    assert answer.content.startswith(first)
    if form == "docx":
        text = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
        assert speech_in("uk").say("Memorandum on extradition for the defence") in text


def test_a_memo_of_another_kind_is_refused(anna: Visitor) -> None:
    assert anna.get(f"/matters/{assessed(anna)}/memo/file?profile=everybody").status_code == 422


def test_the_history_names_versions_persons_and_the_facts_that_differ(anna: Visitor) -> None:
    matter = assessed(anna)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="no")
    page = anna.get(f"/matters/{matter}/history")
    said = words(page)
    assert "6 versions" in said
    assert "Anna" in said
    assert "From version 5 to version 6 1 fact differs" in said
    assert "Would the doll be ground up? yes asserted (the person) Heard it. no asserted" in said
    first = words(anna.get(f"/matters/{matter}/history?first=1&second=6"))
    assert "Mischiefs: added: The vase" in first
    assert "Did it break a vase? (The vase) not recorded yes" in first
    assert anna.get(f"/matters/{matter}/history?first=1&second=99").status_code == 404


def test_two_assessments_are_compared_down_to_the_first_step_that_parts(anna: Visitor) -> None:
    matter = assessed(anna)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="no")
    anna.send(f"/matters/{matter}/assess")
    page = anna.get(f"/matters/{matter}/history").text
    after, before = dict.fromkeys(re.findall(r"\?assessment=(asm_\w+)", page))
    said = words(anna.get(f"/matters/{matter}/history?before={before}&after={after}"))
    assert "What differs between the two 1 ground stands otherwise" in said
    assert "The mill met not met" in said
    assert re.search(r"First step at which they part: \d+", said)
    same = words(anna.get(f"/matters/{matter}/history?before={before}&after={before}"))
    assert "Nothing differs." in part(same, "What differs between the two", "Dedere supports")

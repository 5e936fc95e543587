"""The verdict over Toyland: told from the stored answer, with everything a lawyer checks it by.

T8: strangers find nothing; T25: in every language; T27: hostile words stay words.
"""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from api.storage.store import Store
from api.storage.tables import Assessment
from engine.assess import Engine
from tests.pages.support import Visitor, visitor, words


def assessed(anna: Visitor, *answers: tuple[str, str]) -> str:
    """A matter with one vase broken and another in question, assessed for the record."""
    matter = anna.makes()
    vase, _ = (anna.adds(matter, "counts", title) for title in ("The vase", "The jug"))
    anna.send(f"/matters/{matter}/ask/broke_vase?item={vase}", answer="yes")
    for fact, value in answers or (("ground_up", "yes"),):
        anna.send(f"/matters/{matter}/ask/{fact}", answer=value, standing="asserted", by="person", note="Heard it.")
    assert anna.send(f"/matters/{matter}/assess").headers["location"] == f"/matters/{matter}/verdict"
    return matter


def part(answer_text: str, start: str, end: str) -> str:
    """The piece of a page between two marks."""
    return answer_text[answer_text.index(start) : answer_text.index(end)]


@pytest.mark.parametrize("room", ["verdict", "board", "graph", "memo"])
def test_without_an_assessment_each_room_offers_to_make_one(anna: Visitor, room: str) -> None:
    page = anna.get(f"/matters/{anna.makes()}/{room}")
    assert page.status_code == 200
    assert "Not assessed yet" in words(page)
    assert "Assess for the record" in words(page)


def test_the_outcome_is_said_in_one_sentence_with_how_settled_it_is(anna: Visitor) -> None:
    page = words(anna.get(f"/matters/{assessed(anna)}/verdict"))
    assert "Surrender is not permitted, on the record as it stands." in page
    assert "inadmissible not settled" in page
    assert "Possible by what is known alone: admissible – inadmissible" in page


def test_the_board_has_every_instrument_and_keeps_duties_apart_from_bars(anna: Visitor) -> None:
    page = anna.get(f"/matters/{assessed(anna)}/board").text
    row = part(page, '<th scope="row"><a href="/law/instruments/toy-1900">', "Not binding")
    against, beside = row.split('<td class="apart"')
    assert re.search(r'#g-toy-1900\.mill".*?article">2</span> <span class="status met">met', against)
    assert re.search(r'article">3</span> <span class="status open">open</span><span class="many">2 of 3', against)
    assert re.search(r'#g-toy-1900\.duty".*?article">1</span> <span class="status met">met', beside)
    assert 'article">PUPPETS</span> <span class="status not_applicable">not binding' in page.replace("\n", "")


def test_a_ground_has_its_proof_exhibit_note_and_whose_word_it_is(anna: Visitor) -> None:
    page = anna.get(f"/matters/{assessed(anna)}/verdict?depth=full").text
    ground = part(page, 'id="g-toy-1900.mill"', 'id="g-toy-1900.silly"')
    assert "The mill bars surrender." in ground
    assert "Would the doll be ground up?" in ground
    assert "asserted (the person)" in ground
    assert "Heard it." in ground
    assert "by the burden of proof" in ground


def test_the_three_depths_show_more_and_more_and_say_what_they_hide(anna: Visitor) -> None:
    matter = assessed(anna)
    verdict, grounds, full = (
        anna.get(f"/matters/{matter}/verdict?depth={depth}").text for depth in ("verdict", "grounds", "full")
    )
    steps = [text.count('<li class="step') for text in (verdict, grounds, full)]
    assert steps[0] == 0 < steps[1] < steps[2]
    hidden = sum(map(int, re.findall(r"(\d+) steps? below (?:is|are) not shown", grounds)))
    assert hidden == steps[2] - steps[1]
    assert "not shown" not in full
    assert full.count("<ul") == full.count("</ul>")
    assert len(re.findall("<li[ >]", full)) == full.count("</li>")


def test_one_ground_can_be_told_to_its_end(anna: Visitor) -> None:
    matter = assessed(anna)
    page = anna.get(f"/matters/{matter}/verdict?depth=full&ground=toy-1900.mill").text
    assert page.count('<details class="proof" open>') == 1
    assert anna.get(f"/matters/{matter}/verdict?depth=full&ground=no.such").status_code == 404


def test_what_is_missing_leads_to_its_question_under_the_ground_that_waits_for_it(anna: Visitor) -> None:
    matter = assessed(anna)
    page = anna.get(f"/matters/{matter}/verdict").text
    ground = part(page, 'id="m-toy-1900.silly"', 'id="m-toy-1900.nap"')
    jug = anna.items(matter, "counts")[1]
    link = re.search(rf'href="(/matters/[^"]*/ask/broke_vase\?item={jug})"', ground)
    assert link
    assert anna.get(link[1]).status_code == 200
    assert "The jug" in ground


def test_what_would_change_it_is_told_for_each_side_with_whether_all_was_tried(anna: Visitor) -> None:
    page = words(anna.get(f"/matters/{assessed(anna)}/verdict"))
    assert re.search(
        r"For the person Nothing found\. For the requesting State .*Is the mill closed\? yes : undet", page
    )
    assert re.search(r"all the smallest sets|Not every set of facts was tried", page)


def test_a_conflict_names_what_prevails_and_what_gives_way(anna: Visitor) -> None:
    page = words(anna.get(f"/matters/{assessed(anna)}/verdict"))
    assert "A duty to surrender gives way to the mill and to the nap." in page
    assert "Prevails met The mill" in page
    assert "Gives way met Duty to surrender" in page


def test_a_clock_that_runs_is_drawn_and_stands_in_the_table(anna: Visitor) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/ask/seized_on", answer="value", value="1950-05-20")
    anna.send(f"/matters/{matter}/assess")
    page = anna.get(f"/matters/{matter}/verdict").text
    assert '<svg class="timeline"' in page
    assert 'class="bar running"' in page
    assert "29 June 1950" in part(page, "<caption>Time limits", 'id="readings"')


def test_readings_that_part_are_side_by_side(anna: Visitor) -> None:
    matter = assessed(anna)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="disputed", person="yes", state="no")
    anna.send(f"/matters/{matter}/assess")
    page = part(anna.get(f"/matters/{matter}/verdict").text, 'id="readings"', 'id="rest"')
    mill = part(page, "#g-toy-1900.mill", "</tbody>")
    assert re.findall(r'class="status (\w+)"', mill)[:3] == ["open", "met", "not_met"]


def test_why_not_facts_not_relied_on_assumptions_and_receipt_are_there(anna: Visitor) -> None:
    matter = assessed(anna, ("ground_up", "no"), ("maker_state", "MCO"))
    anna.send(f"/matters/{matter}/ask/maker_state", answer="value", value="Monaco")
    anna.send(f"/matters/{matter}/assess")
    page = words(anna.get(f"/matters/{matter}/verdict"))
    assert "The mill does not bar. Would the doll be ground up?: no" in page
    assert re.search(r"\d facts? recorded but not relied on .*Where was it made\?", page)
    assert "How is tickling read? Loosely" in page
    assert re.search(r"Receipt [0-9a-f]{64}", page)


def test_facts_that_changed_since_are_said_and_the_old_answer_stays(anna: Visitor) -> None:
    matter = assessed(anna)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="no")
    page = words(anna.get(f"/matters/{matter}/verdict"))
    assert "The facts have changed since: this was version 5, the latest is version 6." in page
    assert "The mill bars surrender." in page
    anna.send(f"/matters/{matter}/assess")
    page = words(anna.get(f"/matters/{matter}/verdict"))
    assert "The facts have changed since" not in page
    assert "The mill does not bar." in page


def test_an_older_assessment_is_shown_by_its_id_and_only_under_its_matter(anna: Visitor) -> None:
    matter = assessed(anna)
    front = anna.get(f"/matters/{matter}").text
    old = re.search(r"\?assessment=(asm_\w+)", front)
    assert old
    anna.send(f"/matters/{matter}/ask/ground_up", answer="no")
    anna.send(f"/matters/{matter}/assess")
    assert "The mill bars surrender." in words(anna.get(f"/matters/{matter}/verdict?assessment={old[1]}"))
    other = anna.makes("T/2")
    for room in ("verdict", "board", "graph", "graph.svg", "memo", "memo/file"):
        assert anna.get(f"/matters/{other}/{room}?assessment={old[1]}").status_code == 404


def test_an_answer_under_law_content_that_is_gone_is_shown_and_said_to_be_so(
    anna: Visitor, toy_store: Store, toy_engine: Engine
) -> None:
    matter = assessed(anna)
    here = toy_engine.pack.rules_digest

    def made_under(rules: str) -> None:
        with toy_store.write(anna.workspace, anna.person) as tx:
            tx.session.execute(update(Assessment).where(Assessment.matter_id == matter).values(rules=rules))

    made_under("0" * 64)
    unread = anna.get(f"/matters/{matter}/verdict")  # not yet in words
    assert unread.status_code == 409
    assert "law content" in words(unread)
    made_under(here)
    assert anna.get(f"/matters/{matter}/verdict").status_code == 200
    made_under("0" * 64)
    page = words(anna.get(f"/matters/{matter}/verdict"))
    assert "The mill bars surrender." in page
    assert "The version of the law content used for this answer is not installed here." in page
    for room in ("graph", "graph.svg", "memo/file"):
        refused = anna.get(f"/matters/{matter}/{room}")
        assert refused.status_code == 409
        assert "law content" in words(refused)


def test_hostile_words_of_a_case_stay_words(anna: Visitor) -> None:
    matter = anna.makes()
    bad = "<script>alert(1)</script>"
    anna.send(f"/matters/{matter}/lists/counts", act="add", title=bad)
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", note=bad, by=bad)
    anna.send(f"/matters/{matter}/assess")
    for room in ("verdict?depth=full", "board", "graph", "graph.svg", "history", "whatif"):
        page = anna.get(f"/matters/{matter}/{room}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_the_rooms_of_the_verdict_are_closed_to_strangers(anna: Visitor, toy_app: FastAPI, toy_store: Store) -> None:
    matter, stranger = assessed(anna), visitor(toy_app, toy_store)
    for room in ("verdict", "board", "graph", "graph.svg", "graph.png", "memo", "memo/file", "history", "whatif"):
        assert stranger.get(f"/matters/{matter}/{room}").status_code == 404
    auditor = visitor(toy_app, toy_store, ["auditor"], anna.workspace)
    for room in ("verdict", "graph.svg", "memo/file", "history"):
        assert auditor.get(f"/matters/{matter}/{room}").status_code == 403


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_the_verdict_is_said_in_every_language(anna: Visitor, language: str) -> None:
    matter = assessed(anna)
    cookie = anna.client.headers["cookie"] + f"; dedere-language={language}"
    for room in ("verdict", "board", "graph", "memo", "history", "whatif"):
        page = anna.client.get(f"/matters/{matter}/{room}", headers={"accept": "text/html", "cookie": cookie})
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
    page = anna.client.get(f"/matters/{matter}/verdict", headers={"accept": "text/html", "cookie": cookie})
    assert "What is missing" not in page.text

"""What nobody has checked says so wherever it is read: in the typed answer, its sentences, proof and trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.answer.model import Answer
from engine.assess import Engine
from engine.content.clocks import Citation, Clock, Length
from engine.content.models import Authority, Conflict
from tests.engine.support import DAY, criterion, document, fact, make_pack, treaty

#: An article number that stands in a pinpoint of its own for each way of being unsure.
UNSURE = Citation(instrument="toy", article="1", pinpoint="art 1(7)", pinpoint_review="unverified")
SURE = Citation(instrument="toy", article="1", pinpoint="art 1(1)")
OF_UNSEEN_TEXT = Citation(instrument="unseen", article="1", pinpoint="art 9")
HELD = Authority(
    id="lullaby",
    name="Lullaby v Toyland",
    body="Toy Court",
    number="7",
    year=1950,
    holding="A nap is a nap.",
    pinpoint="§ 4",
    pinpoint_review="unverified",
    review="known",
)


@pytest.fixture(scope="module")
def answer() -> Answer:
    article = {"1": {"heading": "One", "content": "One.", "review": "unverified"}}
    facts = [fact("a"), fact("b"), fact("held_on", "date")]
    clock = Clock(
        id="clock",
        title="Clock",
        cites=(UNSURE,),
        length=Length(days=1),
        consequence="release_possible",
        sentence="Time is up.",
        review="known",
        **{"from": "held_on"},
    )
    conflict = Conflict(
        id="clash", prevails=("bar",), yields=("duty",), reason="So it is.", cites=(UNSURE, SURE), review="known"
    )
    pack = make_pack(
        facts,
        [
            criterion("bar", {"all": ["a", "b"]}, cites=(UNSURE, SURE, OF_UNSEEN_TEXT), authorities=("lullaby",)),
            criterion("duty", "a", "obligation", cites=(UNSURE,)),
            criterion("weak", "a", "optional_refusal", review="unverified"),
        ],
        instruments=[treaty("unseen", articles=article)],
        clocks=[clock],
        conflicts=[conflict],
        authorities=[HELD],
    )
    engine = Engine(pack)
    return engine.assess(engine.read(document({"a": True, "b": True, "held_on": "2020-01-10"})), DAY)


def test_a_citation_carries_the_weakest_mark_of_pinpoint_article_and_reading(answer: Answer) -> None:
    grounds = {ground.id: ground for ground in answer.grounds}
    assert [cite.review for cite in grounds["bar"].citations] == ["unverified", "known", "unverified"]
    assert [cite.review for cite in grounds["weak"].citations] == ["unverified"]


def test_the_ground_says_which_pinpoint_or_reading_is_unverified(answer: Answer) -> None:
    grounds = {ground.id: ground for ground in answer.grounds}
    assert [note for note in grounds["bar"].unverified if "1(7)" in note]
    assert [note for note in grounds["bar"].unverified if "art 9" in note]
    assert grounds["weak"].unverified == ("this reading of the law has not been verified",)
    assert any(note.startswith("bar: ") for note in answer.unverified)


def test_an_authority_says_that_its_pinpoint_is_unverified(answer: Answer) -> None:
    (authority,) = next(ground for ground in answer.grounds if ground.id == "bar").authorities
    assert authority.pinpoint == "§ 4 (pinpoint unverified)"


def test_clocks_and_conflicts_carry_the_mark_of_their_pinpoints(answer: Answer) -> None:
    assert [cite.review for cite in answer.clocks[0].citations] == ["unverified"]
    assert [cite.review for cite in answer.conflicts[0].citations] == ["unverified", "known"]


def test_the_sentence_on_the_duty_marks_its_pinpoint(answer: Answer) -> None:
    assert "TOY art 1(7) (unverified)" in answer.duty.sentence


def test_proof_and_trace_mark_it_in_words(answer: Answer) -> None:
    proof = answer.model_dump(mode="json")["proof"]["bar"]
    assert "TOY art 1(7) (pinpoint unverified)" in proof["citations"]
    steps = [cite for step in answer.trace for cite in step.citations]
    assert "TOY art 1(7) (pinpoint unverified)" in steps


def test_in_all_of_the_json_the_pinpoint_never_stands_without_its_mark(answer: Answer) -> None:
    bare = [said for said in _strings(answer.model_dump(mode="json")) if "1(7)" in said and "verified" not in said]
    assert bare == []


def _strings(data: Any) -> Iterator[str]:
    """Every text of the answer; a citation counts as one text with its review mark."""
    if isinstance(data, dict) and {"pinpoint", "review"} <= set(data):
        yield f"{data['pinpoint']} {data['review']}"
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _strings(value)
    elif isinstance(data, str):
        yield data

"""Assessments kept as records: put into words once, by whoever reads them first or when there is time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.operations.erasure import erase_matter
from api.storage.assessments import (
    assessment_said,
    list_assessments,
    put_into_words,
    put_these_into_words,
    read_answer,
    record_assessment,
)
from api.storage.errors import NotFound, NoWords
from api.storage.matters import create_matter
from api.storage.rotation import rotate_key
from api.storage.store import Law, Store
from api.storage.summaries import Gist, summaries
from api.storage.tables import Assessment
from engine.answer.model import Answer
from engine.errors import EnginesDisagree

LATER = "2100-01-01T00:00:00.000000Z"
RECORD = b'{"what": "both engines agreed on"}'
WORDS = b'{"outcome": "in many words"}'


class Scribe:
    """Puts every record into the same words, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[Law, bytes, bytes]] = []

    def __call__(self, law: Law, facts: bytes, record: bytes) -> bytes:
        self.given.append((law, facts, record))
        return WORDS


def kept(store: Store, workspace: str, answer: Answer, reference: str = "W/1") -> tuple[str, str]:
    """A matter and an assessment of it that is not yet in words."""
    gist = Gist.model_validate_json(answer.model_dump_json())
    with store.write(workspace, "usr_one") as tx:
        matter = create_matter(tx, reference, {"case": "doll"})
        return matter.id, record_assessment(tx, matter.id, 1, gist, RECORD, in_words=False).id


def unworded(store: Store, workspace: str) -> list[str]:
    with store.read(workspace) as tx:
        return list(tx.session.scalars(select(Assessment.id).where(Assessment.in_words.is_(False))))


def test_whoever_reads_first_puts_a_record_into_words_and_the_next_reads_those(
    store: Store, workspace: str, answer: Answer
) -> None:
    scribe = Scribe()
    lawful = store.with_words(scribe)
    _, assessment = kept(store, workspace, answer)
    for _ in range(2):
        with lawful.write(workspace, "usr_one") as tx:
            assert read_answer(tx, assessment)[1] == WORDS
    law = Law(answer.receipt.rules, answer.receipt.instruments)
    assert scribe.given == [(law, b'{"case":"doll"}', RECORD)]
    assert unworded(store, workspace) == []


def test_what_lists_show_needs_no_words(store: Store, workspace: str, answer: Answer) -> None:
    _, assessment = kept(store, workspace, answer)
    with store.write(workspace, "usr_one") as tx:
        assert summaries(tx, [assessment])[assessment].outcome == answer.outcome
        assert assessment_said(tx, assessment).receipt == answer.receipt.digest
        assert [one.id for one in list_assessments(tx)] == [assessment]
    assert unworded(store, workspace) == [assessment]


def test_without_the_law_there_are_no_words_and_nothing_is_lost(store: Store, workspace: str, answer: Answer) -> None:
    _, assessment = kept(store, workspace, answer)
    with pytest.raises(NoWords), store.write(workspace, "usr_one") as tx:
        read_answer(tx, assessment)
    assert put_into_words(store, workspace, "sys_chores", LATER, 10) == 0
    assert unworded(store, workspace) == [assessment]
    assert put_into_words(store.with_words(Scribe()), workspace, "sys_chores", LATER, 10) == 1


def test_what_waits_is_put_into_words_oldest_first_and_so_many_at_a_time(
    store: Store, workspace: str, answer: Answer
) -> None:
    lawful = store.with_words(Scribe())
    made = [kept(store, workspace, answer, f"W/{number}")[1] for number in range(5)]
    assert put_into_words(lawful, workspace, "sys_chores", "2000-01-01T00:00:00.000000Z", 10) == 0
    assert put_into_words(lawful, workspace, "sys_chores", LATER, 2) == 2
    assert set(unworded(store, workspace)) == set(made[2:])
    assert put_into_words(lawful, workspace, "sys_chores", LATER, 10) == 3
    with store.write(workspace, "usr_one") as tx:
        assert {read_answer(tx, one)[1] for one in made} == {WORDS}


def test_records_that_cannot_be_put_into_words_hold_up_no_other(store: Store, workspace: str, answer: Answer) -> None:
    strange = answer.model_copy(update={"receipt": answer.receipt.model_copy(update={"rules": "0" * 64})})
    stuck = [kept(store, workspace, strange, f"S/{number}")[1] for number in range(3)]
    other = kept(store, workspace, answer, "W/other")[1]
    fine = kept(store, workspace, answer)[1]
    scribe = Scribe()

    def words(law: Law, facts: bytes, record: bytes) -> bytes:
        if law.rules == "0" * 64:
            raise NoWords
        if not scribe.given:
            scribe.given.append((law, facts, record))
            raise EnginesDisagree
        return scribe(law, facts, record)

    assert put_into_words(store.with_words(words), workspace, "sys_chores", LATER, 1) == 1
    assert set(unworded(store, workspace)) == {*stuck, other}
    assert fine not in unworded(store, workspace)


def test_others_write_while_certain_records_are_put_into_words(store: Store, workspace: str, answer: Answer) -> None:
    made = [kept(store, workspace, answer, f"W/{number}")[1] for number in range(4)]
    wrote: list[str] = []

    def words(law: Law, facts: bytes, record: bytes) -> bytes:
        with store.write(workspace, "usr_two") as tx:  # would wait in vain if the words were written in a transaction
            wrote.append(create_matter(tx, f"O/{len(wrote)}", {"case": "other"}).id)
        return WORDS

    assert put_these_into_words(store.with_words(words), workspace, "usr_one", made[1:3]) == 2
    assert len(wrote) == 2
    assert set(unworded(store, workspace)) == {made[0], made[3]}
    assert put_these_into_words(store.with_words(words), workspace, "usr_one", []) == 0


def test_a_record_that_is_erased_while_it_is_put_into_words_stays_erased(
    store: Store, workspace: str, answer: Answer
) -> None:
    matter, assessment = kept(store, workspace, answer)

    def erased_meanwhile(law: Law, facts: bytes, record: bytes) -> bytes:
        erase_matter(store, workspace, matter, "usr_one")
        return WORDS

    assert put_into_words(store.with_words(erased_meanwhile), workspace, "sys_chores", LATER, 1) == 0
    with pytest.raises(NotFound), store.write(workspace, "usr_one") as tx:
        read_answer(tx, assessment)


def test_a_record_whose_key_was_changed_is_put_into_words_under_the_new_one(
    store: Store, workspace: str, answer: Answer
) -> None:
    matter, assessment = kept(store, workspace, answer)
    rotate_key(store, workspace, matter, "usr_one")
    with store.with_words(Scribe()).write(workspace, "usr_one") as tx:
        assert read_answer(tx, assessment)[1] == WORDS

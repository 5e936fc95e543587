"""Matters, versions, assessments and idempotency, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from api.storage.assessments import list_assessments, read_answer, record_assessment
from api.storage.errors import (
    Conflict,
    KeyReused,
    NotFound,
    ReferenceTaken,
)
from api.storage.idempotency import (
    KEPT,
    Result,
    forget_old,
    once,
)
from api.storage.matters import (
    add_version,
    create_matter,
    find_matter,
    list_matters,
    read_facts,
    read_matter,
)
from api.storage.store import Store, Transaction
from api.storage.workspaces import create_workspace, workspace_name
from engine.answer.model import Answer
from tests.store.support import Clock

ME = "usr_one"
FACTS = {"facts": {"nationality": "Казахстан", "detained": True}}


def test_a_matter_keeps_every_version_of_its_facts(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF/2026-1", FACTS).id
    with store.write(workspace, ME) as tx:
        assert add_version(tx, matter, 1, {"facts": {}}) == 2
    with store.write(workspace, ME) as tx:
        assert read_facts(tx, matter, 1).document == FACTS
        assert read_facts(tx, matter).document == {"facts": {}}
        assert read_matter(tx, matter).version == 2
        assert find_matter(tx, "REF/2026-1").id == matter
        assert workspace_name(tx) == "Canary Law Centre"


def test_a_reference_is_unique_in_its_workspace_only(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        create_matter(tx, "REF", FACTS)
    with pytest.raises(ReferenceTaken), store.write(workspace, ME) as tx:
        create_matter(tx, "REF", FACTS)
    other = create_workspace(store, "Other", ME)
    with store.write(other, ME) as tx:
        create_matter(tx, "REF", FACTS)


def test_of_two_writers_from_one_version_the_second_is_refused(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", FACTS).id
    with store.write(workspace, ME) as tx:
        add_version(tx, matter, 1, FACTS)
    with pytest.raises(Conflict) as refused, store.write(workspace, ME) as tx:
        add_version(tx, matter, 1, {"facts": {"lost": True}})
    assert refused.value.current == 2


def test_sixteen_writers_at_once_get_one_success_per_version(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", FACTS).id

    def save(number: int) -> bool:
        try:
            with store.write(workspace, ME) as tx:
                add_version(tx, matter, 1, {"facts": {"writer": number}})
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, range(16))) == 1


def test_T8_another_workspace_finds_nothing(store: Store, workspace: str, answer: Answer) -> None:
    other = create_workspace(store, "Other", ME)
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", FACTS).id
        assessment = record_assessment(tx, matter, 1, answer).id
    attempts: list[Callable[[Transaction], object]] = [
        lambda tx: read_matter(tx, matter),
        lambda tx: read_facts(tx, matter, 1),
        lambda tx: read_facts(tx, matter),
        lambda tx: find_matter(tx, "REF"),
        lambda tx: add_version(tx, matter, 1, FACTS),
        lambda tx: record_assessment(tx, matter, 1, answer),
        lambda tx: read_answer(tx, assessment),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound), store.write(other, ME) as tx:
            attempt(tx)
    with store.write(other, ME) as tx:
        assert list_matters(tx) == []
        assert list_assessments(tx, matter) == []


def test_an_assessment_comes_back_byte_for_byte(store: Store, workspace: str, answer: Answer) -> None:
    with store.write(workspace, ME) as tx:
        matter = create_matter(tx, "REF", FACTS).id
        said = record_assessment(tx, matter, 1, answer)
    with store.write(workspace, ME) as tx:
        again, body = read_answer(tx, said.id)
        assert list_assessments(tx, matter) == [again]
    assert said == replace(again, listed_at=""), "when it enters the list is known after the commit"
    assert again.listed_at > said.created_at
    assert body.decode() == answer.model_dump_json()
    assert (said.receipt, said.rules, said.reading) == (answer.receipt.digest, answer.receipt.rules, "neutral")
    assert Answer.model_validate_json(body) == answer


def test_lists_are_paged_in_the_order_of_change(store: Store, workspace: str) -> None:
    for number in range(5):
        with store.write(workspace, ME) as tx:
            create_matter(tx, f"REF-{number}", FACTS)
    with store.write(workspace, ME) as tx:
        first = list_matters(tx, limit=3)
        rest = list_matters(tx, after=(first[-1].updated_at, first[-1].id))
        assert [one.reference for one in first + rest] == [f"REF-{number}" for number in range(5)]
        assert list_matters(tx, since=rest[0].updated_at) == rest


def test_a_failed_transaction_leaves_nothing(store: Store, workspace: str) -> None:

    def write_and_fail(tx: Transaction) -> None:
        create_matter(tx, "REF", FACTS)
        raise RuntimeError

    with pytest.raises(RuntimeError), store.write(workspace, ME) as tx:
        write_and_fail(tx)
    with store.write(workspace, ME) as tx:
        assert list_matters(tx) == []


def _once(store: Store, workspace: str, request: bytes = b"POST /v1/matters {}") -> tuple[Result, bool]:
    with store.write(workspace, ME) as tx:

        def act() -> Result:
            matter = create_matter(tx, "REF", FACTS).id
            return Result(201, matter.encode(), matter)

        return once(tx, "a key of the tracker", request, act)


def test_T20_fifty_equal_requests_make_one_matter(store: Store, workspace: str) -> None:
    start = threading.Barrier(10)

    def five(_: int) -> list[tuple[Result, bool]]:
        start.wait()
        return [_once(store, workspace) for _ in range(5)]

    with ThreadPoolExecutor(10) as pool:
        results = [one for batch in pool.map(five, range(10)) for one in batch]
    assert len({result for result, _ in results}) == 1
    assert sum(replayed for _, replayed in results) == 49
    with pytest.raises(KeyReused):
        _once(store, workspace, b"another request")


def test_a_failed_act_gives_its_key_back(store: Store, workspace: str) -> None:
    def fail() -> Result:
        raise RuntimeError

    with pytest.raises(RuntimeError), store.write(workspace, ME) as tx:
        once(tx, "a key of the tracker", b"POST /v1/matters {}", fail)
    assert _once(store, workspace)[1] is False


def test_idempotency_keys_are_forgotten_in_time(store: Store, workspace: str, clock: Clock) -> None:
    _once(store, workspace)
    assert forget_old(store, workspace, ME) == 0
    clock.moment += KEPT
    assert forget_old(store, workspace, ME) == 1


def test_references_that_are_written_alike_are_one(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        made = create_matter(tx, "\u0416\u0430\u0438\u0306/\u0438\u0306 ", FACTS)
        assert find_matter(tx, "\u0416\u0430\u0439/\u0439").id == made.id
        assert made.reference == "\u0416\u0430\u0439/\u0439"
        with pytest.raises(ReferenceTaken):
            create_matter(tx, "\u0416\u0430\u0439/\u0438\u0306", FACTS)


@pytest.mark.parametrize("pasted", ["T/1\u200b", "\ufeffT/1", "T\u00ad/1", "\u00a0T/1\u2003", "T/\u200d1"])
def test_what_cannot_be_seen_makes_no_other_reference(store: Store, workspace: str, pasted: str) -> None:
    with store.write(workspace, ME) as tx:
        made = create_matter(tx, "T/1", FACTS)
        assert find_matter(tx, pasted).id == made.id
        with pytest.raises(ReferenceTaken):
            create_matter(tx, pasted, FACTS)


def test_one_blank_between_words_is_as_good_as_two(store: Store, workspace: str) -> None:
    with store.write(workspace, ME) as tx:
        made = create_matter(tx, "Smith  v\tJones", FACTS)
        assert made.reference == "Smith v Jones"
        assert find_matter(tx, "Smith v  Jones").id == made.id


@pytest.mark.parametrize("name", ["mat_\x00", "\x00"])
def test_L1_an_id_with_nul_in_it_is_one_of_nothing(store: Store, workspace: str, name: str) -> None:
    for read in (read_matter, read_facts, read_answer):
        with pytest.raises(NotFound), store.write(workspace, ME) as tx:
            read(tx, name)  # type: ignore[operator]

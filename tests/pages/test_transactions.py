"""How many transactions a request takes: law is weighed and put into words outside of them, acts are written once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from api.storage.audit.journal import entries
from api.storage.database import Database
from api.storage.errors import Unavailable
from api.storage.store import Store
from tests.api.http.support import CASE, JSON, Client, new_key
from tests.pages.support import Visitor, words


class Busy:
    """What the database does meanwhile: how many transactions, and whether one that writes is open."""

    def __init__(self) -> None:
        self.reads, self.writes, self.writing = 0, 0, 0


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Busy:
    found, real = Busy(), Database.session

    @contextmanager
    def session(self: Database, *, writes: bool) -> Iterator[Session]:
        found.reads, found.writes = found.reads + (not writes), found.writes + writes
        with real(self, writes=writes) as opened:
            found.writing += writes
            try:
                yield opened
            finally:
                found.writing -= writes

    monkeypatch.setattr(Database, "session", session)
    return found


#: Before anything else: whether the visitor is signed in, or whose key it is.
WHO = 1


def test_a_saved_answer_takes_two_transactions_and_one_redirect(anna: Visitor, busy: Busy) -> None:
    matter = anna.makes()
    busy.reads = busy.writes = 0
    answer = anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", version="1")
    assert answer.status_code == 303
    assert (busy.reads - WHO, busy.writes) == (1, 1)
    question = anna.get(answer.headers["location"])
    assert question.status_code == 200, "the redirect leads to the next question itself"
    assert "/next" not in answer.headers["location"]


def test_an_assessment_takes_two_transactions(toy_app: FastAPI, toy_store: Store, busy: Busy) -> None:
    client = Client(toy_app, new_key(toy_store))
    made = client.post("/v1/matters", content=json.dumps({"reference": "T/1", "case": CASE}), headers=JSON).json()
    for headers in ({}, {"idempotency-key": "once"}, {"idempotency-key": "once"}):
        busy.reads = busy.writes = 0
        answer = client.post(f"/v1/matters/{made['id']}/assessments", content=b"{}", headers={**JSON, **headers})
        assert answer.status_code == 201
        assert (busy.reads - WHO, busy.writes) == (1, 1)


def test_an_assessment_on_its_page_takes_two_transactions(anna: Visitor, busy: Busy) -> None:
    matter = anna.makes()
    busy.reads = busy.writes = 0
    assert anna.send(f"/matters/{matter}/assess").status_code == 303
    assert (busy.reads - WHO, busy.writes) == (1, 1)


@pytest.mark.parametrize("path", ["", "/verdict", "/answers", "/interview", "/history", "/whatif", "/exhibits"])
def test_a_page_is_made_while_no_writer_waits_and_what_it_opened_is_recorded_once(
    anna: Visitor, busy: Busy, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/assess")
    store: Store = anna.client.app.state.service.store
    worded = store.words

    def told(*what: object) -> bytes:
        assert not busy.writing, "the only writer waits for words"
        return worded(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "words", told)
    busy.reads = busy.writes = 0
    assert anna.get(f"/matters/{matter}{path}").status_code == 200
    assert busy.writes == 1
    with store.read(anna.workspace) as tx:
        assert [one.act for one in entries(tx.session, anna.workspace)][-1] in (
            "facts.read",
            "assessments.listed",
            "assessment.worded",
        )


def test_the_words_of_a_first_reading_are_kept(anna: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = anna.makes()
    anna.send(f"/matters/{matter}/assess")
    store: Store = anna.client.app.state.service.store
    first = words(anna.get(f"/matters/{matter}/verdict"))
    monkeypatch.setattr(store, "words", lambda *_: pytest.fail("they were kept"))
    assert words(anna.get(f"/matters/{matter}/verdict")) == first


def test_what_cannot_be_recorded_is_not_shown(anna: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = anna.makes("Canary 9")
    real = Database.session

    @contextmanager
    def session(self: Database, *, writes: bool) -> Iterator[Session]:
        if writes:
            raise Unavailable("the disk is full")
        with real(self, writes=writes) as opened:
            yield opened

    monkeypatch.setattr(Database, "session", session)
    for path in ("", "/answers", "/interview"):
        answer = anna.get(f"/matters/{matter}{path}")
        assert answer.status_code == 503
        assert "Canary" not in answer.text

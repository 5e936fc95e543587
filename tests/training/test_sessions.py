"""Sessions on each database: kept sealed, joined by a code, voted in, gone after twelve hours.

T8 and T9: no workspace sees another's session. T11: nothing of a case lies open in the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.accounts.errors import Refused
from api.storage.errors import NotFound
from api.storage.store import Store
from api.storage.tables import DataKey
from api.storage.training_tables import (
    TRAINING_HOLDERS,
    TrainingCode,
    TrainingParticipant,
    TrainingVote,
)
from api.storage.workspaces import create_workspace
from api.training.codes import ALPHABET, LETTERS, new_code, spelled, typed
from api.training.joining import NotOpen, WrongCode, chosen, join, latest, participant_of, participants, vote, votes
from api.training.lesson import Lesson
from api.training.sessions import (
    LASTS,
    Desk,
    Kept,
    change_desk,
    end_session,
    forget_ended,
    list_sessions,
    open_session,
    read_lesson,
    read_session,
)
from api.training.votes import about_outcome
from tests.store.support import Clock


@pytest.fixture
def kept(lesson_of: Callable[[str], Lesson]) -> Kept:
    """A lesson as kept."""
    return Kept(lesson=lesson_of("Baysakov"), document={"facts": {}})


@pytest.fixture
def session(store: Store, workspace: str, kept: Kept) -> str:
    """A session that runs."""
    with store.write(workspace, "usr_one") as tx:
        return open_session(tx, Desk(title="CANARY-TITLE"), kept)


def desk_of(store: Store, workspace: str, session: str) -> Desk:
    with store.read(workspace) as tx:
        return read_session(tx, session).desk


def put_question(store: Store, workspace: str, session: str, kept: Kept) -> None:
    with store.write(workspace, "usr_one") as tx:
        question = about_outcome(kept.lesson, 1, 1)
        change_desk(tx, session, lambda desk: desk.model_copy(update={"questions": (question,)}))


def test_a_session_is_read_as_it_was_kept(store: Store, workspace: str, session: str, kept: Kept) -> None:
    with store.read(workspace) as tx:
        assert read_lesson(tx, session) == kept
        assert [one.id for one in list_sessions(tx)] == [session]
        for table in TRAINING_HOLDERS:
            assert all(b"CANARY" not in bytes(row.sealed) for row in tx.session.scalars(select(table)))


def test_T8_another_workspace_finds_nothing(store: Store, workspace: str, session: str) -> None:
    other = create_workspace(store, "Another", "usr_two")
    with store.write(other, "usr_two") as tx:
        assert list_sessions(tx) == []
        with pytest.raises(NotFound):
            read_session(tx, session)
        with pytest.raises(NotFound):
            end_session(tx, session)
        with pytest.raises(NotFound):
            read_lesson(tx, session)


def test_a_vote_counts_once_and_the_last_one(store: Store, workspace: str, session: str, kept: Kept) -> None:
    put_question(store, workspace, session, kept)
    code = desk_of(store, workspace, session).code
    tokens = [join(store, spelled(code).lower(), "10.0.0.1") for _ in range(2)]
    for token, choice in ((tokens[0], 1), (tokens[0], 4), (tokens[1], 4)):
        who = participant_of(store, token)
        assert who is not None
        vote(store, who, 1, choice)
    with store.read(workspace) as tx:
        question = latest(read_session(tx, session).desk)
        assert question is not None
        assert votes(tx, session, question) == [0, 0, 0, 0, 2, 0]
        assert participants(tx, session) == 2
        assert chosen(tx, who, 1) == 4


@pytest.mark.parametrize("sent", [(1, 6), (1, -1), (2, 0)])
def test_what_is_not_asked_cannot_be_voted_for(
    store: Store, workspace: str, session: str, kept: Kept, sent: tuple[int, int]
) -> None:
    put_question(store, workspace, session, kept)
    who = participant_of(store, join(store, desk_of(store, workspace, session).code, "10.0.0.1"))
    assert who is not None
    with pytest.raises(NotOpen):
        vote(store, who, *sent)


def test_a_closed_question_takes_no_vote(store: Store, workspace: str, session: str, kept: Kept) -> None:
    put_question(store, workspace, session, kept)
    who = participant_of(store, join(store, desk_of(store, workspace, session).code, "10.0.0.1"))
    assert who is not None
    with store.write(workspace, "usr_one") as tx:
        closed = (desk_of(store, workspace, session).questions[0].model_copy(update={"open": False}),)
        change_desk(tx, session, lambda desk: desk.model_copy(update={"questions": closed}))
    with pytest.raises(NotOpen):
        vote(store, who, 1, 0)


def test_wrong_codes_slow_down_and_right_ones_do_not(store: Store, workspace: str, session: str) -> None:
    code = desk_of(store, workspace, session).code
    for _ in range(60):
        join(store, code, "10.0.0.2")
    for _ in range(20):
        with pytest.raises(WrongCode):
            join(store, "BBBB-BBBB", "10.0.0.3")
    with pytest.raises((WrongCode, Refused)) as refused:
        join(store, "BBBB-BBBB", "10.0.0.3")
    while not isinstance(refused.value, Refused):
        with pytest.raises((WrongCode, Refused)) as refused:
            join(store, "BBBB-BBBB", "10.0.0.3")
    assert refused.value.retry_after >= 1
    join(store, code, "10.0.0.2")


def test_a_session_ends_after_twelve_hours_with_its_key_and_its_votes(
    store: Store, workspace: str, session: str, kept: Kept, clock: Clock
) -> None:
    put_question(store, workspace, session, kept)
    code = desk_of(store, workspace, session).code
    token = join(store, code, "10.0.0.1")
    who = participant_of(store, token)
    assert who is not None
    vote(store, who, 1, 0)
    clock.moment += LASTS - timedelta(minutes=1)
    assert forget_ended(store, workspace, "sys_chores") == 0
    clock.moment += timedelta(minutes=2)
    assert participant_of(store, token) is None
    with pytest.raises(WrongCode):
        join(store, code, "10.0.0.1")
    assert forget_ended(store, workspace, "sys_chores") == 1
    with store.read(workspace) as tx:
        for table in (*TRAINING_HOLDERS, TrainingParticipant, TrainingVote, TrainingCode):
            assert tx.session.scalar(select(func.count()).select_from(table)) == 0
        assert tx.session.scalar(select(func.count()).where(DataKey.subject == session)) == 0


def test_codes_have_no_letters_that_are_mistaken_and_take_cyrillic_ones_for_what_they_look_like() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == LETTERS >= 6 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("AEIOUYLS")
    assert typed(" вскм-ртхн ") == "BCKMPTXH"
    assert all(typed(spelled(code).lower()) == code for code in codes)
    assert typed("BCDF") == typed("BCDFGHJA") == typed("<script>") == ""

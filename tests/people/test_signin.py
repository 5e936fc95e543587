"""T16: slowdown of guessing, second factors, replay refused, recovery codes, and what the audit chain says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.accounts.errors import FactorRequired, Refused, WrongCode
from api.accounts.factors import factors_of, remove_totp, reset_factors
from api.accounts.pace import (
    CODE,
    LOGIN,
    SOURCE,
    attempt,
    succeeded,
)
from api.accounts.persons import Details, create_person, disable
from api.accounts.recovery import NUMBER, make_recovery_codes, recovery_codes_left
from api.accounts.sessions import SignIn, open_session, session_of
from api.accounts.signin import sign_in, with_code
from api.accounts.totp import begin_totp, confirm_totp
from api.storage.audit.journal import entries
from api.storage.people_tables import SignInPace
from api.storage.store import Store
from tests.people.support import LOGIN as ANNAS
from tests.people.support import PASSWORD, acts, asked, enrolled, entered, later, refused
from tests.people.support import SOURCE as HERE
from tests.store.support import Clock


class TestPace:
    def test_the_wait_doubles_up_to_a_bound(self) -> None:
        assert [LOGIN.wait(number).total_seconds() for number in range(1, 12)] == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60]
        assert SOURCE.wait(20) == timedelta(0)
        assert SOURCE.wait(10**6) == timedelta(minutes=15)
        assert CODE.wait(100) == timedelta(minutes=15)

    def test_guessing_a_login_slows_down_and_is_never_locked_out(self, store: Store, anna: str, clock: Clock) -> None:
        assert [refused(store, source=f"192.0.2.{number}") for number in range(4)] == [0] * 4
        wait = refused(store, source="192.0.2.9")
        assert wait == 2
        assert refused(store, password=PASSWORD, source="192.0.2.9") == 2  # not even looked at
        later(clock, seconds=wait)
        assert entered(store).person == anna
        assert refused(store) == 0

    def test_an_hour_of_guessing_is_few_guesses_and_the_owner_still_gets_in(
        self, store: Store, anna: str, clock: Clock
    ) -> None:
        """The most eager guesser gets some 1,440 guesses a day at one login; here is the first hour."""
        start, guesses = clock.moment, 0
        while clock.moment < start + timedelta(hours=1):
            wait = refused(store, source=f"198.51.100.{guesses}")
            guesses += wait == 0
            later(clock, seconds=max(wait, 0.001))
        assert 60 <= guesses <= 70
        later(clock, seconds=60)
        assert entered(store).person == anna

    def test_unknown_logins_slow_down_alike(self, store: Store, anna: str) -> None:
        for login in (ANNAS, "centre/nobody", "nowhere/anna.k"):
            waits = [refused(store, login, source=f"{login}{number}") for number in range(6)]
            assert waits == [0, 0, 0, 0, 2, 2]

    def test_a_source_that_tries_many_logins_slows_down(self, store: Store, anna: str, clock: Clock) -> None:
        assert [refused(store, f"centre/u{number}") for number in range(21)] == [0] * 21
        assert refused(store, "centre/another") == 2
        assert refused(store, password=PASSWORD) == 2
        assert entered_from(store, "192.0.2.77").person == anna

    def test_an_own_account_does_not_win_back_guesses(self, store: Store, anna: str, clock: Clock) -> None:
        """One success gives back its own try, not the failures before it."""
        for number in range(24):
            later(clock, seconds=refused(store, f"centre/u{number}"))
        before = _failures(store)
        later(clock, minutes=15)
        entered(store)
        assert _failures(store) == before

    def test_guesses_at_the_same_moment_do_not_slip_through(self, store: Store, anna: str) -> None:
        def guess(number: int) -> int:
            try:
                attempt(store, (LOGIN, "centre/anna.k"), (SOURCE, f"192.0.2.{number}"))
            except Refused as error:
                return error.retry_after
            return 0

        with ThreadPoolExecutor(8) as pool:
            waits = list(pool.map(guess, range(16)))
        assert waits.count(0) == 4

    def test_counts_are_forgotten_after_a_day(self, store: Store, anna: str, clock: Clock) -> None:
        for number in range(8):
            refused(store, source=f"192.0.2.{number}")
        later(clock, hours=24, seconds=1)
        succeeded(store, attempt(store, (CODE, "usr_x")))
        with store.database.session(writes=False) as session:
            assert session.scalars(select(SignInPace)).all() == []


def entered_from(store: Store, source: str) -> SignIn:
    answer = sign_in(store, ANNAS, PASSWORD, None, source)
    assert isinstance(answer, SignIn)
    return answer


def _failures(store: Store) -> int:
    with store.database.session(writes=False) as session:
        return max(session.scalars(select(SignInPace.failures)))


class TestCodes:
    def test_a_person_with_a_generator_needs_its_code(self, store: Store, workspace: str, anna: str) -> None:
        generator = enrolled(store, workspace, anna)
        needed = asked(store)
        assert needed.factors == ("totp",)
        assert needed.ticket not in repr(needed)
        signed = with_code(store, needed.ticket, generator.at(store.now()), HERE)
        assert signed == SignIn(workspace, anna, "code", strong=True)
        assert session_of(store, needed.ticket) is None

    def test_password_and_code_at_once_will_do(self, store: Store, workspace: str, anna: str) -> None:
        generator = enrolled(store, workspace, anna)
        assert entered(store, code=generator.at(store.now())).strong
        refused(store, password=PASSWORD, code="000000")

    def test_a_code_is_never_taken_again(self, store: Store, workspace: str, anna: str, clock: Clock) -> None:
        generator = enrolled(store, workspace, anna)
        code = generator.at(clock.moment)
        entered(store, code=code)
        refused(store, password=PASSWORD, code=code)
        refused(store, password=PASSWORD, code=generator.at(clock.moment - timedelta(seconds=30)))
        later(clock, seconds=30)
        entered(store, code=generator.at(clock.moment))

    def test_the_code_of_enrolment_is_spent_too(self, store: Store, workspace: str, anna: str, clock: Clock) -> None:
        generator = enrolled(store, workspace, anna)
        refused(store, password=PASSWORD, code=generator.at(clock.moment - timedelta(seconds=30)))

    def test_one_step_of_tolerance_and_no_more(self, store: Store, workspace: str, anna: str, clock: Clock) -> None:
        generator = enrolled(store, workspace, anna)
        later(clock, minutes=10)
        for steps in (-2, 2):
            refused(store, password=PASSWORD, code=generator.at(clock.moment, counter_offset=steps))
        entered(store, code=generator.at(clock.moment, counter_offset=-1))
        entered(store, code=generator.at(clock.moment, counter_offset=1))

    def test_of_two_at_the_same_moment_one_gets_in(self, store: Store, workspace: str, anna: str) -> None:
        generator = enrolled(store, workspace, anna)
        tickets = [asked(store).ticket for _ in range(4)]
        code = generator.at(store.now())

        def complete(ticket: str) -> bool:
            try:
                return with_code(store, ticket, code, HERE).strong
            except Refused:
                return False

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(complete, tickets)) == 1

    def test_guessing_codes_slows_down(self, store: Store, workspace: str, anna: str, clock: Clock) -> None:
        """With the right password: about twenty guesses in the first two hours, then four an hour."""
        enrolled(store, workspace, anna)
        start, guesses = clock.moment, 0
        while clock.moment < start + timedelta(hours=2):
            with pytest.raises(Refused) as error:
                with_code(store, asked(store).ticket, "000000", f"198.51.100.{guesses}")
            guesses += error.value.retry_after == 0
            later(clock, seconds=max(error.value.retry_after, 0.001))
        assert 15 <= guesses <= 22

    def test_a_ticket_is_spent_and_runs_out(self, store: Store, workspace: str, anna: str, clock: Clock) -> None:
        generator = enrolled(store, workspace, anna)
        ticket = asked(store).ticket
        with pytest.raises(Refused):
            with_code(store, ticket, "000000", HERE)
        with_code(store, ticket, generator.at(clock.moment), HERE)
        later(clock, seconds=30)
        with pytest.raises(Refused):
            with_code(store, ticket, generator.at(clock.moment), HERE)
        ticket = asked(store).ticket
        later(clock, minutes=10)
        for text in (ticket, "x", "", "\ud800"):
            with pytest.raises(Refused):
                with_code(store, text, generator.at(clock.moment), HERE)

    def test_a_disabled_person_cannot_complete(self, store: Store, workspace: str, anna: str) -> None:
        generator = enrolled(store, workspace, anna)
        ticket = asked(store).ticket
        with store.write(workspace, anna) as tx:
            create_person(tx, Details("Boris", "boris"), ["administrator"])
            disable(tx, anna)
        with pytest.raises(Refused):
            with_code(store, ticket, generator.at(store.now()), HERE)

    def test_a_generator_counts_only_when_confirmed(self, store: Store, workspace: str, anna: str) -> None:
        with store.write(workspace, anna) as tx:
            offered = begin_totp(tx, anna)
            assert offered.address.startswith("otpauth://totp/Dedere:anna.k?secret=")
            assert offered.secret not in repr(offered)
        with pytest.raises(WrongCode), store.write(workspace, anna) as tx:
            confirm_totp(tx, anna, "000000")
        assert not entered(store).strong
        with store.read(workspace) as tx:
            assert factors_of(tx, anna) == ()


class TestRecovery:
    def test_each_code_stands_in_once(self, store: Store, workspace: str, anna: str) -> None:
        enrolled(store, workspace, anna)
        with store.write(workspace, anna) as tx:
            old = make_recovery_codes(tx, anna)
            codes = make_recovery_codes(tx, anna)
        assert len({*old, *codes}) == 2 * NUMBER
        assert entered(store, code=codes[0].upper().replace("-", " ")).strong
        refused(store, password=PASSWORD, code=codes[0])
        refused(store, password=PASSWORD, code=old[1])
        with store.read(workspace) as tx:
            assert recovery_codes_left(tx, anna) == NUMBER - 1
        assert acts(store, workspace).count(("recovery.used", anna)) == 1


class TestAdministrators:
    def test_without_a_second_factor_their_rights_are_withheld(self, store: Store, workspace: str, anna: str) -> None:
        said = session_of(store, open_session(store, entered(store)))
        assert said is not None
        assert said.factor_missing
        assert "matters:read" in said.scopes
        assert not said.scopes & {"people:manage", "keys:manage"}
        generator = enrolled(store, workspace, anna)
        said = session_of(store, open_session(store, entered(store, code=generator.at(store.now()))))
        assert said is not None
        assert not said.factor_missing
        assert {"people:manage", "keys:manage", "matters:read"} <= said.scopes

    def test_the_last_factor_stays_until_another_administrator_resets_it(
        self, store: Store, workspace: str, anna: str
    ) -> None:
        generator = enrolled(store, workspace, anna)
        token = open_session(store, entered(store, code=generator.at(store.now())))
        with pytest.raises(FactorRequired), store.write(workspace, anna) as tx:
            remove_totp(tx, anna)
        with store.write(workspace, "usr_other") as tx:
            reset_factors(tx, anna)
        assert session_of(store, token) is None
        assert not entered(store).strong
        assert ("factors.reset", anna) in acts(store, workspace)

    def test_others_may_go_without(self, store: Store, workspace: str, anna: str) -> None:
        with store.write(workspace, anna) as tx:
            boris = create_person(tx, Details("Boris", "boris"), ["lawyer"]).id
        enrolled(store, workspace, boris)
        with store.write(workspace, boris) as tx:
            make_recovery_codes(tx, boris)
            remove_totp(tx, boris)
            assert factors_of(tx, boris) == ()
            assert recovery_codes_left(tx, boris) == 0


def test_every_act_is_in_the_chain_by_ids_only(store: Store, workspace: str, anna: str) -> None:
    generator = enrolled(store, workspace, anna)
    refused(store)
    refused(store, "centre/nobody")
    refused(store, password=PASSWORD, code="000000")
    entered(store, code=generator.at(store.now()))
    said = acts(store, workspace)
    assert ("totp.enrolled", anna) in said
    assert said.count(("signin.refused", anna)) == 2
    assert said.count(("signin.ok", anna)) == 1
    with store.read(workspace) as tx:
        by = {entry.act: (entry.actor, entry.ids) for entry in entries(tx.session, workspace)}
    assert by["signin.refused"] == ("sign-in", {"reason": "code"})
    assert by["signin.ok"] == (anna, {"method": "code"})

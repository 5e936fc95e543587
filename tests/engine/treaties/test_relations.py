"""Which treaties bind a State or a pair of States on a date, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.content.declarations import CompleteList, Declaration
from engine.content.models import Relation, Suspension
from engine.treaties.relations import Relations, Standing
from tests.engine.support import ASKS, HOLDS, make_pack, party, treaty

SINCE = date(1950, 1, 1)
LATER = date(2020, 1, 1)


def relations(*instruments: Any) -> Relations:
    return Relations(make_pack([], [], instruments=instruments))


def of_one(standing: Any, on: date = LATER) -> Standing:
    """The standing of HOLDS, alone, towards a treaty in which it stands like this."""
    return relations(treaty("t", {HOLDS: standing} if standing else {}, binds="requested_state")).state("t", HOLDS, on)


def of_pair(*instruments: Any, name: str = "t", on: date = LATER) -> Standing:
    return relations(*instruments).pair(name, ASKS, HOLDS, on)


def bound(name: str = "t", since: str = "1950-01-01", **more: Any) -> Any:
    return treaty(name, {ASKS: party(since), HOLDS: party(since)}, **more)


def related(kind: Any, name: str, since: str | None = None) -> tuple[Relation, ...]:
    return (Relation.model_validate({"kind": kind, "instrument": name, "from": since}),)


class TestOneState:
    @pytest.mark.parametrize(
        ("day", "binding"), [(SINCE - timedelta(1), False), (SINCE, True), (SINCE + timedelta(1), True)]
    )
    def test_a_treaty_binds_from_the_day_it_enters_into_force(self, day: date, binding: bool) -> None:
        assert of_one(party("1950-01-01"), day).binding is binding

    @pytest.mark.parametrize(
        ("day", "binding"), [(date(2019, 12, 31), True), (date(2020, 1, 1), False), (date(2020, 1, 2), False)]
    )
    def test_it_no_longer_binds_on_the_day_a_denunciation_takes_effect(self, day: date, binding: bool) -> None:
        assert of_one(party("1950-01-01", "2020-01-01", "former_party"), day).binding is binding

    @pytest.mark.parametrize(
        ("standing", "binding", "reason", "verified"),
        [
            (party(), True, "in force for Andorra since 1900-01-01", True),
            (party("2030-01-01"), False, "not yet in force for Andorra (from 2030-01-01)", True),
            (party(until="2010-01-01"), False, "ended for Andorra on 2010-01-01", True),
            (party(None, status="signed_only"), False, "Andorra has signed but not ratified", True),
            (party(None, status="not_party"), False, "Andorra is not a party", True),
            (party(None, status="not_eligible"), False, "Andorra cannot become a party", True),
            (party(None, status="unverified"), None, "the status of Andorra is not verified", False),
            (party(None, status="former_party"), None, "the status of Andorra is not verified", False),
            (
                party(None),
                None,
                "Andorra is a party, but the date of entry into force is not verified",
                False,
            ),
            (party(review="unverified"), True, "in force for Andorra since 1900-01-01", False),
            (party(None, status="not_party", review="unverified"), False, "Andorra is not a party", False),
            (None, None, "Andorra is not in the register for this instrument", False),
        ],
    )
    def test_each_status_has_its_reason(self, standing: Any, binding: Any, reason: str, verified: bool) -> None:
        found = of_one(standing)
        assert (found.binding, found.reason, found.verified) == (binding, reason, verified)

    def test_a_former_party_was_bound_until_its_end(self) -> None:
        found = of_one(party("1950-01-01", "2020-01-01", "former_party"), date(2000, 1, 1))
        assert (found.binding, found.since, found.until) == (True, SINCE, date(2020, 1, 1))

    def test_a_state_that_is_not_known_leaves_it_unknown(self) -> None:
        found = relations(treaty("t")).state("t", None, LATER)
        assert (found.binding, found.reason) == (None, "the State is not known")


class TestPair:
    def test_both_must_be_bound_and_it_runs_from_the_later(self) -> None:
        found = of_pair(
            treaty("t", {ASKS: party("1960-01-01", "2030-01-01"), HOLDS: party("1950-01-01", "2040-01-01")})
        )
        assert (found.binding, found.since, found.until) == (True, date(1960, 1, 1), date(2030, 1, 1))
        assert found.reason == "in force for Andorra since 1950-01-01; in force for Monaco since 1960-01-01"

    @pytest.mark.parametrize(
        ("asks", "holds", "binding"),
        [
            (party(), party(), True),
            (party(), party(None, status="not_party"), False),
            (party(None, status="not_party"), party(), False),
            (party(), party(None), None),
            (party(None), party(None, status="not_party"), False),
            (party(None, status="not_party"), party(None), False),
            (party(None), party(), None),
        ],
    )
    def test_one_that_is_not_bound_decides_and_one_unknown_leaves_it_open(
        self, asks: Any, holds: Any, binding: Any
    ) -> None:
        assert of_pair(treaty("t", {ASKS: asks, HOLDS: holds})).binding is binding

    def test_one_unverified_date_taints_the_pair(self) -> None:
        found = of_pair(treaty("t", {ASKS: party(), HOLDS: party(review="unverified")}))
        assert (found.binding, found.verified) == (True, False)

    def test_a_pair_with_an_unknown_state_is_open_unless_the_other_decides(self) -> None:
        known = relations(bound())
        assert known.pair("t", None, HOLDS, LATER).binding is None
        assert (
            relations(treaty("t", {HOLDS: party(None, status="not_party")})).pair("t", None, HOLDS, LATER).binding
            is False
        )

    def test_standing_asks_for_one_state_or_two_as_the_treaty_does(self) -> None:
        found = relations(bound("two"), treaty("one", {HOLDS: party()}, binds="requested_state"))
        assert found.standing("one", None, HOLDS, LATER).binding is True
        assert found.standing("two", None, HOLDS, LATER).binding is None
        assert [standing.instrument for standing in found.of_case(ASKS, HOLDS, LATER)] == ["toy", "two", "one"]


class TestSuspension:
    between = Suspension.model_validate(
        {"states": [HOLDS, ASKS], "from": "2010-01-01", "until": "2011-12-31", "review": "known"}
    )

    @pytest.mark.parametrize(
        ("day", "binding"),
        [(date(2009, 12, 31), True), (date(2010, 1, 1), False), (date(2011, 12, 31), False), (date(2012, 1, 1), True)],
    )
    def test_it_holds_from_its_first_to_its_last_day(self, day: date, binding: bool) -> None:
        assert of_pair(bound(suspensions=(self.between,)), on=day).binding is binding

    def test_it_holds_whichever_of_the_two_asks(self) -> None:
        found = relations(bound(suspensions=(self.between,)))
        assert found.pair("t", HOLDS, ASKS, date(2010, 6, 1)).binding is False

    def test_it_does_not_touch_other_pairs(self) -> None:
        three = treaty("t", {ASKS: party(), HOLDS: party(), "SMR": party()}, suspensions=(self.between,))
        assert relations(three).pair("t", "SMR", HOLDS, date(2010, 6, 1)).binding is True

    def test_without_end_it_lasts(self) -> None:
        lasting = Suspension.model_validate({"states": [HOLDS, ASKS], "from": "2010-01-01", "review": "unverified"})
        found = of_pair(bound(suspensions=(lasting,)), on=date(2500, 1, 1))
        assert (found.binding, found.verified) == (False, False)
        assert found.reason == "suspended between Andorra and Monaco from 2010-01-01"


class TestDisplacement:
    def test_a_later_treaty_between_the_two_displaces(self) -> None:
        found = of_pair(bound(relations=related("displaced_by", "new")), bound("new", "2000-01-01"))
        assert (found.binding, found.until, found.verified) == (False, date(2000, 1, 1), True)
        assert found.reason == "displaced by the NEW between these two States"

    def test_before_the_later_treaty_binds_both_nothing_is_displaced(self) -> None:
        found = of_pair(
            bound(relations=related("displaced_by", "new")), bound("new", "2000-01-01"), on=date(1999, 12, 31)
        )
        assert found.binding is True

    def test_a_treaty_that_binds_only_one_of_them_displaces_nothing(self) -> None:
        new = treaty("new", {ASKS: party(), HOLDS: party(None, status="not_party")})
        assert of_pair(bound(relations=related("displaced_by", "new")), new).binding is True

    @pytest.mark.parametrize(("day", "binding"), [(date(2004, 12, 31), True), (date(2005, 1, 1), False)])
    def test_displacement_may_begin_on_a_later_day(self, day: date, binding: bool) -> None:
        old = bound(relations=related("displaced_by", "new", "2005-01-01"))
        assert of_pair(old, bound("new", "2000-01-01"), on=day).binding is binding

    def test_a_displacer_whose_status_is_unverified_leaves_it_open(self) -> None:
        new = treaty("new", {ASKS: party(), HOLDS: party(None, status="unverified", review="unverified")})
        found = of_pair(bound(relations=related("displaced_by", "new")), new)
        assert (found.binding, found.verified) == (None, False)
        assert found.reason == "may be displaced by the NEW: the status of Andorra is not verified"

    def test_a_displacer_that_is_itself_displaced_displaces_nothing(self) -> None:
        found = of_pair(
            bound(relations=related("displaced_by", "new")),
            bound("new", relations=related("displaced_by", "newest")),
            bound("newest"),
        )
        assert found.binding is True

    def test_what_binds_neither_is_not_displaced_but_not_binding(self) -> None:
        old = treaty(
            "t", {ASKS: party(None, status="not_party"), HOLDS: party()}, relations=related("displaced_by", "new")
        )
        assert of_pair(old, bound("new")).reason == "Monaco is not a party"


class TestEarlierBilaterals:
    @staticmethod
    def general(since: str = "2000-01-01") -> Any:
        return bound("general", since, relations=related("replaces_earlier_bilaterals", ""))

    def test_an_earlier_bilateral_is_replaced(self) -> None:
        found = of_pair(bound(bilateral=True, adopted="1940-01-01"), self.general())
        assert (found.binding, found.reason) == (False, "displaced by the GENERAL between these two States")

    def test_a_later_bilateral_stays(self) -> None:
        assert of_pair(bound(bilateral=True, adopted="2001-01-01"), self.general()).binding is True

    def test_before_the_general_treaty_it_stays(self) -> None:
        found = of_pair(bound(bilateral=True, adopted="1940-01-01"), self.general(), on=date(1999, 12, 31))
        assert found.binding is True

    def test_a_bilateral_of_unknown_date_stays(self) -> None:
        assert of_pair(bound(bilateral=True), self.general()).binding is True

    def test_a_general_treaty_with_only_one_of_them_replaces_nothing(self) -> None:
        general = treaty("general", {ASKS: party()}, relations=related("replaces_earlier_bilaterals", ""))
        assert of_pair(bound(bilateral=True, adopted="1940-01-01"), general).binding is True


class TestRequires:
    def test_a_protocol_needs_its_convention(self) -> None:
        protocol = bound(relations=related("requires", "parent"))
        parent = treaty("parent", {ASKS: party(), HOLDS: party(None, status="not_party")})
        found = of_pair(protocol, parent)
        assert (found.binding, found.reason) == (False, "needs the PARENT: Andorra is not a party")

    def test_with_the_convention_it_binds(self) -> None:
        assert of_pair(bound(relations=related("requires", "parent")), bound("parent")).binding is True

    def test_a_convention_of_unknown_status_leaves_the_protocol_open(self) -> None:
        parent = treaty("parent", {ASKS: party(), HOLDS: party(None)})
        assert of_pair(bound(relations=related("requires", "parent")), parent).binding is None

    def test_a_state_outside_the_protocol_is_not_asked_about_the_convention(self) -> None:
        protocol = treaty(
            "t", {ASKS: party(), HOLDS: party(None, status="not_party")}, relations=related("requires", "p")
        )
        assert of_pair(protocol, bound("p")).reason == "Andorra is not a party"


class TestExtends:
    def test_a_convention_binds_through_the_protocol_that_extends_it(self) -> None:
        convention = treaty("t", {HOLDS: party(None, status="not_party")}, binds="requested_state")
        protocol = treaty(
            "wider", {HOLDS: party("1967-01-01")}, binds="requested_state", relations=related("extends", "t")
        )
        found = relations(convention, protocol).state("t", HOLDS, LATER)
        assert (found.binding, found.since) == (True, date(1967, 1, 1))
        assert found.reason == "through the WIDER: in force for Andorra since 1967-01-01"

    def test_where_neither_binds_the_reason_is_its_own(self) -> None:
        convention = treaty("t", {HOLDS: party(None, status="not_party")}, binds="requested_state")
        protocol = treaty("wider", {}, binds="requested_state", relations=related("extends", "t"))
        found = relations(convention, protocol).state("t", HOLDS, LATER)
        assert (found.binding, found.reason) == (False, "Andorra is not a party")


class TestDeclarations:
    declaration = Declaration.model_validate(
        {
            "state": HOLDS,
            "article": "1",
            "kind": "reservation",
            "content": "C",
            "tags": ["keeps"],
            "from": "2000-01-01",
            "until": "2009-12-31",
            "review": "known",
        }
    )

    @pytest.mark.parametrize(
        ("tag", "state", "day", "made"),
        [
            ("keeps", HOLDS, date(1999, 12, 31), False),
            ("keeps", HOLDS, date(2000, 1, 1), True),
            ("keeps", HOLDS, date(2009, 12, 31), True),
            ("keeps", HOLDS, date(2010, 1, 1), False),
            ("keeps", ASKS, date(2005, 1, 1), None),
            ("gives", HOLDS, date(2005, 1, 1), None),
        ],
    )
    def test_it_stands_for_its_state_tag_and_time(self, tag: str, state: str, day: date, made: bool | None) -> None:
        found = relations(bound(declarations={"d": self.declaration}))
        assert found.declared("t", tag, state, day) is made

    def test_a_state_that_is_not_bound_has_none(self) -> None:
        found = relations(bound(declarations={"d": self.declaration}))
        assert found.declared("t", "keeps", HOLDS, date(1949, 1, 1)) is False
        assert found.declared("t", "keeps", "SMR", date(2005, 1, 1)) is None

    @pytest.mark.parametrize(
        ("claim", "day", "made"),
        [
            ({"states": [ASKS]}, date(2010, 1, 1), False),
            ({"states": [ASKS]}, date(2010, 1, 2), None),
            ({"states": [HOLDS]}, date(2010, 1, 1), None),
            ({"states": "every_party"}, date(2010, 1, 1), False),
            ({"states": "every_party", "except_states": [ASKS]}, date(2010, 1, 1), None),
            ({"states": "every_party", "as_of": "1940-01-01"}, date(1940, 1, 1), False),
            ({"states": "every_party", "as_of": "1960-01-01"}, date(1961, 1, 1), None),
            ({"states": [ASKS], "articles": ["1"]}, date(2010, 1, 1), False),
            ({"states": [ASKS], "articles": ["2"]}, date(2010, 1, 1), None),
        ],
    )
    def test_that_there_is_none_is_known_where_the_list_is_complete(
        self, claim: dict[str, object], day: date, made: bool | None
    ) -> None:
        complete = CompleteList.model_validate({"as_of": "2010-01-01", "basis": "B", "review": "known", **claim})
        found = relations(bound(declarations={"d": self.declaration}, complete=(complete,)))
        assert found.declared("t", "keeps", ASKS, day) is made

    def test_what_can_only_be_made_on_joining_is_not_made_later(self) -> None:
        complete = CompleteList(states=(ASKS,), as_of=date(2010, 1, 1), basis="B", review="known")
        found = relations(bound(declarations={"d": self.declaration}, complete=(complete,), only_on_joining=("1",)))
        assert found.declared("t", "keeps", ASKS, date(2020, 1, 1)) is False
        found = relations(bound(declarations={"d": self.declaration}, complete=(complete,), only_on_joining=("2",)))
        assert found.declared("t", "keeps", ASKS, date(2020, 1, 1)) is None

    def test_every_party_leaves_out_who_joined_after_the_list_or_on_an_unknown_day(self) -> None:
        complete = CompleteList(states="every_party", as_of=date(2010, 1, 1), basis="B", review="known")
        parties = {HOLDS: party(), ASKS: party("2015-01-01"), "SMR": party(None)}
        both = treaty("t", parties, declarations={"d": self.declaration}, complete=(complete,), only_on_joining=("1",))
        found = relations(both)
        assert found.declared("t", "keeps", ASKS, date(2020, 1, 1)) is None
        assert found.declared("t", "keeps", "SMR", date(2020, 1, 1)) is None

    def test_one_that_nobody_read_may_say_anything_about_its_article(self) -> None:
        complete = CompleteList(states=(ASKS,), as_of=date(2010, 1, 1), basis="B", review="known")
        unread = Declaration.model_validate(
            {"state": ASKS, "article": "1", "kind": "statement", "content": "C", "unread": True, "review": "known"}
        )
        elsewhere = unread.model_copy(update={"article": "2"})
        for other, made in ((unread, None), (elsewhere, False)):
            found = relations(bound(declarations={"d": self.declaration, "e": other}, complete=(complete,)))
            assert found.declared("t", "keeps", ASKS, date(2005, 1, 1)) is made

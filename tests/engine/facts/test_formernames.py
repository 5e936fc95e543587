"""Facts that were renamed or merged: what was written under the old name is read as if written today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from api.bulk.columns import FlatTables
from api.cases.changes import changed
from api.cases.flat_columns import (
    SAID_UNKNOWN,
    VALUE,
    Cells,
    Decoder,
    columns_of,
)
from api.cases.flatrows import flat_case, known_columns
from engine.assess import Engine
from engine.bulk.table import Codec
from engine.content.checks import check
from engine.errors import InputProblems
from engine.facts.casefile import Case
from engine.facts.vocabulary import FormerName
from tests.engine.support import criterion, document, fact, make_engine, make_pack, part, statuses


def former(name: str, **values: Any) -> FormerName:
    return FormerName(name=name, values=values)


def excluding(name: str, yes: str, *no: str) -> FormerName:
    return FormerName(name=name, values={"yes": yes}, excludes={"no": no})


@pytest.fixture(scope="module")
def engine() -> Engine:
    """A wide question that took in a narrow one, a set that took in a yes/no, levels that took in three questions,
    a plain new name, and one of an item."""
    colours = {"red": "Red", "blue": "Blue"}
    heights = {"flat": "Flat", "hill": "Hill", "mount": "Mount"}
    above = (excluding("hilly", "hill", "hill"), excluding("steep", "mount", "mount"))
    facts = [
        fact("height", "choice", values=heights, ordered=True, formerly=above),
        fact("wide", formerly=(former("narrow", yes=True),)),
        fact("colours", "set", values=colours, formerly=(former("is_red", yes=["red"]),)),
        fact("renamed", formerly=(former("old"),)),
        fact("shade", "choice", values={"dark": "Dark"}, scope="counts", formerly=(former("darkness", yes="dark"),)),
    ]
    rule = criterion("rule", {"all": ["wide", {"includes": {"colours": "red"}}, "renamed"]})
    return make_engine(facts, [rule], parts=[part("counts", "count", needs_items=True)])


def read(engine: Engine, facts: Mapping[str, Any], **more: Any) -> Case:
    return engine.read(document(facts, **more))


def test_an_old_case_is_read_like_the_same_case_written_today(engine: Engine) -> None:
    old = read(engine, {"narrow": "yes", "is_red": True, "old": False}, counts=[{"darkness": "yes"}])
    new = read(engine, {"wide": True, "colours": ["red"], "renamed": False}, counts=[{"shade": "dark"}])
    assert old.canonical() == new.canonical()
    assert [(one.former, one.fact, one.part, one.how) for one in old.renamings] == [
        ("narrow", "wide", "case", "read"),
        ("is_red", "colours", "case", "read"),
        ("old", "renamed", "case", "read"),
        ("darkness", "shade", "counts", "read"),
    ]


def test_the_answer_says_what_was_read_under_a_former_name(engine: Engine) -> None:
    case = read(engine, {"narrow": False, "old": True, "wide": "unknown"}, assessed_on="2020-01-13")
    assumed = {(one.fact, one.shown, one.why) for one in engine.assess(case).assumptions}
    aside = "what was answered under its former name narrow does not answer the present question"
    assert ("wide", "not known", aside) in assumed
    assert ("renamed", "yes", "as answered under its former name old") in assumed


def test_a_finding_keeps_standing_exhibits_and_note(engine: Engine) -> None:
    finding = {"value": "yes", "standing": "established", "exhibits": ["e1"], "note": "seen", "by": "court"}
    case = read(engine, {"narrow": finding}, exhibits={"e1": {"title": "One"}})
    found = case.findings["wide"]
    assert (found.value, found.standing, found.by, found.note) == (True, "established", "court", "seen")
    assert [ref.id for ref in found.exhibits] == ["e1"]


def test_of_two_answers_yes_counts_and_exhibits_and_notes_of_both_are_kept(engine: Engine) -> None:
    said = {
        "wide": {"value": "no", "note": "one", "exhibits": ["e1"]},
        "narrow": {"value": "yes", "note": "two", "exhibits": ["e1", {"id": "e2", "page": 4}]},
    }
    case = read(engine, said, exhibits={"e1": {"title": "One"}, "e2": {"title": "Two"}})
    found = case.findings["wide"]
    assert (found.value, found.note, [ref.id for ref in found.exhibits]) == (True, "one two", ["e1", "e2"])
    assert [one.how for one in case.renamings] == ["joined"]


def test_a_dispute_on_one_of_two_answers_stays_a_dispute(engine: Engine) -> None:
    disputed = {"standing": "disputed", "person": "yes", "state": "unknown"}
    found = read(engine, {"wide": "no", "narrow": disputed}).findings["wide"]
    assert (found.disputed, found.person, found.state) == (True, True, False)


def test_sets_are_joined(engine: Engine) -> None:
    assert read(engine, {"colours": ["blue"], "is_red": "yes"}).findings["colours"].value == {"red", "blue"}


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"hilly": "no", "steep": "no"}, "flat"),
        ({"hilly": "no"}, None),
        ({"steep": "no"}, "hill"),
        ({"hilly": "yes", "steep": "yes"}, "mount"),
        ({"hilly": "yes", "steep": "no"}, "hill"),
        ({"hilly": "no", "steep": "no", "height": "mount"}, "mount"),
        ({"hilly": "no", "steep": "no", "height": "unknown"}, "flat"),
        ({"hilly": {"value": "no", "standing": "established"}, "steep": "no"}, "flat"),
        ({"hilly": "unknown", "steep": "no"}, "hill"),
    ],
)
def test_levels_take_the_highest_yes_or_else_the_highest_that_no_leaves(
    engine: Engine, answers: dict[str, Any], value: str | None
) -> None:
    assert read(engine, answers).findings["height"].value == value


def test_columns_of_a_batch_give_the_levels_that_single_cases_give(engine: Engine) -> None:
    words = ("yes", "no", "unknown", "")
    rows = [(one, other, level) for one in words for other in words for level in ("", "unknown", "flat", "mount")]
    codec, found = Codec(engine.pack.vocabulary), list[tuple[Any, Cells]]()
    decoder, headers = Decoder(engine.pack, codec), ["hilly", "steep", "height"]
    for number, column in enumerate(columns_of(headers, engine.pack)):
        distinct = sorted({row[number] for row in rows})
        found.append(
            (column, decoder.decode(column, distinct, np.array([distinct.index(row[number]) for row in rows])))
        )
    table, _ = FlatTables(engine.pack, codec, "neutral", None).table(len(rows), found)
    codes = table.columns[("case", 0)]["height"].tolist()
    for row, code in zip(rows, codes, strict=False):
        case = read(engine, {name: raw for name, raw in zip(headers, row, strict=True) if raw})
        value = case.findings["height"].value if "height" in case.findings else None
        assert (code if value is None else codec.code("height", value)) == code
        assert (value is None) == (code == -1), row


def test_faults_under_a_former_name_are_told_at_its_line(engine: Engine) -> None:
    with pytest.raises(InputProblems) as caught:
        engine.read(document({"old": "perhaps"}))
    assert "not an answer to a yes/no question" in str(caught.value)


@pytest.mark.parametrize("raw", [None, {}, {"value": None}, {"value": {}}, {"value": [{}]}, {"exhibits": 3}, 1.5])
@pytest.mark.parametrize("beside", [{}, {"renamed": {"value": "no", "exhibits": None}}])
def test_nonsense_under_a_former_name_is_refused_as_under_the_present_one(
    engine: Engine, raw: Any, beside: dict[str, Any]
) -> None:
    with pytest.raises(InputProblems):
        read(engine, {"old": raw, **beside})


def test_the_file_that_was_read_is_not_changed(engine: Engine) -> None:
    given = document({"narrow": "yes"}, counts=[{"darkness": "yes"}])
    engine.read(given)
    assert "narrow" in given.data["facts"]
    assert given.data["counts"] == [{"darkness": "yes"}]


def test_flat_names_and_changes_take_former_names(engine: Engine) -> None:
    row = {"narrow": "yes", "is_red": "true", "old.person": "yes", "counts[0].darkness": "yes"}
    made = flat_case(row, known_columns(list(row), engine.pack), engine.pack)
    case = engine.read(document(made.document["facts"], counts=made.document["counts"]))
    assert case.findings["colours"].value == {"red"}
    assert case.findings["renamed"].person is case.findings["wide"].value is True
    assert case.items["counts"][0].findings["shade"].value == "dark"
    after = changed(case, engine.pack, ["old=no", "narrow=yes"], "--set")
    assert after.findings["renamed"].value is False
    with pytest.raises(InputProblems, match="does not answer it"):
        changed(case, engine.pack, ["narrow=no"], "--set")


def test_columns_of_a_batch_take_former_names_alone_and_beside_the_present_one(engine: Engine) -> None:
    headers = ["narrow", "wide", "is_red", "colours", "old"]
    codec = Codec(engine.pack.vocabulary)
    decoder, found = Decoder(engine.pack, codec), list[tuple[Any, Cells]]()
    rows = [("yes", "no", "yes", "blue", "no"), ("no", "", "no", "", ""), ("", "yes", "", "red", "yes")]
    for number, column in enumerate(columns_of(headers, engine.pack)):
        values = [row[number] for row in rows]
        distinct = sorted(set(values))
        found.append((column, decoder.decode(column, distinct, np.array([distinct.index(one) for one in values]))))
    assert found[0][1].states.tolist()[:2] == [VALUE, SAID_UNKNOWN]
    table, _ = FlatTables(engine.pack, codec, "neutral", None).table(3, found)
    columns = table.columns[("case", 0)]
    assert columns["wide"][:3].tolist() == [1, -1, 1]
    assert columns["renamed"][:3].tolist() == [0, -1, 1]
    unknown = codec.empty("colours", 1)[0]
    assert columns["colours"][:3].tolist() == [3, unknown, 1]
    for row, values in enumerate(rows):
        facts = {name: raw for name, raw in zip(headers, values, strict=True) if raw}
        case = engine.read(document({n: [r] if n == "colours" else r for n, r in facts.items()}))
        value = case.findings["wide"].value if "wide" in case.findings else None
        assert {1: True, 0: False, -1: None}[int(columns["wide"][row])] is value


def test_a_former_name_may_be_of_several_facts() -> None:
    facts = [
        fact("first", formerly=(former("both", yes=True, no=False),)),
        fact("second", formerly=(former("both", yes=True),)),
    ]
    both = make_engine(facts, [criterion("rule", {"all": ["first", "second"]})])
    assert {
        name: found.value for name, found in read(both, {"both": "yes"}).findings.items() if name in ("first", "second")
    } == {
        "first": True,
        "second": True,
    }
    assert read(both, {"both": "no"}).findings["second"].value is None
    after = changed(read(both, {}), both.pack, ["both=yes"], "--set")
    assert after.findings["first"].value is after.findings["second"].value is True
    assert [column.name for column in columns_of(["both"], both.pack)[0].all] == ["first", "second"]


def test_a_rule_reads_what_stands_under_former_names(engine: Engine) -> None:
    case = read(engine, {"narrow": "yes", "is_red": "yes", "old": "yes"}, assessed_on="2020-01-13")
    assert statuses(engine, engine.weigh(case), "rule") == ("met", "met")


@pytest.mark.parametrize(
    ("formerly", "message"),
    [
        ((former("other"),), "its former name 'other' is a fact"),
        ((former("past", yes="perhaps"),), "'perhaps' is not a value that an old answer can become"),
    ],
)
def test_former_names_that_cannot_be_are_refused(formerly: tuple[FormerName, ...], message: str) -> None:
    second = fact("second", formerly=(former("gone"),))
    pack = make_pack([fact("first", formerly=formerly), second, fact("other")], [criterion("rule", "first")])
    assert message in " ".join(problem.message for problem in check(pack, {}))

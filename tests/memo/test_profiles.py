"""What profiles keep to themselves: who the case is about, and any claim to protection."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.documents.memo.compose import memo_of
from api.documents.memo.profiles import PROFILES, profile_of
from api.documents.memo.secrecy import Secrecy
from api.documents.memo.tree import words_of
from api.law.casebook import booked_cases
from engine.assess import Engine
from engine.errors import InputProblems
from engine.facts.casefile import Case, Finding, Item
from engine.facts.vocabulary import Fact
from tests.memo.conftest import EVE, Write, changed

CANARY = "Zhanar-Canary"
STATE = PROFILES["requesting_state"]
#: The day on which another treaty came into force tells nothing.
WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Written here apart from the code, so that one list checks the other.
TELLING = re.compile(
    r"asylum|refugee|refoul|unhcr|well.founded fear|protection sought|country of origin|"
    r"(subsidiary|international|temporary|humanitarian) protection|migration service|1951",
    re.IGNORECASE,
)


def canaries(data: dict[str, Any]) -> None:
    """Put a canary into every place where a user writes words."""
    data["case"] = data["title"] = data["notes"] = CANARY
    for name, exhibit in data["exhibits"].items():
        exhibit.update(title=f"{CANARY} {name}", author=CANARY, link=f"https://{CANARY}")
    for item in [*data["counts"], *data["assurances"], *data["asylum_steps"]]:
        item["title"] = CANARY
        item["id"] = f"{item['id']}-{CANARY}"
    listed = [item for part in ("counts", "assurances", "asylum_steps") for item in data[part]]
    for group in (data["facts"], *listed):
        for finding in group.values():
            if isinstance(finding, dict):
                finding["note"] = CANARY
                finding["by"] = CANARY if finding.get("standing") == "asserted" else finding.get("by", "")
    data["facts"]["request_received_on"] = {
        "value": date(2017, 6, 5),
        "standing": "established",
        "exhibits": [{"id": "statement", "page": CANARY}],
    }


def test_the_canaries_reach_the_memo_for_counsel(write: Write) -> None:
    assert words_of(write("neutral", canaries)).count(CANARY) > 50


@pytest.mark.parametrize("profile", ["training", "requesting_state"])
def test_nothing_a_user_wrote_reaches_an_anonymised_memo(write: Write, profile: str) -> None:
    assert CANARY not in words_of(write(profile, canaries))


def test_the_training_memo_gives_years_for_days(write: Write, engine: Engine) -> None:
    said = words_of(write("training", canaries))
    days = {EVE, date(2017, 6, 5)}
    for found in [changed(engine).findings, *(item.findings for item in changed(engine).items["asylum_steps"])]:
        days |= {one.value for one in found.values() if isinstance(one.value, date)}
    assert len(days) > 8
    for day in days:
        assert day.isoformat() not in said
        assert f"{day.day} {day:%B} {day.year}" not in said
    assert "2017" in said


def test_the_training_memo_holds_no_digest_of_the_case(write: Write, engine: Engine) -> None:
    receipt = engine.assess(changed(engine), EVE).receipt
    said = words_of(write("training"))
    assert receipt.digest not in said
    assert receipt.case not in said
    assert receipt.rules in said


def test_the_training_memo_keeps_the_reasoning(write: Write) -> None:
    said = words_of(write("training"))
    assert "Asylum first: met" in said
    assert "count 1" in said


def test_the_memo_for_the_requesting_state_states_no_outcome_and_no_strategy(write: Write) -> None:
    memo = write("requesting_state")
    titles = {one.title for one in memo.sections}
    assert not titles & {
        "Brief answer",
        "Conclusion",
        "Open and disputed facts",
        "Evidence to obtain",
        "Annex: trace",
        "Conflicts of norms",
    }
    assert "nothing follows from what it does not mention" in words_of(memo)
    assert "obliges the requested State" not in words_of(memo)


def test_a_ground_apart_from_the_claim_is_communicated(write: Write) -> None:
    def killed(data: dict[str, Any]) -> None:
        data["facts"]["arbitrary_killing_risk"] = {"value": True, "standing": "established"}

    said = words_of(write("requesting_state", killed))
    assert "Danger of being killed or made to disappear: met" in said
    assert not TELLING.search(WHOLE_DAY.sub("", said))


def test_secrets_are_found_through_dependencies(engine: Engine) -> None:
    secret = Secrecy(engine)
    assert "asylum_steps" in secret.parts
    assert {"protection_sought", "origin_state", "fear_well_founded", "excl_1fa"} <= secret.facts
    for name, one in engine.pack.criteria.items():
        reads = engine.facts_below(engine.program.entries[name].node)
        if reads & secret.facts or any(
            engine.pack.instruments[cite.instrument].family == "protection" for cite in one.cites
        ):
            assert name in secret.criteria


def _value(fact: Fact) -> st.SearchStrategy[Any]:
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "yes_no": st.booleans(),
        "date": st.dates(date(2010, 1, 1), EVE),
        "number": st.integers(1, 50),
        "state": st.sampled_from(["KAZ", "UKR", "RUS"]),
        "states": st.frozensets(st.sampled_from(["KAZ", "UKR", "RUS"])),
    }
    if fact.type == "choice":
        return st.sampled_from(sorted(fact.values))
    return kinds[fact.type] if fact.type in kinds else st.frozensets(st.sampled_from(sorted(fact.values)))


@st.composite
def claims(draw: st.DrawFn, secret: Secrecy, case: Case) -> Case:
    """The case with another claim to protection: other facts, other steps, or none."""
    vocabulary = secret.pack.vocabulary
    names = draw(st.lists(st.sampled_from(sorted(secret.facts)), unique=True, max_size=12))
    findings = {name: one for name, one in case.findings.items() if name not in secret.facts}
    for name in names:
        if vocabulary.facts[name].scope == "case":
            findings[name] = Finding(value=draw(_value(vocabulary.facts[name])), standing="established")
    items = {part: listed for part, listed in case.items.items() if part not in secret.parts}
    for part in sorted(secret.parts) if draw(st.booleans()) else ():
        facts = vocabulary.of_scope(part)
        items[part] = tuple(
            Item(
                id=f"s{place}",
                title="Asylum step",
                findings={one.id: Finding(value=draw(_value(one))) for one in facts},
            )
            for place in range(draw(st.integers(0, 3)))
        )
    return case.model_copy(
        update={"findings": findings, "items": items, "title": draw(st.sampled_from(["", "Refugee claim"]))}
    )


@settings(max_examples=12)
@given(data=st.data())
def test_the_claim_never_shows_in_the_memo_for_the_requesting_state(engine: Engine, data: st.DataObject) -> None:
    case, secret = changed(engine), Secrecy(engine)
    plain = memo_of(engine, case, on=EVE, profile=STATE)
    other = memo_of(engine, data.draw(claims(secret, case)), on=EVE, profile=STATE)
    assert other == plain
    assert not TELLING.search(WHOLE_DAY.sub("", words_of(other)))


def test_no_decided_case_shows_a_claim_to_the_requesting_state(engine: Engine) -> None:
    booked = booked_cases([Path(__file__).parents[1] / "cases"])[::150]
    assert len(booked) > 5
    for one in booked:
        memo = memo_of(engine, engine.read(one.document), on=one.on, reading=one.reading, profile=STATE)
        words = WHOLE_DAY.sub("", words_of(memo))
        found = TELLING.search(words)
        assert found is None, (one.name, words[found.start() - 80 : found.end() + 80])


def test_a_wrong_profile_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputProblems, match="training"):
        profile_of("trainig")

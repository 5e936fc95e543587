"""Of which States declarations may be missing is told with every treaty relation."""

from __future__ import annotations

from datetime import date

import pytest

from api.cli.instruments import paper
from api.documents.text.markdown import render
from api.documents.text.sources import treaties
from api.law.catalogue import Catalogue
from engine.answer.sources import NATIONAL
from engine.assess import Engine
from engine.content.documents import Document

DAY = date(2026, 1, 13)


@pytest.fixture(scope="module")
def catalogue(engine: Engine) -> Catalogue:
    return Catalogue(engine)


def test_a_state_is_named_unless_its_list_is_complete_or_it_is_not_bound(catalogue: Catalogue) -> None:
    pairs = [("KAZ", "UKR"), ("RUS", "POL"), ("TUR", "DEU"), ("USA", "FRA")]
    complete, state = catalogue.engine.relations.complete, catalogue.engine.relations.state
    seen = set()
    for pair in pairs:
        for one in catalogue.relations(*pair, DAY):
            for named in pair:
                bound = one.binding is not False and state(one.instrument, named, DAY).binding is not False
                treaty = one.family != NATIONAL
                expected = treaty and bound and not complete(one.instrument, named, DAY)
                assert (named in one.may_have_declared) is expected, (pair, one.instrument)
                seen.add(expected)
    assert seen == {True, False}


def test_the_command_line_says_it_beside_the_instrument(catalogue: Catalogue) -> None:
    relations = catalogue.relations("KAZ", "UKR", DAY)
    told = render(paper(relations, catalogue.pack.states, ("KAZ", "UKR"), DAY, []))
    lacking = [one for one in relations if one.may_have_declared]
    assert lacking
    assert told.count("it is not known whether") == len(lacking)


def test_an_answer_on_paper_names_the_states_and_instruments(engine: Engine) -> None:
    case = engine.read(Document({"facts": {"requesting_state": "KAZ", "requested_state": "UKR"}}, "case"))
    answer = engine.assess(case, DAY)
    lacking = [one for one in answer.treaty_relations if one.may_have_declared]
    told = str(treaties(answer, everything=False))
    assert "It is not known whether these States made reservations" in told
    assert all(one.short in told for one in lacking)

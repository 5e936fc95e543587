"""A record and the answer say the same: words written later are those that would have been written at once."""

from __future__ import annotations

from hypothesis import given, reject, settings

from engine.answer.record import Record, record, worded
from engine.assess import Engine
from engine.errors import InputProblems
from tests.engine.properties.strategies import Weighing, engines_and_cases


@settings(max_examples=60)
@given(engines_and_cases())
def test_the_words_behind_a_record_are_the_answer_given_at_once(drawn: tuple[Engine, Weighing]) -> None:
    engine, case = drawn
    read, on, reading = case.weighed.read.case, case.weighed.read.assessed_on, case.weighed.read.reading
    try:
        answer = engine.assess(read, on, reading)
    except InputProblems:  # the word of one side contradicts a finding: no answer is given at all
        reject()
    kept = Record.model_validate_json(record(engine, read, on, reading).model_dump_json())
    assert worded(engine, read, kept).model_dump_json() == answer.model_dump_json()

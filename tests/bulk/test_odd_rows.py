"""Odd rows of NDJSON: a batch takes and refuses what a case file alone would be, to the same outcome."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from api.bulk.run import Options, run
from engine.assess import Engine
from engine.content.documents import read_bytes
from engine.errors import InputProblems
from tests.bulk.support import Generator
from tests.bulk.test_batch import BAD, lines

HEAD = '{"assessed_on": "2020-01-13", "facts": {"requesting_state": "KAZ"'
#: Rows that a reader in a hurry could take for something else.
ODD = {
    "two objects on a line": HEAD + '}}{"case": "second"}',
    "a line that begins an object": HEAD + "},",
    "and one that ends it": '"case": "x"}',
    "a value that only looks like a finding": '{"case": {"value": "x", "standing": "asserted"}, "assessed_on": "2020-01-13"}',
    "a reference that says unknown": HEAD + '}, "case": "unknown"}',
    "a finding of an unknown standing": HEAD + ', "protection_sought": {"value": true, "standing": "sure"}}}',
    "a finding of two values": HEAD + ', "protection_sought": {"value": true, "value": true}}}',
    "a finding in a text": HEAD + '}, "notes": "{\\"value\\": true, \\"standing\\": \\"asserted\\"}"}',
    "a finding cut by a text": '{"case": "{"value": true, "standing": "asserted"}"}',
    "a set cut by a text": HEAD + ', "persecution_grounds": {"value": ["race], "standing": "asserted"}"]}}',
    "not a number": HEAD + '}, "counts": [{"min_penalty_requesting": NaN}]}',
    "a number too large": HEAD + '}, "counts": [{"min_penalty_requesting": 1e300}]}',
    "half of a pair": HEAD + '}, "title": "\\ud83d"}',
    "a whole pair": HEAD + '}, "title": "\\ud83d\\ude00"}',
    "a word written true": HEAD + ', "protection_sought": "true"}}',
    "a word for yes": HEAD + ', "protection_sought": "yes"}}',
    "a set as text": HEAD + ', "persecution_grounds": "race"}}',
    "a set of none": HEAD + ', "persecution_grounds": ["none"]}}',
    "a set with a word twice": HEAD + ', "persecution_grounds": ["race", "race"]}}',
    "an empty text": HEAD + ', "measure": ""}}',
    "a date with a time": '{"assessed_on": "2020-01-13T00:00:00", "facts": {}}',
    "an item named as another would be": HEAD + '}, "counts": [{}, {"id": "count-1"}]}',
    "five items": HEAD + '}, "counts": [{}, {}, {}, {}, {}]}',
    "an empty list": HEAD + '}, "asylum_steps": []}',
    "a step without its date": HEAD + '}, "asylum_steps": [{}]}',
    "a reading that is none": HEAD + '}, "variants": {"expiation": "perhaps"}}',
    "a reading": HEAD + '}, "variants": {"expiation": "ignore"}}',
    "nothing": "{}",
}


def alone(engine: Engine, text: bytes) -> str | None:
    """The outcome of a row as a case file of its own; None where it is refused."""
    try:
        return engine.weigh(engine.read(read_bytes(text, "", is_json=True))).outcome
    except InputProblems:
        return None


def assert_as_alone(engine: Engine, texts: list[bytes], folder: Path) -> None:
    """Every row has the outcome that it has alone, or is refused as it is alone."""
    source, out = folder / "in.ndjson", folder / "out.ndjson"
    source.write_bytes(b"\n".join(texts) + b"\n")
    run(source, out, Options(statuses=False, part_bytes=200_000))
    wanted = {row: alone(engine, text) for row, text in enumerate(texts, 1) if text.strip()}
    found = {result["row"]: result["outcome"] for result in lines(out)}
    assert found == {row: outcome for row, outcome in wanted.items() if outcome is not None}
    refused = {reject["row"] for reject in lines(out.with_name("out.ndjson.rejects.ndjson"))}
    assert refused == {row for row, outcome in wanted.items() if outcome is None}
    assert found
    assert refused


def test_odd_rows_are_taken_or_refused_as_alone(engine: Engine, tmp_path: Path) -> None:
    odd = [text.encode() for text in (*ODD.values(), *BAD.values())]
    assert_as_alone(engine, [*odd, HEAD.encode() + b'}, "title": "\xff"}'], tmp_path)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_rows_with_letters_changed_at_random_are_taken_or_refused_as_alone(
    engine: Engine, tmp_path: Path, seed: int
) -> None:
    generator, pick = Generator(engine, seed=21), random.Random(seed)
    plain = HEAD + ', "protection_sought": {"value": true, "standing": "asserted"}}}'
    rows = [json.dumps(generator.data()) for _ in range(10)] + [plain] * 30
    assert_as_alone(engine, [changed(pick.choice(rows), pick).encode() for _ in range(150)], tmp_path)


def changed(text: str, pick: random.Random) -> str:
    """A text with a few letters changed."""
    for _ in range(pick.choice([1, 1, 2, 3])):
        at, mark = pick.randrange(len(text)), pick.choice('{}[]":, \\tn0-"{')
        text = text[:at] + pick.choice(["", mark, text[at] * 2, mark + text[at]]) + text[at + 1 :]
    return text.replace("\n", " ")

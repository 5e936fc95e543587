"""Rows read as columns get what rows read one by one get: the same results and the same rejects, byte for byte."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.bulk.regular import Form, RegularReader
from api.bulk.run import Options, run
from engine.assess import Engine
from engine.bulk.table import Codec
from engine.facts.reading import READINGS, Reading
from tests.bulk.support import Generator
from tests.bulk.test_batch import BAD, lines

pytest.importorskip("pyarrow")

HEAD = '{"assessed_on": "2020-01-13", "facts": {"requesting_state": "KAZ"'
#: Rows in which a reader of blocks could see something else than a reader of rows.
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


@pytest.fixture(scope="module")
def rows(engine: Engine) -> list[str]:
    """Generated rows of one form, with findings here and there."""
    generator, pick = Generator(engine, seed=21), random.Random(4)
    made = []
    for number in range(240):
        data = generator.data()
        data["facts"] = {name: _told(raw, pick) for name, raw in data["facts"].items() if pick.random() < 0.3}
        made.append(json.dumps({"case": f"case {number}", **data}, ensure_ascii=pick.random() < 0.5))
    return made


def _told(raw: Any, pick: random.Random) -> Any:
    if isinstance(raw, dict) or pick.random() < 0.9:
        return raw
    return {"value": raw, "standing": pick.choice(["asserted", "established"]), "note": "a note"}


def both_ways(
    texts: list[bytes], folder: Path, reading: Reading = "neutral", *, statuses: bool = True
) -> tuple[bytes, bytes, int]:
    """Results and rejects of a batch, checked to be those of reading every row by itself; how many were read as columns."""
    source = folder / "in.ndjson"
    source.write_bytes(b"\n".join(texts) + b"\n")
    counted, read = [0], RegularReader.read

    def counting(self: RegularReader, of: list[bytes]) -> Iterator[tuple[Any, Any]]:
        for table, at in read(self, of):
            counted[0] += len(at)
            yield table, at

    said = []
    for name, how in (("columns", counting), ("singly", lambda *_: iter(()))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RegularReader, "read", how)
            out = folder / f"{name}.ndjson"
            run(source, out, Options(None, reading, statuses, part_bytes=200_000))
        said.append((out.read_bytes(), out.with_name(out.name + ".rejects.ndjson").read_bytes()))
    assert said[0] == said[1]
    return (*said[0], counted[0])


@pytest.mark.parametrize("reading", READINGS)
def test_generated_rows_over_the_whole_vocabulary(rows: list[str], tmp_path: Path, reading: Reading) -> None:
    regular = [row.encode() for row in rows if '"disputed"' not in row]
    results, _, counted = both_ways([row.encode() for row in rows], tmp_path, reading)
    assert results
    assert counted > len(regular) / 4


def test_rows_of_one_form_are_read_as_columns(tmp_path: Path) -> None:
    texts = [f'{HEAD}, "protection_sought": {"true" if n % 2 else "false"}}}}}'.encode() for n in range(500)]
    assert both_ways(texts, tmp_path)[2] == 500


def test_odd_rows_among_regular_ones(rows: list[str], tmp_path: Path) -> None:
    odd = [text.encode() for text in (*ODD.values(), *BAD.values())] + [HEAD.encode() + b'}, "title": "\xff"}']
    texts = [text for row, each in zip(rows, odd * 4, strict=False) for text in (row.encode(), each)]
    both_ways(texts, tmp_path)
    rejected = {reject["row"] for reject in lines(tmp_path / "columns.ndjson.rejects.ndjson")}
    assert 2 * (list(ODD).index("two objects on a line") + 1) in rejected
    assert 2 * (list(ODD).index("a reference that says unknown") + 1) not in rejected


def test_rows_with_letters_changed_at_random(rows: list[str], tmp_path: Path) -> None:
    assert_changed_rows_are_alike(rows, tmp_path, 1, 400)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_more_rows_with_letters_changed(rows: list[str], tmp_path: Path, seed: int) -> None:
    assert_changed_rows_are_alike(rows, tmp_path, seed, 4_000)


def assert_changed_rows_are_alike(rows: list[str], folder: Path, seed: int, number: int) -> None:
    """Rows of which every third has some letters taken out, doubled, moved or changed."""
    pick = random.Random(seed)
    texts = []
    for at in range(number):
        text = (
            pick.choice(rows) if at % 3 else HEAD + ', "protection_sought": {"value": true, "standing": "asserted"}}}'
        )
        texts.append(changed(text, pick).encode() if at % 3 == 0 or pick.random() < 0.05 else text.encode())
    both_ways(texts, folder, statuses=False)


def changed(text: str, pick: random.Random) -> str:
    """A text with a few letters changed."""
    for _ in range(pick.choice([1, 1, 2, 3])):
        at, mark = pick.randrange(len(text)), pick.choice('{}[]":, \\tn0-"{')
        text = text[:at] + pick.choice(["", mark, text[at] * 2, mark + text[at]]) + text[at + 1 :]
    return text.replace("\n", " ")


def test_a_finding_is_replaced_only_behind_a_key_that_is_a_fact(engine: Engine) -> None:
    form = Form(engine.pack, Codec(engine.pack.vocabulary))
    finding = b'{"value": true, "standing": "asserted", "note": "n"}'
    assert form.plain(b'{"protection_sought": ' + finding) == b'{"protection_sought": true'
    for key in (b'"case": ', b'"expiation": ', b'"nonsense": ', b'protection_sought": ', b"["):
        assert form.plain(key + finding) == key + finding

"""JSON rows of one form, read many at once as columns by Arrow instead of one by one.

The form is learnt from rows: which facts occur, and whether yes/no stands as true or as a word. What does
not fit, be it one value, is left to the reader of single rows, and so is every row in doubt; only
what that reader would accept, to the same values, is taken here. A block that does not fit is halved
until the rows that do not are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from api.bulk.records import TEXTS
from api.bulk.strict import loads
from engine.bulk.planes import Array
from engine.bulk.table import Codec
from engine.content.models import Pack
from engine.facts.vocabulary import CASE

#: Blocks of fewer rows are not halved any more.
_FEW = 64
#: Rows from which the form is learnt when a block does not fit.
_SAMPLE = 32
_LONGEST_KEY = 100
_TEXT = rb'"[^"\\\n]*"'
_VALUE = rb"(%b|true|false|-?[0-9.eE+-]+|\[(?:%b(?:, ?%b)*)?\])" % (_TEXT, _TEXT, _TEXT)
_REST = rb'(?:, ?"standing": ?"(?:established|asserted)")?(?:, ?"by": ?%b)?(?:, ?"note": ?%b)?\}' % (_TEXT, _TEXT)
_FINDING = re.compile(rb'\{"value": ?' + _VALUE + _REST)
_UNKNOWN = re.compile(rb'"unknown"')
_KEY = re.compile(rb'"([a-z_0-9]+)": ?\Z')
_OTHERS = {*TEXTS, "id", "assessed_on"}


class Form:
    """The columns that rows have, and the text made plain before it is read.

    A finding that is not disputed becomes its value, and *unknown* becomes null, where the key is a fact.
    What is replaced is one whole value behind a key, so a row that was not valid stays so.
    """

    def __init__(self, pack: Pack, codec: Codec) -> None:
        self.pack, self.codec = pack, codec
        self.facts: dict[str, dict[str, str]] = {scope: {} for scope in (CASE, *pack.vocabulary.parts)}
        self.names = {name.encode() for name in pack.vocabulary.facts.keys() - pack.variants.keys() - _OTHERS}
        self._schema: Any = None

    def plain(self, block: bytes) -> bytes:
        """The text of a block with findings as values."""
        block = _FINDING.sub(lambda found: found[1] if self._of_fact(found) else found[0], block)
        return _UNKNOWN.sub(lambda found: b"null" if self._of_fact(found) else found[0], block)

    def _of_fact(self, found: re.Match[bytes]) -> bool:
        """Whether what was found is the value of a key that is a fact."""
        key = _KEY.search(found.string, max(0, found.start() - _LONGEST_KEY), found.start())
        return key is not None and key[1] in self.names

    def learn(self, lines: Sequence[bytes]) -> bool:
        """Whether the rows have facts that were not known to occur."""
        before = sum(map(len, self.facts.values()))
        for line in lines:
            try:
                data = loads(line)
            except ValueError:
                continue
            if isinstance(data, dict):
                self._note(CASE, data.get("facts"))
                for part in self.pack.vocabulary.parts:
                    listed = data.get(part)
                    for item in listed if isinstance(listed, list) else ():
                        self._note(part, item)
        grown = sum(map(len, self.facts.values())) > before
        if grown:
            self._schema = None
        return grown

    def _note(self, scope: str, found: Any) -> None:
        known, vocabulary = self.facts[scope], self.pack.vocabulary.facts
        for name, raw in found.items() if isinstance(found, dict) else ():
            value = raw.get("value") if isinstance(raw, dict) else raw
            if name not in known and name in vocabulary and vocabulary[name].scope == scope and value != "unknown":
                kind = self.codec.kinds[name]
                known[name] = "word" if kind == "flag" and isinstance(value, str) else kind

    @property
    def schema(self) -> Any:
        """What Arrow is told to expect; it refuses anything else."""
        if self._schema is None:
            import pyarrow as pa  # noqa: PLC0415 - an optional extra

            text, words = pa.string(), pa.list_(pa.string())
            types = {"flag": pa.bool_(), "number": pa.float64(), "mask": words, "states": words}
            facts = {
                scope: [(name, types.get(kind, text)) for name, kind in known.items()]
                for scope, known in self.facts.items()
            }
            fields = [(name, text) for name in (*TEXTS, "assessed_on")]
            fields += [("facts", pa.struct(facts.pop(CASE)))]
            fields += [("variants", pa.struct([(name, text) for name in self.pack.variants]))]
            fields += [
                (part, pa.list_(pa.struct([("id", text), ("title", text), *of_part])))
                for part, of_part in facts.items()
            ]
            self._schema = pa.schema(fields)
        return self._schema


class RegularReader:
    """Reads rows of a learnt form; the form grows with what is read."""

    def __init__(self, pack: Pack, codec: Codec) -> None:
        self.form = Form(pack, codec)
        self.json = import_module("pyarrow.json") if find_spec("pyarrow") else None

    def read(self, lines: Sequence[bytes]) -> Iterator[tuple[Any, Array]]:
        """Tables of rows that fit, each with the positions of its rows."""
        fit = _that_may_fit(lines) if self.json is not None else []
        whole = len(fit) == len(lines)
        yield from self._blocks(list(lines) if whole else [lines[at] for at in fit], np.array(fit, dtype=np.int64))

    def _blocks(self, lines: list[bytes], at: Array) -> Iterator[tuple[Any, Array]]:
        if not lines:
            return
        found = self._parsed(lines)
        if found is None and self.form.learn([*lines[:_SAMPLE], lines[-1]]):
            found = self._parsed(lines)
        if found is not None:
            yield found, at
        elif len(lines) >= _FEW:
            middle = len(lines) // 2
            yield from self._blocks(lines[:middle], at[:middle])
            yield from self._blocks(lines[middle:], at[middle:])

    def _parsed(self, lines: list[bytes]) -> Any:
        """The rows as a table; None if they do not fit."""
        import pyarrow as pa  # noqa: PLC0415

        assert self.json is not None
        block = b"\n".join(lines)
        try:
            block.decode()
            block = self.form.plain(block)
            options = self.json.ReadOptions(use_threads=False, block_size=len(block) + 1)
            expected = self.json.ParseOptions(explicit_schema=self.form.schema, unexpected_field_behavior="error")
            table = self.json.read_json(pa.BufferReader(block), options, expected)
        except ValueError:
            return None
        return table.combine_chunks() if table.num_rows == len(lines) else None


def _that_may_fit(lines: Sequence[bytes]) -> list[int]:
    """The lines that are one object each, as far as their ends tell, without what always goes the long way.

    With braces at both ends of every line no object can go on in the next; that there are as many
    objects as lines then says that each line is one.
    """
    return [
        at
        for at, line in enumerate(lines)
        if line.startswith(b"{") and line.endswith(b"}") and b"null" not in line and b'"disputed"' not in line
    ]

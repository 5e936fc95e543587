"""Results of a weighed table: as JSON lines, or as columns for Parquet.

A line lists the grounds that are met, open or not applicable, strictly and on the record; a ground
not listed is not met. A ground on several offences stands as in a single answer: met where some
offence meets it. In Parquet each ground has one column for the strict status and one for the record.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from itertools import pairwise
from typing import Any

import numpy as np

from engine.assess import Engine
from engine.bulk.planes import Array, Levels, Words
from engine.bulk.weigh import OUTCOMES, STATUSES, Bounds, Weighing
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.reasoning.outcome import LEVELS

OPEN, MET, NOT_MET, OUTSIDE = range(4)
LISTED = (MET, OPEN, OUTSIDE)
_ENDS = ("range_from", "range_to", "record_from", "record_to")
_FIRST_DAY = date(1970, 1, 1).toordinal()
_NAMES = [json.dumps(outcome) for outcome in OUTCOMES]
_RANGES = [[f"[{json.dumps(low)},{json.dumps(high)}]" for high in LEVELS] for low in LEVELS]


@dataclass(frozen=True)
class Done:
    """A weighed table with the rows it came from; ``kept`` are the rows that get a result."""

    weighing: Weighing
    numbers: Array
    references: Any
    days: Array
    kept: Array

    def taken(self) -> Any:
        """The references of the kept rows, as an Arrow array."""
        import pyarrow as pa  # noqa: PLC0415 - an optional extra

        texts = self.references if isinstance(self.references, pa.Array) else pa.array(self.references, pa.string())
        return texts if len(self.kept) == len(texts) else texts.take(pa.array(self.kept))


class Results:
    """Writes results of one engine's grounds."""

    def __init__(self, engine: Engine, *, statuses: bool = True) -> None:
        self.engine, self.statuses = engine, statuses
        listed = [item for item in engine.pack.criteria.values() if item.effect or item.kind]
        self.grounds = [(item.id, item.scope) for item in listed]
        self.quoted = np.array([json.dumps(name) for name, _ in self.grounds], dtype=object)
        self.counted = sorted({scope for _, scope in self.grounds if scope != CASE})

    def lines(self, done: Done) -> list[str]:
        """One JSON line for each result."""
        weighing, kept = done.weighing, done.kept.tolist()
        outcome, determined = weighing.outcome.tolist(), weighing.determined.tolist()
        strict, record = _bounds(weighing.strict), _bounds(weighing.record)
        grounds = self._said(done) if self.statuses else None
        days, numbers = done.days.tolist(), done.numbers.tolist()
        references = done.references if isinstance(done.references, list | tuple) else done.references.to_pylist()
        lines = []
        for position, row in enumerate(kept):
            said = f',"grounds":{grounds[position]}' if grounds else ""
            lines.append(
                f'{{"row":{numbers[row]},"case":{json.dumps(references[row])},'
                f'"assessed_on":"{date.fromordinal(days[row])}","outcome":{_NAMES[outcome[row]]},'
                f'"range":{strict[row]},"range_on_record":{record[row]},'
                f'"determined":{"true" if determined[row] else "false"}{said}}}\n'
            )
        return lines

    def _said(self, done: Done) -> list[str]:
        """The grounds of each kept row: together, then on each offence."""
        said = [self._lists(done, lambda which: self._together(done.weighing, which))]
        groups = [[text] for text in said[0]]
        for scope in self.counted:
            items: list[list[str]] = [[] for _ in groups]
            for place in done.weighing.shape.places(scope):
                there = done.weighing.present(place)[done.kept].tolist()
                if any(there):
                    texts = self._lists(done, lambda which, at=place: self._at(done.weighing, which, at))
                    for entries, text, present in zip(items, texts, there, strict=True):
                        if present:
                            entries.append(text)
            for group, entries in zip(groups, items, strict=True):
                group.append(f'"{scope}":[{",".join(f"{{{entry}}}" for entry in entries)}]')
        return [f"{{{','.join(group)}}}" for group in groups]

    def _lists(self, done: Done, codes: Any) -> list[str]:
        """``"strict":{"met":[…],…},"record":{…}`` for each kept row."""
        both = []
        for which in (0, 1):
            matrix, names = codes(which)
            matrix = matrix[done.kept]
            per_status = [_names(matrix == status, names) for status in LISTED]
            both.append(
                [
                    f'{{"met":[{met}],"open":[{unknown}],"not_applicable":[{outside}]}}'
                    for met, unknown, outside in zip(*per_status, strict=True)
                ]
            )
        return [f'"strict":{strict},"record":{record}' for strict, record in zip(*both, strict=True)]

    def _together(self, weighing: Weighing, which: int) -> tuple[Levels, Any]:
        columns = [weighing.halves(*self.planes(weighing, name, scope))[which] for name, scope in self.grounds]
        return np.stack(columns, axis=1), self.quoted

    def _at(self, weighing: Weighing, which: int, place: Place) -> tuple[Levels, Any]:
        chosen = [index for index, (_, scope) in enumerate(self.grounds) if scope == place[0]]
        columns = [weighing.statuses(self.grounds[index][0], place)[which] for index in chosen]
        return np.stack(columns, axis=1), self.quoted[chosen]

    def planes(self, weighing: Weighing, name: str, scope: str) -> tuple[Words, Words]:
        """The bits of the status of a ground in each case, over all its offences."""
        if scope == CASE:
            return weighing.status_planes(name, HERE)
        places = weighing.shape.places(scope)
        return _joined([(weighing.shape.present[place], *weighing.status_planes(name, place)) for place in places])

    @cached_property
    def schema(self) -> Any:
        """The columns of Parquet results; words are dictionaries."""
        import pyarrow as pa  # noqa: PLC0415 - an optional extra

        word = pa.dictionary(pa.int8(), pa.string())
        fields = [("row", pa.int64()), ("case", pa.string()), ("assessed_on", pa.date32())]
        fields += [(name, word) for name in ("outcome", *_ENDS)]
        fields.append(("determined", pa.bool_()))
        named = [f"{name}{half}" for name, _ in self.grounds for half in ("", " on record")]
        fields += [(name, word) for name in named if self.statuses]
        return pa.schema([pa.field(name, kind, nullable=False) for name, kind in fields])

    def batch(self, done: Done) -> Any:
        """The results as an Arrow batch of these columns."""
        import pyarrow as pa  # noqa: PLC0415

        weighing, kept = done.weighing, done.kept
        outcomes, statuses = (pa.array(list(map(str, words))) for words in (OUTCOMES, STATUSES))

        def worded(codes: Levels, words: Any) -> Any:
            return pa.DictionaryArray.from_arrays(pa.array(codes[kept].view(np.int8)), words)

        days = (done.days[kept] - _FIRST_DAY).astype(np.int32)
        columns = [pa.array(done.numbers[kept].astype(np.int64)), done.taken(), pa.array(days).cast(pa.date32())]
        strict, record = weighing.strict, weighing.record
        for codes in (weighing.outcome, strict.least, strict.most, record.least, record.most):
            columns.append(worded(codes, outcomes))
        columns.append(pa.array(weighing.determined[kept]))
        for name, scope in self.grounds if self.statuses else ():
            columns += [worded(codes, statuses) for codes in weighing.halves(*self.planes(weighing, name, scope))]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


def _bounds(bounds: Bounds) -> list[str]:
    return [_RANGES[low][high] for low, high in zip(bounds.least.tolist(), bounds.most.tolist(), strict=True)]


def _joined(items: list[tuple[Words, Words, Words]]) -> tuple[Words, Words]:
    """One status over several offences, by the rule of a single answer: met where one is, else open, else not met."""
    met = [there & low & ~high for there, low, high in items]
    unknown = [there & ~low & ~high for there, low, high in items]
    refuted = [there & ~low & high for there, low, high in items]
    outside = [there & low & high for there, low, high in items]
    found, undecided = reduce(np.bitwise_or, met), reduce(np.bitwise_or, unknown)
    alone = reduce(np.bitwise_or, outside) & ~(found | undecided | reduce(np.bitwise_or, refuted))
    return found | alone, ~(found | undecided)


def _names(flags: Any, quoted: Any) -> list[str]:
    """For each row the names whose flag is set, with commas between."""
    rows, columns = np.nonzero(flags)
    ends = np.searchsorted(rows, np.arange(len(flags) + 1)).tolist()
    names = quoted[columns].tolist()
    return [",".join(names[start:end]) for start, end in pairwise(ends)]

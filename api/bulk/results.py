"""Results of a weighed table: as JSON lines, or as an Arrow table for Parquet.

A line lists the grounds that are met, open or not applicable, strictly and on the record; a ground
not listed is not met. A ground on several offences stands as in a single answer: met where some
offence meets it. In Parquet each ground has one column for the strict status and one for the record.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from engine.assess import Engine
from engine.bulk.planes import Array, Levels
from engine.bulk.weigh import OUTCOMES, STATUSES, Bounds, Weighing
from engine.facts.columns import HERE, Place
from engine.facts.vocabulary import CASE
from engine.verdict.outcome import LEVELS

OPEN, MET, NOT_MET, OUTSIDE = range(4)
LISTED = (MET, OPEN, OUTSIDE)
_NAMES = [json.dumps(outcome) for outcome in OUTCOMES]
_RANGES = [[f"[{json.dumps(low)},{json.dumps(high)}]" for high in LEVELS] for low in LEVELS]


@dataclass(frozen=True)
class Done:
    """A weighed table with the rows it came from; ``kept`` are the rows that get a result."""

    weighing: Weighing
    numbers: Array
    references: Sequence[str]
    days: Array
    kept: Array


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
        outcome, settled = weighing.outcome.tolist(), weighing.settled.tolist()
        strict, record = _bounds(weighing.strict), _bounds(weighing.record)
        grounds = self._said(done) if self.statuses else None
        days, numbers, references = done.days.tolist(), done.numbers.tolist(), done.references
        lines = []
        for position, row in enumerate(kept):
            said = f',"grounds":{grounds[position]}' if grounds else ""
            lines.append(
                f'{{"row":{numbers[row]},"case":{json.dumps(references[row])},'
                f'"assessed_on":"{date.fromordinal(days[row])}","outcome":{_NAMES[outcome[row]]},'
                f'"range":{strict[row]},"range_on_record":{record[row]},'
                f'"settled":{"true" if settled[row] else "false"}{said}}}\n'
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
        return np.stack(
            [self.status(weighing, name, scope)[which] for name, scope in self.grounds], axis=1
        ), self.quoted

    def _at(self, weighing: Weighing, which: int, place: Place) -> tuple[Levels, Any]:
        chosen = [index for index, (_, scope) in enumerate(self.grounds) if scope == place[0]]
        columns = [weighing.statuses(self.grounds[index][0], place)[which] for index in chosen]
        return np.stack(columns, axis=1), self.quoted[chosen]

    def status(self, weighing: Weighing, name: str, scope: str) -> tuple[Levels, Levels]:
        """The status of a ground in each case, over all its offences."""
        if scope == CASE:
            return weighing.statuses(name, HERE)
        places = weighing.shape.places(scope)
        there = [weighing.present(place) for place in places]
        found = [weighing.statuses(name, place) for place in places]
        return _joined([pair[0] for pair in found], there), _joined([pair[1] for pair in found], there)

    @cached_property
    def schema(self) -> Any:
        """The Arrow schema of results."""
        import pyarrow as pa  # noqa: PLC0415 - an optional extra

        word = pa.dictionary(pa.int8(), pa.string())
        fields = [("row", pa.int64()), ("case", pa.string()), ("assessed_on", pa.date32()), ("outcome", word)]
        fields += [(name, word) for name in ("range_from", "range_to", "record_from", "record_to")]
        fields += [("settled", pa.bool_())]
        if self.statuses:
            fields += [(f"{name}{half}", word) for name, _ in self.grounds for half in ("", " on record")]
        return pa.schema(fields)

    def arrow(self, done: Done) -> Any:
        """The results as an Arrow table."""
        import pyarrow as pa  # noqa: PLC0415

        weighing, kept = done.weighing, done.kept
        outcomes = pa.array([str(outcome) for outcome in OUTCOMES])
        words = pa.array(list(STATUSES))

        def coded(codes: Array, values: Any) -> Any:
            return pa.DictionaryArray.from_arrays(pa.array(codes[kept].astype(np.int8)), values)

        days = (done.days[kept].astype(np.int32) - date(1970, 1, 1).toordinal()).astype(np.int32)
        columns = [pa.array(done.numbers[kept]), pa.array([done.references[row] for row in kept.tolist()], pa.string())]
        columns += [pa.array(days).cast(pa.date32()), coded(weighing.outcome, outcomes)]
        for bounds in (weighing.strict, weighing.record):
            columns += [coded(bounds.least, outcomes), coded(bounds.most, outcomes)]
        columns.append(pa.array(weighing.settled[kept]))
        for name, scope in self.grounds if self.statuses else ():
            columns += [coded(codes, words) for codes in self.status(weighing, name, scope)]
        return pa.Table.from_arrays(columns, schema=self.schema)


def _bounds(bounds: Bounds) -> list[str]:
    return [_RANGES[low][high] for low, high in zip(bounds.least.tolist(), bounds.most.tolist(), strict=True)]


def _joined(codes: list[Levels], there: list[Any]) -> Levels:
    """One status over several offences, by the rule of a single answer."""
    if not codes:
        return np.full(0, NOT_MET, dtype=np.uint8)
    seen = [np.zeros(len(codes[0]), dtype=bool) for _ in STATUSES]
    for status, present in zip(codes, there, strict=True):
        for kind in range(len(STATUSES)):
            seen[kind] |= present & (status == kind)
    joined = np.where(seen[MET], MET, np.where(seen[OPEN], OPEN, NOT_MET))
    joined[seen[OUTSIDE] & ~seen[OPEN] & ~seen[NOT_MET] & ~seen[MET]] = OUTSIDE
    return joined.astype(np.uint8)


def _names(flags: Any, quoted: Any) -> list[str]:
    """For each row the names whose flag is set, with commas between."""
    rows, columns = np.nonzero(flags)
    ends = np.searchsorted(rows, np.arange(len(flags) + 1)).tolist()
    names = quoted[columns].tolist()
    return [",".join(names[start:end]) for start, end in pairwise(ends)]

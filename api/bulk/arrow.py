"""Cells of Arrow columns: whatever type the writer of a Parquet file chose for a fact; and batches of results on disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from api.cases.flat_columns import (
    ABSENT,
    Cells,
    Column,
    Decoder,
)
from engine.bulk.planes import Array, Words, lanes_for, packed, unpacked
from engine.facts.values import EARLIEST, LARGEST
from engine.facts.vocabulary import Fact

_FIRST_DAY = date(1970, 1, 1).toordinal()


NOTHING = Cells(np.zeros(0), np.zeros(0, dtype=np.uint8))


def cells_of(decoder: Decoder, column: Column, values: Any) -> Cells:
    """Cells of one Arrow array.

    Booleans, days and numbers are taken over as they are; anything else by its distinct values.
    """
    if column.role in ("case", "ignored"):
        return NOTHING
    if values.null_count == len(values):
        dtype, unknown = decoder.form(column)
        return Cells(np.full(len(values), unknown, dtype=dtype), np.full(len(values), ABSENT, dtype=np.uint8))
    return _as_they_are(decoder, column, values) or _by_value(decoder, column, values)


def _as_they_are(decoder: Decoder, column: Column, values: Any) -> Cells | None:
    import pyarrow as pa  # noqa: PLC0415 - an optional extra

    if column.former is not None and column.former.said.values:
        return None
    kind = values.type
    if pa.types.is_boolean(kind) and decoder.is_flag(column):
        return flags_of(values)
    if pa.types.is_date32(kind) and decoder.is_day(column):
        return _days(values)
    if (pa.types.is_floating(kind) or pa.types.is_integer(kind)) and decoder.is_number(column):
        return _numbers(decoder.pack.vocabulary.facts[column.name], values)
    return None


def _by_value(decoder: Decoder, column: Column, values: Any) -> Cells:
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return _listed(decoder, column, values.to_pylist())
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    if values.indices.type != pa.int32():
        values = values.cast(pa.dictionary(pa.int32(), values.type.value_type))
    raw = np.frombuffer(values.indices.buffers()[1], dtype=np.int32)[values.indices.offset :][: len(values)]
    which = np.where(known_in(values.indices), raw, np.int32(-1)) if values.null_count else raw
    return decoder.decode(column, values.dictionary.to_pylist(), which)


def flags_of(values: Any) -> Cells:
    """Cells of booleans. Arrow keeps booleans in planes of its own: they are only cut to whole words."""
    lanes = lanes_for(len(values))
    valid, true = (_plane(values, which, lanes) for which in (0, 1))
    true &= valid
    codes = lambda: (unpacked(true) + unpacked(valid)).astype(np.int8)[: len(values)] - np.int8(1)  # noqa: E731
    return Cells(codes, lambda: unpacked(valid)[: len(values)], bits=(true, valid & ~true))


def _plane(values: Any, which: int, lanes: int) -> Words:
    """A buffer of bits of an Arrow array, as a plane; without one every bit is set."""
    held, size = values.buffers()[which], len(values)
    plane = np.zeros(lanes // 8, dtype=np.uint8)
    used, last = divmod(size, 8)
    if held is None:
        plane[:used] = 0xFF
        plane[used : used + 1] = (1 << last) - 1
        return plane.view(np.uint64)
    raw = np.frombuffer(held, dtype=np.uint8)[values.offset // 8 :]
    if values.offset % 8:
        bits = np.unpackbits(raw, bitorder="little")[values.offset % 8 :][:size]
        return packed(np.pad(bits, (0, lanes - size)).view(bool))
    plane[:used] = raw[:used]
    if last:
        plane[used] = raw[used] & ((1 << last) - 1)
    return plane.view(np.uint64)


def known_in(values: Any) -> Array:
    """Which values are there, as flags."""
    return np.asarray(unpacked(_plane(values, 0, lanes_for(len(values))))[: len(values)].view(bool))


def _days(values: Any) -> Cells | None:
    """Days that all can be; None where one cannot, so that its row gets the reason."""
    raw = np.frombuffer(values.buffers()[1], dtype=np.int32)[values.offset :][: len(values)]
    known = known_in(values)
    if (raw[known] < EARLIEST.toordinal() - _FIRST_DAY).any() or (raw[known] > date.max.toordinal() - _FIRST_DAY).any():
        return None
    return Cells(np.where(known, raw + np.int32(_FIRST_DAY), np.int32(0)), known.view(np.uint8))


def _numbers(fact: Fact, values: Any) -> Cells | None:
    """Numbers that all fit; None where one does not, so that its row gets the reason."""
    import pyarrow as pa  # noqa: PLC0415

    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    low = -LARGEST if fact.minimum is None else max(fact.minimum, -LARGEST)
    high = LARGEST if fact.maximum is None else min(fact.maximum, LARGEST)
    fit = (numbers >= low) & (numbers <= high)
    if int(fit.sum()) != len(values) - values.null_count:
        return None
    return Cells(numbers, lambda: known_in(values).view(np.uint8))


def _listed(decoder: Decoder, column: Column, lists: list[Any]) -> Cells:
    numbers: dict[Any, int] = {}
    keys = [None if cell is None else tuple(cell) for cell in lists]
    which = [numbers.setdefault(key, len(numbers)) for key in keys]
    return decoder.decode(column, list(numbers), np.array(which, dtype=np.int64))


def texts_of(values: Any) -> Any:
    """References as texts, whatever they were written as; one that is missing is empty."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_string(values.type):
        return values.fill_null("")
    return pa.array(["" if name is None else str(name) for name in values.to_pylist()], pa.string())


def batches_into(file: Any, schema: Any) -> Any:
    """A writer of record batches, compressed, into an open file."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.ipc.new_file(file, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))


def batches_in(path: Path) -> Any:
    """The batches of such a file as one table.

    Raises:
        ValueError: the file is not whole.
    """
    import pyarrow as pa  # noqa: PLC0415

    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()

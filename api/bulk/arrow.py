"""Cells of Arrow columns: whatever type the writer of a Parquet file chose for a fact."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from api.bulk.flat import ABSENT, VALUE, Cells, Column, Decoder

_FIRST_DAY = date(1970, 1, 1).toordinal()


def cells_of(decoder: Decoder, column: Column, values: Any) -> Cells:
    """Cells of one Arrow array. Booleans and days are taken over as they are; anything else by its distinct values."""
    import pyarrow as pa  # noqa: PLC0415 - an optional extra

    if column.role in ("case", "ignored"):
        return Cells(np.zeros(0), np.zeros(0, dtype=np.uint8), {})
    if values.null_count == len(values):
        return Cells(np.zeros(len(values)), np.full(len(values), ABSENT, dtype=np.uint8), {})
    kind = values.type
    if pa.types.is_boolean(kind) and decoder.is_flag(column):
        return _cells(values, values.fill_null(False).to_numpy(zero_copy_only=False))
    if pa.types.is_date32(kind) and decoder.is_day(column):
        return _cells(values, values.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False) + _FIRST_DAY)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _listed(decoder, column, values.to_pylist())
    if not pa.types.is_dictionary(kind):
        values = values.dictionary_encode()
    which = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return decoder.decode(column, values.dictionary.to_pylist(), which.astype(np.int64))


def _cells(values: Any, codes: Any) -> Cells:
    known = values.is_valid().to_numpy(zero_copy_only=False)
    return Cells(codes, np.where(known, np.uint8(VALUE), np.uint8(ABSENT)), {})


def _listed(decoder: Decoder, column: Column, lists: list[Any]) -> Cells:
    numbers: dict[Any, int] = {}
    keys = [None if cell is None else tuple(cell) for cell in lists]
    which = [numbers.setdefault(key, len(numbers)) for key in keys]
    return decoder.decode(column, list(numbers), np.array(which, dtype=np.int64))

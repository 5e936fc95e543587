"""The parts of a Parquet file that say where everything is, in Thrift's compact protocol.

Written here because results stand in bit planes, which are Parquet's own packing already: the usual
writer takes ten nanoseconds a cell to unpack, look at and pack again what is there, and cannot put
files together without doing so. Only what batches need: required flat columns, one codec.
The format: https://parquet.apache.org/docs/file-format/
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MAGIC = b"PAR1"
BOOLEAN, INT32, INT64, BYTES = 0, 1, 2, 6
PLAIN, RLE, DICTIONARY = 0, 3, 8
DATA_PAGE, DICTIONARY_PAGE = 0, 2
ZSTD = 6
_REQUIRED, _UTF8, _DATE = 0, 0, 6
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


@dataclass(frozen=True)
class Field:
    """A column: its name, physical type, and what it means: text, a day, or one of some words."""

    name: str
    type: int
    meaning: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """One column of a row group: where its pages begin, from where on data, and their sizes."""

    start: int
    data: int
    packed: int
    plain: int


@dataclass(frozen=True)
class Group:
    """A row group."""

    rows: int
    chunks: tuple[Chunk, ...]

    def moved(self, by: int) -> Group:
        """The same group so many bytes later in its file."""
        return Group(self.rows, tuple(Chunk(c.start + by, c.data + by, c.packed, c.plain) for c in self.chunks))


def page_header(kind: int, values: int, encoding: int, plain: int, packed: int) -> bytes:
    """What stands before a page."""
    if kind == DICTIONARY_PAGE:
        return _struct((1, _I32, kind), (2, _I32, plain), (3, _I32, packed), (7, _STRUCT, _of_page(values, encoding)))
    levels = ((3, _I32, RLE), (4, _I32, RLE))
    return _struct(
        (1, _I32, kind), (2, _I32, plain), (3, _I32, packed), (5, _STRUCT, _of_page(values, encoding, *levels))
    )


def footer(fields: Sequence[Field], groups: Iterable[Group], schema: bytes) -> bytes:
    """The end of a file. ``schema`` is what Arrow says of its columns, for readers that know Arrow."""
    listed = list(groups)
    kept = _struct((1, _BINARY, b"ARROW:schema"), (2, _BINARY, base64.b64encode(schema)))
    meta = _struct(
        (1, _I32, 2),
        (2, _LIST, (_STRUCT, [_root(len(fields)), *map(_element, fields)])),
        (3, _I64, sum(group.rows for group in listed)),
        (4, _LIST, (_STRUCT, [_group(fields, group) for group in listed])),
        (5, _LIST, (_STRUCT, [kept])),
        (6, _BINARY, b"dedere"),
    )
    return meta + len(meta).to_bytes(4, "little") + MAGIC


def varint(number: int) -> bytes:
    """An unsigned number, seven bits a byte."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _of_page(values: int, encoding: int, *more: tuple[int, int, int]) -> bytes:
    return _struct((1, _I32, values), (2, _I32, encoding), *more)


def _root(children: int) -> bytes:
    return _struct((4, _BINARY, b"schema"), (5, _I32, children))


def _element(field: Field) -> bytes:
    said: list[tuple[int, int, Any]] = [(1, _I32, field.type), (3, _I32, _REQUIRED), (4, _BINARY, field.name.encode())]
    if field.meaning:
        converted, logical = (_UTF8, 1) if field.meaning == "text" else (_DATE, 6)
        said += [(6, _I32, converted), (10, _STRUCT, _struct((logical, _STRUCT, _struct())))]
    return _struct(*said)


def _group(fields: Sequence[Field], group: Group) -> bytes:
    columns = [_column(field, chunk, group.rows) for field, chunk in zip(fields, group.chunks, strict=True)]
    plain = sum(chunk.plain for chunk in group.chunks)
    return _struct((1, _LIST, (_STRUCT, columns)), (2, _I64, plain), (3, _I64, group.rows))


def _column(field: Field, chunk: Chunk, rows: int) -> bytes:
    encodings = [DICTIONARY, PLAIN, RLE] if field.words else [PLAIN, RLE]
    said: list[tuple[int, int, Any]] = [
        (1, _I32, field.type),
        (2, _LIST, (_I32, [_zigzag(each) for each in encodings])),
        (3, _LIST, (_BINARY, [_text(field.name.encode())])),
        (4, _I32, ZSTD),
        (5, _I64, rows),
        (6, _I64, chunk.plain),
        (7, _I64, chunk.packed),
        (9, _I64, chunk.data),
    ]
    if field.words:
        said.append((11, _I64, chunk.start))
    return _struct((2, _I64, 0), (3, _STRUCT, _struct(*said)))


def _struct(*fields: tuple[int, int, Any]) -> bytes:
    """A struct: each field as the step from the last number, its type and its value."""
    out, last = bytearray(), 0
    for number, kind, value in fields:
        out.append((number - last) << 4 | kind)
        last = number
        out += _value(kind, value)
    out.append(0)
    return bytes(out)


def _value(kind: int, value: Any) -> bytes:
    if kind in (_I32, _I64):
        return _zigzag(value)
    if kind == _BINARY:
        return _text(value)
    if kind == _STRUCT:
        packed: bytes = value
        return packed
    of, items = value
    head = bytes([len(items) << 4 | of]) if len(items) < 15 else bytes([0xF0 | of]) + varint(len(items))
    return head + b"".join(items)


def _zigzag(number: int) -> bytes:
    return varint(number << 1)  # no number here is negative


def _text(raw: bytes) -> bytes:
    return varint(len(raw)) + raw

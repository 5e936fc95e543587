"""Pages of Parquet results: each column as it is stored, compressed, until the row group is complete.

Words from a short list are numbers of two bits (statuses) or eight; everything else stands plain.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from api.bulk.footer import DATA_PAGE, DICTIONARY, DICTIONARY_PAGE, PLAIN, Chunk, Field, Group, page_header, varint
from engine.bulk.planes import Array, Words

#: Shifts and masks that draw the bits of a number apart, so that another's fit between them.
_APART = [
    (np.uint64(by), np.uint64(mask))
    for by, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    )
]


def of_planes(low: Words, high: Words, rows: int) -> tuple[bytes, bytes]:
    """Numbers of two bits from the planes of their bits, as pages have them: of the first half, and of the second."""
    bits = np.concatenate((low, high)).view(np.uint32).astype(np.uint64)
    for by, mask in _APART:
        bits |= bits << by
        bits &= mask
    middle = len(bits) // 2
    pairs = (bits[:middle] | bits[middle:] << np.uint64(1)).view(np.uint16)
    eights, half = -(-rows // 8), middle * 2
    head = b"\x02" + varint(eights << 1 | 1)
    return head + pairs[:eights].tobytes(), head + pairs[half : half + eights].tobytes()


def of_codes(codes: Array, width: int) -> bytes:
    """Numbers of two or eight bits, as a page has them."""
    eights = -(-len(codes) // 8)
    padded = np.zeros(8 * eights, dtype=np.uint8)
    padded[: len(codes)] = codes
    bits = np.unpackbits(padded, bitorder="little").reshape(-1, 8)[:, :width] if width < 8 else None
    raw = padded if bits is None else np.packbits(bits, bitorder="little")
    return bytes([width]) + varint(eights << 1 | 1) + raw.tobytes()


def of_texts(texts: Any) -> bytes:
    """An Arrow array of texts: each with its length before it."""
    import pyarrow as pa  # noqa: PLC0415 - an optional extra
    import pyarrow.compute as pc  # noqa: PLC0415

    raw = texts.cast(pa.binary())
    sizes = np.ascontiguousarray(pc.binary_length(raw).to_numpy(zero_copy_only=False), dtype="<u4")
    lengths = pa.Array.from_buffers(pa.binary(4), len(sizes), [None, pa.py_buffer(sizes)])
    joined = pc.binary_join_element_wise(lengths.cast(pa.binary()), raw, pa.scalar(b"", pa.binary()))
    _, offsets, data = joined.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[joined.offset : joined.offset + len(joined) + 1]
    return bytes(data[int(ends[0]) : int(ends[-1])]) if data is not None and len(joined) else b""


class RowGroup:
    """The pages of some rows; written at once, with what a footer has to know behind them."""

    def __init__(self, fields: Sequence[Field]) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self.codec = pa.Codec("zstd", compression_level=1)
        self.fields, self.rows = fields, 0
        self.pages: list[list[bytes]] = [[] for _ in fields]
        self.plain = [0] * len(fields)
        for at, field in enumerate(fields):
            if field.words:
                raw = b"".join(len(word).to_bytes(4, "little") + word for word in map(str.encode, field.words))
                self._add(at, DICTIONARY_PAGE, len(field.words), PLAIN, raw)

    def add(self, rows: int, columns: Sequence[bytes]) -> None:
        """A page for each column."""
        self.rows += rows
        for at, (field, raw) in enumerate(zip(self.fields, columns, strict=True)):
            self._add(at, DATA_PAGE, rows, DICTIONARY if field.words else PLAIN, raw)

    def _add(self, at: int, kind: int, values: int, encoding: int, raw: bytes) -> None:
        packed = self.codec.compress(raw, asbytes=True)
        header = page_header(kind, values, encoding, len(raw), len(packed))
        self.pages[at] += (header, packed)
        self.plain[at] += len(header) + len(raw)

    def write(self, file: BinaryIO) -> None:
        """The pages, then the group as JSON and its length; nothing before the group if there is no row."""
        chunks, at = list[Chunk](), 0
        for pages, plain in zip(self.pages, self.plain, strict=True) if self.rows else ():
            packed = sum(map(len, pages))
            first = len(pages[0]) + len(pages[1]) if self.fields[len(chunks)].words else 0
            chunks.append(Chunk(at, at + first, packed, plain))
            file.write(b"".join(pages))
            at += packed
        said = json.dumps([self.rows, [[c.start, c.data, c.packed, c.plain] for c in chunks]]).encode()
        file.write(said + len(said).to_bytes(4, "little"))


def group_in(path: Path) -> tuple[Group, int]:
    """The row group of a file that ``RowGroup.write`` made, and the bytes of its pages.

    Raises:
        ValueError: the file is not whole.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        said = int.from_bytes(file.read(4), "little")
        pages = size - 4 - said
        if pages < 0:
            raise ValueError("cut short")
        file.seek(pages)
        rows, chunks = json.loads(file.read(said))
    return Group(rows, tuple(Chunk(*chunk) for chunk in chunks)), pages

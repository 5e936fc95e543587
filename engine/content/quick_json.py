"""JSON read the quick way, where that gives what the careful reader of ``documents.py`` gives.

The careful reader knows the line of everything and costs milliseconds; whoever has no use for lines
asks here first. Whatever is in the least unusual is left to it: one reading, not two.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.content.documents import NUMBER, Document, read_bytes

#: Characters and escapes that YAML, which the careful reader rests on, treats in a way of its own.
_UNUSUAL = re.compile(r"[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\\u")
_LONGEST_KEY = 200
_DEEPEST = 16


class _Unusual(Exception):
    pass


def read_json(raw: bytes, source: str) -> Document:
    """A JSON document, without its lines where nothing in it is unusual.

    Raises:
        InputProblems: it is not well formed.
    """
    quick = quick_json(raw)
    return Document(quick, source) if quick is not None else read_bytes(raw, source, is_json=True)


def quick_json(raw: bytes) -> Any:
    """What a JSON document says; None if the careful reader should read it."""
    try:
        text = raw.decode("utf-8")
        if _UNUSUAL.search(text):
            return None
        data = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_refused, parse_constant=_refused
        )
    except (ValueError, RecursionError, _Unusual):
        return None
    return data if _shallow(data, _DEEPEST) else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or any(len(key) > _LONGEST_KEY for key in found):
        raise _Unusual
    return found


def _whole(text: str) -> int:
    if len(text) > 15 or not NUMBER.fullmatch(text):
        raise _Unusual
    return int(text)


def _refused(_: str) -> Any:
    raise _Unusual


def _shallow(data: Any, left: int) -> bool:
    if not left:
        return False
    if isinstance(data, dict):
        return all(_shallow(one, left - 1) for one in data.values())
    return not isinstance(data, list) or all(_shallow(one, left - 1) for one in data)

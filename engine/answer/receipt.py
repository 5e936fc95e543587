"""The receipt: the same facts, packs, date and reading give the same digest, years later.

SHA-256 over canonical JSON as of RFC 8785, which does not depend on key order, platform or process.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import rfc8785

from engine import ENGINE_VERSION
from engine.answer.model import Receipt
from engine.content.models import Pack
from engine.facts.reading import Read

#: Whole numbers below this are exact in JSON; half of a surrogate pair is no text, which the library refuses.
_EXACT, _LONE = 2**53, re.compile("[\ud800-\udfff]")


def digest(data: Any) -> str:
    """Hexadecimal SHA-256 of the canonical JSON of ``data``."""
    return hashlib.sha256(canonical(data)).hexdigest()


def canonical(data: Any) -> bytes:
    """The canonical JSON of ``data`` as of RFC 8785.

    Without fractions, large numbers or keys beyond ASCII it is what the standard library writes with sorted keys, ten times
    as fast.
    """
    if _plain(data):
        return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return rfc8785.dumps(data)


def _plain(data: Any) -> bool:
    kind = type(data)
    if kind is str:
        return data.isascii() or not _LONE.search(data)
    if kind is dict:
        return all(map(_plain_key, data)) and all(map(_plain, data.values()))
    if isinstance(data, list | tuple):
        return all(map(_plain, data))
    return data is None or type(data) is bool or (type(data) is int and abs(data) < _EXACT)


def _plain_key(key: Any) -> bool:
    return type(key) is str and key.isascii()


def receipt_of(read: Read, pack: Pack, variants: dict[str, str]) -> Receipt:
    """The receipt of one assessment."""
    case = digest(read.case.canonical())
    whole = {
        "case": case,
        "rules": pack.rules_digest,
        "instruments": pack.instruments_digest,
        "law": pack.data_digest,
        "engine": ENGINE_VERSION,
        "assessed_on": read.assessed_on.isoformat(),
        "reading": read.reading,
        "variants": variants,
    }
    return Receipt.said(
        digest=digest(whole),
        case=case,
        rules=pack.rules_digest,
        instruments=pack.instruments_digest,
        engine=ENGINE_VERSION,
    )

"""The receipt: the same facts, packs, date and reading give the same digest, years later.

SHA-256 over canonical JSON as of RFC 8785, which does not depend on key order, platform or process.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

from engine import ENGINE_VERSION
from engine.answer import Receipt
from engine.content.models import Pack
from engine.facts.reading import Read


def digest(data: Any) -> str:
    """Hexadecimal SHA-256 of the canonical JSON of ``data``."""
    return hashlib.sha256(rfc8785.dumps(data)).hexdigest()


def receipt_of(read: Read, pack: Pack, variants: dict[str, str]) -> Receipt:
    """The receipt of one assessment."""
    case = digest(read.case.canonical())
    whole = {
        "case": case,
        "rules": pack.rules_digest,
        "instruments": pack.instruments_digest,
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

"""Strict JSON from bytes: by orjson where it is installed, otherwise by the standard library, only slower."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def loads(raw: bytes) -> Any:
    """The data of a JSON text.

    Raises:
        ValueError: it is not JSON; NaN and Infinity are not.
    """
    return json.loads(raw, parse_constant=_refuse)


if find_spec("orjson") is not None:  # the optional extra `batch`
    loads = import_module("orjson").loads

"""What in a new description of the API breaks programs that were written for an old one.

    python scripts/api_changes.py OLD.json NEW.json

Prints one line per breaking change and ends with status 1 if there is any; such a change needs /v2.
Cases are left out: their facts belong to the law content, which has a changelog of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
OF_THE_LAW = ("Case", "FlatCase")


def breaking(old: Schema, new: Schema) -> list[str]:
    """Every breaking change, by the place where it is."""
    found = [*_operations(old, new)]
    schemas = new["components"]["schemas"]
    for name, schema in old["components"]["schemas"].items():
        if not name.startswith(OF_THE_LAW) and name in schemas:
            found += _answers(name, schema, schemas[name])
    return found


def _operations(old: Schema, new: Schema) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, operation in methods.items():
            name, now = f"{method.upper()} {path}", new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{name} is gone"
            else:
                yield from (f"{name}: {one}" for one in _operation(operation, now))


def _operation(old: Schema, new: Schema) -> Iterator[str]:
    before, after = _parameters(old), _parameters(new)
    yield from (f"parameter {name} is gone" for name in before.keys() - after.keys())
    for name, needed in after.items():
        if needed and not before.get(name, False):
            yield f"parameter {name} is required now"
    yield from (f"status {code} is gone" for code in _fine(old) - _fine(new))
    bodies, taken = _bodies(old), _bodies(new)
    yield from (f"body of {media} is no longer taken" for media in bodies.keys() - taken.keys())
    for media in bodies.keys() & taken.keys():
        yield from _requests("body", bodies[media], taken[media])


def _parameters(operation: Schema) -> dict[str, bool]:
    return {f"{one['in']} {one['name']}": one.get("required", False) for one in operation.get("parameters", [])}


def _fine(operation: Schema) -> set[str]:
    return {code for code in operation["responses"] if code < "400"}


def _bodies(operation: Schema) -> dict[str, Schema]:
    content = operation.get("requestBody", {}).get("content", {})
    return {media: one.get("schema", {}) for media, one in content.items()}


def _requests(where: str, old: Schema, new: Schema) -> Iterator[str]:
    """What is sent: nothing may be refused that was taken."""
    before, after = old.get("properties", {}), new.get("properties", {})
    yield from (f"{where}: field {name} is no longer taken" for name in before.keys() - after.keys())
    for name in set(new.get("required", [])) - set(old.get("required", [])):
        yield f"{where}: field {name} is required now"
    for name in before.keys() & after.keys():
        yield from _requests(f"{where}.{name}", before[name], after[name])
    yield from _type(where, old, new)
    yield from (f"{where}: {value!r} is no longer taken" for value in _values(old) - _values(new) if _values(new))


def _answers(where: str, old: Schema, new: Schema) -> Iterator[str]:
    """What is answered: nothing may be missing that was there."""
    before, after = old.get("properties", {}), new.get("properties", {})
    yield from (f"{where}: field {name} is gone" for name in before.keys() - after.keys())
    for name in set(old.get("required", [])) - set(new.get("required", [])):
        yield f"{where}: field {name} may be missing now"
    for name in before.keys() & after.keys():
        yield from _type(f"{where}.{name}", before[name], after[name])
    yield from (f"{where}: {value!r} is new" for value in _values(new) - _values(old) if _values(old))


def _type(where: str, old: Schema, new: Schema) -> Iterator[str]:
    if old.get("type") != new.get("type") or old.get("$ref") != new.get("$ref"):
        yield f"{where} has another type"


def _values(schema: Schema) -> set[str]:
    return {str(value) for value in schema.get("enum", [])}


def main() -> int:
    """Compare two descriptions."""
    old, new = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    found = breaking(old, new)
    for line in found:
        print(line)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())

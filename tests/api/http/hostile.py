"""T5: what a hostile or broken client may send: at least 500 bodies that no operation may fall over or repeat.

Each payload holds the word ``CANARY`` where it holds a value of text, so that an echo shows; names of keys are repeated on purpose.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from itertools import product

MARK = "CANARY"
VALUES = (
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 5000, "0" * 5000, "-0", "1e-400", "0x10", "01", "+1", ".5",
    '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"CANARY\\u0000"', '"\\u202eCANARY"', '"\\u200bCANARY"', '"СANARY"',
    '"=CANARY()"', '"+CANARY"', '"-CANARY"', '"@CANARY"', '"\\tCANARY"', '"{{CANARY}}"', '"${CANARY}"', '"#{CANARY}"',
    '"<script>CANARY</script>"', '"\'; DROP TABLE CANARY; --"', '"../../CANARY"', '"%00CANARY"', '"\\\\\\\\CANARY"',
    '"CANARY\\r\\nX-Injected: 1"', "true", "false", "null", "[]", "{}", "[[]]", '[{"KEYNAME": 1}]', '{"KEYNAME": {"a": []}}',
    '["CANARY", 1, null]', '{"value": "CANARY"}', '{"value": ["CANARY"], "standing": "disputed"}', '{"__proto__": "CANARY"}',
    '{"$ref": "CANARY"}', '{"value": {"value": {"value": "CANARY"}}}', '"' + "CANARY" * 2000 + '"', "[" * 30 + "]" * 30,
)  # fmt: skip
PLACES = (
    "%s",
    '{"facts": %s}',
    '{"facts": {"age": %s}}',
    '{"facts": {"KEYNAME": %s}}',
    '{"case": %s}',
    '{"reference": %s, "case": {}}',
    '{"assessed_on": %s}',
    '{"counts": [%s]}',
    '{"exhibits": %s, "KEYNAME": 1}',
    '{"url": %s, "kinds": ["CANARY"]}',
    '{"version": %s, "on": "CANARY"}',
)


def payloads() -> Iterator[bytes]:
    """Every body of the corpus, in a fixed order."""
    for place, value in product(PLACES, VALUES):
        yield (place % value).encode()
    yield from _broken()
    yield from _encoded()
    yield from _deep()
    yield from _scrambled()


def _broken() -> Iterator[bytes]:
    whole = b'{"facts": {"age": "CANARY"}}'
    for end in range(0, len(whole), 2):
        yield whole[:end]
    yield whole + whole
    yield whole + b"\x00"
    yield b'{"facts": {}, "facts": {"KEYNAME": 1}}'
    yield b'{"a": 1,}'
    yield b"{'a': 'CANARY'}"
    yield b"CANARY: yes\n"
    yield b"facts=CANARY&x=1"
    yield b"<xml>CANARY</xml>"
    yield b"--CANARY\r\nContent-Disposition: form-data\r\n\r\n1\r\n--CANARY--"


def _encoded() -> Iterator[bytes]:
    text = '{"facts": {"age": "CANARY й"}}'
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r", "utf-8-sig", "utf-7"):
        yield text.encode(name)
    yield gzip.compress(b'{"facts": "' + b"CANARY" * 200_000 + b'"}')
    yield b"\xff\xfe\xfd" * 100
    yield b"\xc0\xaf\xed\xa0\x80"


def _deep() -> Iterator[bytes]:
    for depth in (31, 33, 100, 1_000, 100_000):
        yield b"[" * depth
        yield b"[" * depth + b"]" * depth
        yield b'{"a":' * depth + b"1" + b"}" * depth
    yield b'{"facts": {' + b",".join(b'"a%d": "CANARY"' % number for number in range(5_000)) + b"}}"
    yield json.dumps({"counts": [{"id": f"CANARY{number}"} for number in range(5_000)]}).encode()


def _scrambled() -> Iterator[bytes]:
    chance = random.Random(5)
    whole = bytearray(b'{"case": "CANARY", "assessed_on": "1950-01-01", "facts": {"requesting_state": "AND"}}')
    for _ in range(120):
        changed = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        yield bytes(changed)

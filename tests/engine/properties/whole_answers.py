"""Run as a program: whole answers as text, to compare between processes."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from engine.answer.receipt import digest
from engine.assess import Engine
from engine.content.documents import Document, read_bytes, read_path
from engine.content.loader import load_pack
from engine.facts.reading import READINGS

ROOT = Path(__file__).parents[3]

CASE = b"""
case: TOY/7
facts:
  requesting_state: MCO
  requested_state: AND
  ground_up: {standing: disputed, person: yes, state: no}
  marks: [red, blue]
  age: {value: 60, standing: established, by: nurse, exhibits: [E1]}
  nap_wanted: yes
  homes: [AND, SMR]
  seized_on: 2020-01-01
counts:
  - {id: vase, broke_vase: yes, broken_on: 2019-05-01}
  - {id: jar, broke_vase: unknown}
promises:
  - {promised_on: 2020-01-02, kind_promise: yes}
  - {promised_on: 2021-01-02}
nap_steps:
  - {nap_on: 2019-01-01, status_then: asked}
  - {nap_on: 2020-01-10, status_then: granted}
exhibits:
  E1: {title: Label}
"""
BARE = b"facts: {requesting_state: MCO, requested_state: AND}\nassessed_on: 2020-01-13\n"


def toyland() -> str:
    """Three readings of two cases of Toyland: everything an answer holds, in one text."""
    folder = ROOT / "tests" / "toyland"
    engine = Engine(load_pack(folder / "rules", folder / "instruments"))
    return "\n".join(said(engine, read_bytes(text, "case.yaml")) for text in (CASE, BARE))


def origin() -> str:
    """The same of the example that the project began with, under the real rules."""
    engine = Engine(load_pack(ROOT / "rules", ROOT / "instruments"))
    return said(engine, read_path(ROOT / "examples" / "akhmetova.yaml"))


def said(engine: Engine, document: Document) -> str:
    """Everything that the three readings of a case say."""
    case, texts = engine.read(document), []
    for reading in READINGS:
        found = engine.assess(case, date(2020, 1, 13), reading)
        proof = {name: asdict(node) for name, node in found.proof.items()}
        texts.append(f"{found.receipt.digest} {digest(proof)} {found!r}")
    return "\n".join(texts)


if __name__ == "__main__":
    sys.stdout.write({"toyland": toyland, "origin": origin}[sys.argv[1]]())

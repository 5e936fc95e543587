"""Entries of the audit chain, and their verification.

An entry's hash is SHA-256 over its canonical JSON (RFC 8785), which includes the hash before it.
There is one chain for each workspace. An export holds one entry a line, exactly canonical, so that
any changed byte shows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

NO_ENTRY = "0" * 64
_ID = re.compile(r"[A-Za-z0-9_.:\-]{0,80}")
_FIELDS = {"chain", "seq", "at", "actor", "act", "subject", "ids", "request", "previous", "hash"}

#: The act by which a chain says that its first entries are in an archive.
ARCHIVED = "audit.archived"
Ids = dict[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when, by whom, what, on which subject, and the hash of the entry before."""

    chain: str
    seq: int
    at: str
    actor: str
    act: str
    subject: str
    ids: Ids = field(default_factory=dict)
    request: str = ""
    previous: str = NO_ENTRY
    hash: str = ""

    def sealed(self) -> Entry:
        """The entry with its hash."""
        return replace(self, hash=self.computed())

    def computed(self) -> str:
        """The hash that the entry ought to have."""
        data = self._data()
        del data["hash"]
        return hashlib.sha256(canonical(data)).hexdigest()

    def line(self) -> bytes:
        """The entry as a line of an export."""
        return canonical(self._data()) + b"\n"

    def _data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}


def canonical(data: Any) -> bytes:
    """Canonical JSON. For what an entry may hold, ids and whole numbers, this is RFC 8785 to the byte, and fast.

    Raises:
        ValueError: it cannot be written, such as half a character pair.
    """
    return json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def listed(name: str, ids: Iterable[str]) -> Ids:
    """How an entry says which of many things were listed: their number, and SHA-256 over their ids, one a line.

    The ids themselves would make the chain grow by their length each time somebody looks at a list; whether a
    certain list was seen is told by its digest.
    """
    found = list(ids)
    return {name: len(found), "sha256": hashlib.sha256("\n".join(found).encode()).hexdigest()}


def only_ids(*texts: str) -> None:
    """Refuse anything that could be content.

    Raises:
        ValueError: a text is not an id. The text itself is not repeated.
    """
    if not all(_ID.fullmatch(text) for text in texts):
        raise ValueError("an audit entry holds ids only")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a chain, named by the place where it shows."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Verification:
    """What a verification found: the head and length of each chain, and every fault."""

    heads: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


class Verifier:
    """Follows chains entry by entry; needs memory for the heads only."""

    def __init__(self, anchored: Iterable[str] = ()) -> None:
        self.found = Verification()
        self._anchored = set(anchored)
        self._seen: set[str] = set()
        #: Chains that begin later, by what an archive must hold: number and hash of its last entry
        self._behind: dict[str, tuple[int, str]] = {}

    def entry(self, entry: Entry, where: str = "") -> None:
        """Check the next entry of its chain."""
        found, name = self.found, where or f"entry {entry.seq} of {entry.chain}"
        expected = found.lengths.get(entry.chain, 0) + 1
        if entry.chain not in found.lengths and entry.seq > 1:  # whether that is right shows later
            self._behind[entry.chain] = (entry.seq - 1, entry.previous)
            found.heads[entry.chain], expected = entry.previous, entry.seq
        if entry.act == ARCHIVED and (entry.ids.get("entries"), entry.ids.get("head")) == self._behind.get(entry.chain):
            del self._behind[entry.chain]
        if entry.computed() != entry.hash:
            found.faults.append(Fault(name, "changed: its hash does not fit its content"))
        if entry.seq != expected:
            found.faults.append(Fault(name, _misplaced(entry.seq, expected)))
        elif entry.previous != found.heads.get(entry.chain, NO_ENTRY):
            found.faults.append(Fault(name, "does not follow the entry before it"))
        found.heads[entry.chain], found.lengths[entry.chain] = entry.hash, entry.seq
        self._seen |= {entry.hash} & self._anchored

    def line(self, line: bytes, number: int) -> None:
        """Check the next line of an export."""
        entry = _parsed(line)
        if entry is None or entry.line() != line:
            self.found.faults.append(Fault(f"line {number}", "changed: not an entry in canonical form"))
        if entry is not None:
            self.entry(entry, f"line {number} (entry {entry.seq} of {entry.chain})")

    def present(self, chain: str) -> None:
        """Check that a chain that must exist has entries."""
        if chain not in self.found.lengths:
            self.found.faults.append(Fault(chain, "has no entries"))

    def finish(self) -> Verification:
        """Check that there was something, and that every anchored head is among the entries seen."""
        if not self.found.lengths and not self.found.faults:
            self.found.faults.append(Fault("nothing", "has no entries"))
        self.found.faults += [
            Fault(f"entry {last + 1} of {chain}", f"missing before it: {_span(1, last)}, and no entry says archived")
            for chain, (last, _) in sorted(self._behind.items())
        ]
        missing = sorted(self._anchored - self._seen)
        self.found.faults += [
            Fault(f"head {head[:12]}", "not in the chain: its end was cut off or rewritten") for head in missing
        ]
        return self.found


def _misplaced(seq: int, expected: int) -> str:
    if seq > expected:
        return f"missing before it: {_span(expected, seq - 1)}"
    return f"out of order or repeated: entry {expected} was expected"


def _span(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first} to {last}"


def _parsed(line: bytes) -> Entry | None:
    try:
        data: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or set(data) != _FIELDS or not _well_typed(data):
        return None
    return Entry(**data)


def _well_typed(data: dict[str, Any]) -> bool:
    texts = all(isinstance(data[name], str) for name in _FIELDS - {"seq", "ids"})
    try:
        canonical(data)
    except (ValueError, RecursionError):  # what cannot be canonical, such as half a character pair
        return False
    return texts and isinstance(data["ids"], dict) and type(data["seq"]) is int


def verify_lines(lines: Iterable[bytes], anchored: Iterable[str] = ()) -> Verification:
    """Verify an export."""
    verifier = Verifier(anchored)
    for number, line in enumerate(lines, 1):
        verifier.line(line, number)
    return verifier.finish()

"""What goes over the pipe between the server and a worker, as bytes both ways.

A request is a line of JSON and the case. The worker says its number back at once, so that it is known
to have it; a reply begins with the number too, so that no answer can ever reach another case, then
one letter, then the answer or a fault. Nothing is pickled: a worker gone wrong cannot make the server
run anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from engine.errors import ContentProblems, DedereError, EnginesDisagree, InputProblems, InternalError, Problem
from engine.facts.reading import Reading

SOURCE = "case"  # what problems name as the place of a case that came without a file
#: The whole answer, the record of what both engines agree on, or what the compiled engine alone finds.
Form = Literal["answer", "record", "outcome"]
READY, FAULT, ANSWER = b"r", b"f", b"a"
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Request:
    """One case to assess. ``pack`` is a name as ``api.law.packs.open_pack`` takes it; empty is the installation's.

    ``form`` says what is wanted of it; see ``onecase``.
    """

    case: bytes
    on: date | None = None
    reading: Reading = "neutral"
    pack: str = ""
    form: Form = "answer"

    def packed(self, number: int) -> bytes:
        """The request as bytes."""
        head = {
            "on": self.on.isoformat() if self.on else None,
            "reading": self.reading,
            "pack": self.pack,
            "form": self.form,
        }
        return number.to_bytes(_NUMBER, "big") + json.dumps(head).encode() + b"\n" + self.case


def opened(raw: bytes) -> tuple[bytes, Request]:
    """The number of a request, as it must come back, and the request."""
    head, _, case = raw[_NUMBER:].partition(b"\n")
    said = json.loads(head)
    on = date.fromisoformat(said["on"]) if said["on"] else None
    return raw[:_NUMBER], Request(case, on, said["reading"], said["pack"], said["form"])


def belongs(reply: bytes, number: int) -> bool:
    """Whether a reply is to this request."""
    return reply[:_NUMBER] == number.to_bytes(_NUMBER, "big")


def answered(reply: bytes) -> bytes:
    """The answer in a reply.

    Raises:
        InputProblems: the worker could not accept the case.
        EnginesDisagree: it has no answer.
        InternalError: it failed.
    """
    kind, content = reply[_NUMBER : _NUMBER + 1], reply[_NUMBER + 1 :]
    if kind == FAULT:
        raise error_in(content)
    return content


def plain(case: Mapping[str, Any]) -> bytes:
    """A case as JSON; days, which YAML knows and JSON does not, become text."""
    return json.dumps(case, ensure_ascii=False, allow_nan=False, default=_day).encode("utf-8", "surrogatepass")


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a case holds no {type(value).__name__}")


_KINDS: dict[str, type[DedereError]] = {
    kind.__name__: kind for kind in (InputProblems, ContentProblems, EnginesDisagree, InternalError)
}


def error_out(error: Exception) -> bytes:
    """An error whole if it is one of the engine's; of any other only its type, for it may hold case content."""
    if isinstance(error, InputProblems | ContentProblems):
        said: Any = [asdict(problem) for problem in error.problems]
    elif isinstance(error, InternalError):
        said = str(error)
    else:
        error, said = InternalError(), f"the worker failed ({type(error).__name__})"
    return json.dumps({"kind": type(error).__name__, "said": said}).encode()


def error_in(raw: bytes) -> DedereError:
    """The error that a worker sent."""
    found = json.loads(raw)
    kind, said = _KINDS.get(found["kind"], InternalError), found["said"]
    if issubclass(kind, InputProblems | ContentProblems):
        return kind([Problem(**{**one, "echoes": tuple(one["echoes"])}) for one in said])
    return kind(said)

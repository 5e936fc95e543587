"""The argument on a presumed question: point, the State's best answer and the reply, each with its authority.

It is drawn from the dossier of the question; where two grounds turn on one question it is told once.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.documents.language.marking import marked
from api.documents.memo.matter import Matter
from api.documents.memo.tree import Item, Line, Run, item, line, strong
from engine.answer.argument import Argument, Move, argument
from engine.answer.dossier_model import Dossier

_SHARED = marked("Alike:")
_LACKING = marked("There, and not here:")
_TO_PROVE = marked("It would govern if this were proved:")
_APART = marked("Here, and not there:")


class Argued:
    """The parts of the argument on one question as lists of a memo."""

    def __init__(self, matter: Matter, dossier: Dossier, number: str) -> None:
        self.matter, self.number, self.said = matter, number, argument(dossier)
        moves = (*self.said.point, *self.said.answer, *self.said.reply)
        self.before = matter.told.setdefault(" ".join(f"{one.kind}/{one.id}" for one in moves), number)

    @property
    def again(self) -> bool:
        """Whether an earlier section told it."""
        return self.before != self.number

    def part(self, name: str) -> list[Item]:
        """Point, answer or reply."""
        return [self._item(move, name) for move in _part(self.said, name)]

    def elsewhere(self) -> Item:
        """The reference to the section that tells it."""
        return item(
            self.matter.speak.say("The argument on this question stands in section {section}.", section=self.before)
        )

    def _item(self, move: Move, part: str) -> Item:
        speak = self.matter.speak
        cited = [self.matter.cite.cited(one, self.number) for one in move.authorities]
        if move.kind in ("governs", "nearest", "distinguished"):
            head: Line = line(*cited, ": ", speak.english(move.holding)) if move.holding else line(*cited)
            return item(head, below=[*self._says(move), *self._facts(move, part)])
        text = line(strong(speak.told(move.text).text) if move.text else "", ". " if move.text and move.says else "")
        authorities = [item(*[part for one in cited for part in ("; ", one)][1:])] if cited else []
        says = line(text, speak.told(move.says) if move.says else "")
        return item(says, below=[*(item(speak.told(fact)) for fact in (*move.lacking, *move.apart)), *authorities])

    def _says(self, move: Move) -> Iterator[Item]:
        if move.kind == "governs":
            yield item(self.matter.speak.told(move.says))

    def _facts(self, move: Move, part: str) -> Iterator[Item]:
        """What is alike and what differs; a side that answers leaves it to the reply to say what sets a case apart."""
        speak, lacking = self.matter.speak, _LACKING if move.kind == "distinguished" else _TO_PROVE
        told = {
            _SHARED: () if move.kind == "distinguished" else move.shared,
            lacking: move.lacking,
            _APART: () if part == "answer" else move.apart,
        }
        for title, facts in told.items():
            if facts:
                end = "" if facts[-1].endswith("?") else "."
                yield item(f"{speak.say(title)} ", *_joined([speak.told(fact) for fact in facts]), end)


def _joined(runs: list[Run]) -> list[Run | str]:
    found: list[Run | str] = []
    for place, run in enumerate(runs):
        found += [run] if place == 0 else ["; ", run]
    return found


def _part(said: Argument, name: str) -> tuple[Move, ...]:
    return {"point": said.point, "answer": said.answer, "reply": said.reply}[name]

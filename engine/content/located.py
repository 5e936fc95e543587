"""Where a named thing was written, so that a check can point at its file and line."""

from __future__ import annotations

from collections.abc import Mapping

from engine.content.documents import Document, Path_
from engine.errors import Problem

Located = Mapping[tuple[str, str], tuple[Document, Path_]]


class Where:
    """Finds the file and line of a named thing."""

    def __init__(self, located: Located) -> None:
        self.located = located

    def problem(self, kind: str, name: str, message: str, fix: str = "", *below: str | int) -> Problem:
        """A problem at the named thing, or at ``below`` within it."""
        if (kind, name) not in self.located:
            return Problem(f"{name}: {message}", fix=fix)
        document, path = self.located[(kind, name)]
        return document.problem((*path, *below), f"{name}: {message}", fix)

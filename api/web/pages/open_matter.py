"""A matter that a visitor has open: its latest facts, weighed, and saving a change of them.

A change is made on the latest version, whoever saved it; a change that changes nothing saves nothing,
and a form that is sent twice changes something once.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cached_property

from api.cases.asked import Asked, still_asked
from api.cases.document import Case_, answered_in, kinds, with_ids, without_place
from api.service.within import within
from api.storage.errors import Conflict
from api.storage.matters import add_version, read_facts, read_matter
from api.storage.store import Transaction
from api.web.pages.forms import Form, done_before, once
from api.web.pages.visit import Visit
from engine.answer.compose import bottom_line
from engine.assess import Engine, Weighed
from engine.content.documents import Document
from engine.errors import InputProblems, Problem
from engine.facts.casefile import Case
from engine.reasoning.outcome import Outcome

_TRIES = 5
_ROUNDS = 8


@dataclass(frozen=True)
class OpenMatter:
    """One version of a matter's facts, at hand, under the names that the facts have today."""

    engine: Engine
    id: str
    reference: str
    version: int
    document: Case_

    @property
    def case(self) -> Case:
        """The facts as a case, without those that the law in use does not know."""
        return self._read[0]

    @property
    def weighed(self) -> Weighed:
        """The case under the neutral reading as of its own date."""
        return self._read[1]

    @property
    def unreadable(self) -> dict[str, Problem]:
        """What was entered under other law and cannot be read under the law in use, by its place; it is kept."""
        return self._read[2]

    @cached_property
    def _read(self) -> tuple[Case, Weighed, dict[str, Problem]]:
        document, unreadable = self.document, dict[str, Problem]()
        for _ in range(_ROUNDS):
            try:
                with within():
                    case = self.engine.read(Document(document, "case"))
                    return case, self.engine.weigh(case), unreadable
            except InputProblems as error:
                before = document
                for one in error.problems:
                    rest = without_place(document, one.pointer)
                    if rest is not document:
                        document, unreadable[one.pointer] = rest, one
                if document is before:
                    raise
        raise InputProblems(unreadable.values())

    def require_sound(self, known: Container[str] = ()) -> None:
        """Go no further with facts that cannot stand together; those at places in ``known`` could not be read before.

        Raises:
            InputProblems: the engine does not accept them.
        """
        found = [one for place, one in self.unreadable.items() if place not in known]
        if found:
            raise InputProblems(found)

    @cached_property
    def span(self) -> tuple[Outcome, Outcome]:
        """The least and the most protective outcome still possible."""
        both = self.weighed.evaluation
        return self.engine.judge.range(both.strict, both.strict_columns).bounds()

    @property
    def determined(self) -> bool:
        """Whether no unknown fact can change the outcome."""
        return self.span[0] == self.span[1]

    @cached_property
    def settled(self) -> bool:
        """Whether the outcome is settled by established findings."""
        return bottom_line(self.engine, self.weighed).settled

    @cached_property
    def hanging(self) -> list[Asked]:
        """All questions on which an open ground hangs, answered with *not known* or *disputed* or not at all."""
        weighed, case = self.weighed, self.case
        with within():
            return still_asked(self.engine, weighed, case)

    @cached_property
    def asked(self) -> list[Asked]:
        """What is still asked: nothing that was answered in any way, and nothing once no answer can change the outcome."""
        answered = answered_in(self.document)
        waiting = [one for one in self.hanging if one.fact is None or one.name not in answered]
        return [one for one in waiting if one.fact is None and one.hangs == ()] if self.determined else waiting


def open_matter(visit: Visit, matter: str, version: int | None = None) -> OpenMatter:
    """A matter of the visitor's workspace.

    Raises:
        NotFound: there is no such matter or version.
    """
    with visit.look() as tx:
        return opened(visit.service.engine, tx, matter, version)


def opened(engine: Engine, tx: Transaction, matter: str, version: int | None = None) -> OpenMatter:
    """The same within a transaction."""
    said, facts = read_matter(tx, matter), read_facts(tx, matter, version)
    document, _ = engine.reader.former.present(Document(facts.document, "case"))
    return OpenMatter(engine, matter, said.reference, facts.version, with_ids(document.data, kinds(engine.pack)))


def save(
    visit: Visit,
    matter: str,
    change: Callable[[Case_], Case_],
    form: Form | None = None,
    held: OpenMatter | None = None,
) -> OpenMatter:
    """Make a change on the latest facts and keep it as the next version; what a ``form`` asks for is done once.

    ``held`` are the latest facts if they were just opened; if somebody has saved since, they are opened anew.

    Raises:
        NotFound: there is no such matter.
        InputProblems: the engine does not accept the case as changed; nothing is saved.
        Conflict: others kept saving in between.
    """
    if form is not None and done_before(visit, form):
        return open_matter(visit, matter)
    for _ in range(_TRIES):
        before, held = held or open_matter(visit, matter), None
        after = OpenMatter(before.engine, matter, before.reference, before.version + 1, change(before.document))
        if after.document == before.document:
            return before
        after.require_sound(before.unreadable)
        try:
            _keep(visit, before, after, form)
            return after
        except Conflict as error:
            late = error
    raise late


def _keep(visit: Visit, before: OpenMatter, after: OpenMatter, form: Form | None) -> None:
    def kept(tx: Transaction) -> str:
        return str(add_version(tx, before.id, before.version, after.document))

    if form is not None:
        once(visit, form, kept, before.id)
        return
    with visit.write() as tx:
        kept(tx)

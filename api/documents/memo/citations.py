"""Citations in two styles, and the table of authorities they add up to.

``court`` follows the note on citation of the European Court: name in italics, [GC], number, paragraph, date.
``oscola`` puts body and date in brackets and the paragraph last. The shape of its number tells an application to a court
from a communication to a committee. In another language the shell is that language's; the name of a case stays as the
body wrote it, so that it can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from api.documents.language.alphabet import in_order
from api.documents.language.catalogues import ENGLISH, Speech, speech_in
from api.documents.language.marking import marked
from api.documents.language.pinpoints import pinpoint_in
from api.documents.memo.tree import (
    Column,
    Line,
    Run,
    Table,
    emph,
    line,
    mark,
    table,
)
from engine.answer.dossier_cited import is_later
from engine.answer.dossier_model import AuthorityCited
from engine.answer.model import AuthoritySaid, CitationSaid
from engine.content.models import Authority, Pack
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

Style = Literal["court", "oscola"]
STYLES: tuple[Style, ...] = ("court", "oscola")
_APPLICATION = re.compile(r"^\d{2,6}/\d{2}(, \d{2,6}/\d{2})*$")
_COMMUNICATION = re.compile(r"^\d{1,5}/\d{4}$")
_OTHERS = re.compile(r" and (three )?others$")
_PINPOINT_MARK = " (pinpoint unverified)"
#: What the tribunals of decided cases are called among the authorities.
_TRIBUNALS = {"ecthr": "ECtHR", "hrc": "HRC", "cat": "CAT-Committee"}
#: Bodies that have a usual abbreviation or name in other languages; the others keep their own.
BODIES = (
    marked("ECtHR"),
    marked("ECtHR-GC"),
    marked("EComHR"),
    marked("CAT-Committee"),
    marked("HRC"),
    marked("UNHCR"),
    marked("CJEU"),
    marked("ICJ"),
    marked("CIS Economic Court"),
    marked("Ukraine (statute)"),
)


def style_of(name: str) -> Style:
    """The citation style of this name.

    Raises:
        InputProblems: there is none.
    """
    for style in STYLES:
        if name == style:
            return style
    raise InputProblems([Problem(f"'{name}' is not a citation style", "--citations", fix=hint(name, STYLES))])


@dataclass
class Citations:
    """Writes citations and remembers where each was used."""

    style: Style
    pack: Pack
    speech: Speech = field(default_factory=lambda: speech_in(ENGLISH))
    used: dict[str, list[str]] = field(default_factory=dict)
    provisions: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    #: The day of the memo: authorities given later say so
    on: date | None = None
    #: Whether comments and the like are named by their English titles in a paper of another language
    titles: bool = True
    #: Decided cases that are no authorities of the rules, as they are cited
    decided: dict[str, Authority] = field(default_factory=dict)

    def treaty(self, citations: Iterable[CitationSaid], where: str) -> Line:
        """Provisions of instruments, those of one instrument together."""
        places: dict[str, dict[str, CitationSaid]] = {}
        for cite in citations:
            places.setdefault(cite.instrument, {}).setdefault(cite.pinpoint, cite)
            spots = self.provisions.setdefault(cite.instrument, {}).setdefault(cite.pinpoint, [])
            if where not in spots:
                spots.append(where)
        runs: list[Run] = []
        for name, cites in places.items():
            short = self.speech.law("instrument", name, "short", self.pack.instruments[name].short).text
            said = ", ".join(self.provision(one) for one in cites)
            runs.append(Run(f"{'; ' if runs else ''}{short}{',' if self.style == 'court' else ''} {said}"))
            if any(one.review == "unverified" for one in cites.values()):
                runs += self._unverified()
        return tuple(runs)

    def provision(self, pinpoint: str) -> str:
        """A pinpoint as this style writes it."""
        if self.speech.language != ENGLISH:
            return pinpoint_in(self.speech, pinpoint)
        return re.sub(r"\bart (?=\d)", "Article ", pinpoint) if self.style == "court" else pinpoint

    def _unverified(self) -> list[Run]:
        return [Run(" "), mark(f"[{self.speech.say('unverified')}]")]

    def authority(self, said: AuthoritySaid, where: str) -> Line:
        """One decision or comment with its pinpoint."""
        self._use(said.id, where)
        found = self.pack.authorities[said.id]
        pinpoint, doubted = said.pinpoint.removesuffix(_PINPOINT_MARK), said.pinpoint.endswith(_PINPOINT_MARK)
        runs = [*self._whole(found, pinpoint)]
        if found.review == "unverified":
            runs += self._unverified()
        elif doubted:
            runs += [Run(" "), mark(f"[{self.speech.say('pinpoint unverified')}]")]
        return (*runs, *self._later(found))

    def cited(self, said: AuthorityCited, where: str) -> Line:
        """An authority or a decided case as a dossier cites it."""
        self._use(said.id, where)
        found = self.pack.authorities.get(said.id) or self.decided.setdefault(said.id, _as_authority(said))
        many = "§§" if "-" in said.para or "," in said.para else "§"
        para = f"{many}{said.para}" if said.para[:1].isdigit() else said.para
        runs = [*self._whole(found, para.removesuffix(_PINPOINT_MARK))]
        return (*runs, *(self._unverified() if said.review == "unverified" else ()), *self._later(found))

    def _use(self, name: str, where: str) -> None:
        spots = self.used.setdefault(name, [])
        if where not in spots:
            spots.append(where)

    def _later(self, found: Authority) -> list[Run]:
        """The remark on an authority that was given only after the day of the memo."""
        if self.on is None or not is_later(found, self.on):
            return []
        return [Run(" "), mark(f"[{self.speech.say('given after the day of this memo')}]")]

    def _whole(self, found: Authority, pinpoint: str) -> Iterable[Run]:
        court, say = self.style == "court", self.speech.say
        named = self.titles or self.speech.language == ENGLISH or is_decision(found.name) or not found.number
        yield from self._name(found) if named else ()
        body, grand = say(found.body.removesuffix("-GC")), say("[GC]") if found.body.endswith("-GC") else ""
        number, spot = self._number(found.number), self._spot(pinpoint)
        when = self.speech.day(found.decided_on) if found.decided_on else str(found.year)
        if court:
            own = [] if _APPLICATION.match(found.number) else [body]
            parts = ", ".join(part for part in (*own, number, spot, when) if part)
            yield Run(f"{' ' + grand if grand else ''}{', ' if named else ''}{parts}")
            return
        chamber = f"{body} {grand}".strip()
        yield Run(f"{' ' + number if number else ''} ({chamber}, {when}){', ' + spot if spot else ''}")

    def _name(self, found: Authority) -> Iterable[Run]:
        name = found.name if self.style == "court" else re.sub(r"\bv\. (the )?", "v ", found.name)
        if self.speech.language == ENGLISH:
            yield emph(name) if is_decision(found.name) else Run(name)
            return
        before, _, after = (
            self.speech.say("the case of {name}").partition("{name}") if is_decision(found.name) else ("",) * 3
        )
        yield from (Run(before), Run(name, "emph" if before else "", ENGLISH), Run(after))

    def _number(self, number: str) -> str:
        court, say = self.style == "court", self.speech.say
        if _APPLICATION.match(number):
            words = (
                (say("no. {number}"), say("nos. {number}"))
                if court
                else (say("App no {number}"), say("App nos {number}"))
            )
            return words["," in number].replace("{number}", number)
        if _COMMUNICATION.match(number):
            said = say("communication no. {number}") if court else say("Communication No {number}")
            return said.replace("{number}", number)
        if self.speech.language == ENGLISH:
            return number
        return pinpoint_in(self.speech, _OTHERS.sub(say(" and others"), number))

    def _spot(self, pinpoint: str) -> str:
        """``§§85-91, 113`` as the style and the language write paragraphs."""
        if self.speech.language != ENGLISH:
            return pinpoint_in(self.speech, re.sub(r"§+\s*(?=\d)", "para ", pinpoint))
        if self.style == "court":
            return re.sub(r"(§+)\s*(?=\d)", "\\1\u00a0", pinpoint)
        many = re.sub(r"§§\s*", "paras ", pinpoint)
        return re.sub(r"(?<=\d)-(?=\d)", "\u2013", re.sub(r"§\s*", "para ", many))

    def table_of_authorities(self) -> list[tuple[str, tuple[Table, ...]]]:
        """Every authority that was used, with the sections that use it, by kind."""
        say = self.speech.say
        treaties = [
            (
                self._title(name),
                ", ".join(self.provision(one) for one in spots),
                _places(where for found in spots.values() for where in found),
            )
            for name, spots in in_order(
                self.provisions.items(), self.speech.language, lambda one: self._title(one[0]).text
            )
        ]
        known = {**self.decided, **self.pack.authorities}
        found = sorted((known[name] for name in self.used), key=lambda one: (one.name, one.year))
        columns = (Column(say("Authority"), 6), Column(say("Sections"), 2))
        decisions = [self._row(one) for one in found if is_decision(one.name)]
        others = [self._row(one) for one in found if not is_decision(one.name)]
        of = (Column(say("Instrument"), 5), Column(say("Provisions"), 4), Column(say("Sections"), 3))
        about = say("Provisions of instruments and the sections that rely on them.")
        return [
            (say("Treaties"), table(about, of, treaties)),
            (say("Decisions"), table(say("Decisions and the sections that rely on them."), columns, decisions)),
            (
                say("Comments, guidelines, statutes and writings"),
                table(say("Other authorities and the sections that rely on them."), columns, others),
            ),
        ]

    def _title(self, name: str) -> Run:
        told = self.speech.law("instrument", name, "title", self.pack.instruments[name].title)
        return Run(told.text, lang=told.language if told.foreign else "")

    def _row(self, found: Authority) -> tuple[Line, str]:
        """Without pinpoint; OSCOLA tables have no italics."""
        runs = [replace(run, style="" if self.style == "oscola" else run.style) for run in self._whole(found, "")]
        doubt = self._unverified() if found.review == "unverified" else ()
        return line(runs, doubt, self._later(found)), _places(self.used[found.id])


def _as_authority(said: AuthorityCited) -> Authority:
    """A decided case in the form of an authority, so that it is cited in the same style."""
    whole = len(said.given_on) == len("2020-01-13")
    return Authority(
        id=said.id,
        name=said.name,
        body=_TRIBUNALS.get(said.body, said.body),
        number=said.number,
        year=int(said.given_on[:4]),
        date=date.fromisoformat(said.given_on) if whole else None,
        holding="",
        review=said.review,
    )


def is_decision(name: str) -> bool:
    """Whether an authority of this name is a decided case."""
    return bool(re.search(r"\bv\.? ", name))


def _places(found: Iterable[str]) -> str:
    return ", ".join(sorted(dict.fromkeys(found), key=lambda one: [int(part) for part in one.split(".")]))

"""Citations in two styles, and the table of authorities they add up to.

``court`` follows the note on citation of the European Court: name in italics, [GC], number, paragraph, date.
``oscola`` puts body and date in brackets and the paragraph last. The shape of its number tells an application to a court
from a communication to a committee, so that no body needs to be known by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from api.memo.tree import UNVERIFIED, Column, Line, Run, Table, emph, line, table
from api.text.words import day
from engine.answer import AuthoritySaid, CitationSaid
from engine.content.models import Authority, Pack
from engine.errors import InputProblems, Problem
from engine.facts.values import hint

Style = Literal["court", "oscola"]
STYLES: tuple[Style, ...] = ("court", "oscola")
_APPLICATION = re.compile(r"^\d{2,6}/\d{2}(, \d{2,6}/\d{2})*$")
_COMMUNICATION = re.compile(r"^\d{1,5}/\d{4}$")
_PINPOINT_MARK = " (pinpoint unverified)"


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
    used: dict[str, list[str]] = field(default_factory=dict)
    provisions: dict[str, dict[str, list[str]]] = field(default_factory=dict)

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
            short = self.pack.instruments[name].short
            said = ", ".join(self.provision(one) for one in cites)
            runs.append(Run(f"{'; ' if runs else ''}{short}{',' if self.style == 'court' else ''} {said}"))
            if any(one.review == "unverified" for one in cites.values()):
                runs += [Run(" "), UNVERIFIED]
        return tuple(runs)

    def provision(self, pinpoint: str) -> str:
        """A pinpoint as this style writes it."""
        return re.sub(r"\bart (?=\d)", "Article ", pinpoint) if self.style == "court" else pinpoint

    def authority(self, said: AuthoritySaid, where: str) -> Line:
        """One decision or comment with its pinpoint."""
        spots = self.used.setdefault(said.id, [])
        if where not in spots:
            spots.append(where)
        found = self.pack.authorities[said.id]
        pinpoint, doubted = said.pinpoint.removesuffix(_PINPOINT_MARK), said.pinpoint.endswith(_PINPOINT_MARK)
        runs = [*self._whole(found, pinpoint)]
        if found.review == "unverified":
            runs += [Run(" "), UNVERIFIED]
        elif doubted:
            runs += [Run(" "), Run("[pinpoint unverified]", "mark")]
        return tuple(runs)

    def _whole(self, found: Authority, pinpoint: str) -> Iterable[Run]:
        court = self.style == "court"
        name = found.name if court else re.sub(r"\bv\. (the )?", "v ", found.name)
        yield emph(name) if _decision(found) else Run(name)
        body, grand = found.body.removesuffix("-GC"), found.body.endswith("-GC")
        number, spot = _number(found.number, court), _spot(pinpoint, court)
        when = day(found.decided_on) if found.decided_on else str(found.year)
        if court:
            parts = [number or ("" if _APPLICATION.match(found.number) else body), spot, when]
            own = [] if number.startswith("no") else [body] if number else []
            yield Run(f"{' [GC]' if grand else ''}, {', '.join(part for part in (*own, *parts) if part)}")
            return
        chamber = f"{body} [GC]" if grand else body
        yield Run(f"{' ' + number if number else ''} ({chamber}, {when}){', ' + spot if spot else ''}")

    def table_of_authorities(self) -> list[tuple[str, tuple[Table, ...]]]:
        """Every authority that was used, with the sections that use it, by kind."""
        treaties = [
            (
                Run(self.pack.instruments[name].title),
                ", ".join(self.provision(one) for one in spots),
                _places(where for found in spots.values() for where in found),
            )
            for name, spots in sorted(self.provisions.items(), key=lambda one: self.pack.instruments[one[0]].title)
        ]
        found = sorted((self.pack.authorities[name] for name in self.used), key=lambda one: (one.name, one.year))
        columns = (Column("Authority", 6), Column("Sections", 2))
        decisions = [self._row(one) for one in found if _decision(one)]
        others = [self._row(one) for one in found if not _decision(one)]
        of = (Column("Instrument", 5), Column("Provisions", 4), Column("Sections", 3))
        return [
            ("Treaties", table("Provisions of instruments and the sections that rely on them.", of, treaties)),
            ("Decisions", table("Decisions and the sections that rely on them.", columns, decisions)),
            (
                "Comments, guidelines, statutes and writings",
                table("Other authorities and the sections that rely on them.", columns, others),
            ),
        ]

    def _row(self, found: Authority) -> tuple[Line, str]:
        """Without pinpoint; OSCOLA tables have no italics."""
        runs = [Run(run.text, "" if self.style == "oscola" else run.style) for run in self._whole(found, "")]
        return line(runs, [Run(" "), UNVERIFIED] if found.review == "unverified" else ()), _places(self.used[found.id])


def _decision(found: Authority) -> bool:
    return bool(re.search(r"\bv\.? ", found.name))


def _number(number: str, court: bool) -> str:
    if _APPLICATION.match(number):
        several = "," in number
        return f"no{'s' if several else ''}. {number}" if court else f"App no{'s' if several else ''} {number}"
    if _COMMUNICATION.match(number):
        return f"communication no. {number}" if court else f"Communication No {number}"
    return number


def _spot(pinpoint: str, court: bool) -> str:
    """``§§85-91, 113`` as the style writes paragraphs."""
    if court:
        return re.sub(r"(§+)\s*(?=\d)", "\\1\u00a0", pinpoint)
    many = re.sub(r"§§\s*", "paras ", pinpoint)
    return re.sub(r"(?<=\d)-(?=\d)", "\u2013", re.sub(r"§\s*", "para ", many))


def _places(found: Iterable[str]) -> str:
    return ", ".join(sorted(dict.fromkeys(found), key=lambda one: [int(part) for part in one.split(".")]))

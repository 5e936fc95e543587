"""Every entry of the law content as a searcher sees it: its kind, address, title, where it stands, what it says.

The words to be found are those of the reader's language and the English ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from api.documents.language.catalogues import ENGLISH, LawText, Speech
from api.documents.language.marking import marked
from api.documents.language.pinpoints import pinpoint_in
from api.law.conformity import DecidedCase
from engine.answer.lasting import WEAKEST_FIRST
from engine.content.clocks import Citation
from engine.content.evidence import Situation
from engine.content.models import Authority, Criterion, Instrument, Pack
from engine.facts.values import state_name
from engine.facts.vocabulary import Fact, Review

#: The kinds of entries, in the order in which equally good ones are shown.
KINDS = {
    "instrument": marked("instruments"),
    "article": marked("articles"),
    "criterion": marked("criteria"),
    "fact": marked("facts"),
    "authority": marked("authorities"),
    "case": marked("decided cases"),
    "state": marked("States"),
}
#: What one of each kind is called.
KIND = {
    "instrument": marked("instrument"),
    "article": marked("article"),
    "criterion": marked("criterion"),
    "fact": marked("fact"),
    "authority": marked("authority"),
    "case": marked("decided case"),
    "state": marked("State"),
}


@dataclass(frozen=True)
class Entry:
    """One entry. ``where`` is a short place like ECHR art 3; ``words`` are further texts it can be found by."""

    kind: str
    address: str
    title: LawText
    where: str
    says: LawText
    review: Review
    words: tuple[str, ...] = ()


def entries(speech: Speech, pack: Pack, cases: Mapping[str, DecidedCase]) -> Iterator[Entry]:
    """All entries of a pack."""
    told = _Told(speech, pack)
    for instrument in pack.instruments.values():
        yield told.instrument(instrument)
        yield from told.articles(instrument)
    yield from map(told.criterion, pack.criteria.values())
    yield from map(told.fact, pack.vocabulary.facts.values())
    yield from map(told.authority, pack.authorities.values())
    yield from (told.case(name, case) for name, case in cases.items())
    yield from told.states()


class _Told:
    def __init__(self, speech: Speech, pack: Pack) -> None:
        self.speech, self.pack = speech, pack

    def _english(self, text: str) -> LawText:
        return LawText(text, ENGLISH, foreign=self.speech.language != ENGLISH and bool(text))

    def _short(self, name: str) -> str:
        return self.speech.law("instrument", name, "short", self.pack.instruments[name].short).text

    def _cite(self, cite: Citation) -> str:
        return f"{self._short(cite.instrument)} {pinpoint_in(self.speech, cite.pinpoint or 'art ' + cite.article)}"

    def instrument(self, one: Instrument) -> Entry:
        title = self.speech.law("instrument", one.id, "title", one.title)
        words = (one.id, one.short, one.title, *one.other_titles.values(), one.depositary)
        return Entry(
            "instrument",
            f"/law/instruments/{one.id}",
            title,
            self._short(one.id),
            self._english(one.note),
            "text_seen" if one.text_verified else "unverified",
            words,
        )

    def articles(self, one: Instrument) -> Iterator[Entry]:
        for number, article in one.articles.items():
            heading = self.speech.law("instrument", one.id, f"heading.{number}", article.heading)
            yield Entry(
                "article",
                f"/law/instruments/{one.id}/articles/{number}",
                heading,
                f"{self._short(one.id)} {pinpoint_in(self.speech, 'art ' + number)}",
                self._english(article.content),
                article.review,
                (f"{one.short} {number}", article.heading),
            )

    def criterion(self, one: Criterion) -> Entry:
        said = self.speech.law("criterion", one.id, "met", one.sentences.met)
        english = (one.title, *one.sentences.model_dump().values(), one.standard, one.burden)
        told = (self.speech.law("criterion", one.id, part, getattr(one, part)).text for part in ("standard", "burden"))
        cited = (f"{self.pack.instruments[cite.instrument].short} {cite.article}" for cite in one.cites)
        return Entry(
            "criterion",
            f"/law/criteria/{one.id}",
            self.speech.law("criterion", one.id, "title", one.title),
            "; ".join(dict.fromkeys(map(self._cite, one.cites))),
            said,
            one.review,
            (one.id, *cited, *english, *told),
        )

    def fact(self, one: Fact) -> Entry:
        values = (self.speech.law("fact", one.id, f"value.{key}", label).text for key, label in one.values.items())
        return Entry(
            "fact",
            f"/law/facts/{one.id}",
            self.speech.law("fact", one.id, "question", one.question),
            one.id,
            self.speech.law("fact", one.id, "help", one.help),
            one.review,
            (one.question, one.help, *one.values.values(), *values),
        )

    def authority(self, one: Authority) -> Entry:
        return Entry(
            "authority",
            f"/law/authorities/{one.id}",
            self._english(one.name),
            _joined((self.speech.say(one.body), one.number, str(one.year))),
            self._english(one.holding),
            one.review,
            (one.body, one.id),
        )

    def states(self) -> Iterator[Entry]:
        """The States of which tribunals made findings, each found by its name in any language."""
        of: dict[str, list[Situation]] = {}
        for one in self.pack.situations.values():
            of.setdefault(one.state, []).append(one)
        for code, found in of.items():
            words = (code, state_name(code), *(one.case for one in found), *(one.finding for one in found))
            name, review = self.speech.state(code), min((one.review for one in found), key=WEAKEST_FIRST.index)
            says = self.speech.count("{n} country finding", "{n} country findings", len(found))
            yield Entry(
                "state",
                f"/law/states/{code}",
                LawText(name, self.speech.language),
                code,
                LawText(says, self.speech.language),
                review,
                words,
            )

    def case(self, name: str, one: DecidedCase) -> Entry:
        authority = self.pack.authorities[one.decided.authority]
        where = _joined((self.speech.say(authority.body), str(authority.year), one.decided.row))
        says = self._english(one.decided.outcome)
        words = (authority.name, authority.number, one.group, one.note)
        return Entry("case", f"/law/decided/{name}", self._english(one.name), where, says, authority.review, words)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(filter(None, parts))

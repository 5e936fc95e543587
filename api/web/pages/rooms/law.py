"""The law library: every instrument, article, criterion, fact, authority and decided case has an address here.

Anybody who is signed in may read it; nothing here depends on a matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.documents.language import law_words
from api.documents.language.alphabet import in_order
from api.documents.language.words import (
    BREACH,
    EFFECTS,
    OUTCOMES,
    READINGS,
    REVIEWS,
    STATUSES,
)
from api.law.content import content_folder
from api.law.coverage import coverage
from api.law.decided import NoDecidedCases
from api.law.legal_history import history_of
from api.web.gathering import recording
from api.web.pages.law_cases import facts_of, results_of
from api.web.pages.law_facts import Facts
from api.web.pages.law_reading import Readings
from api.web.pages.law_search import MOST_LETTERS, index_of
from api.web.pages.law_texts import KIND, KINDS
from api.web.pages.visit import Visit, visitor
from engine.content.declarations import tag_label
from engine.content.models import Instrument

routes = recording(include_in_schema=False)
Reader = Annotated[Visit, Depends(visitor())]
_Found = TypeVar("_Found")
#: The closed sets of words that the templates say.
_WORDS: dict[str, Any] = {
    "families": law_words.FAMILIES,
    "binds": law_words.BINDS,
    "relation_words": law_words.RELATIONS,
    "unlisted": law_words.UNLISTED,
    "party_words": law_words.PARTIES,
    "declaration_words": law_words.DECLARATIONS,
    "tag_label": tag_label,
    "effects_told": law_words.EFFECTS_TOLD,
    "types": law_words.TYPES,
    "burdens": law_words.BURDENS,
    "consequences": law_words.CONSEQUENCES,
    "verdicts": law_words.CONFORMITY,
    "effects": EFFECTS,
    "breach": BREACH,
    "reviews": REVIEWS,
    "statuses": STATUSES,
    "outcomes": {outcome.value: word for outcome, word in OUTCOMES.items()},
    "readings": READINGS,
    "codes": {code: told for codes, told in law_words.CODES.items() for code in codes.split(", ")},
    "kinds": KINDS,
    "kind_word": KIND,
}


def shown(visit: Visit, template: str, **values: Any) -> Response:
    """A page of the law library: templates also see ``pack``, ``library`` and the closed sets of words."""
    service = visit.service
    return visit.page(template, pack=service.engine.pack, library=service.library, **_WORDS, **values)


def _readings(visit: Visit) -> Readings:
    history = history_of(content_folder(visit.service.settings))
    return Readings(visit.speech, visit.service.library, history)


def _named(known: Mapping[str, _Found], name: str) -> _Found:
    """What has this name, or nothing here."""
    if name not in known:
        raise HTTPException(404)
    return known[name]


@routes.get("/law")
def overview(visit: Reader, q: str = "", kind: str = "") -> Response:
    """What the law library holds, and what a search finds in it."""
    query, kind = q[:MOST_LETTERS], kind if kind in KINDS else ""
    results = index_of(visit.service, visit.speech).search(query, kind) if query.strip() else None
    counted = coverage(visit.service.engine.pack)
    try:
        cases = len(visit.service.decided.cases())
    except NoDecidedCases:
        cases = 0
    return shown(visit, "law.html", q=query, kind=kind, results=results, counted=counted, cases=cases)


@routes.get("/law/instruments")
def instruments(visit: Reader) -> Response:
    """All instruments by family, with how much of each is encoded."""
    counts = {one.id: one for one in coverage(visit.service.engine.pack).instruments}
    return shown(visit, "law_instruments.html", counts=counts)


@routes.get("/law/instruments/{name}")
def instrument(visit: Reader, name: str) -> Response:
    """One instrument: data, articles, parties, declarations, relations."""
    found = _named(visit.service.engine.pack.instruments, name)
    readings = _readings(visit)
    return shown(
        visit,
        "law_instrument.html",
        one=found,
        parties=in_order(found.parties.items(), visit.speech.language, lambda one: visit.speech.state(one[0])),
        encoded=readings.encoded(found),
        clocks=list(visit.service.library.clocks_of(name)),
        history=[entry for entry in readings.history if entry.names(name)],
    )


@routes.get("/law/instruments/{name}/articles/{number}")
def article(visit: Reader, name: str, number: str) -> Response:
    """An article beside our reading of it."""
    found: Instrument = _named(visit.service.engine.pack.instruments, name)
    _named(found.articles, number)
    readings = _readings(visit)
    return shown(visit, "law_article.html", read=readings.article(found, number), cite=readings.cite)


@routes.get("/law/criteria")
def criteria(visit: Reader) -> Response:
    """All criteria by the instrument they read."""
    groups: dict[str, list[Any]] = {}
    for one in visit.service.engine.pack.criteria.values():
        groups.setdefault(one.id.partition(".")[0], []).append(one)
    return shown(visit, "law_criteria.html", groups=groups)


@routes.get("/law/criteria/{name}")
def criterion(visit: Reader, name: str) -> Response:
    """One criterion: its rule as a tree, what it rests on, what names it."""
    found = _named(visit.service.engine.pack.criteria, name)
    return shown(visit, "law_criterion.html", read=_readings(visit).criterion(found))


@routes.get("/law/facts")
def facts(visit: Reader) -> Response:
    """All facts by theme, in asking order."""
    vocabulary = visit.service.engine.pack.vocabulary
    groups = [
        (theme, [fact for fact in vocabulary.facts.values() if fact.theme == theme.id])
        for theme in vocabulary.themes.values()
    ]
    return shown(visit, "law_facts.html", groups=groups)


@routes.get("/law/facts/{name}")
def fact(visit: Reader, name: str) -> Response:
    """One fact: what is asked, who proves it, what unknown counts as, who uses it."""
    found = _named(visit.service.engine.pack.vocabulary.facts, name)
    return shown(visit, "law_fact.html", read=Facts(visit.speech, visit.service.library).read(found))


@routes.get("/law/authorities")
def authorities(visit: Reader) -> Response:
    """All authorities by body and year."""
    groups: dict[str, list[Any]] = {}
    for one in sorted(visit.service.engine.pack.authorities.values(), key=lambda one: (one.body, one.year, one.id)):
        groups.setdefault(one.body, []).append(one)
    return shown(visit, "law_authorities.html", groups=groups)


@routes.get("/law/authorities/{name}")
def authority(visit: Reader, name: str) -> Response:
    """One authority: what was held, and which criteria and cases rest on it."""
    found = _named(visit.service.engine.pack.authorities, name)
    try:
        every = visit.service.decided.cases()
    except NoDecidedCases:
        every = {}
    cases = [(id_, case) for id_, case in every.items() if case.decided.authority == name]
    conflicts = [one for one in visit.service.engine.pack.conflicts.values() if name in one.authorities]
    return shown(visit, "law_authority.html", one=found, cases=cases, conflicts=conflicts)


@routes.get("/law/decided")
def decided(visit: Reader, assessed: str = "") -> Response:
    """All decided cases; what the rules give, for those that were assessed already or for all if wanted."""
    try:
        cases = visit.service.decided.cases()
        lines = visit.service.decided.lines() if assessed == "all" else visit.service.decided.made()
    except NoDecidedCases:
        raise HTTPException(404) from None
    groups: dict[str, list[Any]] = {}
    for name, case in cases.items():
        groups.setdefault(case.group, []).append((name, case, lines.get(name)))
    return shown(visit, "law_decided.html", groups=groups, left=len(cases) - len(lines))


@routes.get("/law/decided/{name}")
def decided_case(visit: Reader, name: str) -> Response:
    """One decided case: its facts, what was held and what the rules give, and the grounds that drive it."""
    try:
        case = _named(visit.service.decided.cases(), name)
        line = visit.service.decided.line(name)
    except NoDecidedCases:
        raise HTTPException(404) from None
    trees = _readings(visit).trees
    return shown(
        visit,
        "law_case.html",
        id=name,
        case=case,
        line=line,
        authority=visit.service.engine.pack.authorities[case.decided.authority],
        groups=facts_of(visit.service.engine, case, visit.speech),
        results=list(results_of(line, trees)),
        may_train=visit.may("training:run"),
        driving=[(trees.criterion(one), visit.service.engine.pack.criteria[one]) for one in line.driven_by],
    )

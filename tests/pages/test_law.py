"""The law library over the real law: every address answers, search, readings, treaty relations in time.

T18: no page asks anything of elsewhere by itself. T25: the law in the visitor's language, the rest marked.
T27: hostile words are shown inert.
"""

from __future__ import annotations

import html
import random
import re
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import anyio
import httpx
import pytest
from fastapi import FastAPI

from api.documents.language.catalogues import speech_in
from api.law.legal_history import entries
from api.law.library import facts_in
from api.law.periods import periods
from api.service.service import Service
from api.storage.store import Store
from api.web.pages.law_search import index_of
from api.web.pages.law_tree import Branch, Trees
from api.web.pages.visit import COOKIE
from engine.assess import Engine
from engine.content.conditions import Ref, walk
from engine.treaties.relations import Relations
from tests.api.http.support import HOST, app_over
from tests.pages.support import HTML, Visitor, visitor, words

#: Addresses that the bounded crawl opens of each kind; the long one opens them all.
OF_EACH = 6
PAIR = "/law/relations?requesting=RUS&requested=UKR&on=2023-01-13"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "' OR 1=1 --",
    "\u202egnp.exe \u0000",
    "a" * 5_000,
    "[" * 300,
    "% %00 &amp; ../../etc",
)


@pytest.fixture(scope="module")
def law_app(engine: Engine, toy_store: Store) -> FastAPI:
    return app_over(toy_store, engine)


@pytest.fixture(scope="module")
def reader(law_app: FastAPI, toy_store: Store) -> Visitor:
    """Somebody who may read no matter."""
    return visitor(law_app, toy_store, ("trainer",))


@pytest.fixture(scope="module")
def service(law_app: FastAPI) -> Service:
    found: Service = law_app.state.service
    return found


def test_who_is_not_signed_in_is_led_to_the_door(law_app: FastAPI, reader: Visitor) -> None:
    for path in ("/law", "/law/criteria/cat.art03_core", PAIR, "/law/relations/timeline.svg"):
        stranger = type(reader.client)(law_app).get(path, headers=HTML)
        assert (stranger.status_code, stranger.headers["location"]) == (303, "/sign-in")


def linked(page: str) -> Iterator[str]:
    """The addresses that a page leads to or loads, of the law library and the training room, but the one that takes long."""
    for address in re.findall(r'(?:href|src|srcset)="([^"]+)"', page):
        path = html.unescape(address).partition("#")[0]
        if path.startswith(("/law", "/training?")) and "assessed=" not in path:
            yield path


def kind_of(path: str) -> str:
    return re.sub(r"(/articles)?/[^/?]+(\?.*)?$", r"\1", path) if path.count("/") > 2 else path.partition("?")[0]


def crawl(app: FastAPI, reader: Visitor, of_each: int) -> dict[str, httpx.Response]:
    """Everything that can be reached from the overview, with at most so many pages of each kind."""
    found: dict[str, httpx.Response] = {}

    async def walked() -> None:
        headers = {**reader.client.headers, **HTML}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=headers) as http:
            waiting, known, opened = deque(["/law", PAIR]), {"/law", PAIR}, dict[str, int]()
            while waiting:
                path = waiting.popleft()
                opened[kind_of(path)] = opened.get(kind_of(path), 0) + 1
                if opened[kind_of(path)] > of_each:
                    continue
                found[path] = await http.get(path)
                new = [one for one in linked(found[path].text) if one not in known] if "/law" in path else []
                known.update(new)
                waiting.extend(dict.fromkeys(new))

    anyio.run(walked)
    return found


def check_crawl(found: dict[str, httpx.Response]) -> None:
    assert {path for path, answer in found.items() if answer.status_code != 200} == set()
    for path, answer in found.items():
        loads = re.findall(
            r'<(?:img|script|source|link|iframe|form)\b[^>]*\b(?:src|srcset|href|action)="([^"]*)', answer.text
        )
        assert [one for one in loads if not one.startswith("/")] == [], path
        outside = [tag for tag in re.findall(r"<a [^>]*>", answer.text) if re.search(r'href="(?!/|#)', tag)]
        assert [tag for tag in outside if 'rel="noreferrer' not in tag] == [], path


def test_T18_every_address_answers_and_nothing_is_asked_of_elsewhere(law_app: FastAPI, reader: Visitor) -> None:
    """A part of every kind of page; the next test opens them all."""
    found = crawl(law_app, reader, OF_EACH)
    check_crawl(found)
    kinds = {kind_of(path) for path in found}
    assert {"/law/instruments", "/law/instruments/echr/articles", "/law/criteria", "/law/facts"} <= kinds
    assert {"/law/authorities", "/law/decided", "/law/relations", "/training"} <= kinds


@pytest.mark.slow
def test_T18_every_address_of_the_law_room_answers(law_app: FastAPI, reader: Visitor, engine: Engine) -> None:
    found, pack = crawl(law_app, reader, 10_000), engine.pack
    check_crawl(found)
    assert {f"/law/criteria/{name}" for name in pack.criteria} <= set(found)
    assert {f"/law/facts/{name}" for name in pack.vocabulary.facts} <= set(found)
    assert {f"/law/authorities/{name}" for name in pack.authorities} <= set(found)
    articles = {f"/law/instruments/{one.id}/articles/{n}" for one in pack.instruments.values() for n in one.articles}
    assert articles <= set(found)
    assert sum(path.startswith("/law/decided/") for path in found) == 100
    assert "not assessed yet" not in words(reader.get("/law/decided?assessed=all"))


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("en", "CAT art 3"),
        ("en", "danger of torture on surrender"),
        ("en", "tortu surrend"),
        ("uk", "Конвенція проти катувань ст. 3"),
        ("uk", "небезпека катування"),
        ("uk", "небезпекою катуванням видача"),
        ("uk", "danger of torture on surrender"),
        ("ru", "опасность пыток при выдаче"),
    ],
)
def test_a_criterion_is_found_by_its_article_and_by_words_in_any_form(
    service: Service, language: str, query: str
) -> None:
    results = index_of(service, speech_in(language)).search(query, "criterion")
    assert "/law/criteria/cat.art03_core" in [one.address for one in results.found]


def test_what_has_the_words_in_its_title_stands_before_what_has_them_in_its_text(service: Service) -> None:
    found = index_of(service, speech_in("en")).search("death penalty", "article").found
    titles = ["death penalty" in one.title.text.lower() for one in found]
    assert titles[0]
    assert titles.index(False) > 0


def test_an_article_stands_first_of_the_articles_that_its_number_finds(service: Service) -> None:
    found = index_of(service, speech_in("en")).search("ECHR 13", "article").found
    assert found[0].address == "/law/instruments/echr/articles/13"


def test_every_entry_is_found_by_its_own_title(service: Service) -> None:
    index = index_of(service, speech_in("uk"))
    for entry in random.Random(7).sample(index.entries, 60):
        results = index.search(entry.title.text[:150], entry.kind)
        same = [one.title.text for one in results.found]
        assert entry.title.text in same, entry.address


def test_the_search_page_shows_what_was_found_in_the_language_of_the_visitor(reader: Visitor) -> None:
    cookie = f"{reader.client.headers['cookie']}; dedere-language=uk"
    answer = reader.client.get("/law?q=небезпека катування", headers={**HTML, "cookie": cookie})
    assert 'href="/law/criteria/cat.art03_core"' in answer.text
    assert "Небезпека катування в разі видачі" in words(answer)


@pytest.mark.parametrize("query", HOSTILE)
def test_T27_a_hostile_query_is_shown_inert(reader: Visitor, query: str) -> None:
    answer = reader.client.get("/law", params={"q": query, "kind": query}, headers=HTML)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "aaaa" * 100 not in answer.text
    assert "49" not in re.findall(r'name="q" value="([^"]*)"', answer.text)[0]


def test_between_two_states_a_treaty_that_must_be_read_and_a_note_on_kosovo_are_shown(reader: Visitor) -> None:
    page = reader.get("/law/relations?requesting=KAZ&requested=ITA&on=2024-06-01").text
    assert "Bilateral treaties, known and not encoded" in page
    assert "Read it before you rely on this answer." in page
    assert (
        "no Member of the United Nations"
        in reader.get("/law/relations?requesting=XKX&requested=ALB&on=2024-06-01").text
    )
    assert 'id="bilateral"' not in reader.get(PAIR).text


def test_T27_hostile_states_and_days_are_told_and_shown_inert(reader: Visitor) -> None:
    for text in HOSTILE:
        sent = {"requesting": text, "requested": "UKR", "on": text}
        answer = reader.client.get("/law/relations", params=sent, headers=HTML)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "The requesting State is not known" in answer.text
        assert "The day cannot be read" in answer.text
        assert reader.client.get("/law/relations/timeline.svg", params=sent, headers=HTML).status_code == 404


@pytest.mark.parametrize("path", ["instruments/nothing", "instruments/cat/articles/99", "criteria/x", "facts/x"])
def test_what_is_not_there_is_said_to_be_not_there(reader: Visitor, path: str) -> None:
    assert reader.get(f"/law/{path}").status_code == 404


def test_an_article_stands_beside_every_criterion_that_cites_it(reader: Visitor, service: Service) -> None:
    answer = reader.get("/law/instruments/cat/articles/3")
    article = service.engine.pack.instruments["cat"].articles["3"]
    assert article.content[:80] in html.unescape(answer.text)
    for one in service.library.by_article["cat", "3"]:
        assert f'href="/law/criteria/{one.id}"' in answer.text


def test_an_article_that_nothing_encodes_says_why(reader: Visitor, service: Service) -> None:
    pack = service.engine.pack
    name, number, article = next(
        (one.id, number, article)
        for one in pack.instruments.values()
        for number, article in one.articles.items()
        if article.not_encoded
    )
    page = words(reader.get(f"/law/instruments/{name}/articles/{number}"))
    assert "Not encoded, because:" in page
    assert " ".join(article.not_encoded.split()) in page


def leaves(branch: Branch) -> Iterator[str]:
    yield from (link.name for link in branch.links)
    for child in branch.children:
        yield from leaves(child)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_tree_of_every_rule_names_every_fact_and_criterion_of_it(engine: Engine, language: str) -> None:
    trees = Trees(speech_in(language), engine.pack)
    for one in engine.pack.criteria.values():
        named = set(leaves(trees.of(one.condition)))
        needed = set(facts_in(one.condition)) - {"requested_state", "requesting_state"}
        needed |= {node.criterion for node in walk(one.condition) if isinstance(node, Ref)}
        assert needed <= named, one.id


def test_a_criterion_shows_its_authorities_with_number_year_and_holding(reader: Visitor, service: Service) -> None:
    pack = service.engine.pack
    page = words(reader.get("/law/criteria/cat.art03_core"))
    for name in pack.criteria["cat.art03_core"].authorities:
        found = pack.authorities[name]
        assert all(
            said in page for said in (found.name, found.number, str(found.year), " ".join(found.holding.split()))
        )


def test_a_reading_that_changed_in_time_says_from_when_until_when(reader: Visitor, service: Service) -> None:
    one = next(one for one in service.engine.pack.criteria.values() if one.valid_until)
    assert one.valid_until is not None
    page = words(reader.get(f"/law/criteria/{one.id}"))
    assert "This reading holds" in page
    assert speech_in("en").day(one.valid_until) in page


def test_everything_unverified_says_so(reader: Visitor, service: Service) -> None:
    pack = service.engine.pack
    paths = [f"criteria/{one.id}" for one in pack.criteria.values() if one.review == "unverified"][:5]
    paths += [f"facts/{one.id}" for one in pack.vocabulary.facts.values() if one.review == "unverified"][:2]
    paths += [f"authorities/{one.id}" for one in pack.authorities.values() if one.review == "unverified"][:3]
    paths += [
        f"instruments/{one.id}/articles/{number}"
        for one in pack.instruments.values()
        for number, article in one.articles.items()
        if article.review == "unverified"
    ][:5]
    assert len(paths) > 10
    for path in paths:
        assert '<span class="review">unverified</span>' in reader.get(f"/law/{path}").text, path


def test_a_fact_says_what_unknown_counts_as_and_who_uses_it(reader: Visitor, service: Service) -> None:
    facts = service.engine.pack.vocabulary.facts.values()
    filled = next(fact for fact in facts if fact.fills and fact.type == "yes_no" and fact.id in service.library.by_fact)
    left = next(fact for fact in facts if not fact.fills and fact.id in service.library.by_fact)
    assert "counts as “" in words(reader.get(f"/law/facts/{filled.id}"))
    answer = reader.get(f"/law/facts/{left.id}")
    assert "stays open" in words(answer)
    for one in service.library.by_fact[left.id]:
        assert f'href="/law/criteria/{one.id}"' in answer.text


def test_a_decided_case_shows_what_was_held_beside_what_the_rules_give(
    reader: Visitor, service: Service, engine: Engine
) -> None:
    name = next(iter(service.decided.cases()))
    line = service.decided.line(name)
    answer = reader.get(f"/law/decided/{name}")
    page = words(answer)
    assert line.coded in page
    assert line.obtained in page
    assert f'href="/training?case={name}"' in answer.text
    for criterion in (*line.driven_by, *line.statuses):
        assert f'href="/law/criteria/{criterion}"' in answer.text
    former = {old.name: fact.id for fact in engine.pack.vocabulary.facts.values() for old in fact.formerly}
    for fact in service.decided.cases()[name].document.data["facts"]:
        assert f'href="/law/facts/{former.get(fact, fact)}"' in answer.text


def test_who_may_not_train_is_not_sent_to_the_training_room(
    law_app: FastAPI, toy_store: Store, service: Service
) -> None:
    auditor = visitor(law_app, toy_store, ("auditor",))
    answer = auditor.get(f"/law/decided/{next(iter(service.decided.cases()))}")
    assert answer.status_code == 200
    assert "/training?case=" not in answer.text


@pytest.mark.parametrize(("requesting", "requested"), [("KAZ", "UKR"), ("RUS", "UKR"), ("UKR", "FRA"), ("RUS", "KGZ")])
def test_the_periods_say_of_every_day_what_the_register_says_of_it(
    engine: Engine, requesting: str, requested: str
) -> None:
    found, relations = periods(engine.pack, requesting, requested), Relations(engine.pack)
    chance = random.Random(f"{requesting}{requested}")
    days = [date(1930, 1, 1) + timedelta(days=chance.randrange(36_500)) for _ in range(120)]
    days += [day + timedelta(days=n) for one in found.values() for p in one if (day := p.start) for n in (-1, 0, 1)]
    for name, said in found.items():
        for day in days:
            now = next(one for one in said if (one.start or date.min) <= day and (one.end is None or day < one.end))
            told = relations.standing(name, requesting, requested, day)
            assert (now.standing.binding, now.standing.reason) == (told.binding, told.reason), (name, day)


def test_a_suspension_shows_in_table_and_timeline(reader: Visitor) -> None:
    page = words(reader.get(PAIR))
    assert "suspended between Ukraine and Russian Federation from 2022-12-23" in page
    assert "ended for Ukraine on 2023-12-29" in page
    drawn = reader.get("/law/relations/timeline.svg" + PAIR.removeprefix("/law/relations"))
    assert drawn.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(drawn.content)
    said = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Minsk 1993" in said
    assert "13 January 2023" in said


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_answered(reader: Visitor, day: str) -> None:
    query = f"requesting=Kazakhstan&requested=Ukraine&on={day}"
    assert reader.get(f"/law/relations?{query}").status_code == 200
    assert reader.get(f"/law/relations/timeline.svg?{query}").status_code == 200


def test_a_state_may_be_named_in_the_visitors_language(reader: Visitor) -> None:
    cookie = f"{reader.client.headers['cookie']}; dedere-language=uk"
    sent = {"requesting": "Казахстан", "requested": "україна"}
    answer = reader.client.get("/law/relations", params=sent, headers={**HTML, "cookie": cookie})
    assert "requesting=KAZ&requested=UKR" in html.unescape(answer.text)


def test_T25_what_is_not_translated_is_marked_as_english(reader: Visitor, service: Service) -> None:
    cookie = f"{reader.client.headers['cookie']}; dedere-language=uk"
    answer = reader.client.get("/law/instruments/cat/articles/3", headers={**HTML, "cookie": cookie})
    content = service.engine.pack.instruments["cat"].articles["3"].content
    found = re.search(r'<span lang="en" class="untranslated">([^<]*)</span>', answer.text)
    assert found is not None
    assert html.unescape(found[1]) == content
    assert '<html lang="uk">' in answer.text


def test_the_history_tells_of_an_article_only_what_names_it() -> None:
    text = (
        "# Changelog\n\n## Legal changes\n\n### 1950-01-02: naps\n\nInstruments: toy-1900\nArticles: 1, 2\n"
        "Dates: 1950-01-02\ncontent digest: 0\n\nNaps are shorter.\n\n### 1950-01-01: all\n\nInstruments: all\n"
        "Articles: all\nDates: 1950-01-01\n\n## Technical changes\n\n### 9: none\n"
    )
    newest, first = entries(text)
    assert (newest.heading, newest.text) == ("1950-01-02: naps", "Naps are shorter.")
    assert newest.names("toy-1900", {"2"})
    assert not newest.names("toy-1900", {"3"})
    assert not newest.names("dolls-1950")
    assert first.names("dolls-1950", {"7"})


def test_the_history_of_our_reading_stands_beside_an_article(reader: Visitor) -> None:
    page = words(reader.get("/law/instruments/echr/articles/3"))
    assert "History of our reading" in page
    assert "first encoding" in page
    assert "Last checked against its sources" in page


def test_T18_the_timeline_may_load_nothing_itself(reader: Visitor) -> None:
    drawn = reader.get("/law/relations/timeline.svg?requesting=KAZ&requested=UKR&on=2020-01-13&dark=1")
    assert drawn.headers["content-security-policy"] == "default-src 'none'"
    assert re.findall(r'(?:href|src)="|url\((?!#)', drawn.text) == []
    assert COOKIE not in drawn.text


@pytest.mark.parametrize("name", ["law-aut", "geneva-iv", "un-model-1990"])
def test_a_law_that_came_later_has_its_page_in_the_language_of_the_visitor(
    reader: Visitor, service: Service, name: str
) -> None:
    cookie = f"{reader.client.headers['cookie']}; dedere-language=uk"
    instrument = service.engine.pack.instruments[name]
    shown = words(reader.client.get(f"/law/instruments/{name}", headers={**HTML, "cookie": cookie}))
    assert shown.index(instrument.other_titles["uk"]) < shown.index(instrument.title)


def test_the_table_of_declarations_names_tags_in_the_language_of_the_visitor(reader: Visitor, engine: Engine) -> None:
    cookie = f"{reader.client.headers['cookie']}; dedere-language=uk"
    answer = reader.client.get("/law/instruments/ets98", headers={**HTML, "cookie": cookie})
    tag = "chapter_II_declined"
    label = speech_in("uk").law("tag", tag, "label", engine.pack.tags[tag].label)
    assert not label.foreign
    assert label.text in html.unescape(answer.text)
    assert tag not in answer.text

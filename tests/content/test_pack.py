"""The real content: what must hold of every criterion, fact, authority and article."""

from __future__ import annotations

from engine.assess import Engine
from engine.content.models import Effect


def test_every_criterion_speaks_cites_and_is_marked(engine: Engine) -> None:
    for criterion in engine.pack.criteria.values():
        assert criterion.cites, criterion.id
        assert criterion.review in ("text_seen", "known", "unverified"), criterion.id
        assert all((criterion.sentences.met, criterion.sentences.not_met, criterion.sentences.open)), criterion.id


def test_no_absolute_bar_carries_an_exception(engine: Engine) -> None:
    bars = [criterion for criterion in engine.pack.criteria.values() if criterion.effect is Effect.ABSOLUTE_BAR]
    assert len(bars) >= 10
    assert all(criterion.unless is None for criterion in bars)


def test_every_article_is_encoded_or_says_why_not(engine: Engine) -> None:
    cited = {(cite.instrument, cite.article) for criterion in engine.pack.criteria.values() for cite in criterion.cites}
    cited |= {(cite.instrument, cite.article) for clock in engine.pack.clocks.values() for cite in clock.cites}
    cited |= {(cite.instrument, cite.article) for conflict in engine.pack.conflicts.values() for cite in conflict.cites}
    articles = [
        (name, number, article)
        for name, one in engine.pack.instruments.items()
        for number, article in one.articles.items()
    ]
    assert len(articles) > 400
    assert [
        (name, number) for name, number, article in articles if ((name, number) in cited) == bool(article.not_encoded)
    ] == []


def test_every_fact_asks_a_question_and_says_what_proves_it(engine: Engine) -> None:
    for fact in engine.pack.vocabulary.facts.values():
        assert fact.question.endswith(("?", ")")), fact.id
        assert fact.proof, fact.id


def test_a_fact_that_helps_the_state_never_counts_as_proved_when_unknown(engine: Engine) -> None:
    against_the_state = ("excl_source_only_extradition_request", "danger_conviction_foreign")
    helping = ("excl_", "danger_", "assurance_author", "assurance_monitoring_", "assurance_private", "assurance_terms")
    for fact in engine.pack.vocabulary.facts.values():
        if fact.type == "yes_no" and fact.burden == "state" and fact.id.startswith(helping):
            assert fact.unproved is not True or fact.id in against_the_state, fact.id

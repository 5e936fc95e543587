"""Every case that stands in a text gives what the text says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.answer.model import Answer
from engine.assess import Engine
from engine.content.documents import Document, read_bytes
from tests.docs.examples import Example, Expectation, examples, yaml_blocks

ROOT = Path(__file__).parents[2]
TEXTS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
EXAMPLES = [example for path in TEXTS for example in examples(path)]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 12, "the texts should show cases that this test can run"


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.name for example in EXAMPLES])
def test_example(example: Example, engine: Engine) -> None:
    assert example.expected, f"{example.name}: say on its first line what it gives, as '# gives …'"
    case = engine.read(read_bytes(example.text.encode(), example.name))
    for expectation in example.expected:
        answer = engine.assess(case, expectation.on, expectation.reading)
        assert _obtained(answer, expectation) == (expectation.wanted, expectation.strictly), expectation


def _obtained(answer: Answer, expectation: Expectation) -> tuple[str, str]:
    if expectation.kind == "outcome":
        return answer.outcome.value, "settled" if answer.settled and expectation.strictly else ""
    if expectation.kind == "count":
        return next(count.outcome.value for count in answer.counts if count.id == expectation.subject), ""
    ground = next(ground for ground in answer.grounds if ground.id == expectation.subject)
    status = "mixed" if len(set(ground.counts.values())) > 1 else ground.status
    return status, ground.status_strict if expectation.strictly else ""


def test_the_lawyers_case_of_contributing_comes_out_as_it_expects(engine: Engine) -> None:
    block = next(block for block in yaml_blocks(ROOT / "CONTRIBUTING.md") if block.startswith("cases:"))
    written = read_bytes(block.encode(), "CONTRIBUTING.md").data["cases"][0]
    facts = {key: written[key] for key in ("facts", "counts")}
    answer = engine.assess(engine.read(Document(facts, "CONTRIBUTING.md")), written["on"])
    grounds = {ground.id: ground.status for ground in answer.grounds}
    assert answer.outcome.value == written["expect"]["outcome"]
    assert written["expect"]["status"].items() <= grounds.items()

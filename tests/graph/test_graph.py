"""The picture of the reasoning: what is drawn, where, and the same in words."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli.desk import Desk
from api.cli.graph import command, graph_of, rendered
from api.documents.graph import svg, text
from api.documents.graph.layout import laid_out
from api.documents.graph.model import Edge, Graph, Node
from engine.assess import Engine
from engine.content.documents import Document, read_path
from engine.errors import InputProblems

EXAMPLE = Path(__file__).parents[2] / "examples" / "akhmetova.yaml"
EVE = date(2020, 1, 13)
NS = "{http://www.w3.org/2000/svg}"


def desk(engine: Engine, reading: Any = "neutral", **changes: Any) -> Desk:
    document = Document({**read_path(EXAMPLE).data, **changes}, "akhmetova")
    return Desk(engine, document, engine.read(document), EVE, reading)


@pytest.fixture(scope="module")
def whole(engine: Engine) -> Graph:
    return graph_of(desk(engine), "")


@pytest.fixture(scope="module")
def one(engine: Engine) -> Graph:
    return graph_of(desk(engine), "echr.art03_core")


def test_the_outcome_rests_on_every_ground_that_decides(whole: Graph, engine: Engine) -> None:
    answer = desk(engine).assess()
    top = {edge.source: edge for edge in whole.below("outcome")}
    for ground in answer.grounds:
        deciding = ground.status in ("met", "open") and ground.effect in (
            "absolute_bar",
            "mandatory_refusal",
            "suspension",
        )
        if deciding:
            assert top[f"c:{ground.id}"].turns == (ground.status == "met")
    assert whole.nodes["outcome"].name == "inadmissible"


def test_a_met_ground_is_drawn_down_to_its_facts(whole: Graph) -> None:
    seen, waiting = set(), ["c:refugee-1951.asylum_pending"]
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting += [edge.source for edge in whole.below(name)]
    facts = [whole.nodes[name] for name in seen if whole.nodes[name].kind == "fact"]
    assert any(node.value == "Appeal pending" for node in facts)


def test_every_box_without_a_line_into_it_is_a_fact_or_an_open_ground(whole: Graph, one: Graph) -> None:
    for graph in (whole, one):
        for name, node in graph.nodes.items():
            if not graph.below(name):
                assert (
                    node.kind == "fact" or (node.kind == "ground" and node.status == "open") or node.kind == "group"
                ), name


def test_a_focus_shows_the_whole_proof_with_what_it_does_not_turn_on(one: Graph) -> None:
    assert {edge.turns for edge in one.edges} == {True, False}
    assert any(edge.negated for edge in one.edges)
    assert {"met", "not_met", "open"} <= {node.status for node in one.nodes.values()}


def test_a_criterion_asked_of_each_item_is_drawn_item_by_item(engine: Engine) -> None:
    graph = graph_of(desk(engine), "concepts.assurance_reliable")
    assert graph.nodes["c:concepts.assurance_reliable"].kind == "criterion"
    assert any("assurance_quality_finding" in node.name for node in graph.nodes.values())


def test_an_unknown_focus_is_refused_with_the_nearest(engine: Engine) -> None:
    with pytest.raises(InputProblems, match=re.escape("echr.art03_core")):
        graph_of(desk(engine), "echr.art03_cor")


def test_the_svg_has_title_description_and_a_title_for_every_box(one: Graph) -> None:
    root = ElementTree.fromstring(svg.render(one))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "t d"
    assert root.find(f"{NS}title").text == one.title  # type: ignore[union-attr]
    assert root.find(f"{NS}desc").text == one.description  # type: ignore[union-attr]
    titles = [found.text for found in root.iter(f"{NS}title")]
    assert len(titles) == len(one.nodes) + 1


def test_status_shows_by_shape_and_word_as_well_as_by_colour(one: Graph) -> None:
    root = ElementTree.fromstring(svg.render(one))
    shapes: dict[str, set[str]] = {}
    for group in root.iter(f"{NS}g"):
        word = str(group.find(f"{NS}title").text).split(":")[0]  # type: ignore[union-attr]
        path = group.find(f"{NS}path")
        assert path is not None
        shapes.setdefault(word, set()).add(re.sub(r"[-\d., ]", "", str(path.get("d"))))
        assert word.upper() in "".join(group.itertext()).upper()
    assert all(len(found) == 1 for found in shapes.values())
    assert len({next(iter(found)) for found in shapes.values()}) == len(shapes) == 3


def test_no_boxes_overlap_and_lines_run_from_left_to_right(one: Graph) -> None:
    layout = laid_out(one, lambda _: 40.0, 10.0)
    for layer in layout.layers:
        for above, below in pairwise(layer):
            gap = (layout.spots[above].height + layout.spots[below].height) / 2 + 10
            assert layout.spots[below].y - layout.spots[above].y >= gap - 1e-6
    for route in layout.routes:
        assert [layout.spots[name].layer for name in route] == list(
            range(layout.spots[route[0]].layer, layout.spots[route[-1]].layer + 1)
        )
    assert all(
        layout.spots[name].layer == 0
        for name, node in one.nodes.items()
        if node.kind == "fact" and not one.below(name)  # what is presumed stands after what it is presumed from
    )


@settings(max_examples=60)
@given(st.data())
def test_any_graph_without_cycles_can_be_laid_out(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 14))
    graph = Graph("t", "d")
    for place in range(size):
        graph.add(Node(f"n{place}", "criterion", "x", "open"))
    pairs = data.draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=30))
    for low, high in pairs:
        if low < high:
            graph.join(Edge(f"n{low}", f"n{high}"))
    layout = laid_out(graph, lambda _: 30.0, 8.0)
    for layer in layout.layers:
        ys = [layout.spots[name].y for name in layer]
        assert ys == sorted(ys)
    assert svg.render(graph) == svg.render(graph)


def test_the_words_tell_every_box(one: Graph, whole: Graph) -> None:
    for graph in (one, whole):
        said = text.render(graph)
        assert all(node.text in said for node in graph.nodes.values())
    assert "(could still change the outcome)" in text.render(whole)


def test_hostile_words_stay_words(engine: Engine) -> None:
    hostile = '</text><script>alert(1)</script>\x00\u202e &amp; "quoted" \\'
    graph = graph_of(desk(engine, title=hostile), "")
    made = svg.render(graph)
    root = ElementTree.fromstring(made)
    assert "<script>" not in made
    assert "\x00" not in made
    assert "<script>alert(1)</script>" in str(root.find(f"{NS}title").text)  # type: ignore[union-attr]
    assert '\\"quoted\\" \\\\' in text.dot(graph)


def test_the_same_case_gives_the_same_picture(engine: Engine, one: Graph) -> None:
    assert svg.render(graph_of(desk(engine), "echr.art03_core")) == svg.render(one)


def test_a_png_is_drawn_when_the_library_is_there(one: Graph) -> None:
    pytest.importorskip("cairosvg")
    assert rendered(one, "png").startswith(b"\x89PNG")


def test_without_the_library_a_png_is_refused_with_what_to_do(one: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cairosvg", None)
    with pytest.raises(InputProblems, match=re.escape("dedere[png]")):
        rendered(one, "png")


@pytest.mark.parametrize(("name", "start"), [("g.svg", "<svg"), ("g.txt", "Journalist"), ("g.gv", "digraph")])
def test_the_command_writes_the_format_of_the_file(tmp_path: Path, name: str, start: str) -> None:
    app = typer.Typer()
    app.command()(command)
    found = CliRunner().invoke(app, [str(EXAMPLE), "--focus", "cat.art03_core", "-o", str(tmp_path / name)])
    assert found.exit_code == 0, found.exception
    assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_a_wrong_format_is_refused() -> None:
    app = typer.Typer()
    app.command()(command)
    found = CliRunner().invoke(app, [str(EXAMPLE), "--format", "bmp"])
    assert isinstance(found.exception, InputProblems)

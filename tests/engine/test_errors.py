"""Problems say what is wrong, where, and what to do."""

from __future__ import annotations

import pytest

from engine.errors import ContentProblems, DedereError, EnginesDisagree, InputProblems, InternalError, Problem


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is wrong"), "is wrong"),
        (Problem("is wrong", fix="Put it right"), "is wrong. Put it right"),
        (Problem("is wrong", "a.yaml"), "a.yaml: is wrong"),
        (Problem("is wrong", "a.yaml", 3), "a.yaml:3: is wrong"),
        (Problem("is wrong", "a.yaml", 3, "/facts/age", "Put it right"), "a.yaml:3 /facts/age: is wrong. Put it right"),
        (Problem("is wrong", pointer="/facts/age"), "/facts/age: is wrong"),
    ],
)
def test_a_problem_in_one_line(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_several_problems_are_one_error_with_a_line_for_each() -> None:
    error = InputProblems([Problem("one"), Problem("two")])
    assert str(error) == "one\ntwo"
    assert [problem.message for problem in error.problems] == ["one", "two"]


def test_a_quiet_problem_repeats_nothing_of_what_was_given() -> None:
    loud = Problem("'Secret' is not a date. Secret stays", "a.yaml", 3, "/x", "Did you mean 'Secret'?", ("'Secret'",))
    assert loud.quiet() == Problem("the value given is not a date. Secret stays", "a.yaml", 3, "/x")
    strange = Problem(
        "'zqx' is not a key here", pointer="/zqx", fix="See: dedere facts", echoes=("'zqx'",), own_fix=True
    )
    assert strange.quiet() == Problem(
        "the value given is not a key here", pointer="/(another)", fix="See: dedere facts", own_fix=True
    )
    assert strange.quiet(names=True) == Problem(
        "'zqx' is not a key here", pointer="/zqx", fix="See: dedere facts", own_fix=True
    )
    assert loud.quiet(names=True) == loud.quiet()
    assert Problem("is wrong", fix="Put it right").quiet() == Problem("is wrong", fix="Put it right")


def test_the_tree_of_errors() -> None:
    assert issubclass(InputProblems, DedereError)
    assert issubclass(ContentProblems, DedereError)
    assert issubclass(EnginesDisagree, InternalError)
    assert not issubclass(InternalError, InputProblems)

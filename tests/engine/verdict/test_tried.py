"""The sets of a flip search, laid out in lanes without writing them down."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from engine.reasoning.tried import tried

owners = st.lists(st.integers(0, 6), max_size=14).map(sorted)


@given(owners, st.integers(1, 3), st.data())
def test_every_set_of_different_facts_stands_in_a_lane_of_its_own(
    owner: list[int], size: int, data: st.DataObject
) -> None:
    literals = range(len(owner))
    settled = data.draw(st.lists(st.sampled_from(literals).map(lambda index: (index,)), max_size=3)) if owner else []
    wanted = [
        row
        for row in combinations(literals, size)
        if len({owner[index] for index in row}) == size and not any(held in row for (held,) in settled)
    ]
    found = tried(owner, size, settled, 10_000)
    assert found is not None
    assert [found.row(lane) for lane in range(found.count)] == wanted
    for index in literals:
        assert found.masks[index] == sum(1 << lane for lane, row in enumerate(wanted) if index in row)


def test_a_settled_pair_is_in_no_larger_set() -> None:
    found = tried([0, 1, 2, 3], 3, [(0, 1)], 100)
    assert found is not None
    assert [found.row(lane) for lane in range(found.count)] == [(0, 2, 3), (1, 2, 3)]


def test_more_sets_than_the_bound_are_not_tried() -> None:
    for size in (1, 2, 3):
        count = len(list(combinations(range(6), size)))
        assert tried(list(range(6)), size, [], count) is not None
        assert tried(list(range(6)), size, [], count - 1) is None

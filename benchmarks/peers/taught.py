"""durable_rules as its manual teaches it: decorated rules over messages, conclusions asserted by the actions.

A fact is ``{'node': 'n12t', 'known': True}``; what joins is ``when_all`` over captured facts, what parts is
``when_any``. That something does not follow is no fact, so the host looks for it when all rules have fired, turn by
turn, and asserts that what is closed fails. The library never finishes making a ruleset of more than a few hundred such rules, and may end its
process, so it runs in a process of its own with a limit of time: all criteria are tried first, then ever fewer
of them until the answers are right.

    python -m benchmarks.peers.taught < request    # the process itself: JSON in, one line of JSON a command
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.base import Base, Step
from benchmarks.peers.peer import Peer, flat, paired
from engine.bulk.planes import Array

ROOT = Path(__file__).resolve().parents[2]
Rows = list[list[str]]


class Failed(Exception):
    """What the library did instead of answering."""


class Process:
    """The library in a process of its own."""

    def __init__(self, base: Base, limit: float) -> None:
        self.limit = limit
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.peers.taught"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.asked([[step.number, step.op, step.of] for step in base.steps])

    def asked(self, what: Any) -> Any:
        """The answer to a command.

        Raises:
            Failed: there was none in time, or the process ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
        except OSError as error:
            raise Failed("its process ended") from error
        if not select.select([self.process.stdout], [], [], self.limit)[0]:
            self.close()
            raise Failed(f"no answer in {self.limit:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"its process ended with code {self.process.wait()}")
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise Failed(answer["error"])
        return answer

    def close(self) -> None:
        """End the process, also if it hangs."""
        with suppress(BrokenPipeError), self.process:
            self.process.kill()


def part_that_works(
    base: Base, cases: Array, right: Array, limit: float, *, near: bool = True
) -> tuple[Peer, Base, list[str]]:
    """The peer on the largest part found to work, that part, and what happened to the larger ones.

    The number of criteria is halved until they work; ``near`` then tries numbers between the two.

    Raises:
        Failed: not even a few criteria work.
    """
    happened: list[str] = []
    works, fails, found = 0, base.criteria + 1, None
    while works == 0 or (near and fails - works > max(1, fails // 8)):
        number = (works + fails) // 2 if works else base.criteria if not happened else fails // 2
        if not number:
            raise Failed("; ".join(happened))
        part = base.part(number)  # without the verdict, whose joins are wider than the library can hold
        try:
            peer = _checked(part, base, cases, right, limit)
        except Failed as failure:
            happened.append(f"{number} criteria ({2 * len(part.steps):,} rules): {failure}")
            fails = number
        else:
            if found:
                found[0].close()
            works, found = number, (peer, part)
    assert found is not None
    return *found, happened


def _checked(part: Base, base: Base, cases: Array, right: Array, limit: float) -> Peer:
    """The peer on a part, shown to give the right values.

    Raises:
        Failed: it gives others, or none.
    """
    peer = peer_of(part, limit)
    try:
        given = cases[:, :, part_of(base.atoms, part.atoms)]
        if not np.array_equal(peer.values(peer.run(peer.ready(given))), right[:, :, part_of(base.nodes, part.nodes)]):
            raise Failed("other values")
    except Failed:
        peer.close()
        raise
    return peer


def part_of(whole: tuple[int, ...], some: tuple[int, ...]) -> list[int]:
    """Where the nodes of a part stand among all."""
    at = {node: place for place, node in enumerate(whole)}
    return [at[node] for node in some]


def peer_of(base: Base, limit: float) -> Peer:
    """The peer on a base.

    Raises:
        Failed: it cannot hold the base.
    """
    process = Process(base, limit)
    read = {f"n{child}{kind}" for step in base.steps for child in step.of for kind in "tf"}
    at = {f"n{node}{kind}": (place, value) for place, node in enumerate(base.nodes) for kind, value in SIGNS}
    names = {value: kind for kind, value in SIGNS}

    def ready(cases: Array) -> tuple[Rows, Rows]:
        known = [
            [f"n{atom}{names[value]}" for atom, value in zip(base.atoms, row, strict=True) if value]
            for row in flat(cases).tolist()
        ]
        return known, [[name for name in row if name in read] for row in known]

    def run(given: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
        return given[0], process.asked(given[1])

    def values(raw: tuple[Rows, Rows]) -> Array:
        found = np.zeros((len(raw[0]), len(base.nodes)), dtype=np.int8)
        for number, names_told in enumerate(zip(*raw, strict=True)):
            for name in (name for told in names_told for name in told if name in at):
                found[number, at[name][0]] = at[name][1]
        return paired(found)

    name = f"durable_rules as taught, {base.criteria} criteria"
    return Peer(name, ready, run, values, close=process.close)


SIGNS = (("t", 1), ("f", -1))


class Taught:
    """The ruleset; ``told`` gathers what is concluded, since the library cannot say."""

    def __init__(self, steps: list[Step]) -> None:
        from durable import lang

        self.lang, self.told, self.sid = lang, dict[str, None](), 0
        self.turns = turns_of(steps)
        self.read = {f"n{child}{kind}" for step in steps for child in step.of for kind in "tf"}
        with lang.ruleset("law"):
            for step in steps:
                of = step.of[:1] if step.op == "closed" else step.of
                for kind, other in (("t", "f"), ("f", "t")):
                    joined = (step.op == "all") == (kind == "t") or len(of) == 1
                    self.rule(
                        f"n{step.number}{kind}", [f"n{c}{other if step.op == 'not' else kind}" for c in of], joined
                    )

    def rule(self, concluded: str, needs: list[str], joined: bool) -> None:
        """One rule: all of some facts, or any of them."""
        lang = self.lang
        tests = [(lang.m.node == name) & (lang.m.known == True) for name in needs]  # noqa: E712 - the library's words
        if joined:
            tests = [getattr(lang.c, f"fact{place}") << test for place, test in enumerate(tests)]

        @(lang.when_all if joined else lang.when_any)(*tests)  # type: ignore[untyped-decorator]
        def conclude(c: Any) -> None:
            if concluded not in self.told:  # a rule of alternatives fires once for each
                self.told[concluded] = None
                if concluded in self.read:  # a fact that no rule matches is an error
                    c.assert_fact({"node": concluded, "known": True})

    def decide(self, facts: list[str]) -> list[str]:
        """What follows from some facts, in a session of its own."""
        self.told, self.sid = {}, self.sid + 1
        sid = str(self.sid)
        for name in facts:
            self.lang.assert_fact("law", {"sid": sid, "node": name, "known": True})
        for turn in self.turns:
            lacking = [step for step in turn if f"n{step.of[1]}t" in facts and not self.follows(step.of[0], facts)]
            for step in lacking:
                self.fails(step, sid)
        state = self.lang.get_state("law", sid) if facts else {}
        if "exception" in state:
            raise RuntimeError(str(state["exception"]).splitlines()[0])
        if facts:
            self.lang.delete_state("law", sid)
        return list(self.told)

    def follows(self, node: int, facts: list[str]) -> bool:
        """Whether it was told or concluded that a node holds."""
        return f"n{node}t" in self.told or f"n{node}t" in facts

    def fails(self, step: Step, sid: str) -> None:
        """Assert that a closed node fails."""
        name = f"n{step.number}f"
        if name not in self.told:
            self.told[name] = None
            if name in self.read:
                self.lang.assert_fact("law", {"sid": sid, "node": name, "known": True})


def turns_of(steps: list[Step]) -> list[list[Step]]:
    """The closed nodes: first those below which there is no other, and so on."""
    height: dict[int, int] = {}
    found: dict[int, list[Step]] = {}
    for step in steps:
        height[step.number] = max((height.get(child, 0) for child in step.of), default=0) + (step.op == "closed")
        if step.op == "closed":
            found.setdefault(height[step.number], []).append(step)
    return [found[turn] for turn in sorted(found)]


def main() -> None:
    """Serve: first the steps, then rows of facts."""
    taught = Taught([Step(number, op, tuple(of)) for number, op, of in json.loads(sys.stdin.readline())])
    print("[]", flush=True)
    for line in sys.stdin:
        try:
            print(json.dumps([taught.decide(row) for row in json.loads(line)]), flush=True)
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"[:120]}), flush=True)


if __name__ == "__main__":
    main()

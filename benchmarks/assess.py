"""How long one case takes: cold, warm, and its parts. Part of ``make bench``.

Everything is measured on examples/akhmetova.yaml with the content of this repository; each figure is
the median of as many runs as the table says.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from api.law.content import load_engine  # noqa: E402 - the repository must be on the path first
from api.settings import Settings  # noqa: E402
from engine.answer.grounds import Grounds  # noqa: E402
from engine.assess import Engine  # noqa: E402
from engine.content.documents import read_path  # noqa: E402
from engine.facts.casefile import Case  # noqa: E402

CASE = ROOT / "examples" / "akhmetova.yaml"


def median_ms(what: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median milliseconds of a call, after one that does not count: by the clock, and of this process's work."""
    what()
    clock, work = [], []
    for _ in range(runs):
        start, begun = time.perf_counter(), time.process_time()
        what()
        clock.append(time.perf_counter() - start)
        work.append(time.process_time() - begun)
    return statistics.median(clock) * 1000, statistics.median(work) * 1000


def cold() -> None:
    """The whole command in a process of its own, as a lawyer runs it."""
    command = [sys.executable, "-m", "api", "assess", str(CASE)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


def explained(engine: Engine, case: Case) -> None:
    """Both engines, every status, the firings and every proof; no flip sets, no questions."""
    weighed = engine.weigh(case)
    engine.chain(weighed)
    grounds = Grounds(engine, weighed)
    for ground in grounds.all():
        for place in grounds.proof_place(ground):
            grounds.prover.criterion(ground.id, place)


def table(runs: int = 30, colds: int = 5) -> list[tuple[str, int, float, float | None]]:
    """What was measured: a name, the number of runs, median milliseconds by the clock and of processor time."""
    rows: list[tuple[str, int, float, float | None]] = []
    rows.append(("cold `dedere assess`, a new process each", colds, median_ms(cold, colds)[0], None))
    engine = load_engine(Settings(content=ROOT))
    case = engine.read(read_path(CASE))
    weighed = engine.weigh(case)
    warm: list[tuple[str, Callable[[], object]]] = [
        ("full assessment: both engines, proof, flip sets, questions", lambda: engine.assess(case)),
        ("the same without flip sets and questions", lambda: explained(engine, case)),
        ("preview: every status, strict and on the record, and outcome", lambda: engine.weigh(case)),
        ("flip sets for both sides", lambda: engine.flips(weighed)),
        ("questions in order", lambda: engine.ranked(weighed)),
    ]
    return rows + [(name, runs, *median_ms(what, runs)) for name, what in warm]


def main() -> None:
    """Print the table."""
    print(f"examples/akhmetova.yaml, Python {platform.python_version()}, {platform.machine()}")
    rows = table()
    width = max(len(row[0]) for row in rows)
    print(f"{'':{width}}  {'runs':>5}  {'median ms':>10}  {'processor ms':>12}")
    for name, runs, clock, work in rows:
        print(f"{name:{width}}  {runs:>5}  {clock:>10.2f}  {'' if work is None else f'{work:.2f}':>12}")


if __name__ == "__main__":
    main()

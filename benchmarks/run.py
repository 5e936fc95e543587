"""The big table: our engines beside others, on the same criteria and the same cases, in one run.

    python benchmarks/run.py

Every engine is first shown to give the same values as the plain loop on 64 cases. Times are medians;
peers that are not installed are left out (pip install -r benchmarks/requirements.txt).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from api.content import load_engine  # noqa: E402 - the repository must be on the path first
from api.settings import Settings  # noqa: E402
from benchmarks.base import Base  # noqa: E402
from benchmarks.peers import BitPlanes, Peer, generated, installed, plain_loop  # noqa: E402
from engine.assess import Engine  # noqa: E402
from engine.content.documents import read_path  # noqa: E402

LANES = 131_072
CHECKED = 64


def seconds(what: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of a call, after one that does not count."""
    what()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peers(base: Base, engine: Engine) -> list[tuple[str, float]]:
    """Seconds a case of every engine, each checked first."""
    loop, planes = plain_loop(base), BitPlanes(engine.program)
    few = base.cases(CHECKED)
    right = loop(few)

    def checked(name: str, peer: Peer) -> Peer:
        if not np.array_equal(peer(few), right):
            raise SystemExit(f"{name} gives other values")
        return peer

    rows = [("plain Python loop", seconds(lambda: loop(few)) / CHECKED)]
    alone = checked("generated function", generated(base))
    rows.append(("generated Python function, one case", seconds(lambda: alone(few)) / CHECKED))
    checked("bit planes", planes)
    ready = planes.planes(base.cases(LANES))
    rows.append(("our bulk kernel, ready planes", seconds(lambda: planes.kernel.run(*ready), 15) / LANES))
    for name, make, size in installed():
        peer = checked(name, make(base))
        cases = base.cases(size)
        rows.append((name, seconds(lambda peer=peer, cases=cases: peer(cases), 3) / size))  # type: ignore[misc]
    return rows


def chained(engine: Engine) -> tuple[str, float]:
    """Our durable_rules engine on the origin case, checked against the compiled one by itself."""
    weighed = engine.weigh(engine.read(read_path(ROOT / "examples" / "akhmetova.yaml")))
    return "our durable_rules engine, with the order of firings", seconds(lambda: engine.chain(weighed))


def main() -> None:
    """Print the table."""
    engine = load_engine(Settings(content=ROOT))
    base = Base.of(engine.program)
    print(f"{len(base.criteria)} criteria, {len(base.steps)} steps over {len(base.atoms)} atoms; medians")
    rows = [*peers(base, engine), chained(engine)]
    bulk = dict(rows)["our bulk kernel, ready planes"]
    width = max(len(name) for name, _ in rows)
    print(f"{'':{width}}  {'µs a case':>12}  {'cases a second':>15}  {'criteria a second':>18}  {'times bulk':>12}")
    for name, each in rows:
        figures = f"{each * 1e6:>12.4f}  {1 / each:>15,.0f}  {len(engine.program.entries) / each:>18,.0f}"
        print(f"{name:{width}}  {figures}  {each / bulk:>12,.1f}")


if __name__ == "__main__":
    main()

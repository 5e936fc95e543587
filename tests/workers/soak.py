"""A long run in one process: ``python -m tests.workers.soak EVALUATIONS``.

Every evaluation is one case through both inference engines, compared; every fiftieth is read
anew and put into words too, as a worker does it. A line of JSON says how large the process was after a tenth of the
run, and how large at the end.
"""

from __future__ import annotations

import json
import os
import sys

from api.workers.messages import SOURCE
from engine.assess import Engine
from engine.content.documents import read_bytes
from engine.content.loader import load_pack
from engine.facts.casefile import Case
from tests.conftest import TOYLAND
from tests.workers.support import case, handles, kilobytes, status

IN_WORDS = 50


def read(engine: Engine, number: int) -> Case:
    """A case unlike its neighbours."""
    said = {"value": number % 3 == 0, "standing": "asserted", "by": "person"}
    return engine.read(read_bytes(case(f"soak-{number}", ground_up=said), SOURCE, is_json=True))


def evaluate(engine: Engine, cases: list[Case], number: int) -> int:
    """One evaluation; gives how many rules of the library fired."""
    if number % IN_WORDS == 0:
        cases[number // IN_WORDS % len(cases)] = fresh = read(engine, number)
        return len(json.loads(engine.assess(fresh).model_dump_json())["trace"])
    return len(engine.chain(engine.weigh(cases[number % len(cases)])).firings)


def size() -> dict[str, int]:
    """Memory, threads and open files of this process."""
    pid = os.getpid()
    return {"kilobytes": kilobytes(pid), "threads": int(status(pid)["Threads"]), "handles": handles(pid)}


def main() -> None:
    """Evaluate and say the sizes."""
    total = int(sys.argv[1])
    engine = Engine(load_pack(TOYLAND / "rules", TOYLAND / "instruments"))
    cases = [read(engine, number) for number in range(12)]
    begun: dict[str, int] = {}
    fired = 0
    for number in range(total):
        fired += evaluate(engine, cases, number)
        if number == total // 10:
            begun = size()
    print(json.dumps({"evaluations": total, "fired": fired, "begun": begun, "ended": size()}))


if __name__ == "__main__":
    main()

"""How fast `dedere batch` is, from a file to a written file, and how much memory all its processes have.

    python benchmarks/batch.py [ROWS]

The rows are random cases of some thirty facts and one or two offences, drawn from a pool without
contradictions: columns in Parquet (ROWS of them, a million unless said), and a twentieth of that in NDJSON,
where one finding in some rows has its standing. On a busy machine compare the processor seconds.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from api.law.content import load_engine  # noqa: E402 - the repository must be on the path first
from api.settings import Settings  # noqa: E402
from engine.assess import Engine  # noqa: E402
from engine.content.documents import Document  # noqa: E402
from engine.errors import InputProblems  # noqa: E402
from tests.bulk.support import Generator  # noqa: E402

POOL = 2_000
GROUP = 131_072


def pool(engine: Engine, number: int = POOL) -> list[dict[str, Any]]:
    """Different cases over the same facts, none of which contradicts itself."""
    pick, generator, facts = random.Random(5), Generator(engine, 5), engine.pack.vocabulary.facts
    named = ["requesting_state", "requested_state", "origin_state", "person_nationalities", "persecution_grounds"]
    chosen = [*named, *pick.sample([f.id for f in engine.pack.vocabulary.of_scope("case") if f.id not in named], 31)]
    of_counts = pick.sample([fact.id for fact in engine.pack.vocabulary.of_scope("counts")], 6)
    cases: list[dict[str, Any]] = []
    while len(cases) < number:
        case: dict[str, Any] = {"assessed_on": date(pick.randint(2015, 2025), pick.randint(1, 12), 13).isoformat()}
        case["facts"] = {name: generator.value(facts[name]) for name in chosen if pick.random() < 0.75}
        size = pick.choice([1, 1, 1, 2])
        case["counts"] = [{n: generator.value(facts[n]) for n in of_counts if pick.random() < 0.7} for _ in range(size)]
        try:
            engine.weigh(engine.read(Document(case, "case")))
        except InputProblems:
            continue
        cases.append(case)
    return cases


def write_ndjson(path: Path, cases: list[dict[str, Any]], rows: int) -> None:
    """Lines; in a third of the cases one finding has its standing."""
    pick, texts = random.Random(6), []
    for case in cases:
        facts = dict(case["facts"])
        if facts and pick.random() < 0.3:
            name = pick.choice(list(facts))
            facts[name] = {"value": facts[name], "standing": "established"}
        texts.append(json.dumps({**case, "facts": facts})[1:])
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            file.write(f'{{"case": "case {number}", {pick.choice(texts)}\n')


def write_parquet(path: Path, engine: Engine, cases: list[dict[str, Any]], rows: int) -> int:
    """Columns of their own types; how many there are."""
    flat = [_flat(case) for case in cases]
    names = list(dict.fromkeys(name for row in flat for name in row))
    table = pa.table({name: _column(engine, name, [row.get(name) for row in flat]) for name in names})
    schema, random_ = table.schema.append(pa.field("case", pa.string())), np.random.default_rng(1)
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, GROUP):
            size = min(GROUP, rows - start)
            part = table.take(pa.array(random_.integers(0, len(cases), size)))
            writer.write_table(part.append_column("case", pa.array([f"case {start + n}" for n in range(size)])))
    return len(schema)


def _flat(case: dict[str, Any]) -> dict[str, Any]:
    row = {"assessed_on": case["assessed_on"], "counts.size": len(case["counts"]), **case["facts"]}
    for index, count in enumerate(case["counts"]):
        row |= {f"counts[{index}].{name}": value for name, value in count.items()}
    return row


def _column(engine: Engine, name: str, cells: list[Any]) -> Any:
    fact = engine.pack.vocabulary.facts.get(name.rpartition(".")[2])
    if name == "assessed_on" or (fact is not None and fact.type == "date"):
        return pa.array([cell and date.fromisoformat(cell) for cell in cells], pa.date32())
    if fact is not None and fact.type in ("set", "states"):
        return pa.array([cell if cell is None else "|".join(cell) or "none" for cell in cells], pa.string())
    return pa.array(cells, pa.float64() if fact is not None and fact.type == "number" else None)


def run(source: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Seconds by the clock and of the processors, and the most MB all processes had together."""
    before, start, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0
    command = [sys.executable, "-m", "api", "batch", str(source), str(out), "--force", *options]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_resident, _family(process.pid))))
            time.sleep(0.05)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if process.returncode:
        raise SystemExit(f"{source.name}: the batch failed")
    return time.perf_counter() - start, used, most / 1024


def _family(pid: int) -> list[int]:
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *(each for child in below for each in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    engine = load_engine(Settings(content=ROOT))
    cases = pool(engine)
    with tempfile.TemporaryDirectory() as folder:
        columns, lines, out = Path(folder) / "in.parquet", Path(folder) / "in.ndjson", Path(folder) / "out.parquet"
        wide = write_parquet(columns, engine, cases, rows)
        write_ndjson(lines, cases, rows // 20)
        grounds = sum(bool(item.effect or item.kind) for item in engine.pack.criteria.values())
        print(f"{wide} columns in; {2 * grounds} statuses a row out, or the outcome alone; {os.cpu_count()} cores")
        print(f"{'':28}{'rows':>12}{'seconds':>9}{'rows/s':>11}{'processor s':>13}{'most MB':>9}")
        for source, size in ((columns, rows), (lines, rows // 20)):
            for what, options in (("statuses", ()), ("outcome", ("--no-statuses",))):
                clock, used, most = run(source, out, *options)
                figures = f"{size:>12,}{clock:>9.1f}{size / clock:>11,.0f}{used:>13.1f}{most:>9.0f}"
                print(f"{source.suffix[1:] + ', ' + what:28}{figures}")


if __name__ == "__main__":
    main()

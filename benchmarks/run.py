"""All benchmarks in one run: our engines beside others, on the same criteria and the same cases.

    python benchmarks/run.py [--quick] [--write PAPER]

Prints tables in Markdown; ``--write`` also puts them into the marked place of a paper. What each row means
stands in docs/benchmarks.md. ``--quick`` tries everything on small numbers, for figures that mean little.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # not this folder: its modules are read as parts of ``benchmarks``

from api.law.content import load_engine  # noqa: E402 - the repository must be on the path first
from api.settings import Settings  # noqa: E402
from benchmarks import assess, growth, many, onecase, tables, targets  # noqa: E402
from benchmarks.base import Base  # noqa: E402
from benchmarks.cases import drawn  # noqa: E402
from benchmarks.field import Field  # noqa: E402
from benchmarks.tables import Table  # noqa: E402
from benchmarks.targets import Measured  # noqa: E402
from benchmarks.timing import FULL, QUICK, Plan  # noqa: E402


def all_tables(field: Field) -> Iterator[Table]:
    """Every table, as it is ready."""
    previews, single = onecase.previews(field)
    yield previews
    explained, why = onecase.explanations(field)
    yield explained
    alone, bulk = many.rules_alone(field, single)
    yield alone
    columns, _ = many.columns(field)
    yield columns
    files, rates = many.files(field)
    yield files
    by_cases, cases = growth.of_cases(field, [*single, *bulk])
    yield by_cases
    by_criteria, criteria = growth.of_criteria(field)
    yield by_criteria
    yield growth.of_depth(field)[0]
    parts, origin = origin_case(field.plan)
    yield parts
    yield targets.table_of(Measured(field.base, single, why, bulk, rates, cases, criteria, origin))


def origin_case(plan: Plan) -> tuple[Table, dict[str, float]]:
    """What the parts of one assessment take, on the example of the repository."""
    quick = plan.runs <= 3
    rows = assess.table(runs=3 if quick else 30, colds=1 if quick else 5)
    said = [
        (name, str(runs), f"{clock:.2f}", "" if work is None else f"{work:.2f}") for name, runs, clock, work in rows
    ]
    about = "examples/akhmetova.yaml, ours only."
    columns = ("part", "runs", "median ms", "processor ms")
    return Table("One case in parts", about, columns, said), {row[0]: row[2] for row in rows}


def opening(field: Field, plan: Plan) -> str:
    """What was measured on what."""
    base = field.base
    what = f"{base.criteria} criteria, {len(base.steps)} steps over {len(base.atoms)} atoms"
    where = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    few = " Quick: the figures mean little." if plan is QUICK else ""
    return f"The real rule base: {what}. {where}. Medians of {plan.runs} runs; {plan.checked} cases.{few}"


def _refuse_early(parser: argparse.ArgumentParser, paper: Path) -> None:
    """Ends the command now, not after ten minutes, if the tables cannot be written."""
    try:
        tables.around(paper)
    except ValueError as error:
        parser.error(str(error))


def main() -> None:
    """Print, and write, all tables."""
    parser = argparse.ArgumentParser(description="All benchmarks in one run.")
    parser.add_argument("--quick", action="store_true", help="small numbers, under a minute")
    parser.add_argument("--write", type=Path, metavar="PAPER", help="a paper with a marked place for the tables")
    chosen = parser.parse_args()
    if chosen.write:
        _refuse_early(parser, chosen.write)
    plan, start = QUICK if chosen.quick else FULL, time.perf_counter()
    engine = load_engine(Settings(content=ROOT))
    base = Base.of(engine.program, engine.judge)
    field = Field(engine, base, drawn(engine, base, plan.checked), plan)
    texts = [opening(field, plan)]
    print(texts[0])
    for table in all_tables(field):
        texts.append(table.text())
        print(f"\n{texts[-1]}", flush=True)
    texts.append("\n".join(f"- {note}." for note in field.notes))
    print(f"\n{texts[-1]}\n\n{time.perf_counter() - start:.0f} seconds in all.")
    if chosen.write:
        tables.write(chosen.write, [text for text in texts if text])


if __name__ == "__main__":
    main()

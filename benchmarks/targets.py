"""What the speed of Dedere must reach, beside what this run measured."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.base import Base
from benchmarks.growth import Grown
from benchmarks.onecase import Figure
from benchmarks.tables import Table, many

Row = tuple[str, ...]
#: A million cases may cost at most so much more each than a thousand, and sixteen times the criteria than sixteen.
LINEAR = 1.5


@dataclass(frozen=True)
class Measured:
    """The figures of a run that targets are compared with.

    ``rates`` are rows a second and the most MB, ``origin`` milliseconds of the parts of one assessment.
    """

    base: Base
    single: list[Figure]
    why: list[Figure]
    bulk: list[Figure]
    rates: dict[str, tuple[float, float]]
    cases: Grown
    criteria: Grown
    origin: dict[str, float]


def table_of(run: Measured) -> Table:
    """Each target with what was measured and whether it was reached."""
    rows = [
        *_bulk(run),
        *_previews(run.single, run.origin),
        *_explained(run.why),
        *_parts(run.origin),
        *_growth(run.cases, run.criteria),
    ]
    about = "Targets of speed on two quiet cores; figures of a busy machine or of a quick run do not count."
    return Table("Targets", about, ("target", "wanted", "measured", "reached"), rows)


def _bulk(run: Measured) -> list[Row]:
    ours, *others = run.bulk
    rows = [_least("criteria/s, rules alone, every core", 5e9, 2 * run.base.criteria / ours.seconds)]
    chunked = [each for each in others if "OpenFisca" in each.name and "chunks" in each.name]
    alone = next(each.seconds for each in others if each.name.startswith("ours"))
    rows += [_least(f"{each.name}, times ours, each on one core", 50, each.seconds / alone) for each in chunked]
    for name, wanted in (("parquet, outcomes", 1e6), ("ndjson, outcomes", 60e3)):
        rows.append(_least(f"rows/s, {name}", wanted, run.rates[name][0]))
    return [*rows, _most("MB of all processes, the most", 1000, max(memory for _, memory in run.rates.values()))]


def _previews(single: list[Figure], origin: dict[str, float]) -> list[Row]:
    made = next((each.seconds for each in single if "generated" in each.name), None)
    shown = next(value for name, value in origin.items() if name.startswith("preview"))
    rows = [
        _most("preview of a drawn case, ms", 0.5, single[0].seconds * 1000),
        _most("preview of the origin case, ms", 0.5, shown),
    ]
    if made:
        rows.append(_most("preview of a drawn case, times the generated function", 5, single[0].seconds / made))
    return rows


def _explained(why: list[Figure]) -> list[Row]:
    others = [each for each in why if "zen" in each.name or "Prolog" in each.name]
    return [_least(f"explained case: {each.name}, times ours", 1, each.seconds / why[0].seconds) for each in others]


def _parts(origin: dict[str, float]) -> list[Row]:
    wanted = (("cold", 800.0), ("flip sets", 200.0), ("questions", 20.0))
    return [
        _most(f"{name}, ms", most, value)
        for start, most in wanted
        for name, value in origin.items()
        if name.startswith(start)
    ]


def _growth(cases: Grown, criteria: Grown) -> list[Row]:
    rows = []
    figures = [seconds for seconds in next(iter(cases.values())) if seconds is not None]
    if len(figures) > 2:
        rows.append(_most("a case of the most cases, times one of a thousand", LINEAR, figures[-1] / figures[-2]))
    for name, grown in criteria.items():
        if name.startswith("ours") and grown[-1] is not None and grown[0] is not None:
            copies = 4 ** (len(grown) - 1)
            rows.append(_most(f"x{copies} criteria, by criterion, {name}", LINEAR, grown[-1] / grown[0] / copies))
    return rows


def _least(name: str, wanted: float, measured: float) -> Row:
    return name, f"at least {_said(wanted)}", _said(measured), "yes" if measured >= wanted else "no"


def _most(name: str, wanted: float, measured: float) -> Row:
    return name, f"at most {_said(wanted)}", _said(measured), "yes" if measured <= wanted else "no"


def _said(value: float) -> str:
    return many(value) if value >= 100 else f"{value:.3g}"

"""``dedere batch``: every format gives what single cases give; nothing is lost, doubled or done again."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.__main__ import main
from api.bulk.run import Options, run
from api.cases.flat_columns import LONGEST
from engine.answer.grounds import Grounds
from engine.assess import Engine
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.facts.values import parse
from tests.bulk.support import Generator

ROOT = Path(__file__).parents[2]
SMALL = Options(part_bytes=30_000)


@pytest.fixture(scope="module")
def cases(engine: Engine) -> list[dict[str, Any]]:
    """Case files without contradictions, each with a reference."""
    generator = Generator(engine, seed=3)
    made = []
    for number in range(24):
        case = generator.case()
        data: dict[str, Any] = {"case": f"case {number}", "facts": _written(case.findings), "variants": case.variants}
        data["assessed_on"] = case.assessed_on.isoformat() if case.assessed_on else None
        for part, items in case.items.items():
            data[part] = [{"id": item.id, **_written(item.findings)} for item in items]
        made.append(data)
    return made


def _written(findings: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, finding in findings.items():
        if finding.disputed:
            said[name] = {"standing": "disputed", "person": _raw(finding.person), "state": _raw(finding.state)}
        else:
            said[name] = _raw(finding.value)
    return said


def _raw(value: Any) -> Any:
    if value is None:
        return "unknown"
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def expected(engine: Engine, data: dict[str, Any]) -> dict[str, Any] | None:
    """What the single path says of a case."""
    try:
        weighed = engine.weigh(engine.read(Document(data, "case")))
    except InputProblems:
        return None
    grounds = Grounds(engine, weighed)
    told: dict[str, dict[str, list[str]]] = {half: {} for half in ("strict", "record")}
    for item in engine.pack.criteria.values():
        if item.effect or item.kind:
            record, strict, _ = grounds._statuses(item)
            told["strict"].setdefault(strict, []).append(item.id)
            told["record"].setdefault(record, []).append(item.id)
    return {"outcome": weighed.outcome, "grounds": told}


def assert_right(
    engine: Engine, cases: list[dict[str, Any]], results: list[dict[str, Any]], refused: list[int]
) -> None:
    """Results are those of the single path, row by row, and the rest is refused."""
    by_row = {result["row"]: result for result in results}
    assert len(by_row) == len(results)
    for number, data in enumerate(cases, 1):
        wanted = expected(engine, data)
        if wanted is None:
            assert number in refused
            continue
        found = by_row[number]
        assert (found["case"], found["outcome"]) == (data["case"], wanted["outcome"])
        for half in ("strict", "record"):
            for status in ("met", "open", "not_applicable"):
                assert found["grounds"][half][status] == wanted["grounds"][half].get(status, []), (number, half, status)


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of an NDJSON file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rejected(out: Path) -> list[int]:
    """The rows in the reject file."""
    return [reject["row"] for reject in lines(out.with_name(out.name + ".rejects.ndjson"))]


def flat(engine: Engine, data: dict[str, Any]) -> dict[str, Any]:
    """A case as one row of flat columns."""
    row = {"case": data["case"], "assessed_on": data["assessed_on"]}
    row |= {f"variants.{name}": value for name, value in data["variants"].items()}
    groups = [("", data["facts"])]
    for part in engine.pack.vocabulary.parts:
        if part in data:
            row[f"{part}.size"] = str(len(data[part]))
            groups += [(f"{part}[{index}].", item) for index, item in enumerate(data[part])]
    for prefix, facts in groups:
        for name, raw in facts.items():
            if name == "id":
                continue
            sides = {f".{side}": raw[side] for side in ("person", "state")} if isinstance(raw, dict) else {"": raw}
            for side, value in sides.items():
                row[f"{prefix}{name}{side}"] = _cell(value)
    return row


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(value) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def write_csv(engine: Engine, cases: list[dict[str, Any]], path: Path) -> None:
    """A CSV file of cases."""
    rows = [flat(engine, data) for data in cases]
    headers = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, headers)
        writer.writeheader()
        writer.writerows(rows)


def write(engine: Engine, cases: list[dict[str, Any]], path: Path) -> None:
    """A file of cases in the format of its name."""
    if path.suffix == ".json":
        path.write_text(json.dumps(cases, indent=1), encoding="utf-8")
    elif path.suffix == ".csv":
        write_csv(engine, cases, path)
    elif path.suffix == ".ndjson":
        path.write_text("".join(json.dumps(data) + "\n" for data in cases), encoding="utf-8")
    else:
        write_parquet(engine, cases, path)


def write_parquet(engine: Engine, cases: list[dict[str, Any]], path: Path) -> None:
    """A Parquet file with booleans, numbers, dates, lists and words each in their own type."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [flat(engine, data) for data in cases]
    columns = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        cells = [row.get(name) for row in rows]
        fact = engine.pack.vocabulary.facts.get(name)
        if fact is not None and "unknown" not in cells and fact.type in ("yes_no", "date", "number", "set"):
            values = [None if cell is None else parse(fact, _typed(fact.type, cell)) for cell in cells]
            types = {"yes_no": pa.bool_(), "date": pa.date32(), "number": pa.float64(), "set": pa.list_(pa.string())}
            columns[name] = pa.array([sorted(v) if isinstance(v, frozenset) else v for v in values], types[fact.type])
        else:
            columns[name] = pa.array(cells, pa.string())
    pq.write_table(pa.table(columns), path, row_group_size=10)


def _typed(kind: str, cell: str) -> Any:
    if kind == "set":
        return [] if cell == "none" else cell.split("|")
    return float(cell) if kind == "number" else cell


@pytest.mark.parametrize("form", ["ndjson", "json", "csv", "parquet"])
def test_every_format_gives_what_single_cases_give(
    engine: Engine, cases: list[dict[str, Any]], tmp_path: Path, form: str
) -> None:
    source, out = tmp_path / f"in.{form}", tmp_path / "out.ndjson"
    write(engine, cases, source)
    totals = run(source, out, SMALL)
    assert totals.rows == len(cases) == totals.results + totals.rejects
    assert [result["row"] for result in lines(out)] == sorted(result["row"] for result in lines(out))
    assert_right(engine, cases, lines(out), rejected(out))
    assert not out.with_name("out.ndjson.parts").exists()


def test_parquet_results_hold_the_same(engine: Engine, cases: list[dict[str, Any]], tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    write(engine, cases, tmp_path / "in.ndjson")
    run(tmp_path / "in.ndjson", tmp_path / "out.ndjson", SMALL)
    run(tmp_path / "in.ndjson", tmp_path / "out.parquet", SMALL)
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    for row, line in zip(table, lines(tmp_path / "out.ndjson"), strict=True):
        assert (row["row"], row["case"], row["outcome"]) == (line["row"], line["case"], line["outcome"])
        assert [row["range_from"], row["range_to"]] == line["range"]
        assert row["determined"] is line["determined"]
        for half, said in (("", line["grounds"]["strict"]), (" on record", line["grounds"]["record"])):
            for status in ("met", "open", "not_applicable"):
                assert [
                    name.removesuffix(" on record")
                    for name in row
                    if name.endswith(" on record") is bool(half) and row[name] == status
                ] == said[status]


def test_a_batch_of_no_rows_gives_valid_files(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    for name, text in {"nothing": "", "only bad": BAD["not a case"] + "\n"}.items():
        source, out = tmp_path / f"{name}.ndjson", tmp_path / f"{name}.parquet"
        source.write_text(text, encoding="utf-8")
        assert run(source, out, Options()).results == 0
        table = pq.read_table(out)
        assert table.num_rows == 0
        assert table.column_names[:4] == ["row", "case", "assessed_on", "outcome"]


@pytest.mark.parametrize("form", ["ndjson", "parquet"])
def test_parts_put_together_are_one_parquet_file(
    engine: Engine, cases: list[dict[str, Any]], tmp_path: Path, form: str
) -> None:
    """Row groups of several parts, some rows of them refused: the same rows as lines, and types that Arrow knows again."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    source = tmp_path / f"in.{form}"
    write(engine, cases, source)
    for name in ("out.ndjson", "out.parquet"):
        totals = run(source, tmp_path / name, SMALL)
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert file.metadata.num_row_groups > 1
    assert file.schema_arrow.field("outcome").type == pa.dictionary(pa.int8(), pa.string())
    assert (file.schema_arrow.field("assessed_on").type, file.metadata.num_rows) == (pa.date32(), totals.results)
    told = [(row["row"], row["case"], row["assessed_on"], row["outcome"]) for row in lines(tmp_path / "out.ndjson")]
    found = file.read(["row", "case", "assessed_on", "outcome"]).to_pylist()
    assert [(row["row"], row["case"], row["assessed_on"].isoformat(), row["outcome"]) for row in found] == told
    assert pq.read_table(tmp_path / "out.parquet", filters=[("row", "==", told[-1][0])]).num_rows == 1


def test_a_list_of_too_many_items_is_refused_and_the_bound_is_said(tmp_path: Path) -> None:
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    rows = [{"assessed_on": "2020-01-13", "counts": [{}] * size} for size in (LONGEST + 1, 3)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(source, out, Options(statuses=False)).results == 1
    assert f"at most {LONGEST} are taken" in out.with_name("out.ndjson.rejects.ndjson").read_text(encoding="utf-8")


BAD = {
    "not json": "{",
    "not a case": "[1]",
    "an unknown fact": '{"assessed_on": "2020-01-13", "facts": {"nonsense": true}}',
    "a value that does not fit": '{"assessed_on": "2020-01-13", "facts": {"requesting_state": "secret-value"}}',
    "no date": '{"facts": {}}',
    "a fact written twice": '{"assessed_on": "2020-01-13", "facts": {"protection_sought": true, "protection_sought": false}}',
    "a number for yes": '{"assessed_on": "2020-01-13", "facts": {"protection_sought": 1}}',
    "an empty list of counts": '{"assessed_on": "2020-01-13", "counts": []}',
    "items of one id": '{"assessed_on": "2020-01-13", "counts": [{"id": "a"}, {"id": "a"}]}',
    "null": '{"assessed_on": "2020-01-13", "facts": {"protection_sought": null}}',
}
GOOD = '{"case": "good", "assessed_on": "2020-01-13", "facts": {"requesting_state": "KAZ", "requested_state": "UKR"}}'


def test_bad_rows_are_refused_with_reasons_and_the_run_goes_on(tmp_path: Path) -> None:
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text("\n".join([GOOD, *BAD.values(), "", GOOD]) + "\n", encoding="utf-8")
    totals = run(source, out, Options())
    assert (totals.rows, totals.results, totals.rejects) == (len(BAD) + 2, 2, len(BAD))
    assert rejected(out) == list(range(2, len(BAD) + 2))
    assert [result["row"] for result in lines(out)] == [1, len(BAD) + 3]
    refused = out.with_name("out.ndjson.rejects.ndjson").read_text(encoding="utf-8")
    assert "secret-value" not in refused
    assert all(reject["reasons"] for reject in lines(out.with_name("out.ndjson.rejects.ndjson")))


def test_bad_cells_of_csv_are_refused_by_column(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.ndjson"
    source.write_text(
        "case,assessed_on,requesting_state,counts.size\na,2020-01-13,KAZ,1\nb,2020-01-13,secret,1\nc,,KAZ,1\nd,2020-01-13\n",
        encoding="utf-8",
    )
    assert run(source, out, Options()).rejects == 3
    refused = lines(out.with_name("out.ndjson.rejects.ndjson"))
    assert [reject["row"] for reject in refused] == [2, 3, 4]
    assert refused[0]["reasons"][0]["at"] == "requesting_state"
    assert "secret" not in json.dumps(refused)


def test_a_column_that_is_nothing_is_refused_before_the_run(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("case,nonsense\na,b\n", encoding="utf-8")
    with pytest.raises(InputProblems, match="nonsense"):
        run(source, tmp_path / "out.ndjson", Options())


_RUN = (
    "import sys; from pathlib import Path; from api.bulk.run import Options, run\n"
    "if __name__ == '__main__':\n"
    "    print(run(Path(sys.argv[1]), Path(sys.argv[2]), Options(part_bytes=150_000, processes=2)).resumed)\n"
)


def test_a_killed_run_goes_on_without_losing_or_doubling_a_row(
    engine: Engine, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    source, out, script = tmp_path / "in.ndjson", tmp_path / "out.ndjson", tmp_path / "batch_script.py"
    many = [{**data, "case": f"case {number}"} for number, data in enumerate(cases * 12)]
    write(engine, many, source)
    script.write_text(_RUN, encoding="utf-8")
    command = [sys.executable, str(script), str(source), str(out)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    folder = out.with_name("out.ndjson.parts")
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 120
        while len(list(folder.glob("*.count"))) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
    done = {path: path.stat().st_mtime_ns for path in folder.glob("*.count")}
    assert done
    assert not out.exists()
    second = subprocess.run(command, env=settings, capture_output=True, text=True, check=True, timeout=200)
    assert int(second.stdout) >= len(done)
    assert sorted([result["row"] for result in lines(out)] + rejected(out)) == list(range(1, len(many) + 1))
    assert_right(engine, many[:60], [result for result in lines(out) if result["row"] <= 60], rejected(out))


def test_an_unfinished_run_of_another_input_is_refused(tmp_path: Path) -> None:
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text(GOOD + "\n", encoding="utf-8")
    folder = out.with_name("out.ndjson.parts")
    folder.mkdir()
    (folder / "order.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputProblems, match="unfinished batch"):
        run(source, out, Options())


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    source.write_text(GOOD + "\n", encoding="utf-8")
    arguments = ["dedere", "batch", str(source), str(out), "--processes", "1", "--no-statuses"]
    monkeypatch.setattr(sys, "argv", arguments)
    assert main() == 0
    assert "1 rows: 1 results, 0 rejects" in capsys.readouterr().err
    assert set(lines(out)[0]) == {"row", "case", "assessed_on", "outcome", "range", "range_on_record", "determined"}
    assert main() == 2
    assert "the file exists" in capsys.readouterr().err


def test_quoted_line_ends_of_csv_do_not_cut_a_row(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.ndjson"
    rows = "".join(f'"case ""{number}""\nsecond line",2020-01-13,KAZ\n' for number in range(40))
    source.write_text("case,assessed_on,requesting_state\n" + rows, encoding="utf-8")
    assert run(source, out, Options(part_bytes=100)).results == 40
    assert [(r["row"], r["case"]) for r in lines(out)] == [
        (number + 1, f'case "{number}"\nsecond line') for number in range(40)
    ]


@pytest.mark.parametrize("text", ["{}", "[{} {}]", "[{}", "[{}] x", "[,]", "[{},]"])
def test_a_broken_array_is_refused(tmp_path: Path, text: str) -> None:
    source = tmp_path / "in.json"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems, match="JSON"):
        run(source, tmp_path / "out.ndjson", Options(part_bytes=3))

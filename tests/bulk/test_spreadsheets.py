"""A batch takes what LibreOffice and Excel write here, and gives results and rejects that they open.

The files in ``spreadsheets/`` were written by LibreOffice Calc 7.4 in the Ukrainian locale, from one table.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.bulk.run import Options, Totals, run
from api.bulk.spreadsheets import letters, opened
from api.cases.cells import cell
from api.cases.csvrows import decoded, rows
from api.cases.states import code_in, state_codes
from api.cli.app import run as command
from api.documents.language.catalogues import LANGUAGES, speech_in
from api.documents.workbook import facts_of, write
from engine.assess import Engine
from engine.content.documents import Document
from engine.errors import InputProblems
from engine.facts.values import UNKNOWN
from tests.engine.support import fact

HERE = Path(__file__).parent / "spreadsheets"
OPTIONS = Options(statuses=False, ignore=("Прим*",))
#: What the table of the files says, row by row.
CASES: dict[int, dict[str, Any]] = {
    1: {"requesting_state": "KAZ", "requested_state": "UKR", "person_nationalities": ["KAZ"], "detained_here": True,
        "arrested_on": "2020-01-05"},
    2: {"requesting_state": "KAZ", "requested_state": "UKR", "person_nationalities": ["KAZ", "RUS"],
        "detained_here": True},
    4: {"requesting_state": "RUS", "requested_state": "UKR", "detained_here": True},
}  # fmt: skip
COUNTS = {1: [{"sentence_imposed": 12}], 2: [{"sentence_imposed": 12.5}]}
HEAD = "case,assessed_on,requesting_state,requested_state,title\n"


@pytest.fixture(autouse=True)
def law_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of this file take the engine that is there instead of reading the law anew."""
    monkeypatch.setattr("api.bulk.run.load_engine", lambda: engine)


def done(source: Path, folder: Path, ending: str = ".ndjson", options: Options = OPTIONS) -> tuple[Totals, Path]:
    out = folder / f"out{ending}"
    return run(source, out, options), out


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("name", ["cases.xlsx", "cases.ods", "semicolons.csv", "tabs_utf_16.csv", "windows_1251.csv"])
def test_what_libreoffice_writes_gives_what_the_cases_give_alone(engine: Engine, tmp_path: Path, name: str) -> None:
    if name.startswith("cases"):
        pytest.importorskip("python_calamine")
    totals, out = done(HERE / name, tmp_path)
    assert (totals.rows, totals.results, totals.rejects) == (4, 3, 1)
    for result in lines(out):
        row = result["row"]
        facts: dict[str, Any] = {"facts": CASES[row], **({"counts": COUNTS[row]} if row in COUNTS else {})}
        alone = engine.weigh(engine.read(Document(facts, "case")), date(2020, 1, 13))
        assert (result["case"], result["outcome"]) == (f"Справа {row - (row > 3)}", alone.outcome)
    (refused,) = lines(totals.rejects_in)
    assert (refused["row"], refused["case"]) == (5, "Справа 4")
    assert [one["at"] for one in refused["reasons"]] == ["requesting_state", "detained_here", "arrested_on"]
    assert ("windows-1251, which is a guess" in " ".join(totals.notices)) == (name == "windows_1251.csv")


def test_excel_writes_a_mark_semicolons_and_crlf(tmp_path: Path) -> None:
    text = (HERE / "semicolons.csv").read_text(encoding="utf-8").replace("\n", "\r\n")
    source = tmp_path / "excel.csv"
    source.write_bytes(b"\xef\xbb\xbf" + text.encode())
    totals, out = done(source, tmp_path)
    assert (totals.results, totals.rejects, totals.notices) == (3, 1, ())
    assert [one["case"] for one in lines(out)] == ["Справа 1", "Справа 2", "Справа 3"]


def test_characters_that_were_said_are_not_guessed(tmp_path: Path) -> None:
    totals, out = done(HERE / "windows_1251.csv", tmp_path, options=replace(OPTIONS, charset="windows-1251"))
    assert (totals.results, totals.notices) == (3, ())
    assert lines(out)[0]["case"] == "Справа 1"


@pytest.mark.parametrize(
    ("charset", "message"), [("utf-8", "cannot be read as utf-8"), ("klingon", "names no characters")]
)
def test_characters_that_do_not_fit_are_refused(tmp_path: Path, charset: str, message: str) -> None:
    with pytest.raises(InputProblems, match=message):
        done(HERE / "windows_1251.csv", tmp_path, options=replace(OPTIONS, charset=charset))


def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(tmp_path: Path) -> None:
    source = tmp_path / "bare.csv"
    source.write_bytes(f"{HEAD}T-1,2020-01-13,KAZ,UKR,Привіт\n".encode("utf-16-le"))
    assert opened(source).charset == "utf-16-le"
    totals, _ = done(source, tmp_path)
    assert totals.results == 1
    assert "guess" in totals.notices[0]


def test_results_and_rejects_are_spreadsheets_with_the_cell_to_mend(tmp_path: Path) -> None:
    totals, out = done(HERE / "semicolons.csv", tmp_path, ".csv")
    assert [one["case"] for one in table(out)] == ["Справа 1", "Справа 2", "Справа 3"]
    assert {one["assessed_on"] for one in table(out)} == {"2020-01-13"}
    assert totals.rejects_in.name == "out.csv.rejects.csv"
    refused = table(totals.rejects_in)
    assert [(one["row"], one["case"], one["cell"], one["column"]) for one in refused] == [
        ("5", "Справа 4", "C6", "requesting_state"),
        ("5", "Справа 4", "F6", "detained_here"),
        ("5", "Справа 4", "G6", "arrested_on"),
    ]
    assert all(one["problem"] for one in refused)


def test_a_workbook_goes_in_and_workbooks_come_out(tmp_path: Path) -> None:
    calamine = pytest.importorskip("python_calamine")
    pytest.importorskip("xlsxwriter")
    totals, out = done(HERE / "cases.xlsx", tmp_path, ".xlsx", replace(OPTIONS, statuses=True))
    found = calamine.CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in found] == [["row", "case"], [1, "Справа 1"], [2, "Справа 2"], [4, "Справа 3"]]
    assert found[1][found[0].index("open")]
    refused = calamine.CalamineWorkbook.from_path(str(totals.rejects_in)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in refused] == ["cell", "C6", "F6", "G6"]


def test_a_reference_that_looks_like_a_formula_is_inert_in_what_comes_out(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f"{HEAD}=1+1,2020-01-13,KAZ,UKR,x\n=2+2,2020-01-13,ZZZ,UKR,x\n", encoding="utf-8")
    totals, out = done(source, tmp_path, ".csv")
    assert table(out)[0]["case"] == "'=1+1"
    assert table(totals.rejects_in)[0]["case"] == "'=2+2"


def test_columns_of_ones_own_are_passed_over_when_asked_and_named_when_not(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="'Примітки' is not a fact"):
        done(HERE / "semicolons.csv", tmp_path, options=Options())
    for ignore in ("примітки", "П*", "Приміт?и"):
        assert done(HERE / "semicolons.csv", tmp_path, options=replace(OPTIONS, ignore=(ignore,)))[0].results == 3


def test_a_fact_of_an_offence_says_under_which_name_it_is_a_column(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("case;sentence_imposed\nx;1\n", encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        done(source, tmp_path)
    assert "counts[0].sentence_imposed" in caught.value.problems[0].fix


def test_a_cell_under_no_name_is_named(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("case;requesting_state;;\na;KAZ;;\nb;KAZ;x;\n", encoding="utf-8")
    with pytest.raises(InputProblems, match="cell C3 stands under no column name"):
        done(source, tmp_path)
    assert not (tmp_path / "out.ndjson.parts").exists()


@pytest.mark.parametrize("separator", [",", ";"])
def test_two_stray_quotes_swallow_no_rows_in_silence(tmp_path: Path, separator: str) -> None:
    quoted = {3: '"firm 3', 7: 'firm 7"'}
    made = [f"r{number},2020-01-13,KAZ,UKR,{quoted.get(number, 'firm')}\n" for number in range(1, 11)]
    source = tmp_path / "in.csv"
    source.write_text("".join([HEAD, *made]).replace(",", separator), encoding="utf-8")
    if separator == ";":
        with pytest.raises(InputProblems, match="a quote is opened here"):
            done(source, tmp_path)
        return
    totals, _ = done(source, tmp_path)
    (refused,) = lines(totals.rejects_in)
    assert "a quote is opened here" in refused["reasons"][0]["problem"]
    assert refused["case"] == "r3"


def test_the_import_names_the_line_of_a_quote_that_swallows_rows() -> None:
    text = HEAD + 'a,2020-01-13,KAZ,UKR,"x\nb,2020-01-13,KAZ,UKR,y"\n'
    with pytest.raises(InputProblems, match="opened on line 2"):
        rows(text)
    assert len(rows(HEAD + 'a,2020-01-13,KAZ,UKR,"one,\ntwo, three,\nand, so, on, to, the, end"\n')[1]) == 1


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        *[
            ("yes_no", word, "yes")
            for word in ("yes", "Yes", "TRUE", "true", "так", "Так", "да", "ДА", "ІСТИНА", "ИСТИНА")
        ],
        *[("yes_no", word, "no") for word in ("no", "FALSE", "ні", "нет", "ХИБНІСТЬ", "ЛОЖЬ")],
        *[("yes_no", word, UNKNOWN) for word in ("unknown", "невідомо", "Неизвестно")],
        *[("yes_no", word, word) for word in ("1", "0", "мабуть", "+")],
        ("date", "13.01.2020", "2020-01-13"),
        ("date", "1.2.2020", "2020-02-01"),
        *[("date", text, text) for text in ("31.02.2020", "01/02/2020", "43832", "2020-01-02 00:00:00")],
        ("number", "12,5", 12.5),
        ("number", "12", 12),
        *[("number", text, text) for text in ("1,200", "1 200", "nan", "1e3")],
        ("state", "Казахстан", "KAZ"),
        ("state", "ОАЭ", "ARE"),
        ("states", "Україна | Казахстан", ["UKR", "KAZ"]),
        ("states", "немає", []),
        ("states", "NO", ["NO"]),
        ("choice", "B", "b"),
        ("choice", "d", "d"),
        ("set", "a|B", ["a", "b"]),
        ("set", "none", []),
    ],
)
def test_a_cell_is_read_as_people_write_it_and_what_is_doubtful_is_left(kind: str, written: str, meant: Any) -> None:
    assert cell(fact("f", kind), written) == meant


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [letters(at) for at in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_the_import_still_refuses_to_guess_characters() -> None:
    with pytest.raises(InputProblems, match="cannot be read"):
        decoded("Привіт".encode("cp1251"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_drop_down_of_the_template_is_read_back(engine: Engine, language: str) -> None:
    calamine = pytest.importorskip("python_calamine")
    pytest.importorskip("xlsxwriter")
    target = io.BytesIO()
    columns = write(target, engine.pack, speech_in(language), ["case", "detention_here"])
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue()))
    assert book.sheet_names == ["Cases", "Values", "Questions"]
    head = book.get_sheet_by_name("Cases").to_python()[0]
    known = dict(facts_of(engine.pack, ["case", "detention_here"]))
    assert head == ["case", "assessed_on", *known]
    assert len(head) == columns
    states = {code_in(speech_in(language).state(code)) for code in state_codes()}
    offered = {value for row in book.get_sheet_by_name("Values").to_python() for value in row if value}
    assert {code for code in map(code_in, offered) if len(code) == 3 and code.isupper()} >= states & set(state_codes())
    assert len(book.get_sheet_by_name("Questions").to_python()) == len(known) + 1


def test_a_filled_template_goes_through_a_batch(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    source = tmp_path / "filled.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        book.add_worksheet("Notes of mine").write_string(0, 0, "nothing")
        sheet, day = book.add_worksheet("Cases"), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["case", "assessed_on", "requesting_state", "requested_state", "detained_here"])
        sheet.write_row(1, 0, ["T-1", "", "Казахстан", "Україна"])
        sheet.write_datetime(1, 1, date(2020, 1, 13), day)
        sheet.write_boolean(1, 4, True)
    totals, out = done(source, tmp_path)
    assert (totals.results, totals.rejects) == (1, 0)
    assert lines(out)[0]["assessed_on"] == "2020-01-13"


def test_the_command_tells_notices_and_where_the_rejects_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    status = command(["batch", str(HERE / "windows_1251.csv"), str(out), "--ignore", "Примітки", "--processes", "1"])
    told = capsys.readouterr().err
    assert status == 0
    assert "a guess" in told
    assert "4 rows: 3 results, 1 rejects" in told
    assert f"See {out}.rejects.csv" in told

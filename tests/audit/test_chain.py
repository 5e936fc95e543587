"""T10: every edit, deletion, swap, insertion and cut of an exported chain is found and named."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from api.__main__ import main
from api.storage.audit.chain import (
    NO_ENTRY,
    Entry,
    only_ids,
    verify_lines,
)
from api.storage.audit.journal import checked


def chain(length: int, name: str = "wsp_a") -> list[Entry]:
    """A chain of some length."""
    entries: list[Entry] = []
    for seq in range(1, length + 1):
        previous = entries[-1].hash if entries else NO_ENTRY
        at = f"2026-11-23T12:00:{seq % 60:02}.000000Z"
        entries.append(
            Entry(name, seq, at, "usr_one", "matter.read", f"mat_{seq}", {"version": seq}, "", previous).sealed()
        )
    return entries


LINES = [entry.line() for entry in chain(30)]
HEAD = chain(30)[-1].hash


def broken(lines: list[bytes]) -> bool:
    return not verify_lines(lines, [HEAD]).intact


def test_a_whole_chain_is_intact() -> None:
    found = verify_lines(LINES, [HEAD, chain(30)[10].hash])
    assert (found.faults, found.heads, found.lengths) == ([], {"wsp_a": HEAD}, {"wsp_a": 30})


_IDS = st.text("abcXYZ019_.:-", max_size=8)


@given(
    st.builds(
        Entry,
        _IDS,
        st.integers(1, 2**53 - 1),
        _IDS,
        _IDS,
        _IDS,
        _IDS,
        st.dictionaries(_IDS, _IDS | st.integers(0, 9) | st.lists(_IDS, max_size=3), max_size=3),
    )
)
def test_a_line_is_canonical_json_as_of_rfc_8785(entry: Entry) -> None:
    assert entry.sealed().line() == rfc8785.dumps(asdict(entry.sealed())) + b"\n"


def test_several_chains_in_one_export_are_followed_apart() -> None:
    other = [entry.line() for entry in chain(30, "wsp_b")]
    mixed = [line for pair in zip(LINES, other, strict=True) for line in pair]
    assert verify_lines(mixed, [HEAD]).intact


def test_T10_a_thousand_single_byte_edits_are_found() -> None:
    chance, whole = random.Random(1), b"".join(LINES)
    for _ in range(1000):
        changed = bytearray(whole)
        place = chance.randrange(len(whole))
        changed[place] = chance.choice([byte for byte in range(256) if byte != whole[place]])
        assert broken(bytes(changed).splitlines(keepends=True))


def _damaged(chance: random.Random) -> list[bytes]:
    lines = LINES.copy()
    place, other = chance.sample(range(len(lines)), 2)
    match chance.randrange(4):
        case 0:
            del lines[place]
        case 1:
            lines[place], lines[other] = lines[other], lines[place]
        case 2:
            lines.insert(place, lines[other])
        case _:
            del lines[min(place, other) :]
    return lines


def test_T10_a_thousand_deletions_swaps_insertions_and_cuts_are_found() -> None:
    chance = random.Random(2)
    assert all(broken(_damaged(chance)) for _ in range(1000))


def test_T10_a_rewritten_end_is_found_by_an_earlier_head() -> None:
    forged = chain(29)
    forged.append(Entry("wsp_a", 30, "2026", "usr_other", "matter.read", "mat_1", {}, "", forged[-1].hash).sealed())
    lines = [entry.line() for entry in forged]
    assert verify_lines(lines).intact
    assert "cut off or rewritten" in str(verify_lines(lines, [HEAD]).faults[0])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (LINES[:4] + LINES[6:], "missing before it: entries 5 to 6"),
        (LINES[:4] + LINES[5:], "missing before it: entry 5"),
        ([LINES[1], LINES[0], *LINES[2:]], "missing before it: entry 1"),
        ([LINES[0], LINES[0], *LINES[1:]], "line 2 (entry 1 of wsp_a): out of order or repeated: entry 2 was expected"),
        ([LINES[0].replace(b"mat_1", b"mat_9"), *LINES[1:]], "line 1 (entry 1 of wsp_a): changed: its hash"),
        ([LINES[0].replace(b":", b": ", 1), *LINES[1:]], "line 1: changed: not an entry in canonical form"),
        ([*LINES, b"\xff\n"], "line 31: changed: not an entry"),
        ([*LINES, b"[" * 100_000], "line 31: changed: not an entry"),
        ([*LINES, LINES[0].replace(b"usr_one", b"\\ud800")], "line 31: changed: not an entry"),
        ([*LINES, LINES[0].replace(b'"seq":1', b'"seq":true')], "line 31: changed: not an entry"),
    ],
)
def test_faults_are_named_by_their_place(lines: list[bytes], said: str) -> None:
    assert any(said in str(fault) for fault in verify_lines(lines).faults)


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_no_input_is_too_strange_to_verify(lines: list[bytes]) -> None:
    assert not verify_lines(lines).intact


def test_an_empty_export_is_no_chain() -> None:
    assert [str(fault) for fault in verify_lines([]).faults] == ["nothing: has no entries"]


@pytest.mark.parametrize("text", ["Ivan Petrenko", "a\nb", "Иван", "x" * 81, "a/b", "a@b"])
def test_what_is_not_an_id_never_enters_the_chain(text: str) -> None:
    for act in (
        lambda: only_ids(text),
        lambda: checked("matter.read", text, {}),
        lambda: checked("x", "y", {"matters": [text]}),
    ):
        with pytest.raises(ValueError, match="ids only") as refused:
            act()
        assert text not in str(refused.value)


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    import api.cli.app

    monkeypatch.setitem(api.cli.app.COMMANDS, "audit", "Verify an audit chain offline")
    monkeypatch.setattr("sys.argv", ["dedere", "audit", *arguments])
    return main()


def test_the_command_says_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "audit.ndjson"
    path.write_bytes(b"".join(LINES))
    assert _run(monkeypatch, "verify", str(path), "--head", HEAD.upper()) == 0
    assert capsys.readouterr().out.splitlines() == ["Intact", f"wsp_a: 30 entries, head {HEAD}"]
    path.write_bytes(b"".join(LINES[:-1]))
    assert _run(monkeypatch, "verify", str(path)) == 0
    capsys.readouterr()
    assert _run(monkeypatch, "verify", str(path), "--head", HEAD) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Broken: 1 fault",
        f"head {HEAD[:12]}: not in the chain: its end was cut off or rewritten",
    ]


def test_the_command_refuses_what_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "verify", str(tmp_path / "none")) == 1
    assert _run(monkeypatch, "verify", f"sqlite:///{tmp_path / 'none.db'}") == 2
    assert _run(monkeypatch, "verify", str(tmp_path / "none"), "--head", "xyz") == 2
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "not.db").write_bytes(b"not a database at all" * 100)
    assert _run(monkeypatch, "verify", f"sqlite:///{tmp_path / 'not.db'}") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_escape_codes_in_a_forged_export_do_not_reach_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "audit.ndjson"
    path.write_bytes(Entry("wsp\x1b[2J", 1, "", "", "", "").sealed().line())
    _run(monkeypatch, "verify", str(path))
    assert "\x1b" not in capsys.readouterr().out

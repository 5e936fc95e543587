"""The interview in the terminal: from nothing to an outcome, interrupted, resumed, killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.support import TOY, dedere, environment, here, on_a_terminal, write

#: What is typed for each fact, by the name shown after the question.
ORACLE = {
    "requesting_state": "Andorra",
    "requested_state": "MCO",
    "counts": "The vase\n",
    "mill_feared": "no",
    "mill_closed": "?",
    "stuffing": "2",
    "age": "3",
    "marks": "none",
    "nap_wanted": "n",
    "nap_status": "never",
    "sleepy": "no",
    "sleepiness_finding": "none_made",
    "homes": "none",
    "broke_vase": "yes",
    "promises": "none",
    "nap_steps": "none",
}


def typed_for(case: Path, oracle: dict[str, str] = ORACLE, most: int = 40) -> tuple[str, str]:
    """Run the interview again and again, each time typing the answer to the last question; all that was typed."""
    typed = "The doll\n"
    for _ in range(most):
        case.unlink(missing_ok=True)
        out = here("ask", str(case), "--on", "1950-06-01", typed=typed).out
        if "no fact still unknown can change" in out or "nothing is left" in out:
            return typed, out
        asked = re.findall(r"\((\w+)\)\n", out.split("So far:")[-1])
        answer = oracle[asked[0]]
        typed += answer + "\n" + ("" if answer == "?" or asked[0] in ("counts", "promises", "nap_steps") else "\n")
    raise AssertionError("the interview does not end")


def facts_in(case: Path) -> dict[str, Any]:
    """The facts of a case file, as YAML has them."""
    found: dict[str, Any] = yaml.safe_load(case.read_text("utf-8"))
    return found


def test_an_interview_makes_a_case_file_and_ends_settled(tmp_path: Path) -> None:
    case = tmp_path / "doll.yaml"
    _typed, out = typed_for(case)
    count = re.search(r"After (\d+) answers no fact", out)
    assert count
    assert int(count[1]) == len(facts_in(case)["facts"]) + 1 + 2, "facts, what was broken, the list and its one item"
    assert "Outcome: admissible" in out
    assert here("assess", str(case)).out.startswith(
        "The doll (doll)\nADMISSIBLE. Nothing examined here forbids surrender, on the word of whoever"
    )
    assert "?" not in here("ask", str(case)).out, "an interview that is over asks nothing"


def test_the_outcome_is_shown_as_it_evolves(tmp_path: Path) -> None:
    _, out = typed_for(tmp_path / "doll.yaml")
    assert "So far: undetermined (possible: from admissible to inadmissible)" in out
    assert re.findall(r"(\d+) answers?\. So far", out) == sorted(
        set(re.findall(r"(\d+) answers?\. So far", out)), key=int
    )


def test_standing_and_by_whom_are_asked_and_kept(tmp_path: Path) -> None:
    case = tmp_path / "doll.yaml"
    here(
        "ask",
        str(case),
        typed="\n1950-06-01\nThe vase\n\nAND\ne by letter\nMCO\n\nno\np\nwool\nthe toymaker\n3\ns\nq\n",
    )
    assert facts_in(case)["facts"] == {
        "requesting_state": {"value": "AND", "standing": "established", "by": "by letter"},
        "requested_state": {"value": "MCO", "standing": "established", "by": "by letter"},
        "mill_feared": {"value": False, "standing": "asserted", "by": "person"},
        "stuffing": {"value": "wool", "standing": "asserted", "by": "the toymaker"},
        "age": {"value": 3, "standing": "asserted", "by": "state"},
    }
    assert here("assess", str(case)).status == 0


def test_a_disputed_fact_has_what_each_side_says(tmp_path: Path) -> None:
    case = Path(
        write(
            tmp_path, TOY.replace("  ground_up: {value: yes, standing: asserted, by: person, exhibits: [photo]}\n", "")
        )
    )
    out = here("ask", str(case), typed="d\nmaybe\nyes\nno\nq\n").out
    assert "'maybe' is not an answer" in out
    assert facts_in(case)["facts"]["mill_feared"] == {"standing": "disputed", "person": True, "state": False}


def test_why_says_which_grounds_hang_on_it(tmp_path: Path) -> None:
    out = here("ask", write(tmp_path, TOY), typed="why\nhelp\nq\n").out
    assert "These grounds hang on it" in out
    assert "TOY art 2: The mill (toy-1900.mill)" in out
    assert out.count("Besides an answer you can type") == 2


def test_what_is_not_understood_is_asked_again(tmp_path: Path) -> None:
    case = write(tmp_path, TOY)
    out = here("ask", case, typed="perhaps\n\nnonsense\nq\n").out
    assert out.count("Is the mill closed?") == 4
    assert Path(case).read_text("utf-8") == TOY


def test_skip_back_and_quit(tmp_path: Path) -> None:
    case = write(tmp_path, TOY)
    out = here("ask", case, typed="b\nskip\nback\nyes\n\nback\nq\n").out
    assert "there is nothing to take back" in out
    assert "Saved after 0 answers; the same command goes on from here." in out
    assert facts_in(Path(case)) == yaml.safe_load(TOY)


def test_the_end_of_the_input_saves_what_was_answered(tmp_path: Path) -> None:
    case = write(tmp_path, TOY)
    ran = here("ask", case, typed="yes\np\n")
    assert ran.status == 0
    assert "Saved after 1 answer;" in ran.out
    assert facts_in(Path(case))["facts"]["mill_closed"]["value"] is True


def test_leaving_before_anything_is_said_writes_nothing(tmp_path: Path) -> None:
    for typed in ("", "q\n", "A title\nquit\n"):
        ran = here("ask", str(tmp_path / "new.yaml"), typed=typed)
        assert ran.status == 0
        assert "Nothing was written." in ran.out
        assert not (tmp_path / "new.yaml").exists()


def test_a_file_without_a_date_is_asked_for_one(tmp_path: Path) -> None:
    case = Path(write(tmp_path, TOY.replace("assessed_on: 1950-06-01\n", "")))
    out = here("ask", str(case), typed="soon\n1950-06-01\nq\n").out
    assert "'soon' is not a date" in out
    assert str(facts_in(case)["assessed_on"]) == "1950-06-01"


def test_a_file_with_faults_is_refused_with_its_lines(tmp_path: Path) -> None:
    ran = here("ask", write(tmp_path, TOY + "facts: {}\n"))
    assert ran.status == 2
    assert "'facts' is given twice" in ran.err
    clash = TOY.replace("facts:\n", "facts:\n  mill_feared: no\n")
    ran = here("ask", write(tmp_path, clash))
    assert ran.status == 2
    assert re.search(r"case\.yaml:\d+ /facts/ground_up: ", ran.err)


def test_comments_of_a_case_file_survive_the_interview(tmp_path: Path) -> None:
    case = write(tmp_path, "# from the spring files\n" + TOY.replace("facts:\n", "facts:   # checked twice\n"))
    here("ask", case, typed="yes\n\nwool\n\nq\n")
    text = Path(case).read_text("utf-8")
    assert text.startswith("# from the spring files\n")
    assert "# checked twice" in text
    assert "stuffing: wool" in text


@pytest.mark.parametrize("after", [1, 3])
def test_killed_in_the_middle_nothing_answered_is_lost(tmp_path: Path, after: int) -> None:
    case = Path(write(tmp_path, TOY))
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "ask", str(case)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED="1"),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    answers = ["no\n\n", "wool\n\n", "3\n\n"][:after]
    process.stdin.write("".join(answers).encode())
    process.stdin.flush()
    os.set_blocking(process.stdout.fileno(), False)
    said, deadline = b"", time.monotonic() + 50
    while f"{after} answer".encode() not in said and time.monotonic() < deadline:
        said += process.stdout.read() or b""
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = facts_in(case)["facts"]
    assert [name for name in ("mill_closed", "stuffing", "age") if name in kept] == ["mill_closed", "stuffing", "age"][
        :after
    ]
    assert list(tmp_path.iterdir()) == [case]
    resumed = dedere("ask", str(case), typed="q\n")
    assert resumed.status == 0
    assert ["stuffing", "age", "marks"][after - 1] in resumed.out.split("So far:")[1]


def test_on_a_terminal_a_question_stands_on_its_own(tmp_path: Path) -> None:
    ran = on_a_terminal("ask", write(tmp_path, TOY), typed=b"no\np\nq\n")
    assert ran.status == 0
    assert "\x1b[1mIs the mill closed?" in ran.out
    assert "\x1b[1mWhat is it stuffed with?" in ran.out
    assert "1 answer. So far:" in re.sub(r"\x1b\[[0-9;]*m", "", ran.out)

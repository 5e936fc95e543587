"""The kept code of the program: used when it is right, made again when it is anything else."""

from __future__ import annotations

import marshal
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.law import programs
from api.law.content import load_engine
from api.law.kept import keep
from api.settings import Settings
from engine.assess import Engine
from engine.inference import compiled as compiled_module
from tests.api.support import ROOT, TOYLAND


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Toyland to change, with a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(TOYLAND, tmp_path / "law"))


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Grows by one whenever a program is compiled."""
    made: list[Any] = []
    real = compiled_module.compiled
    monkeypatch.setattr(compiled_module, "compiled", lambda program: made.append(program) or real(program))
    return made


def load(law: Path) -> Engine:
    return load_engine(Settings(content=law))


def kept(tmp_path: Path) -> Path:
    """The one file of kept code."""
    (found,) = (tmp_path / "cache" / "dedere").glob("program-*")
    return found


def test_a_second_start_compiles_nothing_and_has_the_same_code(law: Path, compilations: list[Any]) -> None:
    first = load(law)
    second = load(law)
    assert len(compilations) == 1
    assert second.compiled.codes == first.compiled.codes


def test_the_real_law_answers_the_same_from_kept_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert load(ROOT).compiled.codes == load(ROOT).compiled.codes


def test_changed_law_is_compiled_anew(law: Path, tmp_path: Path, compilations: list[Any]) -> None:
    load(law)
    before = kept(tmp_path).read_bytes()
    file = law / "rules" / "toy-1900" / "all.yaml"
    file.write_text(file.read_text("utf-8") + "# a remark\n", "utf-8")
    load(law)
    assert len(compilations) == 2
    assert kept(tmp_path).read_bytes() != before


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "noise", "other form"])
def test_damaged_code_is_made_again(law: Path, tmp_path: Path, compilations: list[Any], damage: str) -> None:
    load(law)
    file = kept(tmp_path)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(
        {
            "truncated": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "empty": b"",
            "noise": os.urandom(500),
            "other form": whole.replace(b"program 1", b"program 0", 1),
        }[damage]
    )
    load(law)
    assert len(compilations) == 2
    assert kept(tmp_path).read_bytes() == whole


MODULES = ["content/conditions.py", "inference/program.py", "treaties/relations.py"]


@pytest.mark.parametrize("what", ["engine", "python", *MODULES])
def test_code_of_another_version_is_made_again(
    law: Path, compilations: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    load(law)
    if what == "engine":
        monkeypatch.setattr(programs, "ENGINE_VERSION", "0.0.0")
    elif what == "python":
        monkeypatch.setattr(programs.sys, "version", "2.7")
    else:
        source = shutil.copytree(ROOT / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
        monkeypatch.setattr(programs, "_ENGINE", source)
        (source / what).write_text("", "utf-8")
    load(law)
    assert len(compilations) == 2


def test_code_that_others_can_write_is_not_used(law: Path, tmp_path: Path, compilations: list[Any]) -> None:
    load(law)
    kept(tmp_path).chmod(0o666)
    load(law)
    assert len(compilations) == 2
    assert kept(tmp_path).stat().st_mode & 0o077 == 0


def test_code_of_another_user_is_not_used(law: Path, compilations: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    load(law)
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    load(law)
    assert len(compilations) == 2


def foreign(text: str) -> Any:
    """A function's code, as somebody else might write it."""
    return compile(text, "<foreign>", "exec").co_consts[0]


@pytest.mark.parametrize(
    "forged",
    [
        lambda codes: codes[:-1],
        list,
        lambda codes: "code",
        lambda codes: (*codes[:-1], 7),
        lambda codes: (*codes[:-1], foreign("def one(H, P, N):\n    print(H)\n")),
        lambda codes: (*codes[:-1], foreign("def one(H, P, N):\n    H[0] = 'word'\n")),
        lambda codes: (*codes[:-1], foreign("def one(H, P):\n    H[0] = P[0]\n")),
    ],
    ids=["too few", "a list", "a word", "a number", "names a function", "holds a word", "other arguments"],
)
def test_whole_but_foreign_code_is_not_used(law: Path, tmp_path: Path, compilations: list[Any], forged: Any) -> None:
    engine = load(law)
    file = kept(tmp_path)
    whole = file.read_bytes()
    keep(file, whole.split(b"\n", 1)[0] + b"\n", marshal.dumps(forged(engine.compiled.codes)))
    assert load(law).compiled.codes == engine.compiled.codes
    assert len(compilations) == 2
    assert file.read_bytes() == whole


def test_what_is_no_code_at_all_is_not_used(law: Path, tmp_path: Path, compilations: list[Any]) -> None:
    load(law)
    file = kept(tmp_path)
    keep(file, file.read_bytes().split(b"\n", 1)[0] + b"\n", b"\xff\x00 not marshal")
    load(law)
    assert len(compilations) == 2


def test_a_folder_that_cannot_be_written_is_done_without(
    law: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load(law).pack.version == "toy"

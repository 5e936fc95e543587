"""House rules: what each room may never contain, and the sizes at which a module is split."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pycountry
import pytest

ROOT = Path(__file__).parents[2]
ENGINE = sorted((ROOT / "engine").rglob("*.py"))
MODULES = sorted([*ENGINE, *(ROOT / "api").rglob("*.py")])
LEGAL = r"\b(echr|cat|iccpr|minsk|chisinau|montevideo|refugee|asylum|torture|ets ?\d+|convention|covenant)\b"
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "environ", "getenv", "urlopen", "socket"}
OUTSIDE = {"time", "socket", "os", "urllib", "http", "requests", "httpx", "random", "secrets", "subprocess", "asyncio"}


def _names_of_states() -> str:
    names = {name for country in pycountry.countries for name in (country.name, getattr(country, "common_name", ""))}
    return r"\b(" + "|".join(re.escape(name) for name in sorted(names) if name) + r")\b"


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_engine_names_no_treaty_and_no_state(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(LEGAL, text, flags=re.IGNORECASE) == []
    assert re.findall(_names_of_states(), text, flags=re.IGNORECASE) == []


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_engine_has_no_clock_no_network_and_no_environment(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name.split(".")[0] for name in imported} & OUTSIDE
    assert not used & CLOCKS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_one_idea_with_a_sign_on_its_door(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


def test_imports_point_one_way() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_no_path_of_this_machine_stands_in_the_tree() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    here = (str(ROOT) + "/", str(Path.home()) + "/")
    texts = [ROOT / name for name in listed.stdout.splitlines() if not name.endswith((".png", ".ttf"))]
    found = [
        path for path in texts if path.is_file() and any(place in path.read_text("utf-8", "replace") for place in here)
    ]
    assert found == []


ROOMS = sorted(path for top in ("api", "engine") for path in (ROOT / top).rglob("__init__.py"))


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.parent.relative_to(ROOT).as_posix())
def test_the_sign_of_a_room_is_short_and_names_only_what_is_there(path: Path) -> None:
    sign = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert sign
    assert len(sign.splitlines()) <= 13
    room, source = path.parent, path.read_text("utf-8")
    for name in re.findall(r"``([a-z_]+(?:\.[a-z]+)?(?:/[a-z_]+(?:\.[a-z]+)?)*)/?``", sign):
        places = (room / name, room / f"{name}.py", ROOT / name, ROOT / f"{name}.py")
        defined = any(
            re.search(rf"(?m)^(def |class )?{name}\b", module.read_text("utf-8")) for module in room.glob("*.py")
        )
        assert any(place.exists() for place in places) or defined or name in source.replace(sign, ""), f"{path}: {name}"


def test_nothing_lies_loose_at_the_top_of_api() -> None:
    loose = {path.name for path in (ROOT / "api").glob("*.py")}
    assert loose == {"__init__.py", "__main__.py", "settings.py"}


def test_the_map_of_api_shows_every_room_and_no_other() -> None:
    listed = (ROOT / "api" / "README.md").read_text("utf-8").split("```")[1]
    named = set(re.findall(r"(?m)(?:^|  )([a-z]+)/ ", listed))
    assert named == {path.parent.name for path in (ROOT / "api").glob("*/__init__.py")}

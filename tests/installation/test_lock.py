"""An environment made from the locks alone, while a registry offers a newer release of everything.

The recipes of the Makefile run in a tree of their own, with the oldest supported pip and with the newest.
"""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from scripts import release
from tests.conftest import ROOT
from tests.installation.support import copy_of_the_tree, run

#: The pip that the oldest Debian of each Python brings.
OLDEST_PIP = {(3, 11): "23.0.1", (3, 12): "23.2.1", (3, 13): "24.2", (3, 14): "25.2"}
NEWER = "9999.1"
LOCK = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings under which pip and uv are offered a newer release of every locked package, and of uv."""
    folder = tmp_path_factory.mktemp("newer")
    for name in {"uv", *(package["name"] for package in LOCK)} - {"dedere"}:
        spelled = name.replace("-", "_").replace(".", "_")
        described = f"{spelled}-{NEWER}.dist-info"
        with zipfile.ZipFile(folder / f"{spelled}-{NEWER}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{described}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {NEWER}\n")
            wheel.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{described}/RECORD", "")
    return {"PIP_FIND_LINKS": str(folder), "UV_FIND_LINKS": str(folder)}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree in which nothing is installed yet but the pip that this Python brings."""
    folder = copy_of_the_tree(tmp_path_factory.mktemp("installed") / "tree")
    run("make", ".uv/bin/python", cwd=folder)
    return folder


def installed(tree: Path, environment: str) -> dict[str, str]:
    """Every package in an environment of a tree, with its version."""
    listed = run(tree / ".uv/bin/uv", "pip", "list", "--python", environment, "--format", "json", cwd=tree)
    return {one["name"]: one["version"] for one in json.loads(listed)}


@pytest.mark.parametrize("pip", [f"=={OLDEST_PIP[sys.version_info[:2]]}", ">24"], ids=["oldest", "newest"])
def test_the_installer_is_the_locked_one_with_the_oldest_and_the_newest_pip(
    pip: str, tree: Path, newer: dict[str, str], tmp_path: Path
) -> None:
    ask = (tree / ".uv/bin/python", "-m", "pip", "--disable-pip-version-check")
    run(*ask, "install", "--quiet", "--upgrade", f"pip{pip}", cwd=tree)
    (tree / ".uv/ready").unlink(missing_ok=True)
    run("make", ".uv/ready", cwd=tree, **newer)
    locked = (ROOT / "requirements" / "uv.txt").read_text("utf-8").split()[0].partition("==")[2]
    assert installed(tree, ".uv")["uv"] == locked
    offered = run(*ask, "download", "uv", "--no-deps", "--no-index", cwd=tmp_path, **newer)
    assert NEWER in offered, "nothing newer was offered, so nothing was shown"


def test_a_newer_release_of_any_package_changes_nothing(tree: Path, newer: dict[str, str], tmp_path: Path) -> None:
    run("make", ".venv/runtime", cwd=tree, **newer)
    here = installed(tree, ".venv")
    assert {name: version for name, version in here.items() if name != "dedere"} == dict(release.locked())
    unlocked = run(tree / ".uv/bin/uv", "pip", "compile", "pyproject.toml", "--quiet", "--no-deps", cwd=tree, **newer)
    assert f"pydantic=={NEWER}" in unlocked, "nothing newer was offered, so nothing was shown"
    program = "import api, durable_rules_engine; print(api.__file__)"
    assert run(tree / ".venv/bin/python", "-c", program, cwd=tmp_path).strip() == f"{tree}/api/__init__.py"


def test_a_package_that_was_changed_is_refused(tree: Path) -> None:
    run("make", ".uv/ready", cwd=tree)
    (package,) = [one for one in LOCK if one["name"] == "segno"]
    lock = tree / "uv.lock"
    text = lock.read_text("utf-8")
    for file in (*package["wheels"], package["sdist"]):
        text = text.replace(file["hash"], "sha256:" + "0" * 64)
    lock.write_text(text, "utf-8")
    shutil.rmtree(tree / ".venv", ignore_errors=True)
    with pytest.raises(AssertionError, match=r"(?i)hash mismatch for `?segno"):
        run("make", ".venv/runtime", cwd=tree)

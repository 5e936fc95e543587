"""T30: locked by hash, reproducible, and open about what is in it and which part is risky."""

from __future__ import annotations

import os
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from scripts import release
from tests.conftest import ROOT
from tests.installation.support import copy_of_the_tree


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;, ]", name)[0]).lower()


def test_T30_every_locked_package_has_its_hash_and_comes_from_the_public_registry() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    (itself,) = [package for package in packages if package["source"] == {"editable": "."}]
    others = [package for package in packages if package is not itself]
    assert {str(package["source"]) for package in others} == {"{'registry': 'https://pypi.org/simple'}"}
    files = [file for package in others for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]]
    assert len(files) > len(others) > 100
    assert [file for file in files if not file["hash"].startswith("sha256:")] == []
    assert [file for file in files if not file["url"].startswith("https://files.pythonhosted.org/")] == []


def test_T30_the_installer_is_one_version_by_hash() -> None:
    begun, *rest = (ROOT / "requirements" / "uv.txt").read_text("utf-8").replace("\\\n", "").splitlines()
    assert rest == []
    assert re.fullmatch(r"uv==[0-9.]+( +--hash=sha256:[0-9a-f]{64})+ *", begun)


def test_T30_whatever_is_asked_for_is_locked() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    locked = {_normal(name) for name, _ in release.locked()}
    assert {_normal(name) for name in asked} - locked == set()


@pytest.mark.parametrize("name", ["Makefile", "Containerfile"])
def test_T30_an_installation_takes_locked_hashes_only(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace("$(FROM_LOCK)", "--frozen")
    installs = re.findall(r"pip install[^&\n]*|uv sync[^&\n]*|\$\(UV\) sync[^&\n]*", text)
    assert len(installs) > 1
    assert [line for line in installs if not {"--require-hashes", "--frozen"} & set(line.split())] == []


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a wheel is made of."""
    return copy_of_the_tree(tmp_path_factory.mktemp("tree") / "dedere")


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of that copy."""
    return release.build(tmp_path_factory.mktemp("one"), tree)


def test_T30_a_second_build_elsewhere_and_later_is_the_same_to_the_byte(
    tree: Path, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", release.epoch())
    monkeypatch.setenv("TZ", "Asia/Almaty")
    moved = tree.rename(tree.with_name("elsewhere"))
    for path in moved.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = release.build(tmp_path, moved)
    moved.rename(tree)
    assert again.read_bytes() == wheel.read_bytes()
    assert {"api/__main__.py", "api/_content/rules/variants.yaml"} <= set(zipfile.ZipFile(wheel).namelist())


def test_T30_builds_that_differ_are_no_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter((b"1", b"2"))

    def differ(folder: Path) -> Path:
        (folder / "x.whl").write_bytes(next(numbers))
        return folder / "x.whl"

    monkeypatch.setattr(release, "build", differ)
    assert release.main([str(tmp_path)]) == 1
    assert list(tmp_path.iterdir()) == []


def test_T30_the_bill_names_every_package_with_its_licence(wheel: Path) -> None:
    bill = release.bill_of_materials(wheel)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [(one["name"], one["version"]) for one in bill["components"]] == release.locked()
    assert all(one["licenses"] for one in bill["components"])
    assert bill["metadata"]["component"]["hashes"][0]["content"] == release.digest(wheel)
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])


def test_T30_durable_rules_is_named_as_risky_with_its_containment(wheel: Path) -> None:
    (found,) = [one for one in release.bill_of_materials(wheel)["components"] if one["name"] == "durable-rules"]
    (said,) = [one["value"] for one in found["properties"] if one["name"] == "dedere:risky-component"]
    assert "only engine/inference/durable.py imports it" in said
    importers = [
        path
        for path in (ROOT / "engine").rglob("*.py")
        if re.search(r"^\s*(import|from) durable\b", path.read_text(), re.M)
    ]
    assert [path.relative_to(ROOT).as_posix() for path in importers] == ["engine/inference/durable.py"]


def test_T30_a_package_that_is_not_here_is_no_release() -> None:
    with pytest.raises(release.Failed, match="not installed here"):
        release.component("no-such-package", "1.0")

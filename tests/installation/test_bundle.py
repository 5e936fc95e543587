"""The bundle installs where there is no network, no compiler and nothing but Python and a shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.installation.support import copy_of_the_tree, run

#: All that the installer may use of a machine.
PROGRAMS = ("sh", "dirname", "head", "sha256sum", "uname")
ALONE = ("unshare", "--net", "--map-root-user")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked bundle, made from a fresh tree."""
    tree = copy_of_the_tree(tmp_path_factory.mktemp("made") / "tree")
    run("make", "bundle", cwd=tree)
    (archive,) = (tree / "dist").iterdir()
    place = tmp_path_factory.mktemp("carried")
    with tarfile.open(archive) as file:
        file.extractall(place, filter="data")
    shutil.rmtree(tree)
    (found,) = place.iterdir()
    return found


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path with those programs and this Python, without a compiler."""
    folder = tmp_path_factory.mktemp("bare")
    for name in PROGRAMS:
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    (folder / f"python{sys.version_info[0]}.{sys.version_info[1]}").symlink_to(base)
    return folder


def alone(bare: Path, home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a network namespace without any route."""
    if subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    unshare = shutil.which("unshare") or ""
    return subprocess.run(
        [unshare, *ALONE[1:], *command],
        env={"PATH": str(bare), "HOME": str(home)},
        cwd=home,
        check=False,
        capture_output=True,
        text=True,
    )


def test_it_installs_and_answers_without_network_and_compiler(bundle: Path, bare: Path, tmp_path: Path) -> None:
    reach = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    refused = alone(bare, tmp_path, sys.executable, "-c", reach)
    assert "Network is unreachable" in refused.stderr, "there is a network"
    done = alone(bare, tmp_path, bundle / "install", "here")
    assert done.returncode == 0, done.stderr
    assert f"Begin with: {tmp_path}/here/bin/dedere serve" in done.stdout
    case = shutil.copy(ROOT / "examples" / "akhmetova.yaml", tmp_path)
    answer = alone(bare, tmp_path, tmp_path / "here/bin/dedere", "assess", case, "--on", "2020-01-13")
    with_tree = run(sys.executable, "-m", "api", "assess", str(case), "--on", "2020-01-13", cwd=tmp_path, COLUMNS="80")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == with_tree
    again = alone(bare, tmp_path, bundle / "install", "here")
    assert (again.returncode, again.stderr.split(": ")[0]) == (2, f"{tmp_path}/here is there already")


@pytest.fixture
def changed(bundle: Path, tmp_path: Path) -> Iterator[Path]:
    """A bundle that a test may change: the large files are shared."""
    copy = tmp_path / "changed"
    shutil.copytree(bundle, copy, copy_function=lambda source, target: Path(target).hardlink_to(source))
    for path in (copy / "made-for", copy / "SHA256SUMS"):
        text = path.read_text("utf-8")
        path.unlink()
        path.write_text(text, "utf-8")
    return copy


def test_a_damaged_file_is_refused(changed: Path, bare: Path, tmp_path: Path) -> None:
    (changed / "requirements.txt").unlink()
    (changed / "requirements.txt").write_text("", "utf-8")
    done = alone(bare, tmp_path, changed / "install", "here")
    assert done.returncode == 2
    assert "A file of this bundle is damaged or missing" in done.stderr
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('SYSTEM="Linux sparc"', "This bundle is for Linux sparc, and this is"),
        ('PYTHON_VERSION="3.9"', "Python 3.9 is missing: this bundle was made for it."),
    ],
)
def test_another_machine_is_told_what_differs(line: str, said: str, changed: Path, bare: Path, tmp_path: Path) -> None:
    made_for = changed / "made-for"
    made_for.write_text(f"{made_for.read_text('utf-8')}{line}\n", "utf-8")
    sums = [one for one in (changed / "SHA256SUMS").read_text("utf-8").splitlines() if "made-for" not in one]
    (changed / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")
    done = alone(bare, tmp_path, changed / "install", "here")
    assert done.returncode == 2
    assert said in done.stderr

"""Trees of their own in which the recipes of the Makefile run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

#: What a clone does not have, and the tests, of which only the decided cases travel with the program.
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".uv", ".bench", ".pythons", ".*_cache", ".hypothesis", "__pycache__", "site", "dist", "cases"
)


def copy_of_the_tree(folder: Path) -> Path:
    """Copy what an installation reads, and nothing that was installed or built."""
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    shutil.copytree(ROOT / "tests" / "cases" / "decided", folder / "tests" / "cases" / "decided")
    return folder


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command with this Python as the chosen one; what it prints, if it ends well."""
    settings = {**os.environ, "PYTHON": str(getattr(sys, "_base_executable", sys.executable)), **environment}
    done = subprocess.run(command, cwd=cwd, env=settings, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

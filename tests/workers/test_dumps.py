"""M11: neither the server nor a worker leaves a core dump, which would hold what it works on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

_ABORTED = """
import os, resource, sys
sys.path.insert(0, sys.argv[1])
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
from api.cli import serve
serve._listen = lambda *_: os.abort()
serve.command(host="127.0.0.1", port=0, processes=1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the call is Linux's")
def test_M11_a_server_that_crashes_leaves_no_core_dump(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _ABORTED, str(ROOT)], cwd=tmp_path, stderr=subprocess.DEVNULL)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = 0
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert not list(tmp_path.iterdir())

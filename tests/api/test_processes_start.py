"""A process of several tells its parent that it lives before it imports the application, so that a slow start is none."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import pytest

from api.cli import serve
from tests.api.support import environment

_UNPICKLED = "import pickle, sys; pickle.load(sys.stdin.buffer); print('api.web.app' in sys.modules, 'engine.assess' in sys.modules)"


def test_what_a_process_is_given_imports_neither_application_nor_law(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = []
    monkeypatch.setenv("DEDERE_DATA", str(tmp_path))
    monkeypatch.setattr(serve, "Multiprocess", lambda config, sockets: given.append(config) or _Nothing())
    monkeypatch.setattr(serve, "_greet", lambda *_, **__: None)
    serve._several(None, "127.0.0.1", serve.Settings(), 2)  # type: ignore[arg-type]
    sent = pickle.dumps(given[0])
    done = subprocess.run(
        [sys.executable, "-c", _UNPICKLED], input=sent, env=environment(), capture_output=True, check=True
    )
    assert done.stdout.split() == [b"False", b"False"]


class _Nothing:
    def run(self) -> None:
        """End at once."""

"""Commands run as a person runs them: in a process of their own, in a pipe or on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from api.cli.app import run

ROOT = Path(__file__).parents[2]
TOYLAND = ROOT / "tests" / "toyland"
TOY = """\
case: rag-doll
title: A rag doll
assessed_on: 1950-06-01
exhibits:
  photo: {title: A photograph}
facts:
  requesting_state: {value: AND, standing: established}
  requested_state: {value: MCO, standing: established}
  ground_up: {value: yes, standing: asserted, by: person, exhibits: [photo]}
counts:
  - {id: vase, title: The vase, broke_vase: yes}
  - {id: jug, title: The jug}
"""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def faultless(self) -> bool:
        """Whether nothing looks like a traceback."""
        return "Traceback" not in self.out + self.err


def environment(content: Path = TOYLAND, **more: str) -> dict[str, str]:
    """The environment of a command: Toyland's law, nothing of the machine's terminal."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "TERM", "FORCE_COLOR")
    }
    return {**kept, "DEDERE_CONTENT": str(content), "PYTHONPATH": str(ROOT), **more}


def dedere(*arguments: str, typed: str = "", cwd: Path = ROOT, content: Path = TOYLAND, **more: str) -> Ran:
    """Run a command in pipes."""
    done = subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        input=typed.encode("utf-8", "surrogateescape"),
        capture_output=True,
        cwd=cwd,
        env=environment(content, **more),
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def here(*arguments: str, typed: str = "", content: Path = TOYLAND, **more: str) -> Ran:
    """Run a command in this process: the same code, without the start of a process."""
    out, err = StringIO(), StringIO()
    with (
        patch.dict(os.environ, environment(content, **more), clear=True),
        patch.object(sys, "stdin", StringIO(typed)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = run(list(arguments))
    return Ran(status, out.getvalue(), err.getvalue())


def on_a_terminal(*arguments: str, typed: bytes = b"", columns: int = 80, **more: str) -> Ran:
    """Run a command on a pseudo-terminal of this width; error and output come together, as on a screen."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "api", *arguments],
        stdin=other,
        stdout=other,
        stderr=other,
        cwd=ROOT,
        env=environment(TERM="xterm-256color", **more),
        start_new_session=True,
    )
    os.close(other)
    if typed:
        os.write(main, typed)
    said = bytearray()
    while chunk := _read(main):
        said += chunk
    os.close(main)
    return Ran(process.wait(timeout=60), said.decode("utf-8").replace("\r\n", "\n"), "")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side has closed
        return b""


def write(folder: Path, text: str, name: str = "case.yaml") -> str:
    """A file in a folder, as a command's argument."""
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)

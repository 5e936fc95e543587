"""What runs inside of a worker process: load the law once, then answer one request after the other.

The process stands on its own: no inherited signal state, no standard output or error, no core dump,
and it ends with the server that started it.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from multiprocessing.connection import Connection

from api.law.content import load_engine
from api.law.packs import open_pack
from api.settings import Settings
from api.workers.dumps import leave_no_core_dump
from api.workers.messages import ANSWER, FAULT, READY, SOURCE, Request, error_out, opened
from api.workers.onecase import assess_json, outcome_json
from api.workers.parent import end_with_parent
from engine.assess import Engine
from engine.facts.casefile import Case

#: Other packs kept ready besides the installation's; a ruleset can never be freed, so loading anew has a price.
OTHER_PACKS = 4
_GRACE = 10  # seconds after which a worker ends what its server should have ended
_BEHIND = 10  # the server's own work is short and somebody waits for it: workers that are busy leave it the processor


def serve(pipe: Connection, settings: str, seconds: float) -> None:
    """Answer requests, each in some seconds at most, until the server closes the pipe."""
    _stand_alone()
    try:
        engines = Engines(Settings.model_validate_json(settings))
    except Exception as error:
        pipe.send_bytes(FAULT + error_out(error))
        return
    pipe.send_bytes(READY + engines.own.pack.identity.encode())
    with suppress(EOFError, OSError):  # the server closed its end, or is gone
        while True:
            number, request = opened(pipe.recv_bytes())
            pipe.send_bytes(number)
            with bounded(seconds + _GRACE):
                reply = number + _reply(engines, request)
            pipe.send_bytes(reply)


class Engines:
    """The installation's engine, and those of a few other packs asked for lately."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.own = settings, load_engine(settings)
        self._others: OrderedDict[str, Engine] = OrderedDict()
        # The first case makes what all later ones use; and a law on which the engines disagree serves nobody.
        self.own.assess(Case(reference=SOURCE), date(2000, 1, 1))
        gc.collect()
        gc.freeze()

    def of(self, pack: str) -> Engine:
        """The engine of a pack, by name."""
        if not pack:
            return self.own
        if pack not in self._others:
            self._others[pack] = Engine(open_pack(pack, self.settings))
        self._others.move_to_end(pack)
        while len(self._others) > OTHER_PACKS:
            self._others.popitem(last=False)
        return self._others[pack]


def _reply(engines: Engines, request: Request) -> bytes:
    try:
        engine = engines.of(request.pack)
        if request.form == "outcome":
            return ANSWER + outcome_json(engine, request.case, request.on, request.reading)
        whole = request.form == "answer"
        return ANSWER + assess_json(engine, request.case, request.on, request.reading, whole=whole)
    except Exception as error:
        return FAULT + error_out(error)


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer, even if it is stuck in C code that lets no Python run.

    The server ends what takes too long; this is for a worker whose server is gone.
    """
    with open(os.devnull, "wb") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _stand_alone() -> None:
    _fresh_signals()
    os.nice(_BEHIND)
    end_with_parent()
    leave_no_core_dump()
    with open(os.devnull, "r+b") as nothing:
        for stream in (1, 2):
            os.dup2(nothing.fileno(), stream)


def _fresh_signals() -> None:
    """Ctrl-C is for the server, which ends its workers in order; all else as in a new process."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)

"""One worker process as the server sees it: a pipe, a time limit, and whether it is still there.

One thread at a time asks. Only the keeper touches the process: whoever wants it ended condemns it,
and when it ends the pipe breaks and whoever waits on it is told why. Nobody closes the pipe while
it may be read; it goes with the last reference to its worker.
"""

from __future__ import annotations

import itertools
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from api.workers.errors import TookTooLong
from api.workers.messages import Request, belongs

_numbers = itertools.count(1)


class Died(Exception):
    """The worker died; ``taken`` says whether it had the request by then."""

    def __init__(self, *, taken: bool) -> None:
        super().__init__(taken)
        self.taken = taken


class Worker:
    """A process and the pipe to it."""

    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self.process, self.pipe = process, pipe
        self.ready = self.gone = False
        self._due: float | None = None
        self._overdue = False
        self._lock = threading.Lock()

    def ask(self, request: Request, seconds: float) -> bytes:
        """The reply to a request.

        Raises:
            Died: the process ended, or said something that is no reply to this request.
            TookTooLong: it was ended at the time limit.
        """
        number, taken = next(_numbers), False
        self._due = time.monotonic() + seconds
        try:
            self.pipe.send_bytes(request.packed(number))
            taken = belongs(self.pipe.recv_bytes(), number)
            reply = self.pipe.recv_bytes()
        except (EOFError, OSError):
            self._finish()
            raise Died(taken=taken) from None
        except BaseException:
            self.condemn()  # whoever waited was interrupted: the reply must not reach the next one
            raise
        self._finish()
        if not belongs(reply, number):
            self.condemn()
            raise Died(taken=True)
        return reply

    def _finish(self) -> None:
        """From now on the keeper leaves the process alone, unless it has ended it already."""
        with self._lock:
            self._due = None
            if self._overdue:
                raise TookTooLong("the assessment took longer than it may") from None

    def condemn(self) -> None:
        """Have the keeper end the process."""
        with self._lock:
            self.gone, self._due = True, 0.0

    def end_if_due(self) -> bool:
        """For the keeper: kill a condemned process, or one whose request is past the time limit (True, once)."""
        with self._lock:
            if self._due is None or time.monotonic() < self._due:
                return False
            late = self._due > 0 and not self._overdue
            self.gone, self._overdue = True, self._overdue or late
            self.process.kill()
            return late

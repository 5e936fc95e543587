"""A heartbeat: renews a lease while the work under it goes on, however long one step of it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from api.storage.errors import Unavailable


@contextmanager
def beating(renew: Callable[[], bool], every: float) -> Iterator[threading.Event]:
    """Renew every so many seconds until the block ends; the event given is set if the lease is lost."""
    done, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not done.wait(every) and not lost.is_set():
            with suppress(Unavailable):  # the next beat may reach the database; if none does, the lease runs out
                if not renew():
                    lost.set()

    thread = threading.Thread(target=beat, name="dedere heartbeat", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()

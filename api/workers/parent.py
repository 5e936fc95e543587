"""Ending with the process that started this one: whoever is killed cannot end the processes it made.

Left behind, they would wait for work for ever, or keep an address from whoever starts next.
"""

from __future__ import annotations

import os
from multiprocessing import parent_process
from threading import Thread


def end_with_parent() -> None:
    """From now on this process ends when its parent does; a process without one goes on."""
    Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""A bound on the memory of the service and of whatever it starts: a request that wants more fails alone.

Without it the kernel would end the whole service, or another program of the machine.
"""

from __future__ import annotations

import os
from contextlib import suppress

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

_LEAST = 4_096
_MEGABYTE = 1_048_576


def share_of_memory() -> int:
    """A quarter of the memory of this machine in megabytes, and at least what many threads reserve without using it."""
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return _LEAST
    return max(_LEAST, pages * size // _MEGABYTE // 4)


def bound_memory(megabytes: int) -> None:
    """Let this process, and each that it starts from now on, have so much address space (0: its share); less stays less."""
    if resource is None:
        return
    wanted = (megabytes or share_of_memory()) * _MEGABYTE
    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))

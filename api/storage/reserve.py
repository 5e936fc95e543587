"""Room on the disk for what must go on when it is full: reading (which is recorded), signing in, erasing.

Below a floor nothing new is kept any more, so that the service itself never fills the last of the disk. Against
others that fill it, a running service keeps a file of zeros, which it gives up when they have. PostgreSQL has a disk
of its own, of which nothing is known here.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

SIZE = 16 * 1024 * 1024
#: Of a small disk no more than this part is kept free.
_PART = 16
_BLOCK = 65536
#: A reserve is taken, again too, when so many times its size are free.
_ROOMY = 4
#: Acts that add to what is kept; those of a full disk are the others.
GROWING = frozenset({
    "matter.created", "matter.updated", "matter.imported", "assessment.created", "assessment.imported",
    "assessment.worded", "job.created", "training.opened", "webhook.registered",
})  # fmt: skip


class Reserve:
    """The room beside a database file; without a file there is nothing to know and nothing to keep."""

    def __init__(self, file: Path | None, size: int = SIZE) -> None:
        self.file = file.with_name(f"{file.stem}.reserve") if file is not None else None
        self.size, self.kept = size, False

    def low(self) -> bool:
        """Whether the disk is so full that nothing new may be kept; what a reserve has given up is not for that."""
        if self.file is None:
            return False
        free, floor = self._room(self.file.parent)
        return free < floor * (_ROOMY if self._reserved(self.file) == 0 else 1)

    def keep(self) -> None:
        """Have a reserve from now on, as far as there is room for one."""
        self.kept = True
        self.look()

    def look(self) -> None:
        """Give the reserve up if the disk is full; take one again when there is room."""
        if self.file is None or not self.kept:
            return
        (free, floor), held = self._room(self.file.parent), self._reserved(self.file)
        if held and free < floor // 4:
            os.truncate(self.file, 0)
        elif not held and free > _ROOMY * floor:
            self._take(self.file, floor)

    @staticmethod
    def _take(file: Path, size: int) -> None:
        with suppress(OSError):  # there is no room after all
            handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                for _ in range(size // _BLOCK):
                    os.write(handle, bytes(_BLOCK))
            except OSError:
                os.truncate(handle, 0)
            finally:
                os.close(handle)

    @staticmethod
    def _reserved(file: Path) -> int | None:
        """How much is held: nothing where it was given up, None where there never was any."""
        try:
            return file.stat().st_size
        except FileNotFoundError:
            return None

    def _room(self, folder: Path) -> tuple[int, int]:
        """How much is free on the disk, and how much of it is kept free."""
        disk = shutil.disk_usage(folder)
        return disk.free, min(self.size, disk.total // _PART)

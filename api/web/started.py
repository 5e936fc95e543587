"""What a process of several is started with: nothing to import but this, and what the first process has opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.storage.vault.passphrase import take_over

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Started:
    """Makes the application in a process that can already tell its parent that it lives.

    So, however slow the machine, one that is starting is not taken for one that hangs. ``opened`` comes by a pipe, and
    stands in no environment.
    """

    opened: dict[str, bytes] = field(repr=False)

    def __call__(self) -> FastAPI:
        """The application."""
        from api.web.serving import application  # noqa: PLC0415 - only now

        take_over(self.opened)
        return application()

"""A node made to die between sending and writing: ``python -m tests.webhooks.killed URL FOLDER WORKSPACE PORT TIME``."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from api.operations.webhooks.delivery import deliver_due
from api.operations.webhooks.sending import Letter, Reply
from tests.store.support import Clock, open_store
from tests.webhooks.support import local_sender


def main() -> None:
    """Send one letter and die before anything is written down."""
    url, folder, workspace, port, at = sys.argv[1:]
    clock = Clock()
    clock.moment = datetime.fromisoformat(at)
    sender = local_sender(int(port))

    def send_and_die(letter: Letter) -> Reply:
        sender(letter)
        os.kill(os.getpid(), signal.SIGKILL)
        return Reply(500)

    deliver_due(open_store(url, Path(folder), clock), workspace, send_and_die)


if __name__ == "__main__":
    main()

"""The command line's entry: ``dedere``, or ``python -m api``.

Here every error becomes an exit status and plain lines on standard error: 0 for any verdict, 2 for
bad input, 1 for a fault of ours, 130 after Ctrl-C. No traceback and no case content is ever shown.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

#: A start makes hundreds of thousands of objects that all stay; looking for garbage among them costs a tenth of it.
_COLLECT_AFTER = 50_000


def main() -> int:
    """Run the command line and give back its exit status."""
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    # looking through every installed package for plugins of pydantic takes longer than an assessment
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        status: int = import_module("api.cli.app").run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())

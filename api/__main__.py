"""The command line's entry: ``dedere``, or ``python -m api``.

Here every error becomes an exit status and plain lines on standard error: 0 for any verdict, 2 for
bad input, 1 for a fault of ours, 130 after Ctrl-C. No traceback and no case content is ever shown.

Nothing is imported before the working folder is off the path, for a file there may have any name. What ``python -m``
itself imports comes earlier, so where the folder is not trusted it is ``dedere``, or ``python -P -m api``.
"""

import gc
import os
import sys
from importlib import import_module

#: A start makes hundreds of thousands of objects that all stay; looking for garbage among them costs a tenth of it.
_COLLECT_AFTER = 50_000


def main() -> int:
    """Run the command line and give back its exit status."""
    leave_out_working_folder()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    # looking through every installed package for plugins of pydantic takes longer than an assessment
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        status: int = import_module("api.cli.app").run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    return status


def leave_out_working_folder() -> None:
    """Import nothing from the working folder, here or in any process started from here; ours may lie in it."""
    os.environ["PYTHONSAFEPATH"] = "1"
    if "PYTHONPATH" in os.environ:  # an empty part of it means the working folder
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, os.environ["PYTHONPATH"].split(os.pathsep)))
    program = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    working_folder = os.path.realpath(".")
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != working_folder]
    if program == working_folder:
        sys.path.append(program)


if __name__ == "__main__":
    sys.exit(main())

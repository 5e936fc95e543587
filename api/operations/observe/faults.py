"""Saying that we are wrong: one line with the kind of error and the place, and nothing of the case.

The message of an error is never shown: it could repeat what somebody wrote in confidence.
"""

from __future__ import annotations

import traceback
from pathlib import Path

_OURS = Path(__file__).resolve().parents[3]


def fault_line(error: BaseException) -> str:
    """One line about a fault that holds nothing of the case."""
    return (
        f"dedere: internal fault ({type(error).__name__} at {place_of(error)}); no answer is given. "
        "Please report this line, which holds nothing of the case: see README.md, 'Reporting a fault'"
    )


def place_of(error: BaseException) -> str:
    """The last line of our own code that an error passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_OURS)] or list(frames)
    if not ours:
        return "an unknown place"
    name = Path(ours[-1].filename)
    return f"{name.relative_to(_OURS) if name.is_relative_to(_OURS) else name.name}:{ours[-1].lineno}"

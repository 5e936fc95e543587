"""``dedere ask``: the interview in the terminal.

The conversation is in api/cases/; here the case file is opened and the day settled.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cases.casefile import CaseFile
from api.cases.session import Interview
from api.cli.desk import As, On, as_day, as_reading, placed
from api.cli.interview_prompts import Conversation, Quit, say
from api.documents.text.blocks import line
from api.law.content import load_engine


def command(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file; made if it does not exist.")],
    on: On = "",
    reading: As = "neutral",
) -> None:
    """Interview: ask only what still matters, in order, and write the case file answer by answer.

    Every answer is saved at once; the same command goes on where the last one ended.
    """
    day, chosen = as_day(on) if on else None, as_reading(reading)
    engine = load_engine()
    interview = Interview(engine, CaseFile.open(case), day, chosen)
    if sys.stdin.isatty():
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - gives input() its line editing where there is one
    talk = Conversation(interview)
    try:
        if interview.file.is_new:
            talk.start(case.stem, day)
        elif day is None and interview.case.assessed_on is None:
            talk.need_day()
    except (Quit, EOFError):
        say(line(""), line("Nothing was written." if interview.file.is_new else "Nothing was changed."))
        return
    with placed(interview.file.document()):
        talk.run()

"""``dedere retention``: how long matters are kept, what goes next, what is on hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from api.cli.safely import opened
from api.operations.backup import retention
from api.operations.backup.backup import ACTOR
from api.storage.store import Store, Transaction
from engine.errors import InputProblems, Problem

MARKS: dict[str, Callable[[Transaction, str], None]] = {
    "close": retention.close_matter,
    "reopen": retention.reopen_matter,
    "hold": retention.hold_matter,
    "release": retention.release_matter,
}
Days = Annotated[int | None, typer.Option(metavar="DAYS", min=retention.SHORTEST, max=retention.LONGEST)]


def command(
    action: Annotated[
        Literal["show", "set", "due", "apply", "close", "reopen", "hold", "release"],
        typer.Argument(metavar="show|set|due|apply|close|reopen|hold|release", help="What to do."),
    ],
    workspace: Annotated[str, typer.Argument(metavar="WORKSPACE", help="The workspace's id.")],
    matter: Annotated[str, typer.Argument(metavar="[MATTER]", help="close, reopen, hold, release: the matter.")] = "",
    unchanged: Days = None,
    closed: Days = None,
) -> None:
    """Show or set how long a workspace keeps matters, list what is due, and erase it.

    set: --unchanged days after the last change, --closed days after closing; what is not given is
    kept for good. due: what goes now or in the next 30 days. apply: erase what is due now; run it daily.
    """
    with opened() as store:
        if workspace not in store.workspaces():
            raise InputProblems([Problem("there is no such workspace", "WORKSPACE")])
        for line in _done(store, workspace, action, matter, retention.Periods(unchanged, closed)):
            typer.echo(line)


def _done(store: Store, workspace: str, action: str, matter: str, periods: retention.Periods) -> list[str]:
    if action in MARKS:
        with store.write(workspace, ACTOR) as tx:
            MARKS[action](tx, matter)
        return [f"{matter}: {action}"]
    if action == "set":
        with store.write(workspace, ACTOR) as tx:
            retention.set_periods(tx, periods)
    if action == "due":
        return [_line(due) for due in retention.retention_due(store, workspace, retention.NOTICE)] or ["Nothing is due"]
    if action == "apply":
        return [f"{name}: erased" for name in retention.apply_retention(store, workspace)] or ["Nothing was due"]
    return _shown(store, workspace)


def _line(due: retention.Due) -> str:
    return f"{due.matter}: {due.at[:10]}" + (", kept: on legal hold" if due.held else "")


def _shown(store: Store, workspace: str) -> list[str]:
    with store.read(workspace) as tx:
        periods = retention.periods_of(tx)
    return [
        f"Open matters: {_days(periods.unchanged)} after their last change",
        f"Closed matters: {_days(periods.closed)} after closing",
    ]


def _days(number: int | None) -> str:
    return "never erased" if number is None else f"erased {number} days"

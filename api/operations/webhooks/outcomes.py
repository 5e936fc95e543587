"""Telling that a matter was assessed, and whether the outcome is another than before."""

from __future__ import annotations

from api.operations.webhooks.outbox import notify
from api.storage.store import Transaction
from api.storage.summaries import standing_of, summaries


def outcome_now(tx: Transaction, matter: str, reading: str) -> str | None:
    """The outcome by which a matter stands under a reading; ask before and after an assessment is recorded."""
    standing = standing_of(tx, [matter], reading).get(matter)
    return summaries(tx, [standing.assessment])[standing.assessment].outcome or None if standing else None


def notify_assessment(tx: Transaction, matter: str, before: str | None, after: str | None, assessment: str) -> bool:
    """Tell of a new assessment, and of a changed outcome if it is one; gives whether it changed."""
    changed = before is not None and before != after
    notify(tx, "assessment.created", matter, assessment, changed=changed)
    notify_outcome(tx, matter, before, after, assessment)
    return changed


def notify_outcome(tx: Transaction, matter: str, before: str | None, after: str | None, assessment: str) -> bool:
    """Tell of a changed outcome, and of nothing else: neither outcome is in the event. Gives whether it changed.

    ``before`` is the outcome of the previous assessment under the same reading, None if there was none.
    """
    if before is None or before == after:
        return False
    notify(tx, "outcome.changed", matter, assessment, changed=True)
    return True

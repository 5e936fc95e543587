"""How the days of a time limit are counted, and what the law of the forum may change about its last day."""

from __future__ import annotations

from datetime import date

from api.documents.language.marking import marked

#: Stands beside every table or list of time limits.
CAVEAT = marked(
    "These days are counted without the first one, and no day off moves them. Whether the first day counts, and "
    "whether a last day on a Saturday, a Sunday or a public holiday moves to the next working day, is for the law of "
    "the forum. Where the first day counts, each limit ends a day earlier; until this is checked, take the earlier day."
)
_DAYS_OFF = {5: marked("a Saturday"), 6: marked("a Sunday")}


def day_off(day: date) -> str:
    """The Saturday or Sunday on which a time limit ends, as a message, or "" on another day of the week."""
    return _DAYS_OFF.get(day.weekday(), "")

"""What is wrong with a catalogue: out of date, untranslated, or with other placeholders than its English."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from babel.messages.catalog import Catalog, Message

from .updating import PoFile, translated


def faults(file: PoFile, wanted: Catalog) -> list[str]:
    """Every fault of a catalogue, one line each, with what to do."""
    found = [f"{file.name}: out of date; run python3 scripts/messages --update"] if not file.holds(wanted) else []
    messages = [message for message in wanted if message.id]
    if file.domain == "pages":
        found += [f"{file.name}: not translated: {_first(message)}" for message in messages if not translated(message)]
        found += [f"{file.name}: {fault}" for message in messages for fault in _placeholders(message)]
    return found


def _placeholders(message: Message) -> Iterator[str]:
    """A translation uses the placeholders of its English; of a plural the number may be left unsaid."""
    ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    allowed = set.union(*(fields(one) for one in ids))
    needed = set.intersection(*(fields(one) for one in ids)) - ({"n"} if len(ids) > 1 else set())
    for form in filter(None, forms):
        try:
            there = fields(form)
        except ValueError:
            yield f"a stray brace in the translation of: {_first(message)}"
            continue
        if not needed <= there <= allowed:
            yield f"other placeholders in the translation of: {_first(message)}"


def fields(text: str) -> set[str]:
    """The names of the placeholders in a message.

    Raises:
        ValueError: a brace has no partner.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])

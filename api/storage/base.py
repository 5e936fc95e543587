"""What all tables stand on: one metadata with fixed names of constraints, and the reference to a key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, MetaData, Result
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import DeclarativeBase

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=_NAMES)


def key_reference() -> ForeignKey:
    """A reference to a key, which cannot be deleted while it is there."""
    return ForeignKey("data_keys.id", ondelete="RESTRICT")


def rows_changed(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE met.

    Raises:
        TypeError: it was none of these.
    """
    if not isinstance(result, CursorResult):
        raise TypeError("rows are counted of an UPDATE or DELETE only")
    return result.rowcount

"""One module for each room, each with a ``routes`` router."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

NAMES = (
    "door",
    "you",
    "team",
    "programs",
    "audit",
    "reference",
    "desk",
    "matter",
    "interview",
    "lists",
    "verdict",
    "dossier",
    "whatif",
    "pictures",
    "memo",
    "history",
    "training_exercises",
    "training",
    "training_asking",
    "training_parting",
    "training_papers",
    "joining",
    "law",
    "states",
    "treaties",
    "statics",
)


def rooms() -> list[APIRouter]:
    """The routers of all rooms."""
    return [import_module(f"api.web.pages.rooms.{name}").routes for name in NAMES]

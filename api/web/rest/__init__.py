"""One module for each resource of the API, each with a ``routes`` router."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

NAMES = (
    "previews",
    "flat",
    "compare",
    "matters",
    "importing",
    "assessments",
    "answer_parts",
    "dossiers",
    "precedents",
    "papers",
    "deadlines",
    "impact",
    "batch",
    "jobs",
    "packs",
    "decided",
    "webhooks",
    "keys",
    "audit",
    "law",
    "operation",
)


def routers() -> list[APIRouter]:
    """The routers of all resources."""
    return [import_module(f"api.web.rest.{name}").routes for name in NAMES]

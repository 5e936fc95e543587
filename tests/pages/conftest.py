"""The pages over Toyland, in this process."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.storage.store import Store
from tests.api.http.conftest import toy_app, toy_store  # noqa: F401 - fixtures
from tests.pages.support import Visitor, visitor


@pytest.fixture
def anna(toy_app: FastAPI, toy_store: Store) -> Visitor:  # noqa: F811
    """Somebody with every role, in a workspace of her own."""
    return visitor(toy_app, toy_store)

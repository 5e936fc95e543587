"""The stores of ``tests/store``: each test of jobs runs on both databases."""

from tests.store.conftest import clock, kind, store, url, workspace
from tests.store.test_databases import restricted

__all__ = ["clock", "kind", "restricted", "store", "url", "workspace"]

"""The same stores as in the tests of storage."""

from tests.store.conftest import answer, clock, kind, store, url, workspace

__all__ = ["answer", "clock", "kind", "store", "url", "workspace"]

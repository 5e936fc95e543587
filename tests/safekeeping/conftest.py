"""The same stores as in the tests of storage."""

from tests.store.conftest import answer, bare, clock, kind, store, url, workspace

__all__ = ["answer", "bare", "clock", "kind", "store", "url", "workspace"]

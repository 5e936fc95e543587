"""Storage: workspaces, matters with numbered versions of their facts, assessments of record.

``Store`` (``store.py``) gives transactions; the functions in ``workspaces``, ``matters``,
``assessments``, ``idempotency``, ``erasure`` and ``rotation`` do one thing each inside of one. The
default is SQLite in a data folder; one URL makes it PostgreSQL. Every field that says anything of a
case is sealed (``api/storage/vault``), and every access to a matter is recorded in the same transaction
(``api/storage/audit``).
"""

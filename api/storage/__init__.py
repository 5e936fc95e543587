"""Storage: workspaces, matters with numbered versions of their facts, assessments of record.

    caller --store--> transaction --matters, assessments, idempotency--> sealed rows

SQLite in a data folder by default; one URL makes it PostgreSQL. Every field that says anything of a case is
sealed (``vault``), and every access to a matter is recorded in the same transaction (``audit``).
"""

"""Encryption at rest: master key -> workspace key -> matter key -> one field.

``sealing.py`` seals one field under one key, bound to its place in the database. ``master.py``
keeps the master keys, outside the database. Which keys exist and what they hold is the store's
business (``api/storage/datakeys.py``); nothing here knows a table or a case.
"""

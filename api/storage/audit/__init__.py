"""The audit chain: who did what to which matter, each entry sealed to the one before it.

``chain.py`` makes and checks entries and needs no database. ``journal.py`` writes them in the same
transaction as the act. Entries hold ids and numbers only, never content, names or references.
"""

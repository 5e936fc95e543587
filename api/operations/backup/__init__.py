"""Safekeeping: what keeps the data when a machine, a key or a person is lost, and what lets it go in time.

``container.py`` is the encrypted file; ``rows.py`` reads and writes all tables; ``backup.py``,
``keyfile.py``, ``staging.py`` and ``restore.py`` make and bring back a backup. ``exporting.py`` and
``importing.py`` move a whole workspace in an open form. ``retention.py`` erases what is past its
time. ``kits.py`` splits the master keys between holders.
"""

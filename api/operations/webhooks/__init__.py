"""Webhooks: telling a case tracker that something happened, in ids only.

``outbox.py`` writes events in the transaction of the act, ``delivery.py`` sends them later and keeps
trying. ``endpoints.py`` holds where to, ``signing.py`` the signatures (Standard Webhooks), ``urls.py``
and ``addresses.py`` decide what may be called at all, ``sending.py`` connects to exactly what was checked.
``outcomes.py`` and ``deadlines.py`` find out what there is to tell.
"""

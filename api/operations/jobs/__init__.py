"""Jobs: work that outlives the request that asked for it, and chores that come round.

``book`` is what a caller does with jobs (enqueue, look, cancel, read results), ``leases`` what a
runner does, ``runner`` the loop that a thread or ``dedere work`` runs, ``chores`` what is done from
time to time, ``batch`` the job that assesses many cases. Tables: ``api/storage/job_tables.py``.
"""

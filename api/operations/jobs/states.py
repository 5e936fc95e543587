"""The states of a job, and in words why it ended as it did."""

from __future__ import annotations

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
OPEN = (QUEUED, RUNNING)

#: Codes of reasons, which are stored, and what they mean. Nothing of a case is in either.
REASONS: dict[str, str] = {
    "": "",
    "interrupted": "The process that worked on it ended too often without finishing anything; send it again in smaller batches.",
    "handler_failed": "The program failed on it again and again; this is a fault of the program, not of the cases.",
    "cancelled": "Somebody cancelled it; results up to then are kept.",
}

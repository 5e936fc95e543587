"""How many workers there are, how long a request may take, and how many may wait.

``DEDERE_WORKERS``, ``DEDERE_REQUEST_SECONDS``, ``DEDERE_WAITING`` and ``DEDERE_WAITING_SECONDS``.
"""

from __future__ import annotations

import os

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WorkerSettings(BaseSettings):
    """What an installation may choose about its workers."""

    model_config = SettingsConfigDict(env_prefix="DEDERE_", extra="ignore")

    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, le=256, description="Processes that assess at once"
    )
    request_seconds: float = Field(default=30, gt=0, description="Longest time one assessment may take")
    waiting: int = Field(default=64, ge=0, description="Assessments that may wait for a worker; more are refused")
    waiting_seconds: float = Field(default=30, gt=0, description="Longest time one waits for a worker")

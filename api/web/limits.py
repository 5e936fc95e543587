"""How much one key and one workspace may ask in a minute; each node counts for itself.

The window moves (GCRA-like counting is the library's), so that a burst at the turn of a minute does
not count double. What is refused says when to come back.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.accounts.access.principal import Principal
from api.settings import Settings
from api.web.problems import Refused, fault


class Limits:
    """The counters of one node."""

    def __init__(self, settings: Settings) -> None:
        self.limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.of_key = RateLimitItemPerMinute(settings.requests_per_minute_of_key)
        self.of_workspace = RateLimitItemPerMinute(settings.requests_per_minute_of_workspace)

    def spend(self, principal: Principal) -> None:
        """Count one request.

        Raises:
            Refused: 429; the key or its workspace has asked too much.
        """
        for limit, name in ((self.of_key, principal.actor), (self.of_workspace, principal.workspace)):
            if not self.limiter.hit(limit, name):
                wait = max(1, math.ceil(self.limiter.get_window_stats(limit, name).reset_time - time.time()))
                raise Refused(429, [fault("too many requests in the last minute")], {"retry-after": str(min(wait, 60))})

"""What an installation may choose about calling out. By default: https to public addresses, ports 443 and 8443.

``DEDERE_WEBHOOK_NETWORKS`` opens networks of one's own, such as that of a tracker in the same
building; ``DEDERE_WEBHOOK_HTTP`` allows calls without TLS, which is for development on one machine.
"""

from __future__ import annotations

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.operations.webhooks.addresses import Network, network

ALWAYS = frozenset({443, 8443})


class WebhookSettings(BaseSettings):
    """What may be called besides https on the usual ports of public addresses."""

    model_config = SettingsConfigDict(env_prefix="DEDERE_WEBHOOK_", extra="ignore", hide_input_in_errors=True)

    http: bool = Field(default=False, description="Allow http, for development on one machine")
    ports: str = Field(default="", description="Further ports, with commas between")
    networks: str = Field(default="", description="Networks of one's own that may be called, such as 10.2.0.0/16")

    @field_validator("ports")
    @classmethod
    def _are_ports(cls, text: str) -> str:
        if not all(0 < int(part) < 65536 for part in _parts(text)):
            raise ValueError("a port is a number from 1 to 65535")
        return text

    @field_validator("networks")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for part in _parts(text):
            network(part)
        return text

    @property
    def allowed_ports(self) -> frozenset[int]:
        """All ports that may be called."""
        return ALWAYS | {int(part) for part in _parts(self.ports)}

    @property
    def own_networks(self) -> tuple[Network, ...]:
        """The networks opened by the installation."""
        return tuple(network(part) for part in _parts(self.networks))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]

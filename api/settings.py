"""Settings, each an environment variable that begins with DEDERE_.

``DEDERE_CONTENT`` is a folder with rules/ and instruments/; without it the content of the
installation is used (see content.py). Nothing about a case is ever a setting.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.errors import InputProblems, Problem


class Settings(BaseSettings):
    """What an installation may choose."""

    model_config = SettingsConfigDict(env_prefix="DEDERE_", extra="ignore", hide_input_in_errors=True)

    content: Path | None = Field(default=None, description="Folder that holds rules/ and instruments/")
    cache: bool = Field(default=True, description="Keep parsed law content in the user's cache folder")
    max_body_bytes: int = Field(default=1_000_000, ge=1_000, description="Largest case accepted over HTTP")
    max_batch_bytes: int = Field(default=20_000_000, ge=1_000, description="Largest file of cases accepted over HTTP")
    packs: Path | None = Field(
        default=None, description="Folder with pack files that may be assessed under too; the law in use is put there"
    )
    allowed_hosts: str = Field(
        default="", description="Further host names the HTTP door answers to, with commas between"
    )

    log: Literal["", "debug", "info", "warning", "error"] = Field(
        default="", description="What is logged: info, or on a terminal warnings, unless it is set"
    )
    oidc_issuer: str = Field(default="", description="Identity provider people may sign in with, by its issuer address")
    oidc_client_id: str = Field(default="", description="What the provider calls this service")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="The secret shared with the provider")
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of the servers before this one whose X-Forwarded headers are believed",
    )
    processes: int = Field(
        default=1, ge=1, le=64, description="Servers behind the one address, each with workers of its own"
    )
    audit_heads: str = Field(
        default="", description="Where the heads of audit chains are sent every hour: a file, or syslog://HOST:PORT"
    )
    metrics: str = Field(default="", description="Where metrics are served, such as 127.0.0.1:9464; nowhere by default")
    memory_mb: int = Field(
        default=0,
        ge=0,
        description="Address space of each process in megabytes; a quarter of the machine's memory, at least 4096, unless it is set",
    )
    requests_per_minute_of_key: int = Field(default=6_000, ge=1, description="What one API key may ask in a minute")
    requests_per_minute_of_workspace: int = Field(
        default=12_000, ge=1, description="What all keys of one workspace may ask in a minute"
    )

    @property
    def proxies(self) -> tuple[str, ...]:
        """The servers before this one, each by its address or its network.

        Of the addresses in X-Forwarded-For the last counts that is not one of theirs: those before it anybody can
        write.

        Raises:
            InputProblems: one is neither, or is all of the world's.
        """
        named = tuple(name.strip() for name in self.trusted_proxies.split(",") if name.strip())
        wrong = [name for name in named if not _names_a_server(name)]
        if wrong:
            fix = (
                "Name the server before this one by its address, such as 10.0.0.2, or its network, such as 10.0.0.0/24"
            )
            raise InputProblems([Problem("is not the address of a server", "DEDERE_TRUSTED_PROXIES", fix=fix)])
        return named

    @property
    def hosts(self) -> tuple[str, ...]:
        """The further host names, in lower case."""
        return tuple(name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip())


def _names_a_server(name: str) -> bool:
    try:
        return ip_network(name).prefixlen > 0
    except ValueError:
        return False

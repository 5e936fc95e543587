"""Where an installation keeps its data: a folder by default, or one database URL.

``DEDERE_DATA`` is the folder (database and master keys), ``DEDERE_DATABASE_URL`` a database
elsewhere, ``DEDERE_MASTER_KEYS`` master keys from a secret store instead of the folder's file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, exists, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from api.storage.database import Database
from api.storage.tables import Workspace
from api.storage.vault.errors import UnknownMasterKey
from api.storage.vault.master import MasterKeys, passphrase_by_keyring
from api.storage.vault.passphrase import asked
from engine.errors import InputProblems, Problem


class StoreSettings(BaseSettings):
    """What an installation may choose about storage."""

    model_config = SettingsConfigDict(env_prefix="DEDERE_", extra="ignore", hide_input_in_errors=True)

    data: Path = Field(
        default_factory=lambda: user_data_path("dedere"), description="Folder of the database and the master keys"
    )
    database_url: SecretStr = Field(
        default=SecretStr(""), description="A database elsewhere, such as postgresql://host/name"
    )
    master_keys: SecretStr = Field(default=SecretStr(""), description="Master keys, base64, comma between, newest last")

    passphrase_fd: int | None = Field(
        default=None, description="Number of an open file descriptor with the passphrase of the key file"
    )

    @property
    def url(self) -> str:
        """The database: the one given, or SQLite in the data folder."""
        return self.database_url.get_secret_value() or _sqlite(self.data)

    @property
    def key_file(self) -> Path:
        """The file of the master keys."""
        return self.data.expanduser() / "master.keys"

    def master(self) -> MasterKeys:
        """The master keys, given or in the data folder, where they are made on first use.

        Raises:
            UnknownMasterKey: they are not there, but a database is, which none but them can open.
        """
        given = self.master_keys.get_secret_value()
        if given:
            return MasterKeys.given(given)
        place = self.key_file
        if not place.exists() and _holds_workspaces(self.url):
            raise UnknownMasterKey(
                "there is a database but no master.keys; put the file back, or: dedere keys recover KIT KIT. No new keys were made"
            )
        return MasterKeys.in_file(place, self.passphrase)

    def passphrase(self) -> str:
        """The passphrase of the key file: by the file descriptor named, from the system's keyring, or typed.

        Raises:
            Locked: nobody can be asked.
        """
        by_keyring = "" if self.passphrase_fd is not None else passphrase_by_keyring(self.key_file)
        return by_keyring or asked(self.passphrase_fd)


def _holds_workspaces(url: str) -> bool:
    """Whether a database has anything in it that is sealed under master keys; one that is not there has not."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return False
    database = Database(url)
    try:
        with database.session(writes=False) as session:
            return session.scalar(select(exists().where(Workspace.id.is_not(None)))) or False
    except SQLAlchemyError:  # it has no tables yet
        return False
    finally:
        database.close()


def _sqlite(folder: Path) -> str:
    file = folder.expanduser().resolve() / "dedere.db"
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


@contextmanager
def writing_in(data: Path) -> Iterator[None]:
    """Say which folder of data cannot be used, and what to do.

    Raises:
        InputProblems: the system refused something in the block.
    """
    try:
        yield
    except OSError as error:
        folder = data.expanduser().absolute()
        reason = (error.strerror or "it cannot be used").lower()
        raise InputProblems([Problem(f"cannot keep data there: {reason}", str(folder), fix=_remedy(error))]) from None


def _remedy(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "Make room there, or name another folder with DEDERE_DATA"
    owner = f"the user that runs Dedere (number {os.geteuid()})" if hasattr(os, "geteuid") else "you"
    return f"Let it be a folder of {owner} that can be written, or name another with DEDERE_DATA"

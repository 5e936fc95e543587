"""Alembic's entry: runs on the connection that ``migrate.py`` hands over, or on DEDERE_DATABASE_URL."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from api.storage.database import Database
from api.storage.settings import StoreSettings
from api.storage.tables import Base


def run(connection: Connection) -> None:
    """Migrate on one connection, in its transaction."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(StoreSettings().url)
    with database.session(writes=True) as session:
        run(session.connection())
    database.close()

"""Alembic's entry: migrates over the connection, and inside the transaction, that Store.open hands in."""

from __future__ import annotations

from alembic import context

from corpus.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
context.run_migrations()

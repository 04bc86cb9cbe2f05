"""Vectors of texts, which an index is built from, and jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Leaves the tables of version 3."""
    op.create_table(
        "embedding",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("text_sha256", sa.Text, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("crc32", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "job",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.Text, unique=True),
        sa.Column("request_sha256", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_job_state", "job", ["state"])

"""Decisions of people about facts, and which code read a document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Leaves the tables of version 2; rows of decisions can be added, never changed or deleted."""
    op.add_column("document", sa.Column("curated_sha256", sa.Text, nullable=False, server_default=""))
    op.add_column("document", sa.Column("extractor", sa.Text, nullable=False, server_default=""))
    op.add_column("fact", sa.Column("proposed", sa.Text))
    op.create_table(
        "decision",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_decision_document_id", "decision", ["document_id"])
    op.create_index("ix_decision_source_name", "decision", ["source_name"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER decision_no_{change.lower()} BEFORE {change} ON decision "
            f"BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END"
        )

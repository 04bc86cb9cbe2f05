"""The bytes of documents, and where their words are printed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Leaves the tables of version 4; documents of an older version have neither until they are read again."""
    for name in ("original", "page_map"):
        op.create_table(
            name,
            sa.Column(
                "document_id", sa.Text, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True
            ),
            sa.Column("data", sa.LargeBinary, nullable=False),
        )

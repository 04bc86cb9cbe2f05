"""What people say of the answers that they got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Leaves the table of version 5."""
    op.create_table(
        "feedback",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column(
            "answer_id",
            sa.Text,
            sa.ForeignKey("turn.answer_id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("given_at", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )

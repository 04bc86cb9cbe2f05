"""Files that one machine received and another may read: only a store on a server has any."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Leaves the table of version 7."""
    op.create_table(
        "received",
        sa.Column("job_id", sa.Text, primary_key=True),
        sa.Column("stored", sa.Text, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )

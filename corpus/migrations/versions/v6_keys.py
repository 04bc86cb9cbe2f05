"""Who may ask, read and change what: API keys, as hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Leaves the table of version 6."""
    names = ("name", "sha256", "scopes", "created_at", "expires_at", "revoked_at")
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in names),
    )

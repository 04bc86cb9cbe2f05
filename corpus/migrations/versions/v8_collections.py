"""Collections of documents, and keys and answers that are of some of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Leaves the columns of version 8. Every document is in the default collection, keys are for everything."""
    op.add_column("document", _told("collection", "default"))
    op.add_column("document", _told("bytes_sha256"))
    op.execute("UPDATE document SET bytes_sha256 = sha256")
    op.add_column("turn", _told("collections"))
    op.add_column("api_key", _told("collections"))


def _told(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)

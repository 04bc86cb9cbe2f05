"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Leaves the tables of version 1; a later version adds a file beside this one and never edits it."""
    _create_documents()
    for name, columns in _RECORDS.items():
        _create_records(name, *columns)
    for table, column in _ASKED_BY:
        op.create_index(f"ix_{table}_{column}", table, [column])
    _create_conversations()


def _text(
    name: str, nullable: bool = False, collation: str | None = None, unique: bool = False
) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation=collation), nullable=nullable, unique=unique)


_RECORDS = {
    "passage": [_text("id", unique=True)],
    "entity": [_text("key"), _text("kind")],
    "fact": [
        _text("id", unique=True),
        _text("outcome_type"),
        _text("subject_key", nullable=True),
        _text("object_key", nullable=True),
        _text("subject_type"),
        _text("project", collation="NOCASE"),
        _text("place", collation="NOCASE"),
        _text("date"),
        _text("polarity"),
        _text("modality"),
        _text("origin"),
        _text("review"),
    ],
}
_ASKED_BY = [("source", "document_id"), ("fact", "outcome_type"), ("fact", "subject_key")]


def _create_documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Text, primary_key=True),
        _text("sha256", unique=True),
        _text("source_name", unique=True),
        _text("title"),
        _text("media_type"),
        _text("language"),
        sa.Column("chars", sa.Integer, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("facts", sa.Integer, nullable=False),
        _text("content_sha256"),
        _text("record"),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("document_id", sa.Text, sa.ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
        _text("location"),
    )


def _create_records(name: str, *columns: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("document_id", sa.Text, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        *columns,
        _text("record"),
    )


def _create_conversations() -> None:
    op.create_table("conversation", sa.Column("id", sa.Text, primary_key=True), _text("started_at"))
    op.create_table(
        "turn",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column(
            "conversation_id", sa.Text, sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False
        ),
        _text("answer_id", unique=True),
        _text("asked_at"),
        _text("question"),
        _text("answer"),
    )
    op.create_index("ix_turn_conversation_id", "turn", ["conversation_id", "position"])

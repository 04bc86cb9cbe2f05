"""The conversations about the documents: questions and their answers, turn by turn."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import insert, select

from corpus import queries, schema
from corpus.database import Database
from corpus.queries import NotFound


class Conversations:
    """All conversations of one data folder."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self) -> str:
        """The id of a conversation that has no turns yet."""
        id = f"cnv_{secrets.token_hex(8)}"
        with self._database.writing() as connection:
            connection.execute(insert(schema.conversation), {"id": id, "started_at": _now()})
        return id

    def append(self, id: str, answer_id: str, question: str, answer_json: str) -> None:
        """Keeps a question and its answer at the end of the conversation. Raises NotFound."""
        turn = {
            "conversation_id": id,
            "answer_id": answer_id,
            "asked_at": _now(),
            "question": question,
            "answer": answer_json,
        }
        with self._database.writing() as connection:
            if not queries.exists(connection, schema.conversation, id):
                raise _no_conversation(id)
            connection.execute(insert(schema.turn), turn)

    def turns(self, id: str) -> list[str]:
        """The answers of the conversation as JSON, oldest first. Raises NotFound."""
        turn = schema.turn.c
        query = select(turn.answer).where(turn.conversation_id == id).order_by(turn.position)
        with self._database.reading() as connection:
            if not queries.exists(connection, schema.conversation, id):
                raise _no_conversation(id)
            return list(connection.scalars(query))


def _no_conversation(id: str) -> NotFound:
    return NotFound("Conversation", id, "Ask without conversation_id to start a new one.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

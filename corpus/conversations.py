"""The conversations about the documents: questions and their answers, turn by turn, and what people say of them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from corpus import queries, schema
from corpus.collections import EVERYTHING, Reach
from corpus.database import Database, asked_again
from corpus.queries import NotFound


class Turn(NamedTuple):
    """An answer as JSON, as it was given then."""

    answer: str
    asked_at: str
    turns_before: int  # of its conversation


class Feedback(NamedTuple):
    """What somebody said of an answer."""

    verdict: str
    note: str
    given_at: str


class Conversations:
    """All conversations of one data folder."""

    def __init__(self, database: Database, reach: Reach = EVERYTHING) -> None:
        """Answers that were made of more than `reach` holds are not there."""
        self._database = database
        self._reach = reach

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
            "collections": self._reach.told,
        }
        with self._database.writing() as connection:
            if not queries.exists(connection, schema.conversation, id):
                raise _no_conversation(id)
            connection.execute(insert(schema.turn), turn)

    @asked_again
    def turns(self, id: str) -> list[str]:
        """The answers of the conversation as JSON, oldest first. Raises NotFound."""
        turn = schema.turn.c
        query = select(turn.answer, turn.collections).where(turn.conversation_id == id)
        with self._database.reading() as connection:
            if not queries.exists(connection, schema.conversation, id):
                raise _no_conversation(id)
            found = connection.execute(query.order_by(turn.position)).all()
        if not all(self._may_read(row.collections) for row in found):
            raise _no_conversation(id)
        return [row.answer for row in found]

    @asked_again
    def turn(self, answer_id: str) -> Turn:
        """The answer with this id, and when it was asked for. Raises NotFound."""
        turn = schema.turn.c
        with self._database.reading() as connection:
            row = connection.execute(select(schema.turn).where(turn.answer_id == answer_id)).one_or_none()
            if row is None or not self._may_read(row.collections):
                raise _no_answer(answer_id)
            before = select(func.count()).where(
                turn.conversation_id == row.conversation_id, turn.position < row.position
            )
            return Turn(row.answer, row.asked_at, connection.scalar(before) or 0)

    @asked_again
    def newest_answer_id(self) -> str | None:
        """The id of the answer that was given last to whoever may read as much; None before the first."""
        turn = schema.turn.c
        query = select(turn.answer_id).order_by(turn.position.desc()).limit(1)
        if self._reach != EVERYTHING:
            query = query.where(turn.collections == self._reach.told)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def judge(self, answer_id: str, verdict: str, note: str = "") -> Feedback:
        """Keeps what somebody says of an answer. Raises NotFound."""
        given = Feedback(verdict, note, _now())
        with self._database.writing() as connection:
            self._check_answer(connection, answer_id)
            connection.execute(insert(schema.feedback), {"answer_id": answer_id, **given._asdict()})
        return given

    @asked_again
    def feedback(self, answer_id: str) -> list[Feedback]:
        """What was said of an answer, oldest first. Raises NotFound."""
        said = schema.feedback.c
        query = select(said.verdict, said.note, said.given_at).where(said.answer_id == answer_id)
        with self._database.reading() as connection:
            self._check_answer(connection, answer_id)
            return [Feedback(*row) for row in connection.execute(query.order_by(said.position))]

    def _check_answer(self, connection: Connection, answer_id: str) -> None:
        turn = schema.turn.c
        made_from = connection.scalar(select(turn.collections).where(turn.answer_id == answer_id))
        if made_from is None or not self._may_read(made_from):
            raise _no_answer(answer_id)

    def _may_read(self, made_from: str) -> bool:
        return self._reach.covers(Reach.read(made_from))


def _no_answer(id: str) -> NotFound:
    return NotFound("Answer", id, "It was removed, or the link is cut short. Ask the question again.")


def _no_conversation(id: str) -> NotFound:
    return NotFound("Conversation", id, "Ask without conversation_id to start a new one.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

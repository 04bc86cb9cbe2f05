"""A question on its way in and its answer on the way out: checked, asked in its conversation, kept."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence

from corpus.store import Store
from service.answer import Answer, AskRequest, Filters, Hear, Understood, UnderstoodAs, unheard
from service.ask import UNSAVED, Assistant
from service.errors import InvalidInput
from service.settings import Settings

_EXAMPLE = "for example: Which SMEs spun off companies?"
_FILTER_VALUES_MAX = 1_000  # of one field; SQLite takes 32 766 bound values in a statement


def ask(
    assistant: Assistant, store: Store, settings: Settings, request: AskRequest, hear: Hear = unheard
) -> Answer:
    """The answer to the request, asked after the earlier turns of its conversation, not kept yet.

    `hear` is told how the question is understood, as soon as that is known.
    Raises InvalidInput for a question or filter that cannot be used, NotFound for an unknown conversation.
    """
    question = check(settings, request)
    id, filters = _answer_id(), request.filters

    def heard(standalone: str, read: UnderstoodAs) -> None:
        hear(
            Understood(
                id=id,
                question=question,
                standalone_question=standalone,
                understood_as=read,
                filters=filters,
            )
        )

    earlier = history(store, settings, request)
    answer = assistant.ask(question, earlier, filters, request.limit, heard)
    return answer.model_copy(update={"id": id, "filters": filters})


def check(settings: Settings, request: AskRequest) -> str:
    """The question of the request, stripped. Raises InvalidInput for what cannot be used."""
    question = checked_question(request.question, settings.question_chars_max)
    _check_text("conversation_id", request.conversation_id or "")
    _check_filters(request.filters)
    return question


def history(store: Store, settings: Settings, request: AskRequest) -> list[Answer]:
    """The earlier answers of the request's conversation that a follow-up may refer to, oldest first."""
    if not request.conversation_id or not settings.history_answers_max:
        return []
    return earlier_answers(store, request.conversation_id)[-settings.history_answers_max :]


def ask_again(assistant: Assistant, settings: Settings, questions: Sequence[str]) -> Answer:
    """The answer to the last of the questions, asked after the others as in one conversation, not kept yet.

    The others are answered again, which gives what they gave then unless the corpus has changed.
    """
    *earlier, last = checked_questions(questions, settings)
    return assistant.ask(last, answered_in_turn(assistant, earlier))


def answered_in_turn(assistant: Assistant, questions: Sequence[str]) -> list[Answer]:
    """The answers to the questions of one conversation, oldest first."""
    answers: list[Answer] = []
    for question in questions:
        answers.append(assistant.ask(question, answers))
    return answers


def ask_restated(assistant: Assistant, request: AskRequest, restated: str, model: str) -> Answer:
    """The answer to the request's question as a language model put it, which says so."""
    answer = assistant.ask(restated, (), request.filters, request.limit)
    told = {"question": request.question.strip(), "filters": request.filters, "restated_by": model}
    return answer.model_copy(update=told)


def checked_questions(questions: Sequence[str], settings: Settings) -> list[str]:
    """The last question and those before it that a follow-up may refer to. Raises InvalidInput."""
    recent = questions[-1 - settings.history_answers_max :]
    return [checked_question(question, settings.question_chars_max) for question in recent]


def keep(store: Store, answer: Answer, conversation_id: str | None) -> Answer:
    """The answer under an id of its own, stored at the end of the conversation."""
    conversation_id = conversation_id or store.conversations.start()
    id = answer.id if answer.id != UNSAVED else _answer_id()
    named = answer.model_copy(update={"id": id, "conversation_id": conversation_id})
    store.conversations.append(conversation_id, named.id, named.question, named.model_dump_json())
    return named


def _answer_id() -> str:
    return f"ans_{secrets.token_hex(8)}"


def earlier_answers(store: Store, conversation_id: str) -> list[Answer]:
    """The answers of a conversation, oldest first. Raises NotFound."""
    return [Answer.model_validate_json(turn) for turn in store.conversations.turns(conversation_id)]


def kept_answer(store: Store, answer_id: str) -> Answer:
    """The answer as it was given then. Raises NotFound."""
    return Answer.model_validate_json(store.conversations.turn(answer_id).answer)


def checked_question(question: str, chars_max: int) -> str:
    """The question without surrounding whitespace. Raises InvalidInput when nobody could have meant it."""
    stripped = question.strip()
    if not stripped:
        raise InvalidInput("question", "The question is empty.", f"Ask something, {_EXAMPLE}")
    if len(stripped) > chars_max:
        raise InvalidInput(
            "question",
            f"The question has {len(stripped):,} characters, at most {chars_max:,} are read.",
            "Ask in one or two sentences.",
        )
    _check_text("question", stripped)
    return stripped


def _check_text(field: str, text: str) -> None:
    strange = next((char for char in text if _is_control(char)), None)
    if strange is not None:
        raise InvalidInput(field, f"It holds the control character U+{ord(strange):04X}.", "Send plain text.")


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r"


def _check_filters(filters: Filters) -> None:
    for name, values in filters:
        if isinstance(values, tuple) and len(values) > _FILTER_VALUES_MAX:
            raise InvalidInput(
                f"filters.{name}",
                f"There are {len(values):,} values, at most {_FILTER_VALUES_MAX:,} are taken.",
                "Ask more than once, or leave the filter out.",
            )
        for value in values or ():
            _check_text(f"filters.{name}", value)

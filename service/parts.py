"""Everything an answer needs, opened once: settings, store, embedder, index and assistant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import islice
from typing import Self

import anyio
import anyio.to_thread
from anyio import CapacityLimiter

from corpus.collections import EVERYTHING, Reach
from corpus.database import StoreError
from corpus.disk import check_space
from corpus.store import Store
from index.embedder import Embedder, HashEmbedder, SentenceTransformerEmbedder
from index.manifest import SearchIndexError, StaleIndexError
from index.place import index_of
from index.retriever import Retriever
from service import deadline, dialogue
from service.answer import Answer, AskRequest, Hear, unheard
from service.ask import PARTS_MAX, Assistant
from service.errors import Busy
from service.examples import example_questions
from service.language_model.endpoint import Endpoint
from service.language_model.restating import restated
from service.language_model.rewording import reworded
from service.running.first_run import prepare
from service.running.worker import Worker
from service.settings import Settings

History = Callable[[], Sequence[Answer]]  # of a conversation, worked out where it is needed

_STARTS_MAX = 3  # of a service over a store that others write to
_EXAMPLES = 6
_EXAMPLES_TRIED = 15  # before fewer are shown; asking takes some 40 ms each


class Parts:
    """The opened parts of one service, shared between its threads."""

    def __init__(self, settings: Settings, store: Store, embedder: Embedder) -> None:
        self.settings = settings
        self.store = store
        self.embedder = embedder
        self._asks = CapacityLimiter(settings.asks_at_once)
        self._reopening = threading.Lock()
        self.on_answer: Callable[[Answer], None] = lambda answer: None
        self._endpoint = Endpoint(settings) if settings.llm_url else None
        self._index = index_of(store, settings.index_dir)
        with store.snapshot():
            retriever = self._index.open(embedder, store.fingerprint())
            self._assistant = Assistant(store, retriever)
        self._examples: tuple[str, list[str]] = ("", [])  # of a version of the index
        self.worker = Worker(settings, store, embedder, refresh=lambda: self.assistant)
        self._within = lru_cache(PARTS_MAX)(lambda reach: PartsWithin(self, reach))

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The parts as the settings say, with samples and an index where there were none.

        Raises SearchIndexError, ModelError or StoreError; each message says what to do.
        """
        store = Store.open(*settings.store_place)
        try:
            embedder = embedder_of(settings)
            for _ in range(_STARTS_MAX):
                prepare(settings, store, embedder)
                with suppress(StaleIndexError):  # another service stored something just now
                    return cls(settings, store, embedder)
            return cls(settings, store, embedder)
        except BaseException:
            store.close()
            raise

    @property
    def assistant(self) -> Assistant:
        """The assistant over the index in use and the facts as people have decided about them by now.

        Another process may have built the one and decided about the others since the last call. While a
        newer index and the store do not hold the same passages, the assistant is the one before.
        """
        with self._reopening:
            if not self._assistant.retriever.is_current():
                self._assistant = self._reopened() or self._assistant
            elif self.store.curation.count() != self._assistant.decisions:
                self._assistant = Assistant(self.store, self._assistant.retriever, before=self._assistant)
            return self._assistant

    def _reopened(self) -> Assistant | None:
        """An assistant over the index in use; None while the store holds other passages than that."""
        with self.store.snapshot(may_lag=True):
            retriever = self._index.open(self.embedder)
            same = retriever.passage_ids() == self.store.passage_ids()
            return Assistant(self.store, retriever) if same else None

    def within(self, reach: Reach) -> Parts:
        """The same parts for who may read so much: nothing else is in their store, their index and their answers."""
        return self if reach == EVERYTHING else self._within(reach)

    @property
    def index_version(self) -> str:
        """The version of the index and the decisions that answers come from."""
        return self.assistant.version

    def examples(self) -> list[str]:
        """Questions about what is in the corpus that it answers; each version of the index is asked once."""
        assistant = self.assistant
        if self._examples[0] != assistant.version:
            asked = example_questions(assistant.knowledge.facts, _EXAMPLES_TRIED)
            answered = (question for question in asked if assistant.ask(question).status == "answered")
            self._examples = assistant.version, list(islice(answered, _EXAMPLES))
        return self._examples[1]

    def dense_retriever(self) -> Retriever:
        """A retriever over the same index that ranks by vectors alone, to compare with."""
        return self._index.open(self.embedder, ranking="dense")

    def warm_up(self) -> None:
        """The first question is as quick as the second: what is loaded at first use has been used."""
        self.assistant.ask("What did the projects achieve?")

    async def answer(self, request: AskRequest, hear: Hear = unheard) -> Answer:
        """The answer to the request, kept in its conversation; waits its turn when many ask at once.

        `hear` is told how the question is understood, by another thread, while the answer is still made.
        """
        found = await self._in_turn(
            lambda: dialogue.ask(self.assistant, self.store, self.settings, request, hear)
        )
        return await self._worded_and_kept(
            found, request, lambda: dialogue.history(self.store, self.settings, request)
        )

    def answer_now(self, request: AskRequest) -> Answer:
        """The same for a thread that has nothing else to do."""
        return anyio.run(self.answer, request)

    async def answer_conversation(self, questions: Sequence[str]) -> Answer:
        """The answer to the last of the questions, asked after the others; waits its turn like `answer`."""
        found = await self._in_turn(lambda: dialogue.ask_again(self.assistant, self.settings, questions))
        *earlier, last = dialogue.checked_questions(questions, self.settings)
        return await self._worded_and_kept(
            found, AskRequest(question=last), lambda: dialogue.answered_in_turn(self.assistant, earlier)
        )

    async def _in_turn(self, asked: Callable[[], Answer]) -> Answer:
        """What `asked` answers, when it is its turn. Raises Busy at once, TakesTooLong when the time is over.

        A thread that is given up sees for itself that its time is over; nobody waits for that.
        """
        self.check_room()
        seconds = self.settings.ask_seconds_max
        try:
            with deadline.within(seconds), anyio.fail_after(seconds):
                return await anyio.to_thread.run_sync(asked, limiter=self._asks, abandon_on_cancel=True)
        except TimeoutError as error:
            raise deadline.late() from error

    def check_room(self) -> None:
        """Raises Busy when as many questions wait as may."""
        if self.asks_waiting >= self.settings.asks_waiting_max and not self._asks.available_tokens:
            raise Busy("Many questions are being answered. Ask again in a second.", seconds=1)

    @property
    def asks_waiting(self) -> int:
        return self._asks.statistics().tasks_waiting

    @property
    def asks_running(self) -> int:
        return int(self._asks.borrowed_tokens)

    async def _worded_and_kept(self, found: Answer, request: AskRequest, history: History) -> Answer:
        """The answer, with a language model's help where one is set; who waits for it holds up no other question."""
        if self._endpoint is not None:
            deadline = self._endpoint.deadline()
            if found.status == "no_answer":
                found = await self._restated(found, request, history, self._endpoint, deadline) or found
            found = await reworded(found, self._endpoint, deadline)
        kept = await anyio.to_thread.run_sync(dialogue.keep, self.store, found, request.conversation_id)
        self.on_answer(kept)
        return kept

    async def _restated(
        self, found: Answer, request: AskRequest, history: History, endpoint: Endpoint, deadline: float
    ) -> Answer | None:
        """The answer to a question that has none in the words it was asked in, as the model puts it; None without one."""
        earlier = await anyio.to_thread.run_sync(history, limiter=self._asks)
        written = await restated(found, earlier, self.assistant.knowledge, endpoint, deadline)
        if written is None:
            return None
        again = partial(dialogue.ask_restated, self.assistant, request, written, endpoint.model)
        answer = await anyio.to_thread.run_sync(again, limiter=self._asks)
        return answer.model_copy(update={"id": found.id}) if answer.status == "answered" else None

    def check_request(self, request: AskRequest) -> None:
        """Raises what `answer` would for a request that cannot be answered, or not now."""
        self.check_room()
        dialogue.check(self.settings, request)
        dialogue.history(self.store, self.settings, request)

    def check_questions(self, questions: Sequence[str]) -> None:
        """Raises InvalidInput or Busy when `answer_conversation` would, for streams that begin before the answer."""
        self.check_room()
        dialogue.checked_questions(questions, self.settings)

    def readiness(self) -> dict[str, str]:
        """What answers depend on, each "ok" or with what is wrong with it."""
        checks: dict[str, Callable[[], object]] = {
            "store": self.store.fingerprint,
            "index": lambda: self.assistant.retriever.version,
            "model": lambda: self.embedder.encode(["ready"]),
            "disk": lambda: check_space(self.settings.data_dir),
            "jobs": self.worker.check_alive,
        }
        return {name: _told(check) for name, check in checks.items()}

    def close(self) -> None:
        self.worker.stop()
        self.store.close()


class PartsWithin(Parts):
    """The parts as they are for who may read some collections; what is counted and limited is counted for all."""

    def __init__(self, whole: Parts, reach: Reach) -> None:
        self.__dict__.update(whole.__dict__)
        self._whole = whole
        self._reach = reach
        self._examples = ("", [])
        self.store = whole.store.within(reach)

    @property
    def assistant(self) -> Assistant:
        return self._whole.assistant.within(self._reach)

    def within(self, reach: Reach) -> Parts:
        """Never more than these: a reach that they do not cover leads to nothing new."""
        return self._whole.within(reach) if self._reach.covers(reach) else self


def _told(check: Callable[[], object]) -> str:
    try:
        check()
    except (SearchIndexError, StoreError, OSError, RuntimeError) as error:
        return str(error)
    return "ok"


def embedder_of(settings: Settings) -> Embedder:
    """The embedder that `settings.model` names."""
    if settings.model == "hash":
        return HashEmbedder()
    return SentenceTransformerEmbedder(settings.model, settings.threads, settings.cache_dir)

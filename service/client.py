"""A client of a running service, typed by the models that the service itself answers with."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx2
from pydantic import ValidationError

from service.answer import Answer, AskRequest, Filters, Verdict
from service.api.citations import CitationState
from service.api.facts import Facts
from service.api.search import SearchResults
from service.errors import Problem


class Refused(Exception):
    """The service did not do what was asked of it; `problem` says why, and what to do."""

    def __init__(self, problem: Problem, retry_after_seconds: int | None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.retry_after_seconds = retry_after_seconds  # None where coming again does not help


class Client:
    """Asks the service at an address; use it as a context manager, or close it.

    Each method raises Refused, and httpx2.HTTPError when the service cannot be reached.
    """

    def __init__(
        self, url: str = "http://127.0.0.1:8000", key: str = "", timeout_seconds: float = 30
    ) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=url, headers=headers, timeout=timeout_seconds)

    def ask(self, question: str, after: Answer | None = None, filters: Filters = Filters()) -> Answer:
        """The answer; `after` is the one that the question follows up."""
        conversation_id = after.conversation_id if after else None
        asked = AskRequest(question=question, conversation_id=conversation_id, filters=filters)
        return Answer.model_validate(self._json("POST", "/v1/ask", json=asked.model_dump(mode="json")))

    def facts(self, cursor: str = "", limit: int = 100, **filters: str) -> Facts:
        """A page of facts; the filters are those of GET /v1/facts."""
        query = {"cursor": cursor, "limit": limit, **filters}
        return Facts.model_validate(self._json("GET", "/v1/facts", params=query))

    def search(self, words: str, limit: int = 10) -> SearchResults:
        """The passages and facts nearest to the words."""
        return SearchResults.model_validate(
            self._json("GET", "/v1/search", params={"q": words, "limit": limit})
        )

    def citation(self, id: str) -> CitationState:
        """Whether the cited words still stand where they were cited."""
        return CitationState.model_validate(self._json("GET", f"/v1/citations/{id}"))

    def judge(self, answer: Answer, verdict: Verdict, note: str = "") -> None:
        """Keeps what somebody says of the answer."""
        said = {"verdict": verdict, "note": note}
        self._json("POST", f"/v1/answers/{answer.id}/feedback", json=said)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _json(self, method: str, path: str, **sent: Any) -> Any:
        reply = self._http.request(method, path, **sent)
        if reply.is_success:
            return reply.json()
        seconds = reply.headers.get("retry-after", "")
        raise Refused(_problem(reply), int(seconds) if seconds.isdigit() else None)


def _problem(reply: httpx2.Response) -> Problem:
    """What the service says is wrong, or what a proxy before it leaves to be said."""
    try:
        return Problem.model_validate_json(reply.content)
    except ValidationError:
        title = reply.reason_phrase or "No answer"
        detail = f"{reply.url} answered with status {reply.status_code}: is ImpactQA there?"
        return Problem(title=title, status=reply.status_code, detail=detail, instance=reply.url.path)

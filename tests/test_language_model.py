"""A language model words sentences of an answer; whatever it does, nothing unverified is served, and in time."""

from __future__ import annotations

import gzip
import json
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import anyio
import pytest

from service.answer import Answer, AskRequest, UnderstoodAs, WordingFailure
from service.dialogue import kept_answer
from service.language_model.endpoint import FAILURES_MAX, Endpoint
from service.language_model.rewording import reworded
from service.parts import Parts
from service.settings import Settings
from tests.answers import answer_of
from tests.chat_models import Asked, Script, chat_model, respond, rewrites, says

FOUNDED = "Researchers of Hartsell University founded Norvia Biotech in 1982."
IN_1982 = "In 1982, researchers of Hartsell University founded Norvia Biotech."
EMPLOYS = "Norvia Biotech employs 45 people."
ANSWER = answer_of(
    f"{FOUNDED} [1] {EMPLOYS} [2]", UnderstoodAs(intent="describe", asks_for="text"), FOUNDED, EMPLOYS
)
SECONDS = 1.0


def endpoint_of(url: str, key: str = "") -> Endpoint:
    return Endpoint(
        Settings(_env_file=None, llm_url=url, llm_model="tiny", llm_key=key, llm_timeout_seconds=SECONDS)
    )


async def in_time(answer: Answer, endpoint: Endpoint) -> Answer:
    return await reworded(answer, endpoint, endpoint.deadline())


def worded(script: Script, answer: Answer = ANSWER) -> Answer:
    with chat_model(script) as model:
        return anyio.run(in_time, answer, endpoint_of(model.url))


def in_1982(text: str) -> str:
    return IN_1982 if text == FOUNDED else text


def test_a_sentence_that_says_the_same_is_taken_with_our_marks() -> None:
    answer = worded(rewrites(in_1982))
    assert answer.answer == f"{IN_1982} [1] {EMPLOYS} [2]"
    assert answer.composer == "llm:tiny"
    assert answer.wording is not None
    assert (answer.wording.reworded, answer.wording.own_text) == ((IN_1982,), ANSWER.answer)


def test_a_sentence_that_says_something_else_is_given_in_our_words_beside_one_that_does_not() -> None:
    answer = worded(rewrites(lambda text: in_1982(text).replace("45", "54")))
    assert answer.answer == f"{IN_1982} [1] {EMPLOYS} [2]"
    assert answer.wording is not None
    assert answer.wording.rejected == 1


def test_only_words_are_the_models() -> None:
    answer = worded(rewrites(in_1982))
    own = {"answer", "composer", "wording"}
    assert answer.model_dump(exclude=own) == ANSWER.model_dump(exclude=own)


def test_members_and_leads_of_lists_and_refusals_are_never_sent() -> None:
    listed = ANSWER.model_copy(
        update={"answer": "The reports name 2 firms [1][2]:\n- Norvia: so it is. [1]\n- B [2]"}
    )
    refused = ANSWER.model_copy(update={"status": "no_answer", "answer": "The reports do not say this. [1]"})
    with chat_model(rewrites(str.upper)) as model:
        for answer in (listed, refused):
            assert anyio.run(in_time, answer, endpoint_of(model.url)) == answer
        assert model.asked == []


def test_documents_and_questions_are_data_in_json() -> None:
    with chat_model(rewrites(str)) as model:
        anyio.run(in_time, ANSWER, endpoint_of(model.url))
    system, user = model.asked[0]["messages"]
    assert "Norvia" not in system["content"]
    assert [one["text"] for one in json.loads(user["content"])["reports"]] == [FOUNDED, EMPLOYS]


def test_the_key_is_sent_to_the_endpoint_and_shown_nowhere() -> None:
    with chat_model(rewrites(in_1982)) as model:
        answer = anyio.run(in_time, ANSWER, endpoint_of(model.url, key="s3cret"))
    assert model.headers[0]["authorization"] == "Bearer s3cret"
    assert "s3cret" not in answer.model_dump_json() + repr(Settings(_env_file=None, llm_key="s3cret"))


def _hangs(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    time.sleep(SECONDS * 3)


def _drips(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(SECONDS / 20)


def _drips_headers(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    for sign in "HTTP/1.1 200 OK\r\nx-slow: " + 200 * "a":
        handler.wfile.write(sign.encode())
        time.sleep(SECONDS / 20)


def _floods(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    respond(handler, b'{"choices": "' + 10_000_000 * b"a" + b'"}')


def _floods_packed(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    packed = 100 * gzip.compress(1_000_000 * b" ")  # archives behind each other are one
    respond(handler, packed, more=(("content-encoding", "gzip"),))


def _breaks_off(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
    respond(handler, b'{"choices"', more=(("content-length", "5000"),))
    handler.wfile.flush()
    handler.connection.close()


def _responds(
    body: bytes, status: int = 200, kind: str = "application/json", more: tuple[tuple[str, str], ...] = ()
) -> Script:
    return lambda handler, asked: respond(handler, body, status, kind, more)


FAULTS: dict[str, tuple[Script, WordingFailure]] = {
    "hangs": (_hangs, "timeout"),
    "drips its body": (_drips, "timeout"),
    "drips its head": (_drips_headers, "timeout"),
    "10 MB": (_floods, "too_long"),
    "100 MB in a small archive": (_floods_packed, "bad_reply"),
    "breaks off": (_breaks_off, "unreachable"),
    "500": (_responds(b"", 500), "refused"),
    "429": (_responds(b"", 429, more=(("retry-after", "1"),)), "refused"),
    "redirect": (_responds(b"", 302, more=(("location", "http://127.0.0.1:9/elsewhere"),)), "refused"),
    "nothing": (_responds(b"", 204), "refused"),
    "a page": (_responds(b"<html>", 200, "text/html"), "bad_reply"),
    "half of JSON": (_responds(b"{"), "bad_reply"),
    "null": (_responds(b"null"), "bad_reply"),
    "no UTF-8": (_responds(b"\xff\xfe"), "bad_reply"),
    "nested without end": (_responds(b"[" * 100_000), "bad_reply"),
    "no choice": (_responds(b'{"choices": []}'), "bad_reply"),
    "a number for a text": (_responds(b'{"choices": [{"message": {"content": 7}}]}'), "bad_reply"),
    "an empty text": (says(lambda data: ""), "bad_reply"),
    "chatter": (says(lambda data: "Certainly! Here are your sentences."), "bad_reply"),
    "one sentence for a list": (says(lambda data: {"sentences": {"number": 1}}), "bad_reply"),
    "numbers as text": (
        says(lambda data: {"sentences": [{"number": "1", "text": "", "cites": []}]}),
        "bad_reply",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_endpoint_does_the_plain_answer_comes_in_time(fault: str) -> None:
    script, failure = FAULTS[fault]
    started = time.monotonic()
    answer = worded(script)
    assert time.monotonic() - started < SECONDS + 1
    assert (answer.answer, answer.composer) == (ANSWER.answer, "extractive")
    assert answer.wording is not None
    assert answer.wording.failure == failure


def test_nobody_listening_is_no_fault_of_the_answer() -> None:
    answer = anyio.run(in_time, ANSWER, endpoint_of("http://127.0.0.1:9/v1"))
    assert answer.answer == ANSWER.answer
    assert answer.wording is not None
    assert answer.wording.failure == "unreachable"


def test_an_endpoint_that_keeps_failing_is_left_alone() -> None:
    with chat_model(_responds(b"", 500)) as model:
        endpoint = endpoint_of(model.url)
        answers = [anyio.run(in_time, ANSWER, endpoint) for _ in range(FAILURES_MAX + 1)]
        assert len(model.asked) == FAILURES_MAX
    assert answers[-1].wording is not None
    assert answers[-1].wording.failure == "resting"


def test_an_endpoint_that_asks_for_a_pause_gets_it_and_is_then_asked_again() -> None:
    with chat_model(_responds(b"", 429, more=(("retry-after", "1"),))) as model:
        endpoint = endpoint_of(model.url)
        failures = [anyio.run(in_time, ANSWER, endpoint).wording for _ in range(2)]
        assert [wording.failure for wording in failures if wording] == ["refused", "resting"]
        time.sleep(1.05)
        anyio.run(in_time, ANSWER, endpoint)
        assert len(model.asked) == 2


def test_a_service_with_a_model_keeps_what_was_worded_and_how(data_dir: Path) -> None:
    with chat_model(rewrites(lambda text: f"In 2014, {text.removesuffix(' in 2014.')}.")) as model:
        parts = Parts.open(
            Settings(_env_file=None, data_dir=data_dir, model="hash", llm_url=model.url, llm_model="tiny")
        )
        answer = parts.answer_now(AskRequest(question="How many patents did Halden University file?"))
        kept = kept_answer(parts.store, answer.id)
        parts.close()
    assert answer.answer.startswith("In 2014, Researchers of Halden University filed 12 patents. [1]")
    assert kept == answer

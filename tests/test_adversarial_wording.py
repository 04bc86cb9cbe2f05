"""A model that lies in every way we know of: not one of its sentences is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import anyio
import pytest

from service.answer import Answer, UnderstoodAs
from service.language_model.endpoint import Endpoint
from service.language_model.rewording import reworded
from service.settings import Settings
from service.writing.grounding import ungrounded
from tests.adversaries import OWN, adversarial
from tests.answers import answer_of
from tests.chat_models import chat_model, says

OUTPUTS_MIN = 1_000

READ_AS = UnderstoodAs(intent="describe", asks_for="text")


class Attempt(NamedTuple):
    """What the model does to the first sentence that it is sent, and what it says that cites."""

    name: str
    own: str
    changed: str
    cites: list[int]

    def reply_to(self, data: dict[str, Any]) -> object:
        first, *rest = data["sentences"]
        return {"sentences": [first | {"text": self.changed, "cites": self.cites}, *rest]}


def all_attempts() -> Iterator[Attempt]:
    """Every change with its own source, which leaves it to the words to fail; some with others, and with none."""
    for at, (name, own, changed) in enumerate(adversarial()):
        yield Attempt(name, own, changed, [1])
        if at % 4 == 0:
            yield Attempt(name, own, changed, ([2], [], [99], [1, 2])[at // 4 % 4])


def answer_saying(sentence: str) -> Answer:
    """An answer of that sentence and two others, each with its own source."""
    others = [own for own in OWN if own != sentence][:2]
    told = [sentence, *others]
    return answer_of(" ".join(f"{one} [{n}]" for n, one in enumerate(told, 1)), READ_AS, *told)


@pytest.mark.slow
def test_of_a_thousand_adversarial_outputs_none_is_served() -> None:
    tried, served = 0, []
    with chat_model(says(lambda data: attempts[tried].reply_to(data))) as model:
        endpoint = Endpoint(Settings(_env_file=None, llm_url=model.url, llm_model="liar"))
        attempts = list(all_attempts())
        for attempt in attempts:
            answer = answer_saying(attempt.own)
            told = anyio.run(reworded, answer, endpoint, endpoint.deadline())
            tried += 1
            if told.answer != answer.answer or ungrounded(told)[1]:
                served.append(f"{attempt.name}: {told.answer}")
        assert len(model.asked) == tried >= OUTPUTS_MIN
    assert served == []

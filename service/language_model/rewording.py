"""An answer in a language model's words, as far as those say what our own sentences say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import anyio.to_thread

from service.answer import Answer, Wording, WordingFailure
from service.language_model.endpoint import Endpoint, Unanswered
from service.language_model.exchange import Written, messages_for, read_reply
from service.language_model.faithful import CHARS_MAX, fault_of
from service.writing.grounding import Sentence, formulas, sentences, strangers, words_of

_SENTENCES_MAX = 12  # of an answer that are sent; the rest stay as they are
_QUOTE_CHARS_MAX = 1_000


async def reworded(answer: Answer, endpoint: Endpoint, deadline: float) -> Answer:
    """The answer with the sentences that the model says otherwise and as truly; `wording` tells about them.

    Lists, refusals, figures and coverage are never sent to be reworded. When the endpoint fails, is late or
    replies nonsense, the answer keeps its own words.
    """
    ours = _rewordable(answer)
    if not ours:
        return answer
    sent = [Written(one.text, one.citations) for one in ours]
    messages = messages_for(answer.standalone_question, sent, _quotes(answer, ours))
    try:
        content = await endpoint.reply(messages, deadline)
    except Unanswered as unanswered:
        return _kept(answer, endpoint.model, len(ours), unanswered.failure)
    written = read_reply(content)
    if not written:
        return _kept(answer, endpoint.model, len(ours), "bad_reply")
    return await anyio.to_thread.run_sync(partial(with_wording, answer, written, endpoint.model))


def with_wording(answer: Answer, written: Mapping[int, Written], model: str) -> Answer:
    """The answer with those of the written sentences (by number, as they were sent) that say what ours say."""
    text, taken, rejected = answer.answer, [], 0
    ours = _rewordable(answer)
    for number, one in reversed(list(enumerate(ours, 1))):
        new = written.get(number)
        if new is None or new.text == one.text:
            continue
        if not _stands(new, one, answer):
            rejected += 1
            continue
        text = text[: one.start] + new.text + text[one.start + len(one.text) :]
        taken.append(new.text)
    wording = Wording(
        model=model,
        sentences_sent=len(ours),
        reworded=tuple(reversed(taken)),
        rejected=rejected,
        own_text=answer.answer if taken else None,
    )
    composer = f"llm:{model}" if taken else answer.composer
    return answer.model_copy(update={"answer": text, "composer": composer, "wording": wording})


def _stands(written: Written, own: Sentence, answer: Answer) -> bool:
    """True when the sentence cites what ours cites, says what ours says, and its quotes bear it."""
    if set(written.cites) != set(own.citations) or fault_of(written.text, own.text):
        return False
    cited = [words_of(one) for one in answer.citations if one.number in own.citations]
    sources = [*cited, *formulas(answer)]
    return set(strangers(written.text, sources)) <= set(strangers(own.text, sources))


def _rewordable(answer: Answer) -> list[Sentence]:
    """The cited sentences of an answer that are no members of a list and lead none, the first few of them."""
    if answer.status != "answered":
        return []
    found = [one for one in sentences(answer) if one.citations and not _is_of_list(answer.answer, one)]
    return [one for one in found if len(one.text) <= CHARS_MAX][:_SENTENCES_MAX]


def _is_of_list(text: str, sentence: Sentence) -> bool:
    """True for what stands in a line that is a member of a list or leads one."""
    line = text[text.rfind("\n", 0, sentence.start) + 1 :].partition("\n")[0]
    return line.startswith("- ") or line.endswith(":")


def _quotes(answer: Answer, ours: Sequence[Sentence]) -> dict[int, str]:
    cited = {number for one in ours for number in one.citations}
    return {one.number: one.quote[:_QUOTE_CHARS_MAX] for one in answer.citations if one.number in cited}


def _kept(answer: Answer, model: str, sent: int, failure: WordingFailure) -> Answer:
    return answer.model_copy(update={"wording": Wording(model=model, sentences_sent=sent, failure=failure)})

"""Follow-ups: a question that leans on the conversation becomes one that stands alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.parsing import Token
from corpus.taxonomy import kind_nouns, kind_of, plain
from corpus.vocabulary import best, stem
from service.answer import Answer
from service.knowledge import Knowledge
from service.referents import Referent, Turn, Wanted, fitting_kinds, place_spoken_of, referent, topic
from service.reframing import narrowed, who_or_what, with_constraint, with_noun, with_question_word
from service.wording import AGENTS, Wording, closed, is_fragment, is_plural, possessive, worded

SHORT_WORDS_MAX = 4  # content words of a question that may be about the topic without saying so
_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|also|ok(?:ay)?|then|now)\b[, ]*)+(?:(?:what|how) about |also |then )?|^(?:what|how) about |^same (?:question )?for ",
    re.IGNORECASE,
)
_ABOUT_US = re.compile(r"\b(?:i|me|my|we|us|our|you|your)\b(?!-)")


def standalone(question: str, history: Sequence[Answer], knowledge: Knowledge) -> str:
    """The question with what it leaves to the conversation filled in; itself when it stands alone.

    What has a name or enough words of its own stays as it is, byte for byte. Guessing the referent from the
    text of earlier turns costs more than it brings (precision .24 against .67 with known names), so only names
    that the knowledge or the answers have are filled in.
    """
    turns = _turns(history, knowledge)
    if not turns:
        return question
    asked = worded(_LEAD.sub("", question.strip()), knowledge)
    follow_up = FollowUp(question, asked, turns, _LEAD.match(question.strip()) is not None, knowledge)
    for rewritten in _REWRITES:
        text = rewritten(follow_up)
        if text:
            return closed(text)
    return question

"""Follow-ups that say only what is new: "And for LUMEN-3?", "And patents?", "no, I meant CORVANE"."""

from __future__ import annotations

import re

from corpus.taxonomy import kind_of, plain
from corpus.vocabulary import best, stem
from service.follow_ups.follow_up import FollowUp
from service.follow_ups.narrowing import with_question_word
from service.follow_ups.referents import Referent, topic
from service.follow_ups.reframing import with_complement, with_constraint, with_noun, with_place
from service.follow_ups.wording import AGENTS, Wording, is_agent, is_fragment, phrase_end
from service.understanding.inflection import is_plural

SHORT_WORDS_MAX = 4  # content words of a question that may be about the topic without saying so
SUPPORT_MIN = 0.6  # share of these words that some passage about the topic must have
_CORRECTION = re.compile(
    r"^(?:(?:no|nope|sorry|actually|wait|oops|not (?:that|this)(?: one)?)"
    r"(?:[,.;:!-]+ *| (?=i (?:mean|meant)\b)))+"
    r"(?:(?:i (?:mean|meant|was asking about|asked about)|rather|make (?:that|it))\b[,: ]*)?|"
    r"^(?:i (?:mean|meant|was asking about)|make (?:that|it)|rather)\b[,: ]*",
    re.IGNORECASE,
)
_OTHER = re.compile(r"(?:the |an)?other(?: one| [a-z]+)?")
_QUESTION_WORD = re.compile(
    r"when|where|why|how|how much|by whom|with whom|to whom|for whom|since when|how long|for how long|"
    r"(?:for|at|by) how much|from whom|since what|"
    r"(?:by|in|since|from|to) (?:which|what) (?:year|month|country|city|date)"
)
_WITH_NOUN = re.compile(
    r"(?P<wh>how many|how much|which|what (?:share|proportion|percentage|part) of|what|the number of)"
    r"(?: other| of the)? |(?:the|an?) |"
)
_EDGE = re.compile(r"^(?:only|just) |,? (?:only|just|please|then|too|as well|instead)$", re.IGNORECASE)
_QUESTION = re.compile(r"(?:[a-z]+ )?(?:wh|how|is|are|was|were|do|does|did|has|have|had)")
_DEFINITE = re.compile(r"(?:what|who) (?:is|are|was|were) (?:the|their|its) [\w-]+(?: [\w-]+){0,2}")
_ABOUT_US = re.compile(r"\b(?:i|me|my|we|us|our|you|your)\b")


# Corrections: "no, I meant LUMEN-4"


def corrected(follow_up: FollowUp) -> str | None:
    """The last question with what was meant, None when nothing is corrected."""
    text = follow_up.asked.text
    match = _CORRECTION.match(text)
    if match is None or match.end() == len(text):
        return None
    meant = re.sub(r",? (?:and )?not .+$", "", text[match.end() :])
    if _OTHER.fullmatch(plain(meant)):
        return _other(follow_up)
    new = follow_up.of(meant)
    return _fragment(follow_up, new) if is_fragment(new) else meant


def _other(follow_up: FollowUp) -> str | None:
    """The last question about the other thing that it could have been about."""
    frame, entities = follow_up.frame, follow_up.knowledge.entities
    for each in frame.named:
        written = frame.text[each.start : each.end]
        fitting = [entities[key].name for key in each.keys] if len(each.keys) > 1 else []
        before = [found.text for turn in follow_up.turns[1:] for found in (*turn.members, *turn.names)]
        for other in (*fitting[1:], *before):
            if (
                plain(other) != plain(written)
                and follow_up.knowledge.names.key_of(other) not in each.keys[:1]
            ):
                return frame.replaced(each.start, each.end, other)
    return None


# "And how many licensing deals?", "And for LUMEN-3?", "and when?"


def elliptic(follow_up: FollowUp) -> str | None:
    """The last question with what a few words without a verb replace in it."""
    asked = follow_up.asked
    said = plain(asked.text)
    if not asked.text or not is_fragment(asked):
        return None
    bare = follow_up.of(_EDGE.sub("", asked.text))
    if bare.text != asked.text and _is_constraint(bare, 0, len(bare.text)):
        return _fragment(follow_up, bare)
    short = follow_up.marked and len(asked.content) <= (3 if re.match(r"how|which|what", said) else 2)
    return _fragment(follow_up, asked) if follow_up.led or short else None


def _fragment(follow_up: FollowUp, new: Wording) -> str | None:
    """The last question with what the fragment says in the place of what it replaces."""
    frame, said = follow_up.frame, plain(new.text)
    if _QUESTION_WORD.fullmatch(said):
        return with_question_word(frame, new.text[0].upper() + new.text[1:], follow_up.answer)
    if re.fullmatch(r"(?:the )?[\w-]+ ones?", said) and new.places:
        return with_place(frame, new.places[0])
    match = _WITH_NOUN.match(said)
    start = match.end() if match else 0
    end = phrase_end(new, start)
    has_noun = end > start and not _is_constraint(new, start, end)
    if re.match(r"(?:in|by|to|from|for|with|of|at|on) (?:how many|which|what) ", said):
        return with_question_word(frame, new.text[0].upper() + new.text[1:], follow_up.answer) or _attached(
            follow_up, new.text, ""
        )
    if not has_noun:
        return with_constraint(frame, new, follow_up.knowledge) or with_complement(frame, new)
    if plain(new.text[start:end]) in {"one", "ones"} or (start and not _goes_with(new, frame)):
        return None
    noun, tail = new.text[start:end], new.text[end:].strip()
    wh = match["wh"].capitalize() if match and match["wh"] else ""
    rewritten = with_noun(frame, wh, noun)
    if rewritten is None:
        return _attached(follow_up, f"{wh} {noun}" if wh else f"What about {noun}", tail)
    if not tail:
        return rewritten
    return (
        with_constraint(follow_up.of(rewritten), follow_up.of(tail), follow_up.knowledge)
        or f"{rewritten} {tail}"
    )


def _goes_with(new: Wording, frame: Wording) -> bool:
    """False for "which projects?" after "How many jobs were created": those who did it, not what was done."""
    listed = plain(new.text).startswith(("which", "what"))
    return not (listed and is_agent(new.text) and frame.noun and not is_agent(frame.noun))


def _is_constraint(new: Wording, start: int, end: int) -> bool:
    """True when a phrase is nothing but names, places and dates."""
    spans: list[tuple[int, int]] = [(each.start, each.end) for each in (*new.named, *new.unknown)]
    spans += [(place.start, place.end) for place in new.places]
    spans += [(date.start, date.end) for date in new.dates]
    said = [token for token in new.tokens if start <= token.start < end]
    telling = [token for token in said if token.pos not in {"DET", "ADP", "CCONJ", "PUNCT"}]
    return bool(telling) and all(any(a <= token.start < b for a, b in spans) for token in telling)


# Short questions that go on about the topic


def completed(follow_up: FollowUp) -> str | None:
    """A short question without a name, with the topic that it goes on about; None when it has another."""
    asked, said = follow_up.asked, plain(follow_up.asked.text)
    found = topic(follow_up.turns)
    if found is None or asked.own_names or not 1 <= len(asked.content) <= SHORT_WORDS_MAX:
        return None
    if (
        _ABOUT_US.search(said)
        or re.search(r"\b(?:it|this|that|they|them)\b", said)
        or not _QUESTION.match(said)
    ):
        return None
    leans = follow_up.led or len(asked.content) == 1 or _DEFINITE.fullmatch(said)
    if not follow_up.led and (_asks_for_a_class(asked) or asked.places):
        return None
    return _attached(follow_up, asked.text, "") if leans or _is_told_of(found, follow_up) else None


def _asks_for_a_class(asked: Wording) -> bool:
    """True for "Which SMEs ...", "How many projects ...": a question about all of them."""
    return bool(asked.noun) and kind_of(asked.noun) in AGENTS and is_plural(asked.noun)


def _is_told_of(found: Referent, follow_up: FollowUp) -> bool:
    """True when the documents tell of the topic what the question is about."""
    knowledge = follow_up.knowledge
    key = knowledge.names.key_of(found.text)
    if key is None:
        return False
    about = knowledge.documents_about(key)
    positions = set(knowledge.entities[key].passages) | {
        i for i, spoken in knowledge.spoken_of.items() if spoken == key
    }
    positions |= {i for i, passage in enumerate(knowledge.passages) if passage.document_id in about}
    asked = [
        stem(token.lemma if token.pos == "VERB" else plain(token.text)) for token in follow_up.asked.content
    ]
    return any(
        sum(best(word, knowledge.words.passage_stems[i]) >= 0.85 for word in asked)
        >= SUPPORT_MIN * len(asked)
        for i in positions
    )


def _attached(follow_up: FollowUp, text: str, tail: str) -> str | None:
    """The words with the topic of the conversation: "How many employees in 2012 at Norvia"."""
    found = topic(follow_up.turns)
    if found is None:
        return None
    wording = follow_up.of(text)
    return f"{text} {tail} {_link(wording, found)} {found.text}".replace("  ", " ")


def _link(wording: Wording, found: Referent) -> str:
    """The preposition that ties the topic to a question, "" where it is the object of its last verb."""
    said, last = plain(wording.text), wording.tokens[-1]
    passive = any(token.dep == "auxpass" for token in wording.tokens)
    if passive and last.lemma in {"involve", "interest", "engage", "include", "describe"}:
        return "in"
    if passive and not re.search(r"\bby\b", said):
        return "by"
    if re.match(r"who ", said) and last.dep == "ROOT" and last.pos == "VERB":
        return ""
    if re.match(r"(?:what|who|which) (?:is|are|was|were|about) ", said):
        return "of"
    return (
        "in"
        if found.kind in {"project", "programme", "network"}
        else "at"
        if found.kind in AGENTS - {"person"}
        else "for"
    )

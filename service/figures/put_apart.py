"""One question about two things put apart: "A drew how many visitors?" of "Which drew more visitors, A or B?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from corpus.parsing import Token, tagged

_AUXILIARY = re.compile(r"^\W*(?:was|were|did|does|do|is|are|has|have|had|can|could)\b\s*", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:which|what|who)\b(?: of (?:these|the two)\b)?", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?)\s+")  # "The Birth" and "A Feast" are titles
_LAST_PAIR = re.compile(r"\s*[,:;–—]\s*(?:out of |between )?(?P<first>[^,:;]+?),?\s+or\s+(?P<second>[^:;]+)$")
_TOGETHER = re.compile(
    r",?\s*\b(?:if )?(?:(?:taken|put|added|when taken) )?(?:altogether|together|combined|in total|in all|between them)\b",
    re.IGNORECASE,
)
_TAKING = re.compile(r"^\W*(?:taking|counting|adding)\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_YEARS = re.compile(r"(.*?)((?:1[5-9]|20)\d\d) and ((?:1[5-9]|20)\d\d)")
_IN_TIME = re.compile(
    r"\b(?:the )?(?:earlier|earliest|first|sooner|later|latest|last|older|oldest|younger|youngest|newer|newest)\b",
    re.IGNORECASE,
)
_MUCH = re.compile(r"\b(?:the )?(?:more|most|fewer|fewest|less|least)\b", re.IGNORECASE)
_GRADES = {
    "big": r"(?:bigger|biggest|larger|largest|greater|greatest|smaller|smallest)",
    "high": r"(?:higher|highest|lower|lowest)",
    "long": r"(?:longer|longest|shorter|shortest)",
    "expensive": r"(?:dearer|cheaper|cheapest)",
}
_PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "SYM", "PRON"})


class Apart(NamedTuple):
    """One of the two things, and the question as it is asked of it alone."""

    name: str
    question: str
    in_time: bool  # the answer is a date


def compared_apart(question: str) -> list[Apart]:
    """Of a question that of the two is more, the two that ask each for its figure; empty for any other question."""
    text = question.strip().rstrip("?. ")
    last = _LAST_PAIR.search(text)
    if last and _ASKING.search(text[: last.start()]):
        rest = _ASKING.sub("", text[: last.start()], count=1).strip(" ,")
        return [_graded(name, rest) for name in (last["first"], last["second"])]
    begins = _AUXILIARY.match(text)
    if begins is None:
        return []
    tokens = next(tagged([text]))
    pair = _joined(tokens, "or")
    if pair is None or text[begins.end() : pair[0][0]].strip():
        return []
    rest = text[pair[1][1] :]
    if not rest.strip():
        return []  # "Were there more patents or jobs?" has no verb left to ask with
    return [_graded(text[start:end], rest) for start, end in pair]


def summed_apart(question: str) -> list[Apart]:
    """Of a question about two things together, the two that ask for each; empty for any other question."""
    text = question.strip().rstrip("?. ")
    if not _TOGETHER.search(text):
        return []
    text = _TAKING.sub("", _BRACKETS.sub("", _TOGETHER.sub("", text)))
    tokens = next(tagged([text]))
    pair = _joined(tokens, "and") or _joined_by_preposition(tokens)
    if pair is None:
        return []
    (start, _), (second, end) = pair
    years = _YEARS.fullmatch(text[start:end])
    if years:  # "the congresses of 2009 and 2012"
        return [Apart(years[of], f"{text[:start]}{years[1]}{years[of]}{text[end:]}?", False) for of in (2, 3)]
    verb = re.search(r"\s[a-z]+$", text[second:end])
    if verb and end == len(text) and re.search(r"\b(?:do|does|did)\s*$", text[:start]):
        end -= len(verb[0])  # "do A and B employ": a verb that the tagger takes for a noun
        pair = (pair[0], (second, end))
    shared = _shared_noun(tokens, *pair)
    names = [text[slice(*pair[0])] + shared, text[slice(*pair[1])]]
    return [Apart(_ARTICLE.sub("", name), f"{text[:start]}{name}{text[end:]}?", False) for name in names]


def _shared_noun(tokens: Sequence[Token], first: tuple[int, int], second: tuple[int, int]) -> str:
    """The noun that adjectives on both sides share: " courses" of "basic and advanced courses"."""
    inside = [token for token in tokens if second[0] <= token.start < second[1]]
    bare = all(token.pos == "ADJ" for token in tokens if first[0] <= token.start < first[1])
    at = next((i for i, token in enumerate(inside) if token.pos in {"NOUN", "PROPN"}), 0)
    return " " + " ".join(token.text for token in inside[at:]) if bare and at else ""


def _joined_by_preposition(tokens: Sequence[Token]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The two phrases of "in Wales and with the English teams", each with its preposition."""
    for at, token in enumerate(tokens[:-1]):
        if token.text.lower() != "and" or tokens[at + 1].pos != "ADP":
            continue
        first = next((i for i in range(at - 1, 0, -1) if tokens[i].pos == "ADP"), None)
        last = at + 1
        while last + 1 < len(tokens) and _in_phrase(tokens, last + 1):
            last += 1
        if first is not None and last > at + 1:
            return (tokens[first].start, tokens[at - 1].end), (tokens[at + 1].start, tokens[last].end)
    return None


def _graded(name: str, rest: str) -> Apart:
    """What `rest` says of more or earlier, asked of one thing: how many, how much, when."""
    in_time = _IN_TIME.search(rest) is not None
    asked = _IN_TIME.sub("when", rest)
    for grade, forms in _GRADES.items():
        asked = re.sub(rf"\b(?:the )?{forms}\b", f"how {grade}", asked, flags=re.IGNORECASE)
    counted = [token.start for token in next(tagged([asked])) if token.pos in {"NOUN", "PROPN", "ADJ"}]
    asked = _MUCH.sub(lambda more: "how many" if more.end() + 1 in counted else "how much", asked)
    return Apart(_ARTICLE.sub("", name.strip()), f"{name.strip()} {asked.strip()}?", in_time)


def _joined(tokens: Sequence[Token], conjunction: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Start and end of the two noun phrases on either side of a conjunction; None without such a pair."""
    for at, token in enumerate(tokens):
        if token.text.lower() != conjunction:
            continue
        first = at
        while first > 0 and _in_phrase(tokens, first - 1):
            first -= 1
        last = at
        while last + 1 < len(tokens) and _in_phrase(tokens, last + 1):
            last += 1
        while first < at and tokens[first].pos == "ADP":
            first += 1
        if first < at < last:
            return (tokens[first].start, tokens[at - 1].end), (tokens[at + 1].start, tokens[last].end)
    return None


def _in_phrase(tokens: Sequence[Token], at: int) -> bool:
    """True for a word of a noun phrase; "of" and a hyphen join the words around them."""
    token = tokens[at]
    if token.pos in _PHRASE or token.tag == "HYPH":
        return token.tag not in {"WDT", "WP", "WRB"}
    inner = token.text.lower() in {"of", "for", "@", "&"}
    return inner and 0 < at < len(tokens) - 1 and tokens[at + 1].pos in _PHRASE

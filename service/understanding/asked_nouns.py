"""The noun that a question asks for ("which", "how many"): its head words, the kinds of things it means."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from corpus.parsing import Parse, Token
from corpus.taxonomy import kind_nouns, kind_of, plain, singular
from corpus.vocabulary import stem, words

_PHRASE_END = re.compile(
    r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|may|might|of|in|from|for|by|with|that|which|who|to|at|on|"
    r"and|or|through|during|under|using|based|mentioned|named|listed|described|created|founded|involved|take|takes|took|come|came|"
    r"made|won|got|get|received|won|work|works|worked|deal|deals|spun|commercialised|commercialized|developed|launched|"
    r"participate\w*|contribut\w+|employ\w*|sell\w*|offer\w*|use[sd]?|support\w*|result\w*|emerg\w+|opened|set|grew|grow|"
    r"gave|give|gives|belong\w*|join\w*|produced|produce|carry|cover|there|so|now|currently|exist|each|per|than|according|as|when|where|how|because|thanks)\b|[,;:?.!]"
)
_WHICH = r"(?:which|what) (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b)"
_PLACE_NOUN = re.compile(r"\b(?:countr(?:y|ies)|cit(?:y|ies)|towns?|nations?|places?)$", re.IGNORECASE)


_OBJECT_OPENS = frozenset({"ADJ", "ADV", "DET", "NOUN", "NUM", "PRON", "PROPN", "SCONJ"})


def asked_noun(text: str, parsed: Parse) -> tuple[str, int]:
    """The noun phrase behind "which", "how many", "list (all)", and where it begins."""
    lowered = plain(text)
    patterns: tuple[str, ...] = (
        r"\bhow many (?:of (?:the|those|these) )?(?:(?:different|new|more|distinct|named|listed|other) )*",
        r"\bnumber of (?:different |new )?",
        r"\b(?:which|what) (?:of (?:the|those|these) )?(?:other |different )?(?!is\b|are\b|was\b|"
        r"were\b|do\b|does\b|did\b|has\b|have\b)",
        r"^(?:please )?(?:list|name|enumerate|show|give|find|identify)(?: (?:me|us|all|every|each|"
        r"of|the|any|some))* ",
        r"^what (?:is|are|was|were) (?:the |all |all the |some of the )",
        r"^who (?:are|were) (?:the |all |all the |some of the )?(?=\w+s\b)",
        r"^(?:are there |were there )?any (?:of (?:the|these|those) )?",
        r"\bhow much ",
    )
    if re.match(rf"(?:\w+ )?{_WHICH}", lowered):
        patterns = (patterns[2], *patterns)
    for pattern in patterns:
        match = re.search(pattern, lowered)
        if match:
            phrase = _owner(_chunk(parsed, match.end()) or _noun_phrase(text[match.end() :]))
            if phrase:
                return phrase, match.end()
    return "", 0


def _owner(phrase: str) -> str:
    """What a phrase asks for: the owners in "Which bodies' handling of ...", else all of it."""
    return re.split(r"(?<=s)['’]\s|['’]s\s", phrase, maxsplit=1)[0]


def _chunk(parsed: Parse, offset: int) -> str:
    """The noun phrase that begins at an offset, with a second one that "or" or "and" joins to it."""
    words_taken: list[Token] = []
    last_noun = -1
    for token in parsed.tokens:
        if token.start < offset:
            continue
        class_noun = plain(token.text) in kind_nouns()
        joined = (
            bool(words_taken) and words_taken[-1].text in {"-", "‑"} and token.start == words_taken[-1].end
        )
        if (
            not class_noun
            and not joined
            and token.pos in {"VERB", "AUX", "ADP", "PRON", "SCONJ", "PUNCT", "ADV"}
            and token.text not in {"-", "&"}
            and not (token.text.isupper() and len(token.text) > 1)
        ):
            break
        if words_taken and _is_verb_after_all(parsed, words_taken[-1], token):
            break
        words_taken.append(token)
        if class_noun or joined or token.pos in {"NOUN", "PROPN"}:
            last_noun = len(words_taken)
    if last_noun < 1 or last_noun > 9:
        return ""
    return parsed.text[words_taken[0].start : words_taken[last_noun - 1].end]


def _is_verb_after_all(parsed: Parse, before: Token, token: Token) -> bool:
    """True for "studies" in "Which project studies how ..." and for "work" in "Which projects work on ...".

    The parser takes the one for a plural and the other for a noun.
    """
    if plain(before.text) not in kind_nouns() or token.i + 1 >= len(parsed.tokens):
        return False
    behind = parsed.tokens[token.i + 1].pos
    if before.tag in {"NN", "NNP"}:
        return token.tag in {"NNS", "NNPS"} and behind in _OBJECT_OPENS
    return token.tag == "NN" and token.text.islower() and behind == "ADP"


def _noun_phrase(text: str) -> str:
    match = _PHRASE_END.search(plain(text))
    phrase = text[: match.start()] if match else text
    return phrase.strip() if len(phrase.split()) <= 6 else ""


def asked_kind(noun_text: str, text: str, intent: str) -> str:
    """The kind of named thing that is asked for; "person" and organisations for "who" stay open."""
    if _PLACE_NOUN.search(noun_text):
        return "place"
    for phrase in (noun_text, re.split(r"\s(?:or|and)\s", noun_text)[0]):
        if (
            phrase
            and (kind := kind_of(phrase))
            and (kind == "sme" or phrase != noun_text or " or " not in noun_text)
        ):
            return kind
    if (
        noun_text
        and (parts := noun_text.split())
        and len(parts) > 1
        and (kind := kind_of(" ".join(parts[:-1])))
        and kind_of(parts[0])
    ):
        return kind_of(parts[0]) or ""
    match = re.search(
        r"\b(?:who|which) (?:are|is|were) (?:the |all the )?([\w -]+?)"
        r"(?: (?:in|of|from|that|which|at|for|on|with|by|to|during)\b|\?|$)",
        plain(text),
    )
    told = (kind_of(match[1]) or "") if match and intent in {"who", "list"} else ""
    return told or (party_kind(noun_text).replace("named", "") if intent in {"list", "who"} else "")


@lru_cache(maxsize=1)
def _parties() -> dict[str, str]:
    """By noun the kind of the named things that it asks for; "named" when it leaves the kind open."""
    listed = tomllib.loads(files("service").joinpath("data/members.toml").read_text("utf-8"))
    return {noun: kind for kind, nouns in listed.items() for noun in nouns}


@lru_cache(maxsize=1)
def _nouns() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(files("service").joinpath("data/question_nouns.toml").read_text("utf-8"))
    return {name: frozenset(nouns) for name, nouns in listed.items()}


def is_mass(noun_text: str) -> bool:
    """True for a noun without a plural, of which several things may be asked for: "software"."""
    return bool(_nouns()["mass"] & set(plain(noun_text).split()[-1:]))


def is_time_of_year(name: str) -> bool:
    """True for "Christmas" and "New Year", which a report need not know."""
    return set(plain(name).split()) <= _nouns()["times"]


def party_kind(noun_text: str) -> str:
    """The kind of named things that a noun phrase asks for, "named" for any, "" when they need no name."""
    heads = [part.split()[-1] for part in re.split(r"\bor\b|\band\b|,|/", plain(noun_text)) if part.split()]
    found = [_parties()[name] for head in heads if (name := singular(head)) in _parties()]
    return min(found, key=lambda kind: kind == "named", default="")


def asked_kinds(noun_text: str, kind: str) -> tuple[str, ...]:
    """The kinds of all parts of a phrase."""
    if kind in {"place", "sme"}:
        return (kind,)
    found = [kind_of(part.strip()) for part in re.split(r"\bor\b|\band\b|,|/", noun_text)]
    return tuple(dict.fromkeys(item for item in [kind, *found] if item))


def asked_heads(noun_text: str) -> tuple[str, ...]:
    """The stems of a phrase's head nouns: the last word of each part that "or", "and" or a comma joins."""
    parts = [words(part) for part in re.split(r"\bor\b|\band\b|,|/", noun_text)]
    return tuple(stem(part[-1]) for part in parts if part)


def counted_deed(text: str, parsed: Parse) -> tuple[str, ...]:
    """The stem of the verb in "How often has X been cited?": what is counted is the citations."""
    if not re.match(r"\W*how (?:often|many times)\b", text, re.IGNORECASE):
        return ()
    verbs = [token for token in parsed.tokens if token.pos == "VERB"]
    return (stem(verbs[-1].lemma),) if verbs else ()

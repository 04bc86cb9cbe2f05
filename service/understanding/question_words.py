"""The words of a question: tidied, spelt as the reports spell them, its second part split off."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from corpus.abbreviations import long_form
from corpus.taxonomy import plain
from corpus.vocabulary import stem
from service.knowledge.knowledge import Knowledge

_VOWELS = "aeiouy"
SPELLING_MIN = 86.0  # rapidfuzz ratio from which an unknown word is taken for a known one
_QUESTION_WORDS = """
    what which who whom whose where when why how is are was were be been being am do does did done has have
    had can could will would shall should may might must a an the of in on at to for from by with and or as
    that this these those it its they their them he she his her we our us i me my you your there here than
    then so if into about between per any some many much more most least fewer less no not also please ve s
    t d ll re m whats wich up off out down over later earlier before after since onwards
"""
# Words that ask or join and name nothing; "s", "ve", "ll" are left of contractions, "wich" is a common slip.
QUESTION_WORDS = frozenset(_QUESTION_WORDS.split())
_REPORT = (
    r"(?:reports?|documents?|brochures?|texts?|leaflets?|case stud(?:y|ies)|papers?|pages?|sources?|files?)"
)
# What a question says of the reports themselves, not of what they report.
_ABOUT_REPORTS = re.compile(
    rf",?\s*\b(?:according to|in|from|across|throughout|within|as used in|as (?:stated|described|given|"
    rf"mentioned) in) (?:the|this|these|your|all the) {_REPORT}(?: together)?\b|"
    rf"\b(?:that |which |who )?(?:the|this|these) {_REPORT} (?:talks? about|mentions?|names?|"
    rf"describes?|lists?|gives?|refers? to|speaks? of|covers?)\b|"
    rf"\b(?:that |which |who )?(?:are|is|appear|appears|get|gets) (?:mentioned|named|listed|"
    rf"described|given as examples?|cited|appearing)(?: (?:in|by|across|throughout|within) (?:all )?(?:the|this|"
    rf"these) {_REPORT})?(?= (?:of|for)\b|\W*$| and\b)|"
    rf"\b(?:mentioned|appear(?:s|ing)?)(?: (?:in|across|throughout|within) (?:all )?(?:the|this|these) {_REPORT})?(?=\W*$)",
    re.IGNORECASE,
)
# Roles that are named only to say that any of them will do: "as buyer, licensee or customer".
_IN_ANY_ROLE = re.compile(
    r",?\s*\b(?:be it |whether )?as (?:an? )?\w+(?:, (?:an? )?\w+)*,? or (?:an? |as )?\w+", re.IGNORECASE
)
_KINDS_OF = re.compile(
    r"\b(?:(?:different |various )?(?:kinds?|types?|sorts?|names?|examples?) of (?:all )?(?:the )?)",
    re.IGNORECASE,
)


def tidied(question: str) -> str:
    """The question without what it says of the reports themselves, with contractions written out."""
    text = re.sub(r"\s+", " ", question).strip()
    text = re.sub(r"\b(what|who|where|how|when)['’]?s\b", r"\1 is", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\b(people|ppl|persons?|staff) (?:do |does )?works? (?:for|at)\b",
        r"\1 are employed by",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(what|which) (?:%|pct)", r"\1 percentage", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:take|takes|taken|taking) over\b", "acquire", text, flags=re.IGNORECASE)
    text = re.sub(r"\btook over\b", "acquired", text, flags=re.IGNORECASE)
    text = re.sub(r"^define (?:the (?:term|word)s? )?", "What is ", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:or|and) (?:any )?other [a-z]+\b", "", text)
    text = _IN_ANY_ROLE.sub("", text)
    shorter = _KINDS_OF.sub("", _ABOUT_REPORTS.sub(" ", text))
    return re.sub(r"\s+", " ", shorter).strip() if len(shorter.split()) >= 2 else text


def short_forms(text: str) -> tuple[tuple[str, ...], str]:
    """The short forms that a question adds to names ("the Norvia Fund (NF)"), and the question without."""
    found: list[str] = []

    def kept(match: re.Match[str]) -> str:
        if not long_form(text[: match.start()], match[1]):
            return match.group()
        found.append(match[1])
        return ""

    rest = re.sub(r"\s*\(([A-Z][\w&-]{1,11})\)", kept, text)
    return tuple(found), rest


def spelt(text: str, knowledge: Knowledge) -> str:
    """The question with misspelt lower-case words replaced by the nearest word that is known."""

    def repaired(match: re.Match[str]) -> str:
        word = match.group()
        if word in knowledge.words.spellings or knowledge.names.key_of(word):
            return word
        if stem(word) in knowledge.words.known_stems:
            return _other_vowel(word, knowledge)
        return nearest_spelling(word, knowledge.words.spellings) or word

    return re.sub(r"(?<![\w'’-])[a-z]{6,}(?![\w'’-])", repaired, text)


def nearest_spelling(word: str, spellings: frozenset[str]) -> str:
    """The known word that an unknown one is a slip for, a plural if that is one; "" when none is near."""
    near = process.extractOne(word, spellings, scorer=fuzz.ratio, score_cutoff=SPELLING_MIN)
    # Letters that changed places are one slip.
    slip = None if near else process.extractOne(word, spellings, scorer=OSA.distance, score_cutoff=1)
    known = str(near[0]) if near else str(slip[0]) if slip else ""
    if not known.startswith(word[0]):
        return ""
    return f"{known}s" if word.endswith("s") and not known.endswith("s") else known


def _other_vowel(word: str, knowledge: Knowledge) -> str:
    """The known word that differs from an unknown one in a single vowel ("visiters"), else the word itself.

    Any other letter may make another word: "employers" is no slip for "employees".
    """
    found = (
        word[:i] + vowel + word[i + 1 :]
        for i, letter in enumerate(word)
        if letter in _VOWELS
        for vowel in _VOWELS
    )
    return next((other for other in found if other in knowledge.words.lower_words), word)


def second_question(text: str) -> str:
    """The second question of "Which ... and what did they gain?", "" when there is none."""
    match = re.search(
        r",? and ((?:what|how|where|when|who|by whom|in which|with which|for what)\b.+)$", plain(text)
    )
    return match[1].rstrip("?. ") if match else ""


def main_part(text: str, more: str) -> str:
    """The question without its second part."""
    return (
        text[: len(text) - len(more) - 1].rstrip(" ,?.")
        if more and plain(text).rstrip("?. ").endswith(more)
        else text
    )

"""How far a sentence says a claim: its words, and whether it denies it or leaves it open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.taxonomy import plain
from corpus.vocabulary import best, stem, stems, words
from service.knowledge.knowledge import Knowledge
from service.lookups.opposites import says_contrary
from service.lookups.support import LEAD_WORTH, entity_level
from service.understanding.understand import Reading

SAID_MIN = 0.4  # share of a claim that a sentence must say itself before it makes the claim true
DENIED_MIN = 0.5  # share of a claim that a negated clause must say to deny it
OPEN_MIN = 0.2  # share of a claim that a sentence must say which calls a matter open
ENTITY_OPEN_MIN = 0.65
_NEGATION = re.compile(
    r"no|not|never|none|without|neither|nor|cannot|non|unable|fail(?:s|ed)?|lack(?:s|ed)?|\w+n't"
)
_REACH_WORDS = 5  # how far behind a negation the word stands that it denies
_KEEPS = re.compile(r"\b(?:stick|sticks|stuck|keep|keeps|kept|hold|held|stand|stood|maintain\w*|honour\w*)\b")
_GIVES_UP = re.compile(
    r"\b(?:replac(?:ed|es|ing)|abandon\w*|dropped|scrapped|withdr\w+|revers(?:ed|al)|gave up|given up|repealed|"
    r"cancel\w*|discontinued)\b"
)
# What came to nothing, wherever the sentence says so: "sought approval but was turned down".
_CAME_TO_NOTHING = re.compile(
    r"\b(?:ineffective|unsuccessful(?:ly)?|(?:was|were|been|be|is|are) (?:defeated|refused|rejected|denied|turned down|"
    r"overturned|ruled out))\b"
)
_OPEN = re.compile(
    r"\b(?:too (?:early|soon) (?:to|for)|(?:not|n't) yet|yet to|remains? to be|premature to|still (?:to be|awaiting))\b|"
    r"\b(?:is|are|being|been) (?:currently |now |still )?(?:being )?(?:sought|awaited|applied for|considered|negotiated)\b|"
    r"\b(?:pending|awaiting|under (?:review|consideration))\b"
)
# What would be so if something came about: "Should it be approved, ...", "if the trial succeeds".
_SUPPOSED = re.compile(
    r"^\W*(?:should|if|once|were|provided that|assuming)\b|\b(?:if|once|should) (?:the|it|they|this)\b"
)


# What a claim of success asks for, and how sentences tell that it was not had.
_SUCCEEDS = re.compile(
    r"\b(?:succe(?:ed|ss)\w*|work(?:ed)?|help(?:ed|s)?|effective|pass(?:ed)?|complet\w+|meet|met|reach(?:ed)?|"
    r"(?:go|goes|went|gone) ahead|planned end|to (?:the|its) end)\b"
)
_FAILS = re.compile(
    r"\b(?:fail(?:ed|s)? to|failed|unsuccessful|no (?:evidence|benefit|effect|significant|improvement|difference)|"
    r"(?:stopped|ended|closed|terminated|halted) (?:early|prematurely)|not possible)\b"
)
# Whether something is allowed, and the words that forbid it.
_MAY = re.compile(r"^\W*(?:can|could|may|is it (?:allowed|permitted)|are .* (?:allowed|permitted))\b")
_FORBIDS = re.compile(
    r"\b(?:not|n't|never|nor) (?:allow|permit|let|accept|fund|support)\w*\b|\b(?:forbid\w*|prohibit\w*|bans?|banned)\b"
)
# Whether something was the first, and what there was before it.
_FIRST = re.compile(r"\bfirst\b")
_BEFORE_IT = re.compile(
    r"\b(?:prior to|before)\b.*\b(?:had|have|were|was) (?:already )?(?:been )?\w+(?:ed|n)\b|\bnot the first\b"
)
_DENIALS = ((_SUCCEEDS, _FAILS), (_MAY, _FORBIDS), (_FIRST, _BEFORE_IT), (_KEEPS, _GIVES_UP))


def supposes(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a passage only says what would follow from a claim, and the question does not itself."""
    text = plain(knowledge.passages[position].text)
    return _SUPPOSED.search(text) is not None and not re.search(
        r"\b(?:if|once|would|could)\b", plain(reading.question)
    )


def claim_share(reading: Reading, knowledge: Knowledge, position: int) -> float:
    """The weighted share of a claim's words that a passage says itself; 1 when only names are asked about."""
    said = knowledge.words.passage_stems[position]
    around = knowledge.words.around_stems[position] | knowledge.words.before_stems[position]
    return _share(reading, knowledge, lambda word: max(best(word, said), LEAD_WORTH * best(word, around)))


def _share(reading: Reading, knowledge: Knowledge, level: Callable[[str], float]) -> float:
    weights = {
        word: knowledge.words.idf(word) * worth
        for word, worth in zip(reading.content, reading.worth, strict=True)
    }
    total = sum(weights.values())
    return sum(weight * level(word) for word, weight in weights.items()) / total if total else 1.0


def says_claim(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a passage has enough of a claim's own words to make it true."""
    return claim_share(reading, knowledge, position) >= SAID_MIN


def is_denied(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a passage negates what the claim says, or tells that it was given up."""
    text = plain(knowledge.passages[position].text)
    asked = plain(reading.question)
    if any(claim.search(asked) and denial.search(text) for claim, denial in _DENIALS):
        return True
    if says_claim(reading, knowledge, position) and says_contrary(asked, text):
        return True
    if _negates(asked, ()):
        return False
    if _CAME_TO_NOTHING.search(text) and not _CAME_TO_NOTHING.search(asked):
        return True
    return _negates(text, reading.content) or _denying_clause(reading, knowledge, position)


def _negates(text: str, asked: Sequence[str]) -> bool:
    """True when a negation stands shortly before an asked word; with none asked, when there is a negation."""
    said = re.split(r"[\s-]+", " ".join(words(text)))
    return any(
        not asked or any(stem(near) in asked for near in said[i + 1 : i + _REACH_WORDS])
        for i, word in enumerate(said)
        if _NEGATION.fullmatch(word)
    )


def _denying_clause(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when a negated clause says most of the claim: "that expert training is not useful"."""
    for fact in knowledge.facts_at.get(position, ()):
        if fact.extractor == "clause" and fact.polarity == "negated":
            said = stems(f"{fact.subject} {fact.predicate} {fact.object}")
            if _share(reading, knowledge, lambda word, said=said: best(word, said)) >= DENIED_MIN:  # type: ignore[misc]
                return True
    return False


def open_words(text: str) -> str:
    """The words of a text that call a matter open, "" when none do."""
    match = _OPEN.search(plain(text))
    return text[slice(*match.span())] if match else ""


def open_at(reading: Reading, knowledge: Knowledge) -> list[int]:
    """The passages about the asked names that call what is asked open ("too early to say"), best first."""
    found = [
        position
        for position, passage in enumerate(knowledge.passages)
        if _OPEN.search(plain(passage.text))
        and entity_level(reading, knowledge, position) >= ENTITY_OPEN_MIN
        and claim_share(reading, knowledge, position) >= OPEN_MIN
    ]
    return sorted(found, key=lambda position: (-claim_share(reading, knowledge, position), position))

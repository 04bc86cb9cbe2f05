"""Who founded a company, and whom it was spun out of, read off the words between two names.

Parses go wrong where firms are named ("In 2008 Ferrow Ltd created Suspens Ltd (...)"), so that the words
of the gap decide.
"""

from __future__ import annotations

import re

from corpus.kinds import coordinated_before
from corpus.registry import Mention
from corpus.statements import Statement
from corpus.taxonomy import plain

_FOUNDED = (
    r"(?:co-?\s?)?(?:founded|established|created|formed|set up|launched|started|incorporated|"
    r"spun[ -]?(?:out|off))"
)
_NOUN = r"(?:compan(?:y|ies)|business|firm|venture|enterprise|start-?up|spin-?(?:out|off)|spin (?:out|off))"
_TITLES = (
    r"(?:(?:professors?|profs?\.?|drs?\.?|sir|dame|mr|mrs|ms|ceo|chairman|the|its|researchers?|"
    r"academics?)\s+)*"
)
_BRACKET = r"(?:\s*\([^()]{0,60}\))?"
# "A founded the award-winning company C": what stands between A and C.
_ACTIVE = re.compile(
    rf"{_BRACKET}(?:,(?![^,]*\b(?:we|he|she|they)\b)[^,.;]{{1,60}},)?(?:\s+(?:has|have|had|also|then|later|subsequently|jointly|recently|both))*"
    rf"\s+{_FOUNDED}(?:\s+(?!by\b|with\b|for\b|at\b|of\b|from\b|to\b|in\b)[\w-]+,?){{0,7}}?(?:\s+{_NOUN})?"
    r"(?:,?\s+(?:called|named))?,?\s+(?:in (?:\w+ )?\d{4},?\s+)?(?:the\s+)?[\"'(“]?"
)
# "C was founded in 2009 by Professor A": what stands between C and A.
_PASSIVE = re.compile(
    rf"\.?{_BRACKET}\s*(?:,|\()?\s*(?:(?:which|that|a|an)\s+)?(?:(?:[\w-]+\s+){{0,4}}{_NOUN}\s+)?"
    r"(?:was|were|has been|had been)?\s*"
    rf"(?:first\s+|originally\s+|jointly\s+)?{_FOUNDED}\b[^.;]{{0,40}}?\bby\s+{_TITLES}"
)
# "the creation in 2001 of C (by A, B and D)": what stands before C, and between C and A.
_NOMINAL = re.compile(
    r"\b(?:creation|establishment|formation|foundation|founding|launch|incorporation)\s+"
    r"(?:in (?:\w+ )?\d{4}\s+)?of\s+"
    rf"(?:the\s+)?(?:[\w-]+\s+){{0,3}}?(?:{_NOUN},?\s+)?$"
)
_NOMINAL_BY = re.compile(rf"{_BRACKET}\s*\(?,?\s*(?:in \d{{4}}\s+)?by\s+{_TITLES}")
# "A, co-founder and director of C", "C founder A".
_FOUNDER_OF = re.compile(
    rf",?\s+(?:is |was |as )?\(?(?:the\s+|a\s+)?(?:scientific\s+)?(?:co-?)?founders?"
    r"(?:[ ,]+(?:and|&)?\s*[\w ]{2,30})?\s+of\s+"
    rf"(?:the\s+)?(?:(?!by\b)[\w-]+\s+){{0,4}}?(?:{_NOUN},?\s+)?"
)
_FOUNDER_BEHIND = re.compile(rf"(?:'s)?,?\s+(?:scientific\s+)?(?:co-?)?founders?,?\s+{_TITLES}")
# "C spun out from the University of A", "spin out C from A", "a spin-out from A, a firm called C".
_SPUN_FROM = re.compile(
    rf"\.?{_BRACKET}\s*,?\s+(?:which |that )?(?:(?:was|were|has|have|had|been|has been|successfully)\s+)*"
    r"sp[iu]n[ -]?(?:out|off)(?:\s+in (?:\w+ )?\d{4})?\s+(?:from|of|out of|by)\s+(?:the\s+)?"
)
_SPIN_BEFORE = re.compile(r"\bspin(?:ning)?[ -](?:out|off)\s+(?:the\s+)?$")
_FROM_BEHIND = re.compile(rf"\.?{_BRACKET}\s*(?:in (?:\w+ )?\d{{4}})?\s*,?\s*(?:from|out of)\s+(?:the\s+)?")
_FROM_BEFORE = re.compile(rf"\bspin[ -]?(?:out|off)(?:\s+{_NOUN})?\s+(?:from|of)\s+(?:the\s+)?$")
_CALLED = re.compile(
    rf",?\s+(?:is\s+)?(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,4}}?{_NOUN}?,?\s*(?:called|named)?,?\s*"
)

# "A founded B in 2008 and in 2009 created C": what stands before C.
_AND_FOUNDED = re.compile(
    rf"\b(?:and|,)\s+(?:in (?:\w+ )?\d{{4}},?\s+)?(?:later\s+|then\s+|also\s+)?{_FOUNDED}"
    r"(?:\s+(?!by\b|with\b|for\b|at\b|of\b|from\b|to\b|in\b)[\w-]+,?){0,6}?\s+(?:the\s+)?$"
)

_NO_FOUNDERS = {"award", "journal", "product", "regulator"}


def founders_of(statement: Statement, child: Mention) -> list[Mention]:
    """The people and organisations that the passage says founded the company `child`."""
    text = plain(statement.text)
    found: list[Mention] = []
    if not _is_company(statement, child) and not re.search(
        _NOUN, text[max(0, child.start - 60) : child.end + 60]
    ):
        return found
    mentions = [m for m in statement.mentions if m.key != child.key and _may_found(statement, m)]
    named_before = _NOMINAL.search(text[: child.start])
    for mention in mentions:
        if mention.end <= child.start:
            gap = text[mention.end : child.start]
            if _ACTIVE.fullmatch(gap):
                found += [*_before(statement, mention), mention]
            elif _FOUNDER_OF.fullmatch(gap):
                found.append(mention)
        else:
            gap = text[child.end : mention.start]
            if _PASSIVE.fullmatch(gap) or (named_before and _NOMINAL_BY.fullmatch(gap)):
                found += [mention, *_behind(statement, mention)]
            elif _FOUNDER_BEHIND.fullmatch(gap):
                found.append(mention)
    return found


def goes_on_founding(statement: Statement, child: Mention) -> bool:
    """True when whoever founded the company before it in the sentence founded `child` too."""
    return bool(_is_company(statement, child) and _AND_FOUNDED.search(plain(statement.text[: child.start])))


def is_spun_out(statement: Statement, child: Mention) -> bool:
    """True when `child` is said to be spun out of the university, without its name."""
    match = _SPUN_FROM.match(plain(statement.text[child.end :]))
    return bool(
        match
        and re.match(
            r"universit|school|department|research|group|college",
            plain(statement.text[child.end + match.end() :]),
        )
    )


def origin_of(statement: Statement, child: Mention) -> Mention | None:
    """The organisation that the passage says the company `child` was spun out of."""
    text = plain(statement.text)
    for mention in statement.mentions:
        if mention.key == child.key or statement.registry.kind(mention.key) in {"person", *_NO_FOUNDERS}:
            continue
        if mention.start >= child.end:
            gap = text[child.end : mention.start]
            if _SPUN_FROM.fullmatch(gap):
                return mention
            if _SPIN_BEFORE.search(text[: child.start]) and _FROM_BEHIND.fullmatch(gap):
                return mention
        elif _FROM_BEFORE.search(text[: mention.start]) and _CALLED.fullmatch(
            text[mention.end : child.start]
        ):
            return mention
    return None


def _may_found(statement: Statement, mention: Mention) -> bool:
    return statement.registry.kind(mention.key) not in _NO_FOUNDERS


def _is_company(statement: Statement, mention: Mention) -> bool:
    return statement.registry.kind(mention.key) == "company"


def _before(statement: Statement, mention: Mention) -> list[Mention]:
    """The members of "A, B and C" in front of its last one."""
    mentions = list(statement.mentions)
    at = mentions.index(mention)
    return [m for m in coordinated_before(mentions, at, statement.text) if _may_found(statement, m)]


def _behind(statement: Statement, mention: Mention) -> list[Mention]:
    """The members of "A, Professor B and C" behind its first one."""
    mentions = list(statement.mentions)
    group, at = [], mentions.index(mention)
    for before, after in zip(mentions[at:], mentions[at + 1 :], strict=False):
        gap = plain(statement.text[before.end : after.start])
        if not re.fullmatch(rf"{_BRACKET}\s*(?:,|and|&|, and)\s+{_TITLES}", gap):
            break
        group.append(after)
    return [m for m in group if _may_found(statement, m)]

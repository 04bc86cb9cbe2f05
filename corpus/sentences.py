"""Where sentences begin and end: syntok, then repairs for what reports do to full stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from syntok import segmenter
from syntok.tokenizer import Tokenizer

_REACH_CHARS = 120  # how far to look for what closes a sentence
_CHARS_MAX = 5_000  # a longer sentence has no stops at all
_BRACKET_CHARS_MAX = 300  # a bracket that is open for longer was never closed
_TOKENIZER = Tokenizer(emit_hyphen_or_underscore_sep=True, replace_not_contraction=False)

_NOTES = r"\d{1,2}(?:[.,–-]\d{1,2})*"  # note numbers glued to a stop
_BEHIND_STOP = r"(?<=[a-z)\"'’”][.\"'’”])"
# A sentence may only end here: a stop, what may close it, and reference marks behind it.
_STOPPED = re.compile(
    r"[.!?…][\"'’”»)\]]*"
    rf"(?:\s*(?:\[[^\[\]]{{1,80}}\]|\(\w{{1,2}}(?:,\s*\w{{1,2}})*\))|{_BEHIND_STOP}{_NOTES})*\.?$"
)
_NEVER_LAST = re.compile(
    r"(?:^|[\s(\[])(?:[Ee]\.?g|[Ii]\.?e|[Cc]f|[Vv]s|[Aa]pprox|[Cc]a|c|[Dd]r|[Pp]rof|[Mm]rs?|Ms|[Ss]t|[Dd]ept|[Ii]ncl"
    r"|[Rr]esp|[Ee]sp|viz|Sir|Rev|Hon)\.$"
)
_BEFORE_FIGURE = re.compile(r"(?:^|[\s(\[])(?:[Ff]igs?|[Rr]efs?|[Nn]os?|[Vv]ol|pp?|[Ee]q)\.$")
# These end a sentence only where an ordinary opening word follows.
_SELDOM_LAST = re.compile(
    r"(?:\b(?:Ltd|Inc|Co|Corp|Cie|Pvt|Bros|Jr|Sr|al|etc|Univ|Inst)|(?:^|[\s(.])[A-Z])\.$"
)
_OPENING = re.compile(
    r"[\"'‘“(\[]*(?:The|This|These|Those|That|It|Its|In|On|At|By|For|From|With|Within|After|Before|During|Since|As"
    r"|An|A|We|Our|They|Their|He|His|She|Her|However|Moreover|Furthermore|Additionally|Following|Under|When|While"
    r"|Although|Over|More|To|Through|Both|All|Each|Such|There|Here|Thus|Today|Now|Also|One|Two|Three|Another|If"
    r"|Because|Despite|Using|Based|Subsequently|Currently|Recently|Many|Most|Some|Other|Between|Until|Of)\b"
)
# A legal form ends a sentence where a name and its verb follow: "to Norvia Ltd. Ferrow was founded".
_LEGAL_FORM_LAST = re.compile(r"\b(?:Ltd|Inc|Corp|Co|Pvt|plc)\.$")
_NAME_AND_VERB = re.compile(
    r"(?:[A-Z][\w&’'™®-]*,?\s+){1,4}(?:is|was|has|had|have|were|are|will|now|also|can|currently|then|subsequently|"
    r"(?!as\b|plus\b)[a-z]+(?:ed|es|s))\b(?!\.)"
)
# Stops that syntok does not see: "for £3.2M. Next", "by the FDA. Next", "by 30%. Next", "in use [4]. Next".
_UNSEEN_STOP = re.compile(
    r"(?:\d(?:[kKmMbB]n?|bn)|[A-Za-z][A-Z]|[%\])]|[a-z]{3}[\"'’”]?)[.!?][\"'’”)\]]*"
    rf"(?:{_BEHIND_STOP}{_NOTES})?\s+(?=[\"'‘“(]*[A-Z][a-z]*\b)"
)
# Section marks glued to the last word: "as a factual statement)5.1,5.2. Between 2002 and 2008 ..."
_AFTER_SECTION_MARK = re.compile(r"(?<=[a-z)™®])\d\.\d{1,2}(?:[,–-]\s?\d\.\d{1,2})*\.\s+(?=[A-Z])")
_AFTER_LEGAL_FORM = re.compile(r"\b(?:Ltd|Inc|Corp|Co|Pvt|plc)\.\s+(?=[A-Z])")
# A capitalised hedge before a figure opens a sentence even where the stop before it is missing.
_UNSTOPPED = re.compile(
    r"(?:\b[a-z]{2,}|\d|%|\))\s+"
    r"(?=(?:(?:More|Less) than|Over|Around|Nearly|Almost|At least|Some|About|Approximately|Up to)\s[£€$+]?\d)"
)
# A heading that extraction left in the line: "Growth and jobs Since its creation the firm has hired ..."
_AFTER_HEADING = re.compile(
    r"\b(?!(?:and|or|of|the|in|to|for|by|with|from|at|on|as|is|are|was|were|that|a|an)\b)"
    r"(?:\w*[a-z0-9)\]]\s+(?=(?:The|This|These|Those|Our|We|Its?|Their|They|During|Following|Since|Although|While)\s"
    r"|(?<=[a-z] )(?:In|On|At|For|By|With|From|To|Between|Over|After|Before|Under|Through|As)\s)(?=\S+ [a-z]))"
)
# Reference marks, which belong to the sentence that they follow.
_MARK = re.compile(
    r"(?:\[[\w ,;:.–-]{1,40}\]\s*|\((?:source |ref\.? |p\. ?|see )?[\w.]{1,4}\)\s*)+\.?"
    r"(?:\s*(?=[A-Z\"'‘“])|\s*$)"
)
_WORD = re.compile(r"[^\W\d_]{2}")


def spans(text: str) -> list[tuple[int, int]]:
    """The sentences of one block as [start, end); together they hold all but the white space between."""
    starts = _cut_anew(text, _rejoined(text, _syntok_starts(text)))
    starts = _marks_returned(text, _unclosed_rejoined(text, starts))
    return [
        _trimmed(text, *part)
        for start, end in pairwise([*starts, len(text)])
        for part in _parts(text, start, end)
    ]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence as one, or cut between words where it would never end."""
    while end - start > _CHARS_MAX:
        cut = text.rfind(" ", start + 1, start + _CHARS_MAX) + 1 or start + _CHARS_MAX
        yield start, cut
        start = cut
    yield start, end


def _syntok_starts(text: str) -> list[int]:
    starts = [sentence[0].offset for sentence in segmenter.split(iter(_TOKENIZER.split(text))) if sentence]
    first = len(text) - len(text.lstrip())
    return [first, *(start for start in starts if start > first)] if text.strip() else []


def _rejoined(text: str, starts: list[int]) -> list[int]:
    """The starts without those that cut a sentence at ";", an abbreviation or an initial."""
    return starts[:1] + [start for start in starts[1:] if _may_cut(text, start)]


def _may_cut(text: str, start: int) -> bool:
    """Whether a sentence can end before `start` and the next begin there."""
    before, after = text[max(0, start - _REACH_CHARS) : start].rstrip(), text[start : start + _REACH_CHARS]
    if not _STOPPED.search(before) or _NEVER_LAST.search(before):
        return False
    if after[:1].isdigit() and _BEFORE_FIGURE.search(before):
        return False
    if _LEGAL_FORM_LAST.search(before) and _NAME_AND_VERB.match(after):
        return True
    return not _SELDOM_LAST.search(before) or bool(_OPENING.match(after))


def _cut_anew(text: str, starts: list[int]) -> list[int]:
    """The starts with those that no stop, or a stop in disguise, announced."""
    unstopped = [match.end() for pattern in (_UNSTOPPED, _AFTER_HEADING) for match in pattern.finditer(text)]
    return sorted({*starts, *_unseen_starts(text), *unstopped})


def _unseen_starts(text: str) -> Iterator[int]:
    for pattern in (_UNSEEN_STOP, _AFTER_LEGAL_FORM, _AFTER_SECTION_MARK):
        yield from (match.end() for match in pattern.finditer(text) if _may_cut(text, match.end()))


def _unclosed_rejoined(text: str, starts: list[int]) -> list[int]:
    """The starts without those inside a bracket that closes soon after."""
    kept: list[int] = []
    for start in starts:
        sentence = text[kept[-1] : start] if kept else ""
        if kept and _closes_soon(sentence, text[start : start + _BRACKET_CHARS_MAX]):
            continue
        kept.append(start)
    return kept


def _closes_soon(before: str, after: str) -> bool:
    for opening, closing in ("()", "[]"):
        if before.count(opening) > before.count(closing):
            close, reopen = after.find(closing), after.find(opening)
            if close >= 0 and (reopen < 0 or close < reopen):
                return True
    return False


def _marks_returned(text: str, starts: list[int]) -> list[int]:
    """The starts with reference marks given back to the sentence that they follow."""
    kept = starts[:1]
    for start, end in pairwise([*starts[1:], len(text)]):
        mark = _MARK.match(text, start, end)
        if not mark and _WORD.search(text, start, end):
            kept.append(start)
        elif mark and mark.end() < end:
            kept.append(mark.end())
    return kept


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    return start, start + len(text[start:end].rstrip())

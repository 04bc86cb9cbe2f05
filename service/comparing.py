"""Which of two is more, and how many are they together: answers worked out from two figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import plain
from corpus.vocabulary import stem, words
from service.evidence import Draft, Figure, Line, distinct
from service.figures import Fitting, figure_answer, fitting_figures
from service.knowledge import Knowledge
from service.understand import Reading


def comparison(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """Which of two named or counted things has more, by their figures."""
    alternatives = _alternatives(reading)
    if len(alternatives) < 2:
        return None
    found: list[tuple[str, Fitting]] = []
    for alternative in alternatives:
        fitting = _figure_for(reading, alternative, knowledge)
        if fitting is None:
            return None
        found.append((alternative, fitting))
    if len({item.fact.id for _, item in found}) < len(found):
        return None
    least = bool(
        re.search(r"\b(?:fewer|less|least|smaller|smallest|lowest|lower)\b", plain(reading.question))
    )
    ordered = sorted(found, key=lambda pair: pair[1].fact.value or 0.0, reverse=not least)
    winner, loser = ordered[0], ordered[-1]
    drafts = [figure_answer(reading, knowledge, [item]) for _, item in found]
    quotes = distinct([quote for draft in drafts for line in draft.lines for quote in line.quotes])
    sign = "<" if least else ">"
    verdict = (
        f"{winner[0]}: {winner[1].fact.value_text} against {loser[1].fact.value_text} ({loser[0]})."
        if winner[1].fact.value != loser[1].fact.value
        else f"Neither: both have {winner[1].fact.value_text}."
    )
    first = Line(verdict, quotes, computed=f"{winner[1].fact.value_text} {sign} {loser[1].fact.value_text}")
    figures = tuple(
        Figure(item.fact.value_text, item.fact.value, item.fact.unit, draft.lines[0].quotes)
        for (_, item), draft in zip(found, drafts, strict=True)
    )
    lines = list(dict.fromkeys(line for draft in drafts for line in draft.lines))
    return Draft((first, *lines), figures=figures, facts_matched=len(found))


_TOGETHER = re.compile(r"\b(?:altogether|together|combined|in total|in all|in sum|sum of|total of)\b")


def total(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The sum of the figures of what "A and B ... together" names; None when one of them has no figure."""
    if not _TOGETHER.search(plain(reading.question)):
        return None
    parts = _summands(reading)
    found = [
        (part, fitting)
        for part in parts
        if (fitting := _figure_for(reading, part, knowledge, parts)) is not None
    ]
    if (
        len(parts) < 2
        or len(found) < len(parts)
        or len({item.fact.unit if len(item.fact.unit) == 3 else "" for _, item in found}) > 1
    ):
        return None
    if len({item.fact.id for _, item in found}) < len(found):
        return None
    amount = sum(item.fact.value or 0.0 for _, item in found)
    formula = " + ".join(f"{item.fact.value:g}" for _, item in found) + f" = {amount:g}"
    drafts = [figure_answer(reading, knowledge, [item]) for _, item in found]
    quotes = distinct([quote for draft in drafts for line in draft.lines for quote in line.quotes])
    lead = Line(f"{amount:g} together: {formula}.", quotes, computed=formula)
    lines = list(dict.fromkeys(line for draft in drafts for line in draft.lines))
    figure = Figure(f"{amount:g}", amount, found[0][1].fact.unit, quotes, formula=formula)
    return Draft((lead, *lines), figures=(figure,), facts_matched=len(found))


def _summands(reading: Reading) -> list[str]:
    """The things to add up: two names, or the parts of "academic and industry teams"."""
    match = re.match(r"(.+?) and (.+?)(?: (\w+))?$", reading.noun_text)
    if match and not reading.named:
        head = match[3] or ""
        return [f"{match[1]} {head}".strip(), f"{match[2]} {head}".strip()]
    if len(reading.named) >= 2:
        return [name.text for name in reading.named]
    if match:
        return [f"{match[1]} {match[3] or ''}".strip(), f"{match[2]} {match[3] or ''}".strip()]
    return []


def _alternatives(reading: Reading) -> list[str]:
    """The two things of "more A or B", "A compared with B", as printed."""
    text = reading.question.rstrip("?. ")
    if len(reading.named) == 2:
        between = plain(
            text[
                text.find(reading.named[0].text) + len(reading.named[0].text) : text.find(
                    reading.named[1].text
                )
            ]
        )
        if re.search(r"\b(?:or|and|vs|versus|than|with|to)\b", between) and len(between.split()) <= 4:
            return [reading.named[0].text, reading.named[1].text]
    match = re.search(
        r"^([\w -]+?) (?:vs\.?|versus|compared (?:with|to)) ([\w -]+?)(?:[:,?]|$)", text, re.IGNORECASE
    )
    if match:
        return [_bare(match[1]), _bare(match[2])]
    match = re.search(
        r"(?:more|fewer|less|larger|bigger|higher|most|fewest|:|,)\s+(?!than\b)([^,?]+?),?\s+or\s+([^,?]+?)(?:\s+(?:in|take|are|were|have|do|did|involved|participat\w+|there)\b.*)?$",
        text,
        re.IGNORECASE,
    )
    if match:
        return [_bare(match[1]), _bare(match[2])]
    match = re.search(r"\bmore ([\w -]+?) than ([\w -]+)$", text, re.IGNORECASE)
    return [_bare(match[1]), _bare(match[2])] if match else []


def _bare(phrase: str) -> str:
    bare = re.sub(
        r"^(?:(?:the|a|an|of|in|are there|is|more|fewer|less|new)\s+)+",
        "",
        phrase.strip(),
        flags=re.IGNORECASE,
    )
    return re.sub(r"['’]s?$", "", bare)


def _figure_for(
    reading: Reading, alternative: str, knowledge: Knowledge, alternatives: Sequence[str] = ()
) -> Fitting | None:
    """The best figure for one alternative: it is the thing counted, or the one that has the count."""
    named = tuple(name for name in reading.named if name.text in alternative or alternative in name.text)
    others = {
        stem(word)
        for item in alternatives or _alternatives(reading)
        if item != alternative
        for word in words(item)
    } - {stem(word) for word in words(alternative)}
    if (
        named
        and knowledge.entities[named[0].keys[0]].kind not in {"other"}
        and any(n.text == alternative for n in named)
    ):
        noun = reading.noun or compared_noun(reading)
        content = tuple(
            (word, worth)
            for word, worth in zip(reading.content, reading.worth, strict=True)
            if word not in others
        )
        asked = replace(
            reading,
            named=named,
            heads=noun[-1:],
            asks_for=measured_in(reading),
            content=tuple(w for w, _ in content),
            worth=tuple(w for _, w in content),
        )
    else:
        noun = tuple(stem(word) for word in words(alternative))
        rest = tuple(
            (word, worth)
            for word, worth in zip(reading.content, reading.worth, strict=True)
            if word not in others and word not in noun
        )
        asked = replace(
            reading,
            named=named,
            heads=noun[-1:],
            asks_for=measured_in(reading),
            content=(*noun, *(word for word, _ in rest)),
            worth=(*(1.0 for _ in noun), *(worth for _, worth in rest)),
        )
    found = fitting_figures(asked, knowledge)
    return found[0] if found else None


def measured_in(reading: Reading) -> str:
    """Whether money or a count decides a comparison."""
    money = re.search(
        r"\b(?:price|money|cost|sold for|raised?|funding|invest\w+|turnover|revenue|budget|pay|"
        r"paid|worth|[£$€])",
        plain(reading.question),
    )
    return "money" if money else "number"


def compared_noun(reading: Reading) -> tuple[str, ...]:
    """The stems of the noun that a comparison counts: "more full-time jobs"."""
    match = re.search(
        r"\b(?:more|fewer|most|fewest|larger|number of|many)\s+([\w -]+?)(?:,|\?|$|\bthan\b|\bor\b|:)",
        plain(reading.question),
    )
    return tuple(stem(word) for word in words(match[1])) if match else ()

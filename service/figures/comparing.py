"""Which of two is more, and how many are they together: answers worked out from two figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import plain
from corpus.vocabulary import stem, words
from service.evidence import Draft, Figure, Line, Refusal, distinct
from service.figures.figure_answers import Fitting, figure_answer, fitting_figures
from service.figures.measures import Measure, Measured, measure_of, measured
from service.figures.put_apart import compared_apart
from service.knowledge.knowledge import Knowledge
from service.lookups.support import says_joint
from service.understanding.understand import Reading

_LESS = re.compile(
    r"\b(?:fewer|less|least|smaller|smallest|lowest|lower|cheaper|cheapest|older|oldest|earlier|earliest|first)\b"
)
_TOGETHER = re.compile(
    r"\b(?:altogether|together|combined|in total|in all|in sum|sum of|total of|between them)\b"
)
_TOGETHER_STEMS = frozenset(map(stem, ("together", "altogether", "combined", "total", "sum", "all")))
_AVERAGE = re.compile(r"\b(?:average|mean)\b")
_DIFFERENCE = re.compile(r"\bdifference\b|\bhow (?:many|much) (?:more|fewer|less|larger|higher|older)\b")
UNCONVERTED_FACTOR = 3  # sums in two currencies are ordered only when they differ by more than rates do


def comparison(reading: Reading, knowledge: Knowledge) -> Draft | Refusal | None:
    """Which of two named or counted things has more, by their figures; refused when one has none."""
    alternatives = compared(reading)
    if len(alternatives) < 2:
        return None
    found = _measured(reading, alternatives, knowledge)
    if isinstance(found, Refusal) or found is None:
        return found
    return decided(reading, found)


def decided(reading: Reading, found: Sequence[Measured]) -> Draft:
    """The verdict which of two measured things has more, or less where that is asked."""
    less = asks_for_less(reading)
    ordered = sorted(found, key=lambda item: item.value, reverse=not less)
    winner, loser = ordered[0], ordered[-1]
    sign = "<" if less else ">"
    first, other = winner.figure.text, loser.figure.text
    mixed = len({item.figure.unit for item in found if _is_currency(item.figure.unit)}) > 1
    near = mixed and max(found[0].value, found[1].value) < UNCONVERTED_FACTOR * min(
        found[0].value, found[1].value
    )
    if near:
        verdict = (
            f"Not decided: {winner.name} {first}, {loser.name} {other}; the currencies are not converted."
        )
    elif winner.value == loser.value:
        verdict = f"Neither: both have {first}."
    else:
        verdict = f"{winner.name}: {first} against {other} ({loser.name})."
        verdict += " The currencies differ and are not converted." if mixed else ""
    return _drafted(verdict, f"{first} {sign} {other}", found)


def total(reading: Reading, knowledge: Knowledge) -> Draft | Refusal | None:
    """The sum, average or difference of what "A and B" have; refused when one of them has no figure."""
    lowered = plain(reading.question)
    averaged, compared = bool(_AVERAGE.search(lowered)), bool(_DIFFERENCE.search(lowered))
    if not (asks_together(reading) or averaged or compared):
        return None
    parts = _summands(reading)
    if len(parts) < 2:
        return None
    joint = _joint(reading, knowledge) if not (averaged or compared) else None
    if joint is not None:
        return joint
    found = _measured(reading, parts, knowledge)
    if isinstance(found, Refusal) or found is None:
        return found if len(reading.named) >= 2 else None
    if len({item.figure.unit for item in found if _is_currency(item.figure.unit)}) > 1:
        return None
    values = [item.value for item in found]
    if compared:
        high, low = max(values), min(values)
        amount, formula = high - low, f"{high:g} - {low:g} = {high - low:g}"
        said = f"A difference of {amount:g}: {formula}."
    elif averaged:
        amount = sum(values) / len(values)
        formula = f"({' + '.join(f'{value:g}' for value in values)}) / {len(values)} = {amount:g}"
        said = f"{amount:g} on average: {formula}."
    else:
        return summed(found)
    draft = _drafted(said, formula, found)
    unit = found[0].figure.unit
    return replace(
        draft, figures=(Figure(f"{amount:g}", amount, unit, draft.lines[0].quotes, formula=formula),)
    )


def summed(found: Sequence[Measured]) -> Draft:
    """The sum of measured figures of one unit, with the formula."""
    values = [item.value for item in found]
    amount = sum(values)
    formula = f"{' + '.join(map(figure_written, values))} = {figure_written(amount)}"
    draft = _drafted(f"{figure_written(amount)} together: {formula}.", formula, found)
    figure = Figure(
        figure_written(amount), amount, found[0].figure.unit, draft.lines[0].quotes, formula=formula
    )
    return replace(draft, figures=(figure,))


def figure_written(value: float) -> str:
    """A figure as it is read, whole and with its thousands apart: "10,141", "13 million"."""
    return f"{value / 1e6:g} million" if value >= 1e6 else f"{value:,g}" if value < 1e5 else f"{value:,.0f}"


def _joint(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The figure that a report gives for all of the names together."""
    pairs = [
        pair for pair in zip(reading.content, reading.worth, strict=True) if pair[0] not in _TOGETHER_STEMS
    ]
    asked = replace(
        reading, content=tuple(word for word, _ in pairs), worth=tuple(worth for _, worth in pairs)
    )
    found = [
        item
        for item in fitting_figures(asked, knowledge)
        if says_joint(knowledge.passages[item.position].text)
        and all(set(name.keys) & knowledge.keys_at(item.position) for name in reading.named)
    ]
    return figure_answer(asked, knowledge, found) if found and len(reading.named) >= 2 else None


def _drafted(verdict: str, formula: str, found: Sequence[Measured]) -> Draft:
    """The verdict over the lines that it rests on."""
    lines = list(dict.fromkeys(line for item in found for line in item.lines))
    quotes = distinct([quote for line in lines for quote in line.quotes])
    figures = tuple(item.figure for item in found)
    return Draft((Line(verdict, quotes, computed=formula), *lines), figures=figures, facts_matched=len(found))


def _measured(
    reading: Reading, alternatives: Sequence[str], knowledge: Knowledge
) -> list[Measured] | Refusal | None:
    """The figure of each alternative; a refusal that names the one without, None when nothing is measured."""
    measure = measure_of(reading)
    named = {name.text for name in reading.named}
    if measure is not None and set(alternatives) <= named:
        asked = {name: measured(name, measure, reading.years, knowledge) for name in alternatives}
        found = [item for item in asked.values() if item is not None]
        if len(found) == len(alternatives):
            return found
        return _missing(measure, [name for name, item in asked.items() if item is None], found)
    counted = [(item, _figure_for(reading, item, knowledge, alternatives)) for item in alternatives]
    fitting = [(name, item) for name, item in counted if item is not None]
    if len(fitting) < len(alternatives) or len({item.fact.id for _, item in fitting}) < len(fitting):
        return None
    return [
        Measured(name, draft.figures[0], item.fact.value or 0.0, draft.lines)
        for name, item in fitting
        for draft in [figure_answer(reading, knowledge, [item])]
    ]


def _missing(measure: Measure, without: Sequence[str], found: Sequence[Measured]) -> Refusal:
    """The refusal that says which of the things has no figure, and gives those of the others."""
    known = "; ".join(f"for {item.name} they give {item.figure.text}" for item in found)
    return Refusal(
        "attribute_missing",
        f"The reports give no {measure.called} of {' and '.join(without)}{f'; {known}' if known else ''}.",
        tuple(quote for item in found for line in item.lines for quote in line.quotes)[:3],
    )


def _is_currency(unit: str) -> bool:
    return re.fullmatch(r"[A-Z]{3}", unit) is not None


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


def asks_together(reading: Reading) -> bool:
    """True when what several have is asked for in one figure: "altogether", "A and B together"."""
    return _TOGETHER.search(plain(reading.question)) is not None


def asks_for_less(reading: Reading) -> bool:
    """True when the lower figure wins: "fewer", "older"."""
    return _LESS.search(plain(reading.question)) is not None


def compared(reading: Reading) -> list[str]:
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
    apart = compared_apart(text)
    if apart:
        return [item.name for item in apart]
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
        for item in alternatives or compared(reading)
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

"""Yes or no: answers that weigh what the reports say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.dates import dates
from corpus.places import within
from corpus.quantity import Quantity, quantities
from corpus.taxonomy import kind_nouns, kind_of, plain
from corpus.vocabulary import stem, words
from service.deeds.deed_fit import asked_deeds, contradicts, deeds_at, holds, is_reversed, passages_of
from service.deeds.deed_frames import Deed
from service.evidence import Draft, Line
from service.figures.figure_answers import Fitting, figure_answer, fitting_figures
from service.knowledge.knowledge import Knowledge
from service.knowledge.locating import located
from service.lists.list_answer import list_answer
from service.lists.members import members
from service.lookups.acceptance import accepted
from service.lookups.claims import is_denied, open_at, open_words, says_claim, supposes
from service.lookups.dating import dated
from service.lookups.lookup import lookup
from service.lookups.opposites import tells_no_change
from service.lookups.support import Support
from service.lookups.telling import told
from service.understanding.conditions import limit_of
from service.understanding.understand import Reading

_ANY = re.compile(r"\b(?:any|some|one of the|a single)\s+([\w-]+)")
_EVERY = re.compile(r"\b(?:every|all|each|always|everyone|everybody)\b")
# What is claimed of all, or of one alone, is made true only by a sentence that says so.
_TOTAL = re.compile(
    r"\b(?:only|alone|sole(?:ly)?|exclusive(?:ly)?|all|every|each|always|never|everyone|everybody|entire(?:ly)?|whole|100)\b"
)
_PART = re.compile(r"\b(?:half|most|majority|many|some|several|few|part) of\b|\bmost\b")
_SHARE_OF_THEM = re.compile(
    r"\s*(?:of|are|were|have|had|do|did|will)\b"
)  # "40% are", not "limits its profit to 10%"
_IS = re.compile(r"\W*(?:is|are|was|were)\b")
_SO_FAR = re.compile(r"\b(?:yet|already|so far|by now|to date)\b")
# What happens to a thing once: another date for it contradicts.
_ONCE = re.compile(
    r"\b(?:found|form|establish|creat|incorporat|launch|start|set up|spun|spin|acquir|bought|sold|taken over|"
    r"born|float|close|dissolv)\w*"
)
# Whether something is still there, and the words that tell its end or that it goes on.
_EXISTS = re.compile(
    r"\bstill (?:around|in (?:business|operation)|trading|active|going|alive|operating|exist\w*|there)\b|"
    r"\b(?:go|gone|went) (?:bankrupt|bust|out of business)\b|\b(?:shut|closed?) down\b|\bcease\w*\b"
)
_ENDED = re.compile(
    r"\b(?:ceased (?:trading|operat\w+|business|to exist)|liquidat\w+|insolven\w+|bankrupt\w*|wound up|"
    r"dissolved|went (?:bust|into administration)|(?:was|were|been) (?:closed|shut) down|out of business)\b"
)
_GOES_ON = re.compile(
    r"\b(?:still|continues to|is now|currently) (?:trad\w+|operat\w+|activ\w+|grow\w*|(?:a )?profitable|"
    r"employ\w*|sell\w*)\b|\bstill in (?:business|operation)\b"
)
FIGURE_FIT_MIN = 0.8  # from here on a figure is about the very thing that a claim measures
FIGURE_CLOSE = 0.1


def yes_no(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """Yes or no with the sentence that says so; None when no sentence does.

    No needs evidence as well: a negation, another value for the same thing, or the deed the other way round.
    """
    if _ANY.search(plain(reading.question)) and reading.kind == "":
        listed = _any_member(reading, knowledge)
        if listed is not None:
            return listed
    if _EXISTS.search(plain(reading.question)) and reading.named:
        return _existing(reading, knowledge)
    if _SO_FAR.search(plain(reading.question)):
        unsettled = open_at(reading, knowledge)
        if unsettled:
            around = open_words(knowledge.passages[unsettled[0]].text)
            return _verdict("No, not yet", unsettled[:1], knowledge, around)
    deed = max(asked_deeds(reading, knowledge), key=lambda deed: len(deed.named_sides()), default=None)
    if deed is not None and len(deed.named_sides()) == 1:
        # "Was X sold?" may be told in other words; what "Did X sell shares?" asks is told by the shares.
        done_to = deed.sides.get(deed.two_sides[1])
        judged = _by_deed(reading, deed, knowledge, [item.position for item in ranked]) if done_to else None
        if judged is not None:
            return judged
    elif deed is not None:
        judged = _by_deed(reading, deed, knowledge, passages_of(reading, knowledge))
        if judged is not None or deed.strict:
            return judged
        ranked = [item for item in ranked if deeds_at(item.position, knowledge, deed.frame)]
        return _by_sentence(reading, knowledge, ranked)
    return (
        _by_seat(reading, knowledge)
        or _by_figure(reading, knowledge)
        or _by_date(reading, knowledge)
        or _by_sentence(reading, knowledge, ranked)
    )


def _existing(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The verdict on "Is X still trading?", "Did X go bankrupt?": its end goes before its going on."""
    asks_end = re.search(r"\bstill\b", plain(reading.question)) is None
    positions = passages_of(reading, knowledge)
    ended = [item for item in positions if _ENDED.search(plain(knowledge.passages[item].text))]
    if ended:
        return _verdict("Yes" if asks_end else "No", ended[:1], knowledge)
    going = [item for item in positions if _GOES_ON.search(plain(knowledge.passages[item].text))]
    return _verdict("No" if asks_end else "Yes", going[:1], knowledge) if going else None


def _by_deed(reading: Reading, deed: Deed, knowledge: Knowledge, positions: Sequence[int]) -> Draft | None:
    """The verdict on who did what to whom: each must stand on the side where the question has them."""
    found = [
        (position, other) for position in positions for other in deeds_at(position, knowledge, deed.frame)
    ]
    told_so = [(position, other) for position, other in found if holds(deed, other)]
    if told_so:
        return _with_values(reading, told_so, knowledge)
    against = [position for position, other in found if is_reversed(deed, other)] or [
        position for position, other in found if contradicts(deed, other, knowledge)
    ]
    return _verdict("No", against[:1], knowledge) if against else None


def _with_values(reading: Reading, found: Sequence[tuple[int, Deed]], knowledge: Knowledge) -> Draft | None:
    """The verdict on a deed that is told, when its figures and years are those of the claim or others."""
    claimed, years = _claimed(reading), set(reading.years)
    for position, deed in found:
        text = knowledge.passages[position].text
        if all(_agrees(reading, item, quantities(text)) for item in claimed) and years <= _years(text):
            verdict = "No" if deed.negated else "Yes" if deed.done else "No, not yet"
            return _verdict(verdict, [position], knowledge)
    for position, _ in found:
        text = knowledge.passages[position].text
        stated = quantities(text)
        other = [q for item in claimed for q in stated if (q.kind, q.unit) == (item.kind, item.unit)]
        if other or (years and _years(text)):
            return _verdict("No", [position], knowledge, other[0].text if other else "")
    return None


def _years(text: str) -> set[str]:
    return {date.value[:4] for date in dates(text)}


def _claimed(reading: Reading) -> list[Quantity]:
    """The figures of a claim that measure something."""
    found = quantities(reading.question)
    return [
        item
        for item in found
        if item.kind in {"count", "money", "percent"} and item.text not in reading.years
    ]


def _agrees(reading: Reading, claimed: Quantity, stated: Sequence[Quantity]) -> bool:
    """True when a stated figure is the claimed one, or passes its test ("more than 400")."""
    return any(_is_alike(claimed, other) and _passes(reading, claimed.value, other.value) for other in stated)


def _passes(reading: Reading, claimed: float, value: float) -> bool:
    limit = limit_of(reading.question)
    if limit is None:
        return value == claimed
    return value >= limit.low if limit.high is None else value <= limit.high


def _fails_limit(reading: Reading, text: str) -> bool:
    """True when a claim of more or less than a figure meets figures of its sort, none of which is."""
    if limit_of(reading.question) is None:
        return False
    claimed = _claimed(reading)
    alike = [other for other in quantities(text) if any(_is_alike(item, other) for item in claimed)]
    return bool(alike) and not any(_agrees(reading, item, alike) for item in claimed)


def _is_alike(claimed: Quantity, stated: Quantity) -> bool:
    """True for two counts, two shares, or sums in one currency."""
    return (claimed.kind, claimed.unit if claimed.kind == "money" else "") == (
        stated.kind,
        stated.unit if stated.kind == "money" else "",
    )


def _by_seat(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The verdict on "Is X a Swedish firm?": whether the place that the reports give for it lies in the one asked for."""
    if len(reading.named) != 1 or len(reading.places) != 1 or not _IS.match(plain(reading.question)):
        return None
    sorts = {stem(word) for noun in kind_nouns() for word in words(noun)}
    kept = [pair for pair in zip(reading.content, reading.worth, strict=True) if pair[0] not in sorts]
    asked = replace(reading, content=tuple(w for w, _ in kept), worth=tuple(worth for _, worth in kept))
    found = located(asked, knowledge)
    if found is None:
        return None
    lies_there = any(within(figure.text, reading.places[0].name) for figure in found.figures)
    return _led("Yes" if lies_there else "No", found)


def _by_figure(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The verdict on "Does X employ 40 people?": the figure that the reports give for what is measured."""
    claimed = _claimed(reading)
    if len(claimed) != 1 or not reading.named:
        return None
    figure = claimed[0]
    counted = [stem(word) for word in words(reading.question[figure.end :])[:3]]
    digits = {stem(word) for word in words(figure.text)} | {f"{figure.value:g}"}
    kept = [pair for pair in zip(reading.content, reading.worth, strict=True) if pair[0] not in digits]
    asked = replace(
        reading,
        intent="quantity",
        asks_for={"money": "money", "percent": "percent"}.get(figure.kind, "number"),
        heads=() if figure.kind != "count" else tuple(w for w in counted if w in reading.content)[:1],
        content=tuple(word for word, _ in kept),
        worth=tuple(worth for _, worth in kept),
    )
    found = [item for item in fitting_figures(asked, knowledge) if _comparable(item, figure)]
    close = [item for item in found if item.fit >= found[0].fit - FIGURE_CLOSE]
    agreeing = [item for item in close if _passes(reading, figure.value, item.fact.value or 0.0)]
    if agreeing:
        return _led("Yes", figure_answer(asked, knowledge, agreeing[:1]))
    close = [item for item in close if item.fact.modality == "achieved"]
    if not close or close[0].fit < FIGURE_FIT_MIN:
        return None
    # Of several sums the largest speaks best against a claim about the whole.
    against = max(close, key=lambda item: item.fact.value or 0.0) if figure.kind == "money" else close[0]
    return _led("No", figure_answer(asked, knowledge, [against]))


def _comparable(item: Fitting, claimed: Quantity) -> bool:
    """True when a figure has the unit of the claim: money of the same currency, a share, a plain number."""
    if claimed.kind == "money":
        return item.fact.unit == claimed.unit
    return (item.fact.unit == "%") == (claimed.kind == "percent")


def _by_date(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The verdict on "Was X founded in 1985?": the date that the reports give for what happens once."""
    if len(reading.years) != 1 or not _ONCE.search(plain(reading.question)) or _claimed(reading):
        return None
    found = dated(replace(reading, years=(), period=None), knowledge)
    if found is None:
        return None
    years = {year for figure in found.figures for year in _years(figure.text)}
    if not years:
        return None
    return _led("Yes" if reading.years[0][:4] in years else "No", replace(found, disagreements=(), note=""))


def _by_sentence(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """The verdict of the sentence that says most of the claim, of all its names and figures."""
    fitting = [
        item
        for item in ranked
        if accepted(reading, knowledge, item) and not supposes(reading, knowledge, item.position)
    ]
    found = lookup(reading, knowledge, fitting)
    if found is None:
        return None
    part = next((line for line in found.lines if _only_part(reading, line.text)), None)
    if part is not None:
        return _led("No", replace(found, lines=(part,)))
    at = [knowledge.passage_at(line.quotes[0].document_id, line.quotes[0].start) for line in found.lines]
    denied = [
        line for line, position in zip(found.lines, at, strict=True) if _denies(reading, knowledge, position)
    ]
    if denied:
        return _led(
            "No", replace(found, lines=tuple(sorted(found.lines, key=lambda line: line not in denied)))
        )
    position = at[0]
    if position is None:
        return found
    if _fails_limit(reading, knowledge.passages[position].text):
        return _led("No", found)
    if _not_yet(reading, knowledge, position):
        return _led("No, not yet", found)
    text = plain(knowledge.passages[position].text)
    is_whole = not _TOTAL.search(plain(reading.question)) or _TOTAL.search(text) is not None
    is_told = is_whole and not tells_no_change(reading.question, text)
    return _led("Yes", found) if is_told and says_claim(reading, knowledge, position) else found


def _denies(reading: Reading, knowledge: Knowledge, position: int | None) -> bool:
    return position is not None and is_denied(reading, knowledge, position)


def _verdict(verdict: str, positions: Sequence[int], knowledge: Knowledge, around: str = "") -> Draft:
    lines = tuple(told(knowledge, position, around) for position in positions)
    return _led(verdict, Draft(lines, facts_matched=len(lines)))


def _led(verdict: str, found: Draft) -> Draft:
    """The draft with its verdict in front."""
    first = found.lines[0]
    line = replace(first, text=f"{verdict}: {first.text}", computed="polarity of the cited sentence")
    return replace(found, lines=(line, *found.lines[1:]))


def _only_part(reading: Reading, text: str) -> bool:
    """True when a claim about all of them meets a sentence about a part of them."""
    if not _EVERY.search(plain(reading.question)):
        return False
    shares = [item for item in quantities(text) if item.kind == "percent" and item.value < 100]
    told = any(_SHARE_OF_THEM.match(text, item.end) for item in shares)
    return told or bool(_PART.search(plain(text)))


def _any_member(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """ "Did any SME ...?" is yes when the list of such SMEs is not empty."""
    match = _ANY.search(plain(reading.question))
    kind = kind_of(match[1]) if match else None
    if match is None or kind is None:
        return None
    asked = replace(
        reading,
        kind=kind,
        kinds=(kind,),
        noun=tuple(stem(word) for word in words(match[1])),
        noun_text=match[1],
        intent="list",
    )
    found = members(asked, knowledge)
    if not found:
        return None
    draft = list_answer(asked, knowledge, found, limit=5)
    lines = (
        Line(
            f"Yes: the reports name {len(found)}.",
            draft.lines[0].quotes,
            computed=f"count of the {len(found)} below",
        ),
    )
    return replace(draft, lines=lines)


def _not_yet(reading: Reading, knowledge: Knowledge, position: int) -> bool:
    """True when the question asks whether something is done and the sentence says it is planned or open."""
    if re.match(
        r"\W*(?:will|would|can|could|may|might|does|do|is .* (?:planning|going|expected))\b",
        plain(reading.question),
    ):
        return False
    clauses = [fact for fact in knowledge.facts_at.get(position, []) if fact.extractor == "clause"]
    return bool(clauses) and all(fact.modality != "achieved" for fact in clauses)

"""Yes or no, and which is more: answers that weigh what the reports say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.taxonomy import kind_of, plain
from corpus.facts import Fact
from corpus.vocabulary import best, stem, stems, words
from service.evidence import Draft, Figure, Line, Member, distinct, quotes_of
from service.figures import Fitting, figure_answer, fitting_figures
from service.knowledge import Knowledge
from service.listing import clipped, is_kind, list_answer, members
from service.lookup import accepted, lookup
from service.support import Support
from service.understand import Reading

_NEGATION = re.compile(r"\b(?:no|not|never|none|without|neither|nor|cannot)\b|n't\b")
_ANY = re.compile(r"\b(?:any|some|one of the|a single)\s+([\w-]+)")


def yes_no(reading: Reading, knowledge: Knowledge, ranked: Sequence[Support]) -> Draft | None:
    """Yes or no with the sentence that says so; None when no sentence does."""
    if _ANY.search(plain(reading.question)) and reading.kind == "":
        listed = _any_member(reading, knowledge)
        if listed is not None:
            return listed
    found = lookup(reading, knowledge, [item for item in ranked if accepted(reading, knowledge, item)])
    if found is None:
        return None
    verdict = "No" if _denied(reading, found.lines[0].text) else "Yes"
    if verdict == "Yes" and _not_yet(reading, knowledge, found):
        verdict = "No, not yet"
    first = found.lines[0]
    return replace(
        found,
        lines=(
            replace(first, text=f"{verdict}: {first.text}", computed="polarity of the cited sentence"),
            *found.lines[1:],
        ),
    )


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


def _not_yet(reading: Reading, knowledge: Knowledge, found: Draft) -> bool:
    """True when the question asks whether something is done and the sentence says that it is planned or open."""
    if re.match(
        r"\W*(?:will|would|can|could|may|might|does|do|is .* (?:planning|going|expected))\b",
        plain(reading.question),
    ):
        return False
    quote = found.lines[0].quotes[0]
    position = knowledge.passage_at(quote.document_id, quote.start)
    clauses = [fact for fact in knowledge.facts_at.get(position or 0, []) if fact.extractor == "clause"]
    return bool(clauses) and all(fact.modality != "achieved" for fact in clauses)


def _denied(reading: Reading, text: str) -> bool:
    """True when the sentence negates a word that the question asks about (within three words of it)."""
    lowered = plain(text)
    asked = {word for word in reading.content}
    tokens = words(lowered)
    for i, token in enumerate(tokens):
        if _NEGATION.fullmatch(token) and any(stem(near) in asked for near in tokens[i + 1 : i + 5]):
            return not _NEGATION.search(plain(reading.question))
    return False


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


def superlative(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The member with the largest or smallest figure, or the earliest or latest founding; None when none has one."""
    lowered = plain(reading.question)
    if not reading.kind:
        return None
    if re.search(r"\b(?:oldest|newest|youngest|earliest|latest|most recent)\b", lowered):
        return _by_founding(reading, knowledge, latest=not re.search(r"\b(?:oldest|earliest)\b", lowered))
    least = bool(re.search(r"\b(?:smallest|lowest|fewest|least)\b", lowered))
    measured = _measured_in(reading)
    heads = _compared_noun(reading)[-1:]
    allowed = knowledge.children if re.search(r"spin|start-?up", plain(reading.noun_text)) else None
    best_of: dict[str, tuple[float, int, str]] = {}
    for fact in knowledge.facts:
        key = fact.subject_key
        if key is None or fact.value is None or fact.modality != "achieved" or key not in knowledge.entities:
            continue
        if not is_kind(knowledge.entities[key], reading) or (allowed is not None and key not in allowed):
            continue
        position = knowledge.passage_at(fact.document_id, fact.selector.start)
        if position is None or not _measures(fact, reading, measured, heads):
            continue
        entry = (fact.value, position, fact.value_text)
        kept = best_of.get(key)
        if kept is None or (entry[0] < kept[0] if least else entry[0] > kept[0]):
            best_of[key] = entry
    ranked = sorted(best_of.items(), key=lambda item: (item[1][0] if least else -item[1][0], item[0]))
    return _extreme(ranked, reading, knowledge, "smallest" if least else "largest") if ranked else None


def _measures(fact: Fact, reading: Reading, measured: str, heads: tuple[str, ...]) -> bool:
    """True when a fact's figure is of the sort that a superlative compares."""
    if measured == "money":
        types = set(reading.outcome_types) or {"funding_contribution"}
        return (
            len(fact.unit) == 3
            and fact.unit.isupper()
            and (fact.outcome_type in types or fact.predicate == "raise")
        )
    return bool(heads) and any(best(head, stems(f"{fact.object} {fact.unit}")) >= 0.85 for head in heads)


def _extreme(
    ranked: list[tuple[str, tuple[float, int, str]]], reading: Reading, knowledge: Knowledge, which: str
) -> Draft:
    key, (value, position, printed) = ranked[0]
    quotes = quotes_of(knowledge.passages[position])
    name = knowledge.entities[key].name
    formula = f"{which} of {len(ranked)} figures: {printed}"
    lines = (
        Line(f"{name}: {printed}.", quotes, computed=f"{formula} {name}"),
        Line(clipped(knowledge.passages[position].text, printed, 40), quotes),
    )
    member = Member(name, printed, quotes)
    figure = Figure(printed, value, "", quotes, formula=formula)
    return Draft(lines, members=(member,), figures=(figure,), facts_matched=len(ranked), members_told=False)


def _by_founding(reading: Reading, knowledge: Knowledge, latest: bool) -> Draft | None:
    """The company that was founded first or last, among those whose founding date is stated."""
    dated = [
        fact
        for fact in knowledge.facts
        if fact.outcome_type == "spin_out"
        and fact.extractor == "relation"
        and fact.date
        and fact.object_key in knowledge.entities
    ]
    if not dated:
        return None
    chosen = (max if latest else min)(dated, key=lambda fact: (fact.date[:4], fact.object))
    position = knowledge.passage_at(chosen.document_id, chosen.selector.start)
    if position is None:
        return None
    return _extreme(
        [(str(chosen.object_key), (float(chosen.date[:4]), position, chosen.date[:4]))]
        + [("", (0.0, 0, ""))] * (len(dated) - 1),
        reading,
        knowledge,
        "latest" if latest else "earliest",
    )


_TOGETHER = re.compile(r"\b(?:altogether|together|combined|in total|in all|in sum|sum of|total of)\b")


def total(reading: Reading, knowledge: Knowledge) -> Draft | None:
    """The sum of the figures of the things that "A and B ... together" names; None when one of them has no figure."""
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
        noun = reading.noun or _compared_noun(reading)
        content = tuple(
            (word, worth)
            for word, worth in zip(reading.content, reading.worth, strict=True)
            if word not in others
        )
        asked = replace(
            reading,
            named=named,
            heads=noun[-1:],
            asks_for=_measured_in(reading),
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
            asks_for=_measured_in(reading),
            content=(*noun, *(word for word, _ in rest)),
            worth=(*(1.0 for _ in noun), *(worth for _, worth in rest)),
        )
    found = fitting_figures(asked, knowledge)
    return found[0] if found else None


def _measured_in(reading: Reading) -> str:
    """Whether money or a count decides a comparison."""
    money = re.search(
        r"\b(?:price|money|cost|sold for|raised?|funding|invest\w+|turnover|revenue|budget|pay|paid|worth|[£$€])",
        plain(reading.question),
    )
    return "money" if money else "number"


def _compared_noun(reading: Reading) -> tuple[str, ...]:
    match = re.search(
        r"\b(?:more|fewer|most|fewest|larger|number of|many)\s+([\w -]+?)(?:,|\?|$|\bthan\b|\bor\b|:)",
        plain(reading.question),
    )
    return tuple(stem(word) for word in words(match[1])) if match else ()

"""What a question asks: its intent, the kind of thing asked for, outcome types, constraints and topic words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.dates import dates
from corpus.names import names
from corpus.parsing import Parse, parse
from corpus.places import Place, places
from corpus.quantity import Quantity, quantities
from corpus.taxonomy import kind_nouns, kind_of, plain, triggers
from corpus.vocabulary import light_stems, stem, words
from service.answer import Constraint, Intent, UnderstoodAs
from service.knowledge import Knowledge

_QUESTION_WORDS = frozenset(
    "what which who whom whose where when why how is are was were be been being am do does did done has have had "
    "can could will would shall should may might must a an the of in on at to for from by with and or as that this "
    "these those it its they their them he she his her we our us i me my you your there here than then so if into "
    "about between per any some many much more most least fewer less no not also please ve s t d ll re m whats wich".split()
)
# Nouns that count or measure: what is asked for is a figure.
_MEASURE = re.compile(
    r"\b(?:number|amount|share|proportion|percentage|percent|fraction|budget|turnover|revenue|price|cost|value|size|"
    r"total|rate|intensity|ratio|sum|sales|funding|worth|impact factor)\b"
)
_SUPERLATIVE = re.compile(
    r"\b(?:most|largest|biggest|highest|greatest|oldest|newest|youngest|smallest|lowest|fewest|least|longest|earliest|latest|best|more|fewer|bigger|larger|older|higher|top)\b"
)


@dataclass(frozen=True)
class Ask:
    """A name or noun phrase of the question, with its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """A known entity of the question; several keys when the words fit several entities."""

    keys: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A question as it was understood."""

    question: str
    intent: Intent
    kind: str = ""  # kind of named thing asked for: "sme", "project", "award", "" when not a kind
    noun: tuple[str, ...] = ()  # stems of the noun phrase asked for: "full-time jobs"
    noun_text: str = ""
    asks_for: str = "statement"
    outcome_types: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    unknown: tuple[str, ...] = ()  # names in the question that no document has
    places: tuple[Place, ...] = ()
    years: tuple[str, ...] = ()
    limits: tuple[Quantity, ...] = ()  # figures in the question
    content: tuple[str, ...] = ()  # stems that an answer should speak of
    trigger_stems: frozenset[str] = frozenset()  # stems that stand for an outcome type
    adjectival_kind: str = ""  # a second kind that limits the first: "SMEs" in "SMEs that spun off companies"
    more: str = ""  # a second question behind "and"
    constraints: tuple[Constraint, ...] = field(default=())

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for name in self.named for key in name.keys)

    def understood_as(self) -> UnderstoodAs:
        """The reading as the answer shows it."""
        return UnderstoodAs(
            intent=self.intent,
            asks_for=self.asks_for,
            outcome_types=self.outcome_types,
            constraints=self.constraints,
        )


def understand(question: str, knowledge: Knowledge) -> Reading:
    """The reading of a standalone question."""
    text = _tidied(question)
    parsed = parse(text)
    named, unknown = _names(text, parsed, knowledge)
    intent = _intent(text, named)
    noun_text, noun_start = _asked_noun(text, intent)
    kind = _kind(noun_text, text, intent)
    found_places = _places(text, named)
    outcome_types, trigger_stems = _outcome_types(text, noun_text, kind)
    reading = Reading(
        question=question,
        intent=intent,
        kind=kind,
        noun=tuple(stem(word) for word in words(noun_text) if word not in _QUESTION_WORDS),
        noun_text=noun_text,
        asks_for=_asks_for(text, intent, kind, noun_text),
        outcome_types=outcome_types,
        named=named,
        unknown=unknown,
        places=found_places,
        years=tuple(date.value for date in dates(text)),
        limits=tuple(quantities(text)),
        trigger_stems=trigger_stems,
        more=_more(text),
    )
    reading = replace(reading, content=_content(text, reading))
    return replace(reading, constraints=_constraints(reading, knowledge))


def _tidied(question: str) -> str:
    text = re.sub(r"\s+", " ", question).strip()
    return re.sub(r"\b(what|who|where|how|when)s\b", r"\1 is", text, flags=re.IGNORECASE)


def _names(text: str, parsed: Parse, knowledge: Knowledge) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """Known entities of the question, and capitalised names that no document knows."""
    nouns = kind_nouns()
    named = [
        Named(keys, text[start:end], start, end)
        for start, end, keys in knowledge.entities_in(text)
        if plain(text[start:end]) not in nouns
    ]
    place_spans = [(place.start, place.end) for place in places(text)]
    unknown = []
    for name in names(parsed):
        overlaps_known = any(item.start < name.end and name.start < item.end for item in named)
        is_place = any(start < name.end and name.start < end for start, end in place_spans)
        if overlaps_known or is_place or plain(name.text) in nouns or name.start == 0 and " " not in name.text and plain(name.text) in _QUESTION_WORDS:
            continue
        near = knowledge.near(name.text)
        if near is not None:
            named.append(Named((near,), name.text, name.start, name.end))
        elif not all(knowledge.frequency.get(stem(word)) for word in words(name.text)):
            unknown.append(name.text)
    named = [item for item in named if not _is_place_only(item, place_spans, knowledge)]
    return tuple(sorted(named, key=lambda item: item.start)), tuple(unknown)


def _is_place_only(item: Named, place_spans: Sequence[tuple[int, int]], knowledge: Knowledge) -> bool:
    return any(start <= item.start and item.end <= end for start, end in place_spans)


_INTENTS: tuple[tuple[str, str], ...] = (
    (r"^(?:and )?how many\b|\bhow many\b|\bnumber of\b|\bcount of\b", "quantity"),
    (r"\bhow much\b|\bhow (?:large|big|long|often|old|high)\b|\b(?:what|which) (?:share|proportion|percentage|percent|fraction|amount|part|sum)\b", "quantity"),
    (r"^(?:what|which) (?:year|month|date)\b|^(?:in |since |by |on )?(?:what|which) (?:year|month)\b|\bwhen\b", "when"),
    (r"\bstands? for\b|\b(?:full (?:name|form)|abbreviat\w+|acronym)\b|^define\b|\bdefinition of\b|\bmeant by\b|\bmean\b\??$", "define"),
    (r"^(?:what|who) (?:is|are|was|were) (?:the |an? )?[^?]{2,60}\?*$", "what_is"),
    (r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", "yes_no"),
    (r"^(?:tell me|describe|explain|summari[sz]e|give (?:me )?an? (?:overview|summary)|what do you know)\b|^(?:what about|info(?:rmation)? (?:on|about))\b", "describe"),
    (r"^(?:please )?(?:list|name|enumerate|show(?: me)?|give(?: me)?|find|identify)\b", "list"),
    (r"^(?:in |at |to |from |for |by |of |with |through |under |on )?(?:which|what) (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b|had\b|can\b|will\b)", "which"),
    (r"^(?:by |to |with |from )?who(?:se|m)?\b", "who"),
    (r"^(?:from |to )?where\b|\bwhere (?:is|are|was|were|do|does|did)\b", "where"),
    (r"^(?:why|how)\b", "describe"),
    (r"^what\b", "describe"),
)


def _intent(text: str, named: Sequence[Named]) -> Intent:
    lowered = plain(text)
    lowered = re.sub(r"^(?:and|so|ok|okay|but|also|please|can you tell me|could you tell me|do you know|i want to know|tell me)[, ]+(?=\w)", "", lowered)
    found = next((intent for pattern, intent in _INTENTS if re.search(pattern, lowered)), "describe")
    if found == "what_is":
        return _what_is(lowered)
    if found == "which":
        return "list"
    if found == "yes_no" and (re.search(r"\bor\b", lowered) and _SUPERLATIVE.search(lowered)):
        return "compare"
    if found in {"describe", "list", "who", "quantity"} and re.search(r"\bcompar\w+\b|\bdifference between\b|\bversus\b|\bvs\b", lowered):
        return "compare"
    return found  # type: ignore[return-value]


def _what_is(lowered: str) -> Intent:
    """"What is ..." asks for a figure, a list or a person when its noun says so, else for a definition."""
    body = re.sub(r"^(?:what|who) (?:is|are|was|were) ", "", lowered).rstrip("?. ")
    if lowered.startswith("who"):
        return "who"
    head = re.split(r"\b(?:of|for|in|from|by|that|which|at|among)\b", body)[0].strip()
    if _MEASURE.search(head):
        return "quantity"
    if re.match(r"(?:the|all|some)\b", body) and re.search(r"(?:[^s]s|ies)$", head):
        return "list"
    if re.search(r"\b(?:aim|goal|objective|purpose|role|benefit|effect|result|difference)s?\b", head):
        return "describe"
    return "define"


def _asked_noun(text: str, intent: str) -> tuple[str, int]:
    """The noun phrase behind "which", "how many", "list (all)", and where it begins."""
    lowered = plain(text)
    patterns = (
        r"\bhow many (?:of (?:the|those|these) )?(?:different |new |more |distinct )?",
        r"\bnumber of (?:different |new )?",
        r"\b(?:which|what) (?:of (?:the|those|these) )?(?:other |different )?(?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b)",
        r"^(?:please )?(?:list|name|enumerate|show|give|find|identify)(?: me)?(?: all| every| each)?(?: of)?(?: the)? ",
        r"^what (?:is|are|was|were) (?:the |all |all the |some of the )",
        r"\bhow much ",
    )
    for pattern in patterns:
        match = re.search(pattern, lowered)
        if match:
            phrase = _noun_phrase(text[match.end() :])
            if phrase:
                return phrase, match.end()
    return "", 0


_PHRASE_END = re.compile(
    r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|may|might|of|in|from|for|by|with|that|which|who|to|at|on|"
    r"and|or|through|during|under|using|based|mentioned|named|listed|described|created|founded|involved|take|takes|took|come|came|"
    r"made|won|got|get|received|won|work|works|worked|deal|deals|spun|commercialised|commercialized|developed|launched|"
    r"participate\w*|contribut\w+|employ\w*|sell\w*|offer\w*|use[sd]?|support\w*|result\w*|emerg\w+|opened|set|grew|grow|"
    r"gave|give|gives|belong\w*|join\w*|produced|produce|carry|cover|there|so|now|currently|exist|each|per|than|according|as|when|where|how|because|thanks)\b|[,;:?.!]"
)


def _noun_phrase(text: str) -> str:
    match = _PHRASE_END.search(plain(text))
    phrase = text[: match.start()] if match else text
    return phrase.strip() if len(phrase.split()) <= 6 else ""


def _kind(noun_text: str, text: str, intent: str) -> str:
    """The kind of named thing that is asked for; "person" and organisations for "who" stay open."""
    if noun_text and (kind := kind_of(noun_text)):
        return kind
    if noun_text and (parts := noun_text.split()) and len(parts) > 1 and (kind := kind_of(" ".join(parts[:-1]))) and kind_of(parts[0]):
        return kind_of(parts[0]) or ""
    match = re.search(r"\b(?:who|which) (?:are|is|were) (?:the |all the )?([\w -]+?)(?: (?:in|of|from|that|which)\b|\?|$)", plain(text))
    return (kind_of(match[1]) or "") if match and intent in {"who", "list"} else ""


def _asks_for(text: str, intent: str, kind: str, noun_text: str) -> str:
    if intent == "when":
        return "date"
    if intent == "where" or re.match(r"(?:in |to |from )?(?:which|what) (?:country|countries|city|cities|town|place)", plain(text)):
        return "place"
    if intent == "quantity":
        if re.search(r"\bhow much (?:money|funding)?|\b(?:budget|turnover|revenue|price|cost|funding|investment|worth)\b", plain(text)):
            return "money"
        return "percent" if re.search(r"\b(?:share|proportion|percentage|percent|fraction|rate)\b", plain(text)) else "number"
    if kind:
        return "organisation" if kind in {"sme", "company", "academic", "patient_organisation", "regulator", "funder"} else kind
    if intent == "who":
        return "organisation or person"
    return noun_text.lower() or "statement"


def _places(text: str, named: Sequence[Named]) -> tuple[Place, ...]:
    lower = not any(char.isupper() for char in text[1:])
    return tuple(
        place
        for place in places(text, ignore_case=lower)
        if not any(item.start <= place.start and place.end <= item.end and item.end - item.start > place.end - place.start for item in named)
    )


def _outcome_types(text: str, noun_text: str, kind: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The outcome types of the question, the kind noun's own words left out, and the stems that showed them."""
    found: dict[str, int] = {}
    shown: set[str] = set()
    for outcome_type, start, end in triggers(text, asked=True):
        found.setdefault(outcome_type, start)
        shown |= {stem(word) for word in words(text[start:end]) if word not in _QUESTION_WORDS}
    return tuple(sorted(found, key=lambda name: (found[name], name))), frozenset(shown)


def _content(text: str, reading: Reading) -> tuple[str, ...]:
    """Stems of the words that an answer should speak of: no question words, no names, no light words."""
    spans = [(item.start, item.end) for item in reading.named] + [(place.start, place.end) for place in reading.places]
    masked = list(text)
    for start, end in spans:
        masked[start:end] = " " * (end - start)
    found = [stem(word) for word in words("".join(masked)) if word not in _QUESTION_WORDS and (len(word) > 1 or word.isdigit())]
    weighty = [item for item in found if item not in light_stems()]
    return tuple(dict.fromkeys(weighty or found))


def _more(text: str) -> str:
    """The second question of "Which ... and what did they gain?", "" when there is none."""
    match = re.search(r",? and ((?:what|how|where|when|who|by whom|in which|with which|for what)\b.+)$", plain(text))
    return match[1].rstrip("?. ") if match else ""


def _constraints(reading: Reading, knowledge: Knowledge) -> tuple[Constraint, ...]:
    found = []
    if reading.kind:
        found.append(Constraint(field="subject_type", op="is", value=reading.kind))
    for item in reading.named:
        name = " or ".join(knowledge.entities[key].name for key in item.keys)
        field_name = "project" if all(knowledge.entities[key].kind == "project" for key in item.keys) else "name"
        found.append(Constraint(field=field_name, op="is", value=name))
    found += [Constraint(field="place", op="in", value=place.name) for place in reading.places]
    found += [Constraint(field="date", op="in", value=year) for year in reading.years]
    return tuple(found)

"""What a question asks: its intent, the kind of thing asked for, outcome types, constraints and topic words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from corpus.dates import dates
from corpus.entities import entity_key
from corpus.names import names
from corpus.parsing import Parse, Token, parse
from corpus.places import Place, places
from corpus.quantity import Quantity, quantities
from corpus.taxonomy import kind_nouns, kind_of, plain, triggers
from corpus.vocabulary import light_stems, stem, words
from service.answer import Constraint, Intent, UnderstoodAs
from service.knowledge import Knowledge

SPELLING_MIN = 86.0  # rapidfuzz ratio from which an unknown word is taken for a known one
_QUESTION_WORDS = frozenset(
    "what which who whom whose where when why how is are was were be been being am do does did done has have had "
    "can could will would shall should may might must a an the of in on at to for from by with and or as that this "
    "these those it its they their them he she his her we our us i me my you your there here than then so if into "
    "about between per any some many much more most least fewer less no not also please ve s t d ll re m whats wich "
    "up off out down over later earlier before after since onwards".split()
)
# Nouns that count or measure: what is asked for is a figure.
_MEASURE = re.compile(
    r"\b(?:number|amount|share|proportion|percentage|percent|fraction|budget|turnover|revenue|price|cost|value|size|"
    r"total|rate|intensity|ratio|sum|sales|funding|worth|impact factor)\b"
)
_SUPERLATIVE = re.compile(
    r"\b(?:most|largest|biggest|highest|greatest|oldest|newest|youngest|smallest|lowest|fewest|least|longest|earliest|latest|best|more|fewer|bigger|larger|older|higher|top)\b"
)


# "Which company raised the most?", "Which one is the oldest?": one member is asked for.
_SUPERLATIVE_ONE = re.compile(
    r"\b(?:the )?(?:most (?:money|funding|staff|employees|people|patents|jobs|patients|students|investment)|oldest|newest|youngest|largest|biggest|smallest|earliest|highest|lowest|fewest)\b|\bthe (?:most|least)\b(?=\W*$| \w+\W*$)"
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
class Limit:
    """A test on figures: at least `low`, or at most `high`."""

    low: float = 0.0
    high: float | None = None
    unit: str = ""  # ISO 4217 code when a currency is named
    money: bool = False


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
    worth: tuple[float, ...] = ()  # how much each of them matters by its part of speech: nouns 1, verbs less
    heads: tuple[str, ...] = ()  # stems of the nouns counted or listed: two in "hospitals or sites"
    kinds: tuple[str, ...] = ()  # every kind asked for: two in "charities or patient groups"
    documents: frozenset[str] = frozenset()  # the documents that are about a programme named in the question
    period: tuple[str | None, str | None] | None = None  # first and last date asked for, ISO 8601
    limit: Limit | None = None
    based: bool = False  # the places limit where a member is based, not where something happened
    verbal_types: tuple[str, ...] = ()  # outcome types that a verb of the question shows
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
    text = _spelt(_tidied(question), knowledge)
    parsed = parse(text)
    every, unknown = _names(text, parsed, knowledge)
    named = tuple(item for item in every if not all(knowledge.pervades(key) for key in item.keys))
    named = _without_topics(named, knowledge)
    more = _more(text)
    intent = _intent(_main_part(text, more), named)
    noun_text, noun_start = _asked_noun(text, parsed)
    if (
        intent == "list"
        and any(item.start <= noun_start < item.end for item in every)
        and not kind_of(noun_text)
    ):
        intent, noun_text = "describe", ""
    kind = _kind(noun_text, text, intent)
    found_places = _places(text, named)
    spoken = _without_names(text, every)
    outcome_types, trigger_stems = _outcome_types(spoken)
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
        more=more,
        heads=_heads(noun_text) or _times_of(text, parsed),
        kinds=_kinds(noun_text, kind),
        documents=frozenset(
            document_id
            for item in every
            if item not in named
            for key in item.keys
            for document_id in knowledge.documents_about(key)
        ),
        verbal_types=_verbal_types(spoken, parsed),
        period=_period(text),
        limit=_limit(text),
        based=_based(text, noun_text, found_places),
    )
    if (
        not reading.named
        and every
        and intent in {"define", "describe"}
        and not _content(text, every, reading.places, parsed)[0]
    ):
        reading = replace(reading, named=every, documents=frozenset())
    masked = tuple(
        item for item in every if item in reading.named or all(knowledge.pervades(key) for key in item.keys)
    )
    content, worth = _content(text, masked, reading.places, parsed)
    reading = replace(reading, content=content, worth=worth)
    return replace(reading, constraints=_constraints(reading, knowledge))


_REPORT = (
    r"(?:reports?|documents?|brochures?|texts?|leaflets?|case stud(?:y|ies)|papers?|pages?|sources?|files?)"
)
# What a question says of the reports themselves, not of what they report.
_ABOUT_REPORTS = re.compile(
    rf",?\s*\b(?:according to|in|from|as used in|as (?:stated|described|given|mentioned) in) (?:the|this|these|your|all the) {_REPORT}(?: together)?\b|"
    rf"\b(?:that |which |who )?(?:the|this|these) {_REPORT} (?:talks? about|mentions?|names?|describes?|lists?|gives?|refers? to|speaks? of|covers?)\b|"
    rf"\b(?:that |which |who )?(?:are|is|appear|appears|get|gets) (?:mentioned|named|listed|described|given as examples?|cited|appearing)(?: (?:in|by) (?:the|this|these) {_REPORT})?(?= (?:of|for)\b|\W*$| and\b)|"
    rf"\b(?:mentioned|appear(?:s|ing)?)(?: in (?:the|this|these) {_REPORT})?(?=\W*$)",
    re.IGNORECASE,
)
_KINDS_OF = re.compile(
    r"\b(?:(?:different |various )?(?:kinds?|types?|sorts?|names?|examples?) of (?:all )?(?:the )?)",
    re.IGNORECASE,
)


def _tidied(question: str) -> str:
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
    shorter = _KINDS_OF.sub("", _ABOUT_REPORTS.sub(" ", text))
    return re.sub(r"\s+", " ", shorter).strip() if len(shorter.split()) >= 2 else text


def _spelt(text: str, knowledge: Knowledge) -> str:
    """The question with misspelt lower-case words replaced by the nearest word that is known."""

    def repaired(match: re.Match[str]) -> str:
        word = match.group()
        if word in knowledge.spellings or stem(word) in knowledge.known_stems or knowledge.key_of(word):
            return word
        found = process.extractOne(word, knowledge.spellings, scorer=fuzz.ratio, score_cutoff=SPELLING_MIN)
        return str(found[0]) if found and found[0][0] == word[0] else word

    return re.sub(r"(?<![\w'’-])[a-z]{6,}(?![\w'’-])", repaired, text)


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
        opens = name.start == 0 and " " not in name.text and parsed.tokens[0].pos != "PROPN"
        if (
            overlaps_known
            or is_place
            or opens
            or plain(name.text) in nouns
            or name.start == 0
            and " " not in name.text
            and plain(name.text) in _QUESTION_WORDS
        ):
            continue
        near = knowledge.near(name.text)
        if near is not None:
            named.append(Named((near,), name.text, name.start, name.end))
        elif not all(knowledge.frequency.get(stem(word)) for word in words(name.text)):
            unknown.append(name.text)
    named = [item for item in named if not _is_place_only(item, place_spans, knowledge)]
    return tuple(sorted(named, key=lambda item: item.start)), tuple(unknown)


def _is_place_only(item: Named, place_spans: Sequence[tuple[int, int]], knowledge: Knowledge) -> bool:
    """True for a word that is a place and that no document uses for an organisation or project."""
    if len(item.text) <= 3 and any((start, end) == (item.start, item.end) for start, end in place_spans):
        return True
    exact = entity_key(item.text) in knowledge.forms
    if exact and any(knowledge.entities[key].kind != "other" for key in item.keys):
        return False
    return any(start <= item.start and item.end <= end for start, end in place_spans)


_INTENTS: tuple[tuple[str, str], ...] = (
    (r"^(?:and )?how many\b|\bhow many\b|\bnumber of\b|\bcount of\b", "quantity"),
    (
        r"^what (?:did|does|do|was|has|have|would) .{2,60}\b(?:pay|paid|cost|fetch|raise|raised|earn|spend|spent|sold for|sell for|worth|charge)\b|^how (?:often|many times)\b",
        "quantity",
    ),
    (
        r"\bhow much\b|\bhow (?:large|big|long|often|old|high)\b|\b(?:what|which) (?:share|proportion|percentage|percent|fraction|amount|part|sum)\b",
        "quantity",
    ),
    (
        r"^(?:what|which) (?:year|month|date)\b|^(?:in |since |by |on )?(?:what|which) (?:year|month)\b|\bwhen\b",
        "when",
    ),
    (
        r"\bstands? for\b|\b(?:full (?:name|form)|abbreviat\w+|acronym)\b|^define\b|\bdefinition of\b|\bmeant by\b|\bmean(?:ing)?\b(?: of\b.*)?\W*$",
        "define",
    ),
    (r"^(?:what|who) (?:is|are|was|were) (?:the |an? )?[^?]{2,60}\?*$", "what_is"),
    (r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", "yes_no"),
    (
        r"^(?:tell me|describe|explain|summari[sz]e|give (?:me )?an? (?:overview|summary)|what do you know)\b|^(?:what about|info(?:rmation)? (?:on|about))\b",
        "describe",
    ),
    (r"^(?:please )?(?:list|name|enumerate|show(?: me)?|give(?: me)?|find|identify)\b", "list"),
    (
        r"^(?:in |at |to |from |for |by |of |with |through |under |on )?(?:which|what) (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b|had\b|can\b|could\b|will\b|would\b|should\b|may\b|might\b)",
        "which",
    ),
    (r"^(?:by |to |with |from )?who(?:se|m)?\b", "who"),
    (r"^(?:from |to )?where\b|\bwhere (?:is|are|was|were|do|does|did)\b", "where"),
    (r"^(?:why|how)\b", "describe"),
    (r"^what\b", "describe"),
)


def _intent(text: str, named: Sequence[Named]) -> Intent:
    lowered = plain(text)
    lowered = re.sub(
        r"^(?:and|so|ok|okay|but|also|please|can you tell me|could you tell me|do you know|i want to know|tell me)[, ]+(?=\w)",
        "",
        lowered,
    )
    found = next((intent for pattern, intent in _INTENTS if re.search(pattern, lowered)), "describe")
    if found == "what_is":
        return _what_is(lowered)
    if (
        re.search(r"\bor\b|\bvs\b|\bversus\b", lowered)
        and _SUPERLATIVE.search(lowered)
        and found in {"yes_no", "list", "which", "describe", "who"}
    ):
        return "compare"
    if found == "which":
        return "compare" if _SUPERLATIVE_ONE.search(lowered) else "list"
    if found in {"describe", "list", "who", "quantity"} and re.search(
        r"\bcompar\w+\b|\bdifference between\b|\bversus\b|\bvs\b", lowered
    ):
        return "compare"
    return found  # type: ignore[return-value]


def _what_is(lowered: str) -> Intent:
    """ "What is ..." asks for a figure, a list or a person when its noun says so, else for a definition."""
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


def _asked_noun(text: str, parsed: Parse) -> tuple[str, int]:
    """The noun phrase behind "which", "how many", "list (all)", and where it begins."""
    lowered = plain(text)
    patterns = (
        r"\bhow many (?:of (?:the|those|these) )?(?:(?:different|new|more|distinct|named|listed|other) )*",
        r"\bnumber of (?:different |new )?",
        r"\b(?:which|what) (?:of (?:the|those|these) )?(?:other |different )?(?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b)",
        r"^(?:please )?(?:list|name|enumerate|show|give|find|identify)(?: (?:me|us|all|every|each|of|the|any|some))* ",
        r"^what (?:is|are|was|were) (?:the |all |all the |some of the )",
        r"\bhow much ",
    )
    for pattern in patterns:
        match = re.search(pattern, lowered)
        if match:
            phrase = _chunk(parsed, match.end()) or _noun_phrase(text[match.end() :])
            if phrase:
                return phrase, match.end()
    return "", 0


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
        words_taken.append(token)
        if class_noun or joined or token.pos in {"NOUN", "PROPN"}:
            last_noun = len(words_taken)
    if last_noun < 1 or last_noun > 9:
        return ""
    return parsed.text[words_taken[0].start : words_taken[last_noun - 1].end]


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


_PLACE_NOUN = re.compile(r"\b(?:countr(?:y|ies)|cit(?:y|ies)|towns?|nations?|places?)$", re.IGNORECASE)


def _kind(noun_text: str, text: str, intent: str) -> str:
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
        r"\b(?:who|which) (?:are|is|were) (?:the |all the )?([\w -]+?)(?: (?:in|of|from|that|which)\b|\?|$)",
        plain(text),
    )
    return (kind_of(match[1]) or "") if match and intent in {"who", "list"} else ""


def _asks_for(text: str, intent: str, kind: str, noun_text: str) -> str:
    if intent == "when":
        return "date"
    if intent == "where" or re.match(
        r"(?:in |to |from )?(?:which|what) (?:country|countries|city|cities|town|place)", plain(text)
    ):
        return "place"
    if intent == "quantity":
        if re.search(
            r"\b(?:share|proportion|percentage|per ?cent|fraction)\b|\b(?:what|which) part of\b", plain(text)
        ):
            return "percent"
        if re.search(
            r"\bhow much\b|\b(?:pay|paid|cost|fetch|raised?|earn|spend|spent|sold for|sell for|charge|budget|turnover|revenues?|price|costs?|worth|sum|money)\b",
            plain(text),
        ):
            return "money"
        return (
            "number"
            if re.search(r"\bhow (?:many|often|long|old|large|big)\b|\bnumber of\b", plain(text))
            else "figure"
        )
    if kind:
        return (
            "organisation"
            if kind in {"sme", "company", "academic", "patient_organisation", "regulator", "funder"}
            else kind
        )
    if intent == "who":
        return "organisation or person"
    return noun_text.lower() or "statement"


def _places(text: str, named: Sequence[Named]) -> tuple[Place, ...]:
    lower = not any(char.isupper() for char in text[1:])
    return tuple(
        place
        for place in places(text, ignore_case=lower)
        if not any(item.start <= place.start and place.end <= item.end for item in named)
    )


def _without_topics(named: tuple[Named, ...], knowledge: Knowledge) -> tuple[Named, ...]:
    """The names without those of no known kind, when others limit the answer: "PCR" is then a word like others."""
    known = tuple(item for item in named if any(knowledge.entities[key].kind != "other" for key in item.keys))
    return known or named


def _without_names(text: str, named: Sequence[Named]) -> str:
    """The question with its names blanked, so that words of a name show no outcome type."""
    chars = list(text)
    for item in named:
        chars[item.start : item.end] = " " * (item.end - item.start)
    return "".join(chars)


def _outcome_types(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The outcome types of the question and the stems that showed them."""
    found: dict[str, int] = {}
    shown: set[str] = set()
    for outcome_type, start, end in triggers(text, asked=True):
        found.setdefault(outcome_type, start)
        shown |= {stem(word) for word in words(text[start:end]) if word not in _QUESTION_WORDS}
    return tuple(sorted(found, key=lambda name: (found[name], name))), frozenset(shown)


def _period(text: str) -> tuple[str | None, str | None] | None:
    """The period that a question limits its answer to: "in 2002", "before the year 2000", "since 2010"."""
    found = dates(text)
    if not found:
        return None
    date = found[0]
    before = plain(text[: date.start])
    if re.match(r"\s*or (?:later|after|since)\b|\s*onwards?\b", plain(text[date.end :])):
        return date.value, None
    if re.match(r"\s*or (?:earlier|before)\b", plain(text[date.end :])):
        return None, date.value
    if date.relation in {"before", "until", "by"} or re.search(
        r"\b(?:before|until|prior to|by|earlier than|up to)(?: the)?(?: year)? $", before
    ):
        year = date.value[:4]
        return (
            (None, str(int(year) - 1))
            if "by" not in date.relation and "until" not in date.relation
            else (None, date.value)
        )
    if date.relation in {"since", "after", "from"} or re.search(
        r"\b(?:since|after|from|later than)(?: the)?(?: year)? $", before
    ):
        return date.value, date.value_end
    return date.value, date.value_end or date.value


def _limit(text: str) -> Limit | None:
    """The test of "more than 5 million", "at least 100", "under 10"."""
    for quantity in quantities(text):
        hedge = plain(f"{text[max(0, quantity.start - 14) : quantity.start]} {quantity.qualifier}")
        money = (
            quantity.kind == "money"
            or re.search(r"\b(?:rais|fund|invest|money|worth|cost|paid|turnover|revenue)", plain(text))
            is not None
        )
        unit = quantity.unit if quantity.kind == "money" else ""
        if re.search(r"more than|over|above|at least|exceed|greater than|upwards of|>", hedge):
            return Limit(low=quantity.value, unit=unit, money=money)
        if re.search(r"less than|under|below|at most|fewer than|up to|<", hedge):
            return Limit(high=quantity.value, unit=unit, money=money)
    return None


def _based(text: str, noun_text: str, found: Sequence[Place]) -> bool:
    """True when a place stands as an adjective before the asked noun, or behind "based in" or "from"."""
    lowered = plain(text)
    return any(
        place.text in noun_text
        or re.search(
            r"\b(?:based|located|headquartered|situated|seated|home|from)(?: in| at| near)?(?: the)? $",
            lowered[: place.start],
        )
        or re.match(r"-based\b", lowered[place.end :])
        for place in found
    )


def _times_of(text: str, parsed: Parse) -> tuple[str, ...]:
    """The stem of the verb in "How often has X been cited?": what is counted is the citations."""
    if not re.match(r"\W*how (?:often|many times)\b", text, re.IGNORECASE):
        return ()
    verbs = [token for token in parsed.tokens if token.pos == "VERB"]
    return (stem(verbs[-1].lemma),) if verbs else ()


def _heads(noun_text: str) -> tuple[str, ...]:
    """The stems of the head nouns of a phrase: the last word of each part that "or", "and" or a comma joins."""
    parts = [words(part) for part in re.split(r"\bor\b|\band\b|,|/", noun_text)]
    return tuple(stem(part[-1]) for part in parts if part)


def _kinds(noun_text: str, kind: str) -> tuple[str, ...]:
    """The kinds of all parts of a phrase."""
    if kind in {"place", "sme"}:
        return (kind,)
    found = [kind_of(part.strip()) for part in re.split(r"\bor\b|\band\b|,|/", noun_text)]
    return tuple(dict.fromkeys(item for item in [kind, *found] if item))


def _verbal_types(text: str, parsed: Parse) -> tuple[str, ...]:
    """The outcome types whose trigger holds a verb of the question: what a member must have done."""
    verbs = [(token.start, token.end) for token in parsed.tokens if token.pos == "VERB"]
    return tuple(
        dict.fromkeys(
            name
            for name, start, end in triggers(text, asked=True)
            if any(start < verb_end and verb_start < end for verb_start, verb_end in verbs)
        )
    )


_WORTH = {"VERB": 0.45, "AUX": 0.3, "ADV": 0.35, "ADJ": 0.8, "ADP": 0.2, "INTJ": 0.2}
# What a question adds to tell who it means: "X, the Leeds company".
_APPOSITION = re.compile(r",\s+(?:an?|the)\s+[^,?]{3,60}(?=[,?]|$)")
_CLASS_WORTH = 0.3  # "project", "company": what kind of thing it is says little about what is asked


def _content(
    text: str, named: Sequence[Named], found_places: Sequence[Place], parsed: Parse
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Stems that an answer should speak of, with their worth: no question words, no names, no light words."""
    spans = [(item.start, item.end) for item in (*named, *found_places)]
    spans += [(date.start, date.end) for date in dates(text)]
    spans += [(quantity.start, quantity.end) for quantity in quantities(text) if _limit(text) is not None]
    spans += [(end, end + match.end()) for _, end in spans if (match := _APPOSITION.match(text[end:]))]
    titled = {end for _, end in spans}
    found: dict[str, float] = {}
    light: dict[str, float] = {}
    for match in re.finditer(r"\d{1,3}(?:[ ,]\d{3})+|[^\W_]+(?:['’-][^\W_]+)*", text):
        if any(start <= match.start() < end for start, end in spans):
            continue
        is_class = plain(match.group()) in kind_nouns()
        if is_class and any(
            text[end : match.start()].strip() == "" for end in titled if end <= match.start()
        ):
            continue
        token = parsed.at(match.end() - 1)
        for word in words(match.group()):
            if word in _QUESTION_WORDS or (len(word) == 1 and not word.isdigit()):
                continue
            base = token.lemma if token and token.pos in {"VERB", "AUX"} and "-" not in word else word
            worth = _CLASS_WORTH if is_class else _WORTH.get(token.pos if token else "", 1.0)
            target = light if {stem(base), stem(word)} & light_stems() else found
            target[stem(base)] = max(worth, target.get(stem(base), 0.0))
    chosen = found or ({} if named else light)
    return tuple(chosen), tuple(chosen.values())


def _more(text: str) -> str:
    """The second question of "Which ... and what did they gain?", "" when there is none."""
    match = re.search(
        r",? and ((?:what|how|where|when|who|by whom|in which|with which|for what)\b.+)$", plain(text)
    )
    return match[1].rstrip("?. ") if match else ""


def _main_part(text: str, more: str) -> str:
    """The question without its second part."""
    return (
        text[: len(text) - len(more) - 1].rstrip(" ,?.")
        if more and plain(text).rstrip("?. ").endswith(more)
        else text
    )


def _constraints(reading: Reading, knowledge: Knowledge) -> tuple[Constraint, ...]:
    found = []
    if reading.kind:
        found.append(Constraint(field="subject_type", op="is", value=reading.kind))
    for item in reading.named:
        name = " or ".join(knowledge.entities[key].name for key in item.keys)
        field_name = (
            "project" if all(knowledge.entities[key].kind == "project" for key in item.keys) else "name"
        )
        found.append(Constraint(field=field_name, op="is", value=name))
    found += [Constraint(field="place", op="in", value=place.name) for place in reading.places]
    found += [Constraint(field="date", op="in", value=year) for year in reading.years]
    return tuple(found)

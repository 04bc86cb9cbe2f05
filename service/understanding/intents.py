"""What a question wants: a list, a figure, a date, yes or no; and what its answer must be."""

from __future__ import annotations

import re

from corpus.taxonomy import plain
from service.answer import Intent

# Nouns that count or measure: what is asked for is a figure.
_MEASURE = re.compile(
    r"\b(?:number|amount|share|proportion|percentage|percent|fraction|budget|turnover|revenue|price|cost|value|size|"
    r"total|rate|intensity|ratio|sum|sales|funding|worth|impact factor)\b"
)
_SUPERLATIVE = re.compile(
    r"\b(?:most|largest|biggest|highest|greatest|oldest|newest|youngest|smallest|lowest|fewest|least|"
    r"longest|earliest|latest|best|more|fewer|bigger|larger|older|higher|top|earlier|later|first|younger|newer|"
    r"smaller|less|cheaper|longer|sooner|lower)\b"
)
# "Which company raised the most?", "Which one is the oldest?": one member is asked for.
_SUPERLATIVE_ONE = re.compile(
    r"\b(?:the )?(?:most (?:money|funding|staff|employees|people|patents|jobs|patients|students|"
    r"investment)|oldest|newest|youngest|largest|biggest|smallest|earliest|highest|lowest|"
    r"fewest|longest|cheapest|most expensive|founded first|first (?:founded|established|formed|spun))\b|"
    r"\bthe (?:most|least)\b(?=\W*$| \w+\W*$)"
)
# "How much of the weight", "how much rarer", "how much time": no sum of money.
_OTHERWISE_MUCH = re.compile(
    r"\bhow much (?:(?:of (?:the|their|its|his|her|our|an?)|more|less|\w+er|time|weight|space|land|waste|water|energy|"
    r"electricity|power|fuel|oil|gas|data|carbon|co2|food|blood|material)\b)"
)
_INTENTS: tuple[tuple[str, str], ...] = (
    (
        r"^(?:(?:for|of|about|on|by|in) )?(?:which|what) (?!is\b|are\b|was\b|were\b)(?:\w+ ){1,4}?"
        r"(?:(?:is|are|was|were) .*"
        r"\b(?:given|stated|known|reported|recorded|available|specified|disclosed|told)\b|"
        r"(?:reports?|states?|gives?|discloses?|records?|mentions?|publish(?:es)?) "
        r"(?:an?|the|their|its|any|how)\b)",
        "which",
    ),
    (
        r"[-–—,:;] ?(?:which|what) (?:[a-z-]+ )?[a-z-]+s\W*$|"
        r"^(?:are there |were there )?any (?:[a-z-]+ ){1,4}(?:that|who|which)\b",
        "which",
    ),
    (r"^(?:and )?how many\b|\bhow many\b|\bnumber of\b|\bcount of\b", "quantity"),
    (
        r"^what (?:did|does|do|was|has|have|would) .{2,60}\b(?:pay|paid|cost|fetch|raise|raised|"
        r"earn|spend|spent|sold for|sell for|worth|charge)\b|^how (?:often|many times)\b",
        "quantity",
    ),
    (
        r"\bhow much\b|\bhow (?:large|big|long|often|old|high|far|tall|heavy|wide|deep|fast|quickly|soon)\b|"
        r"\b(?:what|which) (?:share|proportion|percentage|percent|fraction|amount|part|sum|price|turnover|"
        r"revenues?|budget|profit|level of (?:funding|investment|support))\b",
        "quantity",
    ),
    (
        r"^what (?:did|does|do|has|have|will) .{2,60}\b(?:get|got|receive|received|win|won|make|made|"
        r"bring in|brought in|generate|generated|invest|invested|contribute|contributed|give|given)\b"
        r"(?=.*\b(?:in|of) (?:\w+ )?(?:funding|grants?|money|revenues?|sales|income|investment|support)\b)",
        "quantity",
    ),
    (
        r"^(?:(?:in|since|by|on|until|till|from|up to|before|after|during) )?(?:what|which) (?:year|month|date)\b|"
        r"\bwhen\b",
        "when",
    ),
    (
        r"\bstands? for\b|\b(?:full (?:name|form)|abbreviat\w+|acronym)\b|^define\b|"
        r"\bdefinition of\b|\bmeant by\b|\bmean(?:ing)?\b(?: of\b.*)?\W*$",
        "define",
    ),
    (r"^(?:what|which|who) (?:is|was) the (?:(?:very )?first|(?!most\b|best\b|latest\b)\w+est)\b", "most"),
    (r"^(?:what|who) (?:is|are|was|were) (?:the |an? )?[^?]{2,60}\?*$", "what_is"),
    (r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", "yes_no"),
    (
        r"^(?:tell me|describe|explain|summari[sz]e|give (?:me )?an? (?:overview|summary)|"
        r"what do you know)\b|^(?:what about|info(?:rmation)? (?:on|about))\b",
        "describe",
    ),
    (r"^(?:please )?(?:list|name|enumerate|show(?: me)?|give(?: me)?|find|identify)\b", "list"),
    (
        r"^(?:in |at |to |from |for |by |of |with |through |under |on |into |within |across |among |"
        r"against )?"
        r"(?:which|what) (?!is\b|"
        r"are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b|had\b|can\b|could\b|will\b|would\b|"
        r"should\b|may\b|might\b)",
        "which",
    ),
    (r"^(?:by |to |with |from )?who(?:se|m)?\b", "who"),
    (r"^(?:from |to )?where\b|\bwhere (?:is|are|was|were|do|does|did)\b", "where"),
    (r"^(?:why|how)\b", "describe"),
    (r"^what\b", "describe"),
)


def intent_of(text: str, is_verbless: bool = False) -> Intent:
    """What the opening of a question wants; a description when it tells nothing else.

    A measure without any verb asks for its figure: "Turnover of X in 2011?".
    """
    lowered = plain(text)
    lowered = re.sub(
        r"^(?:and|so|ok|okay|but|also|please|can you tell me|could you tell me|do you know|"
        r"i want to know|tell me)[, ]+(?=\w)",
        "",
        lowered,
    )
    found = next((intent for pattern, intent in _INTENTS if re.search(pattern, lowered)), "describe")
    if found == "describe" and is_verbless and _MEASURE.search(lowered):
        return "quantity"
    if found == "most":
        return "compare" if _SUPERLATIVE_ONE.search(lowered) else "describe"
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


def answer_type(text: str, intent: str, kind: str, noun_text: str) -> str:
    """What an answer must be or hold: "date", "money", "organisation", else the asked noun."""
    if intent == "when":
        return "date"
    if intent == "where" or re.match(
        r"(?:in |to |from )?(?:which|what) (?:country|countries|city|cities|town|place)", plain(text)
    ):
        return "place"
    if intent == "quantity":
        return _quantity_type(plain(text))
    if kind:
        return (
            "organisation"
            if kind in {"sme", "company", "academic", "patient_organisation", "regulator", "funder"}
            else kind
        )
    if intent == "who":
        return "organisation or person"
    return noun_text.lower() or "statement"


def _quantity_type(lowered: str) -> str:
    """The type of a figure: "percent", "money", "number", or "figure" when any will do."""
    if re.search(r"\bby how (?:much|many)\b|\bby what (?:factor|amount|margin)\b", lowered):
        return "figure"
    if re.search(
        r"\b(?:share|proportion|percentage|per ?cent|fraction)\b|\b(?:what|which) part of\b", lowered
    ):
        return "percent"
    if re.search(r"\bhow many (?:million |billion )?(?:pounds?|euros?|dollars?)\b", lowered):
        return "money"
    if re.search(r"\bhow many\b|\bnumber of\b", lowered):
        return "number"
    if _OTHERWISE_MUCH.search(lowered):
        return "figure"
    if re.search(
        r"\bhow much\b|\b(?:pay|paid|cost|fetch|raised?|earn|spend|spent|sold for|sell for|charge|budget|"
        r"turnover|revenues?|price|costs?|worth|sum|money|funding|grants?|income|sales|investment|profit)\b",
        lowered,
    ):
        return "money"
    return "number" if re.search(r"\bhow (?:often|long|old|large|big)\b", lowered) else "figure"

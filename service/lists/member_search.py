"""What the statements about a member must hold, as the question says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from corpus.taxonomy import ORGANISATIONS, kind_nouns, kind_of, plain, triggers
from corpus.vocabulary import best, light_stems, people_stems, stem, words
from service.knowledge.knowledge import Knowledge
from service.lists.membership import Search
from service.understanding.topics import VERB_WORTH
from service.understanding.understand import Reading

# What "belong to" or "come from" means for spin-offs is that they were spun out.
_CHILD_TYPES = frozenset({"spin_out", "participation", "collaboration"})
# Verbs that say of spin-offs no more than that they are some: "emerged", "go back to 2001", "trace back".
_COMING_OUT = frozenset(
    map(stem, ("found", "emerge", "arise", "originate", "stem", "trace", "spin", "grow", "date"))
)
# Those who win, in questions about what was won: "the research teams", "the staff".
_WINNERS = frozenset(
    map(stem, ("research", "team", "group", "staff", "researcher", "work", "scientist", "academic"))
)
# Verbs that join two names without saying how.
_LINKING = frozenset(
    map(stem, ("deal", "work", "connect", "relate", "associate", "link", "interact", "engage"))
)
# Types that say where or when, not what a member did.
_NO_RELATION = frozenset(
    ("location", "qualitative_claim", "context_statistic", "milestone", "definition", "objective", "contact")
)
# Types whose members are what came out, not who brought it about: "Which spin-offs ...".
_CHILD_NOUNS = re.compile(r"\b(?:spin|start-?up|venture)")


def search_for(reading: Reading, knowledge: Knowledge, dense: Mapping[int, float]) -> Search:
    """What the statements about a member must hold, as the question says it."""
    children = bool(_CHILD_NOUNS.search(reading.noun_text.lower())) or _asks_for_children(reading)
    relations = _relation_types(reading)
    # "training projects" are those that train; "spin-off companies" are spin-offs, whatever else they did.
    shown = triggers(reading.noun_text, asked=True) if reading.kind != "project" else ()
    noun_types = {name for name, _, _ in shown}
    stated = _stated(reading.question, relations)
    themes = tuple(
        name
        for name in reading.outcome_types
        if name in stated and name not in relations and name not in noun_types and name not in _NO_RELATION
    )
    deeds = () if relations else _deeds(reading)
    if reading.kind == "award":
        themes, deeds = (), ()
    return Search(reading, knowledge, relations, themes, _topic_words(reading), children, deeds, dense)


def _stated(question: str, relations: Collection[str]) -> set[str]:
    """The outcome types that a question shows outside the words of its relations: not "tool" in "brought a tool to market"."""
    within = [(start, end) for name, start, end in triggers(question, asked=True) if name in relations]
    return {
        name
        for name, start, end in triggers(question)
        if not any(first <= start and end <= last for first, last in within)
    }


def _deeds(reading: Reading) -> tuple[str, ...]:
    """The stems of the verbs of a question that say more than that something is or links."""
    return tuple(
        word
        for word, worth in zip(reading.content, reading.worth, strict=True)
        if worth == VERB_WORTH
        and word not in light_stems()
        and word not in _LINKING
        and word not in reading.trigger_stems
    )


def brought_about(search: Search) -> Search:
    """The search for those who brought about what its themes name: "created spin-outs", "filed patents"."""
    weighty = tuple(item for item in search.topic if item[1] >= 0.6)
    return replace(search, relations=search.themes, themes=(), topic=weighty)


def _relation_types(reading: Reading) -> tuple[str, ...]:
    """The outcome types of what a member must have done, by a verb or by the asked noun "spin-offs"."""
    found = [name for name in reading.verbal_types if name not in _NO_RELATION]
    if _CHILD_NOUNS.search(reading.noun_text.lower()):
        found = [name for name in found if name not in _CHILD_TYPES]
        found = found or ([] if _does_more(reading) else ["spin_out"])
    if reading.limit is not None and not found:
        found = [name for name in reading.outcome_types if name not in _NO_RELATION]
    # Who is a partner in a project works with those who run it.
    works_with = "collaboration" in found and "participation" not in found and reading.kind != "project"
    return (*found, "participation") if works_with else tuple(found)


def _does_more(reading: Reading) -> bool:
    """True when a question says what spin-offs do, beyond that they came out of somebody."""
    return any(
        worth == VERB_WORTH
        and word not in reading.trigger_stems
        and word not in light_stems()
        and best(word, _COMING_OUT) < 0.85
        for word, worth in zip(reading.content, reading.worth, strict=True)
    )


def _topic_words(reading: Reading) -> tuple[tuple[str, float], ...]:
    """The content words, with their worth, beside the asked noun and the words that show an outcome type."""
    nouns = {stem(noun.split()[-1]) for noun in kind_nouns()} if reading.kind not in {"", "person"} else set()
    skipped = (
        set(reading.trigger_stems)
        | light_stems()
        | set(reading.noun if reading.kind not in {"", "person"} else ())
    )
    skipped |= people_stems()[0] | _partner_words(reading.question) | _descriptors(reading) | nouns
    if reading.kind == "award":  # whatever the verb, what one does with awards is win them
        skipped |= _WINNERS | {
            w for w, worth in zip(reading.content, reading.worth, strict=True) if worth == VERB_WORTH
        }
    skipped |= {stem(word) for word in words(reading.more)}
    related = bool(_relation_types(reading))
    return tuple(
        (word, worth)
        for word, worth in zip(reading.content, reading.worth, strict=True)
        if word not in skipped
        and not skipped.issuperset(word.split(" "))
        and not (related and worth < 0.6)
        and not ((reading.named or reading.outcome_types) and word in _LINKING)
    )


def _descriptors(reading: Reading) -> set[str]:
    """The words that stand behind a name to say what it is: "chip" in "the Pellucid chip"."""
    found = [re.search(rf"{re.escape(name.text)}\s+([a-z-]+)", reading.question) for name in reading.named]
    return {stem(match[1]) for match in found if match and kind_of(match[1]) not in ORGANISATIONS}


def _partner_words(question: str) -> set[str]:
    """The words that say of what sort a partner is: "pharma" in "licensed it to pharma companies"."""
    found = re.finditer(r"\b(?:to|with|from|by|for)\s+(?:the\s+)?([\w-]+)\s+([\w-]+)", plain(question))
    return {stem(match[1]) for match in found if kind_of(match[2]) in ORGANISATIONS}


def _asks_for_children(reading: Reading) -> bool:
    """True when "companies" means what was founded: "companies were founded", "businesses born of ..."."""
    if "spin_out" not in reading.outcome_types or reading.kind not in {"company", "sme"}:
        return False
    lowered = reading.question.lower()
    return bool(
        re.search(
            r"\b(?:companies|businesses|firms|ventures|enterprises|company|business|"
            r"firm)\b (?:that |which )?(?:were|was|have been|has been|are|is|got|being)?\s*"
            r"(?:newly )?(?:founded|formed|created|established|launched|set up|started|"
            r"incorporated|spun|born|came|come|grew|emerged?|arose|originat\w+|stem\w*)|"
            r"\b(?:companies|businesses|firms|ventures|enterprises|company|business|firm)\b "
            r"(?:did|has|have|had)\b.{2,60}"
            r"\b(?:found|form|create|establish|launch|set up|start|spin|spun)(?:e?d)?\b",
            lowered,
        )
    ) and not re.search(
        r"\bspun (?:off|out) (?:new |other |a |any )?(?:compan|business|firm|venture|spin)", lowered
    )

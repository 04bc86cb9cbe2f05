"""An earlier question said anew: with another noun, name, place, year or question word, or narrowed."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from corpus.parsing import Token, parse
from corpus.places import Place
from corpus.taxonomy import ORGANISATIONS, kind_of, plain
from service.knowledge import Knowledge
from service.wording import (
    Asked,
    Named,
    Wording,
    is_agent,
    is_plural,
    participle,
    past,
    phrase_end,
    third_person,
)

_AUXILIARIES = {"is": "are", "was": "were", "has": "have", "does": "do"}
_SINGULAR = {plural: singular for singular, plural in _AUXILIARIES.items()}
_PREPOSITION = re.compile(
    r"^(?:for|in|at|by|with|from|of|to|on|about|through|under|since|during|into)\b ?", re.IGNORECASE
)
ALIKE_MIN = 75.0  # rapidfuzz ratio from which one name may be meant as the right spelling of another
_NO_ACTION = frozenset(["be", "have", "include", "involve", "exist", "concern"])


# Another noun


def with_noun(earlier: Wording, wh: str, noun: str) -> str | None:
    """The earlier question about another noun: "How many licensing deals resulted from the projects".

    `wh` is the question word that comes with the noun, "" to keep that of the earlier question. A noun that
    cannot do what the old one did ("licensing deals" for "SMEs" that spun off companies) keeps the names,
    places and dates only.
    """
    asked = earlier.asked
    if asked is None:
        return _with_object(earlier, noun) if not wh else None
    if asked.form == "copular":
        return None if wh else _with_attribute(earlier, asked, noun)
    other = None if wh else _other_organisations(earlier, asked, noun)
    if other:
        return other
    words = wh or _fitting_wh(asked.wh, noun)
    if _does_something(earlier, asked) and not is_agent(noun):
        return " ".join([words, noun, *_constraints(earlier)])
    rest = earlier.text[asked.end :]
    if asked.form != "object":
        rest = agreeing(rest, is_plural(noun))
    before = earlier.text[: asked.wh_start]
    return f"{before}{words[0].lower() + words[1:] if before else words} {noun}{rest}"


def _other_organisations(earlier: Wording, asked: Asked, noun: str) -> str | None:
    """ "What share goes to SMEs" with "universities" for "SMEs": organisations that are not what is asked for."""
    if kind_of(noun) not in ORGANISATIONS or kind_of(earlier.noun) in ORGANISATIONS:
        return None
    behind = (token for token in earlier.tokens if token.start >= asked.end)
    old = next((token for token in behind if kind_of(token.text) in ORGANISATIONS), None)
    if old is None or earlier.names_in(old.start, old.end):
        return None
    start = next(token.start for token in earlier.tokens if phrase_end(earlier, token.start) == old.end)
    return earlier.replaced(start, old.end, noun)


def with_complement(earlier: Wording, new: Wording) -> str | None:
    """The earlier question with another phrase of the same preposition, or with one more: "and to universities?"."""
    if not new.tokens or new.tokens[0].pos != "ADP":
        return None
    preposition = plain(new.tokens[0].text)
    for token in reversed(earlier.tokens):
        if plain(token.text) == preposition and (end := phrase_end(earlier, token.end)) > token.end:
            return earlier.replaced(token.start, end, new.text)
    return f"{earlier.text} {new.text}"


def _fitting_wh(wh: str, noun: str) -> str:
    """ "How much" for money becomes "How many" for things, and back."""
    if plain(wh) in {"how many", "how much"}:
        return wh[:4] + ("many" if is_plural(noun) else "much")
    return wh


def _does_something(earlier: Wording, asked: Asked) -> bool:
    """True when the asked noun stands for somebody who does what the question says."""
    if not is_agent(earlier.noun) or asked.form not in {"subject", "listed"}:
        return False
    verb = next((token for token in earlier.tokens if token.start >= asked.end and token.pos == "VERB"), None)
    passive = verb is not None and verb.tag == "VBN"
    return verb is not None and not passive and verb.lemma not in _NO_ACTION


def _with_attribute(earlier: Wording, asked: Asked, noun: str) -> str:
    """ "What is the budget of LUMEN-3" with "coordinator" for "budget"."""
    text = agreeing(earlier.text[: asked.start], is_plural(noun)) + noun + earlier.text[asked.end :]
    return re.sub(r"^(What|Who)\b", who_or_what(noun), text, flags=re.IGNORECASE)


def _with_object(earlier: Wording, noun: str) -> str | None:
    """ "Did Norvia file patents" with "trademarks" for "patents"."""
    if not earlier.tokens or earlier.tokens[0].lemma not in {"be", "do", "have", "can"}:
        return None
    verb = _main_verb(earlier, earlier.tokens[0])
    behind = [token for token in earlier.tokens if verb is not None and token.start >= verb.end]
    if not behind or behind[0].pos not in {"NOUN", "ADJ", "VERB"}:
        return None
    end = phrase_end(earlier, behind[0].start)
    return earlier.replaced(behind[0].start, end, noun) if end > behind[0].start else None


def _constraints(earlier: Wording) -> list[str]:
    """The names, places and dates of a question as further conditions."""
    names = [f"for {earlier.text[each.start : each.end]}" for each in earlier.named]
    places = [f"in {place.name}" for place in earlier.places]
    return [*names, *places, *(f"in {date.value}" for date in earlier.dates)]


def agreeing(rest: str, plural: bool) -> str:
    """The words with the first verb in the number that its subject has."""
    table = _AUXILIARIES if plural else _SINGULAR
    return re.sub(
        r"\b(is|was|has|does|are|were|have|do)\b", lambda match: table.get(match[1], match[1]), rest, count=1
    )


_ROLE = re.compile(
    r"\b(?:coordinator|leader|owner|partner|manager|supplier|member|sponsor|participant|head|chair\w*|ceo|buyer|licensee|"
    r"founder|investigator|customer|user|author|contributor)s?$"
)


def who_or_what(noun: str) -> str:
    """The question word for a noun: "Who" for roles and organisations."""
    return "Who" if is_agent(noun) or _ROLE.search(plain(noun)) else "What"


# Another name, place or year


def with_constraint(earlier: Wording, new: Wording, knowledge: Knowledge) -> str | None:
    """The earlier question for what `new` names, None when `new` names nothing: "And for LUMEN-3?"."""
    bare = _PREPOSITION.sub("", new.text)
    preposition = new.text[: len(new.text) - len(bare)].strip().lower()
    if new.own_names:
        return with_name(earlier, bare, new, preposition, knowledge)
    if new.places:
        return with_place(earlier, new.places[0])
    if new.dates:
        return _with_date(earlier, new.text if preposition else f"in {bare}", bare)
    return None


def with_name(
    earlier: Wording, name: str, new: Wording, preposition: str, knowledge: Knowledge
) -> str | None:
    """The earlier question with a name for the one of its kind, or with a name added."""
    old = _counterpart(earlier, new, preposition, knowledge)
    if old is not None:
        return earlier.replaced(old.start, old.end, name)
    asked = earlier.asked
    if not preposition and asked and asked.form == "subject" and is_agent(earlier.noun):
        return _whether(earlier, asked, name)
    return f"{earlier.text} {preposition or 'for'} {name}"


def _counterpart(earlier: Wording, new: Wording, preposition: str, knowledge: Knowledge) -> Named | None:
    """The name that another one takes the place of.

    One that is spelt alike, else one of its kind or of none, else one behind the same preposition, else the last.
    """
    kinds = {_group(knowledge.entities[key].kind) for each in new.named for key in each.keys}
    written = [plain(new.text[each.start : each.end]) for each in (*new.named, *new.unknown)]

    def fit(each: Named) -> tuple[bool, bool, bool, int]:
        name, before = plain(earlier.text[each.start : each.end]), plain(earlier.text[: each.start]).rstrip()
        alike = any(fuzz.ratio(name, other) >= ALIKE_MIN for other in written)
        same_kind = not each.keys or any(_group(knowledge.entities[key].kind) in kinds for key in each.keys)
        return alike, same_kind, bool(preposition) and before.endswith(f" {preposition}"), each.start

    return max((*earlier.named, *earlier.unknown), key=fit, default=None)


def _group(kind: str) -> str:
    return {"sme": "company", "programme": "project", "network": "project"}.get(kind, kind)


def _whether(earlier: Wording, asked: Asked, name: str) -> str:
    """ "Which SMEs spun off companies" asked of one: "Did Norvia spin off companies"."""
    verb = next((token for token in earlier.tokens if token.start >= asked.end), None)
    if verb is None:
        return f"{name}"
    after = earlier.text[verb.end :].strip()
    if verb.pos == "AUX":
        return f"{agreeing(verb.text, plural=False).capitalize()} {name} {after}"
    return f"{'Did' if verb.tag in {'VBD', 'VBN'} else 'Does'} {name} {verb.lemma} {after}"


def with_place(earlier: Wording, place: Place) -> str:
    """The earlier question for another place: "Which German SMEs ..." for "Which French SMEs ..."."""
    asked, qualifies = earlier.asked, place.kind == "nationality"
    old = earlier.places[0] if earlier.places else None
    if old is None:
        return qualified(earlier, place) if qualifies and asked else located(earlier, place)
    qualified_before = asked is not None and asked.start <= old.start < asked.end
    if not qualified_before or asked is None:
        return earlier.replaced(
            old.start, old.end, place.text.title() if qualifies and old.kind == place.kind else spoken(place)
        )
    if qualifies:
        return earlier.replaced(old.start, old.end, place.text.title())
    noun = earlier.text[old.end : asked.end].lstrip()
    return f"{earlier.text[: old.start]}{noun} {_where(noun, place)}{earlier.text[asked.end :]}"


def qualified(earlier: Wording, place: Place, wh: str = "") -> str:
    """The earlier question with a nationality before its noun."""
    asked = earlier.asked
    assert asked is not None, "only a question that asks for a noun can have it qualified"
    before = f"{wh} " if wh else earlier.text[: asked.start]
    rest = re.sub(r"^the ", "", earlier.text[asked.start :])
    said = "" if earlier.rest or (asked.form != "subject" and not wh) else " are there"
    return f"{before}{place.text.title()} {rest}{said}"


def located(earlier: Wording, place: Place, wh: str = "") -> str:
    """The earlier question with a place: behind the organisations that it asks for, else at its end."""
    asked = earlier.asked
    if asked is None:
        return f"{earlier.text} in {spoken(place)}"
    before = f"{wh} " if wh else earlier.text[: asked.start]
    noun, rest = earlier.noun, earlier.text[asked.end :]
    be = "are " if not rest and wh else ""
    if kind_of(noun) in ORGANISATIONS:
        return f"{before}{noun} {be}{_where(noun, place)}{rest}"
    return f"{before}{noun}{rest} {be}in {spoken(place)}"


def _where(noun: str, place: Place) -> str:
    return f"{'based in' if kind_of(noun) in ORGANISATIONS else 'in'} {spoken(place)}"


def spoken(place: Place) -> str:
    """The name of a place as it stands in a sentence."""
    name = place.name if place.kind == "nationality" else place.text
    return f"the {name}" if re.match(r"(?:United|Netherlands|Czech Rep)|U[KS]A?$", name) else name


def _with_date(earlier: Wording, phrase: str, bare: str) -> str:
    if earlier.dates:
        old = earlier.dates[0]
        keeps_word = _PREPOSITION.match(old.text) is not None
        return earlier.replaced(old.start, old.end, phrase if keeps_word else bare)
    return f"{earlier.text} {phrase}"


# Narrowed: "which of those ..."


def narrowed(earlier: Wording, wh: str, condition: Wording | None) -> str | None:
    """The earlier question for those of its members that a condition holds for; without one, for all of them."""
    if earlier.asked is None and (who := _WHO.match(earlier.text)):
        earlier = _with_organisations(earlier, who.end())
    asked = earlier.asked
    if asked is None:
        return None
    if condition is None:
        if _SUPERLATIVE.search(plain(earlier.text)):
            return None
        return f"{wh} {earlier.text[asked.start :]}{'' if earlier.rest else ' are there'}"
    said = plain(condition.text)
    if condition.places and not condition.named and len(condition.content) - len(condition.places) <= 1:
        place = condition.places[0]
        if re.fullmatch(r"(?:(?:is|are|was|were) )?[\w-]+", said) and place.kind == "nationality":
            return qualified(earlier, place, wh)
        if re.match(
            r"(?:(?:is|are|was|were|come|comes) )?(?:based |located |situated |headquartered )?(?:in|from|at) ",
            said,
        ):
            return located(earlier, place, wh)
    kind = re.fullmatch(r"(?:is|are|was|were) (?:an? )?([\w -]+)", said)
    if kind and is_agent(kind[1]):
        return f"{wh} {condition.text[kind.start(1) :]}{earlier.text[asked.end :]}"
    if re.match(r"(?:is|are|was|were) the ", said) and _SUPERLATIVE.search(said):
        return f"{wh} {condition.text} of the {related(earlier) or earlier.noun}"
    if asked.form == "subject" and earlier.rest:
        return f"{wh} {earlier.text[asked.start :]} and {condition.text}"
    phrase = related(earlier)
    return f"{wh} {phrase} {condition.text}" if phrase else None


_SUPERLATIVE = re.compile(r"\b(?:most|least|fewest|best|worst|[a-z]{3,}est)\b")
_WHO = re.compile(r"Who (?!is\b|are\b|was\b|were\b)", re.IGNORECASE)


def _with_organisations(earlier: Wording, end: int) -> Wording:
    """ "Who funds LUMEN-3" as "Which organisations fund LUMEN-3"."""
    verb = earlier.parsed.at(end)
    word = verb.lemma if verb is not None and verb.tag == "VBZ" else verb.text if verb is not None else ""
    rest = earlier.text[verb.end :] if verb is not None else ""
    text = f"Which organisations {agreeing(word, plural=True)}{rest}"
    return Wording(text, parse(text), (), (), (), ())


def related(wording: Wording) -> str:
    """What a question asks for as a phrase: "SMEs that spun off companies", "" when it cannot be said."""
    asked = wording.asked
    if asked is None:
        return ""
    noun, rest = wording.noun, wording.rest
    if not rest:
        return noun
    if asked.form in {"listed", "copular"}:
        return f"{noun} {rest}"
    if asked.form == "subject":
        return f"{noun} that {rest}"
    clause = _clause(wording, asked)
    return f"{noun} that {clause}" if clause else ""


def _clause(wording: Wording, asked: Asked) -> str:
    """ "did Norvia acquire in France" as "Norvia acquired in France"."""
    auxiliary = next(token for token in wording.tokens if token.start >= asked.end)
    verb = _main_verb(wording, auxiliary)
    if verb is None:
        return ""
    subject, tail = wording.text[auxiliary.end : verb.start].strip(), wording.text[verb.end :].strip()
    inflected = {"did": past(verb.lemma), "does": third_person(verb.lemma), "do": verb.lemma}
    said = inflected.get(plain(auxiliary.text)) or f"{auxiliary.text} {verb.text}"
    return f"{subject} {said} {tail}".strip()


def _main_verb(wording: Wording, auxiliary: Token) -> Token | None:
    """The full verb behind "did Norvia", also where the parser takes it for a noun behind a name."""
    behind = [token for token in wording.tokens if token.start > auxiliary.start]
    verb = next((t for t in behind if t.pos == "VERB" and not wording.names_in(t.start, t.end)), None)
    if verb is not None:
        return verb
    name_end = next((each.end for each in wording.named if each.start > auxiliary.start), None)
    return next((token for token in behind if name_end is not None and token.start >= name_end), None)


# Another question word: "and when?"


def with_question_word(earlier: Wording, wh: str, answer: str) -> str | None:
    """What the earlier question spoke of, asked for its time, place, cause or doer.

    "When was Norvia founded" after "Who founded Norvia"; `answer` names the one thing that was answered, "".
    """
    tokens, asked = earlier.tokens, earlier.asked
    if not tokens:
        return None
    first = plain(tokens[0].text)
    if tokens[0].pos == "AUX" or first in {
        "is",
        "are",
        "was",
        "were",
        "did",
        "does",
        "do",
        "has",
        "have",
        "can",
    }:
        return f"{wh} {earlier.text[0].lower()}{earlier.text[1:]}"
    if first == "who" and len(tokens) > 1 and asked is None:
        return _passive(earlier, wh)
    if asked is None or asked.form in {"copular", "listed"}:
        adjunct = next((token for token in tokens[:4] if token.pos == "AUX"), None)
        fronted = first in {"when", "where", "why", "how", "by", "since", "in"} and adjunct is not None
        return f"{wh} {earlier.text[adjunct.start :]}" if fronted and adjunct is not None else None
    return _about_noun(earlier, asked, wh, answer)


def _passive(earlier: Wording, wh: str) -> str | None:
    """ "When was Norvia founded in Lyon" for "Who founded Norvia in Lyon"."""
    verb = next((token for token in earlier.tokens if token.pos == "VERB"), None)
    patient = next((t for t in earlier.tokens if verb and t.dep == "dobj" and t.head == verb.i), None)
    if verb is None or patient is None or verb.i != 1:
        return None
    phrase = earlier.parsed.subtree(patient.i)
    particle = next((t.text for t in earlier.tokens if t.dep == "prt" and t.head == verb.i), "")
    be = (
        "were"
        if patient.tag in {"NNS", "NNPS"} and not earlier.names_in(patient.start, patient.end)
        else "was"
    )
    tail = earlier.text[phrase[-1].end :]
    text = f"{wh} {be} {earlier.text[phrase[0].start : phrase[-1].end]} {participle(verb.lemma)} {particle}{tail}"
    return re.sub(r"\s+", " ", text).strip()


def _about_noun(earlier: Wording, asked: Asked, wh: str, answer: str) -> str | None:
    behind = [token for token in earlier.tokens if token.start >= asked.end]
    if not behind:
        return None
    subject = answer or earlier.noun
    if asked.form == "object":
        verb = _main_verb(earlier, behind[0])
        if verb is None:
            return None
        if asked.wh_start:  # "In which year did Norvia ..."
            return f"{wh} {earlier.text[behind[0].start :]}"
        return f"{wh} {earlier.text[behind[0].start : verb.end]} {subject}{earlier.text[verb.end :]}"
    if behind[0].pos == "AUX":
        tail = earlier.text[behind[0].end :]
        return f"{wh} {agreeing(behind[0].text, is_plural(subject))} {subject}{tail}"
    verb = behind[0]
    do = "did" if verb.tag in {"VBD", "VBN"} else agreeing("does", is_plural(subject))
    return f"{wh} {do} {subject} {verb.lemma}{earlier.text[verb.end :]}"

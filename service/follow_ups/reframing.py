"""An earlier question said anew: with another noun, name, place, year or question word, or narrowed."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from corpus.places import Place
from corpus.taxonomy import ORGANISATIONS, kind_of, plain
from service.follow_ups.wording import Asked, NamedSpan, Wording, is_agent, main_verb, phrase_end
from service.knowledge.knowledge import Knowledge
from service.understanding.inflection import agreeing, is_plural, past, third_person

_PREPOSITION = re.compile(
    r"^(?:for|in|at|by|with|from|of|to|on|about|through|under|since|during|into)\b ?", re.IGNORECASE
)
ALIKE_MIN = 75.0  # rapidfuzz ratio from which one name may be meant as the right spelling of another
_NO_ACTION = frozenset(["be", "have", "include", "involve", "exist", "concern"])


# Another noun


def with_noun(earlier: Wording, wh: str, noun: str) -> str | None:
    """The earlier question about another noun: "How many licences came out of the programme".

    `wh` is the question word that comes with the noun, "" to keep that of the earlier question. A noun that
    cannot do what the old one did ("licensing deals" for "SMEs" that spun off companies) keeps the names,
    places and dates only.
    """
    asked = earlier.asked
    if asked is None:
        return None if wh else _with_last_noun(earlier, noun)
    if asked.form == "copular":
        return None if wh else _with_attribute(earlier, asked, noun)
    other = None if wh else _other_organisations(earlier, asked, noun) or _other_theme(earlier, asked, noun)
    if other:
        return other
    words = wh or _fitting_wh(asked.wh, noun)
    if _does_something(earlier, asked) and _sort(noun) != _sort(earlier.noun):
        return " ".join([words, noun, *_constraints(earlier)])
    rest = earlier.text[asked.end :]
    if asked.form != "object":
        rest = agreeing(rest, is_plural(noun))
    before = earlier.text[: asked.wh_start]
    return f"{before}{words[0].lower() + words[1:] if before else words} {noun}{rest}"


def _other_organisations(earlier: Wording, asked: Asked, noun: str) -> str | None:
    """The question with other organisations, where they are not what is asked for: "... goes to SMEs"."""
    if kind_of(noun) not in ORGANISATIONS or kind_of(earlier.noun) in ORGANISATIONS:
        return None
    behind = (token for token in earlier.tokens if token.start >= asked.end)
    old = next((token for token in behind if kind_of(token.text) in ORGANISATIONS), None)
    if old is None or earlier.names_in(old.start, old.end):
        return None
    start = next(token.start for token in earlier.tokens if phrase_end(earlier, token.start) == old.end)
    return earlier.replaced(start, old.end, noun)


def _other_theme(earlier: Wording, asked: Asked, noun: str) -> str | None:
    """The question on another theme: "Which projects work on asthma" for "on diabetes"."""
    one_for_many = is_plural(earlier.noun) and not is_plural(noun)
    acting = is_agent(earlier.noun) and _does_something(earlier, asked)
    if (one_for_many or acting) and not is_agent(noun):
        return _with_last_noun(earlier, noun)
    return None


def _with_last_noun(earlier: Wording, noun: str) -> str | None:
    """The question with another noun of the same sort at its end: "Did Norvia file trademarks"."""
    auxiliary = next((token for token in earlier.tokens if token.lemma in {"be", "do", "have", "can"}), None)
    verb = main_verb(earlier, auxiliary) if auxiliary else None
    behind = [token for token in earlier.tokens if token.start >= (verb.end if verb else 0)]
    first = next((token for token in behind if phrase_end(earlier, token.start) == len(earlier.text)), None)
    if first is None or earlier.names_in(first.start, len(earlier.text)):
        return None
    old = earlier.text[first.start :]
    asked = earlier.asked
    if is_agent(old) != is_agent(noun) or (asked is not None and first.start < asked.end):
        return None
    return f"{earlier.text[: first.start]}{noun}"


def with_complement(earlier: Wording, new: Wording) -> str | None:
    """The earlier question with another phrase behind the same preposition, or with one more at its end."""
    if not new.tokens or new.tokens[0].pos != "ADP":
        return None
    preposition = plain(new.tokens[0].text)
    for token in reversed(earlier.tokens):
        if plain(token.text) == preposition and (end := phrase_end(earlier, token.end)) > token.end:
            return earlier.replaced(token.start, end, new.text)
    return f"{earlier.text} {new.text[0].lower()}{new.text[1:]}"


def _fitting_wh(wh: str, noun: str) -> str:
    """The question word that goes with a noun: "How much" money, "How many" things."""
    if plain(wh) in {"how many", "how much"}:
        return wh[:4] + ("many" if is_plural(noun) else "much")
    return wh


def _does_something(earlier: Wording, asked: Asked) -> bool:
    """True when the asked noun is the subject of a verb that says what it does."""
    if asked.form not in {"subject", "listed"}:
        return False
    verb = next((token for token in earlier.tokens if token.start >= asked.end and token.pos == "VERB"), None)
    return verb is not None and verb.tag != "VBN" and verb.lemma not in _NO_ACTION


def _sort(noun: str) -> str:
    """Organisations, projects, people or things."""
    kind = kind_of(noun) or ""
    if kind in ORGANISATIONS or kind in {"project", "programme"}:
        return _group("company" if kind in ORGANISATIONS else kind)
    return "person" if is_agent(noun) else "thing"


def _with_attribute(earlier: Wording, asked: Asked, noun: str) -> str:
    """The question with another attribute: "Who is the coordinator of LUMEN-3" for "the budget"."""
    text = agreeing(earlier.text[: asked.start], is_plural(noun)) + noun + earlier.text[asked.end :]
    return re.sub(r"^(What|Who)\b", who_or_what(noun), text, flags=re.IGNORECASE)


def _constraints(earlier: Wording) -> list[str]:
    """The names, places and dates of a question as further conditions."""
    names = [f"for {earlier.text[each.start : each.end]}" for each in earlier.named]
    places = [f"in {place.name}" for place in earlier.places]
    return [*names, *places, *(f"in {date.value}" for date in earlier.dates)]


_ROLE = re.compile(
    r"\b(?:coordinator|leader|owner|partner|manager|supplier|member|sponsor|participant|head|chair\w*|ceo|"
    r"buyer|licensee|founder|investigator|customer|user|author|contributor)s?$"
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
    name = re.sub(r"['’]s?$", "", name)
    old = _counterpart(earlier, new, preposition, knowledge)
    if old is not None:
        return earlier.replaced(old.start, old.end, name)
    asked = earlier.asked
    if not preposition and asked and asked.form == "subject" and is_agent(earlier.noun):
        return _whether(earlier, asked, name)
    return f"{earlier.text} {preposition or 'for'} {name}"


def _counterpart(earlier: Wording, new: Wording, preposition: str, knowledge: Knowledge) -> NamedSpan | None:
    """The name that another one takes the place of.

    One that is spelt alike, else one of its kind or of none, else one behind the same preposition, else the
    last.
    """
    kinds = {_group(knowledge.entities[key].kind) for each in new.named for key in each.keys}
    written = [plain(new.text[each.start : each.end]) for each in (*new.named, *new.unknown)]

    def fit(each: NamedSpan) -> tuple[bool, bool, bool, int]:
        name, before = plain(earlier.text[each.start : each.end]), plain(earlier.text[: each.start]).rstrip()
        alike = any(fuzz.ratio(name, other) >= ALIKE_MIN for other in written)
        same_kind = not each.keys or any(_group(knowledge.entities[key].kind) in kinds for key in each.keys)
        return alike, same_kind, bool(preposition) and before.endswith(f" {preposition}"), each.start

    return max((*earlier.named, *earlier.unknown), key=fit, default=None)


def _group(kind: str) -> str:
    return {"sme": "company", "programme": "project", "network": "project"}.get(kind, kind)


def _whether(earlier: Wording, asked: Asked, name: str) -> str:
    """The question asked of one: "Did Norvia spin off companies" for "Which SMEs spun off companies"."""
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


# As a phrase


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
        verb = wording.parsed.at(asked.end + 1)
        return f"{noun} that {rest}" if verb is not None and verb.pos in {"VERB", "AUX"} else f"{noun} {rest}"
    clause = _clause(wording, asked)
    return f"{noun} that {clause}" if clause else ""


def _clause(wording: Wording, asked: Asked) -> str:
    """A statement of what is asked: "Norvia acquired in France" for "did Norvia acquire in France"."""
    auxiliary = next(token for token in wording.tokens if token.start >= asked.end)
    verb = main_verb(wording, auxiliary)
    if verb is None:
        return ""
    subject, tail = wording.text[auxiliary.end : verb.start].strip(), wording.text[verb.end :].strip()
    inflected = {"did": past(verb.lemma), "does": third_person(verb.lemma), "do": verb.lemma}
    said = inflected.get(plain(auxiliary.text)) or f"{auxiliary.text} {verb.text}"
    return f"{subject} {said} {tail}".strip()

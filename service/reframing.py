"""An earlier question said anew: with another noun, name, place, year or question word, or narrowed."""

from __future__ import annotations

import re

from corpus.parsing import Token
from corpus.places import Place
from corpus.taxonomy import kind_of, plain
from service.knowledge import Knowledge
from service.wording import (
    AGENTS,
    Asked,
    Named,
    Wording,
    is_plural,
    participle,
    past,
    third_person,
)

_AUXILIARIES = {"is": "are", "was": "were", "has": "have", "does": "do"}
_SINGULAR = {plural: singular for singular, plural in _AUXILIARIES.items()}
_PREPOSITION = re.compile(r"^(?:for|in|at|by|with|from|of|to|on|about|through|under|since|during|into)\b ?", re.IGNORECASE)
_NO_ACTION = frozenset("be have include involve exist concern".split())


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
    words = wh or _fitting_wh(asked.wh, noun)
    if _does_something(earlier, asked) and kind_of(noun) not in AGENTS:
        return " ".join([words, noun, *_constraints(earlier)])
    rest = earlier.text[asked.end :]
    if asked.form != "object":
        rest = agreeing(rest, is_plural(noun))
    before = earlier.text[: asked.wh_start]
    return f"{before}{words[0].lower() + words[1:] if before else words} {noun}{rest}"


def _fitting_wh(wh: str, noun: str) -> str:
    """"How much" for money becomes "How many" for things, and back."""
    if plain(wh) in {"how many", "how much"}:
        return wh[:4] + ("many" if is_plural(noun) else "much")
    return wh


def _does_something(earlier: Wording, asked: Asked) -> bool:
    """True when the asked noun stands for somebody who does what the question says."""
    if kind_of(earlier.noun) not in AGENTS or asked.form not in {"subject", "listed"}:
        return False
    verb = next((token for token in earlier.tokens if token.start >= asked.end and token.pos == "VERB"), None)
    passive = verb is not None and verb.tag == "VBN"
    return verb is not None and not passive and verb.lemma not in _NO_ACTION


def _with_attribute(earlier: Wording, asked: Asked, noun: str) -> str:
    """"What is the budget of LUMEN-3" with "coordinator" for "budget"."""
    text = agreeing(earlier.text[: asked.start], is_plural(noun)) + noun + earlier.text[asked.end :]
    return re.sub(r"^(What|Who)\b", who_or_what(noun), text, flags=re.IGNORECASE)


def _with_object(earlier: Wording, noun: str) -> str | None:
    """"Did Norvia file patents" with "trademarks" for "patents"."""
    found = next((t for t in earlier.tokens if t.dep == "dobj" and t.pos == "NOUN" and t.tag == "NNS"), None)
    if found is None:
        return None
    start = min(token.start for token in earlier.parsed.subtree(found.i) if token.start <= found.start)
    return earlier.replaced(start, found.end, noun)


def _constraints(earlier: Wording) -> list[str]:
    """The names, places and dates of a question as further conditions."""
    names = [f"for {earlier.text[each.start : each.end]}" for each in earlier.named]
    places = [f"in {place.name}" for place in earlier.places]
    return [*names, *places, *(f"in {date.value}" for date in earlier.dates)]


def agreeing(rest: str, plural: bool) -> str:
    """The words with the first verb in the number that its subject has."""
    table = _AUXILIARIES if plural else _SINGULAR
    return re.sub(r"\b(is|was|has|does|are|were|have|do)\b", lambda match: table.get(match[1], match[1]), rest, count=1)


_ROLE = re.compile(
    r"\b(?:coordinator|leader|owner|partner|manager|supplier|member|sponsor|participant|head|chair\w*|ceo|buyer|licensee|"
    r"founder|investigator|customer|user|author|contributor)s?$"
)


def who_or_what(noun: str) -> str:
    """The question word for a noun: "Who" for roles and organisations."""
    return "Who" if kind_of(noun) in AGENTS or _ROLE.search(plain(noun)) else "What"


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


def with_name(earlier: Wording, name: str, new: Wording, preposition: str, knowledge: Knowledge) -> str | None:
    """The earlier question with a name for the one of its kind, or with a name added."""
    old = _counterpart(earlier, new, preposition, knowledge)
    if old is not None:
        return earlier.replaced(old.start, old.end, name)
    asked = earlier.asked
    if not preposition and asked and asked.form == "subject" and kind_of(earlier.noun) in AGENTS:
        return _whether(earlier, asked, name)
    return f"{earlier.text} {preposition or 'for'} {name}"


def _counterpart(earlier: Wording, new: Wording, preposition: str, knowledge: Knowledge) -> Named | None:
    """The name that another one takes the place of: behind the same preposition, of the same kind, the last one."""
    kinds = {knowledge.entities[key].kind for each in new.named for key in each.keys}

    def fit(each: Named) -> tuple[bool, bool]:
        same_kind = any(_group(knowledge.entities[key].kind) in map(_group, kinds) for key in each.keys)
        return same_kind, bool(preposition) and earlier.text[: each.start].lower().rstrip().endswith(f" {preposition}")

    return max(earlier.named, key=fit, default=None)


def _group(kind: str) -> str:
    return {"sme": "company", "programme": "project", "network": "project"}.get(kind, kind)


def _whether(earlier: Wording, asked: Asked, name: str) -> str:
    """"Which SMEs spun off companies" asked of one: "Did Norvia spin off companies"."""
    verb = next((token for token in earlier.tokens if token.start >= asked.end), None)
    if verb is None:
        return f"{name}"
    after = earlier.text[verb.end :].strip()
    if verb.pos == "AUX":
        return f"{agreeing(verb.text, plural=False).capitalize()} {name} {after}"
    return f"{'Did' if verb.tag in {'VBD', 'VBN'} else 'Does'} {name} {verb.lemma} {after}"


def with_place(earlier: Wording, place: Place) -> str:
    """The earlier question for another place."""
    asked, adjective = earlier.asked, place.text != place.name and place.text[:1].isupper()
    if earlier.places:
        old = earlier.places[0]
        was_adjective = _is_adjective(old, earlier)
        if was_adjective == adjective:
            return earlier.replaced(old.start, old.end, place.text)
        if not was_adjective:
            return earlier.replaced(old.start, old.end, place.name)
        if asked and asked.start <= old.start < asked.end:
            return located(Wording(**_without(earlier, old)), place.name)
        return earlier.replaced(old.start, old.end, f"{place.name}'s")
    if adjective and asked:
        return qualified(earlier, place.text)
    return located(earlier, place.name)

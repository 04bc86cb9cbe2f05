"""English endings: the plural of verbs, past and participle, the possessive."""

from __future__ import annotations

import re

from corpus.taxonomy import plain

_PLURAL_OF = {"is": "are", "was": "were", "has": "have", "does": "do"}
_SINGULAR_OF = {plural: singular for singular, plural in _PLURAL_OF.items()}
AUXILIARIES = frozenset({*_PLURAL_OF, *_SINGULAR_OF})
_PLURALS = frozenset({"people", "children", "men", "women", "data", "criteria", "phenomena", "media"})

# Irregular verbs with their past and participle; the rest is regular.
_IRREGULAR = {
    words.split()[0]: (words.split()[1], words.split()[-1])
    for words in [
        "begin began begun",
        "bring brought",
        "build built",
        "buy bought",
        "choose chose chosen",
        "come came come",
        "do did done",
        "draw drew drawn",
        "drive drove driven",
        "find found",
        "get got",
        "give gave given",
        "go went gone",
        "grow grew grown",
        "have had",
        "hold held",
        "keep kept",
        "lead led",
        "leave left",
        "let let",
        "lose lost",
        "make made",
        "meet met",
        "pay paid",
        "put put",
        "read read",
        "run ran run",
        "see saw seen",
        "seek sought",
        "sell sold",
        "send sent",
        "set set",
        "show showed shown",
        "spend spent",
        "spin spun",
        "take took taken",
        "teach taught",
        "tell told",
        "think thought",
        "win won",
        "write wrote written",
        "say said",
        "know knew known",
        "cut cut",
        "become became become",
        "lend lent",
        "rise rose risen",
        "speak spoke spoken",
    ]
}


def past(lemma: str) -> str:
    """The past tense of a verb."""
    return _IRREGULAR[lemma][0] if lemma in _IRREGULAR else _regular(lemma)


def participle(lemma: str) -> str:
    """The past participle of a verb."""
    return _IRREGULAR[lemma][1] if lemma in _IRREGULAR else _regular(lemma)


def third_person(lemma: str) -> str:
    """The present tense of a verb for "it"."""
    if lemma == "have":
        return "has"
    if re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ies"
    return lemma + ("es" if re.search(r"(?:s|x|ch|sh|o)$", lemma) else "s")


def _regular(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ied"
    doubled = re.fullmatch(r"[^aeiou]*[aeiou][bdgmnpt]", lemma)
    return lemma + (lemma[-1] if doubled else "") + "ed"


def possessive(name: str) -> str:
    """A name as owner."""
    return name + ("’" if "’" in name else "'") + ("" if name.endswith("s") else "s")


def is_plural(phrase: str) -> bool:
    """True when a noun phrase ends with a plural."""
    last = plain(phrase).split()[-1:]
    return bool(last) and (last[0] in _PLURALS or re.search(r"[^sui]s$", last[0]) is not None)


def in_number(verb: str, plural: bool) -> str:
    """An auxiliary verb in the number that its subject has, other words as they are."""
    found = (_PLURAL_OF if plural else _SINGULAR_OF).get(plain(verb), verb)
    return found.capitalize() if verb[:1].isupper() else found


def agreeing(rest: str, plural: bool) -> str:
    """The words with their first auxiliary in the number that its subject has."""
    return re.sub(
        r"\b(?:is|was|has|does|are|were|have|do)\b", lambda match: in_number(match[0], plural), rest, count=1
    )

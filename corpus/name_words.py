"""What the words of a name tell of its kind: legal forms, head words, parts of institutions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.places import places
from corpus.taxonomy import name_words, plain

# What the head word of a name weighs. The first match counts: a prize named after a university is an award.
_HEAD_WORD_WEIGHTS = {
    "award": 4.0,
    "academic": 5.0,
    "journal": 2.0,
    "network": 2.0,
    "regulator": 2.0,
    "funder": 2.0,
    "company": 2.0,
}
_LEGAL_FORM_WEIGHT, _PART_WEIGHT, _LETTERS_WEIGHT = 3.0, 6.0, 1.5
_HOSPITAL_TRUST = re.compile(r"\b(?:nhs|hospitals?)\b.* trust$")
_SUBJECT_SCHOOL = re.compile(r"\b(?:medical|dental|veterinary|graduate|law) school\b")


def kinds_told(name: str) -> Iterator[tuple[str, float]]:
    """The kinds that a name tells by its own words, each with its weight; "other" for a part of something."""
    parts = [part.strip(",") for part in plain(name).split()]
    if len(parts) > 1 and parts[-1] in name_words()["legal_forms"]:
        yield "company", _LEGAL_FORM_WEIGHT
    for kind in ("funder", "regulator"):
        if name.isupper() and parts[0] in name_words()[f"known_{kind}s"] and len(parts) == 1:
            yield kind, _LETTERS_WEIGHT
    if len(parts) > 1 and is_part(name):
        yield "other", _PART_WEIGHT
    elif len(parts) > 1 and (headed := _head_kind(parts)) is not None:
        yield headed, _HEAD_WORD_WEIGHTS[headed]


def is_part(name: str) -> bool:
    """True for a department, school or faculty of an institution.

    The school of a place is an institution of its own ("Lund School of Design"), that of a subject is none.
    """
    parts = [part.strip(",") for part in plain(name).split()]
    part_words = name_words()["part_words"]
    if (parts[0] in part_words and parts[1:2] in (["of"], ["for"])) or parts[-1] in {"department", "faculty"}:
        return True
    if _SUBJECT_SCHOOL.search(" ".join(parts)):
        return True
    inner = next((i for i, part in enumerate(parts) if i and part in part_words - {"college"}), None)
    if inner is None or parts[inner + 1 : inner + 2] not in (["of"], ["for"]):
        return False
    before = " ".join(name.split()[:inner])
    return not places(f"in {before}")  # "in", since a small town is known by it only


def _head_kind(parts: Sequence[str]) -> str | None:
    if parts[-1] in name_words()["no_academic_ends"]:
        return next((kind for kind in ("award", "funder") if _has_head_word(parts, kind)), None)
    if _HOSPITAL_TRUST.search(" ".join(parts)):
        return "academic"
    return next((kind for kind in _HEAD_WORD_WEIGHTS if _has_head_word(parts, kind)), None)


def _has_head_word(parts: Sequence[str], kind: str) -> bool:
    """True when the last word of a name, or the one before "of" or "for", is a word of the kind.

    "University" and its like may stand anywhere: "University Hospital Haldenmark".
    """
    heads = {parts[-1], *(head for head, after in pairwise(parts) if after in {"of", "for"})}
    words = name_words()[f"{kind}_words"]
    if kind == "academic":
        return not words.isdisjoint(parts)
    found = heads & words
    if found == {"council"}:
        return not name_words()["council_of_funding"].isdisjoint(parts)
    if found == {"group"}:
        return len(parts) == 2  # "Vernet Group", but no "Scientific Advisory Group"
    return bool(found)

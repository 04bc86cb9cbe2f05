"""What files say of themselves: in which language and on which day they were written."""

from __future__ import annotations

import re

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"(?:D:)?((?:19|20)\d\d)(?:-?(0[1-9]|1[0-2]))?(?:-?(0[1-9]|[12]\d|3[01]))?")
DEFAULT_LANGUAGE = "en"


def language(tag: str) -> str:
    """The language of a tag such as "en-GB"; English for what is none, since only that is understood."""
    found = _LANGUAGE.fullmatch(tag.strip())
    return found[1].lower() if found else DEFAULT_LANGUAGE


def day(stated: str) -> str:
    """A date as precise as it is stated, "D:20150312120000" and "2015-03-12T10:00Z" as 2015-03-12; "" for none."""
    found = _DAY.match(stated.strip())
    return "-".join(part for part in found.groups() if part) if found else ""

"""Abbreviations and the words they stand for, as a text spells them out."""

from __future__ import annotations

import re


def long_form(before: str, short: str) -> str:
    """The words right before a bracket that spell out the abbreviation in it, "" when they do not.

    Method: Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
    text" (2003): its letters are matched from the right, the first one at the start of a word.
    """
    if sum(char.isupper() for char in short) < max(2, len(short) // 2):
        return ""
    letters = [
        char
        for char in short.lower().removesuffix("s" if short[-1:] == "s" and short[:-1].isupper() else "")
        if char.isalnum()
    ]
    window = before.rstrip(" \"'“‘").rsplit(" ", 2 * len(letters) + 3)[-(2 * len(letters) + 2) :]
    text = " ".join(window)
    position = len(text)
    for i in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and (
            text[position].lower() != letters[i] or (i == 0 and position > 0 and text[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return ""
    long = text[position:].strip()
    if re.match(r"(?:by|of|in|the|and|for|with)\b", long) or "(" in long:
        return ""
    return long if len(long.split()) >= 2 and not re.search(r"[.;:]", long) else ""

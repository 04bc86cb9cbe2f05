"""Names that a sentence puts in a row: "A in Lima; B and C (Peru), the firm D", each as printed.

A parser loses such rows at brackets, semicolons and names that it never saw, so they are read by capitals.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from corpus.dates import dates
from corpus.places import resolve
from service.lists.coordination import Enumeration, is_announced, without_marks

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = r"(?:\d+[A-Z][\w’'.&/-]*|\d+[a-z]*-[\w-]+|[A-Z][\w’'&/‑-]*(?:\.(?=\s[A-Z]))?)"
_INNER = r"(?:of the|of|for the|for|de|der|di|von|van|del|&)"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_INNER}\s+)?(?:{_WORD}|\d+\b))*")
_CAPITAL = re.compile(rf"(?<![\w-]){_WORD}")
# Words that open a sentence with a capital and belong to no name.
_OPENER = re.compile(
    r"(?:In|Since|By|During|From|Between|At|After|Before|Following|On|For|With|As|Under|Both|Other|Our|Its|"
    r"Their|This|These|Those|That|They|It|He|She|We|When|While|Although|However|Such|Key|Through|To|Until|"
    r"Including|Supported by|Led by|Funded by|Examples|Partners|Members|Recent|Major|Also|And|Or|The)\s+(?=\S)"
)
# What may stand between a joint and a name: "the novelist ", "leading firms such as ".
_CLASS = re.compile(r"\s*(?:(?:the|an?|its?|their)\s+)?(?:[a-z]+(?:-[a-z]+)*\s+){0,4}")
_JOINT = re.compile(r"\s*(?:[,;]\s*(?:and|or|&)?|and|or|&|as well as)(?:\s+(?:also|then|later|now))?(?=\s)")
_PLACE_TAIL = re.compile(r"\s+(?:in|from|of)\s+(?:the\s+)?(?=[A-Z])")
# A post or a degree beside a name is no further name.
_POST = re.compile(
    r"(?:(?:Senior|Principal|Honorary|Emeritus|Chief|Clinical|Visiting|Associate|Assistant|Research|Deputy) )*"
    r"(?:Professor|Reader|Lecturer|Director|Chair|Head|Fellow|Officer|Manager|Dean|Executive|PhD|MBE|OBE|CBE|"
    r"FRS|MSc|BSc|MD|Dr|Prof)s?(?: (?:of|in|for) .*| \d.*)?"
)


def name_rows(text: str, whole: Collection[str] = ()) -> list[Enumeration]:
    """The rows of names of a sentence in reading order; `whole` are names that hold an "and" of their own."""
    bare = _ASIDE.sub(lambda match: " " * len(match.group()), text)
    found = list(_rows(bare, whole))
    for match in _ASIDE.finditer(text):
        offset = match.start() + 1
        found += [
            Enumeration(row.labels, row.start + offset, row.end + offset, True)
            for row in _rows(match.group()[1:-1], whole)
        ]
    return sorted(found, key=lambda row: row.start)


def _rows(text: str, whole: Collection[str]) -> Iterator[Enumeration]:
    at = 0
    while (capital := _CAPITAL.search(text, at)) is not None:
        first = _name_at(text, capital.start(), whole)
        if first is None:
            at = capital.end()
            continue
        names, end = [first], _behind(text, first)
        joints: list[str] = []
        while (joint := _JOINT.match(text, end)) is not None:
            following = _name_at(text, _opens(text, joint.end()), whole)
            if following is None:
                break
            names.append(following)
            joints.append(joint.group())
            end = _behind(text, following)
        at = names[-1][1]
        if _goes_on(joints):
            names.pop()
        labels = _labels(text, names)
        possessive = re.search(r"['’]s?$", text[names[-1][0] : names[-1][1]]) is not None
        if (
            len(labels) > 2 or (len(labels) == 2 and re.search(r"[a-z&;]", "".join(joints)))
        ) and not possessive:
            yield Enumeration(tuple(labels), names[0][0], names[-1][1], is_announced(text[: names[0][0]]))


def _goes_on(joints: Sequence[str]) -> bool:
    """True when the last name opens a new clause: "With money from A and B, Norvia was set up"."""
    return len(joints) > 1 and joints[-1].strip() == "," and re.search(r"[a-z&]", joints[-2]) is not None


def _labels(text: str, names: Collection[tuple[int, int]]) -> list[str]:
    """The names as a list shows them, without dates and posts."""
    labels = dict.fromkeys(without_marks(text[start:stop]) for start, stop in names)
    return [
        label
        for label in labels
        if re.search(r"[^\W\d]\W?[^\W\d]", label)
        and not _POST.fullmatch(label)
        and not any(date.start == 0 and date.end == len(label) for date in dates(label))
    ]


def _name_at(text: str, at: int, whole: Collection[str]) -> tuple[int, int] | None:
    """The span of the name that begins at an offset, past a word that only opens the sentence."""
    opener = _OPENER.match(text, at)
    at = opener.end() if opener else at
    known = max((name for name in whole if text.startswith(name, at)), key=len, default="")
    match = _NAME.match(text, at)
    end = max(at + len(known), match.end() if match else at)
    return (at, end) if end > at else None


def _opens(text: str, at: int) -> int:
    """Where the name behind a joint begins, past the words that say of what class it is."""
    match = _CLASS.match(text, at)
    return match.end() if match else at


def _behind(text: str, name: tuple[int, int]) -> int:
    """The offset behind a name and behind the place that it is said to be in."""
    tail = _PLACE_TAIL.match(text, name[1])
    place = _NAME.match(text, tail.end()) if tail else None
    at = place.end() if place is not None and resolve(place.group()) is not None else name[1]
    blank = re.compile(r"\s*(?=[,;])").match(text, at)
    return blank.end() if blank else at

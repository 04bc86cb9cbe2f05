"""The enumerations of a sentence: "A, B and C", "(e.g. A, B)", each member as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.parsing import Parse
from corpus.taxonomy import plain

MEMBER_TOKENS_MAX = 14
_AND = {"and", "or", "&", "plus"}
_OPENS, _CLOSES = {"(", "["}, {")", "]"}
_NOMINAL = {"NOUN", "PROPN", "ADJ", "NUM", "DET", "PART", "SYM", "X"}
_HEADS = {"NOUN", "PROPN", "NUM", "X", "SYM"}
_JOINERS = {"-", "‑", "–", "/", "'s", "’s", '"', "“", "”", "'", "‘", "’", "`", "®", "™", "&", "+", "."}
# Words that announce members; what stands before them says what the members are.
_ANNOUNCERS = re.compile(
    r"\b(?:including|includes?|included|such as|namely|like|for example|for instance|e\.?g\.?|i\.?e\.?|"
    r"compris(?:e[sd]?|ing)|especially|particularly|notably|particular)(?:,|:)?\s*(?:in )?$|:\s*$"
)
_LEADING = re.compile(
    r"^(?:(?:e\.?g\.?|i\.?e\.?|for example|for instance|including|such as|namely|both|either|the|an?|its|"
    r"their|his|her|our|other|also|then|later)\b[.,:]?\s+)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\s+(?:and|or|&|etc\.?|among others|amongst others|respectively)$")


@dataclass(frozen=True)
class Enumeration:
    """The members of an enumeration and where they stand: text[start:end] holds them all."""

    labels: tuple[str, ...]
    start: int
    end: int
    announced: bool  # "including", "such as", a colon or a bracket introduces them


@dataclass(frozen=True)
class _Part:
    """The tokens [first, last] of one member."""

    first: int
    last: int


def is_announced(before: str) -> bool:
    """True when the words before an enumeration introduce it: "including", a colon."""
    return _ANNOUNCERS.search(plain(before)) is not None


def enumerations(parse: Parse) -> list[Enumeration]:
    """The enumerations of a sentence in reading order; of two that overlap, the longer one."""
    depth = _depths(parse)
    found = [*_joined_by_and(parse, depth), *_bracketed(parse, depth)]
    kept: list[Enumeration] = []
    for item in sorted(found, key=lambda item: (-len(item.labels), item.start)):
        if all(item.end <= other.start or other.end <= item.start for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def _depths(parse: Parse) -> list[int]:
    """How many brackets are open at each token; a bracket itself counts as inside."""
    depths, depth = [], 0
    for token in parse.tokens:
        depth += token.text in _OPENS
        depths.append(depth)
        depth = max(0, depth - (token.text in _CLOSES))
    return depths


def _joined_by_and(parse: Parse, depth: Sequence[int]) -> Iterator[Enumeration]:
    for i, token in enumerate(parse.tokens):
        width = _connector(parse, i)
        if not width or i == 0 or (token.text == "&" and _inside_name(parse, i)):
            continue
        last = _right_member(parse, depth, i + width - 1)
        left = _left_members(parse, depth, i)
        if last is None or not left:
            continue
        item = _enumeration(parse, [*left, last, *_further(parse, depth, last)])
        if item is not None:
            yield item


def _further(parse: Parse, depth: Sequence[int], last: _Part) -> Iterator[_Part]:
    """The members that a second connector adds: "A, B and C, as well as D"."""
    i = last.last + 1
    i += i < len(parse.tokens) and parse.tokens[i].text == ","
    width = _connector(parse, i) if i < len(parse.tokens) else 0
    more = _right_member(parse, depth, i + width - 1) if width == 3 else None
    if more is not None:
        yield more


def _connector(parse: Parse, i: int) -> int:
    """How many tokens join the last member to those before it: "and", "as well as"; 0 when none do."""
    following = [plain(token.text) for token in parse.tokens[i : i + 4]]
    if len(following) > 3 and following[:3] == ["as", "well", "as"]:
        return 3
    return 1 if following[0] in _AND and len(following) > 1 else 0


def _inside_name(parse: Parse, i: int) -> bool:
    return parse.tokens[i - 1].text[:1].isupper() and parse.tokens[i + 1].text[:1].isupper()


def _right_member(parse: Parse, depth: Sequence[int], i: int) -> _Part | None:
    """The noun phrase behind "and": up to a verb, a preposition other than "of", or a mark."""
    j, last, level = i + 1, -1, depth[i]
    while j < len(parse.tokens) and j - i <= MEMBER_TOKENS_MAX:
        token = parse.tokens[j]
        if depth[j] > level:
            j += 1
            continue
        joins = last > 0 and (_is_of(parse, j) or (token.text == "for" and _names_around(parse, j)))
        if depth[j] < level or not (_is_nominal(parse, j) or joins):
            break
        if token.pos in _HEADS or (token.pos == "ADJ" and token.text[:1].isupper()):
            last = j
        j += 1
    cut = last > 0 and parse.text[parse.tokens[last].end : parse.tokens[last].end + 1] in {"-", "‑"}
    return _Part(i + 1, last) if last > 0 and not cut else None


def _is_nominal(parse: Parse, i: int) -> bool:
    token = parse.tokens[i]
    if token.text in {",", ";", ":"} or plain(token.text) in _AND - {"&"}:
        return False
    if token.pos in _NOMINAL or token.text in _JOINERS:
        return not (token.pos == "PART" and token.text.lower() in {"to", "not"})
    if token.pos in {"ADP", "CCONJ", "AUX", "VERB"} and token.text.isupper() and len(token.text) > 1:
        return True
    following = parse.tokens[i + 1] if i + 1 < len(parse.tokens) else None
    modifies = token.dep in {"amod", "compound"}
    if token.pos == "VERB" and token.tag in {"VBN", "VBG"} and following is not None and modifies:
        return following.pos in {"NOUN", "PROPN", "ADJ"} or following.text == "-"
    return token.pos == "VERB" and token.text[:1].isupper()


def _is_of(parse: Parse, i: int) -> bool:
    return plain(parse.tokens[i].text) in {"of", "de"} and i + 1 < len(parse.tokens)


def _left_members(parse: Parse, depth: Sequence[int], i: int) -> list[_Part]:
    """The members before "and", leftmost first."""
    level, end = depth[i], i - 1
    serial = parse.tokens[end].text == ","  # ", and": an "and" further left joins parts of one member
    end -= serial
    found: list[_Part] = []
    while end >= 0:
        start = end
        while start >= 0 and not _ends_member(parse, depth, start, level, serial):
            start -= 1
        part = _Part(start + 1, end)
        comma = start >= 0 and parse.tokens[start].text in {",", ";"} and depth[start] == level
        whole = _is_member(parse, part)
        if not whole or not comma:
            first = _trailing_phrase(parse, depth, part, found)
            return [first, *found] if first is not None else found
        found.insert(0, part)
        end = start - 1
    return found


def _ends_member(parse: Parse, depth: Sequence[int], i: int, level: int, serial: bool) -> bool:
    token = parse.tokens[i]
    if depth[i] < level or (depth[i] == level and level and token.text in _OPENS):
        return True
    if depth[i] > level:
        return False
    return token.text in {",", ";", ":"} or (plain(token.text) in _AND - {"&"} and not serial)


def _is_member(parse: Parse, part: _Part) -> bool:
    """True for a phrase that may stand whole between two commas: a noun phrase, or an adjective of one."""
    tokens = parse.tokens[part.first : part.last + 1]
    if not tokens or len(tokens) > MEMBER_TOKENS_MAX or not _is_nominal(parse, part.first):
        return False
    if _ANNOUNCERS.search(plain(parse.text[: tokens[0].end])):
        return False
    if any(plain(token.text) in _AND for token in tokens) and any(token.pos == "ADP" for token in tokens):
        return False
    if any(token.pos == "AUX" or token.tag in {"VBD", "VBZ", "VBP", "WDT", "WP", "PRP"} for token in tokens):
        return any(token.pos in {"PROPN"} for token in tokens) and len(tokens) <= 3
    return any(token.pos in _HEADS | {"ADJ"} for token in tokens)


def _trailing_phrase(parse: Parse, depth: Sequence[int], part: _Part, later: Sequence[_Part]) -> _Part | None:
    """The noun phrase that ends a stretch: the first member, behind what governs the enumeration."""
    first, last = part.first, part.last
    while last >= first and parse.tokens[last].text in {")", "("}:
        last -= 1
    starts = [
        j
        for j in range(first, part.last + 1)
        if _ANNOUNCERS.search(plain(parse.text[: parse.tokens[j].start]))
    ]
    if starts:
        return _Part(starts[-1], part.last) if _is_nominal(parse, starts[-1]) else None
    head = _linked_head(parse, part, later)
    j = head if head is not None else part.last
    while j >= first and (
        depth[j] > depth[part.first]
        or _is_nominal(parse, j)
        or (_is_of(parse, j) and _names_around(parse, j) and j > first)
    ):
        j -= 1
    start = j + 1
    while start <= part.last and parse.tokens[start].text in _JOINERS | _OPENS:
        start += 1
    if start > part.last or not any(
        parse.tokens[k].pos in _HEADS | {"ADJ"} for k in range(start, part.last + 1)
    ):
        return None
    adverbial = first == 0 and parse.tokens[0].pos in {"ADP", "ADV", "SCONJ"} and part.last - first < 4
    return None if adverbial and later and head is None else _Part(start, part.last)


def _names_around(parse: Parse, i: int) -> bool:
    if not 0 < i < len(parse.tokens) - 1:
        return False
    return parse.tokens[i - 1].text[:1].isupper() and parse.tokens[i + 1].text[:1].isupper()


def _linked_head(parse: Parse, part: _Part, later: Sequence[_Part]) -> int | None:
    """The token of a stretch on which the parser hangs the next member, None when it sees no such link."""
    if not later:
        return None
    inside = range(later[0].first, later[0].last + 1)
    heads = [parse.tokens[k].head for k in inside if parse.tokens[k].dep in {"conj", "appos"}]
    found = [head for head in heads if part.first <= head <= part.last]
    return min(found) if found and parse.tokens[min(found)].pos in _HEADS | {"ADJ"} else None


def _bracketed(parse: Parse, depth: Sequence[int]) -> Iterator[Enumeration]:
    """Members in brackets without "and": "(e.g. A, B, C)"."""
    for match in re.finditer(r"\(([^()]{6,200})\)", parse.text):
        inner = match[1]
        if not re.search(r",", inner) or re.search(r"\b(?:and|or)\b|;|\d{4}", inner):
            continue
        labels = [without_marks(piece) for piece in inner.split(",")]
        labels = [label for label in labels if label]
        if len(labels) >= 2 and all(len(label.split()) <= 6 for label in labels):
            yield Enumeration(tuple(labels), match.start(1), match.end(1), True)


def _enumeration(parse: Parse, parts: Sequence[_Part]) -> Enumeration | None:
    if len(parts) == 2 and _is_bare(parse, parts[0]) and parts[1].first < parts[1].last:
        return None  # "small and medium-sized firms" are one thing
    start = parse.tokens[parts[0].first].start
    end = parse.tokens[parts[-1].last].end
    shared = _shared_head(parse, parts)
    labels = [
        without_marks(parse.text[parse.tokens[part.first].start : parse.tokens[part.last].end])
        for part in parts
    ]
    if shared:
        labels = [f"{label} {shared}" if _is_bare(parse, part) else label
                  for label, part in zip(labels, parts, strict=True)]  # fmt: skip
    labels = [label for label in dict.fromkeys(labels) if re.search(r"[^\W\d]{2}", label)]
    return (
        Enumeration(tuple(labels), start, end, is_announced(parse.text[:start])) if len(labels) >= 2 else None
    )


def _shared_head(parse: Parse, parts: Sequence[_Part]) -> str:
    """The noun that adjectives before it share: "hurdles" in "legal, moral and business hurdles"."""
    last = parse.tokens[parts[-1].last]
    bare = [part for part in parts[:-1] if _is_bare(parse, part)]
    if not bare or len(bare) < len(parts) - 1 or last.pos != "NOUN" or parts[-1].first == parts[-1].last:
        return ""
    return last.text


def _is_bare(parse: Parse, part: _Part) -> bool:
    """True for a member that is an adjective without its noun."""
    tokens = [parse.tokens[i] for i in range(part.first, part.last + 1)]
    return tokens[-1].pos == "ADJ" and (part.first == 0 or not tokens[-1].text[:1].isupper())


def without_marks(label: str) -> str:
    """A member without article, brackets and marks."""
    text = re.sub(r"\s*[(\[][^()\[\]]*[)\]]?", "", label)
    text = _LEADING.sub("", text.strip(" ,;.:\"'“”‘’`"))
    text = _TRAILING.sub("", text)
    return re.sub(r"\s+", " ", text).strip(' ,;:"“”`')

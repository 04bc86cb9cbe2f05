"""What kind of thing a name stands for: told by the words next to it, by its own words, by how it is used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from corpus.name_words import kinds_told
from corpus.parsing import Parse
from corpus.passages import Passage
from corpus.registry import Mention, Registry
from corpus.taxonomy import kind_of, name_words, plain

_ROLE_NOUNS = re.compile(r"\s+(?:partner|participant|member|coordinator|co-ordinator|beneficiary|leader)s?$")
# The head of an apposition or a predicate: everything up to the first preposition, verb or mark.
_PHRASE = (
    r"(?:an?|the|another|one of the|now an?)\s+(?P<phrase>[^,.;:()]{2,90}?)"
    r"(?=\s+(?:in|of|from|for|that|which|who|to|with|based|created|founded|set|on|at|by|and|has|have|is|was|"
    r"are|were|formed|established|aiming|led)\b|[,.;:()]|$)"
)
_APPOSITION = re.compile(r"^(?:\s*,|\s*\(|\s+[-–—])\s*" + _PHRASE)
_COPULA = re.compile(
    r"^(?:\s+from [\w -]{2,30})?(?:\s*,[^,]{1,60},|\s*,)?"
    r"\s+(?:is|was|are|has become|became|remains)\s+(?:now\s+)?" + _PHRASE
)
_LOCATED = re.compile(
    r"^\s*,?\s*(?:(?:is|was|are)\s+)?(?:based|located|headquartered)\s+(?:in|at|near)\b|^\s*,?\s+from\s+[A-Z]"
)
_COMPANY_AFTER = re.compile(
    r"^(?:['’]s)?\s+(?:now |currently |has |have |had |was |were |also |subsequently )*"
    r"(?:employs?|employed|raised|acquired|bought|purchased|sells|sold|licensed|distributes|turnover|shares)\b"
)
_COMPANY_BEFORE = re.compile(
    r"(?:acquired by|sold to|licen[cs]ed to|bought by|purchased by|agreements? with|distributed by|"
    r"customers? include|acquisition by|takeover by|investment from|partnership with)\s+(?:the\s+)?$"
)
_FUNDER_AFTER = re.compile(
    r"^\s+(?:(?:project|programme|program|research|training|equipment|strategic)\s+)?"
    r"(?:grants?|studentships?|fellowships?|funding|awards?|contracts?)\b"
)
_FUNDER_BEFORE = re.compile(
    r"(?:\b(?:funded|sponsored|financed|co-funded|awarded) by|\b(?:grants?|funding|awards?|fellowships?|"
    r"studentships?|(?:financial )?support)(?: \([^()]{1,30}\))? from)\s+(?:the\s+)?(?:UK\s+|US\s+|EU\s+)?$"
)
_TITLE = re.compile(rf"\b(?:{'|'.join(sorted(name_words()['person_titles']))})\.?$")
_PROJECT_AFTER = re.compile(
    r"^\s+(?:participant|partner|consortium|beneficiary|SME)s?\b,?\s+(?:SME,?\s+)?[A-Z]"
)


def find_kinds(registry: Registry, passages: Sequence[Passage], parses: Sequence[Parse]) -> None:
    """Gives every entity the kinds that its document tells."""
    for number, passage in enumerate(passages):
        _kinds_in_passage(registry, number, passage.text)
    _kinds_from_names(registry)
    _kinds_from_recogniser(registry, parses)
    _projects_by_form(registry, parses)


def _kinds_in_passage(registry: Registry, number: int, text: str) -> None:
    """Kinds that the words next to a name tell."""
    mentions = registry.by_passage.get(number, [])
    for position, mention in enumerate(mentions):
        evidence = registry.entities[mention.key]
        left, right = text[: mention.start], text[mention.end :]
        _kind_before(registry, mentions, position, text)
        for pattern, weight in ((_APPOSITION, 3.0), (_COPULA, 3.0)):
            match = pattern.match(right)
            kind = kind_of(match["phrase"]) if match else None
            if kind and match:
                evidence.add(kind, weight, (number, mention.start, mention.end + match.end()))
        _kind_after(registry, mentions, position, text)
        if _LOCATED.match(right):
            evidence.add("company", 1.0, (number, mention.start, mention.end))
        if _COMPANY_AFTER.match(right) or _COMPANY_BEFORE.search(left):
            evidence.add("company", 1.2, (number, mention.start, mention.end))
        _funder(registry, mentions, position, text)
        if _PROJECT_AFTER.match(right):
            evidence.add("project", 2.0, (number, mention.start, mention.end))


def _funder(registry: Registry, mentions: list[Mention], position: int, text: str) -> None:
    """ "an ABC grant", "funded by ABC and DEF": surer of letters than of a name, which may be a firm's."""
    mention = mentions[position]
    group = coordinated(mentions, position, text) if _FUNDER_BEFORE.search(text[: mention.start]) else None
    if group is None and not _FUNDER_AFTER.match(text[mention.end :]):
        return
    for member in [mention, *(group or [])]:
        weight = 1.6 if re.fullmatch(r"[A-Z]{3,6}", member.text) else 0.6
        registry.entities[member.key].add("funder", weight, (member.passage, member.start, member.end))


def _kind_before(registry: Registry, mentions: list[Mention], position: int, text: str) -> None:
    """ "the patient organisation X", "the projects A, B and C", "Professor Y"."""
    mention = mentions[position]
    left = text[: mention.start].rstrip("\"'“‘´` ")
    if _TITLE.search(plain(left)):
        registry.entities[mention.key].add("person", 3.0, (mention.passage, mention.start, mention.end))
        return
    noun_text = re.sub(
        r"(?:,| named| called| namely| such as| including| like|:| ?\(| e\.?g\.?,?| of| the)+$", "", left
    )
    noun_text = noun_text.rstrip()
    bare = _ROLE_NOUNS.sub("", noun_text)
    kind = kind_of(bare[-60:]) if bare else None
    if bare != noun_text and kind in {"project", "programme", "network"}:
        return  # a project partner is no project
    in_cell = re.search(r"(?:^|; )[^:;]{1,40}:$", left) is not None
    if any(other.start < len(bare) <= other.end for other in mentions[:position]):
        return  # "Kelm Products (KP)": the noun is part of a name
    if kind is None or (
        not in_cell and noun_text != left and left[-1:] in ":(" and not re.search(r"s$", bare)
    ):
        return
    if re.search(r" of$", left) or (
        left.endswith(",") and not _ROLE_NOUNS.search(noun_text) and kind not in {"sme", "company"}
    ):
        return
    start = max(0, len(bare) - 40)
    group = [mention]
    if re.search(r"(?:s|ies)$", bare):
        group += coordinated(mentions, position, text)
    for member in group:
        registry.entities[member.key].add(kind, 3.0, (mention.passage, start, member.end))


_NEXT_MEMBER = re.compile(
    r"\s*(?:\([^)]*\))?\s*(?P<by>,|and|&|or|, and|as well as)\s*(?:the\s+)?"
    r"(?:(?:Professors?|Profs?\.?|Drs?\.?|Sir|Dame|Mr|Mrs|Ms)\s+)*"
)


def coordinated(mentions: list[Mention], position: int, text: str) -> list[Mention]:
    """The further members of "A, B and C" that begins at `position`; a comma behind "and C" ends them."""
    group, closed = [], False
    for before, after in pairwise(mentions[position:]):
        match = _NEXT_MEMBER.fullmatch(text[before.end : after.start])
        if match is None or (closed and match["by"] == ","):
            break
        closed = match["by"] != ","
        group.append(after)
    return group


def coordinated_before(mentions: list[Mention], position: int, text: str) -> list[Mention]:
    """The members of "A, B and C" in front of C at `position`; what another "and" closed is another list."""
    first = position
    for at in range(position - 1, -1, -1):
        match = _NEXT_MEMBER.fullmatch(text[mentions[at].end : mentions[at + 1].start])
        if match is None:
            break
        if match["by"] != "," and at + 1 != position:
            first = at + 2
            break
        first = at
    return mentions[first:position]


def _kind_after(registry: Registry, mentions: list[Mention], position: int, text: str) -> None:
    """ "the X project", "A and B projects"; plural "X projects" makes X the programme they belong to."""
    mention = mentions[position]
    right = text[mention.end :]
    match = re.match(r"(['’]s)?\s+()([A-Za-z-]+)\b", right)
    if match is None or kind_of(match[3]) is None:
        match = re.match(r"()\s+([a-z-]+\s+)([A-Za-z-]+)\b", right)
    kind = kind_of(match[3]) if match else None
    if kind is None or match is None or kind in {"person", "product", "award"}:
        return
    at = (mention.passage, mention.start, mention.end + match.end())
    is_plural = match[3].lower().endswith("s")
    after = text[mention.end + match.end() :]
    if kind == "project" and (is_plural or match[1] or re.match(r"\s+[A-Z]", after) or match[2]):
        before = [m for i, m in enumerate(mentions[:position]) if mention in coordinated(mentions, i, text)]
        if is_plural and before and not match[2]:
            for member in [*before, mention]:
                registry.entities[member.key].add("project", 2.5, at)
        else:
            registry.entities[mention.key].add("programme", 1.5, at)
    elif not match[1] and not match[2] and kind not in {"sme", "company", "academic"}:
        registry.entities[mention.key].add(kind, 2.5, at)


def _kinds_from_names(registry: Registry) -> None:
    """Kinds that the words of a name itself tell: "... Ltd", "University of ...", "... Award"."""
    for evidence in registry.entities.values():
        mention = evidence.mentions[0]
        at = (mention.passage, mention.start, mention.end)
        for form in {*evidence.forms, *evidence.aliases}:
            for kind, weight in kinds_told(form):
                evidence.add(kind, weight, at)


def _kinds_from_recogniser(registry: Registry, parses: Sequence[Parse]) -> None:
    """A weak vote of the statistical recogniser, taken over all mentions of a name."""
    for evidence in registry.entities.values():
        labels: dict[str, int] = defaultdict(int)
        for mention in evidence.mentions:
            token = parses[mention.passage].at(mention.start)
            if token is not None and token.label:
                labels[token.label] += 1
        mention = evidence.mentions[0]
        at = (mention.passage, mention.start, mention.end)
        person = labels["PERSON"] > 0.5 * len(evidence.mentions)
        if person and re.fullmatch(
            r"[A-Z][a-zà-ÿ'’-]+(?: [A-Z]\.?)*(?: [A-Z][A-Za-zà-ÿ'’-]+){1,2}", evidence.name
        ):
            evidence.add("person", 0.9, at)


def _projects_by_form(registry: Registry, parses: Sequence[Parse]) -> None:
    """In a document that names projects, an acronym that acts or owns and is nothing else is a project."""
    known = [key for key, evidence in registry.entities.items() if evidence.kind == "project"]
    if len(known) < 3:
        return
    for evidence in registry.entities.values():
        if evidence.kinds or not _is_acronym(evidence.name):
            continue
        for mention in evidence.mentions:
            token = parses[mention.passage].at(mention.end - 1)
            after = parses[mention.passage].text[mention.end : mention.end + 2]
            if token is not None and (token.dep in {"nsubj", "nsubjpass"} or after in ("'s", "’s")):
                evidence.add("project", 0.8, (mention.passage, mention.start, mention.end))
                break


def _is_acronym(name: str) -> bool:
    capitals = sum(char.isupper() for char in name)
    return (
        " " not in name
        and len(name) >= 4
        and (capitals >= 3 or (capitals >= 2 and any(c.isdigit() for c in name)))
    )

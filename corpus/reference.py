"""Who "it", "they" or "the company" is: the last subject of the right kind, sentence by sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from corpus.clauses import Clause, Span
from corpus.parsing import Parse
from corpus.passages import Passage
from corpus.registry import Mention, Registry
from corpus.taxonomy import kind_nouns, kind_of, plain

How = Literal["named", "through", "pronoun", "noun", "possessive", "none"]
# What a figure's or a deed's owner is worth by how it was found (extraction notes, section 1, last rows).
CONFIDENCE: dict[How, float] = {
    "named": 0.9, "through": 0.8, "pronoun": 0.7, "noun": 0.75, "possessive": 0.7, "none": 0.5,
}  # fmt: skip

_DEFINITE = re.compile(
    r"\b(?i:the|this)\s+(?i:((?:\w+\s+)?(?:compan(?:y|ies)|firm|project|consortium|spin-?out|spin-?off|start-?up|sme|programme|"
    r"initiative|network|business|organisation|foundation|venture|university|technology|platform|product|drug|vaccine|"
    r"test|device|database|group)))\b(?!\s+[A-Z])(?!['’]s\s+[A-Z])"
)
_PRONOUNS = re.compile(r"^(?:it|its|they|their|them|he|she|his|her|we|our|which)$")
# What may stand between a subject and its verb.
AUXILIARIES = re.compile(
    r"[,)\"'”’]?\s+(?:(?:has|have|had|is|are|was|were|been|being|be|will|can|may|could|would|now|also|already|recently|"
    r"currently|then|subsequently|successfully|since|first|later|again|still)\s+)*"
)
_GOVERNED = re.compile(
    r"(?:\b(?:of|in|at|from|by|with|for|to|on|and|or|than|as|between|under|through|via|into|including)"
    r"(?: the| its| an?)?|,)$",
    re.IGNORECASE,
)
_COMPATIBLE = {
    "company": {"company", "sme"},
    "sme": {"company", "sme"},
    "project": {"project", "programme"},
    "programme": {"programme", "project", "network"},
    "network": {"network", "programme"},
    "academic": {"academic"},
    "product": {"product"},
    "funder": {"funder", "network", "company"},
}
_AGENTS = {
    "company",
    "project",
    "programme",
    "academic",
    "patient_organisation",
    "network",
    "funder",
    "product",
    "other",
}


@dataclass(frozen=True, slots=True)
class Referent:
    """The entity that a phrase of a passage stands for."""

    key: str | None
    how: How


@dataclass
class Resolved:
    """The subjects of a passage's clauses and the entities that its other words stand for."""

    subjects: list[Referent] = field(default_factory=list)
    anaphora: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, entity key

    def focus(self, mentions: Sequence[Mention]) -> str | None:
        """The key of an entity that the passage speaks of without naming it."""
        named = {mention.key for mention in mentions}
        keys = [ref.key for ref in self.subjects if ref.how in {"pronoun", "noun", "possessive"}]
        keys += [key for _, _, key in self.anaphora]
        return next((key for key in keys if key and key not in named), None)


def resolve_references(
    passages: Sequence[Passage],
    parses: Sequence[Parse],
    clauses: Sequence[Sequence[Clause]],
    registry: Registry,
) -> list[Resolved]:
    """The referents of every passage of one document, in order."""
    main = _main_entity(registry)
    recent: list[str] = []
    resolved, section = [], None
    for number, passage in enumerate(passages):
        if passage.section != section:
            section, recent = passage.section, []
        mentions = registry.by_passage.get(number, [])
        result = Resolved()
        for clause in clauses[number]:
            result.subjects.append(_subject(parses[number], clause, mentions, recent, main, registry, result))
        for match in _DEFINITE.finditer(passage.text):
            kind = kind_of(match[1])
            key = (
                _last_of_kind(kind, _before(mentions, match.start()) + recent, main, registry)
                if kind
                else None
            )
            if key:
                result.anaphora.append((match.start(), match.end(), key))
        resolved.append(result)
        _count_kind(result, registry, number, passage)
        _remember(recent, result, mentions, registry)
    return resolved


def _main_entity(registry: Registry) -> str | None:
    """The organisation or project that a document speaks of most, when it is clearly one."""
    counts = Counter(
        {
            key: len(evidence.mentions)
            for key, evidence in registry.entities.items()
            if evidence.kind in {"company", "project", "programme", "network"}
        }
    )
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 4 or (len(ranked) > 1 and ranked[0][1] < 1.5 * ranked[1][1]):
        return None
    return ranked[0][0]


def _subject(
    parse: Parse,
    clause: Clause,
    mentions: list[Mention],
    recent: list[str],
    main: str | None,
    registry: Registry,
    result: Resolved,
) -> Referent:
    """The entity that acts in a clause, and how it was found."""
    span = clause.subject
    if not clause.inherited and (written := _written_subject(parse.text, clause, mentions)) is not None:
        return Referent(written.key, "named")
    if span is None:
        return Referent(None, "none")
    holder = next((m for m in mentions if m.start < span.head.end and span.head.start < m.end), None)
    if holder is not None:
        return Referent(holder.key, "named")
    inside = [mention for mention in mentions if mention.start >= span.start and mention.end <= span.end]
    appositions = [m for m in inside if m.start > span.head.start and _is_apposition(parse, m, span)]
    if appositions:
        return Referent(appositions[0].key, "named")
    acting = [ref.key for ref in result.subjects if ref.key]
    if span.head.pos == "PRON" or _PRONOUNS.match(span.head.lemma):
        person = span.head.lemma in {"he", "she"}
        key = _last_agent(acting + recent, main, registry, person)
        return Referent(key, "pronoun") if key else Referent(None, "none")
    phrase = parse.text[span.start : span.head.end]
    if re.match(r"(?:its|their)\b", plain(phrase)):
        key = _last_agent(acting + recent, main, registry, person=False)
        return Referent(key, "possessive") if key else Referent(None, "none")
    if re.match(r"(?:the|this)\b", plain(phrase)) and (kind := kind_of(phrase)) is not None and not inside:
        key = _last_of_kind(kind, _before(mentions, span.start) + recent, main, registry)
        return Referent(key, "noun") if key else Referent(None, "none")
    compound = [m for m in inside if m.end <= span.head.start and _touches(parse.text, m, span.head.start)]
    if compound and (
        plain(span.head.text) in kind_nouns() or parse.text[compound[-1].end :][:2] in ("'s", "’s")
    ):
        return Referent(compound[-1].key, "through")
    return Referent(None, "none")


def _touches(text: str, mention: Mention, head: int) -> bool:
    """True when at most one plain word parts a name from the noun it modifies: no "ISO 9001 company"."""
    return re.fullmatch(r"['’]?s?\s+(?:[a-z-]+\s+){0,3}", text[mention.end : head]) is not None


def _written_subject(text: str, clause: Clause, mentions: list[Mention]) -> Mention | None:
    """The name that stands as subject by its place in the sentence, where parses of odd names go wrong.

    Either it opens the sentence and an apposition follows ("X, a small firm in Y, developed ..."), or it
    stands right before the verb and no preposition governs it ("the project X has created ...").
    """
    if clause.passive and clause.subject is None:
        return None
    first = mentions[0] if mentions else None
    if first is not None and first.start <= 4 and first.end < clause.verb.start:
        between = text[first.end : clause.verb.start]
        if (
            re.match(r",\s+(?:an?|the|another|one of|based|from|which is|who)\b", between)
            and between.count(",") >= 2
        ):
            return first
    before = [
        m
        for m in mentions
        if m.end <= clause.verb.start and AUXILIARIES.fullmatch(text[m.end : clause.verb.start])
    ]
    if not before:
        return None
    left = text[: before[-1].start].rstrip("\"'“‘ ")
    return None if _GOVERNED.search(left) else before[-1]


def _last_agent(earlier: Sequence[str], main: str | None, registry: Registry, person: bool) -> str | None:
    """The last thing that can act; a person only for "he" and "she"."""
    wanted = {"person"} if person else _AGENTS
    return next(
        (key for key in earlier if registry.kind(key) in wanted or (key == main and not person)), None
    )


def _is_apposition(parse: Parse, mention: Mention, span: Span) -> bool:
    token = parse.at(mention.end - 1)
    return token is not None and token.dep in {"appos", "oprd"} and token.head == span.head.i


def _before(mentions: Sequence[Mention], offset: int) -> list[str]:
    return [mention.key for mention in reversed(mentions) if mention.end <= offset]


def _last_of_kind(kind: str, earlier: Sequence[str], main: str | None, registry: Registry) -> str | None:
    wanted = _COMPATIBLE.get(kind, {kind})
    near = [key for key in earlier if key != main or registry.kind(main) == kind]
    found = next((key for key in near if registry.kind(key) in wanted), None)
    if found is not None:
        return found
    if main is not None and registry.kind(main) in wanted:
        return main
    open_kind = next((key for key in earlier[:2] if registry.kind(key) == "other"), None)
    return open_kind if kind in {"project", "company", "sme"} else None


def _count_kind(result: Resolved, registry: Registry, number: int, passage: Passage) -> None:
    """ "The project has ..." right after a sentence about X is evidence that X is a project."""
    for start, end, key in result.anaphora:
        kind = kind_of(passage.text[start:end])
        if kind and registry.kind(key) == "other" and key in registry.entities:
            registry.entities[key].add(kind, 1.0, (number, start, end))


def _remember(recent: list[str], result: Resolved, mentions: Sequence[Mention], registry: Registry) -> None:
    """Later sentences look first at the subjects of this one, then at its other names."""
    subjects = [ref.key for ref in result.subjects if ref.key and ref.how != "none"]
    others = [
        mention.key
        for mention in mentions
        if registry.kind(mention.key) not in {"award", "journal", "programme"}
    ]
    fresh = list(dict.fromkeys([*subjects, *others]))
    recent[:] = fresh + [key for key in recent if key not in fresh]
    del recent[40:]

"""Spin-outs: companies that came out of somebody, with parent, child, place and date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clauses import Clause, polarity
from corpus.facts import Fact
from corpus.founders import founders_of, goes_on_founding, is_spun_out, origin_of
from corpus.name_words import is_part
from corpus.registry import Mention
from corpus.selectors import Selector
from corpus.statements import Statement
from corpus.taxonomy import plain

_SPIN = r"(?:spin|spun)[ -]?(?:out|off)s?"
_COMPANY_NOUN = r"(?:compan(?:y|ies)|business|firm|venture|enterprise|start-?up)"
_CHILD_BEFORE = re.compile(
    rf"\b(?:{_SPIN}(?:[ -]{_COMPANY_NOUN})?|new (?:\w+ )?{_COMPANY_NOUN}|start-?up(?: {_COMPANY_NOUN})?)"
    r"(?:\s+(?:in|from)\s+(?:the\s+)?[\w ]{2,20}?)?\s*(?:,|\(|named|called|namely)?"
    r"\s*(?:the\s+|[\"'(“‘´`]+)*$"
)
_GOVERNED = re.compile(r"\b(?:from|of|in|at|by)\s+(?:the\s+)?$")
_IS_SPIN = re.compile(
    r"^(?i:[^.;]{0,60}?(?:,|\s(?:is|was|are|were|became|has become)|\sas)\s+(?:an?|the)\s+"
    rf"(?:[\w-]+\s+){{0,3}}?{_SPIN})\b(?!\s+{_COMPANY_NOUN}s?\s*,?\s*[A-Z(])"
)
# "the Tarnwood spin-out Ferrow": the name before is the parent's.
_HAS_SPIN_OUT = re.compile(
    rf"(?:['’]s)?\s+(?i:(?:new |recent |own |successful )?{_SPIN})(?:[ -](?i:{_COMPANY_NOUN}))?,?\s+"
    r"(?:the\s+)?[A-Z(]"
)
_ELSEWHEN = re.compile(r"\b(?:acquired|bought|sold|purchased|raised|merged|floated|launched in)\b")
_DEALING = {
    "give",
    "provide",
    "fund",
    "invest",
    "buy",
    "acquire",
    "sell",
    "license",
    "licence",
    "employ",
    "raise",
    "support",
}
_FOUNDING = re.compile(
    r"\b(?:founded|formed|established|created|creation|establishment|launched|incorporated|set up|"
    r"sp[iu]n[ -](?:out|off)|spin-?out|spin-?off)\b"
)
_FOUNDED_BEFORE = re.compile(_FOUNDING.pattern + r"[^.;]{0,60}$")
_DATED_BEHIND = re.compile(r"\.?[\s(,]*(?:in|since|during|founded|est\.?)?\s*")
_CREATE = {
    "found", "establish", "create", "form", "incorporate", "launch", "set up", "spin out", "spin off",
    "start", "initiate",
}  # fmt: skip


def spin_out_facts(statement: Statement) -> Iterator[Fact]:
    """Companies that came out of somebody: the child is the object, the parent the subject."""
    if not re.search(
        rf"{_SPIN}|{_COMPANY_NOUN}|\b(?:found|establish|incorporate|form|create|launche?|start)(?:e?d|s|es)?\b|"
        r"founder|set up|creation",
        plain(statement.text),
    ):
        return
    seen: set[str] = set()
    earlier: list[Mention] = []
    for mention in statement.mentions:
        if mention.key in seen or statement.registry.kind(mention.key) in {
            "person",
            "academic",
            "award",
            "journal",
            "project",
            "programme",
        }:
            continue
        if _HAS_SPIN_OUT.match(statement.text[mention.end :]):
            continue
        clause = _creation(statement, mention)
        founders, origin = founders_of(statement, mention), origin_of(statement, mention)
        if not founders and goes_on_founding(statement, mention):
            founders = earlier
        earlier = founders or earlier
        if not (_is_child(statement, mention) or clause or founders or origin):
            continue
        seen.add(mention.key)
        made_by = [
            founder for founder in founders if statement.registry.kind(founder.key) in {"person", "other"}
        ]
        for founder in made_by:
            yield _founding(statement, mention, founder.key, clause)
        if made_by == founders and not (clause or origin or _is_child(statement, mention)):
            continue  # "A, founder of C" does not say that C came out of the institution
        others = [founder.key for founder in founders if founder not in made_by]
        parent = origin.key if origin else _parent(statement, mention, clause) or next(iter(others), None)
        if parent is not None and is_part(statement.name(parent)):
            parent = _home(statement) or parent
        home = (
            _home(statement)
            if parent is None or statement.registry.kind(parent) in {"person", "other"}
            else None
        )
        if home is not None and parent is not None and home != parent:
            yield _founding(statement, mention, parent, clause)
        elif (
            parent is not None and statement.registry.kind(parent) == "company" and (own := _home(statement))
        ):
            yield _from_home(statement, mention, own, clause)
        parent = home or parent
        yield statement.relation(
            parent,
            "spin out",
            mention.key,
            outcome_type="spin_out",
            lead=statement.home_selector if home else None,
            project=statement.name(parent) if parent and statement.registry.kind(parent) == "project" else "",
            place=_child_place(statement, mention),
            date=_year_of(statement, clause, mention),
            modality=clause.modality if clause else "achieved",
            polarity=polarity(clause) if clause else "affirmed",
            confidence=0.9 if parent else 0.8,
        )


def _home(statement: Statement) -> str | None:
    """The institution that the document says it is from, for companies that a report calls its spin-outs."""
    return statement.registry.home if statement.registry.home in statement.registry.entities else None


def _from_home(statement: Statement, child: Mention, home: str, clause: Clause | None) -> Fact:
    """The fact that a company came out of the institution that the report is from, whoever founded it."""
    lead = statement.home_selector
    return _origin(statement, child, home, clause, predicate="spin out", lead=lead, confidence=0.6)


def _founding(statement: Statement, child: Mention, founder: str, clause: Clause | None) -> Fact:
    """The fact that somebody, not the institution, founded a company."""
    return _origin(statement, child, founder, clause, predicate="found", lead=None, confidence=0.85)


def _origin(
    statement: Statement,
    child: Mention,
    origin: str,
    clause: Clause | None,
    *,
    predicate: str,
    lead: Selector | None,
    confidence: float,
) -> Fact:
    return statement.relation(
        origin,
        predicate,
        child.key,
        outcome_type="spin_out",
        date=_year_of(statement, clause, child),
        lead=lead,
        confidence=confidence,
    )


def _is_child(statement: Statement, mention: Mention) -> bool:
    before, after = plain(statement.text[: mention.start]), statement.text[mention.end :]
    called = _CHILD_BEFORE.search(before) and not _GOVERNED.search(before)
    is_spin = _IS_SPIN.match(after)
    if is_spin and any(mention.end < m.start < mention.end + is_spin.end() for m in statement.mentions):
        is_spin = (
            None  # "..., Tarnwood Ltd was founded as a spin-out" says nothing of the name before the comma
        )
    return bool(called or is_spin or is_spun_out(statement, mention))


def _creation(statement: Statement, mention: Mention) -> Clause | None:
    """The clause that says that the named company was founded or that somebody founded it."""
    if statement.registry.kind(mention.key) not in {"company", "other"}:
        return None
    spun = re.search(_SPIN, plain(statement.text)) is not None
    for clause in statement.clauses:
        if clause.predicate not in _CREATE or clause.subject is None:
            continue
        company = statement.registry.kind(mention.key) == "company"
        as_subject = clause.passive and statement.subject_of(clause).key == mention.key
        inside = clause.object is not None and clause.object.start <= mention.start < clause.object.end
        named = inside and not clause.passive and _names_object(statement, clause, mention)
        if (as_subject and (company or spun)) or (named and (company or spun)):
            return clause
    return None


def _names_object(statement: Statement, clause: Clause, mention: Mention) -> bool:
    """True when the object of a clause is the named company itself, not something of or for it."""
    assert clause.object is not None
    before = plain(statement.text[clause.object.start : mention.start])
    return clause.object.head.start >= mention.start or bool(
        re.search(rf"(?:{_SPIN}|{_COMPANY_NOUN})[^.;]{{0,40}}$", before)
        and not re.search(r"\b(?:with|for|by|between)\b", before)
    )


def _parent(statement: Statement, child: Mention, clause: Clause | None) -> str | None:
    """Who the child came out of: "X spin-out <child>", "<child> ... of X", its maker."""
    parents = [
        m
        for m in statement.mentions
        if m.key != child.key and statement.registry.kind(m.key) not in {"person", "journal", "award"}
    ]
    for mention in parents:
        between = plain(statement.text[mention.end : child.start]) if mention.end <= child.start else ""
        if re.fullmatch(
            rf"(?:'s)?\s+(?:new\s+|successful\s+)?{_SPIN}(?:[ -]{_COMPANY_NOUN})?\s*,?\s*(?:the\s+)?[\"'(]*",
            between,
        ):
            return mention.key
    after = plain(statement.text[child.end :])
    for mention in (m for m in parents if m.start > child.end):
        between = after[: mention.start - child.end]
        if re.search(rf"{_SPIN}", between) and re.search(
            r"\b(?:from|of|out of)\s+(?:the\s+)?(?:[\w-]+\s+){0,3}$", between
        ):
            return mention.key
    if clause is not None and clause.passive:
        made_by = next((m for m in parents if m.start > clause.verb.end and _is_agent(statement, m)), None)
        if made_by is not None:
            return made_by.key
    for candidate in [clause, *statement.clauses]:
        if candidate is None or candidate.subject is None or candidate.passive:
            continue
        referent = statement.subject_of(candidate)
        creates = candidate.predicate in _CREATE or re.search(
            _SPIN, plain(statement.text[candidate.start : candidate.end])
        )
        if (
            creates
            and candidate.predicate not in {"be", *_DEALING}
            and referent.key not in {None, child.key}
            and statement.registry.kind(referent.key) != "person"
        ):
            return referent.key
    return None


def _is_agent(statement: Statement, mention: Mention) -> bool:
    return re.search(r"\bby\s+(?:the\s+)?$", plain(statement.text[: mention.start])) is not None


def _child_place(statement: Statement, child: Mention) -> str:
    """The place of a child: said right behind its name or right before it ("a firm in Norway named ...")."""
    for place in statement.places:
        gap = (
            statement.text[child.end : place.start]
            if place.start >= child.end
            else statement.text[place.end : child.start]
        )
        if len(gap) <= 20 and re.fullmatch(
            r"\s*(?:,|\(|from|in|based in|named|called|the|\s)*\s*", plain(gap)
        ):
            return place.name
    return ""


def _year_of(statement: Statement, clause: Clause | None, mention: Mention) -> str:
    """The date of the founding: of the clause that tells it, else the nearest one to the name."""
    text = plain(statement.text)
    behind = [
        date
        for date in statement.dates
        if date.start >= mention.end and _DATED_BEHIND.fullmatch(text[mention.end : date.start])
    ]
    if behind:
        return behind[0].value
    before = [
        date for date in statement.dates
        if date.end <= mention.start and _FOUNDING.search(text[date.end : mention.start])
    ]  # fmt: skip
    if before:
        return before[-1].value
    if clause is not None:
        inside = [date for date in statement.dates if clause.start <= date.start < clause.end]
        inside = [d for d in inside if not _ELSEWHEN.search(text[clause.verb.end : d.start])]
        if inside:
            after = [date for date in inside if date.start >= clause.verb.end]
            return min(after or inside, key=lambda date: abs(date.start - clause.verb.end)).value
    near = [
        date for date in statement.dates
        if _FOUNDED_BEFORE.search(text[: date.start]) and not _ELSEWHEN.search(text[mention.end : date.start])
    ]  # fmt: skip
    opening = statement.dates[:1] if len(statement.dates) == 1 and statement.dates[0].start < 14 else []
    if not near and opening and _FOUNDING.search(text):
        near = list(opening)  # "In May 2004 Norvia Ltd, a spin-out of ..., was incorporated."
    return min(near, key=lambda date: abs(date.start - mention.start)).value if near else ""

"""Relations between named things, with their roles: buyer and target, firm and place, member and project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.abbreviations import long_form
from corpus.acquisitions import acquisition_facts
from corpus.dealings import dealing_facts
from corpus.facts import Fact
from corpus.kinds import coordinated
from corpus.registry import Mention
from corpus.spin_outs import spin_out_facts
from corpus.statements import Statement
from corpus.taxonomy import kind_of, plain

_TAKES_PART = re.compile(
    r"\b(?:participa\w+|partners?|part in|members?|involve\w*|consorti\w+|contribut\w+|collaborat\w+|joined|"
    r"represented|key player|in (?:the|an?)|within|through|as part of)\b"
)
_BASED_GAP = re.compile(
    r"^\s*(?:,|\()?\s*(?:which\s+|who\s+)?(?:is\s+|was\s+|are\s+)?(?:now\s+)?"
    r"(?:an?\s+(?P<what>[\w -]{0,30}?))?"
    r"(?:(?P<based>based|located|headquartered|situated)\s+(?:in|at|near)|from|of|in)\s+(?:the\s+)?$"
)
# What has a seat: "X is a company in Lund" tells one, "X was a trial in Lund" does not.
_SEATED = {"sme", "company", "patient_organisation", "academic", "funder", "network"}
_DESCRIBED_GAP = re.compile(
    r"^\s*(?:,|\()?\s*(?:is\s+|was\s+|,\s*)?(?:an?|another|the|one of the(?:\s+\w+)?)\s+(?:[\w-]+\s+)?$"
)


def relation_facts(statement: Statement) -> Iterator[Fact]:
    """The relations that a passage states between its names."""
    yield from spin_out_facts(statement)
    yield from acquisition_facts(statement)
    yield from dealing_facts(statement)
    yield from _locations(statement)
    yield from _participations(statement)
    yield from _long_forms(statement)


def _locations(statement: Statement) -> Iterator[Fact]:
    """Where a named organisation is based: "X, based in ...", "X, a French ...", "US-based group X"."""
    for place in statement.places:
        for mention in statement.mentions:
            if statement.registry.kind(mention.key) in {"person", "award", "journal"}:
                continue
            if not _is_based(statement, mention, place.start, place.end, place.kind):
                continue
            yield statement.fact(
                outcome_type="location",
                extractor="relation",
                subject=statement.name(mention.key),
                subject_key=mention.key,
                predicate="base",
                object=place.text,
                place=place.name,
                confidence=0.9,
            )
            break


def _is_based(statement: Statement, mention: Mention, start: int, end: int, kind: str) -> bool:
    text = statement.text
    if mention.end <= start:
        gap = text[mention.end : start]
        if len(gap) > 60 or any(mention.end < m.end <= start for m in statement.mentions if m is not mention):
            return False
        if (match := _BASED_GAP.match(gap)) is not None:
            if gap.strip() in {"in", "in the"}:
                return statement.registry.kind(mention.key) == "academic"
            described = (match["what"] or "").strip()
            if described and not match["based"] and kind_of(described) not in _SEATED:
                return False  # "X was a trial in Y"
            return not re.search(r"\bof\s", gap)
        if kind == "nationality" or text[end : end + 6] == "-based":
            return bool(_DESCRIBED_GAP.match(gap))
        beside = gap.strip() in {"(", ","} and text[end : end + 1] in {")", ",", ";"}
        surname = (
            statement.registry.kind(mention.key) == "other"
            and mention.text.isalpha()
            and mention.text.istitle()
        )
        return beside and not surname  # "(Kvist, Lund; Berg, Oslo)" lists people
    gap = text[end : mention.start]
    described = re.match(r"^(?:-based)?\s+((?:[\w'’-]+\s+){0,3}[\w'’-]+),?\s+$", gap)
    return bool(described and kind_of(described[1]) in _SEATED)


def _participations(statement: Statement) -> Iterator[Fact]:
    """Which organisation takes part in which project."""
    projects = [m for m in statement.mentions if statement.registry.kind(m.key) == "project"]
    members = [
        m
        for m in statement.mentions
        if statement.registry.kind(m.key)
        in {"company", "academic", "patient_organisation", "funder", "regulator", "network"}
    ]
    subjects = [ref.key for ref in statement.resolved.subjects if ref.key]
    pairs = [
        (member.key, project.key)
        for project in projects
        for member in members
        if _takes_part(statement, member, project, member.key in subjects)
    ]
    for _, _, key in statement.resolved.anaphora:
        if (
            statement.registry.kind(key) == "project"
            and not projects
            and re.search(r"\bpartner|participa|member|in the project", plain(statement.text))
        ):
            pairs.extend((member.key, key) for member in members[:1] if member.key in subjects)
    for member_key, project_key in dict.fromkeys(pairs):
        yield statement.relation(
            member_key,
            "participate",
            project_key,
            outcome_type="participation",
            project=statement.name(project_key),
            confidence=0.85,
        )


def _takes_part(statement: Statement, member: Mention, project: Mention, is_subject: bool) -> bool:
    text = plain(statement.text)
    if project.end <= member.start:
        between = text[project.end : member.start]
        return bool(
            re.fullmatch(
                r"\s+(?:(?:consortium|project)\s+)?(?:sme|participant|partner|member|beneficiary)(?:\s+(?:sme|partner|participant))?,?\s+(?:the\s+)?",
                between,
            )
        )
    between = text[member.end : project.start]
    if not is_subject or len(between) > 160 or "'s process" in text[project.end : project.end + 12]:
        return False
    first = next(
        (
            m
            for i, m in enumerate(statement.mentions)
            if project in [m, *coordinated(list(statement.mentions), i, statement.text)]
            and statement.registry.kind(m.key) == "project"
        ),
        project,
    )
    introduced = re.search(
        r"\b(?:in|of|to|within|through|for|with|from)\s+(?:the\s+|an?\s+)?(?:[\w+&'-]+\s+){0,4}$",
        text[: first.start],
    )
    return bool(
        introduced
        and _TAKES_PART.search(text[member.end : first.start])
        and not re.search(r"\bspin", between)
    )


def _long_forms(statement: Statement) -> Iterator[Fact]:
    """What an abbreviation in brackets stands for, as its document spells it out."""
    for match in re.finditer(r"\(\s*[\"'“]?([A-Z][\w&-]{1,11})[\"'”]?\s*[),;]", statement.text):
        long = long_form(statement.text[: match.start()], match[1])
        if long:
            mention = next((m for m in statement.mentions if m.start <= match.start(1) < m.end), None)
            yield statement.fact(
                outcome_type="definition",
                extractor="relation",
                subject=match[1],
                subject_key=mention.key if mention else None,
                predicate="stand for",
                object=long,
                confidence=0.95,
            )

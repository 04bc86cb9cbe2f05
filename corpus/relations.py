"""Relations between named things, with their roles: buyer and target, firm and place, member and project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.abbreviations import long_form
from corpus.clauses import Clause, polarity
from corpus.facts import Fact
from corpus.kinds import coordinated
from corpus.registry import Mention
from corpus.spin_outs import spin_out_facts
from corpus.statements import Statement
from corpus.taxonomy import kind_of, plain

_BUY = {"acquire", "buy", "buy out", "buy up", "purchase", "snap up", "take over"}
_TAKES_PART = re.compile(
    r"\b(?:participa\w+|partners?|part in|members?|involve\w*|consorti\w+|contribut\w+|collaborat\w+|joined|"
    r"represented|key player|in (?:the|an?)|within|through|as part of)\b"
)
_BASED_GAP = re.compile(
    r"^\s*(?:,|\()?\s*(?:which\s+|who\s+)?(?:is\s+|was\s+|are\s+)?(?:now\s+)?(?:an?\s+[\w -]{0,30}?)?"
    r"(?:(?:based|located|headquartered|situated)\s+(?:in|at|near)|from|of|in)\s+(?:the\s+)?$"
)
_DESCRIBED_GAP = re.compile(
    r"^\s*(?:,|\()?\s*(?:is\s+|was\s+|,\s*)?(?:an?|another|the|one of the(?:\s+\w+)?)\s+(?:[\w-]+\s+)?$"
)


def relation_facts(statement: Statement) -> Iterator[Fact]:
    """The relations that a passage states between its names."""
    yield from spin_out_facts(statement)
    yield from _acquisitions(statement)
    yield from _purchases(statement)
    yield from _locations(statement)
    yield from _participations(statement)
    yield from _long_forms(statement)


def _acquisitions(statement: Statement) -> Iterator[Fact]:
    """Who bought whom, when and for how much: buyer is the subject, target the object."""
    for clause in statement.clauses:
        sold = clause.predicate == "sell" and re.search(
            r"\bto\b", plain(statement.text[clause.verb.end : clause.verb.end + 80])
        )
        if clause.predicate not in _BUY and not sold:
            continue
        buyer, target = _buyer_and_target(statement, clause, bool(sold))
        if buyer is None or target is None or buyer == target:
            continue
        money = next(
            (
                q
                for q in statement.quantities
                if q.kind == "money" and q.start >= clause.verb.end and q.start < clause.end
            ),
            None,
        )
        yield statement.fact(
            outcome_type="business_growth",
            extractor="relation",
            subject=statement.name(buyer),
            subject_key=buyer,
            predicate="acquire",
            object=statement.name(target),
            object_key=target,
            value=money.value if money else None,
            value_text=money.text if money else "",
            unit=money.unit if money else "",
            qualifier=money.qualifier if money else "",
            date=next((d.value for d in statement.dates if clause.start <= d.start < clause.end), ""),
            polarity=polarity(clause),
            modality=clause.modality,
            confidence=0.8,
        )


_PURCHASE = re.compile(r"\b(?:acquisition|purchase|takeover|buy-?out) of\s+(?:the\s+)?$")
_BOUGHT_BY = re.compile(r"^[^.;]{0,40}?\bby\s+(?:the\s+)?$")


def _purchases(statement: Statement) -> Iterator[Fact]:
    """Who bought whom, told by a noun: "Norvia's purchase of Abecor", "the acquisition of Abecor by Norvia"."""
    companies = [m for m in statement.mentions if statement.registry.kind(m.key) in {"company", "sme"}]
    text = plain(statement.text)
    for target in companies:
        match = _PURCHASE.search(text[: target.start])
        if match is None:
            continue
        before = next((m for m in companies if text[m.end : match.start()] in {"'s ", "' "}), None)
        after = next((m for m in companies if m.start > target.end and _BOUGHT_BY.match(text[target.end : m.start])), None)
        buyer = before or after
        yield statement.fact(
            outcome_type="business_growth",
            extractor="relation",
            subject=statement.name(buyer.key) if buyer else "",
            subject_key=buyer.key if buyer else None,
            predicate="acquire",
            object=statement.name(target.key),
            object_key=target.key,
            date=statement.dates[0].value if len(statement.dates) == 1 else "",
            confidence=0.7,
        )


def _buyer_and_target(statement: Statement, clause: Clause, sold: bool) -> tuple[str | None, str | None]:
    subject = statement.subject_of(clause).key
    behind = [
        m
        for m in statement.mentions
        if clause.verb.end <= m.start < clause.end
        and statement.registry.kind(m.key) not in {"person", "product", "award"}
    ]
    if sold:
        receivers = [m for m in behind if re.search(r"\bto\s+(?:the\s+)?$", plain(statement.text[: m.start]))]
        buyer = receivers[0].key if receivers else None
        direct = [m for m in behind if receivers and m.start < receivers[0].start]
        return buyer, subject if clause.passive else (direct[0].key if direct else None)
    if clause.passive:
        agents = [m for m in behind if re.search(r"\bby\s+(?:the\s+)?$", plain(statement.text[: m.start]))]
        return (agents[0].key if agents else None), subject
    is_direct = (
        clause.object is not None
        and clause.object.start <= (behind[0].start if behind else -1) < clause.object.end
    )
    return subject, behind[0].key if behind and is_direct and _is_whole(
        statement, clause, behind[0]
    ) else None


def _is_whole(statement: Statement, clause: Clause, mention: Mention) -> bool:
    """True when the object of a purchase is the company itself, not rights, shares or goods of it."""
    assert clause.object is not None
    before = plain(statement.text[clause.object.start : mention.start])
    return not re.search(
        r"\b(?:rights?|shares?|compounds?|products?|licen[cs]e|patents?|from|stake|samples?|goods)\b", before
    )


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
        if _BASED_GAP.match(gap):
            return not (gap.strip() == "in" or re.search(r"\bof\s", gap))
        if kind == "nationality" or text[end : end + 6] == "-based":
            return bool(_DESCRIBED_GAP.match(gap))
        return gap.strip() in {"(", ","} and text[end : end + 1] in {")", ","}
    gap = text[end : mention.start]
    described = re.match(r"^(?:-based)?\s+((?:[\w'’-]+\s+){0,3}[\w'’-]+),?\s+$", gap)
    return bool(
        described
        and kind_of(described[1]) in {"sme", "company", "patient_organisation", "academic", "funder"}
    )


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
        yield statement.fact(
            outcome_type="participation",
            extractor="relation",
            subject=statement.name(member_key),
            subject_key=member_key,
            predicate="participate",
            object=statement.name(project_key),
            object_key=project_key,
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

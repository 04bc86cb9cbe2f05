"""Relations between named things, with their roles: parent and child, buyer and target, member and project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.abbreviations import long_form
from corpus.clauses import Clause, polarity
from corpus.entities import Mention, coordinated
from corpus.facts import Fact
from corpus.reference import CONFIDENCE
from corpus.statements import Statement
from corpus.taxonomy import kind_of, plain

_SPIN = r"(?:spin|spun)[ -]?(?:out|off)s?"
_COMPANY_NOUN = r"(?:compan(?:y|ies)|business|firm|venture|enterprise|start-?up)"
_CHILD_BEFORE = re.compile(
    rf"\b(?:{_SPIN}(?:[ -]{_COMPANY_NOUN})?|new (?:\w+ )?{_COMPANY_NOUN}|start-?up(?: {_COMPANY_NOUN})?)"
    r"(?:\s+(?:in|from)\s+(?:the\s+)?[\w ]{2,20}?)?\s*(?:,|\(|named|called|namely)?\s*(?:the\s+|[\"'(“‘´`]+)*$"
)
_IS_SPIN = re.compile(
    rf"^[^.;]{{0,60}}?(?:,|\s(?:is|was|are|were|became|has become)|\sas)\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,3}}?{_SPIN}\b(?!\s+{_COMPANY_NOUN}s?\s*,?\s*[A-Z(])"
)
_CREATE = {
    "found", "establish", "create", "form", "incorporate", "launch", "set up", "spin out", "spin off", "start", "initiate",
}  # fmt: skip
_PARENT_AFTER = re.compile(
    r"^[^.;,]{0,80}?\b(?:from|of|by|out of|at)\s+(?:the\s+|an?\s+)?(?:[\w-]+\s+){0,3}$"
)
_BUY = {"acquire", "buy", "purchase", "take over"}
_TAKES_PART = re.compile(
    r"\b(?:participa\w+|partners?|part in|members?|involve\w*|consorti\w+|contribut\w+|collaborat\w+|joined|represented|key player|in (?:the|an?)|within|through|as part of)\b"
)
_BASED_GAP = re.compile(
    r"^\s*(?:,|\()?\s*(?:which\s+|who\s+)?(?:is\s+|was\s+|are\s+)?(?:now\s+)?(?:an?\s+[\w -]{0,30}?)?(?:(?:based|located|headquartered|situated)\s+(?:in|at|near)|from|of|in)\s+(?:the\s+)?$"
)
_DESCRIBED_GAP = re.compile(
    r"^\s*(?:,|\()?\s*(?:is\s+|was\s+|,\s*)?(?:an?|another|the|one of the(?:\s+\w+)?)\s+(?:[\w-]+\s+)?$"
)


def relation_facts(statement: Statement) -> Iterator[Fact]:
    """The relations that a passage states between its names."""
    yield from _spin_outs(statement)
    yield from _acquisitions(statement)
    yield from _locations(statement)
    yield from _participations(statement)
    yield from _long_forms(statement)


def _spin_outs(statement: Statement) -> Iterator[Fact]:
    """Companies that came out of somebody: the child is the object, the parent the subject."""
    if not re.search(
        rf"{_SPIN}|{_COMPANY_NOUN}|\b(?:founded|established|incorporated|formed)\b", plain(statement.text)
    ):
        return
    seen: set[str] = set()
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
        clause = _creation(statement, mention)
        if not (_is_child(statement, mention) or clause):
            continue
        seen.add(mention.key)
        parent = _parent(statement, mention, clause)
        home = (
            _home(statement)
            if parent is None or statement.registry.kind(parent) in {"person", "other"}
            else None
        )
        if home is not None and parent is not None:
            yield _founding(statement, mention, parent, clause)
        elif parent is not None and statement.registry.kind(parent) == "company" and (own := _home(statement)):
            yield _from_home(statement, mention, own, clause)
        parent = home or parent
        yield statement.fact(
            outcome_type="spin_out",
            extractor="relation",
            subject=statement.name(parent) if parent else "",
            subject_key=parent,
            lead=statement.home_selector if home else None,
            predicate="spin out",
            object=statement.name(mention.key),
            object_key=mention.key,
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
    """The fact that a company came out of the institution that the report is from, whoever founded or sold it."""
    return statement.fact(
        outcome_type="spin_out",
        extractor="relation",
        subject=statement.name(home),
        subject_key=home,
        predicate="spin out",
        object=statement.name(child.key),
        object_key=child.key,
        date=_year_of(statement, clause, child),
        lead=statement.home_selector,
        confidence=0.6,
    )


def _founding(statement: Statement, child: Mention, founder: str, clause: Clause | None) -> Fact:
    """The fact that somebody, not the institution, founded a company."""
    return statement.fact(
        outcome_type="spin_out",
        extractor="relation",
        subject=statement.name(founder),
        subject_key=founder,
        predicate="found",
        object=statement.name(child.key),
        object_key=child.key,
        date=_year_of(statement, clause, child),
        confidence=0.85,
    )


def _is_child(statement: Statement, mention: Mention) -> bool:
    before, after = plain(statement.text[: mention.start]), plain(statement.text[mention.end :])
    return bool(_CHILD_BEFORE.search(before) or _IS_SPIN.match(after))


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
    """Who the child came out of: "X spin-out company <child>", "<child> ... of X", the subject that created it."""
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
    for candidate in [clause, *statement.clauses]:
        if candidate is None or candidate.subject is None or candidate.passive:
            continue
        referent = statement.subject_of(candidate)
        creates = candidate.predicate in _CREATE or re.search(
            _SPIN, plain(statement.text[candidate.start : candidate.end])
        )
        if creates and candidate.predicate != "be" and referent.key and referent.key != child.key:
            if statement.registry.kind(referent.key) != "person":
                return referent.key
    return None


def _child_place(statement: Statement, child: Mention) -> str:
    """The place of a child: said right behind its name or right before it ("a new spin out in UK named ...")."""
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
    if clause is not None:
        inside = [date for date in statement.dates if clause.start <= date.start < clause.end]
        if inside:
            after = [date for date in inside if date.start >= clause.verb.end]
            return min(after or inside, key=lambda date: abs(date.start - clause.verb.end)).value
    near = [
        date
        for date in statement.dates
        if re.search(
            r"\b(?:founded|formed|established|created|creation|establishment|launched|incorporated|set up)\b[^.;]{0,60}$",
            plain(statement.text[: date.start]),
        )
    ]
    return min(near, key=lambda date: abs(date.start - mention.start)).value if near else ""


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
    pairs: list[tuple[str, str]] = []
    for project in projects:
        for member in members:
            if _takes_part(statement, member, project, member.key in subjects):
                pairs.append((member.key, project.key))
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
                r"\s+(?:consortium\s+)?(?:sme|participant|partner|member|beneficiary)(?:\s+(?:sme|partner|participant))?,?\s+(?:the\s+)?",
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

"""Who paid for what, who licensed to whom, who won which prize: deals of a passage, with their roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.clauses import Clause
from corpus.facts import Fact
from corpus.kinds import coordinated, coordinated_before
from corpus.reference import AUXILIARIES
from corpus.registry import Mention
from corpus.statements import Statement, cut_phrase
from corpus.taxonomy import plain

_FUNDED_BY = re.compile(
    r"\b(?:co-?)?(?:funded|sponsored|financed|(?P<support>supported))(?:,? \w+ly| in part| also)?,? by\s+"
    r"(?:(?:the|an?|grants? from|funding from|funds from)\s+)*(?:uk|us|eu)?\s*$"
)
_MONEY_NOUN = (
    r"(?:grants?|funding|fellowships?|studentships?|investments?|donations?|contracts?|sponsorship|financ\w+)"
)
_GIVEN_FROM = re.compile(
    rf"(?:\b{_MONEY_NOUN}|\bawards? (?:of|totalling|worth) [£$€][^.;]{{1,20}}|"
    r"[£$€]\s?[\d.,]+\s?(?:k|m|bn|million|billion)?)"
    r"(?:\s*\([^()]{1,40}\))?(?: (?:worth|of|totalling) [£$€][\w., ]{1,16}?)?(?: \w+){0,2}?"
    r" from\s+(?:the\s+)?(?:uk|us|eu)?\s*$"
)
_AWARDED_BY = re.compile(rf"\bawarded\b[^.;]{{0,60}}(?:[£$€]|{_MONEY_NOUN})[^.;]{{0,40}}\bby\s+(?:the\s+)?$")
_GIVES = re.compile(
    r"(?:\s*\([^()]{1,40}\))?(?:\s+(?:has|have|had|also|then|subsequently|since|together|recently|is|are|both))*\s+"
    r"(?:(?:co-?)?funded|funds|(?<=is )funding|(?<=are )funding|invested|invests|donated|donates|sponsored|"
    r"sponsors|(?P<given>contributed|contributes|contributing|pledged|provided|awarded|gave|granted|committed))\b"
)
_NOT_GIVEN = re.compile(r"\b(?:award|grant|scheme|programme|fund|project)s?\s*$")
_RECEIVED = re.compile(r"\b(?:in|to|into|awarded|gave|funded|sponsored)\s+(?:the\s+)?$")
_FUNDERS = {
    "funder",
    "company",
    "academic",
    "network",
    "patient_organisation",
    "regulator",
    "programme",
    "other",
}

_LICENSE = r"(?:sub-?|out-?|in-?)?licen[cs]"
_LICENSED_TO = re.compile(
    rf"\b{_LICENSE}(?:ed|es|ing|e)?\b(?:\s+(?!by\b|from\b)[\w-]+){{0,8}}?\s+(?:to|with)\s+"
    r"(?:(?:the|an?|its|their|company|spin-?out|firm|companies,?|including|such as|multinational)\s+)*$"
)
_LICENSED_FROM = re.compile(
    rf"\b{_LICENSE}(?:ed|es|ing|e)?\b(?:\s+(?!by\b|to\b)[\w-]+){{0,8}}?\s+from\s+(?:the\s+)?$"
)
_LICENSED_BY = re.compile(rf"\b{_LICENSE}ed(?: \w+ly)? by\s+(?:the\s+)?(?:company\s+)?$")
_TAKES_LICENCE = re.compile(
    rf"\s+(?:has|have|had|also|then|subsequently|\s)*(?:obtained|acquired|took|taken|bought|purchased|secured|signed|received|"
    rf"holds?|negotiated)\s+(?:[\w-]+\s+){{0,3}}?{_LICENSE}(?:e|es|ing)\b"
)
_GRANTS_LICENCE = re.compile(
    rf"\s+(?:(?:has|have|had|also|then|subsequently)\s+)*(?:granted\s+(?:[\w-]+\s+){{0,2}}?{_LICENSE}es?|{_LICENSE}ed|{_LICENSE}es)\b"
)
_LICENSED_THING = re.compile(
    r"\s+(?:technolog|software|patents?|system|method|platform|compound|products?)\w*"
)
_FOR_USE = re.compile(r"\blicen[cs]ed (?:for|in)\b")

_WIN = {"win", "receive", "gain", "earn", "scoop", "collect"}
_BESTOWED = {"award", "honour", "honor", "present", "recognise", "give", "name"}
_AWARD_NOUN = re.compile(r"\b(?:awards?|prizes?|medals?|honours?|trophy)\b")
_AWARD_TO = re.compile(r"\s*(?:\([^()]*\))?\s*(?:for [\w ]{2,40}\s+)?(?:to|for|by)\s+(?:the\s+)?")


def dealing_facts(statement: Statement) -> Iterator[Fact]:
    """The fundings, licences and prizes that a passage states between its names."""
    lowered = plain(statement.text)
    if re.search(r"fund|spons|grant|invest|financ|support|award|donat|contribut|pledg|[£$€]", lowered):
        yield from _fundings(statement, lowered)
    if re.search(_LICENSE, lowered) and not _FOR_USE.search(lowered):
        yield from _licences(statement, lowered)
    if _AWARD_NOUN.search(lowered):
        yield from _wins(statement, lowered)


def _fundings(statement: Statement, lowered: str) -> Iterator[Fact]:
    """Money given: the giver is the subject, what or whom it was given to the object."""
    seen: set[str] = set()
    for number, mention in enumerate(statement.mentions):
        if statement.registry.kind(mention.key) not in _FUNDERS or mention.key in seen:
            continue
        left, right = lowered[: mention.start], lowered[mention.end :]
        by = _FUNDED_BY.search(left)
        if (
            by
            and by["support"]
            and statement.registry.kind(mention.key) not in {"funder", "patient_organisation"}
        ):
            by = None
        gives = _GIVES.match(right) if not (_NOT_GIVEN.search(left) or right.startswith("'")) else None
        if (
            gives
            and gives["given"]
            and not re.match(
                r"[^.;]{0,50}(?:[£$€]|\busd\b|\beur\b|\bgbp\b|\bgrant|\bmillion)", right[gives.end() :]
            )
        ):
            gives = None
        if not (by or gives or _GIVEN_FROM.search(left) or _AWARDED_BY.search(left)):
            continue
        givers = (
            [mention] if gives else [mention, *coordinated(list(statement.mentions), number, statement.text)]
        )
        clause = statement.clause_at(mention.end - 1)
        for giver in givers:
            further = giver is not mention and statement.registry.kind(giver.key) in {"programme", "other"}
            if further or statement.registry.kind(giver.key) not in _FUNDERS or giver.key in seen:
                continue
            seen.add(giver.key)
            key, name = (
                _receiver_behind(statement, lowered, mention.end + gives.end(), giver) if gives
                else _acting(statement, clause, giver)
            )  # fmt: skip
            yield _deal(statement, "funding_contribution", "fund", giver.key, (key, name), clause)


def _receiver_behind(
    statement: Statement, lowered: str, start: int, giver: Mention
) -> tuple[str | None, str]:
    for mention in statement.mentions:
        if (
            mention.start >= start - 1
            and mention.key != giver.key
            and _RECEIVED.search(lowered[: mention.start])
        ):
            return mention.key, statement.name(mention.key)
    key = next((key for begin, _, key in statement.resolved.anaphora if begin >= start - 1), None)
    return key, statement.name(key)


def _acting(statement: Statement, clause: Clause | None, other: Mention) -> tuple[str | None, str]:
    """The subject of a clause, by key and by name, unless it is `other`."""
    if clause is None:
        return None, ""
    key = statement.subject_of(clause).key
    if key and key != other.key:
        return key, statement.name(key)
    return None, "" if key else statement.phrase(clause.subject)


def _licences(statement: Statement, lowered: str) -> Iterator[Fact]:
    """Licences: who gives one is the subject, who takes it the object."""
    mentions = [
        m
        for m in statement.mentions
        if statement.registry.kind(m.key) not in {"person", "award", "product", "journal", "regulator"}
    ]
    for number, mention in enumerate(mentions):
        left, right = lowered[: mention.start], lowered[mention.end :]
        group = [mention, *coordinated(mentions, number, statement.text)]
        clause = statement.clause_at(mention.start - 1)
        if _LICENSED_TO.search(left) and not _LICENSED_THING.match(right):
            giver = _licensor(statement, mentions, lowered, mention)
            for taker in group:
                yield _deal(
                    statement, "licensing", "license", giver, (taker.key, statement.name(taker.key)), clause
                )
        elif _LICENSED_BY.search(left):
            for taker in group:
                yield _deal(
                    statement, "licensing", "license", None, (taker.key, statement.name(taker.key)), clause
                )
        elif _LICENSED_FROM.search(left):
            taker_key, name = _acting(statement, clause, mention)
            yield _deal(
                statement, "licensing", "license", mention.key, (taker_key, name if taker_key else ""), clause
            )
        elif _TAKES_LICENCE.match(right) and not _LICENSED_FROM.search(lowered):
            yield _deal(
                statement, "licensing", "license", None, (mention.key, statement.name(mention.key)), clause
            )


def _licensor(statement: Statement, mentions: Sequence[Mention], lowered: str, taker: Mention) -> str | None:
    """Who licensed something to `taker`: the name before "licensed", "granted a licence" or behind "by"."""
    for mention in mentions:
        if mention.key == taker.key:
            continue
        if mention.end <= taker.start and _GRANTS_LICENCE.match(lowered[mention.end :]):
            return mention.key
        if mention.start >= taker.end and re.search(
            r"\bby\s+(?:the\s+)?$", lowered[taker.end : mention.start]
        ):
            return mention.key
    return None


def _wins(statement: Statement, lowered: str) -> Iterator[Fact]:
    """Prizes won: the winner is the subject, the prize the object."""
    prizes = [m for m in statement.mentions if statement.registry.kind(m.key) == "award"]
    for clause in statement.clauses:
        won = (clause.predicate in _WIN and not clause.passive) or (
            clause.predicate in _BESTOWED and clause.passive
        )
        prize = _prize(statement, clause, prizes) if won and not clause.negated else None
        for winner in _winners(statement, clause) if prize else []:
            if prize and winner != prize[0]:
                yield _deal(statement, "award", "win", winner, prize, clause)
    for given in prizes:
        if not re.search(r"\b(?:the )?award of\b[^.;]{0,80}$", lowered[: given.start]):
            continue
        behind = [(n, m) for n, m in enumerate(statement.mentions) if m.start >= given.end]
        if behind and _AWARD_TO.fullmatch(lowered[given.end : behind[0][1].start]):
            number, first = behind[0]
            for member in [first, *coordinated(list(statement.mentions), number, statement.text)]:
                yield _deal(
                    statement, "award", "win", member.key, (given.key, statement.name(given.key)),
                    statement.clause_at(given.start),
                )  # fmt: skip


def _prize(statement: Statement, clause: Clause, prizes: Sequence[Mention]) -> tuple[str | None, str] | None:
    """The prize won in a clause: its name, else the words of the object ("a major award")."""
    named = next((p for p in prizes if clause.verb.end <= p.start < clause.end), None)
    if named is not None:
        return named.key, statement.name(named.key)
    if clause.object is None or not _AWARD_NOUN.fullmatch(plain(clause.object.head.text)):
        return None
    words = cut_phrase(statement.text[clause.object.start : clause.object.head.end])
    return (None, words) if re.search(r"[A-Z]", words) else None


def _winners(statement: Statement, clause: Clause) -> list[str]:
    """The subject of a clause and what is coordinated to it: the name before the verb, else the parse's."""
    before = [m for m in statement.mentions if m.end <= clause.verb.start]
    key = statement.subject_of(clause).key
    at = next((i for i, m in enumerate(before) if m.key == key), None)
    if before and AUXILIARIES.fullmatch(statement.text[before[-1].end : clause.verb.start]):
        at = len(before) - 1
    if at is None:
        return [key] if key else []
    group = [
        *coordinated_before(before, at, statement.text),
        before[at],
        *coordinated(before, at, statement.text),
    ]
    return list(dict.fromkeys(member.key for member in group))


def _deal(
    statement: Statement,
    outcome_type: str,
    predicate: str,
    subject: str | None,
    object_: tuple[str | None, str],
    clause: Clause | None,
) -> Fact:
    start, end = (clause.start, clause.end) if clause else (0, len(statement.text))
    return statement.fact(
        outcome_type=outcome_type,
        extractor="relation",
        subject=statement.name(subject),
        subject_key=subject,
        predicate=predicate,
        object=object_[1],
        object_key=object_[0],
        date=statement.date_in(start, end),
        polarity="negated" if clause and clause.negated else "affirmed",
        modality=clause.modality if clause else "achieved",
        confidence=0.8,
    )

"""Who bought whom, when and for how much: told by clauses, and by the words between two names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clauses import Clause
from corpus.facts import Fact
from corpus.kinds import coordinated
from corpus.registry import Mention
from corpus.statements import Statement
from corpus.taxonomy import plain

_BUY = {"acquire", "buy", "purchase", "take over", "buy out", "buy up", "snap up"}
_GOODS = {
    "compound",
    "product",
    "drug",
    "patent",
    "technology",
    "right",
    "share",
    "licence",
    "one",
    "asset",
    "line",
}
_NO_COMPANY = {"person", "product", "award", "journal", "project", "programme"}
_BRACKET = r"\)?(?:\s*[\[(][^()\[\]]{0,60}[\])])?"
_DESCRIBED = (
    r"(?:(?:the|an?|its|us|uk)\s+)*(?:(?:[\w-]+\s+){0,4}"
    r"(?:giant|company|firm|group|multinational|corporation),?\s+)?"
)
_FOR_PRICE = r"(?:\s+for [£$€][\d.,]+\s?\w{0,8})?"
# "T, which was bought in 2011 by the pharma giant B": what stands between T and B.
_BOUGHT_BY = re.compile(
    rf"{_BRACKET},?\s+\(?(?:(?:which|that|and|was|were|has|had|been|is|being|now|since|later|then|subsequently|recently|also|"
    r"fully|itself|in|\d{4}|eventually|successfully)\s+)*"
    r"(?:(?:acquired|bought(?: out| up)?|purchased|taken over|snapped up)(?:\s+in (?:\w+ )?\d{4},?)?"
    rf"{_FOR_PRICE}\s+by|sold(?:\s+in \d{{4}})?{_FOR_PRICE}\s+to)\s+{_DESCRIBED}"
)
_ACQUISITION = r"(?:acquisition|take-?over|buy-?out|purchase)"
# "the acquisition of T by B", "B's acquisition of T".
_ACQUISITION_OF = re.compile(rf"\b{_ACQUISITION} of\s+{_DESCRIBED}$")
_BY = re.compile(rf"{_BRACKET}(?:\s+in (?:\w+ )?\d{{4}})?\s+by\s+{_DESCRIBED}")
_OWN_ACQUISITION_OF = re.compile(rf"'s?\s+(?:\w+\s+)?{_ACQUISITION} of\s+{_DESCRIBED}")
# "resulted in its acquisition by B": what stands before B; T is what "its" stands for.
_ITS_ACQUISITION = re.compile(
    rf"\b(?:its|whose|the company's|'s)\s+{_ACQUISITION}(?:\s+in (?:\w+ )?\d{{4}})?\s+by\s+{_DESCRIBED}$"
)
# "T was founded in 1997, raised money and was bought by B": what stands before B; T opened the sentence.
_AND_BOUGHT_BY = re.compile(
    r"(?:,|\band)\s+(?:(?:was|were|has|had|been|is|since|later|then|subsequently|recently|finally|eventually)\s+)*"
    rf"(?:(?:acquired|bought(?: out)?|purchased|taken over)(?:\s+in \d{{4}})?\s+by|sold\s+to)\s+{_DESCRIBED}$"
)
_FIRM_IN_BRACKET = re.compile(r"\b(?:company|firm|business|spin-?out|spin-?off|venture)\s+\([\"']?$")
_REACH_CHARS = 90


def acquisition_facts(statement: Statement) -> Iterator[Fact]:
    """Every purchase of a company: the buyer is the subject, the target the object."""
    if not re.search(
        r"acqui|bought|buy|purchas|take-?over|taken over|sold|sell|snapped", plain(statement.text)
    ):
        return
    told: set[tuple[str, str]] = set()
    for buyer, target, start, clause in [*_by_words(statement), *_by_clauses(statement)]:
        if buyer != target and (buyer, target) not in told:
            told.add((buyer, target))
            yield _purchase(statement, buyer, target, start, clause)


def _by_words(statement: Statement) -> Iterator[tuple[str, str, int, Clause | None]]:
    text = plain(statement.text)
    mentions = [m for m in statement.mentions if statement.registry.kind(m.key) not in _NO_COMPANY]
    for number, mention in enumerate(mentions):
        if _is_modifier(statement, mention):
            continue
        if number and _ITS_ACQUISITION.search(text[: mention.start]):
            target = next(
                (m for m in reversed(mentions[:number]) if statement.registry.kind(m.key) == "company"), None
            )
            if target is not None:
                yield mention.key, target.key, mention.end, statement.clause_at(mention.start)
        if number and _AND_BOUGHT_BY.search(text[: mention.start]):
            first = next((m for m in mentions[:number] if statement.registry.kind(m.key) == "company"), None)
            if first is not None and not re.search(r"\bby\s+(?:the\s+)?$", text[: first.start]):
                for buyer in [mention, *coordinated(mentions, number, statement.text)]:
                    yield buyer.key, first.key, buyer.end, statement.clause_at(buyer.start)
        for other in mentions[number + 1 :]:
            gap = text[mention.end : other.start]
            if len(gap) > 140:
                break
            if gap.startswith(")") and not _FIRM_IN_BRACKET.search(text[: mention.start]):
                break  # "raised money from investors (T) and was bought by B"
            if _BOUGHT_BY.fullmatch(gap) and not _are_goods(statement, mention):
                for buyer in [other, *coordinated(mentions, mentions.index(other), statement.text)]:
                    yield buyer.key, mention.key, buyer.end, statement.clause_at(buyer.start)
            elif _BY.fullmatch(gap) and _ACQUISITION_OF.search(text[: mention.start]):
                yield other.key, mention.key, other.end, statement.clause_at(other.start)
            elif _OWN_ACQUISITION_OF.fullmatch(gap):
                yield mention.key, other.key, other.end, statement.clause_at(mention.start)


def _are_goods(statement: Statement, mention: Mention) -> bool:
    """True for "one of its compounds (T) was bought": not the company was."""
    words = plain(statement.text[: mention.start]).rstrip("( ").split()[-2:]
    return any(word.strip(",").removesuffix("s") in _GOODS for word in words)


def _by_clauses(statement: Statement) -> Iterator[tuple[str, str, int, Clause | None]]:
    for clause in statement.clauses:
        behind = plain(statement.text[clause.verb.end : clause.verb.end + 80])
        sold = clause.predicate == "sell" and re.search(r"\bto\b", behind) is not None
        if clause.predicate in _BUY or sold:
            buyer, target = _buyer_and_target(statement, clause, sold)
            if buyer is not None and target is not None:
                yield buyer, target, clause.verb.end, clause


def _purchase(statement: Statement, buyer: str, target: str, start: int, clause: Clause | None) -> Fact:
    money = next(
        (q for q in statement.quantities if q.kind == "money" and start <= q.start < start + _REACH_CHARS),
        None,
    )
    if money and any(
        start <= m.start < money.start for m in statement.mentions if m.key not in {buyer, target}
    ):
        money = None  # the price of the next purchase
    return statement.relation(
        buyer,
        "acquire",
        target,
        outcome_type="business_growth",
        value=money.value if money else None,
        value_text=money.text if money else "",
        unit=money.unit if money else "",
        qualifier=money.qualifier if money else "",
        date=_date(statement, start, clause),
        polarity="negated" if clause and clause.negated else "affirmed",
        modality=clause.modality if clause else "achieved",
        confidence=0.8,
    )


def _date(statement: Statement, start: int, clause: Clause | None) -> str:
    """The date behind the deal, else the first one of its clause, else the one that opens the sentence."""
    behind = [d for d in statement.dates if start <= d.start < start + _REACH_CHARS
              and not re.search(r"[;]|\band\b", statement.text[start : d.start])]  # fmt: skip
    own = [d for d in statement.dates if clause and clause.start <= d.start < clause.end]
    opening = [d for d in statement.dates if d.start < 20]
    return next((dates[0].value for dates in (behind, own, opening) if dates), "")


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
        direct = [
            m for m in behind if receivers and m.start < receivers[0].start and not _is_modifier(statement, m)
        ]
        return buyer, subject if clause.passive else (direct[0].key if direct else None)
    if clause.passive:
        if clause.subject is not None and clause.subject.head.lemma in _GOODS:
            return None, None
        agents = [m for m in behind if re.search(r"\bby\s+(?:the\s+)?$", plain(statement.text[: m.start]))]
        return (agents[0].key if agents else None), subject
    is_direct = (
        clause.object is not None
        and clause.object.start <= (behind[0].start if behind else -1) < clause.object.end
    )
    return subject, behind[0].key if behind and is_direct and _is_whole(
        statement, clause, behind[0]
    ) else None


def _is_modifier(statement: Statement, mention: Mention) -> bool:
    """True when a name only modifies the noun behind it: "Norvia cell lines"."""
    token = statement.parse.at(mention.end + 1)
    return token is not None and token.pos == "NOUN" and statement.text[mention.end : mention.end + 1] == " "


def _is_whole(statement: Statement, clause: Clause, mention: Mention) -> bool:
    """True when the object of a purchase is the company itself, not rights, shares or goods of it."""
    assert clause.object is not None
    before = plain(statement.text[clause.object.start : mention.start])
    return not re.search(
        r"\b(?:rights?|shares?|compounds?|products?|licen[cs]e|patents?|from|stake|samples?|goods)\b", before
    )

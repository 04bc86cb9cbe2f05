"""Which facts are wanted, in which order, and the page of them that comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from corpus.facts import Fact, in_words
from corpus.store import STANDING, Store
from service.errors import InvalidInput


class FactQuery(NamedTuple):
    """Conditions that all must hold; an empty one limits nothing."""

    document_id: str = ""
    outcome_type: str = ""
    project: str = ""
    place: str = ""
    subject: str = ""  # part of the subject's name
    q: str = ""  # words that the fact or its quote must hold
    review: str = ""  # proposed, accepted, rejected, or any; "" leaves out the rejected
    subject_type: str = ""
    year: str = ""  # that the fact's date lies in or spans


Column = Literal["", "outcome_type", "subject", "value", "project", "place", "date"]


class Order(NamedTuple):
    """By what facts are sorted; what has nothing there comes last. By "" they stand as they are read."""

    sort: Column = ""
    descending: bool = False


AS_READ = Order()


class FactPage(NamedTuple):
    """Some facts in document order, and the id after which the next page begins (None: there is none)."""

    facts: list[Fact]
    total: int
    next_cursor: str | None


def matching(store: Store, query: FactQuery, order: Order = AS_READ) -> list[Fact]:
    """Every fact that meets the query; equals of the order stand in document order and then reading order."""
    facts = store.facts(
        query.document_id,
        query.outcome_type,
        project=query.project,
        place=query.place,
        review=() if query.review == "any" else query.review or STANDING,
        subject_type=query.subject_type,
        date_from=query.year,
        date_to=query.year,
    )
    subject, words = query.subject.casefold(), query.q.casefold().split()
    found = [fact for fact in facts if subject in fact.subject.casefold() and _holds(fact, words)]
    return _sorted(found, order) if order.sort else found


def page(store: Store, query: FactQuery, cursor: str, rows: int, order: Order = AS_READ) -> FactPage:
    """The first `rows` facts that meet the query, after the fact that `cursor` names.

    Raises InvalidInput when the cursor's fact is gone.
    """
    facts = matching(store, query, order)
    rest = facts[_position_after(facts, cursor) :] if cursor else facts
    return FactPage(rest[:rows], len(facts), rest[rows - 1].id if len(rest) > rows else None)


def _sorted(facts: Sequence[Fact], order: Order) -> list[Fact]:
    key: Callable[[Fact], float | str] = (
        (lambda fact: fact.value if fact.value is not None else 0.0)
        if order.sort == "value"
        else (lambda fact: str(getattr(fact, order.sort)).casefold())
    )
    known = [fact for fact in facts if getattr(fact, order.sort) not in ("", None)]
    unknown = [fact for fact in facts if getattr(fact, order.sort) in ("", None)]
    return [*sorted(known, key=key, reverse=order.descending), *unknown]


def _holds(fact: Fact, words: Sequence[str]) -> bool:
    text = f"{in_words(fact)} {fact.selector.exact}".casefold() if words else ""
    return all(word in text for word in words)


def _position_after(facts: Sequence[Fact], cursor: str) -> int:
    position = next((place for place, fact in enumerate(facts) if fact.id == cursor), None)
    if position is None:
        raise InvalidInput(
            "cursor",
            "The fact it stood at is not among these facts any more.",
            "Start again without a cursor, with the same filters on every page.",
        )
    return position + 1

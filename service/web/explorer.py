"""The page of all facts: filtered, counted, sorted, to take along; and a fact's own page, where it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, NamedTuple, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from corpus.curation import Outdated
from corpus.decisions import BY_CHARS_MAX, CHANGE_CHARS_MAX, NOTE_CHARS_MAX, InvalidDecision, Verdict
from corpus.facts import Fact
from corpus.taxonomy import ENTITY_KINDS, outcome_types
from service.api.decisions import FactId, curated_fact
from service.api.facts import FactQueryDep, OrderDep
from service.errors import STATUS
from service.knowledge.fact_query import AS_READ, Column, FactQuery, Order, matching
from service.parts import Parts
from service.running.app_parts import PartsDep
from service.web import charts, render
from service.web.charts import Bar, Chart
from service.web.evidence import passage_url
from service.web.forms import SENT_FROM_HERE
from service.writing import prose
from service.writing.citations import citation_url

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

FACTS_A_PAGE = 25  # with the lists to choose from some 50 KB
_BARS_MAX = 8
_CHOICES_MAX = 300  # in one list to choose from: the commonest

_COLUMNS: dict[Column, str] = {
    "outcome_type": "About",
    "subject": "Who",
    "value": "Figure",
    "project": "Project",
    "place": "Place",
    "date": "Date",
}
_EXPORTS = (("csv", "CSV"), ("json", "JSON"), ("bibtex", "BibTeX"), ("csl", "CSL-JSON"))
_KINDS = {kind: kind.replace("_", " ") for kind in ENTITY_KINDS} | {"sme": "SME"}
_CORRECTED = ("outcome_type", "subject", "value", "unit", "object", "project", "place", "date")


class Head(NamedTuple):
    """The head of a column: its name, where sorting by it leads, and how it is sorted now."""

    name: Column
    label: str
    url: str
    sorted: str


class Pages(NamedTuple):
    """Which page it is, of how many, and the links to its neighbours ("" when there are none)."""

    number: int
    total: int
    previous: str
    next: str


@router.get("/facts")
def facts(
    parts: PartsDep, query: FactQueryDep, order: OrderDep, page: Annotated[int, Query(ge=1, le=10**6)] = 1
) -> HTMLResponse:
    """The facts that meet the filters: their counts, and a page of them."""
    found = matching(parts.store, query, order)
    pages = _pages(query, order, page, len(found))
    first = (pages.number - 1) * FACTS_A_PAGE
    documents = parts.store.document_list()
    shown = render(
        "facts.html",
        facts=found[first : first + FACTS_A_PAGE],
        first=first,
        total=len(found),
        query=query,
        order=order,
        is_limited=any(query),
        choices=_choices(parts.assistant.knowledge.facts),
        documents=documents,
        titles={document.id: document.title for document in documents},
        labels=_labels(),
        heads=_heads(query, order, found),
        charts=_charts(found),
        years=charts.by_year(fact.date for fact in found),
        chosen_url=lambda name: partial(_chosen_url, query, order, name),
        link=_link,
        evidence_link=_evidence_link,
        pages=pages,
        exports=[
            (label, f"/v1/facts/export/{name}?{query_string(query, order)}") for name, label in _EXPORTS
        ],
    )
    url = facts_url(query, order, page=str(pages.number) if pages.number > 1 else "")
    return HTMLResponse(shown, headers={"hx-push-url": url})


@router.get("/facts/{fact_id}")
def fact_page(parts: PartsDep, fact_id: FactId) -> str:
    """A fact with its quote, what people decided about it, and the form to decide."""
    return _fact_page(parts, fact_id)


@router.post("/facts/{fact_id}/review", dependencies=[SENT_FROM_HERE])
async def review(request: Request, parts: PartsDep, fact_id: FactId) -> Response:
    """Takes the decision and leads back to the fact; says on its page why one cannot be taken."""
    async with request.form(max_files=0, max_fields=30) as form:
        sent = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    try:
        await run_in_threadpool(_decide, parts, fact_id, sent)
    except (InvalidDecision, Outdated) as error:
        page = await run_in_threadpool(_fact_page, parts, fact_id, str(error), sent)
        return HTMLResponse(page, status_code=STATUS[type(error)])
    return RedirectResponse(f"/facts/{fact_id}", status_code=303)


def _decide(parts: Parts, fact_id: str, sent: Mapping[str, str]) -> None:
    verdict, revision = sent.get("decision", ""), sent.get("revision", "")
    if verdict not in get_args(Verdict):
        raise InvalidDecision("decision", "None was made.", "Accept, correct or reject.")
    fact = parts.store.fact(fact_id)
    shown = {name: _shown(fact, name) for name in _CORRECTED}
    changes = {name: sent[name] for name, value in shown.items() if sent.get(name, value) != value}
    parts.store.curation.decide(
        fact_id,
        cast(Verdict, verdict),
        sent.get("by", ""),
        changes if verdict == "correct" else {},
        sent.get("note", ""),
        int(revision) if revision.isdecimal() else 0,
    )


def _fact_page(parts: Parts, fact_id: str, wrong: str = "", sent: Mapping[str, str] | None = None) -> str:
    fact = curated_fact(parts.store, fact_id)
    return render(
        "fact.html",
        fact=fact,
        title=parts.store.document(fact.document_id).title,
        labels=_labels(),
        corrected={name: (sent or {}).get(name, _shown(fact, name)) for name in _CORRECTED},
        by=(sent or {}).get("by", ""),
        note=(sent or {}).get("note", ""),
        wrong=wrong,
        before=prose.words_before(fact.selector),
        after=prose.words_after(fact.selector),
        link=_link(fact),
        evidence_link=passage_url(fact.document_id, fact.selector.start, fact.selector.end),
        chars_max={"by": BY_CHARS_MAX, "note": NOTE_CHARS_MAX, "change": CHANGE_CHARS_MAX},
    )


def _shown(fact: Fact, name: str) -> str:
    """What a field of a fact says, as it stands in a form."""
    value = getattr(fact, name)
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def _charts(facts: Sequence[Fact]) -> list[tuple[str, str, Chart]]:
    """(heading, filter, chart) of what the facts are about and their projects."""
    return [
        ("By outcome", "outcome_type", charts.ranked((f.outcome_type for f in facts), _labels(), _BARS_MAX)),
        ("By project", "project", charts.ranked((f.project for f in facts), limit=_BARS_MAX)),
    ]


def _choices(facts: Sequence[Fact]) -> list[tuple[str, str, tuple[Bar, ...]]]:
    """(filter, label, what can be chosen) of each list, by name but for the outcomes, the commonest first."""
    kinds = charts.ranked((fact.outcome_type for fact in facts), _labels()).bars
    named = [
        ("subject_type", "Kind", (fact.subject_type for fact in facts if fact.subject)),
        ("project", "Project", (fact.project for fact in facts)),
        ("place", "Place", (fact.place for fact in facts)),
        ("year", "Year", (fact.date[:4] for fact in facts)),
    ]
    return [
        ("outcome_type", "Outcome", kinds),
        *(
            (name, label, _by_name(charts.ranked(values, _KINDS, _CHOICES_MAX)))
            for name, label, values in named
        ),
    ]


def _by_name(chart: Chart) -> tuple[Bar, ...]:
    return tuple(sorted(chart.bars, key=lambda bar: bar.label.casefold()))


def _heads(query: FactQuery, order: Order, facts: Sequence[Fact]) -> list[Head]:
    """The columns that have something in any of the facts; a second click turns the order round."""
    heads = []
    for name, label in _COLUMNS.items():
        if any(getattr(fact, name) not in ("", None) for fact in facts):
            is_sorted = order.sort == name
            turned = Order(name, is_sorted and not order.descending)
            direction = ("descending" if order.descending else "ascending") if is_sorted else ""
            heads.append(Head(name, label, facts_url(query, turned), direction))
    return heads


def _pages(query: FactQuery, order: Order, asked: int, facts: int) -> Pages:
    total = max(1, -(-facts // FACTS_A_PAGE))
    number = min(asked, total)
    before, after = (facts_url(query, order, page=str(page)) for page in (number - 1, number + 1))
    return Pages(number, total, before if number > 1 else "", after if number < total else "")


def facts_url(query: FactQuery, order: Order = AS_READ, **more: str) -> str:
    """The page of the facts that meet the query."""
    return f"/facts?{query_string(query, order, **more)}".rstrip("?")


def _chosen_url(query: FactQuery, order: Order, name: str, value: str) -> str:
    """The page with one filter set otherwise."""
    return facts_url(query._replace(**{name: value}), order)


def query_string(query: FactQuery, order: Order, **more: str) -> str:
    """The query with its order as the query string of an address, without what limits nothing."""
    sorted_by = {"sort": order.sort, "descending": "true" if order.descending else ""}
    return urlencode({name: value for name, value in (query._asdict() | sorted_by | more).items() if value})


def _labels() -> dict[str, str]:
    return {name: kind.label for name, kind in outcome_types().items()}


def _link(fact: Fact) -> str:
    return citation_url(fact.document_id, fact.selector.start, fact.selector.end)


def _evidence_link(fact: Fact) -> str:
    return passage_url(fact.document_id, fact.selector.start, fact.selector.end)

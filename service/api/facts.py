"""GET /v1/facts: what the reports state, typed, filtered, page by page or as a table."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from corpus.facts import Fact
from service.api.decisions import CuratedFact, FactId, curated_fact
from service.errors import InvalidInput, responses
from service.facts_table import as_csv
from service.knowledge.fact_query import Column, FactQuery, Order, matching, page
from service.running.app_parts import PartsDep
from service.writing import exports

router = APIRouter(prefix="/v1/facts", tags=["facts"])

_Text = Annotated[str, Query(max_length=500)]


class Facts(BaseModel):
    """A page of facts in document order."""

    facts: list[Fact]
    total: int
    next_cursor: str | None = None


def fact_query(
    document_id: _Text = "",
    outcome_type: Annotated[str, Query(max_length=100, examples=["spin_out"])] = "",
    project: _Text = "",
    place: _Text = "",
    subject: Annotated[str, Query(max_length=500, description="Part of the subject's name.")] = "",
    q: Annotated[str, Query(max_length=500, description="Words that the fact or its quote must hold.")] = "",
    review: Annotated[
        Literal["", "proposed", "accepted", "rejected", "any"],
        Query(description="What people decided; by default all but rejected facts.", examples=["proposed"]),
    ] = "",
    subject_type: Annotated[
        str, Query(max_length=100, description="What the subject is.", examples=["company"])
    ] = "",
    year: Annotated[
        str, Query(pattern=r"^(\d{4})?$", description="That its date lies in or spans.", examples=["2015"])
    ] = "",
) -> FactQuery:
    """The conditions of the query string."""
    return FactQuery(document_id, outcome_type, project, place, subject, q, review, subject_type, year)


def fact_order(
    sort: Annotated[Column, Query(description="What has nothing there comes last.", examples=["value"])] = "",
    descending: Annotated[bool, Query(examples=[True])] = False,
) -> Order:
    """The order of the query string."""
    return Order(sort, descending)


FactQueryDep = Annotated[FactQuery, Depends(fact_query)]
OrderDep = Annotated[Order, Depends(fact_order)]


@router.get(
    "",
    operation_id="list_facts",
    summary="List facts",
    response_model=Facts,
    responses=responses(422) | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def list_facts(
    parts: PartsDep,
    query: FactQueryDep,
    order: OrderDep,
    cursor: Annotated[str, Query(max_length=100, description="`next_cursor` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, description="Rows of this page.", examples=[20])] = 100,
    format: Annotated[
        Literal["json", "csv"], Query(description="csv has every row, without pages.")
    ] = "json",
) -> Facts | Response:
    """The facts that meet every filter given, in the order of documents and then of reading unless sorted."""
    if format == "csv":
        headers = {"content-disposition": 'attachment; filename="facts.csv"'}
        return Response(as_csv(matching(parts.store, query, order)), media_type="text/csv", headers=headers)
    if limit > parts.settings.page_rows_max:
        raise InvalidInput(
            "limit", f"At most {parts.settings.page_rows_max} rows come at once.", "Use the cursor."
        )
    facts, total, next_cursor = page(parts.store, query, cursor, limit, order)
    return Facts(facts=facts, total=total, next_cursor=next_cursor)


@router.get(
    "/export/{format}",
    operation_id="export_facts",
    summary="Export facts or their sources",
    response_class=Response,
    responses=responses(422)
    | {200: {"content": {media_type: {} for media_type in dict.fromkeys(exports.MEDIA_TYPES.values())}}},
)
def export_facts(
    parts: PartsDep,
    query: FactQueryDep,
    order: OrderDep,
    format: Annotated[exports.Format, Path(examples=["bibtex"])],
) -> Response:
    """Every fact that meets the filters as `csv` or `json`, or the documents they stand in as `bibtex` or `csl`."""
    name = f'attachment; filename="{exports.FILE_NAMES[format]}"'
    text = exports.exported(parts.store, matching(parts.store, query, order), format)
    return Response(text, media_type=exports.MEDIA_TYPES[format], headers={"content-disposition": name})


@router.get("/{fact_id}", operation_id="get_fact", summary="Get one fact", responses=responses(404, 422))
def get_fact(parts: PartsDep, fact_id: FactId) -> CuratedFact:
    """The fact, with the quote it was read from and what people decided about it."""
    return curated_fact(parts.store, fact_id)

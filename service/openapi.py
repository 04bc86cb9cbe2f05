"""The OpenAPI document, with examples of the corpus at hand: each works as sent."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse

from corpus.store import STANDING, Store
from service.errors import responses
from service.running.app_parts import PartsDep
from service.running.rules import needed_scope
from service.writing.citations import citation_id

Schema = dict[str, Any]


def install(app: FastAPI) -> None:
    """`/openapi.json` then names documents and facts that the asker may read, and failures as problem+json."""

    @app.get("/openapi.json", include_in_schema=False)
    def described(parts: PartsDep) -> JSONResponse:
        schema = deepcopy(app.openapi())
        examples = path_examples(parts.store)
        schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for path, route in schema["paths"].items():
            for method, operation in route.items():
                _declare_access(operation, needed_scope(method.upper(), path))
                _fill(operation, examples)
                _declare_problems(operation)
        return JSONResponse(schema)


def path_examples(store: Store) -> dict[str, str]:
    """An id that exists for each path parameter; none for an empty store."""
    facts, jobs = store.facts(review=STANDING, limit=1), store.jobs.newest(1)
    examples = {"job_id": jobs[0].id} if jobs else {}
    if answer_id := store.conversations.newest_answer_id():
        examples["answer_id"] = answer_id
    if not facts:
        return examples
    fact, quote = facts[0], facts[0].selector
    return examples | {
        "document_id": fact.document_id,
        "fact_id": fact.id,
        "citation_id": citation_id(fact.document_id, quote.start, quote.end, quote.exact),
    }


def _fill(operation: Schema, examples: dict[str, str]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["name"] in examples:
            parameter["example"] = examples[parameter["name"]]


def _declare_access(operation: Schema, scope: str | None) -> None:
    """Says which key it needs where the service asks for keys, and how a request without is refused."""
    if scope is None:
        return
    operation["security"] = [{}, {"key": []}]
    operation["description"] += f"\n\nWhere keys are needed: one with the scope `{scope}`."
    for status, refused in responses(401, 403, 429).items():
        schema = {"$ref": "#/components/schemas/Problem"}
        operation["responses"].setdefault(
            str(status),
            {
                "description": refused["description"],
                "content": {"application/problem+json": {"schema": schema}},
            },
        )


def _declare_problems(operation: Schema) -> None:
    for status, response in operation["responses"].items():
        if status >= "400" and "application/json" in response.get("content", {}):
            response["content"]["application/problem+json"] = response["content"].pop("application/json")

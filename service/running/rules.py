"""Which scope each route needs: the one table that access, rates, other sites and the OpenAPI go by."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus import keys

_READ, _CHANGE = "GET|HEAD", "POST|DELETE"


class Rule(NamedTuple):
    """What requests of these methods to these paths need; no scope where anybody may ask."""

    methods: str
    paths: str
    scope: keys.Scope | None


# The first rule that fits holds. What none fits needs "admin": a route that was forgotten here is closed.
RULES = (
    Rule(_READ, "/healthz|/readyz|/static/.+|/accessibility", None),
    Rule("POST", "/slack/(command|event|action)", None),  # they carry Slack's signature
    Rule("POST", "/teams/messages", None),  # they carry Microsoft's token
    Rule(_READ, "/metrics|/version|/openapi.json", "read"),
    Rule("POST", "/v1/(ask|chat/completions|responses)|/api/(chat|dialogflow|rasa)", "ask"),
    Rule(_READ, "/|/v1/models|(/v1)?/answers/[^/]+(/sources/.+|/copy/.+)?", "ask"),
    Rule("POST", "(/v1)?/answers/[^/]+/feedback", "ask"),
    Rule("GET|POST|DELETE", "/mcp", "read"),  # its tool that asks needs "ask" beside it
    Rule(_READ, "/v1/answers/[^/]+/feedback|/v1/decisions", "review"),
    Rule(_CHANGE, "(/v1)?/facts/[^/]+/review", "review"),
    Rule(_READ, "/v1/jobs(/.+)?|/documents/jobs/.+", "ingest"),
    Rule(_CHANGE, "/v1/documents(/.+)?|/documents", "ingest"),
    Rule("GET|HEAD|POST", "/documents/[^/]+/remove", "ingest"),
    Rule(_READ, "(/v1)?/(facts|documents)(/.+)?|/v1/citations/.+|/v1/search", "read"),
)


# What counts documents of all collections is for keys that may read all.
OF_EVERYTHING = frozenset({"/metrics"})


def needed_scope(method: str, path: str) -> keys.Scope | None:
    """The scope that a request needs; None when anybody may send it."""
    for rule in RULES:
        if method in rule.methods.split("|") and re.fullmatch(rule.paths, path):
            return rule.scope
    return "admin"

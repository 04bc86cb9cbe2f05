"""The JSON interface: one router for each kind of thing that is asked for."""

from __future__ import annotations

from fastapi import APIRouter

from service.api import answers, ask, citations, decisions, documents, facts, health, jobs, search

ROUTERS: tuple[APIRouter, ...] = (
    ask.router,
    answers.router,
    facts.router,
    decisions.router,
    documents.router,
    jobs.router,
    citations.router,
    search.router,
    health.router,
)

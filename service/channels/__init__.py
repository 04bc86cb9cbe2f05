"""Chat clients of other makers: thin adapters that say one `Answer` in the words that each client reads."""

from __future__ import annotations

from fastapi import APIRouter

from service.channels import chat_completions, dialogflow, rasa, slack, teams, ui_messages
from service.channels import responses as openai_responses

ROUTERS: tuple[APIRouter, ...] = (
    chat_completions.router,
    openai_responses.router,
    ui_messages.router,
    slack.router,
    teams.router,
    dialogflow.router,
    rasa.router,
)

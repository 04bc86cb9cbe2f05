"""What the Teams app does with a message: checks whose token it carries, asks, and replies with cited passages."""

from __future__ import annotations

from functools import lru_cache

import structlog
from fastapi import Request
from jwt import PyJWTError
from microsoft_agents.activity import Activity, ActivityTypes, TextFormatTypes
from microsoft_agents.activity.entity import AIEntity, ClientCitation, ClientCitationAppearance
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.core import (
    AgentAuthConfiguration,
    ClaimsIdentity,
    OutboundHostValidator,
    RestChannelServiceClientFactory,
    TurnContext,
)
from microsoft_agents.hosting.core.authorization.jwt import JwtTokenValidator
from microsoft_agents.hosting.core.connector.client import UserTokenClient
from microsoft_agents.hosting.fastapi import CloudAdapter
from pydantic import ValidationError
from starlette.responses import Response

from service.answer import Answer
from service.channels.remembered import Remembered
from service.channels.told import answered, shown, title
from service.errors import STATUS, InvalidInput, NoKey
from service.parts import Parts

# Teams shows no more than these.
_CITATIONS_MAX = 20
_NAME_CHARS_MAX = 80
_ABSTRACT_CHARS_MAX = 160
_WITHOUT_QUESTION = "Ask something, for example: Which SMEs spun off companies?"
_FAILED = "The service failed; its log says why. Ask again."
_FORESEEN = tuple(STATUS)
_conversations = Remembered()  # of Teams, so that the next message is a follow-up
_log = structlog.get_logger("impactqa.teams")


async def take(request: Request, parts: Parts, base: str) -> Response:
    """The reply to an activity that Teams sent. Raises NoKey for what anybody else sent."""
    adapter, validator = _connected(
        parts.settings.teams_app_id,
        parts.settings.teams_tenant_id,
        parts.settings.teams_secret.get_secret_value(),
    )
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise ValueError("no token")
        request.state.claims_identity = await validator.validate_token(token)
    except (ValueError, KeyError, PyJWTError) as error:
        raise NoKey("The token is not for the Teams app. Compare IMPACTQA_TEAMS_APP_ID.") from error
    try:
        Activity.model_validate_json(await request.body())
    except ValidationError as error:
        raise InvalidInput(
            "body", "It is no activity of the Bot Framework.", "Send what Teams sends."
        ) from error
    response: Response | None = await adapter.process(request, _Agent(parts, base))
    return response or Response()


class _Clients(RestChannelServiceClientFactory):
    """What the SDK talks to Microsoft with. It would fetch a token for the tokens of users, which nobody needs here."""

    async def create_user_token_client(
        self, context: TurnContext, claims_identity: ClaimsIdentity, use_anonymous: bool = False
    ) -> UserTokenClient:
        return await super().create_user_token_client(context, claims_identity, use_anonymous=True)


class _Agent:
    """Answers what is said to the app; what else happens in a conversation is none of its business."""

    def __init__(self, parts: Parts, base: str) -> None:
        self._parts = parts
        self._base = base

    async def on_turn(self, context: TurnContext) -> None:
        activity = context.activity
        if activity.type != ActivityTypes.message:
            return
        question = TurnContext.remove_recipient_mention(activity) if activity.entities else activity.text
        await context.send_activity(await self._reply((question or "").strip(), activity.conversation.id))

    async def _reply(self, question: str, conversation: str) -> Activity:
        if not question:
            return _said(_WITHOUT_QUESTION)
        try:
            answer = await answered(self._parts, question, _conversations.get(conversation))
        except _FORESEEN as error:
            return _said(str(error))
        _conversations[conversation] = answer.conversation_id or ""
        return _cited(answer, self._base)


def _cited(answer: Answer, base: str) -> Activity:
    """The answer as Teams shows one with sources: its marks become those of the citations with these positions."""
    citations = [
        ClientCitation(
            position=citation.number,
            appearance=ClientCitationAppearance(
                name=title(citation)[:_NAME_CHARS_MAX],
                abstract=citation.quote[:_ABSTRACT_CHARS_MAX],
                url=f"{base}{citation.url}",
            ),
        )
        for citation in answer.citations[:_CITATIONS_MAX]
    ]
    # Written out: what only has its default is left out of the message, and with it the label of automated content.
    entity = AIEntity(
        type="https://schema.org/Message",
        at_type="Message",
        at_context="https://schema.org",
        additional_type=["AIGeneratedContent"],
        citation=citations,
    )
    reply = _said(shown(answer))
    reply.entities = [entity]
    return reply


def _said(text: str) -> Activity:
    return Activity(type=ActivityTypes.message, text=text, text_format=TextFormatTypes.markdown)


@lru_cache(maxsize=1)
def _connected(app_id: str, tenant_id: str, secret: str) -> tuple[CloudAdapter, JwtTokenValidator]:
    """The SDK's adapter, which sends to Microsoft's hosts alone, and what checks tokens of the app."""
    configuration = AgentAuthConfiguration(
        client_id=app_id,
        tenant_id=tenant_id or None,
        client_secret=secret,
        connection_name="SERVICE_CONNECTION",
        validate_issuer=True,
    )
    connections = MsalConnectionManager({"SERVICE_CONNECTION": configuration})
    adapter = CloudAdapter(
        channel_service_client_factory=_Clients(connections),
        host_validator=OutboundHostValidator(enabled=True),
    )
    adapter.on_turn_error = _failed  # its own tells the reader the exception
    return adapter, JwtTokenValidator(configuration)


async def _failed(context: TurnContext, error: Exception) -> None:
    _log.error("teams_failed", exc_info=error)
    await context.send_activity(_said(_FAILED))

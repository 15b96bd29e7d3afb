"""Sessions over REST: the same services and the same log as over the socket."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.admission import ticket_for
from consciousness.api.serializers import (
    MessageOut,
    OpenSession,
    SaidOut,
    SayMessage,
    SessionOut,
    TicketOut,
    TurnNowOut,
    TurnOut,
)
from consciousness.policies import can_hold_sessions
from consciousness.selectors import messages_in, session_for, sessions_of
from consciousness.services.messages import say
from consciousness.services.sessions import end_session, open_session
from consciousness.services.standings import turn_now
from consciousness.services.turns import cancel_turn, retry_turn
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import NewestFirst, OldestFirst, paginated
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.live.tickets import TICKET_SECONDS


class SessionsView(ApiView):
    """One's sessions."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="sessions_list", responses=paginated(SessionOut))
    def get(self, request: Request) -> Response:
        """My sessions, newest first."""
        return NewestFirst().page_response(sessions_of(self.actor), request, SessionOut)

    @extend_schema(operation_id="sessions_open", request=OpenSession, responses={201: SessionOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a session with a Traveler; needs consent to the AI provider."""
        session = open_session(actor=self.actor, **self.parse(OpenSession, request))
        return Response(SessionOut(session).data, status=201)


class SessionView(ApiView):
    """One session."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="sessions_get", responses=SessionOut)
    def get(self, _request: Request, uid: UUID) -> Response:
        """One of my sessions."""
        return Response(SessionOut(session_for(self.actor, uid)).data)


class EndSessionView(ApiView):
    """Ending it."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="sessions_end", request=None, responses=SessionOut)
    def post(self, _request: Request, uid: UUID) -> Response:
        """End the session; what was said stays."""
        return Response(SessionOut(end_session(session=uid, actor=self.actor)).data)


class MessagesView(ApiView):
    """What was said."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="messages_list", responses=paginated(MessageOut))
    def get(self, request: Request, uid: UUID) -> Response:
        """The transcript, oldest first."""
        messages = messages_in(session_for(self.actor, uid))
        return OldestFirst().page_response(messages, request, MessageOut)

    @extend_schema(operation_id="messages_say", request=SayMessage, responses={201: SaidOut})
    @idempotent
    def post(self, request: Request, uid: UUID) -> Response:
        """Say something without a socket; the client id makes it safe to repeat."""
        said = say(session=uid, actor=self.actor, **self.parse(SayMessage, request))
        return Response(asdict(said), status=201 if said.is_new else 200)


class TicketsView(ApiView):
    """Tickets for the socket."""

    policy = can_hold_sessions
    throttle_scope = "live"

    @extend_schema(operation_id="sessions_ticket", request=None, responses={201: TicketOut})
    def post(self, request: Request, uid: UUID) -> Response:
        """A single-use ticket for `/ws/v1/sessions/{uid}/?ticket=`."""
        ticket = ticket_for(self.actor, uid, str(request.auth))
        return Response({"ticket": ticket, "expires_in": TICKET_SECONDS}, status=201)


class TurnView(ApiView):
    """One turn."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="turns_get", responses=TurnNowOut)
    def get(self, _request: Request, uid: UUID, turn: UUID) -> Response:
        """How a turn stands now, for a phone without a socket to hear of it."""
        return Response(TurnNowOut(turn_now(session=uid, turn=turn, actor=self.actor)).data)


class CancelTurnView(ApiView):
    """Taking words back."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="turns_cancel", request=None, responses=TurnOut)
    def post(self, _request: Request, uid: UUID, turn: UUID) -> Response:
        """Cancel a turn that has not ended."""
        return Response(TurnOut(cancel_turn(session=uid, turn=turn, actor=self.actor)).data)


class RetryTurnView(ApiView):
    """Trying again."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="turns_retry", request=None, responses=TurnOut)
    def post(self, _request: Request, uid: UUID, turn: UUID) -> Response:
        """Queue a failed turn again."""
        return Response(TurnOut(retry_turn(session=uid, turn=turn, actor=self.actor)).data)

"""Sessions over REST: making, listing, reading, naming and deleting them, and tickets for the socket."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.leaving_shapes import DeletionRequestedOut
from accounts.selectors.leaving import deletion_report
from consciousness.admission import ticket_for
from consciousness.api.answers import session_answer, tag_of
from consciousness.api.session_shapes import EditSession, OpenSession, SessionOut, SessionsQuery, TicketOut, filter_of
from consciousness.policies import can_hold_sessions
from consciousness.selectors.sessions import filtered_sessions, shown_session
from consciousness.services.deleting import delete_session
from consciousness.services.editing import rename_session
from consciousness.services.sessions import open_session, schedule_session
from timetravelers.kit.api.conditional import expected_version, is_unchanged
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView
from timetravelers.kit.live.tickets import TICKET_SECONDS


class SessionsView(ApiView):
    """One's sessions."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="sessions_list", parameters=[SessionsQuery], responses=paginated(SessionOut))
    def get(self, request: Request) -> Response:
        """My sessions, newest first."""
        query = self.parse_query(SessionsQuery, request)
        return NewestFirst().page_response(filtered_sessions(self.actor, filter_of(query)), request, SessionOut)

    @extend_schema(operation_id="sessions_open", request=OpenSession, responses={201: SessionOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a session with a Traveler, now or at a time to come; needs consent to the AI provider."""
        wanted = self.parse(OpenSession, request)
        make = schedule_session if "starts_at" in wanted else open_session
        return session_answer(self.actor, make(actor=self.actor, **wanted).uid, 201)


class SessionView(ApiView):
    """One session."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "PATCH": "write", "DELETE": "write"}

    @extend_schema(operation_id="sessions_get", responses=SessionOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """One of my sessions; with If-None-Match, 304 while nothing has changed."""
        session = shown_session(self.actor, uid)
        tag = tag_of(session)
        if is_unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(SessionOut(session).data, headers={"ETag": tag})

    @extend_schema(operation_id="sessions_rename", request=EditSession, responses=SessionOut)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Name it; with If-Match, only if nobody has edited it since."""
        title = self.parse(EditSession, request)["title"]
        rename_session(session=uid, actor=self.actor, title=title, expected_revision=expected_version(request))
        return session_answer(self.actor, uid)

    @extend_schema(operation_id="sessions_delete", request=None, responses={202: DeletionRequestedOut})
    def delete(self, _request: Request, uid: UUID) -> Response:
        """Erase it with all that was said; the receipt tells how the deletion at the AI provider goes."""
        made = delete_session(session=uid, actor=self.actor)
        report = {"receipt": made.secret, **deletion_report(made.deletion)}
        return Response(DeletionRequestedOut(report).data, status=202)


class TicketsView(ApiView):
    """Tickets for the socket."""

    policy = can_hold_sessions
    throttle_scope = "live"

    @extend_schema(operation_id="sessions_ticket", request=None, responses={201: TicketOut})
    def post(self, request: Request, uid: UUID) -> Response:
        """A single-use ticket for `/ws/v1/sessions/{uid}/?ticket=`."""
        ticket = ticket_for(self.actor, uid, str(request.auth))
        return Response({"ticket": ticket, "expires_in": TICKET_SECONDS}, status=201)

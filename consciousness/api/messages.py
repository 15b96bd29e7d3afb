"""What was said, over REST: the same service as over the socket."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.message_shapes import MessageOut, MessagesQuery, SaidOut, SayMessage
from consciousness.policies import can_hold_sessions
from consciousness.selectors.branches import messages_in
from consciousness.selectors.sessions import session_for
from consciousness.services.messages import say
from consciousness.services.unsaying import delete_message
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import OldestFirst, paginated
from timetravelers.kit.api.views import ApiView


class MessagesView(ApiView):
    """What was said."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="messages_list", parameters=[MessagesQuery], responses=paginated(MessageOut))
    def get(self, request: Request, uid: UUID) -> Response:
        """What stands on the branch in view, oldest first; with `branch=all` everything that was ever said."""
        whole = self.parse_query(MessagesQuery, request)["branch"] == "all"
        messages = messages_in(session_for(self.actor, uid), self.actor, whole=whole)
        return OldestFirst().page_response(messages, request, MessageOut)

    @extend_schema(operation_id="messages_say", request=SayMessage, responses={201: SaidOut})
    @idempotent
    def post(self, request: Request, uid: UUID) -> Response:
        """Say something without a socket; the client id makes it safe to repeat."""
        said = say(session=uid, actor=self.actor, **self.parse(SayMessage, request))
        return Response(asdict(said), status=201 if said.is_new else 200)


class MessageView(ApiView):
    """One message."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="messages_delete", request=None, responses={204: None})
    def delete(self, _request: Request, uid: UUID, message: UUID) -> Response:
        """Take it back for good, with all that was computed from it; mentors go on without it."""
        delete_message(session=uid, message=message, actor=self.actor)
        return Response(status=204)

"""Memories over REST: seeing what mentors remember, and having the last word on it."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from consciousness.api.memory_shapes import EditMemory, MemoriesQuery, MemoryOut
from consciousness.policies import can_hold_sessions
from consciousness.selectors.memories import memories_of, memory_for
from consciousness.services.forgetting import forget_memory
from consciousness.services.remembering import edit_memory, keep_memory, reject_memory
from timetravelers.kit.api.conditional import etag, expected_version, is_unchanged
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView


def _answer(actor: User, uid: UUID) -> Response:
    memory = memory_for(actor, uid)
    return Response(MemoryOut(memory).data, headers={"ETag": etag(memory.revision)})


class MemoriesView(ApiView):
    """What mentors remember of me."""

    policy = can_hold_sessions
    throttle_scope = "read"

    @extend_schema(operation_id="memories_list", parameters=[MemoriesQuery], responses=paginated(MemoryOut))
    def get(self, request: Request) -> Response:
        """All of it, newest first: what is proposed, kept, and rejected."""
        query = self.parse_query(MemoriesQuery, request)
        found = memories_of(self.actor, state=query.get("state", ""), kind=query.get("kind", ""), text=query["q"])
        return NewestFirst().page_response(found, request, MemoryOut)


class MemoryView(ApiView):
    """One memory."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "PATCH": "write", "DELETE": "write"}

    @extend_schema(operation_id="memories_get", responses=MemoryOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """With the messages it comes from; with If-None-Match, 304 while nothing has changed."""
        memory = memory_for(self.actor, uid)
        tag = etag(memory.revision)
        if is_unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(MemoryOut(memory).data, headers={"ETag": tag})

    @extend_schema(operation_id="memories_edit", request=EditMemory, responses=MemoryOut)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Put it in other words, and keep it; with If-Match, only if nobody has edited it since."""
        wanted = self.parse(EditMemory, request)
        edit_memory(memory=uid, actor=self.actor, expected_revision=expected_version(request), **wanted)
        return _answer(self.actor, uid)

    @extend_schema(operation_id="memories_forget", request=None, responses={204: None})
    def delete(self, _request: Request, uid: UUID) -> Response:
        """Forget it for good, with all that was computed from it."""
        forget_memory(memory=uid, actor=self.actor)
        return Response(status=204)


class KeepMemoryView(ApiView):
    """Keeping a memory."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="memories_keep", request=None, responses=MemoryOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Let mentors be told of it from now on."""
        keep_memory(memory=uid, actor=self.actor, expected_revision=expected_version(request))
        return _answer(self.actor, uid)


class RejectMemoryView(ApiView):
    """Rejecting a memory."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="memories_reject", request=None, responses=MemoryOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """Never use it, and never propose it again."""
        reject_memory(memory=uid, actor=self.actor, expected_revision=expected_version(request))
        return _answer(self.actor, uid)

"""The tree of turns over REST: seeing it, looking at another branch, and choosing among replies."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consciousness.api.branch_shapes import BranchTurnOut, HeadOut, SwitchBranch
from consciousness.api.turn_shapes import TurnOut
from consciousness.policies import can_hold_sessions
from consciousness.selectors.branches import tree_of
from consciousness.selectors.sessions import session_for
from consciousness.services.branches import switch_branch
from consciousness.services.replies import choose_reply
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import OldestFirst, paginated
from timetravelers.kit.api.views import ApiView


class BranchesView(ApiView):
    """The tree, and which branch of it is in view."""

    policy = can_hold_sessions
    throttle_scope = {"GET": "read", "POST": "write"}

    @extend_schema(operation_id="branches_list", responses=paginated(BranchTurnOut))
    def get(self, request: Request, uid: UUID) -> Response:
        """Every turn of the session, oldest first, so that each comes after its parent."""
        return OldestFirst().page_response(tree_of(session_for(self.actor, uid)), request, BranchTurnOut)

    @extend_schema(operation_id="branches_switch", request=SwitchBranch, responses=HeadOut)
    @idempotent
    def post(self, request: Request, uid: UUID) -> Response:
        """Look at the branch of a turn, up to its newest turn."""
        head = switch_branch(session=uid, actor=self.actor, **self.parse(SwitchBranch, request))
        return Response(HeadOut({"head": head}).data)


class ChooseReplyView(ApiView):
    """Choosing among the replies of a turn."""

    policy = can_hold_sessions
    throttle_scope = "write"

    @extend_schema(operation_id="replies_choose", request=None, responses=TurnOut)
    def post(self, _request: Request, uid: UUID, message: UUID) -> Response:
        """Let this reply stand, of the last turn in view; what stood until then is kept."""
        return Response(TurnOut(choose_reply(session=uid, message=message, actor=self.actor).turn).data)

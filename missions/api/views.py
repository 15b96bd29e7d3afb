"""The missions API: the board, what one does with a mission, and the ledger."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.serializers import (
    EvidenceInput,
    EvidenceOut,
    MissionDetail,
    MissionQuery,
    MissionSummary,
    MoveProposal,
    PageQuery,
    ProposalOut,
    ProposalsQuery,
    RewardOut,
    RewardsPage,
)
from missions.policies import has_board
from missions.selectors import mission_of, missions_of, points_of, proposals_of, rewards_of
from missions.services import accept_mission, complete_mission, decline_mission, submit_evidence
from missions.services.proposals import move_proposal
from timetravelers.kit.api.idempotency import idempotent
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView


class MissionsView(ApiView):
    """My board."""

    policy = has_board
    throttle_scope = "read"

    @extend_schema(operation_id="missions_list", parameters=[MissionQuery], responses=paginated(MissionSummary))
    def get(self, request: Request) -> Response:
        query = self.parse_query(MissionQuery, request)
        missions = missions_of(self.actor.pk, state=query.get("state", ""))
        return NewestFirst().page_response(missions, request, MissionSummary)


class MissionView(ApiView):
    """One mission of mine."""

    policy = has_board
    throttle_scope = "read"

    @extend_schema(operation_id="missions_read", responses=MissionDetail)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(MissionDetail(mission_of(self.actor.pk, uid)).data)


class AcceptView(ApiView):
    """Take it on."""

    policy = has_board
    throttle_scope = "write"

    @extend_schema(operation_id="missions_accept", request=None, responses=MissionSummary)
    def post(self, request: Request, uid: UUID) -> Response:
        return Response(MissionSummary(accept_mission(mission=uid, actor=self.actor)).data)


class DeclineView(ApiView):
    """Turn it down, or give it up."""

    policy = has_board
    throttle_scope = "write"

    @extend_schema(operation_id="missions_decline", request=None, responses=MissionSummary)
    def post(self, request: Request, uid: UUID) -> Response:
        return Response(MissionSummary(decline_mission(mission=uid, actor=self.actor)).data)


class EvidenceView(ApiView):
    """Show something for it."""

    policy = has_board
    throttle_scope = "write"

    @extend_schema(operation_id="missions_submit_evidence", request=EvidenceInput, responses={201: EvidenceOut})
    @idempotent
    def post(self, request: Request, uid: UUID) -> Response:
        shown = self.parse(EvidenceInput, request)
        evidence = submit_evidence(mission=uid, actor=self.actor, **shown)
        return Response(EvidenceOut(evidence).data, status=201)


class CompleteView(ApiView):
    """Done: enters the reward."""

    policy = has_board
    throttle_scope = "write"

    @extend_schema(operation_id="missions_complete", request=None, responses=MissionSummary)
    def post(self, request: Request, uid: UUID) -> Response:
        return Response(MissionSummary(complete_mission(mission=uid, actor=self.actor)).data)


class ProposalsView(ApiView):
    """What I said I would do."""

    policy = has_board
    throttle_scope = "read"

    @extend_schema(operation_id="missions_proposals", parameters=[ProposalsQuery], responses=paginated(ProposalOut))
    def get(self, request: Request) -> Response:
        query = self.parse_query(ProposalsQuery, request)
        return NewestFirst().page_response(
            proposals_of(self.actor.pk, state=query.get("state", "")), request, ProposalOut
        )


class ProposalView(ApiView):
    """One of these."""

    policy = has_board
    throttle_scope = "write"

    @extend_schema(operation_id="missions_proposals_move", request=MoveProposal, responses=ProposalOut)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Take it, say that it is done, or dismiss it."""
        wanted = self.parse(MoveProposal, request)
        return Response(ProposalOut(move_proposal(proposal=uid, actor=self.actor, **wanted)).data)


class RewardsView(ApiView):
    """My ledger of rewards."""

    policy = has_board
    throttle_scope = "read"

    @extend_schema(operation_id="missions_rewards", parameters=[PageQuery], responses=RewardsPage)
    def get(self, request: Request) -> Response:
        self.parse_query(PageQuery, request)
        response = NewestFirst().page_response(rewards_of(self.actor.pk), request, RewardOut)
        response.data["total_points"] = points_of(self.actor.pk)
        return response

"""The matching API: my matches, what I make of them, and whom I do not want to meet."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from matching.api.decision_shapes import BlockOut, BlocksQuery, DecisionOut, Decline, Judge, JudgementOut
from matching.api.serializers import MatchList, MatchOut, MatchQuery, list_of
from matching.policies import can_see_own_matches
from matching.selectors.matches import blocks_of, judgement_of
from matching.services.blocking import block_traveler, unblock_traveler
from matching.services.deciding import accept_match, decline_match
from matching.services.judging import judge_match, take_judgement_back
from matching.services.proposing import own_match, proposals_for
from timetravelers.kit.api.pagination import NewestFirst, paginated
from timetravelers.kit.api.views import ApiView


class MatchesView(ApiView):
    """The Travelers that suit me best, and why."""

    policy = can_see_own_matches
    throttle_scope = "search"

    @extend_schema(operation_id="matches_list", parameters=[MatchQuery], responses=MatchList)
    def get(self, request: Request) -> Response:
        query = self.parse_query(MatchQuery, request)
        return Response(list_of(proposals_for(user_id=self.actor.pk, limit=query["limit"])))


class RefreshView(ApiView):
    """Look at them anew now."""

    policy = can_see_own_matches
    throttle_scope = "write"

    @extend_schema(operation_id="matches_refresh", request=None, responses=MatchList)
    def post(self, request: Request) -> Response:
        return Response(list_of(proposals_for(user_id=self.actor.pk)))


class MatchView(ApiView):
    """One match of mine."""

    policy = can_see_own_matches
    throttle_scope = "search"

    @extend_schema(operation_id="matches_read", responses=MatchOut)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(MatchOut(own_match(match=uid, actor=self.actor)).data)


class AcceptView(ApiView):
    """I want this Traveler, also if I declined it before."""

    policy = can_see_own_matches
    throttle_scope = "write"

    @extend_schema(operation_id="matches_accept", request=None, responses=DecisionOut)
    def post(self, request: Request, uid: UUID) -> Response:
        return Response(DecisionOut(accept_match(match=uid, actor=self.actor)).data)


class DeclineView(ApiView):
    """I do not want this Traveler, and why."""

    policy = can_see_own_matches
    throttle_scope = "write"

    @extend_schema(operation_id="matches_decline", request=Decline, responses=DecisionOut)
    def post(self, request: Request, uid: UUID) -> Response:
        said = self.parse(Decline, request)
        return Response(DecisionOut(decline_match(match=uid, actor=self.actor, **said)).data)


class FeedbackView(ApiView):
    """What I think of a match."""

    policy = can_see_own_matches
    throttle_scope = {"GET": "read", "PUT": "write", "DELETE": "write"}

    @extend_schema(operation_id="matches_feedback", responses=JudgementOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """What I said of it."""
        return Response(JudgementOut(judgement_of(self.actor.pk, uid)).data)

    @extend_schema(operation_id="matches_judge", request=Judge, responses=JudgementOut)
    def put(self, request: Request, uid: UUID) -> Response:
        """Say it, or say it anew."""
        judged = judge_match(match=uid, actor=self.actor, **self.parse(Judge, request))
        return Response(JudgementOut(judged).data)

    @extend_schema(operation_id="matches_unjudge", request=None, responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        """Take it back."""
        take_judgement_back(match=uid, actor=self.actor)
        return Response(status=204)


class BlocksView(ApiView):
    """The Travelers that I do not want to be matched with."""

    policy = can_see_own_matches
    throttle_scope = "read"

    @extend_schema(operation_id="matches_blocks", parameters=[BlocksQuery], responses=paginated(BlockOut))
    def get(self, request: Request) -> Response:
        self.parse_query(BlocksQuery, request)
        return NewestFirst().page_response(blocks_of(self.actor.pk), request, BlockOut)


class BlockView(ApiView):
    """One of them."""

    policy = can_see_own_matches
    throttle_scope = "write"

    @extend_schema(operation_id="matches_block", request=None, responses=BlockOut)
    def put(self, request: Request, traveler: UUID) -> Response:
        """Leave it out from now on."""
        return Response(BlockOut(block_traveler(traveler=traveler, actor=self.actor)).data)

    @extend_schema(operation_id="matches_unblock", request=None, responses={204: None})
    def delete(self, request: Request, traveler: UUID) -> Response:
        """Let it be matched again."""
        unblock_traveler(traveler=traveler, actor=self.actor)
        return Response(status=204)

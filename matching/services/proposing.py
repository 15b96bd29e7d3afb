"""What people are shown of their matches: fresh, in order, each with its explanation."""

from uuid import UUID

from accounts.models import User
from matching.errors import MatchNotFound
from matching.models import Match
from matching.selectors.proposals import DEFAULT_LIMIT, Proposal, Proposals, proposals_from, stored_matches
from matching.services.refreshing import refresh_matches


def proposals_for(*, user_id: int, limit: int = DEFAULT_LIMIT) -> Proposals:
    """The best `limit` matches of somebody as they would be computed now, and computed only if they are not stored.

    What staff proposed by hand and nobody decided on comes first, then by rank, then what was accepted and has none.
    Works for a person without a profile: everything unknown counts as neutral. Raises PersonNotFound if the account
    is gone.
    """
    comparison = refresh_matches(user_id=user_id)
    rows = stored_matches(user_id)[:limit]
    return Proposals(comparison.live.weights, tuple(proposals_from(comparison, rows)))


def own_match(*, match: UUID, actor: User) -> Proposal:
    """One match of the person's, also one that was declined; raises MatchNotFound."""
    comparison = refresh_matches(user_id=actor.pk)
    found = proposals_from(comparison, Match.objects.filter(user_id=actor.pk, uid=match))
    if not found:
        raise MatchNotFound
    return found[0]

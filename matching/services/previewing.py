"""Looking at what weights would change for real people before anybody is matched by them."""

from dataclasses import asdict
from uuid import UUID

from accounts.models import User
from matching.errors import AlgorithmNotFound, AlgorithmWrongState, MatchingStaffOnly
from matching.models import Algorithm
from matching.policies import can_change_weights
from matching.selectors.previews import preview_of
from matching.selectors.weights import live_weights, parsed_weights
from matching.weights import VERSION


def preview_weights(*, actor: User, algorithm: UUID) -> Algorithm:
    """Compare the lists of people under these weights with those under the live ones, and keep the figures.

    Nobody is matched otherwise for it. Raises MatchingStaffOnly, AlgorithmNotFound, and AlgorithmWrongState for
    weights of another scoring.
    """
    if not can_change_weights(actor):
        raise MatchingStaffOnly
    row = Algorithm.objects.filter(uid=algorithm).first()
    if row is None:
        raise AlgorithmNotFound
    if row.code != VERSION:
        raise AlgorithmWrongState(f"These weights are for {row.code}, and we score by {VERSION}.")
    row.preview = asdict(preview_of(parsed_weights(row.weights), live_weights().weights))
    row.save(update_fields=["preview", "updated_at"])
    return row

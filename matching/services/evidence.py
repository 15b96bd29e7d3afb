"""Evidence that weights learn from: what people did with Travelers, with the fits of the moment.

Each is kept once: a decision for its match, a rating for its session, a completion for its mission. Another
verdict on the same thing takes the place of the first.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.models import Match, MatchFeedback
from matching.selectors.comparisons import comparison_of
from matching.selectors.ranked import compared_rows
from matching.selectors.scored import fits_in
from matching.selectors.weights import parsed_weights
from matching.services.weights import settled_weights
from matching.verdicts import ACCEPTED, COMPLETED, DECLINED, value_of_stars
from mentors.models import Traveler

Kind = MatchFeedback.Kind


def note_decision(match: Match, kind: MatchFeedback.Kind, *, passed_over: Sequence[Match] = ()) -> None:
    """Keep that somebody accepted or declined a match; under the hold of their matches.

    A decision takes the place of the opposite one. `passed_over` are the offers it was chosen before.
    """
    opposite = {Kind.ACCEPTED: Kind.DECLINED, Kind.DECLINED: Kind.ACCEPTED}[kind]
    MatchFeedback.objects.filter(user_id=match.user_id, kind=opposite, origin=match.uid).delete()
    _keep(
        match,
        kind,
        match.uid,
        value=ACCEPTED if kind == Kind.ACCEPTED else DECLINED,
        reason=match.reason,
        beside=[_fits(other) for other in passed_over],
    )


def note_judgement(match: Match, stars: int, comment: str) -> MatchFeedback:
    """Keep what somebody thinks of a match itself; under the hold of their matches."""
    return _keep(match, Kind.JUDGED, match.uid, value=value_of_stars(stars), comment=comment)


@transaction.atomic
def note_session_rating(*, user_id: int, traveler_id: int, session: UUID, stars: int | None) -> None:
    """Keep what somebody thinks of a session with a Traveler; None takes it back.

    Does nothing for a Traveler that people meet no more.
    """
    if stars is None:
        forget_session(user_id=user_id, session=session)
        return
    _note(user_id, traveler_id, Kind.SESSION_RATED, session, value_of_stars(stars))


def forget_session(*, user_id: int, session: UUID) -> None:
    """Forget what somebody thought of a session that they had erased."""
    MatchFeedback.objects.filter(user_id=user_id, kind=Kind.SESSION_RATED, origin=session).delete()


@transaction.atomic
def note_mission_completed(*, user_id: int, traveler_id: int, mission: UUID) -> None:
    """Keep that somebody completed a mission out of a session with a Traveler; as above."""
    _note(user_id, traveler_id, Kind.MISSION_COMPLETED, mission, COMPLETED)


def _note(user_id: int, traveler_id: int, kind: MatchFeedback.Kind, origin: UUID, value: float) -> None:
    match = _match_of(user_id, traveler_id)
    if match is not None:
        _keep(match, kind, origin, value=value)


def _match_of(user_id: int, traveler_id: int) -> Match | None:
    """The stored match of the two, or the same as it would be now; None if the Traveler is not met any more."""
    rows = Match.objects.select_related("algorithm").filter(user_id=user_id, traveler_id=traveler_id)
    stored = rows.first()
    if stored is not None:
        return stored
    uid = Traveler.objects.filter(pk=traveler_id).values_list("uid", flat=True).first()
    settled_weights()
    comparison = comparison_of(user_id)
    row = None if uid is None else comparison.row_of(uid)
    if row is None:
        return None
    (scored,) = compared_rows(comparison, [row])
    algorithm = comparison.live.stored
    return Match(user_id=user_id, traveler_id=traveler_id, algorithm_id=algorithm, contributions=scored.contributions)


def _keep(match: Match, kind: MatchFeedback.Kind, origin: UUID, **said: Any) -> MatchFeedback:
    facts = {"traveler_id": match.traveler_id, "algorithm_id": match.algorithm_id, "fits": _fits(match), **said}
    kept, _ = MatchFeedback.objects.update_or_create(user_id=match.user_id, kind=kind, origin=origin, defaults=facts)
    return kept


def _fits(match: Match) -> dict[str, float]:
    return fits_in(match.contributions, parsed_weights(match.algorithm.weights))

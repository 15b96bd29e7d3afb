"""What people do with Travelers is kept once, with the fits of the moment, wherever it happens."""

from typing import Any

import pytest

from accounts.models import User
from consciousness.models import Message, Session, Turn
from consciousness.services.deleting import delete_session
from consciousness.services.feedback import rate_session, unrate_session
from matching.learning import Pairs
from matching.models import MatchFeedback
from matching.selectors.evidence import evidence
from matching.services.evidence import note_session_rating
from matching.services.proposing import proposals_for
from matching.verdicts import Verdict, pairs_from, stars_of_value, value_of_stars
from matching.weights import DEFAULT, LETTERS
from mentors.models import Traveler
from missions.models import Evidence, Mission
from missions.services import complete_mission
from tests.factories.matching import FITS, make_feedback
from tests.factories.mentors import make_traveler
from tests.factories.missions import make_mission
from tests.factories.sessions import make_session
from timetravelers.kit.clock import now
from timetravelers.kit.ids import uuid7


@pytest.fixture
def session(dana: User, three: list[Traveler]) -> Session:
    """Dana talked with Bo, and got an answer."""
    session = make_session(dana, three[1])
    turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
    Message.objects.create(session=session, turn=turn, author="traveler", text="So.", engine="manus")
    return session


def verdicts(user: User) -> list[tuple[str, str, float]]:
    rows = MatchFeedback.objects.filter(user=user).order_by("pk")
    return [(row.kind, row.traveler.slug, row.value) for row in rows]


def test_rating_a_session_is_a_verdict_on_its_traveler(dana: User, session: Session) -> None:
    proposals_for(user_id=dana.pk)
    rate_session(session=session.uid, actor=dana, stars=5)
    assert verdicts(dana) == [("session-rated", "bo", 1.0)]
    rate_session(session=session.uid, actor=dana, stars=2)
    assert verdicts(dana) == [("session-rated", "bo", -0.5)]
    unrate_session(session=session.uid, actor=dana)
    assert verdicts(dana) == []


def test_fits_are_those_of_the_moment_with_or_without_a_match(dana: User, session: Session) -> None:
    rate_session(session=session.uid, actor=dana, stars=5)
    fresh = MatchFeedback.objects.get(user=dana).fits
    MatchFeedback.objects.all().delete()
    proposals_for(user_id=dana.pk)
    rate_session(session=session.uid, actor=dana, stars=4)
    assert MatchFeedback.objects.get(user=dana).fits == fresh
    assert all(0 <= fresh[letter] <= 1 for letter in LETTERS)
    bo = next(one for one in proposals_for(user_id=dana.pk).results if one.traveler.slug == "bo")
    points = sum(fresh[letter] * DEFAULT.letters[letter] for letter in LETTERS)
    assert points == pytest.approx(bo.score, abs=1e-4)


def test_a_session_that_is_deleted_says_nothing_any_more(dana: User, session: Session) -> None:
    rate_session(session=session.uid, actor=dana, stars=5)
    delete_session(session=session.uid, actor=dana)
    assert verdicts(dana) == []


def test_a_traveler_that_nobody_meets_is_no_evidence(dana: User) -> None:
    gone = make_traveler("gone", state="retired")
    note_session_rating(user_id=dana.pk, traveler_id=gone.pk, session=uuid7(), stars=5)
    assert verdicts(dana) == []


def test_completing_a_mission_speaks_for_who_gave_it(dana: User, three: list[Traveler]) -> None:
    mission = make_mission(dana, traveler=three[0], state=Mission.State.ACCEPTED)
    Evidence.objects.create(mission=mission, kind="text", content="I did all of it.")
    complete_mission(mission=mission.uid, actor=dana)
    complete_mission(mission=mission.uid, actor=dana)
    assert verdicts(dana) == [("mission-completed", "ada", 0.75)]


def test_a_mission_of_nobody_speaks_for_nobody(dana: User, three: list[Traveler]) -> None:
    mission = make_mission(dana, state=Mission.State.ACCEPTED)
    Evidence.objects.create(mission=mission, kind="text", content="I did all of it.")
    complete_mission(mission=mission.uid, actor=dana)
    assert verdicts(dana) == []


@pytest.mark.parametrize("stars", range(1, 6))
def test_stars_there_and_back(stars: int) -> None:
    assert -1 <= value_of_stars(stars) <= 1
    assert stars_of_value(value_of_stars(stars)) == stars


def fits(expertise: float) -> dict[str, float]:
    return {**FITS, "expertise": expertise}


def test_pairs_are_of_one_person_and_of_different_travelers() -> None:
    one = [Verdict(1, 1.0, fits(0.9)), Verdict(2, -1.0, fits(0.4)), Verdict(1, 0.0, fits(0.1))]
    pairs = pairs_from([one, [Verdict(3, 1.0, fits(0.5))], []])
    expertise = LETTERS.index("expertise")
    assert pairs.gaps[:, expertise].tolist() == pytest.approx([0.5, -0.3])
    assert pairs.strength.tolist() == pytest.approx([2 / 3, 1 / 3])


def test_everybody_counts_alike() -> None:
    loud = [Verdict(number, number / 10, fits(number / 10)) for number in range(9)]
    quiet = [Verdict(1, 1.0, fits(0.9)), Verdict(2, 0.0, fits(0.4))]
    pairs = pairs_from([loud, quiet])
    assert len(pairs) == 37
    assert pairs.strength[:36].sum() == pytest.approx(1)
    assert pairs.strength[36] == pytest.approx(1)


def test_agreement_of_everybody_is_nothing_to_learn_from() -> None:
    pairs = pairs_from([[Verdict(1, 0.5, fits(0.9)), Verdict(2, 0.5, fits(0.4))]])
    assert len(pairs) == 0
    assert isinstance(pairs, Pairs)


def test_the_same_rows_give_the_same_pairs(alice: User, bob: User, three: list[Traveler]) -> None:
    for person in (bob, alice):
        for traveler, value in zip(three, (1.0, -0.5, 0.5), strict=True):
            make_feedback(person, traveler, value=value, fits=fits(0.5 + value / 3))
    make_feedback(alice, three[0], kind="accepted", beside=[fits(0.2)])
    first, again = evidence(), evidence()
    assert (first.verdicts, first.people) == (7, 2)
    assert (first.pairs.gaps == again.pairs.gaps).all()
    assert (first.pairs.strength == again.pairs.strength).all()


def test_evidence_is_asked_for_once(alice: User, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        make_feedback(alice)
    with django_assert_num_queries(1):
        evidence()

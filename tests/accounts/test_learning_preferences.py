"""What stands on the axes of learning: overrides, versions of the questions, races, the tables."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.item_bank import current_version, item_bank
from accounts.models import AXES, AxisScore, LearningAnswer, LearningAssessment, Profile, User
from accounts.selectors import assessment_state, assessments, learning_preferences_of
from accounts.services import answer_items, open_assessment
from tests.accounts.answering import KEY, PATH, begin, finish, preferences, sheet
from tests.actors import Api, ApiClient
from tests.threads import at_once
from timetravelers.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(charlie: User, api: Api) -> ApiClient:
    """Charlie's phone; Charlie has no profile."""
    return api(charlie)


# What the person says themselves


def test_the_persons_own_word_wins_over_an_assessment(phone: ApiClient) -> None:
    phone.patch("/me/", {"learning_preferences": {AXES[0]: -0.5}})
    done = finish(phone, sheet())
    found = preferences(phone)
    assert (found[AXES[0]]["value"], found[AXES[0]]["source"], found[AXES[0]]["confidence"]) == (-0.5, "stated", None)
    assert found[AXES[0]]["assessed"]["value"] == 1.0
    assert found[AXES[0]]["assessed"]["assessment"] == done["uid"]
    assert (found[AXES[1]]["value"], found[AXES[1]]["source"], found[AXES[1]]["confidence"]) == (1.0, "assessed", 1.0)


def test_setting_an_axis_after_an_assessment_wins_too(phone: ApiClient) -> None:
    finish(phone, sheet())
    phone.patch("/me/", {"learning_preferences": {AXES[2]: 0}})
    found = preferences(phone)[AXES[2]]
    assert (found["value"], found["source"], found["assessed"]["value"]) == (0.0, "stated", 1.0)
    finish(phone, sheet(-2))
    found = preferences(phone)[AXES[2]]
    assert (found["value"], found["source"], found["assessed"]["value"]) == (0.0, "stated", -1.0)


def test_stating_the_very_figure_that_was_assessed_is_an_override(phone: ApiClient) -> None:
    finish(phone, sheet())
    phone.patch("/me/", {"learning_preferences": {AXES[0]: 1.0}})
    finish(phone, sheet(-2))
    assert phone.get("/me/").json()["learning_preferences"] == {**dict.fromkeys(AXES, -1.0), AXES[0]: 1.0}


def test_clearing_an_override_falls_back_to_the_assessed_figure(phone: ApiClient) -> None:
    phone.patch("/me/", {"learning_preferences": {AXES[0]: -0.5}})
    finish(phone, sheet())
    cleared = phone.patch("/me/", {"learning_preferences": {AXES[0]: None}})
    assert cleared.json()["learning_preferences"][AXES[0]] == 1.0
    assert preferences(phone)[AXES[0]]["source"] == "assessed"
    finish(phone, sheet(-1))
    assert preferences(phone)[AXES[0]]["value"] == -0.5


def test_clearing_without_an_assessment_leaves_nothing(phone: ApiClient) -> None:
    phone.patch("/me/", {"learning_preferences": {AXES[0]: -0.5}})
    phone.patch("/me/", {"learning_preferences": {AXES[0]: None}})
    assert preferences(phone)[AXES[0]] == {"value": None, "source": None, "confidence": None, "assessed": None}


def test_other_edits_leave_assessed_axes_assessed(phone: ApiClient) -> None:
    finish(phone, sheet())
    phone.patch("/me/", {"goal": "Lead", "learning_preferences": {AXES[3]: 0.1}})
    assert [preferences(phone)[axis]["source"] for axis in AXES] == ["assessed"] * 3 + ["stated"]


def test_a_later_assessment_counts_for_the_axes_it_scored(phone: ApiClient) -> None:
    first = finish(phone, sheet())
    second = finish(phone, sheet(-2, axes=AXES[:1]))
    found = preferences(phone)
    assert (found[AXES[0]]["value"], found[AXES[0]]["assessed"]["assessment"]) == (-1.0, second["uid"])
    assert (found[AXES[1]]["value"], found[AXES[1]]["assessed"]["assessment"]) == (1.0, first["uid"])


def test_without_a_profile_nothing_stands_on_any_axis(phone: ApiClient) -> None:
    nothing = {"value": None, "source": None, "confidence": None, "assessed": None}
    assert preferences(phone) == dict.fromkeys(AXES, nothing)


# Versions of the questions


@pytest.fixture
def second_version(tmp_path: Any, settings: Any) -> Any:
    """Publishes version 2, with other keys, when called."""
    learning, schemas = tmp_path / "learning" / "items", tmp_path / "schemas"
    learning.mkdir(parents=True)
    schemas.symlink_to(settings.CONTENT_DIR / "schemas")
    old = settings.CONTENT_DIR / "learning" / "items" / "1.yaml"

    def publish() -> None:
        (learning / "1.yaml").write_bytes(old.read_bytes())
        text = old.read_text(encoding="utf-8").replace("version: 1", "version: 2").replace("key: ", "key: new-")
        (learning / "2.yaml").write_text(text, encoding="utf-8")
        settings.CONTENT_DIR = tmp_path
        forget()

    def forget() -> None:
        item_bank.cache_clear()
        current_version.cache_clear()

    yield publish
    forget()


def test_a_new_version_leaves_old_assessments_readable_and_open_ones_answerable(
    phone: ApiClient, alice: User, api: Api, second_version: Any
) -> None:
    done, going_on = finish(phone, sheet()), begin(api(alice))
    second_version()
    assert phone.get(f"{PATH}{done['uid']}/").json() == done
    assert api(alice).put(f"{going_on}answers/", sheet()).status_code == 200
    assert api(alice).post(f"{going_on}finish/").json()["bank_version"] == 1
    fresh = phone.post(PATH).json()
    assert (fresh["bank_version"], fresh["next_items"][0]["item"]) == (2, "new-buttons-first")
    refused = phone.put(f"{PATH}{fresh['uid']}/answers/", sheet())
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_item")


# Races, the table, and the number of queries


@pytest.mark.django_db(transaction=True)
def test_two_phones_that_begin_at_once_share_one(charlie: User) -> None:
    answers = at_once(4, lambda _: ApiClient(charlie).post(PATH))
    assert sorted(answer.status_code for answer in answers if not isinstance(answer, Exception)) == [200, 200, 200, 201]
    assert LearningAssessment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_finishing_at_once_scores_once(charlie: User) -> None:
    path = begin(ApiClient(charlie))
    ApiClient(charlie).put(f"{path}answers/", sheet())
    answers = at_once(4, lambda _: ApiClient(charlie).post(f"{path}finish/"))
    assert {answer.status_code for answer in answers if not isinstance(answer, Exception)} == {200}
    assert AxisScore.objects.count() == len(AXES)
    assert Profile.objects.get(user=charlie).version == 1


@pytest.mark.django_db(transaction=True)
def test_an_override_and_an_assessment_at_once_leave_the_override(charlie: User) -> None:
    path = begin(ApiClient(charlie))
    ApiClient(charlie).put(f"{path}answers/", sheet())

    def act(number: int) -> int:
        phone = ApiClient(charlie)
        if number:
            return int(phone.post(f"{path}finish/").status_code)
        return int(phone.patch("/me/", {"learning_preferences": {AXES[0]: -0.25}}).status_code)

    assert at_once(2, act) == [200, 200]
    profile = Profile.objects.get(user=charlie)
    assert [getattr(profile, axis) for axis in AXES] == [-0.25, 1.0, 1.0, 1.0]
    assert profile.assessed_axes == list(AXES[1:])


@pytest.mark.django_db(transaction=True)
def test_the_same_line_answered_at_once_has_one_answer(charlie: User) -> None:
    assessment, _ = open_assessment(user=charlie)
    at_once(4, lambda n: answer_items(user=charlie, assessment=assessment.uid, answers=[(KEY, n + 1)]))
    assert LearningAnswer.objects.filter(item=KEY).count() == 1


def test_the_tables_refuse_what_cannot_be(charlie: User) -> None:
    done = LearningAssessment.objects.create(
        user=charlie, bank_version=1, started_at=now(), finished_at=now(), attention_passed=True
    )
    LearningAssessment.objects.create(user=charlie, bank_version=1, started_at=now())
    LearningAnswer.objects.create(assessment=done, item="a", value=1)
    AxisScore.objects.create(assessment=done, axis=AXES[0], value=0, confidence=0, answered=3)
    good = {"assessment": done, "axis": AXES[1], "value": 0.0, "confidence": 0.0, "answered": 3}
    breakers: list[Callable[[], object]] = [
        lambda: LearningAssessment.objects.create(user=charlie, bank_version=1, started_at=now()),
        lambda: LearningAssessment.objects.filter(pk=done.pk).update(attention_passed=None),
        lambda: LearningAssessment.objects.filter(pk=done.pk).update(finished_at="2000-01-01T00:00Z"),
        lambda: LearningAnswer.objects.create(assessment=done, item="a", value=2),
        lambda: LearningAnswer.objects.create(assessment=done, item="b", value=6),
        lambda: AxisScore.objects.create(**{**good, "axis": AXES[0]}),
        lambda: AxisScore.objects.create(**{**good, "axis": "left_right"}),
        lambda: AxisScore.objects.create(**{**good, "value": 1.01}),
        lambda: AxisScore.objects.create(**{**good, "confidence": -0.1}),
        lambda: Profile.objects.create(user=charlie, assessed_axes=["left_right"]),
    ]
    for breaker in breakers:
        with pytest.raises(IntegrityError), transaction.atomic():
            breaker()


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def test_reads_take_as_many_queries_for_much_as_for_little(phone: ApiClient, charlie: User) -> None:
    def counts() -> list[int]:
        uid = open_assessment(user=charlie)[0].uid
        return [
            queries_of(lambda: assessment_state(charlie.pk, uid)),
            queries_of(lambda: list(assessments(charlie.pk))),
            queries_of(lambda: learning_preferences_of(charlie.pk)),
        ]

    before = counts()
    for _ in range(3):
        finish(phone, sheet())
        phone.put(f"{begin(phone)}answers/", sheet())
    assert counts() == before == [3, 1, 2]

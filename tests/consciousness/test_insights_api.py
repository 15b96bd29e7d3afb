"""The person's word on insights: confirm, reject, put in other words; and how sure they say they feel."""

import pytest

from accounts.models import User
from consciousness.models import Insight, Message, Session, Turn
from consciousness.services.deleting import delete_session
from consciousness.services.unsaying import delete_message
from missions.models import Mission, MissionProposal, Reward
from tests.actors import Api
from tests.factories.insights import make_insight, make_proposal
from timetravelers.kit.clock import now


def said_in(session: Session, text: str = "I will learn SQL this month, come what may.") -> Message:
    turn = Turn.objects.create(session=session, due_at=now(), ended_at=now(), state="completed")
    return Message.objects.create(session=session, turn=turn, author="user", text=text)


@pytest.fixture
def item(session: Session) -> Insight:
    """An action item that waits for Alice's word."""
    return make_insight(said_in(session), "Learn SQL this month.")


def test_they_are_listed_with_their_sources(item: Insight, alice: User, bob: User, api: Api) -> None:
    (one,) = api(alice).get("/insights/").json()["results"]
    assert (one["uid"], one["kind"], one["state"]) == (str(item.uid), "action_item", "proposed")
    assert one["sources"] == [{"message": str(item.sources.get().message.uid), "session": str(item.session.uid)}]
    assert api(bob).get("/insights/").json()["results"] == []
    assert api(bob).get(f"/insights/{item.uid}/").status_code == 404


def test_they_are_found_by_session_kind_and_state(item: Insight, alice: User, api: Api) -> None:
    make_insight(item.sources.get().message, "Stay at the job.", kind="decision", state="confirmed")
    phone = api(alice)
    assert len(phone.get("/insights/", {"session": str(item.session.uid)}).json()["results"]) == 2
    assert [one["kind"] for one in phone.get("/insights/", {"state": "confirmed"}).json()["results"]] == ["decision"]
    (found,) = phone.get("/insights/", {"kind": "action_item"}).json()["results"]
    assert found["kind"] == "action_item"


def test_a_confirmed_action_item_becomes_a_proposal_and_earns_nothing(item: Insight, alice: User, api: Api) -> None:
    phone = api(alice)
    for _ in range(2):
        assert phone.post(f"/insights/{item.uid}/confirm/").json()["state"] == "confirmed"
    (proposal,) = phone.get("/missions/proposals/").json()["results"]
    assert (proposal["text"], proposal["insight"], proposal["state"]) == (item.text, str(item.uid), "proposed")
    path = f"/missions/proposals/{proposal['uid']}/"
    assert phone.patch(path, {"state": "taken"}).json()["state"] == "taken"
    assert phone.patch(path, {"state": "done"}).json()["state"] == "done"
    assert phone.patch(path, {"state": "taken"}).json()["code"] == "mission_proposal_wrong_state"
    assert not Mission.objects.exists()
    assert not Reward.objects.exists()


def test_nobody_else_confirms_rejects_or_moves(item: Insight, bob: User, api: Api) -> None:
    proposal = make_proposal(item)
    phone = api(bob)
    assert phone.post(f"/insights/{item.uid}/confirm/").json()["code"] == "insight_not_found"
    assert phone.post(f"/insights/{item.uid}/reject/").status_code == 404
    assert phone.patch(f"/insights/{item.uid}/", {"text": "Mine."}).status_code == 404
    moved = phone.patch(f"/missions/proposals/{proposal.uid}/", {"state": "done"})
    assert moved.json()["code"] == "mission_proposal_not_found"


def test_what_is_rejected_is_proposed_nowhere(item: Insight, alice: User, api: Api) -> None:
    phone = api(alice)
    phone.post(f"/insights/{item.uid}/confirm/")
    assert phone.post(f"/insights/{item.uid}/reject/").json()["state"] == "rejected"
    assert not MissionProposal.objects.exists()


def test_ones_own_words_are_kept_and_confirmed(item: Insight, alice: User, api: Api) -> None:
    phone = api(alice)
    found = phone.get(f"/insights/{item.uid}/")
    answer = phone.patch(f"/insights/{item.uid}/", {"text": "Learn SQL  by May."}, If_Match=found.headers["ETag"])
    assert answer.json()["text"] == "Learn SQL by May."
    assert (answer.json()["state"], answer.json()["edited"]) == ("confirmed", True)
    assert MissionProposal.objects.get().text == "Learn SQL by May."
    lost = phone.patch(f"/insights/{item.uid}/", {"text": "No."}, If_Match=found.headers["ETag"])
    assert lost.status_code == 412


def test_two_insights_of_a_session_do_not_say_the_same(item: Insight, alice: User, api: Api) -> None:
    make_insight(item.sources.get().message, "Ask for a rise.")
    answer = api(alice).patch(f"/insights/{item.uid}/", {"text": "Ask for a rise!"})
    assert answer.json()["code"] == "insight_known"


def test_confidence_is_asked_before_and_after(session: Session, alice: User, bob: User, api: Api) -> None:
    phone, path = api(alice), f"/sessions/{session.uid}/confidence/"
    assert phone.get(path).json() == {"before": None, "after": None}
    phone.put(path, {"moment": "before", "value": 3})
    phone.put(path, {"moment": "before", "value": 4})
    assert phone.put(path, {"moment": "after", "value": 8}).json() == {"before": 4, "after": 8}
    for value in (0, 11):
        assert phone.put(path, {"moment": "after", "value": value}).status_code == 422
    assert api(bob).put(path, {"moment": "after", "value": 8}).status_code == 404


def test_a_session_is_looked_back_on_when_it_is_over(session: Session, alice: User, api: Api) -> None:
    said_in(session)
    phone, path = api(alice), f"/sessions/{session.uid}/reflection/"
    assert phone.get(path).json()["code"] == "reflection_not_found"
    assert phone.post(path).json()["code"] == "session_not_ended"
    phone.post(f"/sessions/{session.uid}/end/")
    assert phone.get(path).json()["state"] == "waiting"
    Session.objects.get(pk=session.pk).reflection.__class__.objects.update(attempts=1)
    assert phone.post(path).json()["code"] == "reflection_under_way"


def test_when_its_last_message_goes_so_does_an_insight_and_its_proposal(item: Insight, alice: User) -> None:
    make_proposal(item)
    message = item.sources.get().message
    delete_message(session=item.session.uid, message=message.uid, actor=alice)
    assert not Insight.objects.exists()
    assert not MissionProposal.objects.exists()


def test_with_a_session_go_its_insights_and_proposals(item: Insight, alice: User) -> None:
    make_proposal(item)
    delete_session(session=item.session.uid, actor=alice)
    assert not Insight.objects.exists()
    assert not MissionProposal.objects.exists()

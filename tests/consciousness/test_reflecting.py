"""Looking back at a session: one call in the background, and what its answer becomes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from accounts.services import withdraw_consent
from consciousness.hindsight import SCHEMA
from consciousness.models import Insight, Memory, Reflection, Session
from consciousness.services.insights import edit_insight
from consciousness.services.reflecting import reflect_again, step, wake_call, wake_reference, wake_task
from consciousness.services.reflecting.planning import references_of, start_anew
from consciousness.services.remembering import fingerprint_of
from consciousness.services.titles import title_by_rules
from mentors.engines import Conversation
from mentors.manus.accounts import usable
from mentors.manus.simulator.server import SimulatorServer
from mentors.manus.simulator.structured import check_schema
from mentors.models import EgressRecord, Lane, ProviderCall
from mentors.services.scheduling import pump
from tests.consciousness.driving import carried_out, events_of, manus_client, says
from tests.consciousness.driving import drive as drive_turn
from tests.consciousness.reflecting_steps import State, age, ended, fresh, reach, step_now, talk
from tests.factories.sessions import make_session
from tests.threads import at_once
from timetravelers.kit.clock import now

KINDS = ["summary", "topic", "decision", "action_item", "open_question"]


def kinds_found(session: Session) -> set[str]:
    return set(session.insights.values_list("kind", flat=True))


def test_the_schema_is_one_that_the_provider_takes() -> None:
    check_schema(dict(SCHEMA))


def test_the_whole_way(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    assert step_now(reflection).state == State.WAITING
    assert ProviderCall.objects.get(subject=reflection.uid).lane == Lane.BACKGROUND
    assert reach(reflection).state == State.DONE
    assert kinds_found(session) >= set(KINDS)
    decision = session.insights.get(kind="decision")
    assert decision.text == "I decided to stay at my job for a year."
    assert (decision.state, decision.engine, decision.simulated) == ("proposed", "manus", True)
    (source,) = decision.sources.all()
    assert source.message.text.startswith("I decided to stay")
    told = next(event["data"] for event in events_of(session) if event["type"] == "insight.ready")
    assert set(told["insights"]) == {str(uid) for uid in session.insights.values_list("uid", flat=True)}


def test_every_insight_rests_on_messages_of_the_session(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reach(ended(session))
    for insight in session.insights.all():
        assert insight.sources.exists()
        assert all(source.message.session_id == session.pk for source in insight.sources.all())


def test_memories_are_proposed_and_not_kept(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reach(ended(session))
    assert "I have two kids." in set(Memory.objects.values_list("text", flat=True))
    assert set(Memory.objects.values_list("state", flat=True)) == {"proposed"}


def test_the_receipt_says_what_left(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    before = EgressRecord.objects.count()
    reach(ended(session))
    record = EgressRecord.objects.order_by("pk")[before]
    assert (record.endpoint, record.engine, record.session_ref) == ("task.create", "manus", session.uid)
    assert record.categories == ["conversation"]


def test_what_was_settled_is_settled_once(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = reach(ended(session))
    assert ProviderCall.objects.get(subject=reflection.uid).state == ProviderCall.State.DONE
    assert fresh(reflection).task == ""
    assert any(task for task in Session.objects.get(pk=session.pk).former_tasks)


def test_a_session_in_which_nothing_was_said_is_left_alone(session: Session, manus: SimulatorServer) -> None:
    with pytest.raises(Reflection.DoesNotExist):
        ended(session)


def test_words_of_somebody_in_danger_are_not_looked_back_on(session: Session, manus: SimulatorServer) -> None:
    talk(session, "I want to become a data analyst.")
    drive_turn(says(session, "I want to kill myself").turn)
    reach(ended(session))
    texts = " ".join(session.insights.values_list("text", flat=True))
    assert "kill" not in texts
    client = manus_client()
    tasks = [task.id for task in client.list_tasks(limit=100).data]
    events = [event for task in tasks for event in client.events_after(task).events if event.user_message]
    assert not any("kill myself" in (event.user_message.content or "") for event in events if event.user_message)


def test_withdrawn_consent_means_that_nothing_leaves(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    step_now(reflection)
    before, receipts = carried_out(manus, "task.create"), EgressRecord.objects.count()
    withdraw_consent(user=session.user, purpose="ai_provider")
    found = reach(reflection, State.SKIPPED)
    assert found.reason == "no_consent"
    assert carried_out(manus, "task.create") == before
    assert EgressRecord.objects.count() == receipts
    assert not Insight.objects.exists()
    assert ProviderCall.objects.get(subject=reflection.uid).state == ProviderCall.State.CANCELLED


def test_the_rehearsal_engine_looks_back_by_rules(session: Session, manus: SimulatorServer) -> None:
    Session.objects.filter(pk=session.pk).update(engine_chain=["rehearsal"])
    session.refresh_from_db()
    talk(session)
    assert reach(ended(session)).state == State.DONE
    assert kinds_found(session) >= {"summary", "decision", "action_item", "open_question"}
    assert not EgressRecord.objects.exists()


@pytest.mark.parametrize("chain", [["rehearsal"], ["manus"]])
def test_skills_that_were_named_are_found_and_linked(
    chain: list[str], searchable: None, session: Session, manus: SimulatorServer
) -> None:
    Session.objects.filter(pk=session.pk).update(engine_chain=chain)
    session.refresh_from_db()
    talk(session, "I use Excel and speak of the weather.", "I will learn SQL, and python.", "More SQL queries!")
    reach(ended(session))
    found = {one.text: one for one in session.insights.filter(kind="skill").select_related("skill")}
    assert {name: one.skill and one.skill.key for name, one in found.items()} == {
        "Microsoft Excel": "excel",
        "SQL": "sql",
        "Python": "python",
    }
    rests_on = [source.message.text for source in found["SQL"].sources.order_by("message")]
    assert rests_on == ["I will learn SQL, and python.", "More SQL queries!"]


def test_a_skill_that_was_rejected_is_not_proposed_by_another_name(
    searchable: None, session: Session, manus: SimulatorServer
) -> None:
    """In a later session, in other words, and with the same meaning in other sentences."""
    talk(session, "I will learn SQL.", "I decided to stay at my job for a whole year.")
    reach(ended(session))
    session.insights.update(state="rejected", decided_at=now())
    Insight.objects.filter(kind="skill").update(text="SQL queries", fingerprint=fingerprint_of("SQL queries"))
    later = make_session(session.user, session.traveler)
    talk(later, "I know SQL.", "I've decided to stay in my job for the whole year.", "I decided not to stay a year.")
    reach(ended(later))
    assert not later.insights.filter(kind="skill").exists()
    decided = later.insights.filter(kind="decision").values_list("text", flat=True)
    assert list(decided) == ["I decided not to stay a year."]


def test_what_was_put_in_own_words_is_not_proposed_in_the_old_ones(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    reach(reflection)
    decision = session.insights.get(kind="decision")
    edit_insight(insight=decision.uid, actor=session.user, text="One more year, then I go.")
    reflect_again(session=session.uid, actor=session.user)
    reach(reflection)
    assert session.insights.get(kind="decision").text == "One more year, then I go."


def test_a_provider_that_cannot_is_followed_by_the_next_engine(session: Session, manus: SimulatorServer) -> None:
    Session.objects.filter(pk=session.pk).update(engine_chain=["manus", "rehearsal"])
    session.refresh_from_db()
    talk(session)
    reflection = ended(session)
    manus.arm("task.reply", "structured_failure")
    reach(reflection)
    assert fresh(reflection).state == State.DONE
    assert set(session.insights.values_list("engine", flat=True)) == {"rehearsal"}


def test_a_value_that_comes_late_is_waited_for(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    manus.arm("task.reply", "structured_late", seconds=0.5)
    assert reach(reflection, seconds=20).state == State.DONE


def test_a_call_whose_end_nobody_heard_is_found_again(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    reach(reflection, State.RUNNING)
    Reflection.objects.filter(pk=reflection.pk).update(state=State.ASKED, task="")
    before = carried_out(manus, "task.create")
    assert reach(reflection).state == State.DONE
    assert carried_out(manus, "task.create") == before


def test_a_call_that_never_arrived_is_made_again_after_a_while(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    step_now(reflection)
    Reflection.objects.filter(pk=reflection.pk).update(
        state=State.ASKED, asked_at=now(), sends=1, attempts=1, account=usable()[0].pk
    )
    assert step_now(reflection).state == State.ASKED
    age(reflection, minutes=5)
    assert step_now(reflection).state == State.WAITING
    assert reach(reflection).state == State.DONE


def test_live_talk_has_the_quota_first(session: Session, manus: SimulatorServer, settings: Settings) -> None:
    talk(session)
    settings.MANUS_PER_MINUTE = {**settings.MANUS_PER_MINUTE, "task.create": 1}
    reflection = ended(session)
    mine = ProviderCall.objects.filter(subject=reflection.uid)
    assert step_now(reflection).state == State.WAITING
    assert fresh(reflection).due_at > now() + timedelta(seconds=10)
    assert not mine.exists()
    age(reflection, minutes=25)
    assert step_now(reflection).state == State.WAITING
    assert mine.exists()


def test_webhooks_and_the_scheduler_wake_it(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    later = now() + timedelta(hours=1)
    ways: list[tuple[State, Callable[[], None]]] = [
        (State.WAITING, lambda: wake_call(reflection.uid)),
        (State.RUNNING, lambda: wake_task("a-task")),
        (State.ASKED, lambda: wake_reference(f"TimeTravelers reflection {reflection.uid.hex} 1")),
    ]
    for state, wake in ways:
        account = ProviderCall.objects.exclude(account=None).values_list("account", flat=True)[0]
        Reflection.objects.filter(pk=reflection.pk).update(
            state=state, due_at=later, task="a-task" if state == State.RUNNING else "", account=account
        )
        wake()
        assert fresh(reflection).due_at <= now()


def test_it_takes_one_step_however_many_workers_come(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    step_now(reflection)
    before = carried_out(manus, "task.create")
    step_now(reflection)
    assert carried_out(manus, "task.create") <= before + 1
    reach(reflection)
    step(reflection.uid)
    assert carried_out(manus, "task.create") == before + 1


def test_what_was_rejected_is_not_proposed_again(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    reach(reflection)
    number = session.insights.count()
    session.insights.filter(kind="decision").update(state="rejected", decided_at=now())
    reflect_again(session=session.uid, actor=session.user)
    assert reach(reflection).state == State.DONE
    assert session.insights.count() == number
    assert session.insights.get(kind="decision").state == "rejected"


def test_what_is_to_be_forgotten_meanwhile_is_not_in_the_answer(session: Session, manus: SimulatorServer) -> None:
    """Asked with the words, and told without them before the answer is taken."""
    talk(session)
    reflection = ended(session)
    reach(reflection, State.RUNNING)
    start_anew(session.user_id)
    assert fresh(reflection).state == State.WAITING
    assert fresh(reflection).task == ""
    session.messages.filter(text__startswith="I decided").delete()
    assert reach(reflection).state == State.DONE
    assert not session.insights.filter(text__contains="decided").exists()


def test_references_are_not_those_of_turns(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = reach(ended(session))
    assert references_of(reflection) == [f"TimeTravelers reflection {reflection.uid.hex} 1"]
    assert str(Conversation(1, "x")) == "1/x"


def test_it_gets_a_title_unless_somebody_gave_one(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    title_by_rules(session.uid)
    session.refresh_from_db()
    assert session.title
    assert session.title_source == "rules"
    reach(ended(session))
    session.refresh_from_db()
    assert session.title_source == "reflection"


def test_a_title_of_the_persons_own_stays(session: Session, manus: SimulatorServer) -> None:
    Session.objects.filter(pk=session.pk).update(title="My plan", title_source="person")
    talk(session)
    title_by_rules(session.uid)
    reach(ended(session))
    session.refresh_from_db()
    assert (session.title, session.title_source) == ("My plan", "person")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(session: Session, manus: SimulatorServer) -> None:
    talk(session)
    reflection = ended(session)
    step_now(reflection)
    pump()
    Reflection.objects.filter(pk=reflection.pk).update(due_at=now())
    before = carried_out(manus, "task.create")
    at_once(4, lambda _: step(reflection.uid))
    assert carried_out(manus, "task.create") == before + 1
    assert reach(reflection).state == State.DONE
    assert carried_out(manus, "task.create") == before + 1

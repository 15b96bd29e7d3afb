"""The provider loses a conversation, or another engine takes it over: the next reply still uses what was said."""

import pytest
from pytest_django.fixtures import Settings

from consciousness.models import Message, Session
from mentors.engines import engine_named, read_conversation
from mentors.engines.chain import engines
from mentors.manus import accounts
from tests.consciousness.driving import State, carried_out
from tests.consciousness.faults import World
from tests.consciousness.test_context import remember
from tests.factories.mentors import make_account
from tests.mentors.engines.endpoint import serving, stream

FIRST = "I am preparing for an interview at a bakery chain."
SECOND = "And what do I say about gaps?"


def asked_again(world: World) -> str:
    """What the second message's task was told, and that it was answered by the provider."""
    before = set(world.taken())
    turn = world.ask(SECOND)
    assert turn.state == State.COMPLETED
    reply = Message.objects.get(turn=turn, author="traveler", superseded_at__isnull=True)
    assert reply.engine == "manus"
    return "\n".join(text for text in world.taken() if text not in before)


def assert_goes_on(world: World, heard: str) -> None:
    assert f"> {FIRST}" in heard
    assert "# What was said before" in heard
    assert "- goal: To lead a team." in heard
    assert carried_out(world.manus, "task.create") == 2


@pytest.fixture
def begun(world: World) -> World:
    """A conversation that has begun, with somebody whom mentors remember."""
    remember(world.session.user, "To lead a team.")
    assert world.ask(FIRST).state == State.COMPLETED
    return world


def test_it_has_lost_the_task(begun: World) -> None:
    begun.manus.load("task-lost")
    assert_goes_on(begun, asked_again(begun))


def test_it_was_deleted_there(begun: World) -> None:
    task = f"{begun.session.provider_account_id}/{begun.session.provider_task}"
    engine = engine_named("manus")
    assert engine is not None
    engine.delete(read_conversation(task))
    assert_goes_on(begun, asked_again(begun))


def test_its_account_is_shut_and_another_one_goes_on(begun: World) -> None:
    """A task of another account is not to be had: the conversation begins anew on one that is."""
    begun.session.refresh_from_db()
    gone = make_account("gone", is_active=False)
    Session.objects.filter(pk=begun.session.pk).update(provider_account=gone)
    accounts.forget()
    begun.session.refresh_from_db()
    assert_goes_on(begun, asked_again(begun))
    assert begun.session.provider_account_id != gone.pk


def test_the_mentor_has_heard_what_was_said(begun: World) -> None:
    """The mentor of the simulator says once in a conversation that it is simulated: it knows its own words again."""
    begun.manus.load("task-lost")
    second = begun.ask(SECOND)
    replies = [Message.objects.get(turn=turn, author="traveler").text for turn in begun.session.turns.order_by("pk")]
    assert "simulated mentor" in replies[0]
    assert second.pk == begun.session.turns.order_by("-pk")[0].pk
    assert "simulated mentor" not in replies[1]


def test_another_engine_goes_on(begun: World, settings: Settings) -> None:
    with serving(stream("Say ", "it plainly.")) as endpoint:
        settings.OPENAI = {"base_url": endpoint.url, "api_key": "", "model": "m", "provider": "", "read_timeout": 2.0}
        engines.cache_clear()
        Session.objects.filter(pk=begun.session.pk).update(engine_chain=["openai"])
        begun.session.refresh_from_db()
        turn = begun.ask(SECOND)
    engines.cache_clear()
    assert turn.messages.get(author="traveler").text == "Say it plainly."
    messages = endpoint.requests[-1]["messages"]
    assert [one["role"] for one in messages] == ["system", "user", "assistant", "user"]
    assert [messages[1]["content"], messages[3]["content"]] == [FIRST, SECOND]
    assert "- goal: To lead a team." in messages[0]["content"]

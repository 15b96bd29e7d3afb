"""Webhooks that go wrong: a reply is found at once or a little later, once, and forged words move nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from consciousness.services.steps import due_turns
from consciousness.subscribers import look_at_once
from mentors.events import ManusTaskStopped
from mentors.manus.accounts import usable
from mentors.manus.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from mentors.models import ManusAccount, WebhookDelivery
from mentors.services.webhooks import callback_url, handle_delivery
from tests.consciousness.driving import State, drive, kinds_of, manus_client, reach, replies_in, says, turn_of
from tests.consciousness.faults import World
from tests.mentors.manus.inbox import Inbox, Letter, receiving
from timetravelers.kit import events

THINKS = 60.0
Begin = Callable[[str], UUID]


@dataclass
class PostOffice:
    """Takes what Manus sends, and hands it to the house when the test says so."""

    inbox: Inbox
    account: ManusAccount
    given: int = 0

    def deliver(self) -> list[int]:
        """Hand over what has come since, and do the work behind it; the answers' statuses."""
        letters, self.given = self.inbox.letters[self.given :], len(self.inbox.letters)
        statuses = [self._post(letter) for letter in letters]
        for pk in WebhookDelivery.objects.filter(handled_at__isnull=True).values_list("pk", flat=True):
            handle_delivery(pk)
        return statuses

    def _post(self, letter: Letter) -> int:
        signed = {SIGNATURE_HEADER: letter.signature, TIMESTAMP_HEADER: letter.timestamp}
        headers = {name: value for name, value in signed.items() if value is not None}
        path = urlsplit(callback_url(self.account.uid)).path
        return Client().post(path, data=letter.body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def office(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """Our address is known to Manus; nothing is ever committed in a test, so what is told is heard at once."""
    monkeypatch.setitem(events._in_transaction, ManusTaskStopped, [look_at_once])
    with receiving() as inbox:
        settings.PUBLIC_BASE_URL = "http://" + urlsplit(inbox.url).netloc
        account = usable()[0]
        manus_client().create_webhook(callback_url(account.uid))
        manus_client().webhook_public_key()
        yield PostOffice(inbox, account, given=len(inbox.letters))


@pytest.fixture
def running(world: World, office: PostOffice) -> Begin:
    """A turn whose reply has just come to be, under a fault script."""

    def begin(script: str) -> UUID:
        world.manus.arm("task.reply", "slow", seconds=THINKS)
        world.manus.load(script)
        turn = says(world.session, "What should I do first?").turn
        reach(turn, State.RUNNING)
        assert due_turns() == []
        office.deliver()
        world.manus.advance(THINKS + 1)
        return turn

    return begin


AT_ONCE = ["webhook-duplicate", "webhook-reordered", "webhook-same-id", "key-rotation"]
LATER = ["webhook-lost", "webhook-wrong-signature", "webhook-expired", "webhook-late"]


@pytest.mark.parametrize("script", [*AT_ONCE, *LATER])
def test_the_reply_is_found_once(world: World, office: PostOffice, running: Begin, script: str) -> None:
    turn = running(script)
    statuses = office.deliver()
    assert due_turns() == ([turn] if script in AT_ONCE else []), statuses
    assert drive(turn).state == State.COMPLETED
    world.manus.advance(600)
    office.deliver()
    assert replies_in(world.session) == [("manus", False, True)]
    assert kinds_of(world.session).count("turn.completed") == 1
    assert turn_of(turn).state == State.COMPLETED
    assert world.heard("What should I do first?") == 1


@pytest.mark.parametrize("script", ["webhook-wrong-signature", "webhook-expired"])
def test_what_is_not_proven_is_refused(office: PostOffice, running: Begin, script: str) -> None:
    running(script)
    assert 403 in office.deliver() or not WebhookDelivery.objects.filter(event_type="task_stopped").exists()


def test_two_stops_under_one_id_are_two(world: World, office: PostOffice, running: Begin) -> None:
    first = running("webhook-same-id")
    office.deliver()
    drive(first)
    world.manus.arm("task.reply", "slow", seconds=THINKS)
    second = says(world.session, "And then?").turn
    reach(second, State.RUNNING)
    world.manus.advance(THINKS + 1)
    office.deliver()
    assert due_turns() == [second]

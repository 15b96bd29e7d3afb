"""Refresh tokens: one family a sign-in, forgiving to phones and not to thieves."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from django.contrib.sessions.models import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from accounts.authentication import accounts
from accounts.models import SecurityEvent, SignIn, User
from accounts.services import refresh_tokens, refreshing, revoke_tokens
from accounts.tokens import InvalidToken, issue
from tests.accounts.doors import refresh, sign_in, works
from tests.factories.accounts import make_sign_in, make_user
from tests.threads import at_once
from timetravelers.kit import clock
from timetravelers.kit.errors import DomainError

pytestmark = pytest.mark.django_db


class Watch:
    """A clock for the refresh service that only tests move, however slow this machine is."""

    def __init__(self) -> None:
        self.start = clock.now()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return self.start + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(refreshing, "now", watch.now)
    return watch


def first_token(user: User) -> str:
    return issue(user, make_sign_in(user)).refresh


def exchanged(token: str) -> str:
    return refresh_tokens(refresh_token=token).refresh


def said(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_each_refresh_gives_another_token_of_the_same_family(alice: User) -> None:
    first = str(sign_in("alice@example.org")["refresh_token"])
    second = refresh(first).json()["data"]["refresh_token"]
    third = refresh(second).json()["data"]["refresh_token"]
    assert len({first, second, third}) == 3
    assert [said(token)["gen"] for token in (first, second, third)] == [0, 1, 2]
    assert len({said(token)["sid"] for token in (first, second, third)}) == 1
    assert SignIn.objects.get().generation == 2


def test_lifetimes_are_ten_minutes_and_thirty_days(alice: User) -> None:
    meta = sign_in("alice@example.org")
    for token, lifetime in ((meta["access_token"], 600), (meta["refresh_token"], 30 * 24 * 3600)):
        claims = said(token)
        assert claims["exp"] - claims["iat"] == lifetime


def test_within_the_grace_the_loser_of_a_race_gets_the_same_successor(alice: User, watch: Watch) -> None:
    first = first_token(alice)
    winner = exchanged(first)
    watch.forward(59)
    assert exchanged(first) == winner
    assert exchanged(first) == winner
    assert SignIn.objects.get().generation == 1
    assert not SecurityEvent.objects.exists()


def test_a_very_late_answer_does_no_harm_while_the_family_moves_on(alice: User, watch: Watch) -> None:
    first = first_token(alice)
    second = exchanged(first)
    watch.forward(20)
    third = exchanged(second)
    watch.forward(20)
    assert exchanged(first) == second
    assert exchanged(second) == third
    assert SignIn.objects.get().generation == 2


def test_after_the_grace_reuse_ends_the_family(alice: User, watch: Watch) -> None:
    meta = sign_in("alice@example.org", User_Agent="Otter/1")
    first = meta["refresh_token"]
    second = refresh(first).json()["data"]
    watch.forward(60)
    with capture_logs() as logs:
        assert refresh(first).status_code == 400
    accounts.clear()
    assert refresh(second["refresh_token"]).status_code == 400
    assert not works(second["access_token"])
    assert not SignIn.objects.live().exists()
    assert not Session.objects.exists()
    event = SecurityEvent.objects.get()
    assert (event.kind, event.user, event.sign_in) == ("refresh_reused", alice, SignIn.objects.get().uid)
    assert len(event.address_hash) == 64
    assert "127.0.0.1" not in event.address_hash
    assert [line["event"] for line in logs].count("refresh_token_reused") == 1
    assert first not in str(logs)


def test_a_token_older_than_its_parent_is_theft_even_if_the_family_was_just_refreshed(
    alice: User, watch: Watch
) -> None:
    first = first_token(alice)
    second = exchanged(first)
    watch.forward(600)
    exchanged(second)
    with pytest.raises(InvalidToken):
        exchanged(first)
    assert SecurityEvent.objects.filter(kind="refresh_reused").count() == 1


def test_reuse_on_one_phone_leaves_the_others_alone(alice: User, bob: User, watch: Watch) -> None:
    stolen, other, foreign = first_token(alice), first_token(alice), first_token(bob)
    exchanged(stolen)
    watch.forward(61)
    with pytest.raises(InvalidToken):
        exchanged(stolen)
    assert said(exchanged(other))["gen"] == 1
    assert said(exchanged(foreign))["gen"] == 1


def test_reuse_is_recorded_once_however_often_the_thief_tries(alice: User, watch: Watch) -> None:
    first = first_token(alice)
    exchanged(first)
    watch.forward(61)
    for _ in range(3):
        with pytest.raises(InvalidToken):
            exchanged(first)
    assert SecurityEvent.objects.count() == 1


def test_a_token_from_the_future_of_its_family_is_refused(alice: User) -> None:
    sign_in_ = make_sign_in(alice)
    with pytest.raises(InvalidToken):
        exchanged(issue(alice, sign_in_, generation=7).refresh)


@pytest.mark.parametrize("how", ["revoked", "shut out", "deleted", "epoch"])
def test_families_die_with_what_they_stand_on(alice: User, how: str) -> None:
    token = first_token(alice)
    match how:
        case "revoked":
            revoke_tokens(alice, "test")
        case "shut out":
            User.objects.update(is_active=False)
        case "deleted":
            User.objects.all().delete()
        case "epoch":
            User.objects.update(epoch=5)
    with pytest.raises(InvalidToken):
        exchanged(token)


def test_refreshing_keeps_the_session_alive_as_long(alice: User) -> None:
    meta = sign_in("alice@example.org")
    almost = clock.now() + timedelta(days=1)
    Session.objects.update(expire_date=almost)
    refresh(meta["refresh_token"])
    assert Session.objects.get().expire_date > almost + timedelta(days=28)


@given(steps=st.lists(st.tuples(st.integers(0, 12), st.floats(0, 90)), max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_family_behaves_as_its_rules_say(watch: Watch, steps: list[tuple[int, float]]) -> None:
    """Against a model: any known token is shown after any pause."""
    tokens = [first_token(make_user())]
    exchanged_at: list[float] = []
    watch.ahead = timedelta()
    moment, alive = 0.0, True
    for pick, pause in steps:
        moment += pause
        watch.forward(pause)
        shown = min(pick, len(tokens) - 1)
        fresh = shown == len(tokens) - 1
        if not fresh and abs(moment - exchanged_at[shown] - 60) < 0.001:
            continue  # the model counts in floats, the clock in microseconds
        if alive and (fresh or moment - exchanged_at[shown] < 60):
            successor = exchanged(tokens[shown])
            if fresh:
                tokens.append(successor)
                exchanged_at.append(moment)
            assert successor == tokens[shown + 1]
        else:
            alive = False
            with pytest.raises(InvalidToken):
                exchanged(tokens[shown])


@pytest.mark.django_db(transaction=True)
def test_fifty_phones_at_once_are_one_family(alice: User) -> None:
    token = sign_in("alice@example.org")["refresh_token"]
    answers = at_once(50, lambda _: refresh(token))
    pairs = [answer.json()["data"] for answer in answers if not isinstance(answer, DomainError)]
    assert Counter(answer.status_code for answer in answers if not isinstance(answer, DomainError)) == {200: 50}
    assert len({pair["refresh_token"] for pair in pairs}) == 1
    assert all(works(pair["access_token"]) for pair in pairs[:3])
    assert SignIn.objects.live().get().generation == 1
    assert not SecurityEvent.objects.exists()
    assert refresh(pairs[0]["refresh_token"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_refreshes_and_a_revocation_at_once_end_in_nothing_that_works(alice: User) -> None:
    token = sign_in("alice@example.org")["refresh_token"]

    def work(number: int) -> Any:
        return revoke_tokens(User.objects.get(pk=alice.pk), "race") if number == 5 else refresh(token)

    answers = [answer for answer in at_once(12, work) if not isinstance(answer, DomainError | int)]
    assert {answer.status_code for answer in answers} <= {200, 400}
    accounts.clear()
    for answer in answers:
        if answer.status_code == 200:
            assert not works(answer.json()["data"]["access_token"])
            assert refresh(answer.json()["data"]["refresh_token"]).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_thieves_at_once_are_recorded_once(alice: User, watch: Watch) -> None:
    token = first_token(alice)
    exchanged(token)
    watch.forward(120)

    def steal(_: int) -> bool:
        try:
            exchanged(token)
        except InvalidToken:
            return False
        return True

    assert at_once(8, steal) == [False] * 8
    assert SecurityEvent.objects.count() == 1

"""Moving to another address: only after a fresh proof, and only once the new one has shown to be one's own."""

import pytest
from allauth.account.internal.flows import login as records
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage

from accounts.models import User
from tests.clean import clear_valkey
from tests.phones import Phone, code_in, signed_in

pytestmark = pytest.mark.django_db
NEW = "alice@example.net"


def asked_to_move(email: str = NEW) -> Phone:
    """A phone whose owner has proven who they are, and asked to move."""
    phone = signed_in("alice@example.org")
    assert phone.reauthenticate().status_code == 200
    answer = phone.post("/account/email", {"email": email})
    assert answer.status_code == 200, answer.content
    return phone


def test_without_a_fresh_proof_nothing_is_sent(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = signed_in("alice@example.org")
    answer = phone.post("/account/email", {"email": NEW})
    assert answer.status_code == 401
    assert {"id": "reauthenticate"} in answer.json()["data"]["flows"]
    assert not mailoutbox


def test_a_wrong_password_is_no_proof(alice: User) -> None:
    phone = signed_in("alice@example.org")
    assert phone.reauthenticate("not this one").status_code == 400
    assert phone.post("/account/email", {"email": NEW}).status_code == 401


def test_the_old_address_stays_until_the_new_one_is_verified(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked_to_move()
    assert mailoutbox[0].to == [NEW]
    assert "Or open this link" not in mailoutbox[0].body
    assert signed_in("alice@example.org").can_use_the_house()
    assert Phone().sign_in(NEW).status_code == 400
    answer = phone.post("/auth/email/verify", {"key": code_in(mailoutbox[0])})
    assert answer.status_code == 200, answer.content
    assert [row.email for row in EmailAddress.objects.filter(user=alice, verified=True, primary=True)] == [NEW]
    alice.refresh_from_db()
    assert alice.email == NEW
    assert signed_in(NEW).can_use_the_house()
    assert Phone().sign_in("alice@example.org").status_code == 400


def test_the_old_address_is_told(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked_to_move()
    phone.post("/auth/email/verify", {"key": code_in(mailoutbox[0])})
    told = mailoutbox[-1]
    assert told.to == ["alice@example.org"]
    assert NEW in told.body


def test_a_wrong_code_moves_nobody(alice: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked_to_move()
    assert phone.post("/auth/email/verify", {"key": "BBBB-BBBB"}).status_code == 400
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_somebody_elses_address_cannot_be_taken(alice: User, bob: User, mailoutbox: list[EmailMessage]) -> None:
    phone = asked_to_move("bob@example.org")
    # Even with the code, which went to its owner: the answer before gave nothing away.
    answer = phone.post("/auth/email/verify", {"key": code_in(mailoutbox[0])})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "email_taken")
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
    assert signed_in("bob@example.org").can_use_the_house()


def test_who_has_only_a_social_account_has_to_have_signed_in_just_now(
    alice: User, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = signed_in("alice@example.org")
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    phone = Phone()
    phone.post("/auth/code/request", {"email": "alice@example.org"})
    monkeypatch.setattr(records.time, "time", lambda: 1_700_000_000.0)
    phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[-1])})
    monkeypatch.undo()
    clear_valkey()
    assert phone.post("/account/email", {"email": NEW}).status_code == 401


def test_a_social_account_that_has_just_signed_in_may(alice: User, mailoutbox: list[EmailMessage]) -> None:
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    phone = Phone()
    phone.post("/auth/code/request", {"email": "alice@example.org"})
    phone.post("/auth/code/confirm", {"code": code_in(mailoutbox[-1])})
    assert phone.post("/account/email", {"email": NEW}).status_code == 200

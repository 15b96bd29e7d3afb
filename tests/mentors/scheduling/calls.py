"""Calls that stand in the queue, and what became of them."""

from contextlib import suppress
from uuid import UUID, uuid4

from accounts.models import User
from mentors.manus import windows
from mentors.models import ManusAccount, ProviderCall
from mentors.services import scheduling

State = ProviderCall.State


def queue(
    owner: User | None,
    *,
    lane: str = "live",
    account: ManusAccount | None = None,
    session: UUID | None = None,
    subject: UUID | None = None,
) -> UUID:
    """A create, or with an account a send to it."""
    subject = subject or uuid4()
    scheduling.enqueue(
        subject=subject,
        kind="create" if account is None else "send",
        lane=lane,
        owner=owner,
        session=session,
        account=account.pk if account else None,
    )
    return subject


def call_of(subject: UUID) -> ProviderCall:
    return ProviderCall.objects.get(subject=subject)


def state_of(subject: UUID) -> str:
    return call_of(subject).state


def admitted() -> set[UUID]:
    """Everything that was admitted and not yet begun."""
    found = ProviderCall.objects.filter(state=State.ADMITTED, started_at__isnull=True)
    return set(found.values_list("subject", flat=True))


def make_call(subject: UUID, *, limits: dict[str, int] | None = None) -> None:
    """What a turn does: go through the gate, by the slot that was reserved."""
    with scheduling.sending(subject) as leave:
        endpoint = "task.create" if call_of(subject).kind == "create" else "task.sendMessage"
        with windows.gate(leave.account, limits or {endpoint: 10})(endpoint):
            pass


def serve(subjects: set[UUID], *, credits: int = 1) -> None:  # noqa: A002 - the word for it
    """Make these calls and pay for them."""
    for subject in subjects:
        make_call(subject)
        scheduling.finish(subject, credits=credits)


def serve_admitted(*, credits: int = 1) -> set[UUID]:  # noqa: A002 - the word for it
    """Pump, make every call that was admitted, and say which."""
    scheduling.pump()
    served = admitted()
    with suppress(scheduling.NotAdmitted):
        serve(served, credits=credits)
    return served

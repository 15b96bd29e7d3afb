"""Provider tasks that know what is to be forgotten: their sessions go on in new ones, told from our own log."""

from django.db.models import Q

from consciousness.models import Session


def make_tasks_stale(user_id: int) -> None:
    """No later call for the person uses a task that there is now. Locks those sessions, in order.

    A reply that is on its way comes in as it was asked for; the next call begins a new task.
    """
    held = Session.objects.filter(~Q(provider_task=""), user_id=user_id, is_task_stale=False)
    keys = list(held.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Session.objects.filter(pk__in=keys).update(is_task_stale=True)

"""What beat sends on its way, and how often; staff may change it in the admin."""

from datetime import timedelta
from typing import Any


def _every(seconds: float, task: str, **options: Any) -> dict[str, Any]:
    """An entry whose messages expire when the next is due: a beat that was down must not send an hour's worth."""
    return {"task": task, "schedule": timedelta(seconds=seconds), "options": {"expires": int(seconds), **options}}


SCHEDULE = {
    "sweep turns": _every(3, "consciousness.sweep_turns", queue="turns"),
    "open sessions": _every(20, "consciousness.open_due_sessions", queue="turns"),
    "end idle sessions": _every(300, "consciousness.end_idle_sessions", queue="default"),
    "send reminders": _every(30, "consciousness.send_due_reminders", queue="default"),
    "read messages for search": _every(3, "consciousness.index_messages", queue="default"),
    "embed passages for recall": _every(5, "consciousness.embed_passages", queue="default"),
    "look back at sessions": _every(60, "consciousness.sweep_reflections", queue="default"),
    "send files on": _every(20, "consciousness.sweep_files", queue="default"),
    "count open sessions": _every(30, "consciousness.count_open_sessions", queue="default"),
    "refresh stale matches": _every(60, "matching.refresh_stale"),
    "propose weights": _every(86_400, "matching.propose_weights"),
    "sync Traveler projects": _every(60, "mentors.sync_projects"),
    "check Traveler projects": _every(900, "mentors.check_projects"),
    "pump calls": _every(3, "mentors.pump_calls", queue="turns"),
    "watch spending": _every(20, "mentors.watch_spending"),
    "reconcile usage": _every(900, "mentors.reconcile_usage"),
    "register webhook": _every(60, "mentors.register_webhook"),
    "check Manus accounts": _every(60, "mentors.check_accounts"),
    "sweep deliveries": _every(15, "mentors.sweep_deliveries"),
    "forget Manus traffic": _every(21_600, "mentors.forget_traffic"),
    "sweep deletions": _every(30, "accounts.sweep_deletions"),
    "sweep exports": _every(60, "accounts.sweep_exports"),
    "apply retention": _every(3600, "kit.apply_retention"),
}

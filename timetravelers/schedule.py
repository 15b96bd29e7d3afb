"""What beat sends on its way, and how often; staff may change it in the admin."""

from datetime import timedelta
from typing import Any


def _every(seconds: float, task: str, **options: Any) -> dict[str, Any]:
    """An entry whose messages expire when the next is due: a beat that was down must not send an hour's worth."""
    return {"task": task, "schedule": timedelta(seconds=seconds), "options": {"expires": int(seconds), **options}}


SCHEDULE = {
    "sweep turns": _every(3, "consciousness.sweep_turns", queue="turns"),
    "register webhook": _every(60, "mentors.register_webhook"),
    "sweep deletions": _every(30, "accounts.sweep_deletions"),
    "sweep exports": _every(60, "accounts.sweep_exports"),
    "purge unverified accounts": _every(3600, "accounts.purge_unverified"),
    "forget sign-ins": _every(21_600, "accounts.forget_sign_ins"),
    "forget security events": _every(86_400, "accounts.forget_security_events"),
    "forget idempotent answers": _every(3600, "kit.forget_idempotent_answers"),
}

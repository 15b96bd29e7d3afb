"""What `manage.py up` tells the person at the terminal once everything runs."""

from collections.abc import Sequence

from timetravelers.runtime.plan import Plan, UpOptions


def announcement(options: UpOptions, plan: Plan, login: Sequence[str]) -> list[str]:
    """The addresses, one a line; `login` is what the first administrator's step said."""
    web = options.web_url
    lines = ["", "TimeTravelers is up. Ctrl-C stops all of it, and the data is kept.", ""]
    lines += [_row("app", f"{web}/"), _row("API docs", f"{web}/api/docs/"), _row("admin", f"{web}/admin/")]
    lines += [_row("", line) for line in login]
    if _shows_mail(plan):
        lines.append(_row("mailbox", f"{web}/dev/mail/"))
    if plan.simulator_url:
        lines.append(_row("Manus", f"{plan.simulator_url} (the simulator: replies are rehearsals)"))
    return [*lines, _row("data", str(options.data_dir)), ""]


def _row(title: str, text: str) -> str:
    return f"  {title:<10}{text}"


def _shows_mail(plan: Plan) -> bool:
    development = plan.environment.get("DEVELOPMENT", "").lower() in {"1", "true", "yes", "on"}
    return development and not plan.environment.get("EMAIL_URL")

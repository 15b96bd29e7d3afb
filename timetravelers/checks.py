"""System checks of the configuration: `manage.py check --deploy` says what a deployment forgot."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from timetravelers.env import PLACEHOLDER_SECRET


@register(Tags.security, deploy=True)
def configuration_is_complete(**_: Any) -> list[CheckMessage]:
    """Nothing is missing, and nothing of a developer's machine is left."""
    problems: list[CheckMessage] = []
    if settings.ENV.missing:
        missing = ", ".join(settings.ENV.missing)
        problems.append(Error(f"Not set: {missing}", id="timetravelers.E001"))
    if settings.ENV.development:
        problems.append(Error("DEVELOPMENT is on: the mailbox would be open.", id="timetravelers.E002"))
    if settings.SECRET_KEY == PLACEHOLDER_SECRET:
        problems.append(Error("DJANGO_SECRET_KEY is the placeholder.", id="timetravelers.E003"))
    if not settings.ENV.email_url:
        problems.append(Error("EMAIL_URL is not set: mail would go to files.", id="timetravelers.E004"))
    return problems

"""System checks of the configuration: `manage.py check --deploy` says what a deployment forgot."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from consciousness.chains import may_be_told
from mentors.engines import configured_chain, engine_named
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


@register
def engines_can_be_asked(**_: Any) -> list[CheckMessage]:
    """The chain of engines makes sense, and the consent names everybody in it."""
    try:
        engines = [engine_named(name) for name in configured_chain()]
    except (ImproperlyConfigured, ValueError) as problem:
        return [Error(str(problem), id="timetravelers.E005")]
    return [
        Caution(
            f"The wording of the consent does not name {engine.recipient}: {engine.name} is never asked.",
            hint="Name them in content/consents.yaml, under a new version.",
            id="timetravelers.W001",
        )
        for engine in engines
        if engine is not None and not may_be_told(engine)
    ]

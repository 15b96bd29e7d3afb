"""Offering a mission to somebody."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from accounts.selectors import years_of_experience
from missions.events import MissionOffered
from missions.models import Mission, MissionTemplate
from missions.ranking import Task, Wish, explain, rank
from timetravelers.kit.clock import now
from timetravelers.kit.events import publish

log = structlog.get_logger(__name__)

BEGINNER_YEARS = 2  # with less experience than this, or none told, a person counts as a beginner
RACES = frozenset({"mission_once_per_origin", "mission_open_once"})


@dataclass(frozen=True, slots=True)
class _Setting:
    """For whom, with whom, and out of which session."""

    user_id: int
    traveler_id: int
    origin: UUID | None


@transaction.atomic
def offer_mission(
    *,
    user_id: int,
    traveler_id: int,
    origin: UUID | None,
    field_code: str | None,
    skill_keys: Collection[str],
) -> Mission | None:
    """Put the best next mission on somebody's board; None when there is nothing to offer.

    One mission per origin: asking again returns the same one, unchanged, whatever its state. A task that the
    person has open, has completed or has declined, in any version, is not offered again. Takes no locks: of
    two offers at once the unique constraints let one through. Publishes MissionOffered.
    """
    setting = _Setting(user_id, traveler_id, origin)
    kept = _already_offered(setting)
    if kept is not None:
        return kept
    templates = _open_templates(user_id)
    wish = Wish(field_code, frozenset(skill_keys), _is_beginner(user_id))
    for task in rank(map(_task, templates.values()), wish):
        template = templates[task.id]
        names = {skill.key: skill.name for skill in template.skills.all()}
        mission = _insert(setting, template, explain(task, wish, names)) or _already_offered(setting)
        if mission is not None:
            return mission
    return None


def _already_offered(setting: _Setting) -> Mission | None:
    if setting.origin is None:
        return None
    return Mission.objects.visible_to(setting.user_id).out_of(setting.origin).for_board().first()


def _open_templates(user_id: int) -> dict[int, MissionTemplate]:
    had = Mission.objects.visible_to(user_id).values("template__slug")
    templates = MissionTemplate.objects.current().exclude(slug__in=had).prefetch_related("skills")
    return {template.pk: template for template in templates}


def _task(template: MissionTemplate) -> Task:
    return Task(
        id=template.pk,
        slug=template.slug,
        fields=frozenset(template.field_codes),
        skills=frozenset(skill.key for skill in template.skills.all()),
        difficulty=template.difficulty,
        minutes=template.minutes,
    )


def _is_beginner(user_id: int) -> bool:
    years = years_of_experience(user_id)
    return years is None or years < BEGINNER_YEARS


def _insert(setting: _Setting, template: MissionTemplate, reason: str) -> Mission | None:
    """The new mission, or None when somebody else was faster."""
    try:
        with transaction.atomic():
            mission = Mission.objects.create(
                user_id=setting.user_id,
                traveler_id=setting.traveler_id,
                origin=setting.origin,
                template=template,
                reason=reason[:300],
                offered_at=now(),
            )
    except IntegrityError as exc:
        if getattr(getattr(exc.__cause__, "diag", None), "constraint_name", None) not in RACES:
            raise
        return None
    publish(MissionOffered(mission.uid, mission.user_id, template.slug, mission.origin))
    log.info("mission_offered", mission=str(mission.uid), template=template.slug)
    return mission

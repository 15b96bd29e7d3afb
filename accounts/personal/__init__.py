"""The accounts room in the data catalogue, and the frame's own tables: what is held, why, how long, and whose."""

from allauth.socialaccount.models import SocialApp
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django_celery_beat import models as beat

from accounts import models as own
from accounts.personal.access import access_tables
from accounts.personal.account import account_tables
from accounts.personal.frame import frame_tables
from accounts.personal.learning import learning_tables
from accounts.personal.profile import profile_tables
from timetravelers.kit.catalogue import exempt, register


def register_tables() -> None:
    """Called when the app is ready."""
    register(*account_tables(), *access_tables(), *profile_tables(), *learning_tables(), *frame_tables())
    taxonomy = (own.Field, own.Occupation, own.AlternateTitle, own.OccupationSkill, own.RelatedOccupation, own.Skill)
    beside = (own.MinorGroup, own.TaxonomyRelease, own.OccupationTerm, own.SkillTerm, own.SearchWord)
    facts = (own.OccupationTechnology, own.OccupationTask, own.OccupationInterest, own.OccupationWorkStyle)
    exempt("reviewed content", *taxonomy, *beside, *facts, own.WorkStyle)
    exempt("the frame's own lists", ContentType, Permission, Group, Group.permissions.through, SocialApp)
    schedules = (beat.SolarSchedule, beat.IntervalSchedule, beat.ClockedSchedule, beat.CrontabSchedule)
    exempt("when tasks run", *schedules, beat.PeriodicTasks, beat.PeriodicTask)

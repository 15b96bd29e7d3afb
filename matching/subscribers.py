"""What matching does when people and Travelers change."""

from accounts.events import CareerStageCorrected, LearningAssessed, ProfileChanged
from matching.events import WeightsPublished
from matching.services.holding import mark_stale
from matching.tasks import refresh_stale_matches
from mentors.events import TravelerStateChanged, TravelerVersionPublished
from timetravelers.kit.events import DomainEvent, subscribe

# The list of somebody who edits is made anew when they ask for it; the others can wait until edits have calmed down.
GATHER_SECONDS = 10


def note_change(event: ProfileChanged | LearningAssessed | CareerStageCorrected) -> None:
    mark_stale([event.user_id])


def refresh_everybody(_event: DomainEvent) -> None:
    refresh_stale_matches.apply_async(countdown=GATHER_SECONDS, expires=60)


def connect() -> None:
    """Subscribe all of the above; called when the app is ready."""
    subscribe(ProfileChanged, note_change, in_transaction=True)
    subscribe(LearningAssessed, note_change, in_transaction=True)
    subscribe(CareerStageCorrected, note_change, in_transaction=True)
    for news in (TravelerVersionPublished, TravelerStateChanged, WeightsPublished):
        subscribe(news, refresh_everybody)

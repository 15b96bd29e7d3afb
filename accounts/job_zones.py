"""What a job zone means for somebody on the way in, out of a reviewed content file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from timetravelers.kit.content import read_document


@dataclass(frozen=True, slots=True)
class Preparation:
    """What people typically bring before they begin, in words and in figures.

    `usual_levels` are levels of education as in a profile. The months are specific preparation for this sort of
    work (the zone's range of O*NET's SVP), general schooling left out; without `months_most` there is no usual end.
    """

    job_zone: int
    name: str
    education: str
    experience: str
    training: str
    usual_levels: tuple[str, ...]
    months_least: int
    months_most: int | None


@cache
def preparations() -> Mapping[int, Preparation]:
    """The five job zones by number. Raises ContentError for a bad file."""
    data = read_document(settings.CONTENT_DIR, "taxonomy/job-zones.yaml", "job_zones").data
    return {
        entry["zone"]: Preparation(
            job_zone=entry["zone"],
            usual_levels=tuple(entry["usual_levels"]),
            months_least=entry["months"]["least"],
            months_most=entry["months"].get("most"),
            **{name: entry[name] for name in ("name", "education", "experience", "training")},
        )
        for entry in data["job_zones"]
    }


def preparation_for(job_zone: int | None) -> Preparation | None:
    """What a job zone means; None where there is no zone."""
    return None if job_zone is None else preparations()[job_zone]


def is_stepping_stone(job_zone: int | None, target: int | None) -> bool:
    """Whether an occupation asks for no more preparation than the target does; both zones must be known."""
    return job_zone is not None and target is not None and job_zone <= target

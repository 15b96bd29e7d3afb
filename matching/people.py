"""A person as TELL sees them, out of the profile: career facts and nothing else."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.career_stage import STAGES
from accounts.gaps import Need, needed_level
from accounts.models import AXES, AlternateTitle, OccupationSkill, Profile, UserSkill
from accounts.selectors import career_stages_of, years_of_each
from accounts.selectors.career_stage import StageState
from accounts.selectors.learning import AssessedAxis, assessed_axes_of
from matching.features import PersonFeatures, Want
from matching.taxonomy import near_to_each, title_words

_FACTS = ("goal_horizon_months", "weekly_hours")
_TARGET = ("target_occupation", "target_occupation__code", "target_occupation__title")


@dataclass(frozen=True, slots=True)
class Person:
    """Features, and what is needed beside them: languages without region, the target's title, names of its skills."""

    features: PersonFeatures = field(default_factory=PersonFeatures)
    languages: frozenset[str] = frozenset()
    target: str | None = None
    skill_names: Mapping[int, str] = field(default_factory=dict)


def person_of(user_id: int) -> Person:
    """What the profile says, in fourteen queries at most; an empty Person without a profile."""
    return people_of([user_id])[user_id]


def people_of(user_ids: Collection[int]) -> dict[int, Person]:
    """The same for several people, in as many queries."""
    columns = ("user_id", *_FACTS, *AXES, *_TARGET, "assessed_axes", "languages")
    profiles = {row["user_id"]: row for row in Profile.objects.filter(user_id__in=user_ids).values(*columns)}
    if not profiles:
        return {user: Person() for user in user_ids}
    years, stages = years_of_each(profiles), career_stages_of(profiles)
    assessed = assessed_axes_of([user for user, row in profiles.items() if row["assessed_axes"]])
    targets = _targets(profiles)
    found = dict.fromkeys(user_ids, Person())
    for user, profile in profiles.items():
        facts: dict[str, Any] = {name: profile[name] for name in _FACTS}
        facts |= {"years_experience": years.get(user), "stage": _stage(stages[user])}
        facts |= {"style": tuple(profile[axis] for axis in AXES)}
        facts |= {"confidence": _confidence(assessed.get(user, {}), profile)}
        languages = frozenset(without_region(tag) for tag in profile["languages"])
        aim = targets.of(user, profile)
        names = {} if aim is None else targets.names[profile["target_occupation"]]
        title = profile["target_occupation__title"]
        found[user] = Person(PersonFeatures(**facts, **(aim or {})), languages, title, names)
    return found


@dataclass(frozen=True, slots=True)
class _Targets:
    """By occupation: what it asks of skills (id, importance, level) and their names, who is near, and the words of its
    other titles; by person, levels and grades of skills, by id."""

    asked: Mapping[int, list[tuple[int, float, float]]]
    names: Mapping[int, dict[int, str]]
    near: Mapping[int, Mapping[int, float]]
    titles: Mapping[int, list[str]]
    own: Mapping[int, dict[int, tuple[int, str]]]

    def of(self, user: int, profile: dict[str, Any]) -> dict[str, Any] | None:
        """What a person aims for, as features; None without a target."""
        occupation, own = profile["target_occupation"], self.own[user]
        if occupation is None:
            return None
        titles = (profile["target_occupation__title"], *self.titles[occupation])
        return {
            "occupation": occupation,
            "soc": soc_number(profile["target_occupation__code"]),
            "near": self.near[occupation],
            "words": frozenset(word for one in titles for word in telling_words(one)),
            "wants": tuple(Want(*each, *own.get(each[0], ())) for each in self.asked[occupation]),
        }


def _targets(profiles: Mapping[int, dict[str, Any]]) -> _Targets:
    """What the targets of people ask, and what the people who have one can do; in four queries, or none."""
    asked: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    names: dict[int, dict[int, str]] = defaultdict(dict)
    titles: dict[int, list[str]] = defaultdict(list)
    own: dict[int, dict[int, tuple[int, str]]] = defaultdict(dict)
    aiming = {user: row["target_occupation"] for user, row in profiles.items() if row["target_occupation"] is not None}
    occupations = set(aiming.values())
    if not aiming:
        return _Targets(asked, names, {}, titles, own)
    links = OccupationSkill.objects.filter(occupation__in=occupations, skill__retired_at__isnull=True)
    rows = links.order_by("occupation", "skill").values_list(
        "occupation", "skill", "importance", "level", "skill__name"
    )
    for occupation, skill, rank, level, name in rows:
        asked[occupation].append((skill, rank, asked_of(skill, rank, level)))
        names[occupation][skill] = name
    known = UserSkill.objects.filter(user_id__in=aiming, skill__isnull=False)
    for user, skill, level, grade in known.values_list("user_id", "skill", "level", "grade"):
        own[user][skill] = (level, grade)
    for occupation, title in AlternateTitle.objects.filter(occupation__in=occupations).values_list(
        "occupation", "title"
    ):
        titles[occupation].append(title)
    return _Targets(asked, names, near_to_each(occupations), titles, own)


def soc_number(code: str) -> int:
    """15-2051.00 as 15205100."""
    return int(code.replace("-", "").replace(".", ""))


def without_region(tag: str) -> str:
    """What is spoken, wherever: pt of pt-BR."""
    return tag.partition("-")[0].lower()


def telling_words(text: str) -> tuple[str, ...]:
    """The words of a title or a topic that say something, each once."""
    return tuple(dict.fromkeys(title_words(text)))


def _stage(found: StageState) -> int | None:
    """The place of the career stage; unknown where nothing speaks for any."""
    is_known = found.source == "stated" or found.derived.confidence > 0
    return STAGES.index(found.stage) if is_known else None


def _confidence(assessed: Mapping[str, AssessedAxis], profile: dict[str, Any]) -> tuple[float, ...]:
    """How sure each axis is: a person's own word is, and an assessment as far as it says."""
    counts = {axis: assessed[axis].confidence for axis in profile["assessed_axes"] if axis in assessed}
    return tuple(counts.get(axis, 1.0) for axis in AXES)


def asked_of(skill: int, importance: float, level: float | None) -> float:
    """The level that is asked for, 0-7, as for the gap that people are shown."""
    return needed_level(Need(skill, importance, level))

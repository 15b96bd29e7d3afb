"""Merging skills, knowledge and technologies: which row an entry of the release is, and the key of a new one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.text import slugify

from accounts.models import Occupation, OccupationSkill, OccupationTechnology, Skill, Source
from accounts.services.onet.occupations import Ids
from accounts.services.onet.release import KNOWLEDGE, SKILLS, Ratings, Release, Scale, Technology
from accounts.services.onet.report import Diff
from timetravelers.kit.clock import now
from timetravelers.kit.upserts import Tally, upsert

LONGEST_KEY = 60
SCALES = {"IM": Scale(1, 5), "LV": Scale(0, 7)}
SPELLED = str.maketrans({"+": " plus", "#": " sharp", "&": " and ", "/": " ", ".": " ", "'": ""})


@dataclass(slots=True)
class SkillBook:
    """Every skill there is, found by O*NET's id, or a technology by its name or another name, whatever the case."""

    by_element: dict[str, Skill] = field(default_factory=dict)
    by_name: dict[str, Skill] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, skills: Iterable[Skill]) -> "SkillBook":
        rows = sorted(skills, key=lambda skill: (skill.source != Source.STARTER, skill.key))
        book = cls(keys={row.key for row in rows})
        book.by_element = {row.onet_id: row for row in rows if row.onet_id}
        technologies = [row for row in rows if row.kind == Skill.Kind.TECHNOLOGY]
        for row in technologies:
            book.by_name.setdefault(row.name.casefold(), row)
        for row in technologies:
            for alias in row.aliases:
                book.by_name.setdefault(alias.casefold(), row)
        return book

    def new_key(self, name: str) -> str:
        """A key that is free, made of the name; the same name gets the same key as long as that is so."""
        key = slugify(name.translate(SPELLED))[:LONGEST_KEY].strip("-")
        if not key or key in self.keys:
            digest = hashlib.sha256(name.encode()).hexdigest()[:8]
            key = f"{key[: LONGEST_KEY - 9].strip('-')}-{digest}".lstrip("-")
        self.keys.add(key)
        return key


@dataclass(frozen=True, slots=True)
class Asked:
    """What the release asks of skills: the figures of its two files, and the technologies."""

    ratings: tuple[Ratings, ...]
    technologies: list[Technology]


def read_skills(release: Release) -> Asked:
    """What the release says of skills; raises ContentError if a file has no figures at all."""
    skills = release.ratings(SKILLS, ("2.A.", "2.B."), SCALES)
    knowledge = release.ratings(KNOWLEDGE, ("2.C.",), SCALES)
    return Asked((skills, knowledge), list(release.technologies()))


def merge_skills(release: Release, asked: Asked) -> Diff:
    """Add the release's skills that we do not have, and update those that an import made.

    Our own skills stay as they are but for being a hot technology; skills that an import made and the release
    no longer has are retired. Keys never change.
    """
    book = SkillBook.of(Skill.objects.all())
    theirs = [*_elements(asked, book, release.descriptions()), *_technologies(asked, book)]
    values = ["name", "kind", "onet_id", "description", "source", "retired_at"]
    tally = upsert(Skill.objects.filter(source=Source.ONET), theirs, key=["key"], values=values)
    kept = {row.key for row in theirs}
    gone = [row.pk for row in Skill.objects.live().filter(source=Source.ONET) if row.key not in kept]
    retired = Skill.objects.filter(pk__in=gone).update(retired_at=now())
    return Diff.of(tally, retired=retired)


def _elements(asked: Asked, book: SkillBook, descriptions: Mapping[str, str]) -> list[Skill]:
    rows = []
    for ratings in asked.ratings:
        for element, name in sorted(ratings.names.items()):
            known = book.by_element.get(element)
            if known is None or known.source == Source.ONET:
                kind = Skill.Kind.KNOWLEDGE if element.startswith("2.C.") else Skill.Kind.SKILL
                said = descriptions.get(element, known.description if known else "")[:500]
                rows.append(_row(known, book, name=name, kind=kind, onet_id=element, description=said))
    return rows


def _technologies(asked: Asked, book: SkillBook) -> list[Skill]:
    first: dict[str, Technology] = {}
    for technology in asked.technologies:
        first.setdefault(technology.name.casefold(), technology)
    rows = {}
    for folded, technology in sorted(first.items()):
        known = book.by_name.get(folded)
        if known is None or (known.source == Source.ONET and known.key not in rows):
            facts = {"name": technology.name, "kind": Skill.Kind.TECHNOLOGY, "description": technology.category}
            row = _row(known, book, **facts)
            rows[row.key] = row
    return list(rows.values())


def _row(known: Skill | None, book: SkillBook, **facts: str) -> Skill:
    key = known.key if known else book.new_key(facts["name"])
    return Skill(key=key, source=Source.ONET, **facts)


def merge_hot(asked: Asked) -> Diff:
    """Mark as hot the technologies that the release says are, and no others."""
    book = SkillBook.of(Skill.objects.all())
    hot = {book.by_name[technology.name.casefold()].pk for technology in asked.technologies if technology.hot}
    cooled = Skill.objects.filter(hot=True).exclude(pk__in=hot).update(hot=False)
    heated = Skill.objects.filter(hot=False, pk__in=hot).update(hot=True)
    return Diff(changed=cooled + heated, unchanged=len(hot) - heated)


def link_skills(asked: Asked, ids: Ids) -> Diff:
    """Make the figures of every occupation that the release has rated those of the release.

    Links to skills of our own, which O*NET does not rate, stay; so do the estimates of unrated occupations. The
    figures of the others are no estimates any more.
    """
    skills = dict(Skill.objects.exclude(onet_id="").values_list("onet_id", "pk"))
    wanted = [
        OccupationSkill(
            occupation_id=ids[code], skill_id=skills[element], importance=figure, level=figures[element, "LV"]
        )
        for ratings in asked.ratings
        for code, figures in ratings.figures.items()
        for (element, scale), figure in figures.items()
        if scale == "IM"
    ]
    rated = {row.occupation_id for row in wanted}
    settled = Occupation.objects.filter(pk__in=rated, figures_estimated=True).update(figures_estimated=False)
    present = OccupationSkill.objects.filter(~Q(skill__onet_id=""), occupation__in=rated)
    key, values = ["occupation_id", "skill_id"], ["importance", "level"]
    tally = upsert(present, wanted, key=key, values=values, prune=True)
    return Diff.of(tally + Tally(changed=settled))


def link_technologies(asked: Asked, ids: Ids) -> Diff:
    """Make the technologies of the release's occupations exactly those of the release."""
    book = SkillBook.of(Skill.objects.all())
    demand: dict[tuple[int, int], bool] = {}
    for technology in asked.technologies:
        pair = (ids[technology.code], book.by_name[technology.name.casefold()].pk)
        demand[pair] = demand.get(pair, False) or technology.in_demand
    wanted = (
        OccupationTechnology(occupation_id=occupation, skill_id=skill, in_demand=in_demand)
        for (occupation, skill), in_demand in demand.items()
    )
    present = OccupationTechnology.objects.filter(occupation__in=ids.values())
    key, values = ["occupation_id", "skill_id"], ["in_demand"]
    return Diff.of(upsert(present, wanted, key=key, values=values, prune=True))

"""The real release beside the repository: all of it, over the starter, and at rest afterwards."""

from collections import Counter
from typing import Any

import pytest
from django.db.models import F

from accounts.models import (
    Occupation,
    OccupationInterest,
    OccupationSkill,
    OccupationTask,
    OccupationTechnology,
    OccupationWorkStyle,
    RelatedOccupation,
    Skill,
)
from accounts.selectors import taxonomy_sources
from accounts.services.onet import import_onet
from tests.content import library
from tests.factories.onet import unchanged

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(600),  # half a minute, twice, where nothing else runs
    pytest.mark.skipif(
        not (library.ONET / "Occupation Data.txt").is_file(),
        reason="the O*NET text release is not beside the repository (../shared/data/onet): nothing to import",
    ),
]


def test_all_occupations_come_with_their_links_and_a_second_run_changes_nothing(content: None) -> None:
    keys = dict(Skill.objects.values_list("key", "pk"))
    codes = dict(Occupation.objects.values_list("code", "pk"))
    report = import_onet(folder=library.ONET, progress=unchanged)
    assert Occupation.objects.filter(source="onet", retired_at=None).count() == 1016
    assert not Occupation.objects.filter(title_rows=None).exists()
    counts: dict[type[Any], int] = {
        OccupationTask: 18_796,
        OccupationInterest: 923 * 6,
        OccupationWorkStyle: 879 * 16,
        RelatedOccupation: 923 * 20,
    }
    assert {table: table.objects.count() for table in counts} == counts
    rated = OccupationSkill.objects.exclude(skill__onet_id="").exclude(level=None)
    assert rated.values("occupation").distinct().count() >= 879
    assert rated.count() >= 879 * (35 + 33)
    assert OccupationTechnology.objects.values("occupation").distinct().count() == 923
    assert report.tables["occupations"].retired == report.tables["skills"].retired == 0
    assert keys.items() <= dict(Skill.objects.values_list("key", "pk")).items()
    assert codes.items() <= dict(Occupation.objects.values_list("code", "pk")).items()

    estimated = OccupationSkill.objects.filter(occupation__figures_estimated=True).exclude(skill__onet_id="")
    per_occupation = Counter(estimated.values_list("occupation", flat=True))
    assert per_occupation
    assert max(per_occupation.values()) < 35
    assert not Occupation.objects.exclude(minor_group__field=F("field")).exists()
    assert Occupation.objects.values("minor_group").distinct().count() == 98
    [source] = taxonomy_sources()
    assert source.name == "O*NET 29.3 Database"
    assert source.imported_at is not None
    assert source.counts is not None
    assert (source.counts["occupations"], source.counts["tasks"]) == (1016, 18_796)

    again = import_onet(folder=library.ONET, progress=unchanged)
    assert again.is_empty, str(again)
    assert again.tables["occupations"].unchanged == 1016

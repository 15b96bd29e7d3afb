"""What search looks at follows titles and names exactly, and comes to rest."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import (
    AlternateTitle,
    Occupation,
    OccupationSkill,
    OccupationTerm,
    SearchTerm,
    SearchWord,
    Skill,
    SkillTerm,
)
from accounts.services import load_taxonomy
from accounts.services.search_terms import refresh_search_terms
from tests.factories.accounts import make_occupation, make_skill
from timetravelers.kit.upserts import Tally

pytestmark = pytest.mark.django_db
Weight = SearchTerm.Weight


def terms() -> dict[str, int]:
    """What occupations are found by, with the weights."""
    return dict(OccupationTerm.objects.values_list("text", "weight"))


def test_terms_of_an_occupation() -> None:
    nurses = make_occupation("29-1141.00", "Registered Nurses, Except Flying", alternate_titles=["Staff Nurse (SN)"])
    AlternateTitle.objects.create(occupation=nurses, title="Charge Nurse", source="onet")
    refresh_search_terms()
    assert terms() == {
        " registered nurse ": Weight.TITLE,
        " rnef ": Weight.INITIALS,
        " staff nurse sn ": Weight.OUR_OTHER_NAME,
        " staff nurse ": Weight.OUR_OTHER_NAME,
        " sn ": Weight.OUR_OTHER_NAME,
        " charge nurse ": Weight.OTHER_NAME,
    }
    assert OccupationTerm.objects.get(text=" staff nurse ").compact == "staffnurse"


def test_a_text_that_several_give_has_the_greatest_weight() -> None:
    lawyers = make_occupation("23-1011.00", "Lawyers", alternate_titles=["Lawyer", "Counsels"])
    AlternateTitle.objects.create(occupation=lawyers, title="Counsel", source="onet")
    refresh_search_terms()
    assert terms() == {" lawyer ": Weight.TITLE, " counsel ": Weight.OUR_OTHER_NAME}


def test_terms_of_a_skill_and_the_words_of_both() -> None:
    make_occupation("23-1011.00", "Lawyers", alternate_titles=["JD"])
    make_skill("c-plus-plus", name="C++", aliases=["CPP", "C plus plus"])
    refresh_search_terms()
    assert set(SkillTerm.objects.values_list("text", "weight")) == {
        (" c++ ", Weight.TITLE),
        (" cpp ", Weight.OUR_OTHER_NAME),
        (" c plus plus ", Weight.OUR_OTHER_NAME),
    }
    assert set(SearchWord.objects.values_list("word", flat=True)) == {"lawyer", "c++", "cpp", "plus"}


def test_terms_follow_what_they_are_derived_from() -> None:
    lawyers = make_occupation("23-1011.00", "Lawyers", alternate_titles=["Counsel"])
    skill = make_skill("docket", name="Docketing")
    assert refresh_search_terms().created == 2 + 1 + 3
    kept = OccupationTerm.objects.get(text=" counsel ").pk
    Occupation.objects.filter(pk=lawyers.pk).update(title="Attorneys")
    AlternateTitle.objects.update(source="onet")
    Skill.objects.filter(pk=skill.pk).update(name="Filing")
    assert refresh_search_terms() == Tally(created=2 + 2, changed=1, removed=2 + 2, unchanged=1)
    assert terms() == {" attorney ": Weight.TITLE, " counsel ": Weight.OTHER_NAME}
    assert OccupationTerm.objects.get(text=" counsel ").pk == kept


def test_titles_without_a_word_have_no_term() -> None:
    make_occupation("23-1011.00", "???", alternate_titles=["%", "🦦"])
    refresh_search_terms()
    assert terms() == {}


def test_again_it_changes_nothing(searchable: None) -> None:
    tally = refresh_search_terms()
    assert (tally.created, tally.changed, tally.removed) == (0, 0, 0)
    assert tally.unchanged > 3000
    assert not Occupation.objects.filter(search_terms=None).exists()
    assert not Skill.objects.filter(search_terms=None).exists()


def test_loading_repairs_terms_that_somebody_touched(searchable: None) -> None:
    OccupationTerm.objects.filter(text=" registered nurse ").delete()
    Occupation.objects.update(standing=0)
    tally = load_taxonomy(folder=settings.CONTENT_DIR)
    assert (tally.created, tally.changed, tally.removed) == (1, 0, 0)
    assert not Occupation.objects.filter(standing=0).exists()


def test_the_planner_knows_at_once_what_was_loaded() -> None:
    for number in range(60):
        make_skill(f"skill-{number}")
    refresh_search_terms()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [SkillTerm._meta.db_table])
        assert cursor.fetchone() == (60,)


def test_standing_of_occupations_is_by_our_titles_by_names_and_by_being_whole() -> None:
    whole = make_occupation("15-2051.00", "Data Scientists", alternate_titles=["Data Analyst"])
    imported = {"source": "onet"}
    part = make_occupation("15-2051.02", "Clinical Data Managers", **imported)
    rest = make_occupation("15-2099.00", "Mathematical Science Occupations, All Other", **imported)
    named = make_occupation("15-2041.00", "Statisticians", **imported)
    for number in range(7):
        AlternateTitle.objects.create(occupation=named, title=f"Counter {number}", source="onet")
    refresh_search_terms()
    standing = dict(Occupation.objects.values_list("pk", "standing"))
    assert standing == {whole.pk: 10 + 3 + 1, part.pk: 0, rest.pk: 0, named.pk: 3 + 3}


def test_standing_of_skills_is_by_being_ours_by_use_and_by_being_hot() -> None:
    ours = make_skill("python", hot=True)
    theirs = make_skill("meditech", source="onet")
    for number in range(3):
        occupation = make_occupation(f"15-000{number}.00", f"Occupation {number}")
        OccupationSkill.objects.create(occupation=occupation, skill=ours, importance=3)
    refresh_search_terms()
    assert dict(Skill.objects.values_list("pk", "standing")) == {ours.pk: 10 + 2 + 2, theirs.pk: 0}


@pytest.mark.parametrize("constraint", ["occupation_term_once", "skill_term_once", "search_word_once"])
def test_nothing_is_there_twice(constraint: str) -> None:
    make_occupation("23-1011.00", "Lawyers")
    make_skill("python")
    refresh_search_terms()
    rows = (OccupationTerm.objects.get(text=" lawyer "), SkillTerm.objects.get(), SearchWord.objects.get(word="lawyer"))
    row = rows[("occupation_term_once", "skill_term_once", "search_word_once").index(constraint)]
    row.pk = None
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)

"""What occupations and skills are found by: every title and name, as search compares them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from accounts.models.taxonomy import Occupation, Skill
from timetravelers.kit.rules import given, one_of


class SearchTerm(models.Model):
    """One text that finds a row; derived from titles and names by the services that write those, and by nobody else."""

    class Weight(models.IntegerChoices):
        """Who calls it so, as points in the ranking."""

        TITLE = 20
        OUR_OTHER_NAME = 15
        OTHER_NAME = 8
        INITIALS = 0

    text = models.TextField(help_text="The words, each between blanks.")
    compact = models.TextField(help_text="The words without blanks.")
    weight = models.PositiveSmallIntegerField(choices=Weight)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text.strip()


class SearchWord(models.Model):
    """A word that some term has: what slips are set right to."""

    word = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word"], name="search_word_once"),
            given("word", name="search_word_given"),
        ]
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], fastupdate=False, name="search_word_trigrams"),
        ]

    def __str__(self) -> str:
        return self.word


class OccupationTerm(SearchTerm):
    """What an occupation is found by."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="search_terms", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occupation", "text"], name="occupation_term_once"),
            one_of("weight", SearchTerm.Weight.values, "occupation_term_weight_known"),
            given("text", "compact", name="occupation_term_given"),
        ]
        indexes = [
            models.Index(fields=["compact"], opclasses=["text_pattern_ops"], name="occupation_term_prefix"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], fastupdate=False, name="occupation_term_trigrams"),
        ]


class SkillTerm(SearchTerm):
    """What a skill is found by."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="search_terms", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "text"], name="skill_term_once"),
            one_of("weight", SearchTerm.Weight.values, "skill_term_weight_known"),
            given("text", "compact", name="skill_term_given"),
        ]
        indexes = [
            models.Index(fields=["compact"], opclasses=["text_pattern_ops"], name="skill_term_prefix"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], fastupdate=False, name="skill_term_trigrams"),
        ]

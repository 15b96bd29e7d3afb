"""Routes of the accounts room, below /api/v1/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts.api.catalogues import (
    AttributionView,
    FieldsView,
    LearningPreferencesView,
    OccupationsView,
    OccupationView,
    SkillsView,
)
from accounts.api.views import ConsentsView, ConsentWithdrawalView, MeView


class OccupationCode(StringConverter):
    """An O*NET-SOC code, such as 15-2051.00; nothing else reaches the view."""

    regex = r"[0-9]{2}-[0-9]{4}\.[0-9]{2}"


register_converter(OccupationCode, "occupation_code")

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("consents/", ConsentsView.as_view(), name="consents"),
    path("consents/<slug:purpose>/withdraw/", ConsentWithdrawalView.as_view(), name="consent-withdrawal"),
    path("learning-preferences/", LearningPreferencesView.as_view(), name="learning-preferences"),
    path("taxonomy/fields/", FieldsView.as_view(), name="taxonomy-fields"),
    path("taxonomy/occupations/", OccupationsView.as_view(), name="taxonomy-occupations"),
    path("taxonomy/occupations/<occupation_code:code>/", OccupationView.as_view(), name="taxonomy-occupation"),
    path("taxonomy/skills/", SkillsView.as_view(), name="taxonomy-skills"),
    path("taxonomy/attribution/", AttributionView.as_view(), name="taxonomy-attribution"),
]

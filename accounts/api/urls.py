"""Routes of the accounts room, below /api/v1/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts.api.career_stage import CareerStageView
from accounts.api.catalogues import (
    AttributionView,
    FieldsView,
    LearningPreferencesView,
    OccupationsView,
    SkillsView,
)
from accounts.api.completion import CompletionView
from accounts.api.data_catalogue import DataCatalogueView
from accounts.api.learning import (
    LearningAnswersView,
    LearningAssessmentFinishView,
    LearningAssessmentsView,
    LearningAssessmentView,
    OwnLearningPreferencesView,
)
from accounts.api.leaving import DeletionReceiptView, DeletionView, ExportDownloadView, ExportsView, ExportView
from accounts.api.occupations import OccupationView, OwnOccupationView
from accounts.api.picture import PictureSizeView, PictureView
from accounts.api.record_views import (
    EducationListView,
    EducationOrderView,
    EducationView,
    ExperienceListView,
    ExperienceOrderView,
    ExperienceView,
    GoalListView,
    GoalOrderView,
    GoalView,
    InventorySkillListView,
    InventorySkillOrderView,
    InventorySkillView,
)
from accounts.api.sign_ins import OtherSignInsView, SignInsView, SignInView
from accounts.api.views import ConsentsView, ConsentWithdrawalView, MeView


class OccupationCode(StringConverter):
    """An O*NET-SOC code, such as 15-2051.00; nothing else reaches the view."""

    regex = r"[0-9]{2}-[0-9]{4}\.[0-9]{2}"


register_converter(OccupationCode, "occupation_code")

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("me/picture/", PictureView.as_view(), name="picture"),
    path("me/picture/<int:size>/", PictureSizeView.as_view(), name="picture-size"),
    path("me/goals/", GoalListView.as_view(), name="goal-list"),
    path("me/goals/order/", GoalOrderView.as_view(), name="goal-order"),
    path("me/goals/<uuid:uid>/", GoalView.as_view(), name="goal"),
    path("me/experience/", ExperienceListView.as_view(), name="experience-list"),
    path("me/experience/order/", ExperienceOrderView.as_view(), name="experience-order"),
    path("me/experience/<uuid:uid>/", ExperienceView.as_view(), name="experience"),
    path("me/education/", EducationListView.as_view(), name="education-list"),
    path("me/education/order/", EducationOrderView.as_view(), name="education-order"),
    path("me/education/<uuid:uid>/", EducationView.as_view(), name="education"),
    path("me/skills/", InventorySkillListView.as_view(), name="own-skill-list"),
    path("me/skills/order/", InventorySkillOrderView.as_view(), name="own-skill-order"),
    path("me/skills/<uuid:uid>/", InventorySkillView.as_view(), name="own-skill"),
    path("me/completion/", CompletionView.as_view(), name="completion"),
    path("me/career-stage/", CareerStageView.as_view(), name="career-stage"),
    path("me/learning-preferences/", OwnLearningPreferencesView.as_view(), name="own-learning-preferences"),
    path("me/learning-assessments/", LearningAssessmentsView.as_view(), name="learning-assessments"),
    path("me/learning-assessments/<uuid:uid>/", LearningAssessmentView.as_view(), name="learning-assessment"),
    path("me/learning-assessments/<uuid:uid>/answers/", LearningAnswersView.as_view(), name="learning-answers"),
    path(
        "me/learning-assessments/<uuid:uid>/finish/",
        LearningAssessmentFinishView.as_view(),
        name="learning-assessment-finish",
    ),
    path("me/occupations/<occupation_code:code>/", OwnOccupationView.as_view(), name="own-occupation"),
    path("me/sign-ins/", SignInsView.as_view(), name="sign-ins"),
    path("me/sign-ins/revoke-others/", OtherSignInsView.as_view(), name="other-sign-ins"),
    path("me/sign-ins/<uuid:uid>/", SignInView.as_view(), name="sign-in"),
    path("me/deletion/", DeletionView.as_view(), name="deletion"),
    path("deletions/<str:receipt>/", DeletionReceiptView.as_view(), name="deletion-receipt"),
    path("me/exports/", ExportsView.as_view(), name="exports"),
    path("me/exports/<uuid:uid>/", ExportView.as_view(), name="export"),
    path("me/exports/<uuid:uid>/download/", ExportDownloadView.as_view(), name="export-download"),
    path("me/data-catalogue/", DataCatalogueView.as_view(), name="data-catalogue"),
    path("consents/", ConsentsView.as_view(), name="consents"),
    path("consents/<slug:purpose>/withdraw/", ConsentWithdrawalView.as_view(), name="consent-withdrawal"),
    path("learning-preferences/", LearningPreferencesView.as_view(), name="learning-preferences"),
    path("taxonomy/fields/", FieldsView.as_view(), name="taxonomy-fields"),
    path("taxonomy/occupations/", OccupationsView.as_view(), name="taxonomy-occupations"),
    path("taxonomy/occupations/<occupation_code:code>/", OccupationView.as_view(), name="taxonomy-occupation"),
    path("taxonomy/skills/", SkillsView.as_view(), name="taxonomy-skills"),
    path("taxonomy/attribution/", AttributionView.as_view(), name="taxonomy-attribution"),
]

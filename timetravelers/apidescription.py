"""How the API describes itself: drf-spectacular's settings."""

from typing import Any

API_DESCRIPTION: dict[str, Any] = {
    "TITLE": "TimeTravelers API",
    "DESCRIPTION": "AI career mentoring: profile, taxonomy, Travelers, matches, live sessions and missions.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "SessionState": "consciousness.models.Session.State",
        "MissionState": "missions.models.Mission.State",
        "DeletionState": "accounts.models.Deletion.State",
        "DutyState": "accounts.models.ErasureDuty.State",
        "ExportState": "accounts.models.Export.State",
        "LearningAxis": "accounts.models.AXES",
        "SkillKind": "accounts.models.Skill.Kind",
        "TaskKind": "accounts.models.OccupationTask.Kind",
        "EducationLevel": "accounts.models.EducationLevel",
        "CareerStage": "accounts.career_stage.STAGES",
        "PictureSize": [(64, 64), (256, 256), (1024, 1024)],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "timetravelers.kit.api.schema.add_problem",
        "consciousness.api.openapi.add_long_poll",
    ],
}

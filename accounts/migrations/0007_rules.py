"""Rules that tables keep from now on; the next step looks through the rows there are."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_search_terms_and_releases'),
    ]

    operations = [
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='alternatetitle',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='alternate_title_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='alternatetitle',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['starter', 'onet'])), name='alternate_title_source_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['ai_provider', 'analytics', 'push'])), name='consent_purpose_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='deletion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'erased', 'completed'])), name='deletion_state_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='deletion',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'completed'), ('completed_at__isnull', True), _connector='XOR'), name='deletion_completed_has_time'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='erasureduty',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'done', 'skipped', 'given_up'])), name='erasure_duty_state_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='erasureduty',
            constraint=models.CheckConstraint(condition=models.Q(('kind', ''), _negated=True), name='erasure_duty_kind_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'ready', 'failed', 'expired'])), name='export_state_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('ready_at__isnull', True), ('expires_at__gte', models.F('ready_at')), _connector='OR'), name='export_expires_after_ready'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='field',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{2}-0000$')), name='field_code_form'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='field',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='field_name_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='learninganswer',
            constraint=models.CheckConstraint(condition=models.Q(('item', ''), _negated=True), name='learning_answer_item_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='learningassessment',
            constraint=models.CheckConstraint(condition=models.Q(('bank_version__gte', 1)), name='learning_assessment_bank_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='minorgroup',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='minor_group_name_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='occupation',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{2}-[0-9]{4}\\.[0-9]{2}$')), name='occupation_code_form'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='occupation',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='occupation_title_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='occupation',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['starter', 'onet'])), name='occupation_source_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='occupationinterest',
            constraint=models.CheckConstraint(condition=models.Q(('area__in', ['realistic', 'investigative', 'artistic', 'social', 'enterprising', 'conventional'])), name='occupation_interest_area_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='occupationtask',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'core', 'supplemental'])), name='occupation_task_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='occupationtask',
            constraint=models.CheckConstraint(condition=models.Q(('statement', ''), _negated=True), name='occupation_task_statement_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='profile',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='profile_version_from_one'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='relatedoccupation',
            constraint=models.CheckConstraint(condition=models.Q(('tier__in', ['primary-short', 'primary-long', 'supplemental'])), name='related_occupation_tier_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['role', 'banned', 'readmitted'])), name='role_change_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(('before__in', ['user', 'mentor', 'admin'])), name='role_change_before_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='rolechange',
            constraint=models.CheckConstraint(condition=models.Q(('after__in', ['user', 'mentor', 'admin'])), name='role_change_after_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='skill',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('key', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='skill_named'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='skill',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['skill', 'knowledge', 'technology'])), name='skill_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='skill',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['starter', 'onet'])), name='skill_source_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['user', 'mentor', 'admin'])), name='user_role_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), _negated=True), name='user_email_given'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='workstyle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('onet_id', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='work_style_named'),
        ),
    ]

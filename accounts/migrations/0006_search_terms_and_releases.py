"""What occupations and skills are found by, and which releases of O*NET were imported."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_minor_groups'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='OccupationTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(help_text='The words, each between blanks.')),
                ('compact', models.TextField(help_text='The words without blanks.')),
                ('weight', models.PositiveSmallIntegerField(choices=[(20, 'Title'), (15, 'Our Other Name'), (8, 'Other Name'), (0, 'Initials')])),
            ],
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='SkillTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(help_text='The words, each between blanks.')),
                ('compact', models.TextField(help_text='The words without blanks.')),
                ('weight', models.PositiveSmallIntegerField(choices=[(20, 'Title'), (15, 'Our Other Name'), (8, 'Other Name'), (0, 'Initials')])),
            ],
        ),
        migrations.CreateModel(
            name='TaxonomyRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(blank=True, max_length=20)),
                ('imported_at', models.DateTimeField()),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-imported_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='occupation',
            name='figures_estimated',
            field=models.BooleanField(default=False, help_text='O*NET has not rated it: figures of its closest rated neighbors stand in.'),
        ),
        migrations.AddField(
            model_name='occupation',
            name='standing',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often it is what people mean, as points in search.'),
        ),
        migrations.AddField(
            model_name='skill',
            name='standing',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often it is what people mean, as points in search.'),
        ),
        migrations.AddField(
            model_name='occupationterm',
            name='occupation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='search_terms', to='accounts.occupation'),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['word'], name='search_word_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='searchword',
            constraint=models.UniqueConstraint(fields=('word',), name='search_word_once'),
        ),
        migrations.AddConstraint(
            model_name='searchword',
            constraint=models.CheckConstraint(condition=models.Q(('word', ''), _negated=True), name='search_word_given'),
        ),
        migrations.AddField(
            model_name='skillterm',
            name='skill',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='search_terms', to='accounts.skill'),
        ),
        migrations.AddConstraint(
            model_name='taxonomyrelease',
            constraint=models.UniqueConstraint(fields=('version',), name='taxonomy_release_version_once'),
        ),
        migrations.AddIndex(
            model_name='occupationterm',
            index=models.Index(fields=['compact'], name='occupation_term_prefix', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='occupationterm',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['text'], name='occupation_term_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='occupationterm',
            constraint=models.UniqueConstraint(fields=('occupation', 'text'), name='occupation_term_once'),
        ),
        migrations.AddConstraint(
            model_name='occupationterm',
            constraint=models.CheckConstraint(condition=models.Q(('weight__in', [20, 15, 8, 0])), name='occupation_term_weight_known'),
        ),
        migrations.AddConstraint(
            model_name='occupationterm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('compact', ''), _negated=True)), name='occupation_term_given'),
        ),
        migrations.AddIndex(
            model_name='skillterm',
            index=models.Index(fields=['compact'], name='skill_term_prefix', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='skillterm',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['text'], name='skill_term_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='skillterm',
            constraint=models.UniqueConstraint(fields=('skill', 'text'), name='skill_term_once'),
        ),
        migrations.AddConstraint(
            model_name='skillterm',
            constraint=models.CheckConstraint(condition=models.Q(('weight__in', [20, 15, 8, 0])), name='skill_term_weight_known'),
        ),
        migrations.AddConstraint(
            model_name='skillterm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('compact', ''), _negated=True)), name='skill_term_given'),
        ),
    ]

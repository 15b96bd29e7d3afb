"""Every occupation gets the minor group that its code is in; names come with the next loading of content."""

import django.db.models.deletion
from django.db import migrations, models

# The three groups whose codes keep two digits; of all others the code keeps one.
CARRY_OVER = """
    INSERT INTO accounts_minorgroup (code, name, field_id)
    SELECT DISTINCT placed.group_code, placed.group_code, placed.field_id
    FROM (
        SELECT field_id, CASE WHEN left(code, 5) IN ('15-12', '31-11', '51-51') THEN left(code, 5) || '00'
                              ELSE left(code, 4) || '000' END AS group_code
        FROM accounts_occupation
    ) AS placed
    ON CONFLICT DO NOTHING;
    UPDATE accounts_occupation AS occupation SET minor_group_id = minor.id
    FROM accounts_minorgroup AS minor
    WHERE minor.code IN (left(occupation.code, 5) || '00', left(occupation.code, 4) || '000');
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_trigrams'),
    ]

    operations = [
        migrations.CreateModel(
            name='MinorGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=7)),
                ('name', models.CharField(max_length=100)),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='accounts.field')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [
                    models.UniqueConstraint(fields=('code',), name='minor_group_code_once'),
                    models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{2}-[0-9]{2}00$')), name='minor_group_code_form'),
                ],
            },
        ),
        migrations.AddField(
            model_name='occupation',
            name='minor_group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='occupations', to='accounts.minorgroup'),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='occupation',
            name='minor_group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occupations', to='accounts.minorgroup'),
        ),
    ]

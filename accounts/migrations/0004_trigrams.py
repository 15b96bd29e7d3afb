"""The extension that finds words in spite of slips; trusted, so that whoever owns the database may add it."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_onet_taxonomy'),
    ]

    operations = [
        TrigramExtension(),
    ]

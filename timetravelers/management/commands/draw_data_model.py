"""`manage.py draw_data_model`: docs/data-model.md, from the models."""

from typing import Any

from django.core.management.base import BaseCommand

from timetravelers.datamodel import data_model_page


class Command(BaseCommand):
    """Writes the page to standard output; needs the database, whose words for rules it uses."""

    help = "Print docs/data-model.md: diagrams, tables, rules and indexes, drawn from the models."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(data_model_page(), ending="")

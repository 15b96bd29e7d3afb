"""`manage.py load_content`: the starting content into the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.loading import load_taxonomy
from mentors.services.loading import load_travelers
from missions.services.loading import load_missions
from timetravelers.kit.content import ContentError


class Command(BaseCommand):
    help = "Load taxonomy, Travelers and missions from the content folder; running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CONTENT_DIR)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            self.stdout.write(f"taxonomy: {load_taxonomy(folder=folder)}")
            self.stdout.write(f"Travelers: {load_travelers(folder=folder)}")
            self.stdout.write(f"missions: {load_missions(folder=folder)}")
        except ContentError as error:
            raise CommandError(error.detail) from error

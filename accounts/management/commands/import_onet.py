"""`manage.py import_onet FOLDER`: a release of O*NET over the taxonomy."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.onet import import_onet
from timetravelers.kit.content import ContentError


class Command(BaseCommand):
    help = "Merge a release of O*NET (the publisher's text files) over the taxonomy; again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the files of the release are")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            report = import_onet(folder=folder, progress=self._say)
        except ContentError as error:
            raise CommandError(f"{error.detail}\nNothing was imported.") from error
        self.stdout.write(str(report))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

"""`manage.py describe_live_protocol`: docs/asyncapi.yaml, from the frames."""

from typing import Any

from django.core.management.base import BaseCommand

from consciousness.asyncapi import page


class Command(BaseCommand):
    """Writes the document to standard output."""

    help = "Print docs/asyncapi.yaml: the live protocol, as it is decoded and encoded."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")

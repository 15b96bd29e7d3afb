"""`manage.py ensure_first_admin`: somebody who can sign in to the admin of a new house."""

import os
import secrets
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.services import ensure_first_admin
from timetravelers.runtime.files import write_private

DEFAULT_EMAIL = "admin@timetravelers.example"
FILE = "first-admin.txt"


class Command(BaseCommand):
    help = "Make a superuser if there is none; prints e-mail address and password once and keeps them in a file."

    def handle(self, *args: Any, **options: Any) -> None:
        email = os.environ.get("FIRST_ADMIN_EMAIL") or DEFAULT_EMAIL
        password = os.environ.get("FIRST_ADMIN_PASSWORD") or secrets.token_urlsafe(15)
        file = settings.DATA_DIR / FILE
        try:
            made = ensure_first_admin(email=email, password=password, keep=partial(_keep, file, email, password))
        except OSError as problem:
            raise CommandError(f"{file} cannot be written: {problem.strerror}") from problem
        self.stdout.write(f"{email} {password}" if made else _already(file))


def _keep(file: Path, email: str, password: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(file, f"{email} {password}\n")


def _already(file: Path) -> str:
    if file.is_file():
        return f"An administrator exists; the first login is in {file}."
    return "An administrator exists."

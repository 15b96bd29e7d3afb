"""The Celery application; entry point of worker and beat."""

import os

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timetravelers.settings")

app = Celery("timetravelers")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
@signals.beat_init.connect
def _refuse_to_start_half_configured(**_: object) -> None:
    settings.ENV.require_complete()


@signals.worker_ready.connect
def _make_our_address_known(**_: object) -> None:
    app.send_task("mentors.register_webhook", expires=60)


@signals.setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Connecting is enough: Celery then leaves the logging that Django has set up alone."""

"""The composition root, and the kit that every room stands on."""

from timetravelers.celery import app as celery_app

__all__ = ["celery_app"]

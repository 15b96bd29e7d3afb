"""The WSGI entry point: everything HTTP but the long poll."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timetravelers.settings")
settings.ENV.require_complete()
application = get_wsgi_application()

"""The few routes that take larger bodies than the rest."""

import pytest
from django.conf import settings
from django.urls import resolve

from timetravelers.kit.api.uploads import FORM_ROOM, AnyUpload, UploadParser


@pytest.mark.parametrize("route", settings.LARGER_BODIES)
def test_each_route_that_takes_more_is_an_upload_with_a_limit_of_its_own(route: tuple[str, str]) -> None:
    view = resolve(route[1]).func.view_class  # type: ignore[attr-defined]  # as_view() puts it there
    assert hasattr(view, route[0].lower())
    assert (view.parser_classes, view.content_negotiation_class) == ((UploadParser,), AnyUpload)
    assert settings.LARGER_BODIES[route] == view.max_upload_bytes + FORM_ROOM

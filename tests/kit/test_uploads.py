"""The few routes that take larger bodies than the rest."""

import pytest
from django.conf import settings
from django.urls import resolve

from timetravelers.kit.api.uploads import FORM_ROOM, AnyUpload, FileParser, UploadParser
from timetravelers.kit.ids import uuid7


@pytest.mark.parametrize("route", settings.LARGER_BODIES)
def test_each_route_that_takes_more_is_an_upload_with_a_limit_of_its_own(route: tuple[str, str]) -> None:
    path = route[1].format(uid=uuid7())
    view = resolve(path).func.view_class  # type: ignore[attr-defined]  # as_view() puts it there
    assert hasattr(view, route[0].lower())
    assert view.parser_classes in {(UploadParser,), (FileParser,)}
    assert view.content_negotiation_class is AnyUpload
    assert settings.LARGER_BODIES[route] == view.max_upload_bytes + FORM_ROOM

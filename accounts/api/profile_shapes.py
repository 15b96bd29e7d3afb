"""Shapes of what a profile holds beside career facts: place, languages, free time and the picture."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from accounts.availability import DAYS, Window, has_overlap, in_order, is_backward, is_end, is_start
from accounts.language_tags import MAX_LENGTH, canonical_tag
from accounts.models import MOST_LANGUAGES, MOST_WINDOWS
from accounts.pictures import SIZES
from timetravelers.kit.api.serializers import Input, Text

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]

# Names on some machines that are files of the system rather than places.
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def time_zones() -> frozenset[str]:
    """The IANA names that are known here."""
    return frozenset(available_timezones() - _NO_PLACES)


class TimeZone(Text):
    """An IANA name, exactly as it is written."""

    default_error_messages = {"unknown_time_zone": "There is no such time zone."}

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if name not in time_zones():
            self.fail("unknown_time_zone")
        return name


class LanguageTag(Text):
    """A well-formed BCP 47 tag, brought to its canonical case."""

    default_error_messages = {"language_tag": "This is not a language tag, such as en or pt-BR."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, **options)

    def to_internal_value(self, data: Any) -> str:
        tag = canonical_tag(super().to_internal_value(data))
        if tag is None:
            self.fail("language_tag")
        return tag


class LanguageTags(serializers.ListField):
    """Languages, the dearest first, each once."""

    default_error_messages = {"duplicate": "A language is named twice."}

    def __init__(self, **options: Any) -> None:
        super().__init__(child=LanguageTag(), max_length=MOST_LANGUAGES, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        tags: list[str] = super().to_internal_value(data)
        if len(set(tags)) != len(tags):
            self.fail("duplicate")
        return tags


class WindowIn(Input):
    """Some hours of a weekday in local time; `to` is after `from`, and 24:00 is the end of the day."""

    def get_fields(self) -> Fields:
        return {
            "day": serializers.ChoiceField(choices=DAYS),
            "from": Text(max_length=5, help_text="HH:MM"),
            "to": Text(max_length=5, help_text="HH:MM, up to 24:00"),
        }

    def validate(self, attrs: Window) -> Window:
        wrong = {"from": not is_start(attrs["from"]), "to": not is_end(attrs["to"])}
        if any(wrong.values()):
            raise serializers.ValidationError({name: _clock_error() for name in wrong if wrong[name]})
        if is_backward(attrs):
            raise serializers.ValidationError(
                {"to": [serializers.ErrorDetail("This is not after the start.", "order")]}
            )
        return attrs


def _clock_error() -> list[serializers.ErrorDetail]:
    return [serializers.ErrorDetail("Write it as HH:MM.", "invalid")]


class Availability(serializers.ListField):
    """The windows of a week, kept from Monday on; none overlap."""

    default_error_messages = {"overlap": "Two windows overlap."}

    def __init__(self, **options: Any) -> None:
        super().__init__(child=WindowIn(), max_length=MOST_WINDOWS, **options)

    def to_internal_value(self, data: Any) -> list[Window]:
        windows = in_order(super().to_internal_value(data))
        if has_overlap(windows):
            self.fail("overlap")
        return windows


class WindowOut(serializers.Serializer[Any]):
    def get_fields(self) -> Fields:
        return {
            "day": serializers.ChoiceField(choices=DAYS),
            "from": serializers.CharField(),
            "to": serializers.CharField(),
        }


class PictureOut(serializers.Serializer[Any]):
    """The picture is at `/me/picture/{size}/`; `id` is another one for each picture."""

    id = serializers.CharField()
    sizes = serializers.ListField(child=serializers.ChoiceField(choices=SIZES))

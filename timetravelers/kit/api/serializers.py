"""Input serializers: unknown fields are errors, and text is normalised before it is measured."""

from math import isfinite
from typing import Any

from rest_framework import serializers

from timetravelers.kit.text import has_control_characters, normalise


class Input(serializers.Serializer[Any]):
    """Base of every input: a field that is not declared is a mistake worth telling."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(key) for key in set(data) - set(self.fields))
            if unknown:
                message = "This field is not known here."
                raise serializers.ValidationError(
                    {key: [serializers.ErrorDetail(message, "unknown")] for key in unknown}
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text from a person: a JSON string (nothing else is coerced), NFC, without control characters."""

    default_error_messages = {"control_characters": "Control characters are not allowed."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if has_control_characters(data):
            self.fail("control_characters")
        return normalise(data)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # Measure what will be stored: blank and length checks come after normalisation.
        return super().run_validation(normalise(data) if isinstance(data, str) else data)


class Flag(serializers.BooleanField):
    """A JSON truth value: no text and no number passes for one."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    """A JSON integer: no text, no truth value and no fraction passes for one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Real(serializers.FloatField):
    """A finite JSON number: no text and no truth value passes for one."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not isfinite(data):
            self.fail("invalid")
        return super().to_internal_value(data)

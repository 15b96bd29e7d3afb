"""Shapes of sign-ins and of the key set."""

from typing import Any

from rest_framework import serializers


class SignInOut(serializers.Serializer[Any]):
    """One device; `network` is the address, shortened, and `last_seen_at` when it last refreshed its tokens."""

    uid = serializers.UUIDField()
    device = serializers.CharField(help_text="What the app called the device in X-Device-Name; may be empty.")
    user_agent = serializers.CharField()
    network = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    current = serializers.BooleanField()


class SignInsEndedOut(serializers.Serializer[Any]):
    """On how many other devices the person was signed out."""

    ended = serializers.IntegerField(min_value=0)


class KeyOut(serializers.Serializer[Any]):
    """A public key as RFC 7517 has it; which of the parameters are there depends on `kty`."""

    kid = serializers.CharField()
    kty = serializers.CharField()
    alg = serializers.CharField()
    use = serializers.CharField()
    crv = serializers.CharField(required=False)
    x = serializers.CharField(required=False)
    n = serializers.CharField(required=False)
    e = serializers.CharField(required=False)


class KeySetOut(serializers.Serializer[Any]):
    """Every key that an access token may be signed with now."""

    keys = KeyOut(many=True)

"""Sockets of the consciousness room."""

from django.urls import path

from consciousness.consumers import SessionConsumer

websocket_urlpatterns = [path("ws/v1/sessions/<uuid:uid>/", SessionConsumer.as_asgi())]

"""The usual recipe for a live chat: a Channels consumer that stores each message and tells the group."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import models
from django.utils import timezone

PREFIX = "/ws/bench/recipe/"
PUBSUB_PREFIX = "/ws/bench/recipe-pubsub/"


class RecipeMessage(models.Model):
    """What was said in a room; the bench makes the table in its own database."""

    room = models.CharField(max_length=64, db_index=True)
    client_id = models.CharField(max_length=64)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    objects: "models.Manager[RecipeMessage]" = models.Manager()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return f"{self.room} {self.client_id}"


class RecipeConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    """As in the tutorial: one row and one group message for each frame, no checks, no limits."""

    channel_layer_alias = "recipe"

    async def connect(self) -> None:
        self.room = self.scope["path"].rsplit("/", 2)[-2]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept(subprotocol=(self.scope["subprotocols"] or [None])[0])

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive_json(self, content: dict[str, Any], **_options: Any) -> None:
        said = content["data"]
        row = await database_sync_to_async(RecipeMessage.objects.create)(
            room=self.room, client_id=said["client_id"], text=said["text"]
        )
        event = {"type": "chat.message", "id": row.pk, "client_id": row.client_id, "text": row.text}
        await self.channel_layer.group_send(self.room, event)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json({**event, "type": "message.created"})


class PubSubRecipeConsumer(RecipeConsumer):
    """The same over the other layer."""

    channel_layer_alias = "recipe-pubsub"

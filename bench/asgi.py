"""The house's own front with what it is compared with beside it, in the same process on the same port."""

from typing import Any

from timetravelers.asgi import application as house

# Models can be imported only now that the house has set Django up.
from bench.live.idle import BARE, BareConsumer  # isort: skip
from bench.live.recipe import PREFIX, PUBSUB_PREFIX, PubSubRecipeConsumer, RecipeConsumer  # isort: skip

_compared = {
    PREFIX: RecipeConsumer.as_asgi(),
    PUBSUB_PREFIX: PubSubRecipeConsumer.as_asgi(),
    BARE: BareConsumer.as_asgi(),
}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Everything goes to the house but the sockets of what it is compared with."""
    path = scope["path"] if scope["type"] == "websocket" else ""
    chosen = next((other for prefix, other in _compared.items() if path.startswith(prefix)), house)
    await chosen(scope, receive, send)

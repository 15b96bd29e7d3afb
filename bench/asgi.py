"""The house's own front with the recipe beside it, in the same process on the same port."""

from typing import Any

from timetravelers.asgi import application as house

# Models can be imported only now that the house has set Django up.
from bench.live.recipe import PREFIX, RecipeConsumer  # isort: skip

_recipe = RecipeConsumer.as_asgi()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Everything but the recipe's rooms goes to the house."""
    if scope["type"] == "websocket" and scope["path"].startswith(PREFIX):
        await _recipe(scope, receive, send)
    else:
        await house(scope, receive, send)

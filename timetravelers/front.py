"""The one port: HTTP goes to the WSGI handler in a fixed pool of threads, sockets and long polls stay here."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.routing import URLRouter
from django.conf import settings

from consciousness import downloads, longpoll
from consciousness.routing import websocket_urlpatterns
from consciousness.visits import visits
from timetravelers.kit.live.codes import Close
from timetravelers.kit.live.database import close_pool, open_pool
from timetravelers.kit.live.drain import drain_before_stopping
from timetravelers.kit.live.hub import hub
from timetravelers.kit.wsgi_threads import WsgiThreads
from timetravelers.wsgi import application as wsgi_application

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_http = WsgiThreads(
    wsgi_application,
    threads=settings.ENV.web_threads,
    max_body=settings.MAX_BODY_BYTES,
    larger=settings.LARGER_BODIES,
)
_sockets = URLRouter(websocket_urlpatterns)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route by what it is."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _socket(scope, receive, send)
    elif longpoll.is_long_poll(scope["path"]):
        await longpoll.application(scope, receive, send)
    elif downloads.is_download(scope["path"]):
        await downloads.application(scope, receive, send)
    else:
        await _http(scope, receive, send)


async def _socket(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await _sockets(scope, receive, send)
    except ValueError as unrouted:
        if "No route found" not in str(unrouted):
            raise
        await send({"type": "websocket.close", "code": int(Close.GONE)})


async def _lifespan(receive: Receive, send: Send) -> None:
    """Open what the asynchronous side shares when the server starts, and give it back when it stops."""
    await receive()
    await open_pool()
    hub().each_pulse(visits().pulse)
    hub().start()
    drain_before_stopping(visits().drain)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub().stop()
    await close_pool()
    await send({"type": "lifespan.shutdown.complete"})

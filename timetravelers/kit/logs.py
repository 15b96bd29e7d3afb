"""How log lines are made: by structlog alone for our own, and alike for what libraries log.

No line carries a secret or what somebody wrote: only names, ids, counts and durations.
"""

import json
from typing import Any, BinaryIO, ClassVar

import orjson
import structlog

from timetravelers.kit.traces import format_trace


class LineLogger:
    """Our own lines' last step: one write to the stream. What cannot be written is lost, and raises nothing."""

    # The process's own, whatever Celery or a test puts into its place in `sys`.
    stream: ClassVar[BinaryIO] = open(2, "wb", closefd=False)  # noqa: SIM115 - open as long as the process

    def __init__(self, name: str = "") -> None:
        self.name = name

    def write(self, line: bytes) -> None:
        try:
            self.stream.write(line + b"\n")
            self.stream.flush()
        except (OSError, ValueError):  # a full disk, a closed pipe: no reason to refuse a request
            return

    debug = info = warning = error = critical = write


def configure_logging(*, level: str, style: str) -> None:
    """Set up our own lines, once at start; `style` is json or console."""
    structlog.configure(
        processors=[*_facts(), *_own_renderers(style)],
        logger_factory=LineLogger,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


def logging_config(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING: what libraries log, in the shape of our own lines."""
    renderer = structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": _facts(),
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Refusals are in our own request line already; here only what is our fault, with its trace.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }


def _facts() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(format_trace),
    ]


def _own_renderers(style: str) -> list[Any]:
    if style == "json":
        return [structlog.processors.JSONRenderer(serializer=_as_json)]
    return [structlog.dev.ConsoleRenderer(colors=False), _encoded]


def _as_json(facts: dict[str, Any], **_options: Any) -> bytes:
    try:
        return orjson.dumps(facts, default=str)
    except orjson.JSONEncodeError:  # half a surrogate pair, an integer beyond 64 bits
        return json.dumps(facts, default=str).encode()


def _encoded(_logger: Any, _method: str, line: str) -> bytes:
    return line.encode(errors="backslashreplace")

"""Where a bench works: a database of its own, dropped afterwards, so that nobody's rows are touched."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ENGINES = ("DATABASE_URL", "REDIS_URL")


def missing(environment: Mapping[str, str]) -> list[str]:
    """The engines that the environment names no address for."""
    return [name for name in ENGINES if not environment.get(name)]


@contextmanager
def own_database(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment of the bench and of what it starts, around the life of a database of its own.

    Needs the right to create databases; raises psycopg.Error without it.
    """
    with fresh_database(environment["DATABASE_URL"], f"timetravelers_bench_{os.getpid()}") as url:
        yield {**_settings(), "DATABASE_URL": url}


@contextmanager
def fresh_database(server: str, name: str) -> Iterator[str]:
    """The address of a new database on the server of an address; dropped afterwards. Raises psycopg.Error."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _settings() -> dict[str, str]:
    """What a server in production would have, with secrets of no worth."""
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DJANGO_SECRET_KEY": "only-for-benches-" + "0123456789" * 4,
        "JWT_SIGNING_KEY": "only-for-benches-" + "9876543210" * 4,
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1",
        "REDIS_PREFIX": f"bench-{os.getpid()}",
        "MANUS_API_KEY": "only-for-benches",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "DEVELOPMENT": "false",
    }

"""Does somebody answer there? Asked before anything is built on an address."""

import http.client

import psycopg
import redis

from timetravelers.runtime.errors import StartError

_PATIENCE = 5  # seconds


def check_database(url: str) -> None:
    """Raise StartError unless a PostgreSQL answers; addresses that only Django understands are left to it."""
    if not url.startswith(("postgres://", "postgresql://")):
        return
    try:
        psycopg.connect(url, connect_timeout=_PATIENCE).close()
    except psycopg.Error as problem:
        raise StartError(f"The database of DATABASE_URL does not answer: {_one_line(problem)}") from problem


def check_redis(url: str) -> None:
    """Raise StartError unless a Redis or Valkey answers."""
    try:
        with redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) as client:
            client.ping()
    except (redis.RedisError, ValueError) as problem:
        raise StartError(f"The server of REDIS_URL does not answer: {_one_line(problem)}") from problem


def http_status(host: str, port: int, path: str) -> tuple[int, str]:
    """The status and the beginning of the body of a GET; 0 and the reason if nobody answers."""
    connection = http.client.HTTPConnection(host, port, timeout=2)  # unlike urllib, it heeds no proxy
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(300).decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        return 0, str(problem)
    finally:
        connection.close()


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())

"""Pytest plugin: starts temporary engines once per run, before Django's settings are read."""

import contextlib
import os
from collections.abc import Generator

import pytest

from timetravelers.runtime.errors import StartError
from timetravelers.runtime.temporary import temporary_engines


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Runs around pytest-django's hook of this name, which reads the settings.

    Engines that the environment names are used; parallel workers inherit it, so only the first process starts
    any. They stop when pytest ends, however it ends.
    """
    if _will_run_tests(early_config):
        stack = contextlib.ExitStack()
        early_config.add_cleanup(stack.close)
        try:
            engines = stack.enter_context(temporary_engines(os.environ))
        except StartError as problem:
            raise pytest.UsageError(str(problem)) from problem
        os.environ.update(engines.environment)
    return (yield)


def _will_run_tests(config: pytest.Config) -> bool:
    asked = config.known_args_namespace
    return not any(getattr(asked, name, False) for name in ("help", "version", "collectonly", "showfixtures"))

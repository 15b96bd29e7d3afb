"""Sources stay small, say what they are, and hide nothing."""

import ast
from statistics import median

import pytest

from tests.architecture.sources import FIRST_PARTY, Function, Source, everything, production

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "managers", "misc"}


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_is_too_long() -> None:
    long = {source.path: source.lines for source in production() if source.lines > MOST_LINES}
    assert not long, f"Split by idea: {long}"


def test_no_function_is_too_long() -> None:
    long = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in production()
        for function in source.functions
        if lines_of(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long, f"Give its parts names of their own: {long}"


def test_most_are_small() -> None:
    functions = [lines_of(function) for source in production() for function in source.functions]
    assert median(functions) <= 9
    assert median(source.lines for source in production() if source.lines > 1) <= 80


def hidden_imports(source: Source) -> list[str]:
    inside = (node for function in source.functions for node in ast.walk(function))
    imports = (node for node in inside if isinstance(node, ast.Import | ast.ImportFrom))
    return [f"{source.path}:{node.lineno}" for node in imports if _is_of_ours(node)]


def _is_of_ours(node: ast.Import | ast.ImportFrom) -> bool:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(name.split(".")[0] in FIRST_PARTY for name in names)


def test_no_import_of_ours_is_hidden_in_a_function() -> None:
    hidden = [place for source in everything() for place in hidden_imports(source)]
    assert not hidden, f"Import at the top; if that makes a circle, publish an event instead: {hidden}"


def test_no_import_is_relative() -> None:
    relative = [
        f"{source.path}:{node.lineno}"
        for source in everything()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative, f"Say where it is from: {relative}"


def test_only_commands_print() -> None:
    prints = [
        f"{source.path}:{node.lineno}"
        for source in production()
        if "/management/commands/" not in source.path
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not prints, f"Log it instead: {prints}"


def test_every_module_says_what_lives_there() -> None:
    silent = [source.path for source in everything() if source.text.strip() and not ast.get_docstring(source.tree)]
    assert not silent, f"Begin with a docstring of one line: {silent}"


def is_service(source: Source) -> bool:
    return "/services/" in source.path or source.path.endswith("/services.py")


def public(source: Source) -> list[Function | ast.ClassDef]:
    """What a service module offers to others."""
    named = [node for node in source.tree.body if isinstance(node, Function | ast.ClassDef)]
    return [node for node in named if not node.name.startswith("_")]


@pytest.mark.parametrize("source", [source for source in production() if is_service(source)], ids=str)
def test_every_service_says_what_it_guarantees(source: Source) -> None:
    silent = [node.name for node in public(source) if not ast.get_docstring(node)]
    assert not silent, f"{source}: say what it guarantees, locks and raises: {silent}"


def test_no_module_is_a_drawer() -> None:
    drawers = [source.path for source in everything() if source.path[:-3].split("/")[-1] in FORBIDDEN_NAMES]
    assert not drawers, f"Name it after the idea in it: {drawers}"

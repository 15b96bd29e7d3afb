"""Every refusal has one stable code, which is written down for those who branch on it."""

import re
from collections import Counter

from tests.architecture.sources import PROJECT
from timetravelers.kit.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unavailable,
)
from timetravelers.management.commands.list_errors import coded_errors, error_page

CATEGORIES = (Invalid, NotFound, Forbidden, Conflict, RateLimited, Unavailable)


def test_no_code_is_used_twice() -> None:
    twice = [code for code, times in Counter(error.code for error in coded_errors()).items() if times > 1]
    assert not twice, f"Clients branch on the code: give each error its own. {twice}"


def test_codes_and_titles_have_one_form() -> None:
    for error in coded_errors():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code), f"{error}: a code is snake_case."
        assert error.title[0].isupper(), f"{error}: a title is a sentence without its full stop."
        assert error.title[-1] != ".", f"{error}: a title is a sentence without its full stop."
        assert "|" not in error.title + (error.__doc__ or ""), f"{error}: the page is a table."


def test_errors_of_rooms_belong_to_a_category() -> None:
    for error in coded_errors():
        if not error.__module__.startswith("timetravelers."):
            assert issubclass(error, CATEGORIES), f"{error}: derive it from one of the six categories."
            assert error.__module__.endswith("errors"), f"{error}: errors live in errors.py."


def test_statuses_are_those_of_refusals() -> None:
    for error in coded_errors():
        assert issubclass(error, DomainError)
        assert 400 <= error.status <= 503


def test_the_page_is_up_to_date() -> None:
    page = (PROJECT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert page == error_page(), "Run: .venv/bin/python manage.py list_errors > docs/errors.md"

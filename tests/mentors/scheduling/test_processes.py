"""Two schedulers in processes of their own, on one database and one Valkey: together they keep one limit."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from mentors.models import CreditEntry, ManusAccount
from tests.factories.accounts import make_user
from tests.mentors.scheduling.calls import queue
from tests.mentors.scheduling.conftest import MakeAccounts
from tests.mentors.scheduling.provider import most_in_a_minute

PROJECT = Path(__file__).parents[3]
LENGTH = 600.0
PROGRAM = """
import sys, django
django.setup()
from tests.mentors.scheduling.scheduler_process import run
run(float(sys.argv[1]))
"""


def environment() -> dict[str, str]:
    """This test's own database and corner of Valkey; no account but those in the database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + str(connection.settings_dict["NAME"])).geturl()
    return {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "timetravelers.settings",
        "MANUS_API_KEY": "",
        "CREDITS_PER_DAY": "0",
        "CREDITS_PER_USER_DAY": "0",
        "CREDITS_PER_SESSION": "0",
    }


def start() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(LENGTH)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=PROJECT, env=environment(), text=True, stdin=pipe, stdout=pipe)


def run_together(processes: list[subprocess.Popen[str]]) -> list[list[str]]:
    """Begin at the same moment, and say what each said."""
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        with ThreadPoolExecutor(len(processes)) as pool:
            said = list(pool.map(lambda process: process.communicate("begin\n", timeout=400)[0], processes))
        assert [process.returncode for process in processes] == [0, 0]
        return [one.splitlines() for one in said]
    finally:
        for process in processes:
            process.kill()


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_to_the_call_over_ten_minutes(make_accounts: MakeAccounts) -> None:
    make_accounts(1)
    users = [make_user() for _ in range(4)]
    for number in range(110):
        queue(users[number % 4])
    said = run_together([start(), start()])
    words = [line.split() for lines in said for line in lines]
    calls = [(word[1], float(word[2])) for word in words if word[0] == "call"]
    assert {word[0] for word in words} == {"call"}, "nothing failed, and nothing was admitted without a slot"
    assert most_in_a_minute([moment for _, moment in calls]) == 10
    assert len({subject for subject, _ in calls}) == len(calls)
    # Windows of 62 seconds fit in nine times and a bit, and each is used up.
    assert 85 <= len(calls) <= 100
    assert all(lines for lines in said), "both of them had work"
    assert CreditEntry.objects.filter(kind="spend").count() == len(calls)
    assert ManusAccount.objects.count() == 1

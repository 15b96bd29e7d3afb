"""What people can read of the data catalogue."""

from typing import Any

from accounts.models import User
from tests.actors import Api
from timetravelers.kit.catalogue import tables
from timetravelers.kit.tags import Category, Purpose


def chapters(api: Api, user: User) -> dict[str, Any]:
    answer = api(user).get("/me/data-catalogue/")
    assert answer.status_code == 200
    return {chapter["category"]: chapter for chapter in answer.json()["results"]}


def entries(api: Api, user: User) -> list[dict[str, Any]]:
    return [entry for chapter in chapters(api, user).values() for entry in chapter["entries"]]


def test_people_read_what_we_keep_and_why(alice: User, api: Api) -> None:
    found = chapters(api, alice)
    assert list(found) == [category.key for category in Category]
    career = found["career"]
    assert (career["title"], career["text"][-1]) == ("Your career", ".")
    told = next(entry for entry in career["entries"] if "motivation" in entry["what"])
    assert told == {
        "about": "Your goals",
        "what": ["occupation", "field", "horizon months", "motivation", "status"],
        "purpose": "matching",
        "why": Purpose.MATCHING.says,
        "kept": ["for as long as you have your account, unless you delete it earlier"],
        "when_you_leave": "It is deleted with your account.",
        "may_go_to_ai": False,
        "consent": "",
        "only_as": "",
        "in_your_copy": True,
        "never_judged_by": False,
    }


def test_every_column_is_in_it_once(alice: User, api: Api) -> None:
    kept = sum(len(table.columns) for table in tables())
    assert sum(len(entry["what"]) for entry in entries(api, alice)) == kept


def test_it_says_what_may_go_to_the_ai_and_under_which_consent(alice: User, api: Api) -> None:
    leaving = [entry for entry in entries(api, alice) if entry["may_go_to_ai"]]
    assert {entry["consent"] for entry in leaving} == {"ai_provider"}
    by_field = {(entry["about"], name): entry for entry in leaving for name in entry["what"]}
    assert ("Your messages and the replies", "text") in by_field
    assert by_field["Your work so far", "started"]["only_as"] == "how many years they come to"
    assert not {entry["about"] for entry in leaving} & {"Your account", "Your education", "Your mail addresses"}


def test_it_says_what_is_protected_and_what_is_not_in_the_copy(alice: User, api: Api) -> None:
    found = entries(api, alice)
    protected = {name for entry in found if entry["never_judged_by"] for name in entry["what"]}
    assert {"picture", "start year", "display name"} <= protected
    passwords = next(entry for entry in found if "password" in entry["what"])
    assert (passwords["in_your_copy"], passwords["may_go_to_ai"]) == (False, False)


def test_it_says_what_outlives_the_account(alice: User, api: Api) -> None:
    events = next(entry for entry in entries(api, alice) if "address hash" in entry["what"])
    assert events["kept"] == ["for 90 days after it happened", "for 1 year after it happened"]
    assert events["when_you_leave"] == "What is left no longer says that it was about you."


def test_only_people_who_are_signed_in_may_read_it(api: Api) -> None:
    assert api(None).get("/me/data-catalogue/").status_code == 401

"""`/me/goals/`, `/me/experience/`, `/me/education/`, `/me/skills/`: what all four lists have in common."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import MOST_RECORDS, Education, Experience, Goal, Profile, Record, User, UserSkill
from tests.actors import Api, ApiClient
from tests.factories.accounts import (
    give_skill,
    make_education,
    make_experience,
    make_field,
    make_goal,
    make_occupation,
    make_skill,
)

pytestmark = pytest.mark.django_db


class Kind:
    """One of the lists: its address, its table, a way to put a row there, a new one, and a change to it."""

    def __init__(
        self,
        path: str,
        model: type[Record],
        make: Callable[[User, int], Record],
        new: dict[str, Any],
        change: dict[str, Any],
    ) -> None:
        self.path, self.model, self.make, self.new, self.change = path, model, make, new, change


KINDS = [
    Kind(
        "/me/goals/",
        Goal,
        lambda user, number: make_goal(user, position=number),
        {"occupation": "15-2051.00", "horizon_months": 24, "motivation": "I like to find out.", "status": "active"},
        {"motivation": "It pays."},
    ),
    Kind(
        "/me/experience/",
        Experience,
        lambda user, number: make_experience(user, position=number),
        {"title": "Analyst", "employer": "Acme", "started": "2019-02", "ended": "2021-03", "description": "Charts."},
        {"employer": "Acme & Co"},
    ),
    Kind(
        "/me/education/",
        Education,
        lambda user, number: make_education(user, position=number),
        {"institution": "Open University", "level": "master", "field_of_study": "Physics", "start_year": 2015},
        {"end_year": 2018},
    ),
    Kind(
        "/me/skills/",
        UserSkill,
        lambda user, number: give_skill(user, f"skill-{number}", position=number),
        {"name": "Beekeeping", "level": 2},
        {"level": 1},
    ),
]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.model.__name__ for kind in KINDS])


@pytest.fixture(autouse=True)
def _taxonomy(db: None) -> None:
    make_occupation("15-2051.00", "Data Scientists")
    make_field("29-0000", "Healthcare")
    make_skill("python")


@pytest.fixture
def mine(alice: User, api: Api) -> ApiClient:
    return api(alice)


def uids(answer: Any) -> list[str]:
    return [row["uid"] for row in answer.json()["results"]]


@every_kind
def test_the_life_of_a_record(mine: ApiClient, kind: Kind) -> None:
    added = mine.post(kind.path, kind.new)
    assert added.status_code == 201, added.content
    at = f"{kind.path}{added.json()['uid']}/"
    assert mine.get(at).json() == added.json()
    assert mine.get(kind.path).json()["results"] == [added.json()]
    changed = mine.patch(at, kind.change)
    assert changed.status_code == 200, changed.content
    body = changed.json()
    assert {**added.json(), **kind.change, "updated_at": body.get("updated_at")} == body | {
        "updated_at": body.get("updated_at")
    }
    assert mine.get(at).json() == body
    assert mine.delete(at).status_code == 204
    assert mine.get(at).status_code == 404
    assert mine.get(kind.path).json()["results"] == []


@every_kind
def test_new_ones_come_last_and_the_list_takes_any_order(alice: User, mine: ApiClient, kind: Kind) -> None:
    rows = [str(kind.make(alice, number).uid) for number in range(3)]
    added = mine.post(kind.path, kind.new).json()["uid"]
    assert uids(mine.get(kind.path)) == [*rows, added]
    wanted = [added, rows[2], rows[0], rows[1]]
    answer = mine.post(f"{kind.path}order/", {"uids": wanted})
    assert answer.status_code == 200, answer.content
    assert uids(answer) == uids(mine.get(kind.path)) == wanted
    mine.delete(f"{kind.path}{rows[2]}/")
    assert uids(mine.get(kind.path)) == [added, rows[0], rows[1]]


@every_kind
def test_an_order_has_to_name_exactly_what_is_there(alice: User, bob: User, mine: ApiClient, kind: Kind) -> None:
    first, second = (str(kind.make(alice, number).uid) for number in range(2))
    theirs = str(kind.make(bob, 0).uid)
    for wrong in ([], [first], [first, theirs], [first, second, theirs], [first, second, str(uuid4())]):
        answer = mine.post(f"{kind.path}order/", {"uids": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "order_stale")
    nonsense: Any
    for nonsense in ([first, first], ["x"], [None], "x", None, {}, [first] * 51):
        assert mine.post(f"{kind.path}order/", {"uids": nonsense}).status_code == 422
    assert uids(mine.get(kind.path)) == [first, second]


@every_kind
def test_a_list_without_rows_can_be_ordered(mine: ApiClient, kind: Kind) -> None:
    assert mine.post(f"{kind.path}order/", {"uids": []}).json()["results"] == []


@every_kind
def test_somebody_elses_are_not_there_and_stay_as_they_are(alice: User, bob: User, api: Api, kind: Kind) -> None:
    theirs = kind.make(bob, 0)
    before = kind.model._default_manager.values().get()
    for method, body in (("GET", None), ("PATCH", kind.change), ("DELETE", None)):
        answer = api(alice).send(method, f"{kind.path}{theirs.uid}/", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert kind.model._default_manager.values().get() == before
    assert uids(api(alice).get(kind.path)) == []


@every_kind
def test_nobody_gets_401(api: Api, alice: User, kind: Kind) -> None:
    at = f"{kind.path}{kind.make(alice, 0).uid}/"
    stranger = api(None)
    answers = [stranger.get(kind.path), stranger.post(kind.path, kind.new), stranger.get(at)]
    answers += [stranger.patch(at, kind.change), stranger.delete(at), stranger.post(f"{kind.path}order/", {"uids": []})]
    assert {answer.status_code for answer in answers} == {401}
    assert kind.model._default_manager.count() == 1


@every_kind
def test_sent_twice_with_one_key_is_added_once(mine: ApiClient, kind: Kind) -> None:
    first = mine.post(kind.path, kind.new, Idempotency_Key="one")
    again = mine.post(kind.path, kind.new, Idempotency_Key="one")
    assert (again.status_code, again.json()) == (201, first.json())
    assert kind.model._default_manager.count() == 1


@every_kind
def test_a_list_has_an_end(alice: User, mine: ApiClient, kind: Kind) -> None:
    for number in range(MOST_RECORDS):
        kind.make(alice, number)
    answer = mine.post(kind.path, kind.new)
    assert (answer.status_code, answer.json()["code"]) == (409, "records_full")
    assert kind.model._default_manager.count() == MOST_RECORDS


@every_kind
def test_each_change_gives_the_profile_its_next_version(mine: ApiClient, kind: Kind) -> None:
    tags = [mine.get("/me/").headers["ETag"]]
    uid = mine.post(kind.path, kind.new).json()["uid"]
    tags.append(mine.get("/me/").headers["ETag"])
    mine.patch(f"{kind.path}{uid}/", kind.change)
    tags.append(mine.get("/me/").headers["ETag"])
    mine.post(f"{kind.path}order/", {"uids": [uid]})
    tags.append(mine.get("/me/").headers["ETag"])
    mine.delete(f"{kind.path}{uid}/")
    tags.append(mine.get("/me/").headers["ETag"])
    assert len(set(tags)) == 5
    assert mine.patch("/me/", {"goal": "stale"}, If_Match=tags[3]).status_code == 412
    assert mine.patch("/me/", {"goal": "fresh"}, If_Match=tags[4]).status_code == 200


@every_kind
def test_nothing_to_change_changes_nothing(alice: User, mine: ApiClient, kind: Kind) -> None:
    at = f"{kind.path}{kind.make(alice, 0).uid}/"
    before = mine.get(at).json()
    assert mine.patch(at, {}).json() == before
    assert mine.get("/me/").json()["version"] == 1


@every_kind
def test_a_first_record_makes_a_profile(charlie: User, api: Api, kind: Kind) -> None:
    assert api(charlie).post(kind.path, kind.new).status_code == 201
    assert Profile.objects.get(user=charlie).version == 1


@every_kind
@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'"x"', b"7", b"{", b"\xff", b"[" * 3000])
def test_odd_bodies_are_refused(mine: ApiClient, kind: Kind, raw: bytes) -> None:
    assert mine.post(kind.path, raw=raw).status_code in {400, 422}
    assert mine.post(f"{kind.path}order/", raw=raw).status_code in {400, 422}
    assert not kind.model._default_manager.exists()


@every_kind
@pytest.mark.parametrize(
    ("extra", "code"), [({"position": 0}, "unknown"), ({"uid": "x"}, "unknown"), ({"grade": "attested"}, "unknown")]
)
def test_what_is_not_for_people_to_set_is_refused(
    alice: User, mine: ApiClient, kind: Kind, extra: dict[str, Any], code: str
) -> None:
    answers = [
        mine.post(kind.path, {**kind.new, **extra}),
        mine.patch(f"{kind.path}{kind.make(alice, 0).uid}/", {**kind.change, **extra}),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == code


@every_kind
def test_markup_is_stored_as_the_words_it_is(mine: ApiClient, kind: Kind) -> None:
    words = "<script>alert(1)</script> ' OR 1=1"
    name = {Goal: "motivation", Experience: "employer", Education: "field_of_study", UserSkill: "name"}[kind.model]
    assert mine.post(kind.path, {**kind.new, name: words}).json()[name] == words
    decomposed = mine.post(kind.path, {**kind.new, name: " cafe\u0301 "}).json()
    assert decomposed[name] == "caf\u00e9"
    for wrong in ("a\x00b", "a\u202eb" * 2000, "\x1b[31m", 7, ["x"], {"x": 1}):
        answer = mine.post(kind.path, {**kind.new, name: wrong})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}")


@every_kind
def test_other_methods_are_refused(alice: User, mine: ApiClient, kind: Kind) -> None:
    at = f"{kind.path}{kind.make(alice, 0).uid}/"
    wrong = [("PUT", kind.path), ("DELETE", kind.path), ("PUT", at), ("POST", at), ("GET", f"{kind.path}order/")]
    assert {mine.send(method, path, {}).status_code for method, path in wrong} == {405}


@every_kind
def test_a_list_takes_few_queries_however_long(
    alice: User, mine: ApiClient, kind: Kind, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        kind.make(alice, number)
    mine.get(kind.path)
    with django_assert_max_num_queries(3):
        assert len(mine.get(kind.path).json()["results"]) == 20

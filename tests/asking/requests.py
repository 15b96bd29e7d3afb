"""A request that succeeds at every door, as a person with rows in every list would send it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.item_bank import item_bank
from mentors.manus.caching import SharedCache
from mentors.manus.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from mentors.manus.wire import PublicKey
from mentors.services.webhooks import callback_url
from tests.actors import ApiClient
from tests.asking.live import LIVE
from tests.asking.person import RECEIPT, Person, picture_file
from tests.factories.accounts import PASSWORD
from timetravelers.kit.clock import now

OCCUPATION = "15-2051.00"
ALLAUTH = "/_allauth/app/v1"


@dataclass(frozen=True)
class Asked:
    """What to send, and the status that says that the whole way was gone."""

    path: str
    body: Any = None
    status: int = 200
    query: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


Recipe = Callable[[Person], Asked]


def _at(path: str, **more: Any) -> Recipe:
    """A request to a path; `{name}` in it is one of the person's things."""
    return lambda person: Asked(_filled(path, person), **more)


def _filled(path: str, person: Person) -> str:
    return path.format(**{name.replace("-", "_"): uid for name, uid in person.things.items()})


def _page(path: str) -> Recipe:
    """A page of a catalogue, as long as the person's own lists."""
    return lambda person: Asked(_filled(path, person), query={"limit": person.size})


def _order(path: str, relation: str) -> Recipe:
    def recipe(person: Person) -> Asked:
        uids = [str(row.uid) for row in getattr(person.user, relation).order_by("-position")]
        return Asked(path, {"uids": uids})

    return recipe


def _answers(person: Person) -> Asked:
    answers = [{"item": item.key, "value": 2} for item in item_bank(1).items[: person.size]]
    return Asked(f"/me/learning-assessments/{person.things['learning-assessments']}/answers/", {"answers": answers})


def _profile(person: Person) -> Asked:
    skills = [{"key": link.skill.key, "level": 4} for link in person.user.skills.select_related("skill") if link.skill]
    return Asked("/me/", {"goal": "Something else.", "skills": skills})


@cache
def _provider_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _delivery(person: Person) -> Asked:
    public = _provider_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    known = SharedCache(str(person.account.uid), patience=1)
    known.get("webhook.publicKey", "", PublicKey, lambda: PublicKey(ok=True, public_key=public), fresh=True)
    told = {"event_id": "e1", "event_type": "task_stopped", "task_detail": {"task_id": "T1", "task_title": "x"}}
    body, moment = json.dumps(told).encode(), int(time.time())
    signature = sign(_provider_key(), moment, callback_url(person.account.uid), body)
    headers = {SIGNATURE_HEADER: signature, TIMESTAMP_HEADER: str(moment)}
    return Asked(f"/hooks/manus/{person.account.uid}/", raw=body, headers=headers)


def _records(name: str, new: dict[str, Any], change: dict[str, Any]) -> dict[str, Recipe]:
    """The five doors of a list that a person keeps."""
    below = f"api/v1/me/{name}/"
    related = "skills" if name == "skills" else "educations" if name == "education" else f"{name.rstrip('s')}s"
    one = f"/me/{name}/{{{name}}}/"
    return {
        f"GET /{below}": _at(f"/me/{name}/"),
        f"POST /{below}": _at(f"/me/{name}/", body=new, status=201),
        f"POST /{below}order/": _order(f"/me/{name}/order/", related),
        f"GET /{below}<uuid:uid>/": _at(one),
        f"PATCH /{below}<uuid:uid>/": _at(one, body=change),
        f"DELETE /{below}<uuid:uid>/": _at(one, status=204),
    }


_ASSESSMENT = "api/v1/me/learning-assessments/"
_SESSION = "api/v1/sessions/<uuid:uid>/"
_MATCH = "api/v1/matches/<uuid:uid>/"
_MISSION = "api/v1/missions/<uuid:uid>/"
_TURN = f"{_SESSION}turns/<uuid:turn>/"

RECIPES: dict[str, Recipe] = {
    **_records("goals", {"occupation": OCCUPATION, "motivation": "why"}, {"status": "achieved"}),
    **_records("experience", {"title": "Analyst", "started": "2021-03"}, {"employer": "Somebody"}),
    **_records("education", {"institution": "School", "level": "master"}, {"end_year": 2024}),
    **_records("skills", {"name": "juggling", "level": 2}, {"level": 2}),
    # One's own account
    "GET /api/v1/me/": _at("/me/"),
    "PATCH /api/v1/me/": _profile,
    "GET /api/v1/me/completion/": _at("/me/completion/"),
    "GET /api/v1/me/career-stage/": _at("/me/career-stage/"),
    "PUT /api/v1/me/career-stage/": _at("/me/career-stage/", body={"stage": "growth"}),
    "DELETE /api/v1/me/career-stage/": _at("/me/career-stage/", status=204),
    "GET /api/v1/me/data-catalogue/": _at("/me/data-catalogue/"),
    "GET /api/v1/me/egress/": _page("/me/egress/"),
    "GET /api/v1/me/learning-preferences/": _at("/me/learning-preferences/"),
    "GET /api/v1/me/occupations/<occupation_code:code>/": _at(f"/me/occupations/{OCCUPATION}/"),
    "PUT /api/v1/me/picture/": lambda _: Asked(
        "/me/picture/", raw=picture_file(), headers={"Content-Type": "image/png"}
    ),
    "DELETE /api/v1/me/picture/": _at("/me/picture/", status=204),
    "GET /api/v1/me/picture/<int:size>/": _at("/me/picture/64/"),
    "GET /api/v1/me/sign-ins/": _at("/me/sign-ins/"),
    "DELETE /api/v1/me/sign-ins/<uuid:uid>/": _at("/me/sign-ins/{sign_ins}/", status=204),
    "POST /api/v1/me/sign-ins/revoke-others/": _at("/me/sign-ins/revoke-others/"),
    "GET /api/v1/consents/": _at("/consents/"),
    "POST /api/v1/consents/": _at("/consents/", body={"purpose": "analytics", "version": 1}, status=201),
    "POST /api/v1/consents/<slug:purpose>/withdraw/": _at("/consents/ai_provider/withdraw/"),
    # Leaving
    "POST /api/v1/me/deletion/": _at("/me/deletion/", body={}, status=202),
    "GET /api/v1/deletions/<str:receipt>/": _at(f"/deletions/{RECEIPT}/"),
    "GET /api/v1/me/exports/": _at("/me/exports/"),
    "POST /api/v1/me/exports/": _at("/me/exports/", status=202),
    "GET /api/v1/me/exports/<uuid:uid>/": _at("/me/exports/{exports}/"),
    "GET /api/v1/me/exports/<uuid:uid>/download/": _at("/me/exports/{exports}/download/"),
    # Learning preferences
    "GET /api/v1/learning-preferences/": _at("/learning-preferences/"),
    f"GET /{_ASSESSMENT}": _at("/me/learning-assessments/"),
    f"POST /{_ASSESSMENT}": _at("/me/learning-assessments/"),
    f"GET /{_ASSESSMENT}<uuid:uid>/": _at("/me/learning-assessments/{learning_assessments}/"),
    f"PUT /{_ASSESSMENT}<uuid:uid>/answers/": _answers,
    f"POST /{_ASSESSMENT}<uuid:uid>/finish/": _at("/me/learning-assessments/{learning_assessments}/finish/"),
    # Catalogues
    "GET /api/v1/taxonomy/fields/": _at("/taxonomy/fields/"),
    "GET /api/v1/taxonomy/occupations/": _page("/taxonomy/occupations/"),
    "GET /api/v1/taxonomy/occupations/<occupation_code:code>/": _at(f"/taxonomy/occupations/{OCCUPATION}/"),
    "GET /api/v1/taxonomy/skills/": _page("/taxonomy/skills/"),
    "GET /api/v1/taxonomy/attribution/": _at("/taxonomy/attribution/"),
    "GET /api/v1/travelers/": _page("/travelers/"),
    "GET /api/v1/travelers/<uuid:uid>/": _at("/travelers/{travelers}/"),
    "GET /api/v1/travelers/<uuid:uid>/portrait/<int:size>/": _at("/travelers/{travelers}/portrait/64/"),
    # Matches
    "GET /api/v1/matches/": _page("/matches/"),
    "POST /api/v1/matches/refresh/": _at("/matches/refresh/"),
    "GET /api/v1/matches/compare/": lambda person: Asked(
        "/matches/compare/",
        query={"traveler": str(person.things["travelers"]), "other": str(person.things["blocked"])},
    ),
    "GET /api/v1/matches/travelers/": _page("/matches/travelers/"),
    "GET /api/v1/matches/blocks/": _at("/matches/blocks/"),
    "PUT /api/v1/matches/blocks/<uuid:traveler>/": _at("/matches/blocks/{travelers}/"),
    "DELETE /api/v1/matches/blocks/<uuid:traveler>/": _at("/matches/blocks/{blocked}/", status=204),
    f"GET /{_MATCH}": _at("/matches/{matches}/"),
    f"POST /{_MATCH}accept/": _at("/matches/{matches}/accept/"),
    f"POST /{_MATCH}decline/": _at("/matches/{matches}/decline/", body={"reason": "other"}),
    f"GET /{_MATCH}feedback/": _at("/matches/{matches}/feedback/"),
    f"PUT /{_MATCH}feedback/": _at("/matches/{matches}/feedback/", body={"stars": 4}),
    f"DELETE /{_MATCH}feedback/": _at("/matches/{matches}/feedback/", status=204),
    # Missions
    "GET /api/v1/missions/": _at("/missions/"),
    "GET /api/v1/missions/proposals/": _page("/missions/proposals/"),
    "PATCH /api/v1/missions/proposals/<uuid:uid>/": _at("/missions/proposals/{proposals}/", body={"state": "done"}),
    "GET /api/v1/missions/rewards/": _at("/missions/rewards/"),
    f"GET /{_MISSION}": _at("/missions/{missions}/"),
    f"POST /{_MISSION}accept/": _at("/missions/{offered}/accept/"),
    f"POST /{_MISSION}decline/": _at("/missions/{offered}/decline/"),
    f"POST /{_MISSION}evidence/": _at(
        "/missions/{missions}/evidence/", body={"kind": "text", "content": "I did it."}, status=201
    ),
    f"POST /{_MISSION}complete/": _at("/missions/{missions}/complete/"),
    # Sessions
    "GET /api/v1/sessions/": _at("/sessions/"),
    "POST /api/v1/sessions/": lambda person: Asked("/sessions/", {"traveler": str(person.things["travelers"])}, 201),
    f"GET /{_SESSION}": _at("/sessions/{sessions}/"),
    f"PATCH /{_SESSION}": _at("/sessions/{sessions}/", body={"title": "About tables"}),
    f"DELETE /{_SESSION}": _at("/sessions/{sessions}/", status=202),
    f"POST /{_SESSION}end/": _at("/sessions/{sessions}/end/"),
    f"POST /{_SESSION}archive/": _at("/sessions/{sessions}/archive/"),
    f"POST /{_SESSION}unarchive/": _at("/sessions/{planned}/unarchive/"),
    f"POST /{_SESSION}open/": _at("/sessions/{planned}/open/"),
    f"POST /{_SESSION}cancel/": _at("/sessions/{planned}/cancel/"),
    f"POST /{_SESSION}reschedule/": lambda person: Asked(
        f"/sessions/{person.things['planned']}/reschedule/", {"starts_at": (now() + timedelta(days=3)).isoformat()}
    ),
    f"GET /{_SESSION}metrics/": _at("/sessions/{sessions}/metrics/"),
    f"GET /{_SESSION}transcript/": _at("/sessions/{sessions}/transcript/"),
    "GET /api/v1/sessions/search/": _at("/sessions/search/", query={"q": "first rol"}),
    "GET /api/v1/recall/": _at("/recall/", query={"q": "what did I say about my first role last spring"}),
    f"GET /{_SESSION}messages/": _page("/sessions/{sessions}/messages/"),
    f"POST /{_SESSION}messages/": _at(
        "/sessions/{sessions}/messages/", body={"client_id": "new", "text": "And now?"}, status=201
    ),
    f"DELETE /{_SESSION}messages/<uuid:message>/": _at("/sessions/{tree}/messages/{spoken}/", status=204),
    f"GET /{_SESSION}context/": _at("/sessions/{tree}/context/", query={"text": "And a team to lead?"}),
    f"PUT /{_SESSION}context/pins/<slug:kind>/<uuid:target>/": _at(
        "/sessions/{tree}/context/pins/memory/{memories}/", status=204
    ),
    f"DELETE /{_SESSION}context/pins/<slug:kind>/<uuid:target>/": _at(
        "/sessions/{tree}/context/pins/turn/{pinned}/", status=204
    ),
    f"PUT /{_SESSION}context/exclusions/<slug:kind>/<uuid:target>/": _at(
        "/sessions/{tree}/context/exclusions/turn/{pinned}/", status=204
    ),
    f"DELETE /{_SESSION}context/exclusions/<slug:kind>/<uuid:target>/": _at(
        "/sessions/{tree}/context/exclusions/memory/{memories}/", status=204
    ),
    "GET /api/v1/insights/": _page("/insights/"),
    "GET /api/v1/insights/<uuid:uid>/": _at("/insights/{insights}/"),
    "PATCH /api/v1/insights/<uuid:uid>/": _at("/insights/{insights}/", body={"text": "To learn SQL."}),
    "POST /api/v1/insights/<uuid:uid>/confirm/": _at("/insights/{insights}/confirm/"),
    "POST /api/v1/insights/<uuid:uid>/reject/": _at("/insights/{insights}/reject/"),
    f"GET /{_SESSION}confidence/": _at("/sessions/{over}/confidence/"),
    f"PUT /{_SESSION}confidence/": _at("/sessions/{over}/confidence/", body={"moment": "after", "value": 8}),
    f"GET /{_SESSION}reflection/": _at("/sessions/{over}/reflection/"),
    f"POST /{_SESSION}reflection/": _at("/sessions/{over}/reflection/", status=202),
    "GET /api/v1/memories/": _page("/memories/"),
    "GET /api/v1/memories/<uuid:uid>/": _at("/memories/{memories}/"),
    "PATCH /api/v1/memories/<uuid:uid>/": _at("/memories/{memories}/", body={"text": "To lead two teams."}),
    "DELETE /api/v1/memories/<uuid:uid>/": _at("/memories/{memories}/", status=204),
    "POST /api/v1/memories/<uuid:uid>/keep/": _at("/memories/{memories}/keep/"),
    "POST /api/v1/memories/<uuid:uid>/reject/": _at("/memories/{memories}/reject/"),
    # Files
    "GET /api/v1/files/": _page("/files/"),
    "POST /api/v1/files/": lambda _: Asked(
        "/files/", raw=b"words", query={"name": "a.txt"}, headers={"Content-Type": "text/plain"}, status=201
    ),
    "POST /api/v1/files/resumable/": _at(
        "/files/resumable/", body={"name": "a.txt", "size": 5, "sha256": "0" * 64}, status=201
    ),
    "GET /api/v1/files/<uuid:uid>/": _at("/files/{files}/"),
    "DELETE /api/v1/files/<uuid:uid>/": _at("/files/{files}/", status=202),
    "PATCH /api/v1/files/<uuid:uid>/content/": lambda person: Asked(
        _filled("/files/{coming}/content/", person),
        raw=b"words",
        headers={"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"},
    ),
    "POST /api/v1/files/<uuid:uid>/links/": _at("/files/{files}/links/", body={}),
    f"POST /{_SESSION}messages/<uuid:message>/choose/": _at("/sessions/{tree}/messages/{former}/choose/"),
    f"GET /{_SESSION}messages/<uuid:message>/rating/": _at("/sessions/{tree}/messages/{rated}/rating/"),
    f"PUT /{_SESSION}messages/<uuid:message>/rating/": _at(
        "/sessions/{tree}/messages/{rated}/rating/", body={"stars": 5}
    ),
    f"DELETE /{_SESSION}messages/<uuid:message>/rating/": _at("/sessions/{tree}/messages/{rated}/rating/", status=204),
    f"GET /{_SESSION}rating/": _at("/sessions/{tree}/rating/"),
    f"PUT /{_SESSION}rating/": _at("/sessions/{tree}/rating/", body={"stars": 5}),
    f"DELETE /{_SESSION}rating/": _at("/sessions/{tree}/rating/", status=204),
    f"PUT /{_SESSION}read/": _at("/sessions/{tree}/read/", body={"seq": 2}),
    f"GET /{_SESSION}branches/": _page("/sessions/{tree}/branches/"),
    f"POST /{_SESSION}branches/": lambda person: Asked(
        f"/sessions/{person.things['tree']}/branches/", {"head": str(person.things["beside"])}
    ),
    f"POST /{_SESSION}tickets/": _at("/sessions/{sessions}/tickets/", status=201),
    f"GET /{_TURN}": _at("/sessions/{sessions}/turns/{waiting}/"),
    f"POST /{_TURN}edit/": _at(
        "/sessions/{tree}/turns/{last}/edit/", body={"client_id": "edited", "text": "No, this."}, status=201
    ),
    f"POST /{_TURN}regenerate/": _at("/sessions/{tree}/turns/{last}/regenerate/", body={"client_id": "again"}),
    f"POST /{_TURN}cancel/": _at("/sessions/{sessions}/turns/{waiting}/cancel/"),
    f"POST /{_TURN}retry/": _at("/sessions/{sessions}/turns/{failed}/retry/"),
    # Beside the API
    "POST /hooks/manus/<uuid:account>/": _delivery,
    "GET /healthz/ready": _at("/healthz/ready"),
    "GET /metrics": _at("/metrics"),
    "POST /_allauth/app/v1/auth/login": lambda person: Asked(
        f"{ALLAUTH}/auth/login", {"email": person.user.email, "password": PASSWORD}
    ),
}

DOORS = sorted([*RECIPES, *LIVE])
# Doors that people come to before they are signed in.
SIGNED_OUT = frozenset({"POST /_allauth/app/v1/auth/login", "GET /api/v1/deletions/<str:receipt>/"})


def ask(door: str, person: Person) -> Any:
    """Knock with success; raises AssertionError if the door does not open."""
    if door in LIVE:
        return LIVE[door](person)
    asked = RECIPES[door](person)
    phone = ApiClient() if door in SIGNED_OUT else person.phone
    method = door.partition(" ")[0]
    headers = {**asked.headers, "Idempotency-Key": "a key of this request"} if method == "POST" else asked.headers
    answer = phone.send(method, asked.path, asked.body, query=asked.query, raw=asked.raw, headers=headers)
    if answer.streaming:
        answer.streamed = b"".join(answer.streaming_content)
    assert answer.status_code == asked.status, f"{door}: {answer.status_code} {_shown(answer)}"
    return answer


def _shown(answer: Any) -> str:
    return "a stream" if answer.streaming else repr(answer.content[:500])

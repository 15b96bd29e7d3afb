"""A session as a phone pictures it from events alone, and as it finds it when it asks."""

from typing import Any

from tests.actors import ApiClient

Event = dict[str, Any]
STATES = {
    "turn.queued": "queued",
    "turn.started": "running",
    "turn.waiting": "waiting",
    "turn.completed": "completed",
    "turn.failed": "failed",
    "turn.cancelled": "cancelled",
}


class Picture:
    """What is known of a session: its tree of turns, what was said in them, what stands, and what was thought of it."""

    def __init__(self) -> None:
        self.seq = 0
        self.state = "open"
        self.title = ""
        self.is_archived = False
        self.head: str | None = None
        self.after: dict[str, str | None] = {}
        self.turns: dict[str, str] = {}
        self.messages: dict[str, tuple[str, str, str]] = {}
        self.superseded: set[str] = set()
        self.stars: dict[str, int] = {}
        self.files: dict[str, list[str]] = {}

    def take_in(self, event: Event) -> None:
        """What a phone does with an event; those before it were taken in already."""
        self.seq, data = event["seq"], event["data"]
        match event["type"]:
            case "message.created":
                self._hear(data["message"])
            case "file.added" | "file.removed":
                self._file(event["type"], data)
            case "message.deleted" | "message.redacted":
                self._unsay(event["type"], data)
            case "message.superseded" | "reply.chosen":
                self._stand(event["type"], data["message"])
            case "branch.opened" | "branch.switched":
                self.head = data["parent"] if "parent" in data else data["head"]
            case "reply.rated" | "session.rated":
                self._rate(data.get("message", ""), data["stars"])
            case "session.ended":
                self.state = "ended"
            case "session.renamed" | "session.archived" | "session.unarchived":
                self._tidy(event["type"], data)
            case kind if kind in STATES:
                self.turns[data["turn"]] = STATES[kind]

    def shown(self) -> dict[str, Any]:
        """All of it, to be compared with `found`."""
        view = self._view()
        standing = [uid for uid, (turn, *_) in self.messages.items() if turn in view and uid not in self.superseded]
        return {
            "session": (self.state, self.seq, self.head, self.stars.get("")),
            "desk": (self.title, self.is_archived),
            "turns": {uid: (self.after[uid], state, uid in view) for uid, state in self.turns.items()},
            "messages": {
                uid: (*said, uid in self.superseded, self.stars.get(uid)) for uid, said in self.messages.items()
            },
            "files": {uid: files for uid, files in self.files.items() if files},
            "view": standing,
        }

    def _hear(self, message: dict[str, Any]) -> None:
        turn = message["turn"]
        if turn not in self.after:
            self.after[turn], self.head = self.head, turn
        self.messages[message["uid"]] = (turn, message["author"], message["text"])
        self.files[message["uid"]] = [file["uid"] for file in message.get("files", [])]

    def _file(self, kind: str, data: dict[str, Any]) -> None:
        files = self.files.setdefault(data["message"], [])
        if kind == "file.added":
            files.append(data["file"]["uid"])
        elif data["file"] in files:
            files.remove(data["file"])

    def _stand(self, kind: str, message: str) -> None:
        if kind == "reply.chosen":
            self.superseded.discard(message)
        else:
            self.superseded.add(message)

    def _unsay(self, kind: str, data: dict[str, Any]) -> None:
        uid = data["message"]
        if kind == "message.redacted":
            turn, author, _ = self.messages[uid]
            self.messages[uid] = (turn, author, data["text"])
        else:
            self.messages.pop(uid, None)
            self.stars.pop(uid, None)
            self.files.pop(uid, None)
            self.superseded.discard(uid)

    def _tidy(self, kind: str, data: dict[str, Any]) -> None:
        self.title = data.get("title", self.title)
        if kind != "session.renamed":
            self.is_archived = kind == "session.archived"

    def _rate(self, what: str, stars: int | None) -> None:
        if stars is None:
            self.stars.pop(what, None)
        else:
            self.stars[what] = stars

    def _view(self) -> set[str]:
        view, turn = set(), self.head
        while turn is not None:
            view.add(turn)
            turn = self.after[turn]
        return view


def found(phone: ApiClient, session: Any) -> dict[str, Any]:
    """The same by asking at the doors."""
    path = f"/sessions/{session.uid}/"
    told = phone.get(path).json()
    everything = _all(phone, f"{path}messages/", branch="all")
    return {
        "session": (told["state"], told["last_seq"], told["head"], told["stars"]),
        "desk": (told["title"], told["archived_at"] is not None),
        "turns": {
            one["uid"]: (one["after"], one["state"], one["on_branch"]) for one in _all(phone, f"{path}branches/")
        },
        "messages": {
            one["uid"]: (one["turn"], one["author"], one["text"], one["superseded_at"] is not None, one["stars"])
            for one in everything
        },
        "files": {one["uid"]: [file["uid"] for file in one["files"]] for one in everything if one["files"]},
        "view": [one["uid"] for one in _all(phone, f"{path}messages/")],
    }


def _all(phone: ApiClient, path: str, **query: Any) -> list[dict[str, Any]]:
    page = phone.get(path, {"limit": 100, **query}).json()
    assert page["next"] is None
    return list(page["results"])

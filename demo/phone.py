"""The app on a phone, as far as HTTP goes: signs up, keeps its tokens, speaks JSON, understands problems."""

import re
import secrets
from typing import Any

import requests

PATIENCE_SECONDS = 40.0  # a long poll may take 30
_CODE = re.compile(r"^([A-Z0-9]+(?:-[A-Z0-9]+)*)$", re.MULTILINE)


class Failed(Exception):
    """The journey cannot go on; the message is one line that says why."""


class Refused(Failed):
    """The server answered with a problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"HTTP {status}: {problem.get('code', '?')}: {problem.get('detail', problem)}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code, on which an app branches."""
        return str(self.problem.get("code", ""))


class Phone:
    """One person's phone. Every method raises Refused for an answer of 400 and above, Failed for none."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.email = ""
        self.access_token = ""
        self.refresh_token = ""
        self._sign_up_token = ""
        self._http = requests.Session()
        self._http.trust_env = False  # straight to the server, past any proxy

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    # Signing up, by allauth's headless app client -------------------------------------------------------

    def sign_up(self, email: str, password: str) -> None:
        """Begin an account; the server then waits for the code that it mails."""
        self.email = email
        answer = self._send("POST", "/_allauth/app/v1/auth/signup", {"email": email, "password": password})
        if answer.status_code != requests.codes.unauthorized:
            raise Refused(answer.status_code, _body(answer))
        self._sign_up_token = _body(answer)["meta"]["session_token"]

    def mailed_code(self) -> str:
        """The newest code in the development mailbox for this address."""
        for mail in self.get("/dev/mail/", format="json")["results"]:
            found = _CODE.search(mail["body"])
            if self.email in mail["to"] and found:
                return found.group(1)
        raise Failed(f"no mail with a code for {self.email} in /dev/mail/")

    def verify(self, code: str) -> None:
        """Prove the address, which signs in and brings the tokens."""
        answer = self._send(
            "POST", "/_allauth/app/v1/auth/email/verify", {"key": code}, {"X-Session-Token": self._sign_up_token}
        )
        meta = self._checked(answer)["meta"]
        self.access_token, self.refresh_token = meta["access_token"], meta["refresh_token"]

    # The API --------------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Any:
        """Read something."""
        return self._checked(self._send("GET", path, query=query))

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """Do something once; a key of one's own makes repeating it harmless."""
        return self._checked(self._send("POST", path, body, {"Idempotency-Key": key or secrets.token_hex(16)}))

    def patch(self, path: str, body: Any, *, version: int) -> Any:
        """Change something, unless it was changed elsewhere since `version` was read."""
        return self._checked(self._send("PATCH", path, body, {"If-Match": f'"{version}"'}))

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """The raw answer to any request, whatever its status."""
        return self._send(method, path, body, headers)

    def _send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
    ) -> requests.Response:
        sent = {"User-Agent": "TimeTravelers-demo/1", **(headers or {})}
        if self.access_token:
            sent.setdefault("Authorization", f"Bearer {self.access_token}")
        try:
            return self._http.request(
                method, self.url(path), params=query, json=body, headers=sent, timeout=PATIENCE_SECONDS
            )
        except requests.RequestException as problem:
            raise Failed(f"{method} {path}: the server does not answer ({type(problem).__name__})") from problem

    def url(self, path: str) -> str:
        """Paths are below the API unless they say where else."""
        elsewhere = path.startswith(("/_allauth/", "/dev/", "/healthz/", "/api/"))
        return self.base_url + (path if elsewhere else f"/api/v1{path}")

    def _checked(self, answer: requests.Response) -> Any:
        if answer.status_code >= requests.codes.bad_request:
            raise Refused(answer.status_code, _body(answer))
        return _body(answer)


def _body(answer: requests.Response) -> Any:
    if not answer.content:
        return {}
    try:
        return answer.json()
    except requests.JSONDecodeError as problem:
        raise Failed(f"{answer.url}: HTTP {answer.status_code} with a body that is not JSON") from problem

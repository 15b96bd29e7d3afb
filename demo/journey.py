"""The journey, step by step: from signing up to what a mentor remembers of a first session."""

import secrets
import time
from collections.abc import Iterable
from typing import Any

from demo.checks import profile_words, require, require_same_events, require_taken_up
from demo.line import Frame, Line
from demo.looking_back import keep_a_memory, look_back
from demo.phone import Failed, Phone, Refused
from demo.show import Teller

Json = dict[str, Any]
REPLY_SECONDS = 90.0
AWAY_SECONDS = 3.0
LETTERS = ("time", "expertise", "learning_style", "longitude")

NAME = "Nadia"
GOAL = "Move from bookkeeping into a first data role within a year."
FIRST_WORDS = (
    "I have kept the books of a bakery for four years and I want to become a data scientist. "
    "Should I learn machine learning first, or statistics?"
)
SECOND_WORDS = "I can give it five hours a week. How do I prepare for an interview when my portfolio is still empty?"
SHOWN = (
    "I did what the mission asked and wrote down what happened. At first I wanted to skip the dull part, and it "
    "turned out to be the part that mattered. I asked one person for an opinion, and the answer was not the one I "
    "had hoped for. What surprised me was how much I already knew from keeping books: checking, reconciling, and "
    "asking where a number comes from. Next time I will start smaller and show it to somebody sooner."
)


class Journey:
    """One person's way through the product; `make` raises Failed at the first thing that is not as it should be."""

    def __init__(self, phone: Phone, teller: Teller) -> None:
        self.phone = phone
        self.tell = teller
        self.profile: Json = {}
        self.traveler: Json = {}
        self.session = ""
        self.mission = ""

    def make(self) -> None:
        """All of it."""
        self.sign_up()
        self.introduce_oneself()
        self.find_a_traveler()
        self.open_a_session()
        line = Line(self.phone, self.session)
        try:
            self.talk(line)
            self.lose_the_socket(line)
            self.compare_the_transports(line)
            self.take_a_mission(line)
            self.say_goodbye(line)
        finally:
            line.hang_up()
        look_back(self.phone, self.tell, self.session)
        keep_a_memory(self.phone, self.tell, self.traveler)

    # Who ------------------------------------------------------------------------------------------------

    def sign_up(self) -> None:
        with self.tell.step("Sign up, and prove the address with the code that was mailed"):
            email = f"nadia-{secrets.token_hex(4)}@timetravelers.example"
            self.phone.sign_up(email, secrets.token_urlsafe(18))
            code = self.phone.mailed_code()
            self.phone.verify(code)
            self.tell.fact("signed up as", email)
            self.tell.fact("code", code)
            require(self.phone.get("/me/")["email"] == email, "the access token is not this person's")

    def introduce_oneself(self) -> None:
        with self.tell.step("Fill in the profile"):
            target = self._first("/taxonomy/occupations/", "data scientist")
            skills = [self._first("/taxonomy/skills/", words) for words in ("sql", "critical thinking")]
            axes = self.phone.get("/learning-preferences/")["axes"]
            require(len(axes) == 4, "there should be four learning preferences")
            self.profile = self.phone.patch("/me/", _answers(target, skills), version=self.phone.get("/me/")["version"])
            self._show_profile(axes)

    def _first(self, path: str, words: str) -> Json:
        """What a search finds: the entry called just so if there is one, else the first."""
        results = self.phone.get(path, search=words)["results"]
        require(bool(results), f"nothing was found for “{words}” in {path}")
        exact = (entry for entry in results if entry.get("name", "").lower() == words)
        found: Json = next(exact, results[0])
        return found

    def _show_profile(self, axes: Iterable[Json]) -> None:
        profile = self.profile
        self.tell.fact("wants to be", f"{profile['target_occupation']['title']}: {profile['goal']}")
        self.tell.fact("brings", ", ".join(f"{skill['name']} ({skill['level']}/5)" for skill in profile["skills"]))
        self.tell.fact(
            "time",
            f"{profile['years_experience']} years of experience, {profile['weekly_hours']} hours a week, "
            f"{profile['goal_horizon_months']} months to the goal",
        )
        leanings = (_leaning(axis, profile["learning_preferences"][axis["key"]]) for axis in axes)
        self.tell.fact("likes to learn", "; ".join(filter(None, leanings)))

    # With whom ------------------------------------------------------------------------------------------

    def find_a_traveler(self) -> None:
        with self.tell.step("Get matches, and see why"):
            answer = self.phone.get("/matches/")
            matches = answer["results"]
            fields = {match["traveler"]["field"]["code"] for match in matches}
            require(len(matches) >= 12, f"only {len(matches)} Travelers")
            self.tell.fact("Travelers", f"{len(matches)} in {len(fields)} fields; the best three:")
            for match in matches[:3]:
                self._show_match(match, answer["weights"])
            self.traveler = matches[0]["traveler"]

    def _show_match(self, match: Json, weights: Json) -> None:
        contributions = match["contributions"]
        total = sum(contributions[letter] for letter in LETTERS)
        require(abs(total - match["score"]) < 1e-6, "the contributions do not sum to the score")
        who = match["traveler"]
        self.tell.quote(f"{match['score']:.1f}  {who['name']}, {who['occupation']['title']}", "")
        for letter in LETTERS:
            points = f"{contributions[letter]:.1f} of {weights[letter]:g}"
            self.tell.fact(f"  {letter}", f"{points}: {match['reasons'][letter]['text']}")

    def open_a_session(self) -> None:
        wanted = {"traveler": self.traveler["uid"], "goal": GOAL}
        with self.tell.step("Ask for a session without having allowed the AI provider"):
            self._must_be_refused(wanted)
        with self.tell.step("Read what is asked, allow it, and open the session"):
            consent = next(one for one in self.phone.get("/consents/")["results"] if one["purpose"] == "ai_provider")
            self.tell.fact("is asked", f"{consent['title']} ({consent['provider']})")
            self.phone.post("/consents/", {"purpose": consent["purpose"], "version": consent["version"]})
            key = secrets.token_hex(16)
            session = self.phone.post("/sessions/", wanted, key=key)
            again = self.phone.post("/sessions/", wanted, key=key)
            require(session["uid"] == again["uid"], "the same Idempotency-Key opened a second session")
            self.session = session["uid"]
            self.tell.quote(self.traveler["name"], session["traveler"]["greeting"])

    def _must_be_refused(self, wanted: Json) -> None:
        try:
            self.phone.post("/sessions/", wanted)
        except Refused as refusal:
            require(refusal.code == "consent_required", f"refused for another reason: {refusal}")
            self.tell.problem(refusal.problem)
        else:
            raise Failed("a session was opened without consent")

    # Talking --------------------------------------------------------------------------------------------

    def talk(self, line: Line) -> None:
        with self.tell.step("Connect the websocket with a ticket, and say something"):
            ready = line.open()
            self.tell.fact("socket", f"open, the log is at event {ready['seq']}")
            self.tell.quote(NAME, FIRST_WORDS)
            begun = time.monotonic()
            said = line.say(FIRST_WORDS, "first-words")
            self._show_queue(line, said["turn"])
            reply = self._reply(line, said["turn"])
            self.tell.fact("reply after", f"{time.monotonic() - begun:.2f} s")
            again = line.say(FIRST_WORDS, "first-words")
            require(again["message"] == said["message"] and not again["is_new"], "the same words were taken twice")
            require_taken_up(reply, FIRST_WORDS, profile_words(self.profile), first=True)

    def lose_the_socket(self, line: Line) -> None:
        with self.tell.step("Say more, and lose the socket in the middle of the turn"):
            self.tell.quote(NAME, SECOND_WORDS)
            said = line.say(SECOND_WORDS, "second-words")
            line.wait_for("turn.started", seconds=REPLY_SECONDS, where=lambda data: data["turn"] == said["turn"])
            line.drop()
            self.tell.fact("dropped", f"after event {line.seq}; away for {AWAY_SECONDS:g} s")
            time.sleep(AWAY_SECONDS)
        with self.tell.step("Come back with session.resume"):
            before = line.seq
            ready = line.open()
            self.tell.fact("resumed after", f"event {before}; the log is at event {ready['seq']} by now")
            reply = self._reply(line, said["turn"])
            self.tell.fact("missed, now here", f"events {before + 1} to {line.seq}, each once and in order")
            require_taken_up(reply, SECOND_WORDS, profile_words(self.profile), first=False)

    def _show_queue(self, line: Line, turn: str) -> None:
        queued = line.wait_for("turn.queued", seconds=15, where=lambda data: data["turn"] == turn)["data"]
        self.tell.fact("in line", f"place {queued['position']}, the mentor begins in about {queued['eta_s']} s")

    def _reply(self, line: Line, turn: str) -> Json:
        """The Traveler's message of a turn, once the turn is complete; raises Failed if it fails."""
        ended = line.wait_for_any(
            ("turn.completed", "turn.failed", "turn.waiting"),
            seconds=REPLY_SECONDS,
            where=lambda data: data["turn"] == turn,
        )
        require(ended["type"] == "turn.completed", f"the turn ended as {ended['type']}: {ended['data']}")
        spoken = line.wait_for("message.created", seconds=5, where=lambda data: _is_reply(data, turn))
        message: Json = spoken["data"]["message"]
        self.tell.quote(f"{self.traveler['name']} ({_origin(message)})", message["text"])
        return message

    def compare_the_transports(self, line: Line) -> None:
        with self.tell.step("Compare what was heard with the log over REST"):
            kept = line.wait_for("mission.offered", seconds=30)
            log = self.phone.get(f"/sessions/{self.session}/events/", after=0)["events"]
            require_same_events(line.heard, log[: len(line.heard)])
            self.tell.fact("events", f"{len(line.heard)}, the same over websocket and REST")
            self.tell.fact("kinds", _kinds(line.heard))
            self.mission = kept["data"]["mission"]["uid"]

    # A mission ------------------------------------------------------------------------------------------

    def take_a_mission(self, line: Line) -> None:
        path = f"/missions/{self.mission}"
        with self.tell.step("A mission came out of the session: accept it"):
            mission = self.phone.get(f"{path}/")
            require(mission["session"] == self.session, "the mission does not come out of this session")
            self.tell.quote(mission["title"], mission["summary"])
            self.tell.fact("why this one", mission["reason"])
            self.tell.fact("evidence", mission["evidence_rule"]["prompt"])
            require(self.phone.post(f"{path}/accept/")["state"] == "accepted", "the mission was not accepted")
        with self.tell.step("Show evidence, complete it, and see the reward"):
            shown = self.phone.post(f"{path}/evidence/", _evidence(mission["evidence_rule"]))
            self.tell.fact("shown", f"{shown['kind']}, {len(shown['content'].split())} words")
            require(self.phone.post(f"{path}/complete/")["state"] == "completed", "the mission was not completed")
            self._show_reward(mission)

    def _show_reward(self, mission: Json) -> None:
        rewards = self.phone.get("/missions/rewards/")
        entry = rewards["results"][0]
        require(entry["mission"]["uid"] == self.mission, "the newest reward is not this mission's")
        require(rewards["total_points"] == mission["reward_points"], "the ledger does not add up")
        self.tell.fact("reward", f"{entry['points']} points; {rewards['total_points']} in all")

    def say_goodbye(self, line: Line) -> None:
        with self.tell.step("End the session"):
            self.phone.post(f"/sessions/{self.session}/end/")
            line.wait_for("session.ended", seconds=10)
            transcript = self.phone.get(f"/sessions/{self.session}/messages/")["results"]
            require([one["author"] for one in transcript] == ["user", "traveler"] * 2, "the transcript is not whole")
            self.tell.fact("transcript", f"{len(transcript)} messages, two asked and two answered")


def _answers(target: Json, skills: Iterable[Json]) -> Json:
    return {
        "display_name": NAME,
        "target_occupation": target["code"],
        "goal": GOAL,
        "years_experience": 4,
        "goal_horizon_months": 12,
        "weekly_hours": 5,
        "skills": [{"key": skill["key"], "level": level} for skill, level in zip(skills, (2, 4), strict=True)],
        "learning_preferences": {"active_reflective": -0.6, "sensing_intuitive": -0.4, "visual_verbal": 0.3},
    }


def _leaning(axis: Json, value: float | None) -> str:
    if not value:
        return ""
    return str(axis["first" if value < 0 else "second"]["label"])


def _is_reply(data: Json, turn: str) -> bool:
    return bool(data["message"]["turn"] == turn and data["message"]["author"] == "traveler")


def _origin(message: Json) -> str:
    return f"{message['engine']}, simulated: {str(message['simulated']).lower()}"


def _kinds(events: Iterable[Frame]) -> str:
    return ", ".join(str(event["type"]) for event in events)


def _evidence(rule: Json) -> Json:
    if "text" not in rule["kinds"]:
        return {"kind": "link", "content": "https://example.org/my-first-piece-of-work"}
    times = rule["min_words"] // len(SHOWN.split()) + 1
    return {"kind": "text", "content": "\n\n".join([SHOWN] * times)}

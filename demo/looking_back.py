"""After a session: what came of it, what a mentor may remember, and that the next call tells it."""

import time
from typing import Any

from demo.checks import require
from demo.phone import Failed, Phone
from demo.show import Teller

Json = dict[str, Any]
REFLECTION_SECONDS = 60.0


def look_back(phone: Phone, tell: Teller, session: str) -> None:
    """See what came of an ended session, and confirm the first of it."""
    with tell.step("See what came of the session"):
        done = _reflected(phone, session)
        require(done["state"] == "done", f"nobody looked back at the session: {done}")
        insights = phone.get("/insights/", session=session)["results"]
        require(bool(insights), "nothing came of the session")
        require(all(one["sources"] for one in insights), "an insight without the messages that it rests on")
        for one in insights:
            tell.fact(one["kind"], one["text"])
        first = phone.post(f"/insights/{insights[0]['uid']}/confirm/")
        require(first["state"] == "confirmed", "the insight was not confirmed")


def keep_a_memory(phone: Phone, tell: Teller, traveler: Json) -> None:
    """Keep what is proposed to be remembered, and look at what a new session would be told."""
    with tell.step("Keep a memory, and see what the next session would tell the mentor"):
        proposed = phone.get("/memories/", state="proposed")["results"]
        require(bool(proposed), "nothing was proposed to be remembered")
        memory = phone.post(f"/memories/{proposed[0]['uid']}/keep/")
        tell.fact("kept", memory["text"])
        session = phone.post("/sessions/", {"traveler": traveler["uid"]})["uid"]
        context = phone.get(f"/sessions/{session}/context/", text="What did I say about machine learning?")
        tell.fact("would be told", f"{context['tokens']} of at most {context['budget']} tokens")
        for part in context["parts"]:
            tell.fact(f"  {part['kind']}", f"{part['tokens']} tokens")
        told = [origin["uid"] for part in context["parts"] for origin in part["origins"] if origin["kind"] == "memory"]
        require(memory["uid"] in told, "what was kept would not be told")


def _reflected(phone: Phone, session: str) -> Json:
    """How looking back ended."""
    until = time.monotonic() + REFLECTION_SECONDS
    while time.monotonic() < until:
        reflection: Json = phone.get(f"/sessions/{session}/reflection/")
        if reflection["state"] in ("done", "failed", "skipped"):
            return reflection
        time.sleep(0.5)
    raise Failed(f"nobody has looked back at the session in {REFLECTION_SECONDS:g} s")

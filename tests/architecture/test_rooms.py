"""Every room has the same files, so that whoever knows one knows all."""

import pytest

from tests.architecture.sources import PROJECT, ROOMS

SAME = {
    "__init__", "apps", "models", "querysets", "selectors", "services", "policies", "events", "errors", "tasks",
    "subscribers", "admin", "api", "personal", "routing", "consumers", "frames", "management", "migrations",
    "templates", "constraints",
}  # fmt: skip

# What one room has besides: pure rules, and the edges to the outside, each with what it is for.
MORE: dict[str, dict[str, str]] = {
    "accounts": {
        "admin_roles": "part of the admin, which would be too long in one file",
        "apple": "edge: Apple's token service",
        "assessment": "rule: scores answers",
        "authentication": "edge: who is calling, for REST, socket and long poll",
        "availability": "rule: windows of time in a week",
        "career_stage": "rule: derives where in a career somebody is",
        "classification": "rule: which group an occupation's code is in",
        "completion": "rule: what of a profile is missing",
        "gaps": "rule: how far skills reach into an occupation",
        "headless": "edge: allauth's hooks",
        "identity": "edge: allauth's hooks",
        "item_bank": "content: the questions of assessments",
        "job_zones": "content: what job zones mean",
        "language_tags": "rule: what a language tag looks like",
        "personal_files": "edge: the stored files of a person",
        "picture_files": "edge: the storage of pictures",
        "pictures": "rule: strangers' bytes in, clean pictures out",
        "search_words": "rule: how text is compared in search",
        "signing": "the keys of our tokens",
        "spans": "rule: how many months employments cover",
        "staff": "edge: staff in a browser",
        "tokens": "the tokens that phones carry",
        "wording": "content: what people are shown and asked",
    },
    "mentors": {
        "crisis": "rule: whether somebody may be in danger, and what they are shown then",
        "briefing": "rule: what a Traveler is told of a person, and under which headings",
        "engines": "edge: who answers for a Traveler, behind one port",
        "fairness": "rule: who comes next",
        "manus": "edge: the AI provider, and its simulator",
        "minutes": "rule: a conversation with numbers, to be looked back on",
        "personal_queue": "part of personal, which would be too long in one file",
        "personas": "rule: a Traveler's profile as instructions",
        "portraits": "rule: what a Traveler looks like",
        "profiles": "rule: what a Traveler's profile has to be",
        "quoting": "rule: others' texts inside of ours",
        "rehearsal": "rule: what a simulated mentor answers",
    },
    "matching": {
        "askers": "rule: many people as columns",
        "blocks": "rule: the order in which Travelers come for many people",
        "catalogue": "the Travelers as a matrix, kept in each process",
        "coverage": "rule: how much of what is needed a Traveler covers",
        "crowds": "rule: the lists of many people at once",
        "demand": "rule: what a person wants of each skill",
        "explaining": "rule: what a score consists of, and what would raise it",
        "features": "rule: what scoring looks at",
        "fits": "rule: the curves of fits",
        "grounds": "rule: what is the same for all of many people",
        "learning": "rule: a step of the weights towards what people preferred",
        "matrix": "rule: Travelers as columns",
        "newest": "what is kept in each process until tables change",
        "people": "a person as scoring sees them",
        "ranking": "rule: who comes first",
        "reasons": "rule: sentences out of numbers",
        "relatedness": "rule: how near occupations are to each other",
        "scoring": "rule: TELL itself",
        "sheets": "rule: one person against distinct values",
        "taxonomy": "how near occupations are, kept in each process",
        "verdicts": "rule: what verdicts say of pairs",
        "weights": "rule: what counts how much",
    },
    "missions": {
        "evidence": "rule: what proves a mission",
        "ranking": "rule: which mission comes next",
    },
    "consciousness": {
        "admission": "edge: who may watch, for socket and long poll",
        "announcements": "frames: what the house says over the live protocol, as structs; no rule and no row",
        "appointments": "rule: when sessions begin, and when people are reminded",
        "asking": "selectors of what an engine gets to see of a turn",
        "asyncapi": "edge: the written protocol, out of frames and announcements",
        "chains": "selectors of which engines a session asks",
        "checks": "what /healthz/ready asks this room",
        "context": "rule: what of all that may be told has room in one call",
        "crisis": "rule: what must not go out, and which card is shown instead",
        "delivery": "edge: the log on its way to this process's sockets",
        "disclosure": "selectors of what the AI provider is told of a person",
        "downloads": "edge: stored files on their way to whoever has a signed address",
        "eventlog": "selectors of the asynchronous side",
        "file_links": "edge: signed addresses of files",
        "file_names": "rule: what files may be called",
        "file_store": "edge: the storage of files",
        "groups": "names shared by those who ring and those who listen",
        "gist": "rule: whether one text says what another one says",
        "hindsight": "rule: what is asked when a session is looked back on, and what of the answer counts",
        "lifecycle": "rule: which states of a session follow which",
        "longpoll": "edge: the log over HTTP",
        "mailing": "edge: mails about sessions",
        "mentions": "rule: which skills somebody names",
        "personal_context": "part of personal, which would be too long in one file",
        "personal_files": "part of personal, which would be too long in one file",
        "previewing": "what the next call of a session would send",
        "runs": "rule: whether a text repeats another one",
        "personal_insights": "part of personal, which would be too long in one file",
        "printing": "edge: what was said, as pages",
        "recall": "rule: what of all that was said answers a question",
        "searching": "rule: how words are looked for",
        "summing": "rule: which sentences would be missed most",
        "transcripts": "edge: what was said, as a file",
        "vetting": "edge: strangers' files in, their kind and text out, in a process that can do nothing else",
        "visits": "edge: who is here, and the one pulse for all of them",
        "words": "rule: what counts as something said",
        "writer": "edge: what all sockets say, stored together",
    },
}


def modules(room: str) -> set[str]:
    """Names of the modules and packages right below a room."""
    entries = (PROJECT / room).iterdir()
    return {entry.stem for entry in entries if entry.suffix == ".py" or (entry.is_dir() and entry.name[0] not in "._")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_the_files_of_every_room_and_what_it_has_besides_has_a_reason(room: str) -> None:
    strangers = modules(room) - SAME - set(MORE.get(room, {}))
    assert not strangers, f"{strangers}: do they belong into one of {sorted(SAME)}? If not, say in MORE what for."


@pytest.mark.parametrize("room", ROOMS)
def test_a_module_and_a_package_do_not_share_a_name(room: str) -> None:
    for entry in (PROJECT / room).glob("*.py"):
        assert not entry.with_suffix("").is_dir(), f"{entry}: keep one of the two."

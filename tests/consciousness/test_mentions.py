"""Skills that people name: what is meant is found, and what only sounds so is not."""

from functools import cache

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.search_words import spellings, words_of
from consciousness.mentions import Term, mentioned, term_of


@cache
def catalogue() -> dict[str, Term]:
    """The terms of the starter taxonomy; names win over other names."""
    terms: dict[str, Term] = {}
    text = (settings.CONTENT_DIR / "taxonomy" / "skills.yaml").read_text(encoding="utf-8")
    for skill in yaml.safe_load(text)["skills"]:
        aliases = skill.get("aliases", [])
        for called in [*aliases, skill["name"]]:
            for spelling in spellings(called):
                words = " ".join(words_of(spelling))
                term = term_of(words, skill["name"], aliases, is_technology=skill["kind"] == "technology")
                terms[words] = term if called == skill["name"] else terms.get(words, term)
    return terms


def found(text: str) -> list[str]:
    return mentioned(text, catalogue())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I want to learn SQL and python, and maybe Excel.", ["SQL", "Python", "Microsoft Excel"]),
        ("I use R and Google Sheets at work; also C++ and C#.", ["R", "Microsoft Excel", "C++", "C#"]),
        ("I am good at public speaking and project management.", ["Public Speaking", "Project Management"]),
        ("My boss asked for a dashboard in Power BI.", ["Power BI"]),
        ("I know Kubernetes, docker and terraform.", ["Kubernetes", "Docker", "Infrastructure as Code"]),
        ("I did HTML/CSS and JavaScript.", ["HTML and CSS", "JavaScript"]),
        ("Node.js and TypeScript in production.", ["JavaScript", "TypeScript"]),
        ("i use postgresql daily", ["PostgreSQL"]),
        ("Should I take a writing course?", ["Writing"]),
        ("They asked me about machine learning!", ["Machine Learning"]),
        ("Ich lerne Python und habe Kenntnisse in Excel.", ["Python", "Microsoft Excel"]),
        ("Quiero aprender SQL.", ["SQL"]),
        ("J'apprends Python et SQL.", ["Python", "SQL"]),
        ("SQL, SQL and SQL again", ["SQL"]),
        ("I am learning Go.", ["Go"]),
    ],
)
def test_what_is_meant_is_found(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "In spring I go to Berlin and react badly.",
        "Go! Spring is here. Swift as ever.",
        "We met at 5 PM with people of PR.",
        "Speaking of which, my sister Ruby and my friend Maya are here.",
        "I am writing to you about my job, monitoring my mood.",
        "My blood pressure is high and I need child care on Mondays.",
        "Let's excel at this.",
        "See https://example.org/foo/python-go or mail me@excel.com.",
        "The R&D department, C-level people and a Docker-like thing.",
        "I WANT TO GO TO THE SAS MEETING",
        "A networking event, yesterday.",
        "Mein Chef mag keinen Rust an der Maschine.",
        "",
        "\u202e\u200b\ud800 # > - ",
    ],
)
def test_what_only_sounds_so_is_not(text: str) -> None:
    assert found(text) == []


@given(st.text(max_size=300) | st.lists(st.sampled_from([*catalogue(), ",", "learn", ".", "\n"])).map(" ".join))
def test_whatever_is_said_only_names_of_the_catalogue_come_out(text: str) -> None:
    names = found(text)
    assert len(names) == len(set(names))
    assert set(names) <= {term.name for term in catalogue().values()}


def test_a_very_long_message_takes_no_long_time() -> None:
    assert found("I learn SQL. " + "go spring learn " * 100_000) == ["SQL", *found("I learn go spring learn")]

"""A fresh house brings the instructions of its Travelers to the provider by itself, without holding up its start."""

from tests.live.stack import Stack, eventually

BY_STATE = "SELECT state, count(*) FROM mentors_travelerproject GROUP BY state"


def test_a_fresh_house_syncs_every_traveler_once(stack: Stack) -> None:
    ((travelers,),) = stack.sql("SELECT count(*) FROM mentors_traveler WHERE state = 'published'")
    wanted = [("synced", travelers)]
    eventually(lambda: stack.sql(BY_STATE) == wanted, "every project synced", seconds=90)
    ((distinct,),) = stack.sql("SELECT count(DISTINCT (traveler_id, project_id)) FROM mentors_travelerproject")
    assert distinct == travelers >= 36

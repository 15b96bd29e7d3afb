"""Scripts come out of their seeds alone, and among a hundred everything happens."""

from chaos.script import Cancel, Drop, Edit, Forget, Move, Pause, Regenerate, Retry, Say, script_of


def test_the_same_seed_the_same_script() -> None:
    assert [script_of(seed) for seed in range(50)] == [script_of(seed) for seed in range(50)]
    assert len({script_of(seed).acts for seed in range(50)}) > 40


def test_everything_happens_to_somebody() -> None:
    scripts = [script_of(seed) for seed in range(100)]
    kinds = {type(act) for script in scripts for act in script.acts}
    assert kinds == {Say, Drop, Pause, Move, Forget, Cancel, Retry, Edit, Regenerate}
    assert {script.polls for script in scripts} == {script.second for script in scripts} == {True, False}
    assert {act.copies for script in scripts for act in script.acts if isinstance(act, Say)} == {1, 2, 3}


def test_nobody_says_two_things_under_one_name() -> None:
    for seed in range(100):
        names = [act.client_id for act in script_of(seed).acts if isinstance(act, Say | Edit)]
        assert names
        assert len(set(names)) == len(names)

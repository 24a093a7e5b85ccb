"""Fifty kills at points that seeds choose, in several lives; `make nightly` does two thousand."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from govagents.testing.company import Company
from tests.crash.life import Starts
from tests.crash.luck import Life, Lived
from tests.crash.nightly import Done, program

KILLS, PARTS = 50, 5


@pytest.fixture(scope="session")
def starts(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Starts:
    return Starts(made, tmp_path_factory.mktemp("luck"))


@pytest.mark.parametrize("part", range(PARTS))
def test_everything_holds_when_processes_were_killed_at_random(
    starts: Starts, tmp_path: Path, part: int, record_property: Callable[[str, int], None]
) -> None:
    """S64."""
    lives: list[Lived] = []
    for seed in count(part, PARTS):
        if sum(life.kills for life in lives) >= KILLS / PARTS:
            break
        lives.append(Life(starts, tmp_path / f"{seed}", seed).lived())

    assert [said for life in lives for said in life.broken] == []
    record_property("random kills", sum(life.kills for life in lives))


def test_a_life_is_not_lived_again_when_the_night_is_gone_on_with(tmp_path: Path) -> None:
    """But a line that was cut short counts nothing, nor does what another program lived through."""
    file = tmp_path / "done"
    Done(file, "another").add(1, Lived(1, ("here",), ()))
    before = Done(file, "this")
    before.add(7, Lived(2, ("here", "there"), ()))
    before.add(8, Lived(1, ("here",), ("no",)))
    with file.open("a", encoding="utf-8") as end:
        end.write('{"program": "this", "see')

    after = Done(file, "this")

    assert after.lives == before.lives
    assert (after.kills, after.broken) == (3, 1)


def test_a_night_begins_anew_when_the_program_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("govagents", "prompts"):
        (tmp_path / place).mkdir()
    (tmp_path / "govagents" / "run.py").write_text("1")
    monkeypatch.setattr("tests.crash.nightly.ROOT", tmp_path)
    before = program()

    (tmp_path / "govagents" / "run.py").write_text("2")

    assert program() != before

"""A turn has one holder, and is free again when there is none."""

import subprocess
import sys
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.adapters import turns
from govagents.adapters.turns import FileTurns
from govagents.domain.ids import RequestId
from govagents.errors import StateError

ONE, OTHER = RequestId("req_one"), RequestId("../req_other")
HOLD = """
import os, signal, sys
from pathlib import Path
from govagents.adapters.turns import FileTurns
with FileTurns(Path(sys.argv[1])).take(sys.argv[2], wait=False) as mine:
    print(mine, flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def test_a_turn_is_refused_when_somebody_has_it(folder: Path) -> None:
    first, second = FileTurns(folder), FileTurns(folder, patience=timedelta(milliseconds=40))

    with first.take(ONE, wait=False) as mine:
        with second.take(ONE, wait=False) as at_once, second.take(ONE, wait=True) as later:
            assert (mine, at_once, later) == (True, False, False)
        with second.take(OTHER, wait=False) as another:
            assert another


def test_nothing_is_left_when_a_turn_is_over(folder: Path) -> None:
    with FileTurns(folder).take(OTHER, wait=False):
        assert len(list(folder.iterdir())) == 1

    assert list(folder.iterdir()) == []
    with FileTurns(folder).take(OTHER, wait=False) as mine:
        assert mine


def test_a_turn_is_free_when_its_holder_was_killed(folder: Path) -> None:
    """S64: the kernel gives it back, and the file that stays stands in nobody's way."""
    program = [sys.executable, "-c", HOLD, str(folder), ONE]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with FileTurns(folder).take(ONE, wait=False) as during:
            assert not during
        holder.communicate("die\n", timeout=60)

    assert len(list(folder.iterdir())) == 1
    with FileTurns(folder).take(ONE, wait=False) as after:
        assert after


def test_a_lock_on_a_removed_file_is_no_turn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody opens the file, its holder removes it, a third makes another: one has the turn."""
    real = FileTurns._opened
    held: list[AbstractContextManager[bool]] = []

    def late(self: FileTurns, path: Path) -> int:
        handle = real(self, path)
        if not held:
            path.unlink()
            held.append(self.take(ONE, wait=False))
            assert held[0].__enter__()
        return handle

    monkeypatch.setattr(FileTurns, "_opened", late)
    with FileTurns(folder).take(ONE, wait=False) as mine:
        assert not mine
    held.pop().__exit__(None, None, None)

    monkeypatch.setattr(turns, "_same", lambda *_: True)
    with FileTurns(folder).take(ONE, wait=False) as both:
        assert both  # the harm without the line
    held.pop().__exit__(None, None, None)


def test_it_is_said_when_the_folder_takes_no_lock(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")

    with (
        pytest.raises(StateError, match="takes no lock, so nothing is run"),
        FileTurns(tmp_path / "runs").take(ONE, wait=False),
    ):
        raise AssertionError

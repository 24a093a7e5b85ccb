"""Doing one thing again and again until asked to stop."""

import signal
import threading
from datetime import timedelta

import pytest

from govagents.entrypoints.scheduler import Beside, repeat
from govagents.errors import StateError

AT_ONCE = timedelta(microseconds=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_work_is_repeated_when_nothing_asks_to_stop(number: signal.Signals) -> None:
    done: list[int] = []

    def work() -> None:
        done.append(len(done))
        if len(done) == 3:
            signal.raise_signal(number)

    repeat(work, AT_ONCE, _never)

    assert done == [0, 1, 2]


def test_signals_mean_what_they_meant_before_when_it_has_ended() -> None:
    before = signal.getsignal(signal.SIGTERM)

    repeat(lambda: signal.raise_signal(signal.SIGTERM), AT_ONCE, _never)

    assert signal.getsignal(signal.SIGTERM) is before


def test_it_goes_on_when_the_work_fails() -> None:
    """What ends access may fail once, and must not stop (S39)."""
    done: list[int] = []
    told: list[str] = []

    def work() -> None:
        done.append(len(done))
        if len(done) == 3:
            signal.raise_signal(signal.SIGTERM)
        raise RuntimeError(f"broken {len(done)}")

    repeat(work, AT_ONCE, lambda error: told.append(str(error)))

    assert told == ["broken 1", "broken 2", "broken 3"]


def test_it_goes_on_when_a_failure_cannot_even_be_said() -> None:
    done: list[int] = []

    def work() -> None:
        done.append(len(done))
        if len(done) == 3:
            signal.raise_signal(signal.SIGTERM)
        raise RuntimeError("broken")

    def closed(error: Exception) -> None:
        raise BrokenPipeError from error

    repeat(work, AT_ONCE, closed)

    assert done == [0, 1, 2]


def _never(error: Exception) -> None:
    raise AssertionError from error


def test_what_is_done_beside_is_not_waited_for() -> None:
    """INVARIANT (taking back never waits): nor is it done twice at once."""
    go_on, begun = threading.Event(), []

    def work() -> list[str]:
        begun.append(1)
        go_on.wait()
        return ["nobody answers"]

    beside = Beside(work)
    beside.begin()
    beside.begin()
    early = beside.heard()
    go_on.set()
    beside.finish(timedelta(seconds=10))

    assert (early, begun) == ([], [1])
    assert beside.heard() == ["nobody answers"]
    assert beside.heard() == []


def test_what_fails_beside_is_done_again_the_next_time() -> None:
    tried = []

    def work() -> list[str]:
        tried.append(1)
        message = "the store is busy"
        raise StateError(message)

    beside = Beside(work)
    for _ in range(2):
        beside.begin()
        beside.finish(timedelta(seconds=10))

    assert tried == [1, 1]


def test_nothing_is_left_alone_that_was_never_begun() -> None:
    beside = Beside(list)

    beside.finish(timedelta(seconds=10))

    assert beside.heard() == []

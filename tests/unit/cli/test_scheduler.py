"""Doing one thing again and again until asked to stop."""

import signal
from datetime import timedelta

import pytest

from govagents.entrypoints.scheduler import repeat

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

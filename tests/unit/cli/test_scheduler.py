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

    repeat(work, AT_ONCE)

    assert done == [0, 1, 2]


def test_signals_mean_what_they_meant_before_when_it_has_ended() -> None:
    before = signal.getsignal(signal.SIGTERM)

    repeat(lambda: signal.raise_signal(signal.SIGTERM), AT_ONCE)

    assert signal.getsignal(signal.SIGTERM) is before


def test_an_error_ends_it_when_the_work_fails() -> None:
    def work() -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        repeat(work, AT_ONCE)

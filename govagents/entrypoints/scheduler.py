"""Doing one thing again and again until the process is asked to stop."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType


def repeat(work: Callable[[], None], interval: timedelta) -> None:
    """`work` now and after each `interval`, until SIGINT or SIGTERM; a started one is finished."""
    stop = threading.Event()
    with _signals_set(stop):
        while not stop.is_set():
            work()
            stop.wait(interval.total_seconds())


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    def ask(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the form signal calls
        stop.set()

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

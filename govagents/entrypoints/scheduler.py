"""Doing one thing again and again until the process is asked to stop.

Nothing else ends it: what fails once is said, and tried again.
"""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType


def repeat(
    work: Callable[[], None],
    interval: timedelta,
    failed: Callable[[Exception], None],
    *,
    most: int | None = None,
) -> int:
    """`work` now and after each `interval`, until SIGINT or SIGTERM; a started one is finished.

    It also ends when that was done `most` times.

    Returns how often. `failed` is told what `work` raised; where even that cannot be said, it goes
    on.
    """
    stop, times = threading.Event(), 0
    with _signals_set(stop):
        while not stop.is_set():
            _try(work, failed)
            times += 1
            if times == most:
                break
            stop.wait(interval.total_seconds())
    return times


@dataclass(eq=False)
class Beside:
    """Work that the loop does not wait for: in a thread of its own, never twice at once."""

    work: Callable[[], Iterable[str]]
    said: list[str] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Do it, unless the last time is not over yet."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def heard(self) -> list[str]:
        """What it had to say since this was last asked."""
        said = list(self.said)
        del self.said[: len(said)]
        return said

    def finish(self, within: timedelta) -> None:
        """Leave it so long, and then alone."""
        if self._thread is not None:
            self._thread.join(within.total_seconds())

    def _run(self) -> None:
        with suppress(Exception):  # what is not done stays to be done
            said = list(self.work())
            self.said.extend(said)


def _try(work: Callable[[], None], failed: Callable[[Exception], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  # whatever it is, the next time may be better
        with suppress(Exception):
            failed(error)


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

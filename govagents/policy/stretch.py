"""How long something is held without a break, in however many grants it comes."""

from collections.abc import Iterable
from datetime import timedelta

from govagents.domain.request import Window


def stretch(window: Window, others: Iterable[Window], shortest: timedelta) -> Window:
    """`window`, with all that follows it or comes before it sooner than after a break, and so on.

    A break is at least `shortest`: what is given again a moment later was never taken away.

    >>> from datetime import UTC, datetime
    >>> one, two, four = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 4))
    >>> hour, later = timedelta(hours=1), two + timedelta(minutes=1)
    >>> stretch(Window(one, two), [Window(two, four)], hour).length.days
    3
    >>> stretch(Window(one, two), [Window(later, four)], hour).length.days
    3
    >>> stretch(Window(one, two), [Window(two + hour, four)], hour).length.days
    1
    """
    reached, apart = window, list(others)
    while joined := [each for each in apart if not _broken(reached, each, shortest)]:
        start = min(reached.start, *(each.start for each in joined))
        end = max(reached.end, *(each.end for each in joined))
        reached = Window(start, end)
        apart = [each for each in apart if each not in joined]
    return reached


def _broken(one: Window, other: Window, shortest: timedelta) -> bool:
    between = max(other.start - one.end, one.start - other.end)
    return between > timedelta(0) and between >= shortest

"""How long something is held without a break, in however many grants it comes."""

from collections.abc import Iterable

from govagents.domain.request import Window


def stretch(window: Window, others: Iterable[Window]) -> Window:
    """`window`, with all that touches or overlaps it, and all that touches that, on either side.

    >>> from datetime import UTC, datetime
    >>> one, two, four = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 4))
    >>> stretch(Window(one, two), [Window(two, four)]).length.days
    3
    """
    start, end, apart = window.start, window.end, list(others)
    while joined := [each for each in apart if each.start <= end and start <= each.end]:
        start = min(start, *(each.start for each in joined))
        end = max(end, *(each.end for each in joined))
        apart = [each for each in apart if each not in joined]
    return Window(start, end)

"""How wide each column of a table is, so that words and ids stay whole where there is room."""

from collections.abc import Sequence

from rich.cells import cell_len


def widths(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Each column's width, in all at most `room`; None where even single words do not fit.

    What must shrink is always the widest column that still can, and never below its longest word.

    >>> widths([["req_1", "one two three"], ["req_2", "four"]], 13)
    [5, 8]
    """
    columns = [*zip(*rows, strict=True)]
    least = [max(map(_longest_word, column), default=0) for column in columns]
    found = [max(map(_longest_line, column), default=0) for column in columns]
    if sum(least) > room:
        return None
    while sum(found) > room:
        spare = [at for at, width in enumerate(found) if width > least[at]]
        found[max(spare, key=found.__getitem__)] -= 1
    return found


def _longest_line(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")), default=0)


def _longest_word(cell: str) -> int:
    return max(map(cell_len, cell.split()), default=0)

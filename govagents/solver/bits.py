"""Sets of small whole numbers kept in one Python integer, least significant bit first."""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_


def bits(mask: int) -> Iterator[int]:
    """Members of `mask` in ascending order; for masks with few members.

    >>> list(bits(0b10110))
    [1, 2, 4]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def wide_bits(mask: int) -> Iterator[int]:
    """Members of `mask` in ascending order; linear in its width, for masks of thousands.

    >>> list(wide_bits(0b10110))
    [1, 2, 4]
    """
    find = bin(mask)[:1:-1].find
    at = find("1")
    while at >= 0:
        yield at
        at = find("1", at + 1)


def union(masks: Iterable[int]) -> int:
    """Members of any of them.

    >>> bin(union([0b100, 0b110]))
    '0b110'
    """
    return reduce(or_, masks, 0)


def mask_of(members: Iterable[int]) -> int:
    """The set with these members; for small ones.

    >>> bin(mask_of([1, 2, 4]))
    '0b10110'
    """
    mask = 0
    for member in members:
        mask |= 1 << member
    return mask


def wide_mask_of(members: Iterable[int]) -> int:
    """The set with these members; linear in its width, for members in the thousands.

    >>> bin(wide_mask_of([1, 2, 4]))
    '0b10110'
    """
    flags = bytearray()
    for member in members:
        if (member >> 3) >= len(flags):
            flags.extend(bytes((member >> 3) + 1 - len(flags)))
        flags[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(flags, "little")


def transposed(rows: Sequence[int], width: int) -> list[int]:
    """Column by column: member `i` of column `j` is member `j` of row `i`. For narrow rows.

    >>> transposed([0b01, 0b11, 0b10], 2)
    [3, 6]
    """
    if not rows:
        return [0] * width
    written = "".join([f"{row:0{width}b}" for row in reversed(rows)])
    return [int(written[width - 1 - column :: width], 2) for column in range(width)]


class Scale:
    """Weighs sets: the sum of their members' weights, one pass per binary digit of a weight."""

    def __init__(self, weights: Sequence[int]) -> None:
        """`weights[i]` is the non-negative weight of member `i`."""
        planes = transposed(weights, max(weights, default=0).bit_length())
        self._planes = tuple((digit, plane) for digit, plane in enumerate(planes) if plane)

    def weigh(self, members: int) -> int:
        """Total weight of the set.

        >>> Scale([1, 5, 20]).weigh(0b110)
        25
        """
        total = 0
        for digit, plane in self._planes:
            total += (members & plane).bit_count() << digit
        return total

"""Sets of small whole numbers kept in one Python integer, least significant bit first."""

from collections.abc import Iterable, Iterator
from itertools import compress

_ONES = bytes(1 if byte == ord("1") else 0 for byte in range(256))


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
    """Members of `mask` in ascending order; linear in its width, for masks with many members.

    >>> list(wide_bits(0b10110))
    [1, 2, 4]
    """
    digits = bin(mask)[:1:-1].encode()
    return compress(range(len(digits)), digits.translate(_ONES))


def mask_of(members: Iterable[int]) -> int:
    """The set with these members.

    >>> bin(mask_of([1, 2, 4]))
    '0b10110'
    """
    flags = bytearray()
    for member in members:
        if (member >> 3) >= len(flags):
            flags.extend(bytes((member >> 3) + 1 - len(flags)))
        flags[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(flags, "little")


class Scale:
    """Weighs sets: the sum of their members' weights, one pass per binary digit of a weight."""

    def __init__(self, weights: Iterable[int]) -> None:
        """`weights[i]` is the non-negative weight of member `i`."""
        planes: dict[int, list[int]] = {}
        for member, weight in enumerate(weights):
            for digit in bits(weight):
                planes.setdefault(digit, []).append(member)
        self._planes = tuple((digit, mask_of(planes[digit])) for digit in sorted(planes))

    def weigh(self, members: int) -> int:
        """Total weight of the set.

        >>> Scale([1, 5, 20]).weigh(0b110)
        25
        """
        total = 0
        for digit, plane in self._planes:
            total += (members & plane).bit_count() << digit
        return total

"""How much of the operator's files is read at all: beyond it, reading would take too long or crash.

Rules, each looked at before Cedar sees a text:
1. There are at most FILES files of at most FILE_BYTES each, TOTAL_BYTES together.
2. Brackets stand at most 50 deep.
3. A policy has at most 500 links: whatever can nest the rest of it one level deeper.

SECURITY: without (2) and (3) Cedar exhausts its stack, and the process dies without an exception.
With a stack of 2 MiB that took 147 brackets or 1,054 links (cedarpy 4.12).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FILES = 1_000
FILE_BYTES = 256 * 1024
TOTAL_BYTES = 2 * 1024 * 1024
_BRACKETS = 50
_LINKS = 500

# SOURCE: Cedar's grammar, for what is a string and where a comment ends.
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n\r]*|&&|\|\||[-+*.;()\[\]{}]|\bif\b')
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_LINKING = frozenset({"&&", "||", "+", "-", "*", ".", "[", "if"})


class Beyond(NamedTuple):
    """What is too much, and in which line of a text, from 1."""

    line: int | None
    text: str


def too_many(sizes: Sequence[int]) -> str:
    """Why files of these sizes, in bytes, are too much together; empty if they are not.

    >>> too_many([10, 20])
    ''
    """
    if len(sizes) > FILES:  # (1)
        return f"there are more than {FILES} files: put several policies into one"
    if sum(sizes) > TOTAL_BYTES:
        return f"the files have more than {TOTAL_BYTES} bytes together: write fewer policies"
    return ""


def too_large() -> str:
    """What is said of one file beyond FILE_BYTES."""
    return f"has more than {FILE_BYTES} bytes: split it"


def beyond(text: str) -> Beyond | None:
    """The first thing in a file's text that is too much for Cedar, if there is any.

    >>> beyond("(" * 51)
    Beyond(line=1, text='brackets stand more than 50 deep: write it flatter')
    """
    if len(text.encode(errors="replace")) > FILE_BYTES:
        return Beyond(None, too_large())
    for place, depth, links in _counted(text):
        if depth > _BRACKETS:  # (2)
            said = f"brackets stand more than {_BRACKETS} deep: write it flatter"
            return Beyond(_line(text, place), said)
        if links > _LINKS:  # (3)
            said = f"a policy has more than {_LINKS} operators and accesses: split it into several"
            return Beyond(_line(text, place), said)
    return None


class _Counted(NamedTuple):
    place: int
    depth: int
    links: int


def _counted(text: str) -> Iterator[_Counted]:
    depth = links = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if word in _OPENING:
            depth += 1
        elif word in _CLOSING:
            depth = max(0, depth - 1)
        if word in _LINKING:
            links += 1
        elif word == ";":
            links = 0
        yield _Counted(match.start(), depth, links)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1

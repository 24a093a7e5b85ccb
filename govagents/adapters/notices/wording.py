"""A notice in words that can go anywhere."""

from govagents.domain.notice import Notice
from govagents.domain.text import Untrusted

_MOST = 1000
_MORE = "…"


def line_of(text: str) -> str:
    r"""One line, cut, with control characters made visible.

    >>> line_of("`a`\r\nBcc: everybody \x1b[2J")
    '`a`\\u000d Bcc: everybody \\u001b[2J'
    """
    line = " ".join(Untrusted(text[: 2 * _MOST]).shown().split())
    return line if len(line) <= _MOST else f"{line[: _MOST - 1]}{_MORE}"


def name_of(notice: Notice) -> str:
    """The same for the same notice, so that whoever gets it twice can tell."""
    return f"{notice.at:%Y%m%d%H%M%S}.{notice.number}"

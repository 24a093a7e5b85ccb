"""A file of the store could not be written: what that is called, and what to do about it."""

from govagents.errors import ConfigurationError

_FREE = "free some space on its disk and try again: what was begun goes on"


def unwritable(complaint: str) -> ConfigurationError:
    """`complaint` is SQLite's. On a full disk it cannot always tell that it is.

    >>> str(unwritable("attempt to write a readonly database"))
    'the store cannot be written: attempt to write a readonly database; mend that first'
    >>> str(unwritable("database or disk is full")).endswith("what was begun goes on")
    True
    """
    if "full" in complaint:
        advice = _FREE
    elif "disk" in complaint:
        advice = f"if that is full, {_FREE}; else mend it first"
    else:
        advice = "mend that first"
    return ConfigurationError(f"the store cannot be written: {complaint}; {advice}")

"""What an IAM policy document grants, as names of actions.

Rules:
1. Names are compared without case; `*` and `?` stand for any letters, also for those of actions
   that only a policy names. A pattern that matches nothing stands for itself: what it grants is
   not known, and not nothing.
2. `NotAction` stands for every action but those listed.
3. A statement holds without bounds where its resource is `*` and it has no condition.
4. What only bounded statements allow is granted conditionally: elsewhere it is refused.
5. A denial without bounds takes the action away; a bounded one leaves it, conditionally.

SOURCE: AWS IAM User Guide, "IAM JSON policy elements reference" and "Policy evaluation logic".
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

Statement = Mapping[str, object]


class Granted(NamedTuple):
    """`conditional` is a part of `actions`."""

    actions: frozenset[str]
    conditional: frozenset[str]


Matching = Callable[[str], frozenset[str]]


def named(statements: Iterable[Statement]) -> tuple[str, ...]:
    """The actions and patterns that these statements name, as they are spelled there."""
    return tuple(
        name
        for statement in statements
        for element in ("Action", "NotAction")
        for name in _listed(statement, element)
    )


def matcher(actions: Iterable[str]) -> Matching:
    """(1) From a name or pattern to those of `actions` that it stands for.

    >>> match = matcher(["s3:GetObject", "s3:GetBucket", "sqs:Get", "old:*"])
    >>> sorted(match("S3:get*")), sorted(match("old:*")), len(match("*"))
    (['s3:GetBucket', 's3:GetObject'], ['old:*'], 4)
    """
    services: dict[str, dict[str, str]] = defaultdict(dict)
    for action in actions:
        services[_service(action)][action.lower()] = action
    everything = {lower: action for known in services.values() for lower, action in known.items()}

    @cache
    def matching(pattern: str) -> frozenset[str]:
        service = _service(pattern)
        known = everything if is_pattern(service) else services.get(service, {})
        if not is_pattern(pattern):
            return frozenset({known[pattern.lower()]} if pattern.lower() in known else ())
        fits = _expression(pattern).fullmatch
        return frozenset(action for lower, action in known.items() if fits(lower))

    return matching


def granted(statements: Sequence[Statement], matching: Matching) -> Granted:
    """What these statements of one document grant together.

    >>> only = {"Effect": "Allow", "Action": ["a:Get*", "a:Put"], "Resource": "*"}
    >>> here = {"Effect": "Deny", "Action": "a:Put", "Resource": "arn:x"}
    >>> never = {"Effect": "Deny", "Action": "a:GetIt", "Resource": "*"}
    >>> found = granted([only, here, never], matcher(["a:Get", "a:GetIt", "a:Put"]))
    >>> sorted(found.actions), sorted(found.conditional)
    (['a:Get', 'a:Put'], ['a:Put'])
    """
    meant: dict[tuple[object, bool], set[str]] = defaultdict(set)
    for statement in statements:
        meant[statement["Effect"], _bounded(statement)] |= _meant(statement, matching)
    open_, bounded = meant["Allow", False], meant["Allow", True]
    actions = (open_ | bounded) - meant["Deny", False]  # (5)
    return Granted(
        frozenset(actions),
        frozenset(actions & ((bounded - open_) | meant["Deny", True])),  # (4) (5)
    )


def _meant(statement: Statement, matching: Matching) -> frozenset[str]:
    if "NotAction" in statement:  # (2)
        return matching("*").difference(*map(matching, _listed(statement, "NotAction")))
    return frozenset[str]().union(*map(matching, _listed(statement, "Action")))


def _bounded(statement: Statement) -> bool:
    """(3) Also where it says neither: rather too little than too much."""
    return bool(statement.get("Condition")) or "*" not in _listed(statement, "Resource")


def _listed(statement: Statement, element: str) -> tuple[str, ...]:
    value = statement.get(element, ())
    return (value,) if isinstance(value, str) else tuple(map(str, _sequence(value)))


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _service(action: str) -> str:
    return action.partition(":")[0].lower()


def is_pattern(text: str) -> bool:
    """Whether it may stand for several actions."""
    return "*" in text or "?" in text


def _expression(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(each) or re.escape(each) for each in pattern.lower()))

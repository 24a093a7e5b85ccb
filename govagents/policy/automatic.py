"""Which permits give where nobody agreed, and what such a permit must ask for instead.

Rules:
1. A permit of `grant` is automatic unless its conditions demand somebody in `context.approved`, or
   a panel in `context.agreed`.
2. An automatic one demands `context.accounted` and `context.proved`: where the words name somebody
   whose part is not known, or nothing proves that less would not do, a person looks at it.
3. To demand something is to be false without it: by one operand of `&&`, or by both of `||`; under
   `!` and `unless` the other way round. Any other way of writing it does not count: an error too
   many is mended, one too few gives access.
"""

from collections.abc import Callable, Sequence

from govagents.domain.canonical import Plain
from govagents.policy.source import Clause

MUST_ASK_FOR = ("accounted", "proved")
"""Facts of the context, (2)."""

_ANSWERS = ("approved", "agreed")

_Test = Callable[[Plain], bool]


def untested(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Which of `MUST_ASK_FOR` a permit of `grant` with these clauses lacks."""
    if _any_demands(clauses, _agreed):  # (1)
        return ()
    return tuple(name for name in MUST_ASK_FOR if not _any_demands(clauses, _is_fact(name)))  # (2)


def _any_demands(clauses: Sequence[Clause], test: _Test) -> bool:
    return any(_demands(each.body, test, wanted=each.kind == "when") for each in clauses)


def _demands(expression: Plain, test: _Test, *, wanted: bool) -> bool:
    """(3) Whether `expression` can come to `wanted` only where `test` passes.

    >>> _demands({"!": {"arg": {"Var": "context"}}}, lambda leaf: True, wanted=False)
    True
    """
    match expression:
        case {"!": {"arg": inner}}:
            return _demands(inner, test, wanted=not wanted)
        case {"&&": {"left": left, "right": right}}:
            parts, one_will_do = (left, right), wanted
        case {"||": {"left": left, "right": right}}:
            parts, one_will_do = (left, right), not wanted
        case _:
            return wanted and test(expression)
    found = (_demands(part, test, wanted=wanted) for part in parts)
    return any(found) if one_will_do else all(found)


def _is_fact(name: str) -> _Test:
    return lambda leaf: leaf == _fact(name)


def _agreed(leaf: Plain) -> bool:
    """Whether it is false where nobody agreed; `containsAll` of nobody would be true."""
    answers = [_fact(name) for name in _ANSWERS]
    match leaf:
        case {"contains": {"left": left}}:
            return left in answers
        case {"containsAll": {"left": left, "right": {"Set": list(seats)}}}:
            return left in answers and bool(seats)
        case {"containsAny": {"left": left, "right": right}}:
            return left in answers or right in answers
    return False


def _fact(name: str) -> Plain:
    return {".": {"left": {"Var": "context"}, "attr": name}}

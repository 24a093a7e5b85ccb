"""What is wrong with policy files, before they decide anything.

Rules; all but (6), (8) and (11) are errors:
1. Whatever keeps the files from being used at all (`source`), operators included.
2. Every clause of a permit has a name in `@guards`; a forbid that has `@guards` names them all.
3. Every permit repeats the eligibility guard: a `when` named `eligible`, the same everywhere, that
   asks at least for `principal.active` and for `resource.requestable_by` to contain
   `principal.audience`.
4. A permit names one action. For `request` it has an `@approver`.
5. Obligations are known, and a `@reason` names only facts there are.
6. A forbid covers both actions: otherwise people are asked for what cannot be given.
7. Approvers and roles named are in the world, if one is given; approvers stand on `request`.
8. Whatever else lies in the folder is named: a policy saved under another name decides nothing.
9. A permit that gives where nobody agreed asks for `context.accounted` and `context.proved`
   (`automatic`).
10. What `context.agreed` is asked to contain is a panel that some policy asks.
11. Several seats at once are asked of `context.agreed`: one person may fill several of those in
    `context.approved`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from govagents.domain.canonical import Plain
from govagents.policy.approvers import ALIASES, KINDS, Panel
from govagents.policy.automatic import untested
from govagents.policy.explain import PLACE
from govagents.policy.expression import compared, entities
from govagents.policy.finding import Finding, Severity
from govagents.policy.schema import ATTRIBUTES, Action
from govagents.policy.source import Clause, Policy, PolicyFile, Unread, read

OBLIGATIONS = frozenset({"notify", "redact", "step_up"})
"""What the guard knows how to do; one it does not know is a deny there."""

_ASKED_FOR: tuple[Plain, ...] = (
    {".": {"left": {"Var": "principal"}, "attr": "active"}},
    {
        "contains": {
            "left": {".": {"left": {"Var": "resource"}, "attr": "requestable_by"}},
            "right": {".": {"left": {"Var": "principal"}, "attr": "audience"}},
        }
    },
)


@dataclass(frozen=True)
class Known:
    """The names a world has, so that a policy that names nobody is found."""

    people: frozenset[str]
    roles: frozenset[str]


def lint(files: Sequence[PolicyFile | Unread], known: Known | None = None) -> tuple[Finding, ...]:
    """Everything found, errors first, then by file and line."""
    reading = read(files)
    found = [*reading.problems, *_shared_guard(reading.policies), *_left_out(files)]
    found.extend(_panels(reading.policies))
    for policy in reading.policies:
        for check in _CHECKS:
            found.extend(_finding(policy, Severity.ERROR, text) for text in check(policy))
        found.extend(_finding(policy, Severity.WARNING, text) for text in _one_sided(policy))
        if known is not None:
            found.extend(_finding(policy, Severity.ERROR, text) for text in _names(policy, known))
    return tuple(sorted(found, key=lambda item: (item.severity, item.file, item.line or 0)))


def _left_out(files: Sequence[PolicyFile | Unread]) -> Iterator[Finding]:
    for file in files:
        if isinstance(file, Unread) and file.severity is Severity.WARNING:  # (8)
            yield file.finding()


def _clause_names(policy: Policy) -> Iterator[str]:
    names, clauses = policy.listed("guards"), policy.conditions
    if len(names) != len(clauses) and (policy.permits or names):  # (2)
        yield f"`@guards` has {len(names)} names for {len(clauses)} conditions: name each in order"
    if len(set(names)) != len(names):
        yield "`@guards` has a name twice: a reason could mean either"


def _eligible(policy: Policy) -> Iterator[str]:
    clause = _guard(policy)
    if not policy.permits:
        return
    if clause is None:  # (3)
        yield "no `when` is named `eligible` in `@guards`: every permit repeats that guard"
        return
    conjuncts = _conjuncts(clause.body)
    if any(asked not in conjuncts for asked in _ASKED_FOR):
        yield (
            "the guard `eligible` must ask for `principal.active` and for "
            "`resource.requestable_by.contains(principal.audience)`"
        )


def _actions(policy: Policy) -> Iterator[str]:
    actions = _covered(policy)
    if not policy.permits:
        return
    if len(actions) != 1:  # (4)
        yield 'a permit names one action: `action == Action::"request"` or `"grant"`'
    elif actions == {Action.REQUEST} and not policy.listed("approver"):
        yield "nobody is named to ask: add `@approver`"
    elif actions == {Action.GRANT} and policy.listed("approver"):  # (7)
        yield "`@approver` is read on `request` only: on `grant`, ask `context.approved`"


def _annotations(policy: Policy) -> Iterator[str]:
    for obligation in policy.listed("obligation"):
        if obligation not in OBLIGATIONS:  # (5)
            yield f"unknown obligation `{obligation}`, which makes the guard deny"
    for variable, name in PLACE.findall(policy.annotation("reason")):
        if name not in ATTRIBUTES[variable]:
            yield f"`@reason` names `{variable}.{name}`, which is no fact"


def _automatic(policy: Policy) -> Iterator[str]:
    grants = policy.permits and Action.GRANT in _covered(policy)
    missing = untested(policy.clauses) if grants else ()
    if missing:  # (9)
        facts = " and ".join(f"`context.{name}`" for name in missing)
        wanted = " && ".join(f"context.{name}" for name in missing)
        yield (
            f"gives where nobody agreed and does not ask for {facts}: add `when {{ {wanted} }}`, "
            "and a permit of `request` for the rest; or ask `context.approved`"
        )


_CHECKS: tuple[Callable[[Policy], Iterator[str]], ...] = (
    _clause_names,
    _eligible,
    _actions,
    _annotations,
    _automatic,
)


def _one_sided(policy: Policy) -> Iterator[str]:
    if not policy.permits and _covered(policy) != set(Action):  # (6)
        yield "this forbid covers one action only: leave `action` open unless that is meant"


def _names(policy: Policy, known: Known) -> Iterator[str]:
    for kind in policy.listed("approver"):
        if kind not in KINDS | ALIASES.keys() | known.people:  # (7)
            yield f"nobody is called `{kind}`, and it is no kind of approver"
    for name in sorted(entities(dict(policy.rule), "Role") - known.roles):
        yield f"there is no role `{name}`: this policy would apply to nothing"


def _shared_guard(policies: Sequence[Policy]) -> Iterator[Finding]:
    first: Policy | None = None
    for policy in policies:
        clause = _guard(policy) if policy.permits else None
        if clause is None:
            continue
        first = first or policy
        shared = _guard(first)
        if shared is not None and shared.body != clause.body:  # (3)
            text = f"its guard `eligible` differs from that of `{first.id}`: all permits share one"
            yield _finding(policy, Severity.ERROR, text)


def _panels(policies: Sequence[Policy]) -> Iterator[Finding]:
    asking = [policy for policy in policies if policy.listed("approver")]
    asked = {
        Panel.asked(item.listed("approver"), item.annotation("quorum")).name for item in asking
    }
    for policy in policies:
        bodies = [clause.body for clause in policy.clauses]
        named = frozenset().union(*(compared(body, "context", "agreed") for body in bodies))
        for name in sorted(named - asked):  # (10)
            text = f"no policy asks `{name}`, so nobody ever agrees as that: {_either(asked)}"
            yield _finding(policy, Severity.ERROR, text)
        if any(_several(body) for body in bodies):  # (11)
            text = "one person may fill several of these seats: ask `context.agreed` for a panel"
            yield _finding(policy, Severity.WARNING, text)


def _either(asked: set[str]) -> str:
    return (
        f"write one of {', '.join(f'`{name}`' for name in sorted(asked))}" if asked else "add one"
    )


def _several(body: Plain) -> bool:
    match body:
        case {"containsAll": {"right": {"Set": list(seats)}}} if len(seats) > 1:
            return bool(compared(body, "context", "approved"))
        case {"&&": {"left": left, "right": right}}:
            return _several(left) or _several(right)
    return False


def _guard(policy: Policy) -> Clause | None:
    named = (item for item in policy.clauses if item.name == "eligible" and item.kind == "when")
    return next(named, None)


def _conjuncts(body: Plain) -> list[Plain]:
    match body:
        case {"&&": {"left": left, "right": right}}:
            return [*_conjuncts(left), *_conjuncts(right)]
    return [body]


def _covered(policy: Policy) -> set[Action]:
    match policy.rule.get("action"):
        case {"op": "All"}:
            return set(Action)
        case {"entity": {"id": str(name)}}:
            named: Sequence[Plain] = [name]
        case {"entities": list(items)}:
            named = [item.get("id") for item in items if isinstance(item, dict)]
        case _:
            named = []
    return {action for action in Action if action.value in named}


def _finding(policy: Policy, severity: Severity, text: str) -> Finding:
    return Finding(severity, policy.file, policy.line, policy.id, text)

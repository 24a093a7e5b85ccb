"""What is of today and what is of then, when live access is decided on again (S45)."""

from dataclasses import fields, replace
from typing import Any, TypeVar

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.facts import ContextFacts, FactSheet, RoleFacts, SubjectFacts
from govagents.domain.ids import IdentityId, RoleId
from govagents.policy.engine import decision_point
from govagents.policy.ordinary import ORDINARY, proposal_of, sheet_of
from govagents.policy.redecide import acts_as_done, really_held
from govagents.policy.source import PolicyFile
from govagents.ports import Holding

T = TypeVar("T", SubjectFacts, RoleFacts, ContextFacts)
STATES = frozenset({"conflicts", "ticket_kind", "ticket_priority"})
GIVE = '@id("give") permit (principal, action == Action::"grant", resource);'
STOP = '@id("stop") @reason("never") forbid (principal, action, resource == Role::"b");'
UNREADABLE = 2**70
"""Minutes that no policy can be asked about: an error for that role."""


def another(value: object) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case frozenset():
            return value | {"x"}
    raise TypeError(value)


def changed(facts: T) -> T:
    kept = {"id", "kind"}
    values = {each.name: getattr(facts, each.name) for each in fields(facts)}
    others: Any = {name: another(value) for name, value in values.items() if name not in kept}
    return replace(facts, **others)


GIVEN = sheet_of(ORDINARY)


def today() -> FactSheet:
    """Every fact is another one."""
    (role,) = GIVEN.roles
    return replace(
        GIVEN,
        version=GIVEN.version + 1,
        subject=changed(GIVEN.subject),
        roles=(
            replace(
                role,
                role=changed(role.role),
                context=changed(role.context),
            ),
        ),
    )


@pytest.mark.parametrize("name", [each.name for each in fields(ContextFacts)])
def test_a_circumstance_is_of_today_only_where_it_is_a_state(name: str) -> None:
    """S45: everything that was done stays done, also what a later release adds."""
    found = acts_as_done(today(), GIVEN).roles[0].context
    of = today() if name in STATES else GIVEN

    assert getattr(found, name) == getattr(of.roles[0].context, name)


def test_who_and_what_it_is_about_are_of_today_but_for_being_away() -> None:
    """S45: leave ends nothing."""
    found, now = acts_as_done(today(), GIVEN), today()

    assert found.subject == replace(now.subject, active=GIVEN.subject.active)
    assert found.roles[0].role == now.roles[0].role
    assert found.version == now.version


def test_a_role_has_no_facts_when_it_was_not_given() -> None:
    """S45: so that the decision point refuses the set."""
    (role,) = GIVEN.roles
    other = replace(role, role=replace(role.role, id=RoleId("other")))

    assert acts_as_done(replace(GIVEN, roles=(role, other)), GIVEN).roles == GIVEN.roles


def test_what_is_only_asked_for_is_not_held() -> None:
    """S45: else asking would complete a pair, and end what somebody has."""
    sources = ("hr", "grant", "overdue", "pending", "scheduled")
    held = [Holding(IdentityId("ana"), RoleId("a"), None, source) for source in sources]

    assert [item.source for item in really_held(held)] == ["hr", "grant", "overdue"]


@pytest.mark.parametrize(
    ("texts", "minutes", "decided"),
    [
        ((), 60, False),
        (("permit (",), 60, False),
        ((GIVE,), UNREADABLE, False),
        ((GIVE, STOP), 60, True),
        ((GIVE, STOP), UNREADABLE, True),
        ((GIVE.replace("resource)", 'resource == Role::"a")'),), 60, True),
    ],
    ids=["no policy", "unreadable", "an error", "a no", "a no beside an error", "no permit"],
)
def test_a_deny_is_a_no_only_where_something_was_decided(
    texts: tuple[str, ...], minutes: int, *, decided: bool
) -> None:
    """S45 ARCHITECTURE invariant 2: a no ends what is live, an undecided one does not."""
    (role,) = GIVEN.roles
    first = replace(
        role,
        role=replace(role.role, id=RoleId("a")),
        context=replace(role.context, minutes=minutes),
    )
    second = replace(role, role=replace(role.role, id=RoleId("b")))
    sheet = replace(GIVEN, roles=(first, second))
    proposal = replace(proposal_of(GIVEN), roles=(RoleId("a"), RoleId("b")))
    files = [PolicyFile("a.cedar", "\n".join(texts))] if texts else []

    decision = decision_point(files).decide(sheet, proposal)

    assert (decision.verdict, decision.decided) == (Verdict.DENY, decided)

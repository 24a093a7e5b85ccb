from dataclasses import replace

import pytest

from govagents.domain.decision import Decision, Reason
from govagents.policy import source
from govagents.policy.engine import decision_point
from govagents.policy.ordinary import ORDINARY, Facts, proposal_of, sheet_of
from govagents.policy.source import PolicyFile

READER = """
@id("reader") @guards("eligible, this system, business hours, trusted")
permit (principal is Person, action == Action::"grant", resource)
when { principal.active && resource.requestable_by.contains(principal.audience) }
when { resource.systems.contains("ordinary") }
unless { context.start_hour < 7 || context.start_hour >= 18 }
when { principal.trust >= 40 };
"""


def decide(policies: str, facts: Facts) -> Decision:
    point = decision_point([PolicyFile("a.cedar", policies)])
    sheet = sheet_of(facts)
    return point.decide(sheet, proposal_of(sheet))


def at_night(facts: Facts = ORDINARY) -> Facts:
    return replace(facts, context=replace(facts.context, start_hour=22))


def test_default_deny_names_the_false_guard_when_one_clause_fails() -> None:
    """S58: at 22:00 the reason is the guard `business hours` (issue 2, item 5)."""
    (reason,) = decide(READER, at_night()).reasons

    assert reason == Reason(
        ORDINARY.resource.id,
        "reader",
        "would allow it, but for: business hours",
        ("business hours",),
    )


def test_default_deny_names_every_false_guard_when_several_fail() -> None:
    doubtful = at_night(replace(ORDINARY, principal=replace(ORDINARY.principal, trust=1)))

    (reason,) = decide(READER, doubtful).reasons

    assert reason.guards == ("business hours", "trusted")


def test_permit_is_left_out_when_it_is_for_another_role() -> None:
    """A clause about the role alone says whom a permit is for, not what went wrong."""
    elsewhere = READER.replace('"reader"', '"other"').replace(
        'contains("ordinary")', 'contains("x")'
    )
    scoped = READER.replace('"reader"', '"scoped"').replace(
        "resource)\n", 'resource == Role::"x")\n', 1
    )
    services = READER.replace('"reader"', '"service"').replace("is Person", "is Service")

    reasons = decide(READER + elsewhere + scoped + services, at_night()).reasons

    assert [reason.policy for reason in reasons] == ["reader"]


def test_permit_for_other_roles_is_shown_when_there_is_none_for_this_one() -> None:
    elsewhere = READER.replace('contains("ordinary")', 'contains("x")')

    (reason,) = decide(elsewhere, ORDINARY).reasons

    assert (reason.policy, reason.guards) == ("reader", ("this system",))


def test_nearest_permit_comes_first_when_several_exist() -> None:
    far = READER.replace('"reader"', '"a-far-one"').replace("trust >= 40", "trust >= 99")

    reasons = decide(far + READER, at_night()).reasons

    assert [reason.policy for reason in reasons] == ["reader", "a-far-one"]


def test_denial_says_so_when_no_permit_exists_for_the_role() -> None:
    (reason,) = decide(READER.replace("is Person", "is Service"), ORDINARY).reasons

    assert (reason.policy, reason.guards) == ("", ())
    assert "no policy gives `ordinary`" in reason.text


def test_forbid_gives_its_words_and_its_guard_when_it_fires() -> None:
    forbid = """
    @id("hours") @guards("business hours") @reason("at {context.start_hour} in {resource.systems}")
    forbid (principal, action, resource) unless { context.start_hour < 18 };
    """

    (reason,) = decide(READER + forbid, at_night()).reasons

    assert (reason.policy, reason.guards) == ("hours", ("business hours",))
    assert reason.text == "at 22 in `ordinary`"


def test_permits_are_not_explained_when_a_forbid_fired() -> None:
    forbid = '@id("stop") forbid (principal, action, resource);'

    assert [item.policy for item in decide(READER + forbid, at_night()).reasons] == ["stop"]


def test_clause_counts_as_false_when_it_errs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cedar stops at the first false clause; judged alone a later one may err: no true guard."""
    monkeypatch.setattr(source, "forbidden", lambda _expression: ())  # else it is not even read
    broken = READER.replace("principal.trust >= 40", 'Person::"gone".trust >= 40')

    (reason,) = decide(broken, at_night()).reasons

    assert reason.guards == ("business hours", "trusted")

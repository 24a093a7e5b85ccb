"""The attacker wants at once what has to be agreed to, by calling it urgent (S44 S70).

Holds: an identity with much clearance, words, and the option that breaks the glass. Does: says it
in the words, uses it after a denial, for more than it is for, and has nothing looked at.
"""

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.testing.company import Company

SRE, OWNER, COLLEAGUE = "katarzyna.wolska", "arjun.mehta", "samuel.adeyemi"
VOLUMES = "I need to delete volumes in the production cluster for 1h"
REDRIVE = "Redrive the tracking dlq, 1h"


def test_break_glass_said_in_words_alone_is_refused(company: Company) -> None:
    """Invariant 8: policy reads facts, never words."""
    asked = company.ask(SRE, f"Break-glass! {VOLUMES}")

    assert asked.status is not Status.ACTIVE
    assert not company.grants()


def test_break_glass_after_a_denial_is_refused(company: Company) -> None:
    """Every forbid still holds."""
    asked = company.ask(SRE, VOLUMES)
    assert asked.decision is not None
    company.deny(asked, asked.decision.approvers[0])

    assert company.ask(SRE, VOLUMES, break_glass=True).status is Status.DENIED


@pytest.mark.parametrize(
    ("speaker", "text", "asked_for"),
    [
        (COLLEAGUE, REDRIVE, None),
        (OWNER, VOLUMES, SRE),
        (SRE, VOLUMES.replace("1h", "2h"), None),
        ("agent-sre-responder", VOLUMES, None),
    ],
)
def test_break_glass_beyond_what_it_is_for_is_refused(
    company: Company, speaker: str, text: str, asked_for: str | None
) -> None:
    """A role that is not marked, somebody else, longer than an hour, an agent: as without it."""
    asked = company.ask(speaker, text, asked_for=asked_for, break_glass=True)

    assert asked.status in {Status.PENDING, Status.DENIED}
    assert not company.grants()


def test_reviewing_what_gave_nothing_so_is_refused(company: Company) -> None:
    """What somebody agreed to was given by that; what was not asked for so is not."""
    asked = company.ask(COLLEAGUE, REDRIVE, break_glass=True)
    company.approve(asked, OWNER)
    plain = company.ask(SRE, VOLUMES)

    for each in (asked, plain):
        with pytest.raises(StateError, match="nothing to review"):
            company.app.runner.review(each.request.id, IdentityId(OWNER))

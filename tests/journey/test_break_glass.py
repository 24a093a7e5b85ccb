"""What cannot wait for an approver: given at once to a person, reviewed by the owner, once."""

from datetime import timedelta

import pytest

from govagents.action import glass
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import StateError
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

SRE, OWNER, ABOVE = "katarzyna.wolska", "arjun.mehta", "yusuf.demir"
VOLUMES = "I need to delete volumes in the production cluster for 1h"
ROLE, SYSTEM = "kp-admin", "k8s-prod"


@pytest.fixture
def broken(company: Company) -> Company:
    """Somebody has broken the glass once, and still holds what it gave."""
    assert company.ask(SRE, VOLUMES, break_glass=True).status is Status.ACTIVE
    return company


def test_it_is_given_at_once_and_the_owner_is_told_when_the_glass_is_broken(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S44, invariant 6: asked for so, and only then; it ends like any other."""
    assert company.ask(SRE, VOLUMES).status is Status.PENDING
    company.app.runner.cancel(company.newest().request.id, company.newest().request.speaker)

    given = company.ask(SRE, VOLUMES, break_glass=True)

    assert given.status is Status.ACTIVE
    assert company.holds(SRE, ROLE, SYSTEM)
    terminal = Terminal(company.home, capsys)
    told = f"`{ROLE}` was given to `{SRE}` as break-glass"
    review = ("request", "review", given.request.id, "--as", OWNER)
    assert told in terminal.type("inbox", "--as", OWNER).words
    assert terminal.type(*review).code == 0
    assert terminal.type(*review).code == 1
    company.pass_time(timedelta(hours=1))
    company.sweep()
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_the_next_one_waits_for_a_person_until_the_owner_has_reviewed(broken: Company) -> None:
    """Invariant 6: one open at a time, and an unreviewed one blocks the next."""
    first = broken.newest()

    def ask() -> View:
        return broken.ask(SRE, VOLUMES, break_glass=True)

    assert ask().status is Status.PENDING
    broken.pass_time(timedelta(hours=1))
    broken.sweep()
    assert ask().status is Status.PENDING

    for name in (SRE, "samuel.adeyemi", "agent-sre-responder"):
        with pytest.raises(StateError, match="is not for"):
            broken.app.runner.review(first.request.id, IdentityId(name))
    broken.app.runner.review(first.request.id, IdentityId(OWNER))

    assert ask().status is Status.PENDING  # with the first it would be longer than may be
    broken.pass_time(timedelta(hours=1))
    broken.sweep()
    assert ask().status is Status.ACTIVE


def test_no_plan_breaks_the_glass_and_the_answer_says_what_it_does(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is shown as a plan is the ordinary way; that this is not it is said."""
    terminal = Terminal(company.home, capsys)
    typed = ("ask", VOLUMES, "--break-glass", "--as", SRE)

    refused, said = terminal.type(*typed, "--plan-only"), terminal.type(*typed).words

    assert (refused.code, "a plan breaks no glass" in refused.err) == (2, True)
    assert "given at once if policy allows that" in said


def test_the_next_one_is_given_without_the_shipped_line(
    broken: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: nobody has looked at the first, and there is a second."""
    monkeypatch.setattr(glass, "reviewed", lambda *_: True)
    monkeypatch.setattr(glass, "LIVE", frozenset())

    assert broken.ask(SRE, VOLUMES, break_glass=True).status is Status.ACTIVE

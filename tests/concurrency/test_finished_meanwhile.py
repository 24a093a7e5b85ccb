"""Two at one giving: who comes second, and finds the request closed by the first, ends nothing."""

import pytest

from govagents.action.giving import Giving
from govagents.action.guard import GuardedTargets, Refusal
from govagents.domain.grant import EffectKind
from govagents.domain.ids import RequestId
from govagents.testing.company import Company
from tests.concurrency.held_up import held_up
from tests.crash.killing import MANAGER, REDRIVE, ROLE, SRE, SYSTEM


def second(company: Company, asked: RequestId) -> EffectKind:
    """What the second comes to, who saw it begun and judges when the first has verified it."""
    guard, judged = company.app.guard, GuardedTargets._judged
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Giving, "_verified", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            guard.grant(asked)

    def after_the_first(late: GuardedTargets, case: object) -> object:
        patch.setattr(GuardedTargets, "_judged", judged)
        assert guard.grant(asked).kind is EffectKind.GIVEN
        found = judged(late, case)  # type: ignore[arg-type]  # handed on
        assert isinstance(found, Refusal)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GuardedTargets, "_judged", after_the_first)
        return guard.grant(asked).kind


def _interrupted(*_: object) -> bool:
    raise KeyboardInterrupt


def test_what_the_first_has_given_stays_when_the_second_finds_the_request_closed(
    company: Company,
) -> None:
    """S64 S65."""
    (asked,) = held_up(company, SRE, MANAGER, REDRIVE)

    assert second(company, asked) is EffectKind.GIVEN
    assert company.holds(SRE, ROLE, SYSTEM)


def test_the_second_takes_it_back_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a request that is shown as active, and nobody holds what it gave."""
    monkeypatch.setattr(GuardedTargets, "_finished", lambda *_: None)
    (asked,) = held_up(company, SRE, MANAGER, REDRIVE)

    assert second(company, asked) is not EffectKind.GIVEN
    assert not company.holds(SRE, ROLE, SYSTEM)

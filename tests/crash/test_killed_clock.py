"""A demo clock moves with what is done at the new time, in one commit: no kill comes between."""

from datetime import UTC, datetime

import pytest

from govagents.adapters.clock import DemoClock
from govagents.domain.ids import IdentityId
from govagents.testing.company import Company
from govagents.wiring import open_app
from tests.crash.killing import ASK, REDRIVE, SRE, killed, newest

THEN, LATER = datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = ("--now", LATER.isoformat())


@pytest.mark.parametrize(("point", "words"), [("asking", ASK), ("sweeping", ("sweep", "--once"))])
def test_the_clock_stands_when_a_command_was_killed_before_it_did_anything(
    company: Company, point: str, words: tuple[str, ...]
) -> None:
    company.sweep()

    killed(company, point, 1, *words, *AT)

    assert company.app.clock.now() == THEN


def test_the_clock_has_moved_when_a_command_was_killed_after_it_did_something(
    company: Company,
) -> None:
    company.sweep()

    killed(company, "begun", 1, *ASK, *AT)

    assert company.app.clock.now() == newest(company).request.at == LATER


def test_what_is_done_lies_ahead_of_the_clock_when_the_two_are_kept_apart(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line: a process that ends here leaves a request from the future."""
    company.sweep()
    company.restarted()
    monkeypatch.setattr(DemoClock, "keep_in", lambda *_: None)

    moved = open_app(company.home, now=LATER)
    moved.runner.ask(IdentityId(SRE), REDRIVE)
    moved.records.close()

    assert company.app.clock.now() == THEN < newest(company).request.at

"""`serve` runs the clockwork of a store in one process, once (S38, S39, S45)."""

import signal

import pytest

from govagents.action.sweeper import Sweeper, SweepReport
from govagents.domain.request import Status
from govagents.testing.company import Company
from govagents.wiring import Ending, open_ending
from tests.crash.killing import killed
from tests.journey.breaking import AFTER
from tests.journey.terminal import Terminal


def stop_after(monkeypatch: pytest.MonkeyPatch, count: int, number: signal.Signals) -> None:
    """The process is asked to stop in the middle of that round."""
    real, left = Sweeper.sweep, count

    def sweep(self: Sweeper) -> SweepReport:
        nonlocal left
        left -= 1
        report = real(self)
        if left == 0:
            signal.raise_signal(number)
        return report

    monkeypatch.setattr(Sweeper, "sweep", sweep)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_due_ends_while_it_serves_until_it_is_asked_to_stop(
    number: signal.Signals,
    holding: Company,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S38 S39: the round is finished, and it says what it did."""
    stop_after(monkeypatch, 1, number)

    said = Terminal(holding.home, capsys).type("serve", "--every", "1s", "--now", AFTER)

    assert said.code == 0, said
    assert "serving: a look every 1 s; stop with Ctrl-C" in said.words
    assert "expired" in said.words
    assert "stopped after 1 look" in said.words
    assert holding.grants(Status.EXPIRED)


def test_a_second_one_is_refused_when_one_serves(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S38: two would do no harm, and whoever starts a second is mistaken about the first."""
    ending = open_ending(company.home)
    terminal = Terminal(company.home, capsys)
    stop_after(monkeypatch, 1, signal.SIGTERM)
    with ending.alone() as alone:
        refused = terminal.type("serve")
    ending.records.close()

    assert alone
    assert refused.code != 0
    assert "another process serves this store already" in refused.err
    assert terminal.type("serve").code == 0


def test_one_that_was_killed_leaves_nothing_in_the_way(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S38: the kernel gives the lock back."""
    killed(company, "sweeping", 1, "serve")
    stop_after(monkeypatch, 1, signal.SIGTERM)

    assert Terminal(company.home, capsys).type("serve").code == 0


def test_two_serve_one_store_without_the_shipped_line(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    ending = open_ending(company.home)
    stop_after(monkeypatch, 1, signal.SIGTERM)
    with ending.alone():
        monkeypatch.setattr(
            Ending, "alone", lambda self: self.turns.take(company.home.name, wait=False)
        )
        assert Terminal(company.home, capsys).type("serve").code == 0
    ending.records.close()


def test_it_is_refused_when_it_would_look_too_seldom(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: nothing is given while no sign of life is younger than two minutes."""
    said = Terminal(company.home, capsys).type("serve", "--every", "5m")

    assert said.code == 2
    assert "too seldom" in said.err

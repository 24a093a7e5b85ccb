"""The attacker can write the store's database, and sets the latest instant that a sweep has seen.

He wants access to last, or to come back, by making the store believe that it is later or earlier
than it is; or he sets the clock back and has an operator repair what that left (S38 S42).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from govagents.audit import clock
from govagents.audit.trail import leaf_of
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

SRE, REDRIVE, MANAGER = "samuel.adeyemi", "Redrive the tracking dlq, 2h", "arjun.mehta"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
AHEAD = "2099-01-01T00:00:00Z"
REPAIR = ("doctor", "--repair-clock", "--as", MANAGER)


def given(company: Company) -> None:
    view = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    assert view.status is Status.ACTIVE


def seen(company: Company, moment: str) -> None:
    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", moment)


def latest(company: Company) -> object:
    with company.app.records.begin() as tx:
        return tx.settings.get("latest_instant")


def test_an_instant_set_ahead_to_make_access_last_is_contained(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """Access ends sooner, never later; a repair brings none of it back, and new access lasts."""
    given(company)
    seen(company, AHEAD)

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)
    ended = company.grants(Status.EXPIRED)
    said = Terminal(company.home, capsys).type(*REPAIR)
    assert said.code == 0, said
    assert "was 2099-01-01 00:00 UTC and is 2026-11-23 09:00 UTC from now on" in said.words
    company.sweep()
    assert company.grants() == ended
    assert not company.holds(SRE, ROLE, SYSTEM)
    given(company)
    company.pass_time(timedelta(hours=1))
    company.sweep()
    assert company.holds(SRE, ROLE, SYSTEM)


def test_an_instant_set_back_to_make_access_last_is_contained(company: Company) -> None:
    """The clock is the later of the two."""
    given(company)
    company.pass_time(timedelta(hours=3))
    seen(company, "2026-11-23T09:00:00Z")

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)


def set_back_and_repaired(company: Company, capsys: pytest.CaptureFixture[str]) -> object:
    """Given at 9; the log has an entry of 10:30; the clock then stands at 9 again."""
    given(company)
    company.pass_time(timedelta(hours=1, minutes=30))
    company.ask(SRE, "Read the logs of the tracking service, 1h")
    company.restarted()
    with company.app.records.begin() as tx:
        tx.settings.set("clock", "2026-11-23T09:00:00Z")
    seen(company, AHEAD)
    assert Terminal(company.home, capsys).type(*REPAIR).code == 0
    return latest(company)


def test_a_clock_set_back_before_a_repair_is_contained(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the log knows to be over stays over."""
    assert set_back_and_repaired(company, capsys) == "2026-11-23T10:30:00Z"


def test_a_clock_set_back_before_a_repair_gains_time_without_the_shipped_line(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: an hour and a half more."""
    monkeypatch.setattr(clock, "told_by", lambda _leaves, now: now)

    assert set_back_and_repaired(company, capsys) == "2026-11-23T09:00:00Z"


def test_a_repair_of_what_the_log_bears_out_is_refused(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    given(company)
    terminal = Terminal(company.home, capsys)

    for moment in ("2026-11-23T09:00:00Z", "2026-11-22T09:00:00Z"):
        seen(company, moment)
        said = terminal.type(*REPAIR)
        assert said.code == 1
        assert "nothing to set back: clock or log tell of 2026-11-23 09:00 UTC already" in said.err
        assert latest(company) == moment
    assert terminal.type(*REPAIR[:2]).code == 2  # nobody said who


@pytest.mark.parametrize(
    ("moment", "stood"), [(AHEAD, AHEAD), ("soon", "unreadable"), ("\u202e]", "unreadable")]
)
def test_a_repair_is_detected(
    company: Company, capsys: pytest.CaptureFixture[str], moment: str, stood: str
) -> None:
    """S42: an entry says who, from what and to what."""
    seen(company, moment)
    terminal = Terminal(company.home, capsys)
    assert terminal.data("doctor")["next"].startswith("govagents doctor --repair-clock --as ")

    said = terminal.data(*REPAIR)

    (shown,) = terminal.data("audit", "show", "--kind", "clock.")["entries"]
    assert (shown["index"], shown["event"]["principal"]) == (said["entry"], MANAGER)
    assert shown["event"]["reason"] == f"{stood} {said['after']}"


def test_a_time_that_only_a_lapse_was_written_at_tells_nothing() -> None:
    """Lapsing goes by the latest instant seen: it must not bear out what it was misled by."""
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    late = nine + timedelta(hours=2)
    entry = clock.set_back(IdentityId("bo"), None, nine, at=late)
    leaf = leaf_of(replace(entry, accountable="bo"))

    assert clock.told_by([leaf], nine) == late
    assert clock.told_by([leaf.replace(b"clock.set_back", b"request.lapsed")], nine) == nine

"""An end that a target does not confirm: tried ever more rarely, never given up, a person's to see.

The target refuses for an hour and a half of the machine's clock, in which a sweep comes every
minute; the store's own clock stands (S38 S39 S45).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest

from govagents.action import retrying, sweeper
from govagents.action.retrying import LONGEST, MOST_ALONE
from govagents.action.targets import Targets
from govagents.adapters.clock import FixedClock
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId
from govagents.domain.outcome import NotDone, Trouble
from govagents.domain.request import Status
from govagents.testing.company import Company
from govagents.wiring import DEMO_START
from tests.journey.breaking import AFTER, HOLDER, OWNER, grant_in, held
from tests.journey.terminal import Terminal
from tests.journey.test_cli_causes import REFUSES, in_target

MINUTES = range(91)


@pytest.fixture
def refusing(holding: Company) -> Company:
    """The grant is past its end, and its target does not let go."""
    in_target(holding.home, REFUSES)
    holding.pass_time(timedelta(hours=3))
    return holding


def at_minute(company: Company, minute: int, *, patient: bool = True) -> sweeper.SweepReport:
    clock = FixedClock(DEMO_START + timedelta(minutes=minute))
    return replace(company.app.sweeper, patient=patient, machine=clock).sweep()


def tried(company: Company, minutes: Sequence[int] = MINUTES) -> list[int]:
    """In which minutes a sweep called the target."""
    return [minute for minute in minutes if at_minute(company, minute).failed]


def test_an_end_is_tried_ever_more_rarely_and_never_given_up(
    refusing: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S39: and by then a person is told, by notice, in the inbox and by `doctor`."""
    assert tried(refusing) == [0, 1, 2, 3, 4, 6, 10, 18, 33, 48, 63, 78]

    grant = grant_in(refusing.home)
    assert (grant.status, grant.attempts) == (Status.REVOKE_FAILED, 12)
    said = at_minute(refusing, 79)
    assert (said.failed, said.put_off) == ([], [grant.id])
    assert said.problems[0].endswith("12 tries, more than 7: a person is needed")
    with refusing.app.records.begin() as tx:
        told = [[text for _, _, text in tx.notices(person)] for person in grant.owners]
    assert [len([text for text in texts if "is needed" in text]) for texts in told] == [1, 1]

    terminal = Terminal(refusing.restarted().home, capsys)
    mine, theirs = (terminal.data("inbox", "--as", who) for who in (OWNER, "wei.zhang"))
    assert [each["id"] for each in mine["failed"]] == [grant.id]
    assert mine["next"].startswith(f"govagents grant revoke {grant.id} --as {OWNER}")
    assert theirs["failed"] == []
    assert "12 tries: a person is needed" in terminal.type("inbox", "--as", OWNER).words
    looked = terminal.type("doctor")
    assert looked.code == 1
    assert f"a person is needed for {grant.id}" in looked.words


def test_it_ends_within_a_quarter_of_an_hour_when_its_target_is_back(refusing: Company) -> None:
    """S39: by itself; and at once where somebody asks for a sweep."""
    tried(refusing)
    in_target(refusing.home, "DROP TRIGGER no")

    assert [at_minute(refusing, minute).retried for minute in (91, 92)] == [[], []]
    assert at_minute(refusing, 78 + int(LONGEST / timedelta(minutes=1))).retried
    assert not held(refusing.home)


def test_whoever_asks_for_a_sweep_waits_for_nothing(refusing: Company) -> None:
    tried(refusing, range(19))
    in_target(refusing.home, "DROP TRIGGER no")

    assert at_minute(refusing, 19).put_off
    assert at_minute(refusing, 19, patient=False).retried
    assert not held(refusing.home)


def test_every_sweep_would_call_the_target_without_the_shipped_line(
    refusing: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a call and an entry each time, for as long as it refuses."""
    monkeypatch.setattr(retrying, "wait_after", lambda tries: timedelta(0))

    assert tried(refusing, range(20)) == [*range(20)]


@pytest.mark.parametrize("mark", ["soon", {"": 2**40}, 7, None])
def test_an_edited_last_try_puts_nothing_off(mark: object, refusing: Company) -> None:
    """S39: no digest covers it; a time to come, or what is no time, counts as due."""
    tried(refusing, range(MOST_ALONE * 5))
    grant = grant_in(refusing.home).id
    edited = {grant: 2**40} if isinstance(mark, dict) else mark
    with refusing.app.records.begin() as tx:
        tx.settings.set("ends_tried", edited)  # type: ignore[arg-type]  # whatever somebody wrote

    assert at_minute(refusing, MOST_ALONE * 5).failed == [grant]


def left_by_a_process(company: Company, grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was at ending the grant when it died, half an hour ago."""

    def die(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    end = company.app.guard.end
    with monkeypatch.context() as patch:
        patch.setattr(Targets, "set", die)
        with pytest.raises(KeyboardInterrupt):
            end(grant.id, actor=IdentityId(OWNER), cause="revoked")
    company.pass_time(timedelta(minutes=30))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("past its end", "still held after their end"),
        ("of who left", "still held after their end"),
        ("begun and left", "still held after their end"),
        ("shown late", "showed up after their end, and do not go"),
    ],
)
def test_doctor_fails_while_anything_due_is_not_ended(
    what: str, said: str, holding: Company, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """S39 S45: for every cause that a sweep ends for, and as long as it does."""
    (grant,) = holding.grants()
    match what:
        case "past its end":
            holding.pass_time(timedelta(hours=3))
        case "of who left":
            monkeypatch.setattr(sweeper, "gone", lambda world, who, at: who == HOLDER)
        case "begun and left":
            left_by_a_process(holding, grant, monkeypatch)
        case _:
            ended_and_back(holding, grant)
    terminal = Terminal(holding.restarted().home, capsys)

    looked = terminal.type("doctor")

    assert looked.code == 1
    assert f"{said}" in looked.words
    assert grant.id in looked.words


def ended_and_back(company: Company, grant: Grant) -> None:
    """A late order showed up, and its target refused to take it back."""
    expiry = company.app.guard.expiry
    expiry.end(grant.id, actor=IdentityId(OWNER), cause="revoked")
    (ended,) = company.grants()
    refuses = NotDone(ended.targets[0], Trouble.REFUSED, "frozen")
    with expiry._noting() as calls:
        expiry._tell_late(ended, ended.targets, refuses, calls)


def test_doctor_is_content_when_all_that_was_due_has_ended(
    holding: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(holding.restarted().home, capsys)

    terminal.type("sweep", "--once", "--now", AFTER)

    assert terminal.type("doctor").code == 0

"""People hear of what waits for them, in their inbox and elsewhere; nothing that ends waits for it.

S44 S45: reminders, and notices by mail, retried, shown where they were not delivered.
"""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from govagents.action.sweeper import Sweeper, SweepReport
from govagents.adapters.sql import records
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.entrypoints.cli import sweep
from govagents.entrypoints.scheduler import Beside
from govagents.settings import FILE
from govagents.testing.company import Company
from govagents.wiring import open_ending
from tests.journey.breaking import HOLDER, OWNER, ROLE, held, sql
from tests.journey.terminal import Terminal
from tests.unit.adapters.postbox import Postbox, postbox

NO_QUEUES = """
@id("no-queues") @reason("nobody redrives queues now")
forbid (principal, action == Action::"grant", resource == Role::"ap-queue-operator");
"""
REDRIVE = "Redrive the tracking dlq, 2h"
BREAKER, VOLUMES = "katarzyna.wolska", "I need to delete volumes in the production cluster for 1h"


def reminded(company: Company, person: str, after: timedelta) -> list[str]:
    """What somebody has been told, when so much time has passed and a sweep has come."""
    if after:
        company.pass_time(after)
    company.restarted()
    ending = open_ending(company.home)
    ending.remind()
    with ending.records.begin() as tx:
        told = [text for _, _, text in tx.notices(IdentityId(person))]
    ending.records.close()
    return told


HOUR, SOON = timedelta(hours=1), timedelta(minutes=6)


def test_whoever_decides_is_reminded_once_when_a_request_has_waited(company: Company) -> None:
    """S44: after four hours, unless the settings say otherwise."""
    asked = company.ask(HOLDER, REDRIVE).request.id

    early = reminded(company, OWNER, 3 * HOUR)
    late = [reminded(company, OWNER, each) for each in (HOUR, SOON, SOON)]

    said = f"`{asked}` waits for your answer, since 2026-11-23 09:00 UTC"
    assert early == []
    assert late == [[said]] * 3
    assert reminded(company, HOLDER, SOON) == []


def test_nobody_is_reminded_of_what_was_answered(company: Company) -> None:
    asked = company.ask(HOLDER, REDRIVE)
    company.deny(asked, OWNER)

    assert reminded(company, OWNER, 5 * HOUR) == []


def test_whoever_holds_it_is_told_before_it_ends(holding: Company) -> None:
    """S38: two hours, so twelve minutes ahead."""
    early = reminded(holding, HOLDER, timedelta(minutes=107))
    late = [reminded(holding, HOLDER, SOON) for _ in range(2)]

    assert early == []
    (grant,) = holding.grants(Status.ACTIVE)
    more = f"for more time: `govagents grant extend {grant.id} --for 1h`"
    assert late == [[f"`{ROLE}` ends 2026-11-23 11:00 UTC; {more}"]] * 2


def test_whoever_holds_it_is_not_told_that_it_ends_when_it_goes_on(holding: Company) -> None:
    """S38 S39: of a role that more time was given for only the last end is one."""
    (grant,) = holding.grants(Status.ACTIVE)
    holding.approve(holding.extend(grant, HOUR), OWNER)

    early = reminded(holding, HOLDER, timedelta(minutes=113))
    late = reminded(holding, HOLDER, timedelta(minutes=50))

    assert early == []
    assert [text.partition(";")[0] for text in late] == [f"`{ROLE}` ends 2026-11-23 12:00 UTC"]


def test_an_owner_is_reminded_of_break_glass_that_nobody_looked_at(company: Company) -> None:
    """Invariant 6: until it was, there is no other."""
    asked = company.ask(BREAKER, VOLUMES, break_glass=True)
    assert asked.status is Status.ACTIVE
    company.pass_time(HOUR)
    company.sweep()
    said = f"`{asked.request.id}` was break-glass, and nobody has looked at it"

    early, late = (reminded(company, OWNER, each) for each in (3 * HOUR, HOUR))

    assert not [each for each in early if each.startswith(said)]
    assert len([each for each in late if each.startswith(said)]) == 1
    company.app.runner.review(asked.request.id, IdentityId(OWNER))
    with company.app.records.begin() as tx:
        tx.settings.set("reminded", None)
    assert len(reminded(company, OWNER, HOUR)) == len(late)


@pytest.fixture
def mailed(holding: Company) -> Iterator[tuple[Company, Postbox]]:
    """The owner was told of something, and a mail server is there to tell it."""
    with holding.app.records.begin() as tx:
        tx.notify(IdentityId(OWNER), "req_abcdef", f"`{ROLE}` was given", holding.app.clock.now())
    holding.restarted()
    with postbox(Postbox()) as box:
        with (holding.home / FILE).open("a") as file:
            file.write(
                f'\n[notices]\nsmtp = "{box.address}"\nsecurity = "none"\nseconds = 60\n'
                'sender = "govagents@halden.example"\ndomain = "halden.example"\n'
            )
        yield holding, box


@pytest.mark.parametrize("words", [("sweep", "--once"), ("serve", "--rounds", "1")])
def test_a_notice_is_mailed_once_when_something_sweeps(
    words: tuple[str, ...], mailed: tuple[Company, Postbox], capsys: pytest.CaptureFixture[str]
) -> None:
    """S45: with what each command leaves, nobody is told again."""
    company, box = mailed
    terminal = Terminal(company.home, capsys)

    assert terminal.type(*words).code == 0
    assert terminal.type(*words).code == 0

    assert box.to == [f"<{OWNER}@halden.example>"]
    assert f"`{ROLE}` was given" in box.letters[0]
    row = next(each for each in terminal.data("doctor")["checks"] if each["check"] == "notices")
    assert (row["health"], "by mail through" in row["text"]) == ("good", True)


def test_it_is_shown_where_a_notice_was_not_delivered(
    mailed: tuple[Company, Postbox], capsys: pytest.CaptureFixture[str]
) -> None:
    """S45: to the person, to the operator, and by whoever swept; what ended has ended."""
    company, box = mailed
    box.answers["RCPT"] = "550 no such\x1b[2J person"
    terminal = Terminal(company.home, capsys)
    why = "the mail server answers 550: no such\\u001b[2J person"

    swept = terminal.type("sweep", "--once", "--now", "2026-11-23T12:00:00Z")

    assert (swept.code, held(company.home)) == (0, False)
    assert f"`{OWNER}` was not told about `req_abcdef`: {why}" in swept.err
    assert why in terminal.type("inbox", "--as", OWNER).words
    (told,) = terminal.data("inbox", "--as", OWNER)["notices"]
    assert told["undelivered"] == why
    looked = terminal.type("doctor")
    assert looked.code == 1
    assert f"1 notice not delivered, 1 given up: `{OWNER}` about `req_abcdef`" in looked.words


def sweeps(monkeypatch: pytest.MonkeyPatch, box: Postbox, company: Company) -> list[bool]:
    """Whether the server was still holding its tongue, and access had ended, after each sweep."""
    seen: list[bool] = []
    real = Sweeper.sweep

    def watched(sweeper: Sweeper) -> SweepReport:
        report = real(sweeper)
        seen.append(not box.let_go.is_set() and not held(company.home))
        if len(seen) > 1:
            box.let_go.set()
        return report

    monkeypatch.setattr(Sweeper, "sweep", watched)
    monkeypatch.setattr(sweep, "_AT_THE_END", timedelta(0))
    return seen


def test_what_is_due_ends_while_a_mail_server_hangs(
    mailed: tuple[Company, Postbox],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """INVARIANT (taking back never waits): the second sweep comes, and nobody was told by then."""
    company, box = mailed
    box.silent = True
    seen = sweeps(monkeypatch, box, company)
    when = ("--now", "2026-11-23T12:00:00Z")

    said = Terminal(company.home, capsys).type("serve", "--every", "1s", "--rounds", "2", *when)

    assert (said.code, seen) == (0, [True, True])
    assert box.letters == []


def test_it_would_wait_for_the_mail_server_without_the_shipped_line(
    mailed: tuple[Company, Postbox],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm: the next sweep does not come before the server has let go.

    removes: govagents/action/posting.py
    """
    company, box = mailed
    box.silent = True
    seen = sweeps(monkeypatch, box, company)
    lets_go = threading.Timer(0.3, box.let_go.set)

    def waiting(beside: Beside) -> None:
        if not lets_go.is_alive() and not box.let_go.is_set():
            lets_go.start()
        beside._run()

    monkeypatch.setattr(Beside, "begin", waiting)
    when = ("--now", "2026-11-23T12:00:00Z")

    Terminal(company.home, capsys).type("serve", "--every", "1s", "--rounds", "2", *when)

    lets_go.join()
    assert seen == [True, False]


def test_access_ends_all_the_same_when_nobody_can_be_told(
    mailed: tuple[Company, Postbox],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S39: the table of notices cannot be used; whoever swept says so, and so does `doctor`."""
    company, _ = mailed
    sql("DROP TABLE notice")(company.home)
    monkeypatch.setattr(records, "mend", lambda session: ())
    terminal = Terminal(company.home, capsys)

    swept = terminal.type("sweep", "--once", "--now", "2026-11-23T12:00:00Z")

    assert (swept.code, held(company.home)) == (0, False)
    assert "people were not told: the store is damaged: no such table: notice" in swept.err
    assert terminal.type("doctor").code == 1


@pytest.mark.parametrize("mended", [True, False])
def test_what_policy_no_longer_permits_ends_when_the_notices_are_gone(
    mended: bool,
    holding: Company,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S39 S45: its holder is told as it ends; without the shipped line it would stay."""
    terminal = Terminal(holding.home, capsys)
    terminal.type("sweep", "--once")
    (holding.home / "policies" / "zz.cedar").write_text(NO_QUEUES, encoding="utf-8")
    sql("DROP TABLE notice")(holding.home)
    if not mended:
        monkeypatch.setattr(records, "mend", lambda session: ())

    swept = terminal.type("sweep", "--once")

    assert held(holding.home) is not mended
    assert ("the table `notice` was gone: it is made anew, and what" in swept.err) is mended

"""`ask --wait`: one person waits at a terminal while another decides elsewhere."""

from datetime import timedelta

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.entrypoints.cli import ask
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

ASK = (
    "ask",
    "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h",
    "--as",
    "viktor.horvath",
    "--wait",
)
OWNER = IdentityId("isabelle.laurent")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    company.app.sweeper.sweep()
    return Terminal(company.home, capsys)


@pytest.mark.parametrize(("consent", "ending"), [(True, (0, "active")), (False, (3, "denied"))])
def test_the_answer_is_shown_when_it_comes_while_one_waits(
    consent: bool,
    ending: tuple[int, str],
    terminal: Terminal,
    company: Company,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def decided_meanwhile(length: timedelta) -> None:
        assert length > timedelta(0)
        with company.app.records.begin() as tx:
            (request,) = tx.requests.list(frozenset({Status.PENDING}))
        company.app.runner.decide(request, OWNER, consent=consent, reason="")

    monkeypatch.setattr(ask, "pause", decided_meanwhile)

    waited = terminal.type(*ASK)

    code, status = ending
    assert waited.code == code
    assert status in waited.words


def test_waiting_ends_when_its_time_is_over(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[timedelta] = []
    monkeypatch.setattr(ask, "pause", pauses.append)

    waited = terminal.type(*ASK, "--timeout", "3s")

    assert waited.code == 5
    assert len(pauses) == 3
    assert "pending" in waited.words

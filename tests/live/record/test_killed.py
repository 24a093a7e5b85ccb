"""A process is killed at a commit: nothing is half done, and the next sweep goes on (S64)."""

import os
import signal
from dataclasses import dataclass

import psycopg
import pytest

from govagents.domain.request import Status
from tests.concurrency.crowd import Gate, Typed, at_once
from tests.concurrency.peace import wrong
from tests.crash.killing import APPROVE, MANAGER, REDRIVE, ROLE, SRE, SYSTEM
from tests.live.kept import Kept

pytestmark = pytest.mark.live


@dataclass(frozen=True)
class Killed:
    """At the commit with this number of those that keep something."""

    number: int
    after: bool

    def __call__(self) -> None:
        """From here on, in this process."""
        real, left = psycopg.Connection.commit, [self.number]
        wrote = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"

        def commit(connection: psycopg.Connection) -> None:
            left[0] -= connection.execute(wrote).fetchone() == (True,)
            if not left[0] and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            real(connection)
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        psycopg.Connection.commit = commit  # type: ignore[method-assign,assignment]  # in a process of its own


@pytest.mark.parametrize(("number", "after"), [(1, False), (3, True), (6, True), (9, False)])
def test_an_approval_ends_once_and_whole_when_it_was_killed_at_a_commit(
    company: Kept, number: int, *, after: bool
) -> None:
    company.ask(SRE, REDRIVE)
    company.restarted()

    approve = [Typed(*APPROVE)]
    (said,) = at_once(company.home, approve, Gate.DECIDING, without=[Killed(number, after)])
    assert said.code == -signal.SIGKILL, said.err
    company.sweep()
    if company.newest().status is Status.PENDING:  # the answer was not kept
        assert (number, after) == (1, False)
        company.approve(company.newest(), MANAGER)

    view = company.newest()
    assert (view.status, len(view.answers), len(view.grants)) == (Status.ACTIVE, 1, 1)
    assert company.holds(SRE, ROLE, SYSTEM)
    assert wrong(company, [said]) == []

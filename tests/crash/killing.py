"""Processes that are killed, or wait, in the middle of a command; and what another one finds."""

import json
import signal
from collections import Counter
from typing import Any
from uuid import uuid4

from govagents.action.noting import CALLED
from govagents.action.unfinished import RESUMED
from govagents.domain.view import View
from govagents.testing.company import Company
from tests.crash.dying import NOWHERE, Point, Program
from tests.crash.hindered import FREE, Hindered

SRE, MANAGER, ANALYST = "samuel.adeyemi", "arjun.mehta", "daniel.osei"
REDRIVE, UNCLEAR = (
    "Redrive the tracking dlq, 2h",
    "I need access to the customer data, can you set me up? Thanks!",
)
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
ASK = ("ask", REDRIVE, "--as", SRE, "--json")
APPROVE = ("approve", "--last", "--as", MANAGER)
DENY = ("deny", "--last", "--as", MANAGER)
RETURN = ("return", "--last", "--as", MANAGER)
SWEEP = ("sweep", "--once", "--json")


def started(
    company: Company, *words: str, at: Point = NOWHERE, hindered: Hindered = FREE
) -> Program:
    """A command in a process of its own; nothing of the store stays open in this one."""
    company.restarted()
    beside = company.home.with_name(f"said-{uuid4().hex}")
    return Program(company.home, words, beside, at, hindered)


def killed(company: Company, point: str, count: int, *words: str) -> None:
    """The command ran until it was killed there."""
    program = started(company, *words, at=Point(point, count))
    assert program.ended() == -signal.SIGKILL, program.err


def swept(company: Company) -> Any:  # noqa: ANN401  # JSON
    """What another process says that it did."""
    sweep = started(company, *SWEEP)
    assert sweep.ended() == 0, sweep.err
    return json.loads(sweep.out)


def newest(company: Company) -> View:
    """The request that came last."""
    return company.newest()


_NO_STEP = {RESUMED, CALLED}
"""A target may be looked at as often as one likes."""


def steps(view: View) -> Counter[str]:
    """How often each entry of a run was made."""
    return Counter(event.kind for _, event in view.entries if event.kind not in _NO_STEP)


def twice(view: View) -> list[str]:
    """Entries of a run with one question answered at most, that were made too often."""
    judged_again = {"step.assess", "step.decide", "step.read", "step.resolve", "step.recall"}
    return [kind for kind, n in steps(view).items() if n > (2 if kind in judged_again else 1)]

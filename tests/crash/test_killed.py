"""A process is killed between two of its steps, and another one sweeps: nothing is left hanging.

The processes are real, and so is the kill. What the second one finds is what the first had
committed; it ends with one decision and one grant, as if nothing had happened (S64).
"""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from govagents.action.unfinished import RESUMED
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company

ROOT = Path(__file__).parents[2]
SRE, MANAGER, ANALYST = "samuel.adeyemi", "arjun.mehta", "daniel.osei"
REDRIVE, UNCLEAR = (
    "Redrive the tracking dlq, 2h",
    "I need access to the customer data, can you set me up? Thanks!",
)
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
ASK = ("ask", REDRIVE, "--as", SRE, "--json")
APPROVE, DENY = ("approve", "--last", "--as", MANAGER), ("deny", "--last", "--as", MANAGER)
RETURN = ("return", "--last", "--as", MANAGER)
SWEEP = "import sys; from govagents.entrypoints.cli import main; sys.exit(main())"


def dying(company: Company, point: str, count: int, *words: str) -> list[str]:
    company.restarted()
    program = [sys.executable, "-m", "tests.crash.dying", str(company.home), point, str(count)]
    return [*program, *words]


def killed(company: Company, point: str, count: int, *words: str) -> None:
    """The command ran until it was killed there."""
    line = dying(company, point, count, *words)
    died = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr


def sweeping(company: Company) -> list[str]:
    company.restarted()
    return [sys.executable, "-c", SWEEP, "sweep", "--once", "--json", "--home", str(company.home)]


def swept(company: Company) -> Any:  # noqa: ANN401  # JSON
    """What another process says that it did."""
    done = subprocess.run(sweeping(company), cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def newest(company: Company) -> View:
    with company.app.records.begin() as tx:
        return company.view(tx.requests.list()[-1])


def steps(view: View) -> Counter[str]:
    """How often each entry of a run was made."""
    return Counter(event.kind for _, event in view.entries if event.kind != RESUMED)


def twice(view: View) -> list[str]:
    """Entries of a run with one question answered at most, that were made too often."""
    judged_again = {"step.assess", "step.decide", "step.read", "step.resolve", "step.recall"}
    return [kind for kind, n in steps(view).items() if n > (2 if kind in judged_again else 1)]


@pytest.fixture
def asked(company: Company) -> View:
    return company.ask(SRE, REDRIVE)


@pytest.mark.parametrize(
    ("point", "count"), [("begun", 1), ("kept", 2), ("checkpointed", 1), ("checkpointed", 5)]
)
def test_a_request_is_asked_on_when_its_process_was_killed(
    company: Company, point: str, count: int
) -> None:
    """S64: after its row, after a step, after the first checkpoint, after a later one."""
    company.sweep()
    killed(company, point, count, *ASK)
    assert newest(company).status is Status.DRAFT
    name = newest(company).request.id

    report = swept(company)

    after = newest(company)
    assert (report["resumed"], report["problems"]) == ([name], [])
    assert (after.status, twice(after)) == (Status.PENDING, [])
    assert company.app.sweeper.sweep().resumed == []
    assert company.approve(after, MANAGER).status is Status.ACTIVE


@pytest.mark.parametrize(
    ("point", "count"),
    [("begun", 1), ("checkpointed", 1), ("kept", 3), ("changed", 1), ("checkpointed", 5)],
)
def test_an_approved_request_is_given_once_when_its_process_was_killed(
    company: Company, asked: View, point: str, count: int
) -> None:
    """S64: after the answer, and at four places of the run that follows."""
    killed(company, point, count, *APPROVE)

    report = swept(company)

    after = company.view(asked.request.id)
    assert (report["resumed"], report["problems"]) == ([asked.request.id], [])
    assert (after.status, len(after.answers), len(after.grants)) == (Status.ACTIVE, 1, 1)
    assert twice(after) == []
    assert steps(after)["step.remember"] == 1
    assert company.holds(SRE, ROLE, SYSTEM)
    assert company.app.sweeper.sweep().resumed == []


def test_a_denied_request_ends_denied_when_its_process_was_killed(
    company: Company, asked: View
) -> None:
    killed(company, "begun", 1, *DENY)
    assert company.view(asked.request.id).status is Status.PENDING

    report = swept(company)

    after = company.view(asked.request.id)
    assert report["resumed"] == [asked.request.id]
    assert (after.status, after.grants, twice(after)) == (Status.DENIED, (), [])


def test_a_clarified_request_is_read_on_when_its_process_was_killed(company: Company) -> None:
    name = company.ask(ANALYST, UNCLEAR).request.id
    assert company.view(name).status is Status.NEEDS_INFO
    killed(company, "begun", 1, "request", "answer", name, "1", "--as", ANALYST)
    assert company.view(name).status is Status.PENDING

    report = swept(company)

    after = company.view(name)
    assert report["resumed"] == [name]
    assert (steps(after)["step.clarify"], twice(after)) == (1, [])
    assert not company.app.sweeper.sweep().resumed


def test_a_returned_request_stays_returned_when_its_process_was_killed(
    company: Company, asked: View
) -> None:
    killed(company, "done", 1, *RETURN)

    assert swept(company)["resumed"] == []
    assert company.view(asked.request.id).status is Status.RETURNED


def test_nothing_is_gone_on_with_when_it_waits_for_a_person(company: Company, asked: View) -> None:
    """Nor is there anything to go on with when only a plan was made."""
    open_question = company.ask(ANALYST, UNCLEAR)
    company.plan(SRE, REDRIVE)
    before = asked.entries, open_question.entries

    report = swept(company)

    assert report["resumed"] == []
    assert before == (
        company.view(asked.request.id).entries,
        company.view(open_question.request.id).entries,
    )

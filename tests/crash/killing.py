"""Processes that are killed, or wait, in the middle of a command; and what another one finds."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from govagents.action.unfinished import RESUMED
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
APPROVE = ("approve", "--last", "--as", MANAGER)
DENY = ("deny", "--last", "--as", MANAGER)
RETURN = ("return", "--last", "--as", MANAGER)
SWEEP = "import sys; from govagents.entrypoints.cli import main; sys.exit(main())"


def dying(company: Company, point: str, count: int, *words: str) -> list[str]:
    """The program as it is killed, or waits, there."""
    company.restarted()
    program = [sys.executable, "-m", "tests.crash.dying", str(company.home), point, str(count)]
    return [*program, *words]


def killed(company: Company, point: str, count: int, *words: str) -> None:
    """The command ran until it was killed there."""
    line = dying(company, point, count, *words)
    died = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr


def sweeping(company: Company) -> list[str]:
    """One sweep by another process."""
    company.restarted()
    return [sys.executable, "-c", SWEEP, "sweep", "--once", "--json", "--home", str(company.home)]


def swept(company: Company) -> Any:  # noqa: ANN401  # JSON
    """What another process says that it did."""
    done = subprocess.run(sweeping(company), cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def newest(company: Company) -> View:
    """The request that came last."""
    with company.app.records.begin() as tx:
        return company.view(tx.requests.list()[-1])


def steps(view: View) -> Counter[str]:
    """How often each entry of a run was made."""
    return Counter(event.kind for _, event in view.entries if event.kind != RESUMED)


def twice(view: View) -> list[str]:
    """Entries of a run with one question answered at most, that were made too often."""
    judged_again = {"step.assess", "step.decide", "step.read", "step.resolve", "step.recall"}
    return [kind for kind, n in steps(view).items() if n > (2 if kind in judged_again else 1)]

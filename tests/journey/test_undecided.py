"""Undecided means no to giving; what decides is the operator's files and nothing else."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.domain.decision import Decision, Verdict
from govagents.domain.request import Status
from govagents.policy.engine import CedarDecisionPoint
from govagents.run import Run
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

SRE = "samuel.adeyemi"
REDRIVE = "Redrive the tracking dlq, 2h"
RUN = "from govagents.entrypoints.cli import main; main()"


def test_nothing_is_granted_when_there_is_no_policy(company: Company) -> None:
    """S40: without a folder of policies everything is denied, and it says so."""
    settings = company.home / "settings.toml"
    text = settings.read_text(encoding="utf-8").replace('policies = "policies"', "")
    settings.write_text(text, encoding="utf-8")

    asked = company.ask(SRE, REDRIVE)

    assert asked.status is Status.DENIED
    assert asked.decision is not None
    assert "polic" in asked.decision.reasons[0].text


@pytest.mark.parametrize(
    "broken",
    [
        "permit(principal, action, resource) when { principal.nosuch == 1 };",
        "this is not cedar",
        '@id("everything-else") permit(principal, action, resource);',
    ],
    ids=["unknown-attribute", "no-cedar", "two-with-one-id"],
)
def test_nothing_is_granted_when_a_policy_is_broken(company: Company, broken: str) -> None:
    """S40: one bad policy, and nothing is decided by the others either."""
    (company.home / "policies" / "zz-broken.cedar").write_text(broken, encoding="utf-8")

    asked = company.ask(SRE, REDRIVE)

    assert asked.status is Status.DENIED
    assert asked.decision is not None
    assert "zz-broken.cedar" in asked.decision.reasons[0].text


def test_a_denial_is_a_decision_with_reasons_when_policy_says_no(company: Company) -> None:
    """S9: data with its causes, kept and logged like any other."""
    asked = company.ask(SRE, "I need to edit the cluster role bindings in production for an hour.")

    assert asked.status in {Status.DENIED, Status.NEEDS_INFO}
    if asked.decision is not None:
        assert asked.decision.verdict is Verdict.DENY
        assert asked.decision.reasons


def test_a_clock_set_back_is_contained(company: Company) -> None:
    """S38: due is judged by the latest instant ever seen."""
    asked = company.ask(SRE, REDRIVE)
    company.approve(asked, "arjun.mehta")
    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", "2026-11-23T12:00:00Z")

    company.sweep()

    assert company.view(asked.request.id).status is Status.EXPIRED


def test_the_verdict_stays_when_memory_is_deleted(company: Company) -> None:
    """S22: losing memory changes no verdict and leaves the audit record."""
    first = company.approve(company.ask(SRE, REDRIVE), "arjun.mehta")
    company.pass_time(timedelta(hours=3))
    company.sweep()
    with_memory = company.ask(SRE, REDRIVE)
    assert with_memory.recalled is not None
    assert with_memory.recalled.cases

    for path in sorted((company.home / "memory").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    without = company.restarted().ask(SRE, REDRIVE)

    assert without.decision is not None
    assert with_memory.decision is not None
    assert without.decision.verdict is with_memory.decision.verdict
    assert company.view(first.request.id).entries


def test_the_log_is_verified_and_the_rationale_stands_when_all_of_memory_is_gone(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S22: folder and kept cases deleted; every entry is there, and checking opens no memory."""
    asked = company.ask(SRE, REDRIVE)
    company.approve(asked, "arjun.mehta")
    company.pass_time(timedelta(hours=3))
    company.sweep()
    company.restarted()
    terminal = Terminal(company.home, capsys)
    kept, why = terminal.data("audit", "verify"), terminal.data("why", asked.request.id)

    shutil.rmtree(company.home / "memory")
    with closing(sqlite3.connect(company.home / "govagents.db")) as record, record:
        assert record.execute("DELETE FROM precedent").rowcount

    verified, still = terminal.data("audit", "verify"), terminal.data("why", asked.request.id)
    assert terminal.type("audit", "verify").code == 0
    assert (verified["ok"], verified["root"]) == (True, kept["root"])
    assert still["entries"] == why["entries"]
    assert still["decision"] == why["decision"]
    assert still["proposal"] == why["proposal"]
    assert {"step.remember", "grant.ended"} <= {each["event"]["kind"] for each in still["entries"]}
    assert not (company.home / "memory").exists()


def test_the_same_plan_is_made_when_the_hash_seed_differs(company: Company) -> None:
    """S81: hash seed and process play no part in a decision."""
    text = "For INC-4412 I have to compare the signed delivery notes with the claims, two hours."
    plans = []
    for seed in ("0", "1", "77"):
        command = [
            sys.executable, "-c", RUN, "ask", text,
            "--as", "noor.vandenberg", "--plan-only", "--json", "--home", str(company.home),
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, check=False,
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(Path.home())},
        )  # fmt: skip
        plans.append(json.loads(done.stdout))

    assert plans[0]["outcome"]
    assert plans[0] == plans[1] == plans[2]


def raises(*_: object) -> Decision:
    raise RuntimeError


def test_a_request_waits_for_nobody_when_what_was_raised_blocks_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S40: nothing is given either way; without the line nobody learns that it will not be.

    removes: govagents/run.py (undecided means no)
    """
    monkeypatch.setattr(CedarDecisionPoint, "decide", raises)
    assert company.ask(SRE, REDRIVE).status is Status.BLOCKED
    monkeypatch.setattr(Run, "_block", lambda *_: None)

    again = company.ask(SRE, REDRIVE)

    assert again.status is Status.DRAFT
    assert not company.grants()

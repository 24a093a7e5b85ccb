"""What the log says of a grant's life is what was done: who, on whose word, by what, how long."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.action import entries as shipped
from govagents.domain.event import Event
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import Order
from govagents.testing.company import Company
from tests.journey.standing_in import watched
from tests.journey.terminal import Terminal

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
REDRIVE = "Redrive the tracking dlq, 2h"
RESPONDER, AGENT_OWNER = "agent-sre-responder", "katarzyna.wolska"
ROLLBACK = (
    "Release 4.17.2 raised latency (INC-4411). I want to put tracking-web back on its previous "
    "revision, 20 minutes."
)
WAY_IN = ["grant.intended", "grant.applied", "grant.verified"]
WAY_OUT = ["grant.ending", "grant.ended"]


def of_grants(view: View) -> list[Event]:
    return [event for _, event in view.entries if event.kind.startswith("grant.")]


@pytest.mark.parametrize(
    ("speaker", "text", "approver"),
    [(SRE, REDRIVE, MANAGER), (RESPONDER, ROLLBACK, AGENT_OWNER)],
)
def test_every_call_of_a_tool_is_an_entry_and_every_entry_a_call(
    company: Company, speaker: str, text: str, approver: str
) -> None:
    """S73: on each system once for what was given and once for what was taken back."""
    target = watched(company)
    given = company.approve(company.ask(speaker, text), approver)
    company.app.guard.end(given.grants[0].id, actor=IdentityId(speaker), cause="given_back")

    told = [
        (kind, Order(system, grant.role, grant.beneficiary, fence=grant.id))
        for grant in given.grants
        for kind in ("grant.applied", "grant.ended")
        for system in grant.targets
    ]
    assert target.calls == told
    kinds = [event.kind for event in of_grants(company.view(given.request.id))]
    assert kinds == [*WAY_IN, *WAY_OUT]
    applied = of_grants(given)[1].reason.split(" ")
    assert [order.system for kind, order in target.calls if kind == "grant.applied"] == applied[2:]


def test_each_entry_of_giving_says_under_which_policy_and_for_how_long(company: Company) -> None:
    """S42: the digest of the policies, the decision's id and the span to its end."""
    asked = company.ask(SRE, REDRIVE)
    company.pass_time(timedelta(minutes=30))

    given = company.approve(asked, MANAGER)

    (grant,), entries = given.grants, of_grants(given)
    assert given.decision is not None
    assert [event.kind for event in entries] == WAY_IN
    for event in entries:
        assert event.policy == given.decision.policy_digest
        assert event.evaluation == grant.decision
        assert event.decision == "permit"
        assert event.ttl == timedelta(hours=2) == grant.window.end - event.at
        assert event.reason.split(" ") == [grant.id, grant.role, *grant.targets]


def test_each_entry_of_giving_names_agent_principal_and_subject(company: Company) -> None:
    """S71 S77: an agent of ours acted, on the word of whoever asked, for whoever gains."""
    asked = company.ask(MANAGER, "Samuel needs to redrive the tracking dlq, 2h", asked_for=SRE)
    given = company.approve(asked, approver_of(asked))

    assert [(e.kind, e.agent, e.principal, e.subject) for e in of_grants(given)] == [
        (kind, "provisioner", MANAGER, SRE) for kind in WAY_IN
    ]


@pytest.mark.parametrize(
    ("actor", "cause", "principal"),
    [(SRE, "given_back", SRE), (MANAGER, "revoked", MANAGER), ("provisioner", "expired", "none")],
)
def test_each_entry_of_ending_names_on_whose_word_it_ended(
    company: Company, actor: str, cause: str, principal: str
) -> None:
    """S71: a person's, or nobody's where it was merely due."""
    given = company.approve(company.ask(SRE, REDRIVE), MANAGER)

    company.app.guard.end(given.grants[0].id, actor=IdentityId(actor), cause=cause)

    ending = of_grants(company.view(given.request.id))[len(WAY_IN) :]
    assert [(e.kind, e.agent, e.principal, e.subject) for e in ending] == [
        (kind, "provisioner", principal, SRE) for kind in WAY_OUT
    ]


def test_what_was_given_is_found_by_agent_and_by_principal(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S71 S77: `audit show` by either finds every entry of the grant, and by nobody else none."""
    company.approve(company.ask(SRE, REDRIVE), MANAGER)
    terminal = Terminal(company.restarted().home, capsys)

    def kinds(*wanted: str) -> list[str]:
        found = terminal.data("audit", "show", "--kind", "grant.", *wanted)["entries"]
        return [each["event"]["kind"] for each in found]

    assert kinds("--principal", SRE) == WAY_IN
    assert kinds("--agent", "provisioner") == WAY_IN
    assert kinds("--principal", MANAGER) == kinds("--principal", "none") == []
    assert kinds("--agent", SRE) == []


def test_who_acted_can_be_read_and_checked_without_this_program(company: Company) -> None:
    """S77: the leaf says it in JSON, its hash is SHA-256, and changing a name changes it."""
    given = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    company.restarted()

    leaves = leaves_of(company.home, given.request.id)

    named = [
        (leaf["kind"], leaf["agent"], leaf["principal"])
        for leaf in map(json.loads, leaves)
        if leaf["kind"].startswith("grant.")
    ]
    assert named == [(kind, "provisioner", SRE) for kind in WAY_IN]
    for leaf, stored in leaves.items():
        assert hashlib.sha256(b"\x00" + leaf).digest() == stored
        forged = leaf.replace(b'"principal":"samuel.adeyemi"', b'"principal":"aisha.rahman"')
        assert (hashlib.sha256(b"\x00" + forged).digest() == stored) is (forged == leaf)


def test_a_changed_principal_is_named_by_the_verifier(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S77 S78."""
    given = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    number = next(n for n, event in given.entries if event.kind == "grant.applied")
    terminal = Terminal(company.restarted().home, capsys)
    assert terminal.data("audit", "verify")["ok"]

    rewrite(company.home, number, "principal", "aisha.rahman")

    found = json.loads(terminal.type("audit", "verify", "--json").out)
    assert (found["ok"], found["first_bad"]) == (False, number)


@pytest.mark.parametrize("field_", ["principal", "agent", "policy", "evaluation", "reason"])
def test_nothing_is_given_when_its_entry_lacks_a_field(
    company: Company, monkeypatch: pytest.MonkeyPatch, field_: str
) -> None:
    """S42: a missing field means that the entry is refused, and with it what it would tell."""
    complete = shipped.giving
    asked = company.ask(SRE, REDRIVE)

    def lacking(*arguments: object, **named: object) -> Event:
        entry = complete(*arguments, **named)  # type: ignore[arg-type]  # handed on as it came
        return replace(entry, **{field_: ""})  # type: ignore[arg-type]  # all of these are text

    monkeypatch.setattr("govagents.action.giving.giving", lacking)

    after = company.approve(asked, MANAGER)

    assert after.status is Status.BLOCKED
    assert f"without `{field_}`" in after.note
    assert not company.grants()
    assert not company.holds(SRE, "ap-queue-operator", "aws-prod")


def approver_of(asked: View) -> str:
    assert asked.decision is not None
    return asked.decision.approvers[0]


def leaves_of(home: Path, about: str) -> Mapping[bytes, bytes]:
    """Leaf and stored hash, as anybody with the file reads them."""
    with closing(sqlite3.connect(home / "govagents.db")) as connection:
        query = "SELECT leaf, hash FROM entry WHERE about = ? ORDER BY idx"
        return dict(connection.execute(query, (about,)).fetchall())


def rewrite(home: Path, number: int, name: str, value: str) -> None:
    """As whoever can write the file; the triggers that refuse it go first."""
    with closing(sqlite3.connect(home / "govagents.db")) as connection, connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entry'"
        for (trigger,) in connection.execute(query).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        read = "SELECT leaf FROM entry WHERE idx = ?"
        (leaf,) = connection.execute(read, (number,)).fetchone()
        changed = json.dumps({**json.loads(leaf), name: value}, separators=(",", ":"))
        change = "UPDATE entry SET leaf = ? WHERE idx = ?"
        connection.execute(change, (changed.encode(), number))

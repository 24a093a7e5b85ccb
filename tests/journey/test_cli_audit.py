"""Reading the log: who acted, and on whose word, stand apart and can each be asked for."""

import json
from pathlib import Path

import pytest

from govagents.adapters.sql.transaction import SqlTransaction
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.journey.terminal import Terminal, sit_at

RESPONDER, ANSWERABLE = "agent-sre-responder", "katarzyna.wolska"
ROLLBACK = (
    "Release 4.17.2 raised latency (INC-4411). I want to put tracking-web back on its previous "
    "revision, 20 minutes."
)
SPEAKER, OWNER = "viktor.horvath", "isabelle.laurent"
EDI = "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h"


@pytest.fixture(scope="module")
def asked(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Where one request was asked, approved and given."""
    company = made.copied(tmp_path_factory.mktemp("asked") / "store")
    assert company.approve(company.ask(SPEAKER, EDI), OWNER).status is Status.ACTIVE
    return company.restarted()


@pytest.fixture
def company(asked: Company, tmp_path: Path) -> Company:
    return asked.copied(tmp_path / "store")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def entries(terminal: Terminal, *filters: str) -> list[dict[str, str]]:
    found = terminal.data("audit", "show", "--most", "1000", *filters)["entries"]
    return [{**each["event"], "index": each["index"]} for each in found]


def test_the_same_entries_are_found_when_asked_by_agent_or_by_principal(terminal: Terminal) -> None:
    """S71: who did it and on whose word are two questions with two answers."""
    request = terminal.data("request", "list")["requests"][0]["request_id"]

    everything = entries(terminal, request)
    by_agent = entries(terminal, request, "--agent", "provisioner")
    by_principal = entries(terminal, request, "--principal", SPEAKER)
    both = entries(terminal, request, "--agent", "provisioner", "--principal", SPEAKER)

    assert both
    assert [one for one in by_agent if one in by_principal] == both
    assert {one["agent"] for one in by_agent} == {"provisioner"}
    assert {one["principal"] for one in by_principal} == {SPEAKER}
    assert len({one["agent"] for one in by_principal}) > 1
    assert [one for one in everything if one["agent"] == one["principal"]] == []


def test_an_agent_is_not_found_as_a_principal_when_it_only_acted(terminal: Terminal) -> None:
    """S71, S77: the roles are not interchangeable."""
    assert entries(terminal, "--agent", SPEAKER) == []
    assert entries(terminal, "--principal", "provisioner") == []


def test_every_entry_of_an_agents_request_is_found_when_its_owner_is_asked_for(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S71 S42: from an agent's word, also where it gives back, to the person who answers for it."""
    company = made.copied(tmp_path / "store")
    given = company.approve(company.ask(RESPONDER, ROLLBACK), ANSWERABLE)
    company.app.guard.end(given.grants[0].id, actor=IdentityId(RESPONDER), cause="given_back")
    request = given.request.id
    terminal = Terminal(company.restarted().home, capsys)

    found = entries(terminal, request, "--accountable", ANSWERABLE)

    everything = entries(terminal, request)
    assert found == [one for one in everything if one["principal"] != "none"]
    assert {one["accountable"] for one in everything} == {ANSWERABLE, "none"}
    by_agent = entries(terminal, request, "--principal", RESPONDER)
    by_person = entries(terminal, request, "--principal", ANSWERABLE)
    assert {"request.received", "grant.applied", "grant.ended"} <= {one["kind"] for one in by_agent}
    assert [one["kind"] for one in by_person] == ["answer.approved"]
    assert len(found) == len(by_agent) + len(by_person)
    assert entries(terminal, "--accountable", RESPONDER) == []
    assert f"{RESPONDER} ({ANSWERABLE})" in terminal.type("audit", "show", request).out
    assert terminal.data("audit", "verify")["ok"]


def test_the_owner_answers_for_nothing_when_the_log_takes_a_word_for_a_persons(
    made: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S71: without the shipped look-up an agent is the last name there is."""
    monkeypatch.setattr(SqlTransaction, "_answers_for", lambda _tx, principal: principal)
    company = made.copied(tmp_path / "store")

    asked = company.ask(RESPONDER, ROLLBACK)

    assert {event.accountable for _, event in asked.entries} == {RESPONDER}


def test_the_answer_is_the_approvers_when_asked_by_principal(terminal: Terminal) -> None:
    """The approver spoke, an agent of ours wrote it down, and the speaker gains."""
    answered = entries(terminal, "--principal", OWNER)

    assert [one["kind"] for one in answered] == ["answer.approved"]
    assert answered[0]["agent"] == "intake"
    assert answered[0]["subject"] == SPEAKER


def test_only_that_kind_is_shown_when_a_beginning_is_given(terminal: Terminal) -> None:
    assert [one["kind"] for one in entries(terminal, "--kind", "grant.")] == [
        "grant.intended",
        "grant.applied",
        "grant.verified",
    ]
    assert {one["subject"] for one in entries(terminal, "--subject", SPEAKER)} == {SPEAKER}


def test_the_newest_of_those_wanted_are_shown_when_there_are_more(terminal: Terminal) -> None:
    found = terminal.data("audit", "show", "--kind", "grant.", "--most", "1")["entries"]

    assert [each["event"]["kind"] for each in found] == ["grant.verified"]


def test_nothing_is_shown_when_nothing_fits(terminal: Terminal) -> None:
    shown = terminal.type("audit", "show", "--agent", "nobody.of.ours")

    assert (shown.code, "no entries" in shown.out) == (0, True)


def test_names_and_ids_stay_whole_when_the_window_has_80_columns(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=80)

    shown = terminal.type("audit", "show").out
    why = terminal.type("why", "--last").out

    for text in (shown, why):
        lines = [line.split() for line in text.splitlines()]
        row = next(line for line in lines if "grant.applied" in line)
        assert row[2:6] == ["grant.applied", "permit", "provisioner", SPEAKER]
        assert row[6].startswith("req_")


def test_a_proof_is_checked_without_the_store_when_only_key_and_checkpoint_were_kept(
    terminal: Terminal, tmp_path: Path
) -> None:
    """S78: what is given, who agreed, and that the log only grew, at another desk."""
    export, proof = tmp_path / "export", tmp_path / "proof.json"
    terminal.type("audit", "export", str(export))
    key, held = (export / "key").read_text().strip(), str(export / "checkpoint")
    request = terminal.data("request", "list")["requests"][0]["request_id"]
    terminal.type("sweep", "--once", "--now", "2026-11-24T09:00:00Z")
    made = terminal.type("audit", "prove", request, "--checkpoint", held, "--to", str(proof))
    elsewhere = Terminal(tmp_path / "nowhere", terminal.capsys)

    read = elsewhere.data(
        "audit", "verify", "--bundle", str(proof), "--key", key, "--checkpoint", held
    )

    assert made.code == 0
    assert read["ok"]
    kinds = [each["event"]["kind"] for each in read["proved"]]
    assert {"answer.approved", "grant.applied", "grant.ended"} <= set(kinds)
    assert elsewhere.data("audit", "verify", "--bundle", str(export), "--key", key)["ok"]
    assert {path.stat().st_mode & 0o777 for path in (proof, *export.iterdir())} == {0o600}


def test_a_proof_is_refused_when_it_was_changed_or_is_not_there(
    terminal: Terminal, tmp_path: Path
) -> None:
    """S78."""
    proof = tmp_path / "proof.json"
    terminal.type("audit", "prove", "5", "--to", str(proof))
    whole = json.loads(proof.read_text())
    whole["inclusion"][0]["index"] = 6
    proof.write_text(json.dumps(whole))

    changed = terminal.type("audit", "verify", "--bundle", str(proof))
    again = terminal.type("audit", "prove", "5", "--to", str(proof))
    nobody = terminal.type("audit", "prove", "req_nobody")
    missing = terminal.type("audit", "verify", "--bundle", str(tmp_path / "none"))

    assert (changed.code, "this is not proved at entry 6" in changed.words) == (1, True)
    assert (again.code, "name a new one" in again.err) == (2, True)
    assert (nobody.code, "no entry about `req_nobody`" in nobody.err) == (2, True)
    assert missing.code == 2

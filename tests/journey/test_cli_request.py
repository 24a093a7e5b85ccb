"""One request at the command line, with the real engine and the demo company."""

import json
import shlex

import pytest

from govagents.entrypoints.cli import inbox
from govagents.entrypoints.cli.readable import Views
from govagents.testing.company import Company
from tests.journey.terminal import Terminal, sit_at

EDI = "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h"
ASK_EDI = ("ask", EDI, "--as", "viktor.horvath")
READ_LOGS = (
    "INC-4411 again. Load-balancer logs next to the container logs of dispatch-api, three hours."
)
OPEN_ENDED = "I need access to the customer data, can you set me up? Thanks!"
OWNER = "isabelle.laurent"


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """At a store which a sweeper has just visited."""
    typed = Terminal(company.home, capsys)
    assert typed.type("sweep", "--once").code == 0
    return typed


def test_a_request_is_planned_approved_given_and_ended_when_people_type(
    terminal: Terminal,
) -> None:
    """One door, one approver, an end that is confirmed (S38, S40)."""
    asked = terminal.type(*ASK_EDI)
    approved = terminal.type("approve", "--last", "--as", OWNER)
    held = terminal.type("who-has", "od-edi-support")
    swept = terminal.type("sweep", "--once", "--now", "2026-11-23T13:00:00Z")
    after = terminal.type("who-has", "od-edi-support")

    assert (asked.code, approved.code, held.code, swept.code, after.code) == (5, 0, 0, 0, 0)
    assert asked.words.index("smallest set") < asked.words.index("pending")
    assert "excess weight 6 = lower bound 6, certified" in asked.words
    assert "(4 h) held" in approved.words
    assert "viktor.horvath" in held.out
    assert "expired, read back: not held" in swept.words
    assert "viktor.horvath" not in after.out


def test_nothing_ends_before_its_time_when_the_clock_is_a_second_short(terminal: Terminal) -> None:
    """The window is exact (S38)."""
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)

    early = terminal.data("sweep", "--once", "--now", "2026-11-23T12:59:59Z")
    due = terminal.data("sweep", "--once", "--now", "2026-11-23T13:00:00Z")

    assert early["expired"] == []
    assert len(due["expired"]) == 1


def test_a_request_is_denied_when_its_approver_says_no(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)

    denied = terminal.type("deny", "--last", "--reason", "not today", "--as", OWNER)
    again = terminal.type("ask", EDI, "--as", "viktor.horvath")

    assert denied.code == 0
    assert "denied" in denied.words
    assert again.code == 3


def test_nobody_decides_their_own_request_when_they_try(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)
    request = terminal.data("request", "list")["requests"][0]["request_id"]

    tried = terminal.type("approve", request, "--as", "viktor.horvath")

    assert tried.code == 1
    assert "is not for `viktor.horvath` to decide" in tried.err
    assert f"next  govagents request show {request}" in tried.err
    assert terminal.data("request", "show", request)["status"] == "pending"


def test_a_request_goes_back_when_its_approver_asks_something(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)

    back = terminal.type("return", "--last", "--ask", "which messages?", "--as", OWNER)

    assert back.code == 0
    assert "returned which messages?" in back.words


def test_whoever_asked_sees_the_question_until_they_ask_again_when_a_request_was_sent_back(
    terminal: Terminal,
) -> None:
    """S38: a returned request is over; what was asked back waits where its speaker looks."""
    terminal.type(*ASK_EDI)
    terminal.type("return", "--last", "--ask", "which messages?", "--as", OWNER)
    speaker = ASK_EDI[-1]

    seen = terminal.type("inbox", "--as", speaker)
    told = terminal.data("inbox", "--as", speaker)
    again = terminal.type(*shlex.split(told["next"])[1:])

    assert "question which messages?" in seen.words
    assert "nothing waits for you" not in seen.out
    assert [each["note"] for each in told["returned"]] == ["which messages?"]
    assert again.code in {0, 4}
    assert "nothing was sent" in again.out
    assert "nothing waits for you" in terminal.type("inbox", "--as", OWNER).out

    terminal.type("ask", f"{ASK_EDI[1]}, those of today", *ASK_EDI[2:])

    assert terminal.data("inbox", "--as", speaker)["returned"] == []


def test_the_question_is_lost_when_the_inbox_does_not_look_for_what_was_sent_back(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line taken away, and nothing waits for whoever was asked."""
    terminal.type(*ASK_EDI)
    terminal.type("return", "--last", "--ask", "which messages?", "--as", OWNER)
    monkeypatch.setattr(inbox, "_sent_back", lambda session, person: Views((), ()))

    assert "nothing waits for you" in terminal.type("inbox", "--as", ASK_EDI[-1]).out


def test_a_request_is_withdrawn_when_its_speaker_cancels(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)

    cancelled = terminal.type("request", "cancel", "--last", "--as", "viktor.horvath")
    late = terminal.type("approve", "--last", "--as", OWNER)

    assert "cancelled" in cancelled.words
    assert late.code == 2
    assert "no request waiting for you" in late.err


def test_a_question_is_answered_when_a_fact_was_missing(terminal: Terminal) -> None:
    asked = terminal.type("ask", OPEN_ENDED, "--as", "daniel.osei")
    shown = terminal.data("request", "show", "--last")
    answered = terminal.type("request", "answer", shown["request_id"], "1", "--as", "daniel.osei")

    assert asked.code == 4
    assert shown["status"] == "needs_info"
    assert shown["question"]["text"]
    assert shown["next"].startswith(f"govagents request answer {shown['request_id']}")
    assert answered.out


@pytest.mark.parametrize("number", ["0", "99"])
def test_a_number_is_refused_when_it_is_none_of_the_options(
    number: str, terminal: Terminal
) -> None:
    """S38: it is no wish of its own, and the question goes on waiting."""
    terminal.type("ask", OPEN_ENDED, "--as", "daniel.osei")
    request = terminal.data("request", "show", "--last")["request_id"]

    tried = terminal.type("request", "answer", request, number, "--as", "daniel.osei")

    assert tried.code == 2
    assert f"`{number}` is none of the options: write 1 to " in tried.err
    assert terminal.data("request", "show", "--last")["status"] == "needs_info"


def test_the_catalog_is_what_to_look_at_when_nobody_holds_a_role(terminal: Terminal) -> None:
    looked = terminal.data("who-has", "ap-queue-operator")

    assert looked["next"] == "govagents catalog show ap-queue-operator"


def test_only_who_may_is_told_to_revoke_when_somebody_else_gives_back(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)
    grant = terminal.data("grant", "list")["grants"][0]
    owner = grant["owners"][0]

    stranger = terminal.type("grant", "give-back", grant["id"], "--as", "daniel.osei")
    theirs = terminal.type("grant", "give-back", grant["id"], "--as", owner)

    assert (stranger.code, theirs.code) == (2, 2)
    assert (
        f"is for {' or '.join(sorted({*grant['owners'], *grant['accountable']}))}" in stranger.err
    )
    assert "use `govagents grant revoke" in theirs.err


def test_the_inbox_shows_the_words_and_why_it_is_you_when_a_request_waits(
    terminal: Terminal,
) -> None:
    terminal.type(*ASK_EDI)

    mine = terminal.type("inbox", "--as", OWNER)
    theirs = terminal.type("inbox", "--as", "kenji.watanabe")

    assert f"│ {EDI}" in mine.out
    assert "waits for you: next above the owner of the role" in mine.words
    assert "govagents approve req_" in mine.out
    assert "nothing waits for you" in theirs.out


def test_why_names_policy_facts_proof_and_entries_when_a_grant_was_given(
    terminal: Terminal,
) -> None:
    """Who, what, under which policy, for how long (S42); static and dynamic factors."""
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)
    grant = terminal.data("grant", "list")["grants"][0]

    by_grant = terminal.data("why", grant["id"])
    by_decision = terminal.data("why", grant["decision"])
    read = terminal.type("why", grant["id"])

    assert by_grant == by_decision
    assert by_grant["decision"]["policy_digest"]
    assert by_grant["proposal"]["proof"]["certificate"]
    assert by_grant["assessment"]["static_factors"]
    assert by_grant["assessment"]["dynamic_factors"]
    assert "grant.verified" in [entry["event"]["kind"] for entry in by_grant["entries"]]
    assert "static factors" in read.out
    assert "dynamic factors" in read.out


def test_a_grant_is_given_back_when_its_holder_is_done(terminal: Terminal) -> None:
    """One may always end one's own access (S44)."""
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)

    back = terminal.type("grant", "give-back", "--last", "--as", "viktor.horvath")

    assert back.code == 0
    assert "revoked" in back.words
    assert "read back not held" in back.words


def test_a_grant_is_not_given_back_when_it_is_somebody_elses(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)

    refused = terminal.type("grant", "give-back", "--last", "--as", OWNER)
    revoked = terminal.type("grant", "revoke", "--last", "--as", OWNER)

    assert refused.code == 2
    assert "use `govagents grant revoke gr_" in refused.err
    assert (revoked.code, "revoked" in revoked.words) == (0, True)


def test_nothing_is_given_when_nothing_would_end_it(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(company.home, capsys)
    terminal.type(*ASK_EDI)

    approved = terminal.type("approve", "--last", "--as", OWNER)

    assert approved.code == 6
    assert "start one with `govagents sweep --every 30s`" in approved.words
    assert terminal.data("grant", "list", "--all")["grants"] == []


def test_every_answer_ends_with_a_command_when_it_is_for_people(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)
    commands = (
        ("doctor",),
        ("request", "list"),
        ("request", "show", "--last"),
        ("inbox", "--as", OWNER),
        ("grant", "list"),
        ("who-has", "od-edi-support"),
        ("access", "viktor.horvath"),
        ("why", "--last"),
        ("audit", "verify"),
        ("audit", "show"),
        ("catalog", "show"),
        ("catalog", "search", "parked", "messages"),
        ("policy", "lint"),
        ("memory", "rebuild"),
        ("sweep", "--once"),
    )

    answers = {command: terminal.type(*command).out.rstrip("\n") for command in commands}
    last = {command: answer.split("\n")[-1].lstrip() for command, answer in answers.items()}

    assert [
        command
        for command, line in last.items()
        if not line.removeprefix("next  ").startswith("govagents ")
    ] == []


def test_every_answer_is_one_json_value_when_json_is_asked_for(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)
    commands = (
        ("doctor",),
        ("request", "list"),
        ("request", "show", "--last"),
        ("inbox", "--as", OWNER),
        ("grant", "list"),
        ("grant", "show", "--last"),
        ("who-has", "od-edi-support"),
        ("access", "viktor.horvath"),
        ("why", "--last"),
        ("audit", "verify"),
        ("audit", "show"),
        ("catalog", "show"),
        ("catalog", "search", "parked", "messages"),
        ("policy", "lint"),
        ("policy", "test"),
        ("memory", "rebuild"),
        ("sweep", "--once"),
    )

    answers = {command: terminal.data(*command) for command in commands}

    assert [command for command, data in answers.items() if not data["next"]] == []


def test_a_scheduled_sweep_says_when_and_what_when_its_answer_is_kept(terminal: Terminal) -> None:
    terminal.type(*ASK_EDI)
    terminal.type("approve", "--last", "--as", OWNER)

    swept = terminal.type("sweep", "--once", "--json", "--now", "2026-11-23T13:00:00Z")

    said = json.loads(swept.out)
    assert (swept.code, swept.err) == (0, "")
    assert (said["at"], said["failed"], len(said["expired"])) == ("2026-11-23T13:00:00Z", [], 1)


def test_a_list_of_requests_names_whom_and_what_when_the_window_has_80_columns(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=80)
    terminal.type(*ASK_EDI)

    row = terminal.type("request", "list").out.splitlines()[1].split()

    assert row[1:4] == ["pending", "viktor.horvath", "od-edi-support"]

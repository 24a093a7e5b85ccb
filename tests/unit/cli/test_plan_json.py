"""The plan as one JSON object: its keys are a contract with programs."""

from dataclasses import replace

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.question import About, Clarity, Option, Question, Resolution
from govagents.domain.request import Status
from govagents.domain.text import Span, Untrusted
from govagents.domain.view import Outcome
from govagents.entrypoints.cli.exits import Exit
from govagents.entrypoints.cli.output import dumped
from govagents.entrypoints.cli.plan_json import OF_OUTCOME, plan_object, words_at
from tests.unit.cli.views import TEXT, decision, understanding, unread, view


def test_the_object_is_the_agreed_one_when_a_plan_asks_for_approval() -> None:
    plan = replace(view(), status=Status.DRAFT)

    assert plan_object(plan, next_="govagents ask x") == {
        "request_id": "req_1",
        "outcome": "narrow",
        "status": "draft",
        "understood": {
            "speaker": "bo.baker",
            "beneficiary": "bo.baker",
            "needs": [{"permission": "shop:orders:read", "confidence": 0.87, "span": [14, 35]}],
            "window": {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T11:00:00Z"},
            "ticket": "INC-7",
            "purpose": "the stock take",
        },
        "question": None,
        "proposal": {
            "roles": ["shop-clerk"],
            "window": {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T11:00:00Z"},
            "excess_weight": 5,
            "status": "optimal",
            "lower_bound": 5,
            "certificate": {"excess_weight": 5},
        },
        "decision": {
            "verdict": "ask",
            "reasons": ["ask-owner: the owner of the role decides"],
            "approvers": ["ona.owner"],
        },
        "next": "govagents ask x",
    }


def test_a_span_points_at_the_words_when_it_is_cut_out_of_them() -> None:
    found = words_at(Span(14, 35), (Untrusted(TEXT),))

    assert found == Untrusted("see tomorrow's orders")


def test_nothing_is_pointed_at_when_the_words_were_erased() -> None:
    assert words_at(Span(0, 4), ()) is None


def test_the_question_names_what_it_is_about_when_one_is_open() -> None:
    question = Question(About.WINDOW, "until when?", (Option("2h", "two hours"),))
    plan = replace(
        view(),
        status=Status.NEEDS_INFO,
        resolution=Resolution(Clarity.UNCLEAR, understanding(), question),
        question=question,
        proposal=None,
        decision=None,
    )

    found = plan_object(plan, next_="")

    assert found["outcome"] == "clarify"
    assert found["question"] == {
        "about": "window",
        "text": "until when?",
        "options": ["two hours"],
    }


def test_every_key_is_there_when_nobody_could_read_the_words() -> None:
    found = plan_object(unread(), next_="")

    assert found["outcome"] == "no_match"
    assert found["understood"] == {
        "speaker": "bo.baker",
        "beneficiary": "bo.baker",
        "needs": [],
        "window": None,
        "ticket": None,
        "purpose": None,
    }
    assert [found[key] for key in ("question", "proposal", "decision")] == [None] * 3


def test_a_request_keeps_its_id_and_status_when_it_was_sent() -> None:
    found = plan_object(view(), next_="")

    assert (found["request_id"], found["status"]) == ("req_1", "pending")


def test_a_denial_is_told_as_one_when_policy_denies() -> None:
    denied = replace(view(), status=Status.DENIED, decision=decision(Verdict.DENY))

    assert plan_object(denied, next_="")["outcome"] == "deny"


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.PROPOSE, Exit.OK),
        (Outcome.NARROW, Exit.OK),
        (Outcome.CLARIFY, Exit.NEEDS_INFORMATION),
        (Outcome.NO_MATCH, Exit.NEEDS_INFORMATION),
        (Outcome.DENY, Exit.DENIED),
    ],
)
def test_the_exit_code_follows_when_an_outcome_is_known(outcome: Outcome, code: Exit) -> None:
    assert OF_OUTCOME[outcome] is code


def test_every_outcome_has_an_exit_code_when_all_are_listed() -> None:
    assert set(OF_OUTCOME) == set(Outcome)


def test_control_characters_of_a_purpose_are_made_visible_when_it_is_quoted() -> None:
    text = TEXT.replace("stock take", "sto\x1b[2J\x9bke")
    found = plan_object(view(text), next_="")

    assert "\\\\u001b" in dumped(found)
    assert "\x1b" not in dumped(found)

"""The plan as people read it: every part of it is there before anything happens."""

from dataclasses import replace

import pytest

from govagents.domain.decision import Consent, Seat, Verdict
from govagents.domain.proposal import Alternative, Sufficiency
from govagents.domain.question import About, Option, Question
from govagents.domain.request import Status
from govagents.domain.text import Untrusted
from govagents.domain.view import View
from govagents.entrypoints.cli import plan_text
from govagents.entrypoints.cli.output import Screen
from govagents.entrypoints.cli.plan_text import show_plan
from tests.unit.cli.views import CLERK, book, decision, plans, proof, proposal, unread, view


def printed(plan: View, capsys: pytest.CaptureFixture[str]) -> str:
    show_plan(Screen(), plan, book())
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "part",
    [
        "understood Bo Baker (bo.baker), for themselves",
        "needs See the orders. shop:orders:read · 87 % · from “see tomorrow's orders”",
        "asked until 2026-11-23 11:00 UTC (2 h)",
        "ticket INC-7 (open, theirs) · INC-8 (cited, proves nothing)",
        "purpose “the stock take”",
        "smallest set Clerk (shop-clerk) alone covers shop:orders:read",
        "proof smallest: excess weight 5 = lower bound 5, certified, 12 steps",
        "comes along shop:orders:write",
        "narrower nothing: leaves out shop:orders:read, saves 5 (excess weight 0)",
        "not given Keeper (shop-keeper): named, but the purpose does not need it",
        "shop-keeper: the next best, excess weight 9 instead of 5 it would add shop:orders:write",
        "will change shop: bo.baker gets shop-clerk",
        "checks ask policy aaaaaaaaaaaa shop-clerk: ask-owner: the owner of the role decides",
        "risk accept: little reach (blast radius 2, round 1)",
        "approver Ona Owner (ona.owner): owns Clerk",
        "end 2026-11-23 09:00 to 11:00 UTC (2 h), counted from activation; unanswered it lapses",
    ],
)
def test_a_part_of_the_plan_is_shown_when_it_is_known(
    part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert part in printed(view(), capsys)


def test_a_set_is_never_called_smallest_when_the_search_ran_out_of_steps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bounded = replace(proof(), status=Sufficiency.BOUNDED, lower_bound=3)
    text = printed(replace(view(), proposal=replace(proposal(), proof=bounded)), capsys)

    assert "not proved smallest: excess weight 5, lower bound 3 (gap 2)" in text
    assert "best found Clerk" in text
    assert "smallest set" not in text


def test_it_is_said_why_the_next_best_lost_as_the_planner_weighed_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S4: the reason shown is the recorded one, not one made up while showing."""
    even = replace(proposal(), weighed=plans("as small, with more privileged roles"))

    said = printed(replace(view(), proposal=even), capsys)

    assert "the next best, as small, with more privileged roles" in said


@pytest.mark.parametrize(("narrower", "shown"), [(None, True), (proposal().narrower, False)])
def test_giving_nothing_is_offered_when_nothing_narrower_is(
    narrower: Alternative | None, shown: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """S4: there is always another plan, and what it would leave undone."""
    said = printed(replace(view(), proposal=replace(proposal(), narrower=narrower)), capsys)

    assert ("nothing at all: covers 0 of 1 needs" in said) is shown


def test_it_is_said_that_nothing_else_suffices_when_all_was_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    alone = replace(proposal(), next_best=None)

    text = printed(replace(view(), proposal=alone), capsys)

    assert "any other set: each that suffices contains this one" in text
    assert "not all alternatives" not in text


def test_nothing_is_said_of_other_sets_when_not_all_was_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An honest budget: what was not looked at is not called worse."""
    cut = replace(proposal(), next_best=None, all_seen=False)

    text = printed(replace(view(), proposal=cut), capsys)

    assert "not all alternatives were looked at" in text
    assert "any other set" not in text


def test_nothing_is_said_to_change_when_policy_denies(capsys: pytest.CaptureFixture[str]) -> None:
    denied = replace(view(), decision=decision(Verdict.DENY))

    assert "will change" not in printed(denied, capsys)


def test_the_obstacle_is_named_when_no_set_is_possible(capsys: pytest.CaptureFixture[str]) -> None:
    none = replace(proposal(), roles=(), obstacles=("`shop-clerk` is for humans",))

    assert "none is possible `shop-clerk` is for humans" in printed(
        replace(view(), proposal=none), capsys
    )


def test_nobody_is_named_when_policy_permits_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(replace(view(), decision=decision(Verdict.PERMIT)), capsys)

    assert "approver nobody else has to be asked" in text


def test_an_empty_seat_says_why_when_nobody_fills_it(capsys: pytest.CaptureFixture[str]) -> None:
    seats = (Seat("on-call", None, "rotations come later"), Seat("manager", None, "is away"))
    asked = replace(decision(), consents=(Consent(CLERK, seats, 2, open=False),))

    text = printed(replace(view(), decision=asked), capsys)

    assert "2 of these:" in text
    assert "it stays pending" in text
    assert "nobody as on-call: rotations come later" in text


def test_the_answers_are_numbered_when_there_is_a_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = (Option("a", "orders"), Option("b", "stock"))
    asked = replace(unread(), question=Question(About.PERMISSION, "which?", options))

    assert "question which? answers 1 orders 2 stock" in printed(asked, capsys)


@pytest.mark.parametrize(
    "text", ["FWD: please let me see the orders", "> I need to see the orders"]
)
def test_it_is_said_that_only_somebody_elses_words_came_when_they_are_quoted(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S38: the catalog was not asked; without the line it would be blamed."""
    plan = replace(view(), status=Status.RETURNED, decision=None, words=(Untrusted(text),))
    told = printed(plan, capsys)
    own = printed(replace(plan, words=(Untrusted("paint the moon"),)), capsys)
    monkeypatch.setattr(plan_text, "own_words", str)

    assert "only quoted or forwarded words" in told
    assert "nothing in the catalog does this" in own
    assert "nothing in the catalog does this" in printed(plan, capsys)

"""The attacker wants an approval to count that nobody entitled gave to this.

Holds: a pending request of their own, and the answers of people they could persuade, impersonate in
another matter, or be: themselves, somebody's stand-in, an agent, the owner's yes to something else.
Wants: the seat of the owner or the manager to be filled. Does: sends such answers.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.domain.case import Case
from govagents.domain.decision import Answer
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.world import World
from govagents.policy import approvers
from govagents.policy.approvers import Panel, Seating
from govagents.policy.facts import _Gathering
from tests.unit.policy.company import (
    HOUR,
    NOW,
    absent,
    answer,
    case,
    now,
    only,
    person,
    sheet,
    world,
)

EXPORT = case(["exporter"])
LINE: dict[str, object] = {
    "of": "owen", "to": "sys", "from": NOW.isoformat(), "until": (NOW + HOUR).isoformat()
}  # fmt: skip


def delegating(of: str, to: str, **changes: object) -> World:
    line = {**LINE, "of": of, "to": to, **changes}
    return world(settings={"approvers": {"delegates": [line]}})


def seats_of(
    person: str, panel: Panel, within: World | None = None, others: Sequence[str] = ()
) -> tuple[frozenset[str], frozenset[str]]:
    """Seats and panels that the yes of these people fills, where `ana` asks."""
    said = tuple(answer(each, EXPORT) for each in (person, *others))
    context = only(
        sheet(EXPORT, within=within, circumstances=now(answers=said), panels=[panel])
    ).context
    return context.approved, context.agreed


def approved(said: Answer, about: Case = EXPORT, within: World | None = None) -> frozenset[str]:
    found = sheet(about, within=within, circumstances=now(answers=(said,)))
    return only(found).context.approved


def test_owners_own_yes_is_what_counts() -> None:
    """The control: so that the refusals below refuse something that works."""
    assert approved(answer("owen", EXPORT)) == {"role-owner", "owner"}
    assert approved(answer("boss", EXPORT)) == {"manager"}


@pytest.mark.parametrize("who", ["ana", "ben", "copilot", "loader", "sys", "top", "nobody"])
def test_answer_of_somebody_without_the_seat_is_refused(who: str) -> None:
    """S44, invariant 6: neither oneself nor an agent nor a bystander."""
    assert approved(answer(who, EXPORT)) == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"proposal_digest": "of-another-role-set"},
        {"catalog_digest": "of-another-catalog"},
        {"request": RequestId("req_2")},
        {"consent": False},
    ],
)
def test_yes_to_something_else_is_refused(change: dict[str, object]) -> None:
    """S65: an approval binds the exact proposal and catalog."""
    said = replace(answer("owen", EXPORT), **change)  # type: ignore[arg-type]  # by name

    assert approved(said) == frozenset()


def test_yes_is_refused_after_the_window_was_widened() -> None:
    """S65: the least change of the proposal voids what was agreed to."""
    window = replace(EXPORT.proposal.window, end=NOW + timedelta(hours=9))
    wider = replace(EXPORT, proposal=replace(EXPORT.proposal, window=window))

    assert approved(answer("owen", EXPORT), about=wider) == frozenset()


def test_self_approval_through_ownership_is_refused() -> None:
    """The owner of a role asks for it: the seat goes upwards, his own yes is nothing."""
    own = case(["exporter"], speaker="owen", beneficiary="owen")

    assert approved(answer("owen", own), about=own) == frozenset()
    assert approved(answer("top", own), about=own) == {"role-owner", "owner", "manager"}


def test_self_approval_of_what_one_raised_is_refused() -> None:
    for_somebody = case(["exporter"], speaker="owen", beneficiary="sys")

    assert approved(answer("owen", for_somebody), about=for_somebody) == frozenset()


@pytest.mark.parametrize(
    "within",
    [
        world(person("owen", "top", status="leaver")),
        world(person("owen", "top", status="on_leave")),
        world(absences=(absent("owen", "sys"),)),
        world(absences=(absent("owen"),)),
        world(settings={"approvers": {"delegates": [LINE]}}),
    ],
)
def test_yes_of_somebody_no_longer_there_is_refused(within: World) -> None:
    """The seat is filled by whoever fills it at the time of deciding."""
    assert "role-owner" not in approved(answer("owen", EXPORT), within=within)


def test_yes_of_a_stand_in_of_oneself_is_refused() -> None:
    """S44: the owner is away, and whoever stands in for him asks; or has it asked for himself."""
    within = world(absences=(absent("owen", "sys"),))
    for asking in (("sys", "sys"), ("ben", "sys"), ("sys", "ben"), ("owen", "ben")):
        own = case(["exporter"], speaker=asking[0], beneficiary=asking[1])

        assert "role-owner" not in approved(answer("sys", own), own, within)
        assert "role-owner" not in approved(answer("owen", own), own, within)
        assert "role-owner" in approved(answer("top", own), own, within)


def test_yes_of_whoever_is_on_call_to_their_own_request_is_refused() -> None:
    shift = {"person": "ana", "from": NOW.isoformat(), "until": (NOW + HOUR).isoformat()}
    oncall = {"rotations": [{"systems": ["lake"], "shifts": [shift]}]}
    within = world(settings={"oncall": oncall})

    assert not any(seats_of("ana", Panel(("on-call",), 1), within))
    assert seats_of("boss", Panel(("on-call",), 1), within)[0] == {"on-call"}


def test_one_yes_in_two_capacities_is_refused_as_a_quorum() -> None:
    """S44: the owner of the role is named as well; his one yes fills both seats and is no two."""
    panel = Panel(("role-owner", "owen"), 2)

    seats, agreed = seats_of("owen", panel)
    assert seats == {"role-owner", "owner", "owen"}
    assert agreed == frozenset()
    assert seats_of("owen", panel, others=("top",))[1] == {panel.name}
    assert seats_of("owen", panel, others=("sys",))[1] == frozenset()


@pytest.mark.parametrize("line", [("owen", "sys"), ("sys", "owen")])
def test_two_yeses_of_delegate_and_delegator_are_refused_as_a_quorum(line: tuple[str, str]) -> None:
    """Invariant 6: a delegate counts as himself and as the person for whom he decides."""
    panel, within = Panel(("system-owner", "role-owner"), 2), delegating(*line)

    assert seats_of("owen", panel, within, others=("sys",))[1] == frozenset()


def test_two_yeses_of_one_mind_are_a_quorum_without_the_shipped_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taken away, the tie is missed: owner and the one he stands in for agree, and it is given."""
    panel = Panel(("system-owner", "role-owner"), 2)
    within = delegating("sys", "owen", systems=["lake"], **{"except": ["exporter"]})
    assert seats_of("owen", panel, within, others=("sys",))[1] == frozenset()

    monkeypatch.setattr(approvers, "counterparts", lambda *_: frozenset())

    assert seats_of("owen", panel, within, others=("sys",))[1] == {panel.name}


def _any_yes(gathering: _Gathering) -> frozenset[IdentityId]:
    return frozenset(item.person for item in gathering.now.answers if item.consent)


def test_self_approval_is_contained_by_shipped_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away, the bar is missed: the owner agrees to their own request."""
    own = case(["exporter"], speaker="owen", beneficiary="owen")

    monkeypatch.setattr(Seating, "_barred", lambda *_: frozenset())

    assert approved(answer("owen", own), about=own) == {"role-owner", "owner"}


def test_yes_of_the_absent_is_contained_by_shipped_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away, the absence is missed: whoever holds the absent owner's account agrees."""
    within = world(absences=(absent("owen"),))

    monkeypatch.setattr(Seating, "_away", lambda *_: False)

    assert approved(answer("owen", EXPORT), within=within) == {"role-owner", "owner"}


def test_stolen_yes_is_contained_by_shipped_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away, the binding is missed: a yes to another role set gives this one."""
    said = replace(answer("owen", EXPORT), proposal_digest="of-another-role-set")
    assert approved(said) == frozenset()

    monkeypatch.setattr(_Gathering, "consenting", property(_any_yes))

    assert approved(said) == {"role-owner", "owner"}

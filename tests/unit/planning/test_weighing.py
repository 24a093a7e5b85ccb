"""Every proposal stands among the plans that were weighed, with their scores and losses (S4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.action.looking import Unasked
from govagents.domain.ids import IdentityId, PermissionId, RequestId, RoleId
from govagents.domain.proposal import Proposal, Sufficiency
from govagents.domain.question import Clarity, Resolution
from govagents.domain.request import Need, Request, Understanding
from govagents.domain.text import Span
from govagents.domain.weighed import PlanKind, Score, Weighed
from govagents.planning import weighing
from govagents.planning.problem import SetsByCatalog
from govagents.planning.proposer import Proposer
from govagents.planning.weighing import Rival, Weighing
from govagents.solver.weights import Weights
from tests.unit.planning.office import ANA, Office, assessed, catalog_of, office, proposed
from tests.unit.policy.company import HOUR, NOW, PERMISSIONS, ROLES, person, role, world

READ, EXPORT, PAY, KEYS, ERASE, APPROVE = (
    "lake:stats:read",
    "lake:stats:export",
    "till:payments:create",
    "lake:keys:admin",
    "lake:trail:erase",
    "till:payments:approve",
)
LOSSES: Mapping[str, tuple[Sequence[str], str]] = {
    "covers less": (("reader",), "covers 1 of 2 needs"),
    "more excess": (("desk", "till"), "excess weight 5 instead of 0"),
    "more roles": (("payer", "reader"), "of the same excess weight with more roles"),
    "changes more": (("changing",), "as small, and more of what comes along changes something"),
    "more privileged": (("master",), "as small, with more privileged roles"),
    "alphabet": (("zulu",), "as good by every rule, later in the alphabet"),
    "nothing": ((), "covers 0 of 2 needs"),
}
FREE = replace(Weights.default(), table={**Weights.default().table, "write": 0, "read": 0})


def kinds(found: Proposal) -> list[str]:
    return [each.kind.value for each in found.weighed]


def again(at: Office, before: Proposal, **changes: object) -> Proposal:
    """The next round, after the risk agent countered `before`."""
    counter = replace(assessed(at, before), **changes)  # type: ignore[arg-type]  # fields by name
    meant = Understanding(ANA, ANA, (Need(PermissionId(KEYS), 90, Span(0, 0)),), None, None, None)
    proposer = Proposer(at, at, at, SetsByCatalog(Weights.default()), Unasked())
    return proposer(
        {
            "request": Request(RequestId("req_1"), ANA, None, NOW, ""),
            "resolution": Resolution(Clarity.CLEAR, meant),
            "assessment": counter,
            "proposal": before,
        }
    )["proposal"]


@pytest.mark.parametrize("case", LOSSES)
def test_a_plan_lost_by_the_first_term_that_differs(case: str) -> None:
    """S4: the solver's own order, term by term; what is covered comes first."""
    roles = (
        role("bundle", READ, PAY),
        role("reader", READ),
        role("payer", PAY),
        role("desk", READ, ERASE),
        role("till", PAY),
        role("changing", READ, PAY, ERASE),
        role("master", READ, PAY, privileged=True),
        role("zulu", READ, PAY),
    )
    names, why = LOSSES[case]
    weights = FREE if case == "changes more" else Weights.default()
    chosen = replace(
        proposed(office(PERMISSIONS, roles), READ, PAY), roles=(RoleId("bundle"),), weighed=()
    )
    rival = Rival(PlanKind.NEXT_BEST, tuple(RoleId(name) for name in names))

    found = Weighing(catalog_of(PERMISSIONS, roles), weights, chosen).plans([rival])

    assert found[0].lost == ""
    assert found[1].lost == why


def test_the_score_of_the_chosen_plan_is_the_one_that_was_proved() -> None:
    """S4 S5: counted a second time, from the catalog alone."""
    always = role("always", READ, ERASE, max_time=2 * HOUR)
    sometimes = role("till", PAY, KEYS, conditional=frozenset({PermissionId(KEYS)}))

    found = proposed(office(PERMISSIONS, (always, sometimes)), READ, PAY)

    assert found.roles == ("always", "till")
    assert found.weighed[0].score == Score(2, found.proof.excess_weight, 2, 2, 0, 2 * HOUR)


def test_giving_nothing_is_weighed_when_no_other_set_suffices() -> None:
    """S4: there is always a second plan, with what it leaves undone."""
    found = proposed(office(PERMISSIONS, ROLES), EXPORT)

    nothing = Score(0, 0, 0, 0, 0, timedelta(0))
    assert (found.next_best, found.narrower) == (None, None)
    assert kinds(found) == ["chosen", "give nothing"]
    assert found.weighed[1] == Weighed(PlanKind.NOTHING, (), nothing, "covers 0 of 1 needs")


def test_one_plan_alone_is_left_when_giving_nothing_is_not_weighed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S4: the line that makes it so, taken away."""
    monkeypatch.setattr(
        weighing.Weighing, "plans", lambda self, rivals: tuple(self._weighed(rivals))[:-1]
    )

    assert len(proposed(office(PERMISSIONS, ROLES), EXPORT).weighed) == 1


def test_the_set_that_a_rule_forbids_is_weighed_when_none_is_possible() -> None:
    """S4: giving nothing is chosen, and what it was weighed against lost by the rule's name."""
    roles = (role("payer", PAY), role("till", APPROVE, READ))

    found = proposed(office(PERMISSIONS, roles, held=("payer",)), READ)

    barred = found.weighed[1]
    assert kinds(found) == ["give nothing", "barred"]
    assert barred.roles == ("till",)
    assert barred.lost == "separation of duties: `payments` forbids every set that would suffice"


def test_the_set_of_another_audience_is_weighed_when_none_may_be_requested() -> None:
    """S4."""
    found = proposed(office(PERMISSIONS, (role("r", READ, requestable_by=frozenset()),)), READ)

    assert [(each.kind.value, each.roles) for each in found.weighed[1:]] == [("barred", ("r",))]
    assert found.weighed[1].lost.endswith("may be requested by `human`")


@pytest.mark.parametrize(
    ("audience", "why"),
    [({"human"}, "excess weight 85 instead of 0"), (set(), "`keeper` may not be given to")],
)
def test_a_role_the_words_named_is_weighed_when_less_is_proposed(
    audience: set[str], why: str
) -> None:
    """S4: whoever asked for the wide role sees why it lost."""
    wide = role("keeper", READ, KEYS, ERASE, requestable_by=frozenset(audience))
    at = office(PERMISSIONS, (role("reader", READ), wide))
    meant = Understanding(
        ANA,
        ANA,
        (Need(PermissionId(READ), 90, Span(0, 0)),),
        None,
        None,
        None,
        narrowed=(RoleId("keeper"),),
    )
    proposer = Proposer(at, at, at, SetsByCatalog(Weights.default()), Unasked())
    request = Request(RequestId("req_1"), IdentityId("ana"), None, NOW, "")

    found = proposer({"request": request, "resolution": Resolution(Clarity.CLEAR, meant)})

    named = [each for each in found["proposal"].weighed if each.kind is PlanKind.NAMED]
    assert [each.roles for each in named] in ([("keeper",)], [])
    weighed = {each.roles: each.lost for each in found["proposal"].weighed}
    assert weighed[RoleId("keeper"),].startswith(why)


def test_what_the_risk_agent_countered_stays_with_its_reasons_in_later_rounds() -> None:
    """S4: the first plan was better by score and lost by risk; so did the second."""
    ana = replace(person("ana", "boss"), trust=39)
    plain = role("plain", KEYS, ERASE, READ)
    at = office(
        PERMISSIONS,
        (role("keeper", KEYS, privileged=True), plain),
        company=world(ana, separation=()),
    )

    first = proposed(at, KEYS)
    second = again(at, first)
    third = again(at, second)

    countered = [
        [(each.roles, each.score.length, each.lost) for each in found.weighed
         if each.kind is PlanKind.OBJECTED]
        for found in (first, second, third)
    ]  # fmt: skip
    privileged = "countered by risk: trust 39 does not carry a privileged role"
    longer = "countered by risk: trust 39 carries 4:00:00 at most"
    whole = timedelta(hours=8)
    assert (first.roles, second.roles, third.roles) == (("keeper",), ("plain",), ("plain",))
    assert countered[0] == []
    assert countered[1] == [(("keeper",), whole, privileged)]
    assert (("plain",), whole, longer) in countered[2]
    assert (("keeper",), whole, privileged) in countered[2]


def test_a_better_plan_is_said_to_be_found_late_when_the_search_ran_out_of_steps() -> None:
    """S4: nothing is called worse than what it beats."""
    roles = (role("reader", READ), role("wide", READ, ERASE))
    plain = proposed(office(PERMISSIONS, roles), READ)
    cut = replace(
        plain,
        roles=(RoleId("wide"),),
        proof=replace(plain.proof, status=Sufficiency.BOUNDED),
    )
    rival = Rival(PlanKind.NEXT_BEST, (RoleId("reader"),))

    found = Weighing(catalog_of(PERMISSIONS, roles), Weights.default(), cut).plans([rival])

    assert found[1].lost == "found only after the search had ended"


def test_the_same_plan_is_weighed_once_whatever_brought_it_up() -> None:
    """S4: two plans are two plans."""
    at = office(PERMISSIONS, (role("reader", READ), role("wide", READ, ERASE)))
    chosen = proposed(at, READ)
    twice = [Rival(kind, (RoleId("wide"),)) for kind in (PlanKind.NEXT_BEST, PlanKind.NAMED)]

    found = Weighing(at.catalog, Weights.default(), chosen).plans(twice)

    assert [each.kind for each in found] == [
        PlanKind.CHOSEN,
        PlanKind.NEXT_BEST,
        PlanKind.NOTHING,
    ]

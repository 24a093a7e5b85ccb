"""The deterministic check that a plan must pass before anything is done (S13).

Honest proposals pass; each lie about set, score, needs, weights, catalog or problem is refused.
"""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from govagents.action.proof import ProofCheck
from govagents.domain.ids import RoleId
from govagents.domain.proposal import Proposal, Sufficiency
from govagents.planning import proposer
from govagents.solver.weights import Weights
from tests.unit.planning.office import Office, office, proposed
from tests.unit.policy.company import PERMISSIONS, ROLES, role

READ, PAY = "lake:stats:read", "till:payments:create"
OFFICE: Office = office(
    PERMISSIONS, (*ROLES, role("desk", READ, PAY, "lake:trail:erase", "lake:keys:admin"))
)
WIDE = ("desk",)


def certified(proposal: Proposal, **lies: object) -> Proposal:
    """`proposal` under its certificate with some lines rewritten."""
    assert proposal.proof.certificate is not None
    text = json.dumps({**json.loads(proposal.proof.certificate), **lies}, sort_keys=True)
    return replace(proposal, proof=replace(proposal.proof, certificate=text))


def wider(proposal: Proposal) -> Proposal:
    return replace(proposal, roles=tuple(RoleId(each) for each in WIDE))


def wider_and_certified(proposal: Proposal) -> Proposal:
    return certified(wider(proposal), roles=list(WIDE))


def wider_with_its_score(proposal: Proposal) -> Proposal:
    scored = replace(proposal.proof, excess_weight=85)
    return certified(replace(wider(proposal), proof=scored), roles=list(WIDE), excess_weight=85)


def of_fewer_needs(proposal: Proposal) -> Proposal:
    return replace(proposal, needs=proposal.needs[:1])


def of_another_problem(proposal: Proposal) -> Proposal:
    problem = json.loads(proposal.proof.problem) | {"id": "req_2"}
    return replace(proposal, proof=replace(proposal.proof, problem=json.dumps(problem)))


def under_other_weights(proposal: Proposal) -> Proposal:
    return replace(proposal, proof=replace(proposal.proof, weights="others"))


def without_certificate(proposal: Proposal) -> Proposal:
    return replace(proposal, proof=replace(proposal.proof, certificate=None))


def unreadable(proposal: Proposal) -> Proposal:
    return replace(proposal, proof=replace(proposal.proof, certificate="{"))


def of_another_form(proposal: Proposal) -> Proposal:
    return replace(proposal, proof=replace(proposal.proof, certificate="[]"))


LIES: tuple[Callable[[Proposal], Proposal], ...] = (
    wider,
    wider_and_certified,
    wider_with_its_score,
    of_fewer_needs,
    of_another_problem,
    under_other_weights,
    without_certificate,
    unreadable,
    of_another_form,
)


def proves(proposal: Proposal, posed: Proposal) -> bool:
    """Of the problem that `posed` was found for."""
    certificate = json.loads(posed.proof.certificate or "")
    return ProofCheck(Weights.default()).proves(proposal, OFFICE.catalog, certificate["problem"])


@pytest.fixture
def honest() -> Proposal:
    found = proposed(OFFICE, READ, PAY)
    assert found.proof.status is Sufficiency.OPTIMAL
    return found


def faults(proposal: Proposal) -> tuple[str, ...]:
    return ProofCheck(Weights.default()).faults(proposal, OFFICE.catalog)


def test_an_honest_plan_is_accepted(honest: Proposal) -> None:
    """S13."""
    assert faults(honest) == ()


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_plan_is_refused_when_it_lies(
    lie: Callable[[Proposal], Proposal], honest: Proposal
) -> None:
    """S13: also under a certificate that says the same as the lie."""
    assert faults(lie(honest))


def test_a_plan_is_proved_when_the_checker_says_so(honest: Proposal) -> None:
    """S13, S40: the fact `context.proved`."""
    assert proves(honest, honest)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_plan_is_not_proved_when_it_lies(
    lie: Callable[[Proposal], Proposal], honest: Proposal
) -> None:
    """S13: nor where it only says that it is the least."""
    assert not proves(lie(honest), honest)


@pytest.mark.parametrize("status", [Sufficiency.BOUNDED, Sufficiency.INFEASIBLE])
def test_a_plan_is_not_proved_when_it_does_not_claim_to_be_the_least(
    status: Sufficiency, honest: Proposal
) -> None:
    """S13: what is only the best that was found in time, and what there is none of."""
    assert not proves(replace(honest, proof=replace(honest.proof, status=status)), honest)


def test_a_plan_is_not_proved_when_the_catalog_is_another(honest: Proposal) -> None:
    """S13: by its digest, whatever is in it."""
    assert not proves(replace(honest, proof=replace(honest.proof, catalog="another")), honest)


def test_a_plan_is_not_proved_when_the_least_role_was_left_out_of_its_problem(
    honest: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: its certificate is in order, for a problem that nobody has."""
    monkeypatch.setattr(proposer, "candidates", lambda *_: frozenset(WIDE))

    lied = proposed(OFFICE, READ, PAY)

    assert (lied.roles, faults(lied)) == (WIDE, ())
    assert proves(lied, lied)
    assert not proves(lied, honest)


def test_a_plan_for_another_catalog_is_refused(honest: Proposal) -> None:
    """S13: the catalog is a precondition: one cheaper role more, and the claim is another."""
    other = office(PERMISSIONS, (*ROLES, role("newer", READ, PAY)))

    assert ProofCheck(Weights.default()).faults(honest, other.catalog)


def test_the_same_answer_is_given_twice(honest: Proposal) -> None:
    """S13: deterministic; what was read of the catalog is kept."""
    check = ProofCheck(Weights.default())
    lied = wider_with_its_score(honest)

    first = (check.faults(honest, OFFICE.catalog), check.faults(lied, OFFICE.catalog))
    again = (check.faults(honest, OFFICE.catalog), check.faults(lied, OFFICE.catalog))

    assert first == again
    assert first[0] == ()
    assert first[1]

"""The risk agent: what could go wrong with this proposal, and what would be less.

Rules, strictest first:
1. Trust below `VETO_TRUST` is a veto; it beats any number of approvals, also ones already given.
2. Trust below `WARY_TRUST` and a privileged role: narrower, without privileged roles.
3. Trust below `WARY_TRUST` and longer than `WARY_LENGTH`: shorter; (2) goes on holding.
4. Trust below `WARY_TRUST`, or confidential and more, and neither the beneficiary nor any peer
   is known to have used what is needed: a person decides, nothing is automatic.
5. Without a usage log use is unknown: neither a yes nor a no, and no reason to trust (4).
6. After `ROUNDS` counter-proposals, or once a person has answered, the set stays as it is: what
   would have been a counter-proposal becomes a wish for a person.
7. What no source says is the factor `unknown`; unknown trust is judged as the directory counts it.
It can only narrow: there is no stance that adds.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypedDict

from govagents.domain.catalog import Catalog, Sensitivity
from govagents.domain.identity import Identity
from govagents.domain.proposal import Assessment, Proposal, Stance
from govagents.domain.request import Window
from govagents.planning.blast import blast_radius
from govagents.planning.surroundings import Surroundings
from govagents.ports import Catalogs, Clock, Directory, Holdings, Usage
from govagents.solver.weights import Weights

VETO_TRUST = 20
WARY_TRUST = 40
WARY_LENGTH = timedelta(hours=4)
ROUNDS = 3
_STATIC = ("kind", "department", "clearance", "sensitivity", "privileged")
_DYNAMIC = ("trust", "used before", "peers use it")
_STRANGE = {
    "no": "neither the beneficiary nor a peer ever used this",
    "unknown": "nothing is known of who used this: there is no usage log",
}


class ToAssess(TypedDict, total=False):
    """What the node is handed; `asked` is set once a person has answered."""

    proposal: Proposal
    asked: int


class Assessed(TypedDict):
    """What it writes."""

    assessment: Assessment


@dataclass(frozen=True)
class Assessor:
    """Judges blast radius, peers, use and trust; counter-proposes or vetoes."""

    catalogs: Catalogs
    directory: Directory
    usage: Usage
    holdings: Holdings
    weights: Weights
    clock: Clock

    def __call__(self, state: ToAssess) -> Assessed:
        """One round."""
        proposal, catalog = state["proposal"], self.catalogs.current()
        world = self.directory.world()
        seen = Surroundings(
            proposal=proposal,
            world=world,
            catalog=catalog,
            usage=self.usage,
            holdings=self.holdings.of(proposal.beneficiary, proposal.window),
            at=self.clock.now(),
        ).observed()
        known = {each.field: each.value or "unknown" for each in seen}  # (7)
        minutes = int(proposal.window.length.total_seconds() // 60)
        found = Assessment(
            stance=Stance.ACCEPT,
            reasons=(),
            blast_radius=blast_radius(proposal.roles, catalog, self.weights),
            round=proposal.round,
            static_factors={name: known[name] for name in _STATIC},
            dynamic_factors={
                **{name: known[name] for name in _DYNAMIC},
                "window": f"{minutes} minutes",
            },
            observed=seen,
        )
        judged = _judged(found, proposal, catalog, world.identities[proposal.beneficiary])
        settled = bool(state.get("asked")) or proposal.round >= ROUNDS
        return {"assessment": _final(judged) if settled else judged}


def _judged(
    found: Assessment, proposal: Proposal, catalog: Catalog, subject: Identity
) -> Assessment:
    wary = subject.trusted < WARY_TRUST
    privileged = tuple(role.id for role in catalog.roles.values() if role.privileged)
    if subject.trusted < VETO_TRUST:  # (1)
        reason = f"trust {subject.trusted} is below {VETO_TRUST}"
        return replace(found, stance=Stance.VETO, reasons=(reason,))
    if wary and {*proposal.roles} & {*privileged}:  # (2)
        reason = f"trust {subject.trusted} does not carry a privileged role"
        return replace(found, stance=Stance.NARROWER, exclude=privileged, reasons=(reason,))
    if wary and proposal.window.length > WARY_LENGTH:  # (3)
        window = Window(
            proposal.window.start, proposal.window.start + WARY_LENGTH, proposal.window.floating
        )
        reason = f"trust {subject.trusted} carries {WARY_LENGTH} at most"
        return replace(
            found, stance=Stance.SHORTER, window=window, exclude=privileged, reasons=(reason,)
        )
    return _wants_person(found, wary=wary)


def _wants_person(found: Assessment, *, wary: bool) -> Assessment:
    static, dynamic = found.static_factors, found.dynamic_factors
    delicate = static["sensitivity"] in {Sensitivity.CONFIDENTIAL, Sensitivity.RESTRICTED}
    strange = "yes" not in {dynamic["used before"], dynamic["peers use it"]}  # (5)
    if wary or (delicate and strange):  # (4)
        reason = "low trust" if wary else _STRANGE[dynamic["used before"]]
        return replace(found, stance=Stance.APPROVAL, reasons=(reason,))
    return found


def _final(judged: Assessment) -> Assessment:
    """Rule 6: no further round."""
    if judged.stance in {Stance.NARROWER, Stance.SHORTER}:
        return replace(judged, stance=Stance.APPROVAL, exclude=(), window=None)
    return judged

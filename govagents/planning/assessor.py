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
It can only narrow: there is no stance that adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypedDict

from govagents.domain.catalog import Catalog, Sensitivity
from govagents.domain.identity import Identity
from govagents.domain.proposal import Assessment, Proposal, Stance
from govagents.domain.request import Window
from govagents.domain.world import World
from govagents.planning.blast import blast_radius
from govagents.ports import Catalogs, Directory, Usage
from govagents.solver.weights import Weights

VETO_TRUST = 20
WARY_TRUST = 40
WARY_LENGTH = timedelta(hours=4)
ROUNDS = 3
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
    weights: Weights

    def __call__(self, state: ToAssess) -> Assessed:
        """One round."""
        proposal, world, catalog = (
            state["proposal"],
            self.directory.world(),
            self.catalogs.current(),
        )
        subject = world.identities[proposal.beneficiary]
        found = Assessment(
            stance=Stance.ACCEPT,
            reasons=(),
            blast_radius=blast_radius(proposal.roles, catalog, self.weights),
            round=proposal.round,
            static_factors=_static(proposal, catalog, subject),
            dynamic_factors={
                "trust": str(subject.trust),
                "used before": _known(self._used(proposal, subject)),
                "peers use it": _known(self._peers_use(proposal, subject, world)),
                "window": f"{int(proposal.window.length.total_seconds() // 60)} minutes",
            },
        )
        judged = _judged(found, proposal, catalog, subject)
        settled = bool(state.get("asked")) or proposal.round >= ROUNDS
        return {"assessment": _final(judged) if settled else judged}

    def _used(self, proposal: Proposal, subject: Identity) -> bool | None:
        """None = there is no usage log (5)."""
        uses = self.usage.of(subject.id)
        if uses is None:
            return None
        return bool({use.permission for use in uses}.intersection(proposal.needs))

    def _peers_use(self, proposal: Proposal, subject: Identity, world: World) -> bool | None:
        if self._used(proposal, subject) is None:
            return None
        return any(self._used(proposal, peer) for peer in _peers(subject, world))


def _judged(
    found: Assessment, proposal: Proposal, catalog: Catalog, subject: Identity
) -> Assessment:
    wary = subject.trust < WARY_TRUST
    privileged = tuple(role.id for role in catalog.roles.values() if role.privileged)
    if subject.trust < VETO_TRUST:  # (1)
        reason = f"trust {subject.trust} is below {VETO_TRUST}"
        return replace(found, stance=Stance.VETO, reasons=(reason,))
    if wary and {*proposal.roles} & {*privileged}:  # (2)
        reason = f"trust {subject.trust} does not carry a privileged role"
        return replace(found, stance=Stance.NARROWER, exclude=privileged, reasons=(reason,))
    if wary and proposal.window.length > WARY_LENGTH:  # (3)
        window = Window(
            proposal.window.start, proposal.window.start + WARY_LENGTH, proposal.window.floating
        )
        reason = f"trust {subject.trust} carries {WARY_LENGTH} at most"
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


def _static(proposal: Proposal, catalog: Catalog, subject: Identity) -> Mapping[str, str]:
    reached = {item for role in proposal.roles for item in catalog.roles[role].permissions}
    ranks = [catalog.permissions[item].sensitivity for item in reached]
    highest = max(ranks, key=lambda item: item.rank, default=Sensitivity.PUBLIC)
    person = subject.person
    return {
        "kind": subject.kind.value,
        "department": person.department if person else "none",
        "clearance": str(person.clearance) if person else "none",
        "sensitivity": highest.value,
        "privileged": _yes(any(catalog.roles[role].privileged for role in proposal.roles)),
    }


def _peers(subject: Identity, world: World) -> list[Identity]:
    """People of the same department; for a non-human those of the same owner."""
    return [
        other
        for other in world.identities.values()
        if other.id != subject.id and _group(other) == _group(subject)
    ]


def _group(identity: Identity) -> tuple[str, str]:
    if identity.person is not None:
        return ("department", identity.person.department)
    return ("owner", identity.nonhuman.owner if identity.nonhuman else "")


def _yes(value: bool) -> str:  # a word for a truth value
    return "yes" if value else "no"


def _known(value: bool | None) -> str:
    return "unknown" if value is None else _yes(value)

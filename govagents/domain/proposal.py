"""The smallest sufficient role set, its proof, and what else was possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from govagents.domain.ids import IdentityId, PermissionId, RoleId
from govagents.domain.observation import Observation
from govagents.domain.plan import Step
from govagents.domain.request import Window
from govagents.domain.sight import Sight
from govagents.domain.weighed import Weighed


class Sufficiency(StrEnum):
    """OPTIMAL is proved; BOUNDED is the best found within the budget, never called least."""

    OPTIMAL = "optimal"
    BOUNDED = "bounded"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class NeedCost:
    """What one need costs: the excess weight that goes when it is dropped."""

    permission: PermissionId
    excess_weight: int


@dataclass(frozen=True)
class Alternative:
    """Another set. `leaves_out`: needs not covered; `adds`: granted beyond the chosen."""

    roles: tuple[RoleId, ...]
    excess_weight: int
    leaves_out: tuple[PermissionId, ...] = ()
    adds: tuple[PermissionId, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What the minimality claim rests on; `problem` and `certificate` are canonical JSON texts.

    `catalog` and `weights` are digests of what was solved over.
    """

    status: Sufficiency
    excess_weight: int
    lower_bound: int
    steps: int
    certificate: str | None
    catalog: str
    weights: str
    problem: str


@dataclass(frozen=True)
class Proposal:
    """What would be given to whom, until when, and why nothing smaller would do.

    `window` may be shorter than asked when a role's maximum cuts it (`cut_by`), or that of the
    beneficiary's kind (`cut_by_kind`), or the end of its own identity, or of what it acts for
    (`ends_with_identity`). `all_seen` False: the step budget ended before all alternatives were
    looked at.
    `why` maps each role to the needs it alone covers. An infeasible one has no roles and says in
    `obstacles` which rule stands in the way. `weighed` are all plans looked at, the chosen first.
    `seen` is what there is of each role on each of its systems before anything is given. `steps`
    are what is done, each with its way back; the guard checks them and carries out no others.
    """

    beneficiary: IdentityId
    roles: tuple[RoleId, ...]
    needs: tuple[PermissionId, ...]
    excess: tuple[PermissionId, ...]
    window: Window
    proof: Proof
    why: Mapping[RoleId, tuple[PermissionId, ...]]
    costs: tuple[NeedCost, ...] = ()
    narrower: Alternative | None = None
    next_best: Alternative | None = None
    cut_by: RoleId | None = None
    all_seen: bool = True
    obstacles: tuple[str, ...] = ()
    round: int = 1
    ends_with_identity: bool = False
    cut_by_kind: bool = False
    weighed: tuple[Weighed, ...] = ()
    seen: tuple[Sight, ...] = ()
    steps: tuple[Step, ...] = ()


class Stance(StrEnum):
    """What the risk agent says to a proposal. A veto beats any number of approvals."""

    ACCEPT = "accept"
    NARROWER = "narrower"
    SHORTER = "shorter"
    APPROVAL = "approval"
    VETO = "veto"


@dataclass(frozen=True)
class Assessment:
    """The risk agent's answer to one round. `exclude`, `window` are its counter-proposal.

    The factors are what was `observed`, by name, and how long the window is.
    """

    stance: Stance
    reasons: tuple[str, ...]
    blast_radius: int
    round: int
    static_factors: Mapping[str, str]
    dynamic_factors: Mapping[str, str]
    exclude: tuple[RoleId, ...] = ()
    window: Window | None = None
    observed: tuple[Observation, ...] = ()

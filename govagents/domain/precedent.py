"""What memory keeps of a closed request: needs and ending, with provenance, no words."""

from dataclasses import dataclass
from datetime import datetime

from govagents.domain.ids import IdentityId, PermissionId, RequestId, RoleId


@dataclass(frozen=True)
class Precedent:
    """One ending. `kind` is the record type (decision, outcome, exception, correction).

    `source` names what wrote it, `entry` the log entry it rests on; `sensitivity` is the highest
    rank among its needs, `expires` when it stops counting, `catalog` the snapshot it was about.
    """

    request: RequestId
    kind: str
    beneficiary: IdentityId
    department: str
    needs: tuple[PermissionId, ...]
    roles: tuple[RoleId, ...]
    ending: str
    at: datetime
    expires: datetime
    catalog: str
    sensitivity: int
    source: str
    entry: int
    text_digest: str


@dataclass(frozen=True)
class Recalled:
    """Similar closed cases with their similarity in hundredths; `note` says why none."""

    cases: tuple[tuple[Precedent, int], ...]
    embedder: str
    note: str = ""

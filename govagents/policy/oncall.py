"""Who is on call for some systems, as the world's rotations say it, at one instant.

Rules:
1. One rotation covers all the systems; the first such one whose shift lasts now is taken.
2. Between shifts, and for systems of no rotation, nobody is on call.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.policy.delegates import lasts


def on_call(world: World, systems: frozenset[str], at: datetime) -> IdentityId | None:
    """The person, if there is one."""
    oncall = world.settings.get("oncall")
    rotations = _records(oncall.get("rotations")) if isinstance(oncall, Mapping) else ()
    for rotation in rotations:
        covered = rotation.get("systems")
        if not systems or not isinstance(covered, list | tuple) or not systems <= set(covered):
            continue  # (1)
        for shift in _records(rotation.get("shifts")):
            if lasts(shift, at):
                return IdentityId(str(shift["person"]))
    return None  # (2)


def _records(listed: object) -> Iterator[Mapping[str, object]]:
    for item in listed if isinstance(listed, list | tuple) else ():
        if isinstance(item, Mapping):
            yield item

"""Requests on catalogs too large to try every set: made ones, and the published ones beside us."""

import gzip
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.unit.solver.small import LEVELS

Plain = dict[str, Any]
SHARED = Path(__file__).parents[4] / "shared" / "data"


def made(seed: int) -> tuple[Plain, Plain]:
    """Thirty to sixty roles woven over forty to ninety permissions, and a request."""
    rng = Random(seed)  # noqa: S311  # a seeded test
    size = rng.randint(40, 90)
    permissions = [
        {"id": f"p{i}", "access_level": rng.choices(LEVELS, (6, 4, 2, 5, 1, 1))[0]}
        for i in range(size)
    ]
    roles: list[Plain] = []
    for number in range(rng.randint(30, 60)):
        start = rng.randrange(size)
        near = [(start + rng.randrange(12)) % size for _ in range(rng.randint(2, 9))]
        listed = sorted({*near, *rng.sample(range(size), rng.randint(0, 3))})
        roles.append({"id": f"r{number}", "permissions": listed})
        if rng.random() < 0.3:
            roles[-1]["conditional"] = [i for i in listed if rng.random() < 0.2]
    source = {"catalogue": "made", "permissions": permissions, "roles": roles}
    return source, request(rng, source)


@cache
def published(name: str) -> Plain:
    """One of the catalogues of `../shared/data`."""
    with gzip.open(SHARED / "catalogues" / f"{name}.json.gz") as file:
        return dict(json.load(file))


def request(rng: Random, source: Plain) -> Plain:
    """A part of what a few roles grant, with rules placed where they hurt."""
    names = [p["id"] for p in source["permissions"]]
    pool = [r for r in source["roles"] if 1 < len(r["permissions"]) < len(names) // 3]
    needs: set[str] = set()
    for role in rng.sample(pool, rng.randint(1, 5)):
        share = min(6, max(1, int(len(role["permissions"]) * rng.uniform(0.1, 0.6))))
        needs |= {names[i] for i in rng.sample(role["permissions"], share)}
    covering = [r for r in pool if any(names[i] in needs for i in r["permissions"])]
    small = [r["id"] for r in sorted(covering, key=lambda r: (len(r["permissions"]), r["id"]))[:25]]
    beside = [names[i] for r in covering[:5] for i in r["permissions"] if names[i] not in needs]
    made: Plain = {"id": "large", "needs": sorted(needs)}
    if rng.random() < 0.3 and beside:
        made["forbidden_permissions"] = [rng.choice(beside)]
    if rng.random() < 0.4 and len(small) > 1:
        made["exclusive_roles"] = [rng.sample(small, 2) for _ in range(rng.randint(2, 8))]
    if rng.random() < 0.3 and len(beside) > 1:
        made["exclusive_permissions"] = [rng.sample(beside, 2) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        made["max_roles"] = rng.randint(2, 5)
    if rng.random() < 0.3:
        made["held_roles"] = [rng.choice(source["roles"])["id"]]
    if rng.random() < 0.3:
        made["strict"] = True
    return made

"""The catalog as the solver sees it: who grants what, as bitsets, immutable and indexed once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, NotRequired, TypedDict, Unpack

from govagents.errors import InputError, UnknownNameError
from govagents.solver.bits import Scale, wide_bits, wide_mask_of

_NO_CONDITIONS: Mapping[str, Sequence[str]] = MappingProxyType({})


class Marks(TypedDict):
    """What a catalog is known by, and ids that the tie rules look at."""

    digest: str
    weights_digest: str
    changing: NotRequired[Iterable[str]]
    privileged: NotRequired[Iterable[str]]


class Kind(NamedTuple):
    """Permissions that the same roles grant in the same way, and what they weigh together."""

    members: tuple[int, ...]
    weight: int


@dataclass(frozen=True, eq=False)
class RoleSets:
    """Roles by permissions. Positions follow the order given; masks are sets of positions.

    `grants[r]`: every permission role r lists. `conditional[r]`: those it grants only under a
    condition or on some resources. `holders[p]` and `conditional_holders[p]` are the same tables
    read the other way. `kinds`: permissions alike in both, by the first of them; `firsts`: those as
    a mask. `changing`: permissions that change something. `privileged`: roles.
    """

    digest: str
    weights_digest: str
    permissions: tuple[str, ...]
    weights: tuple[int, ...]
    roles: tuple[str, ...]
    grants: tuple[int, ...]
    conditional: tuple[int, ...]
    holders: tuple[int, ...]
    conditional_holders: Mapping[int, int]
    kinds: Mapping[int, Kind]
    kind_of: tuple[int, ...]
    firsts: int
    changing: int
    privileged: int
    scale: Scale
    role_weights: tuple[int, ...]
    _permission_at: Mapping[str, int] = field(repr=False)
    _role_at: Mapping[str, int] = field(repr=False)

    @classmethod
    def build(
        cls,
        permissions: Sequence[tuple[str, int]],
        roles: Sequence[tuple[str, Sequence[str]]],
        conditional: Mapping[str, Sequence[str]] = _NO_CONDITIONS,
        **marks: Unpack[Marks],
    ) -> "RoleSets":
        """Index a catalog; ids must be unique and every id a role names must exist."""
        at = _positions("permission", [name for name, _ in permissions])
        role_at = _positions("role", [name for name, _ in roles])
        weights = tuple(weight for _, weight in permissions)
        if any(weight < 0 for weight in weights):
            raise InputError("a permission has a negative weight: weights start at 0")
        scale = Scale(weights)
        grants = tuple(wide_mask_of(_look_up(at, "permission", listed)) for _, listed in roles)
        some = tuple(
            wide_mask_of(_look_up(at, "permission", conditional.get(name, ()))) & grants[r]
            for r, (name, _) in enumerate(roles)
        )
        holders = _transposed(grants, len(weights))
        conditional_holders = _sparse(_transposed(some, len(weights)))
        alike = _alike(holders, conditional_holders)
        return cls(
            digest=marks["digest"],
            weights_digest=marks["weights_digest"],
            permissions=tuple(name for name, _ in permissions),
            weights=weights,
            roles=tuple(name for name, _ in roles),
            grants=grants,
            conditional=some,
            holders=tuple(holders),
            conditional_holders=conditional_holders,
            kinds={members[0]: _kind(weights, members) for members in alike},
            kind_of=_kind_of(alike, len(weights)),
            firsts=wide_mask_of(members[0] for members in alike),
            changing=wide_mask_of(_look_up(at, "permission", marks.get("changing", ()))),
            privileged=wide_mask_of(_look_up(role_at, "role", marks.get("privileged", ()))),
            scale=scale,
            role_weights=tuple(scale.weigh(mask) for mask in grants),
            _permission_at=at,
            _role_at=role_at,
        )

    def permission(self, name: str) -> int:
        """Position of a permission; `UnknownNameError` if the catalog lacks it."""
        return _look_up(self._permission_at, "permission", (name,))[0]

    def role(self, name: str) -> int:
        """Position of a role; `UnknownNameError` if the catalog lacks it."""
        return _look_up(self._role_at, "role", (name,))[0]

    def kind(self, members: Iterable[int]) -> Kind:
        """A part of a kind."""
        return _kind(self.weights, members)


def _kind(weights: Sequence[int], members: Iterable[int]) -> Kind:
    these = tuple(members)
    return Kind(these, sum(weights[p] for p in these))


def _alike(holders: Sequence[int], conditional: Mapping[int, int]) -> Collection[Sequence[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for permission, roles in enumerate(holders):
        found.setdefault((roles, conditional.get(permission, 0)), []).append(permission)
    return found.values()


def _kind_of(alike: Iterable[Sequence[int]], width: int) -> tuple[int, ...]:
    firsts = [0] * width
    for members in alike:
        for permission in members:
            firsts[permission] = members[0]
    return tuple(firsts)


def _positions(kind: str, names: Sequence[str]) -> dict[str, int]:
    at = {name: position for position, name in enumerate(names)}
    if len(at) != len(names):
        twice = next(name for i, name in enumerate(names) if at[name] != i)
        raise InputError(f"{kind} `{twice}` is listed twice: ids must be unique")
    return at


def _look_up(at: Mapping[str, int], kind: str, names: Iterable[str]) -> list[int]:
    try:
        return [at[name] for name in names]
    except KeyError as missing:
        name = missing.args[0]
        raise UnknownNameError(
            f"no {kind} `{name}` in this catalog: check the spelling or import it"
        ) from None


def _transposed(rows: Sequence[int], width: int) -> list[int]:
    columns: list[list[int]] = [[] for _ in range(width)]
    for row, mask in enumerate(rows):
        for column in wide_bits(mask):
            columns[column].append(row)
    return [wide_mask_of(column) for column in columns]


def _sparse(columns: Sequence[int]) -> Mapping[int, int]:
    return MappingProxyType({p: mask for p, mask in enumerate(columns) if mask})

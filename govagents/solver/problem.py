"""One question to the solver.

The problem is the User Authorization Query of Zhang and Joshi (SACMAT 2008): choose roles that
together grant what is needed. Here the surplus is judged on the union, each permission once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from govagents.solver.weights import canonical_digest


@dataclass(frozen=True)
class Problem:
    """What must be covered, by what, without what. Order and repetition carry no meaning.

    `candidates`: the roles that may be used; None means every role. `strict`: a permission a
    role grants only conditionally is never coverage and always excess.
    """

    id: str
    needs: tuple[str, ...]
    held_roles: tuple[str, ...] = ()
    forbidden_permissions: tuple[str, ...] = ()
    exclusive_roles: tuple[tuple[str, str], ...] = ()
    exclusive_permissions: tuple[tuple[str, str], ...] = ()
    max_roles: int | None = None
    strict: bool = False
    candidates: frozenset[str] | None = None

    def canonical(self) -> dict[str, object]:
        """The plain form that is hashed; the checker rebuilds it from the problem's own JSON."""
        return {
            "id": self.id,
            "needs": sorted(set(self.needs)),
            "held_roles": sorted(set(self.held_roles)),
            "forbidden_permissions": sorted(set(self.forbidden_permissions)),
            "exclusive_roles": _sorted_pairs(self.exclusive_roles),
            "exclusive_permissions": _sorted_pairs(self.exclusive_permissions),
            "max_roles": self.max_roles,
            "strict": self.strict,
            "candidates": None if self.candidates is None else sorted(self.candidates),
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of everything that can change the answer."""
        return canonical_digest(self.canonical())


def _sorted_pairs(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in sorted({(min(pair), max(pair)) for pair in pairs})]

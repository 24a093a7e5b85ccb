"""What a request is resolved against: its words, its reading, the catalog and the company."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from govagents.domain.catalog import Catalog
from govagents.domain.identity import Identity
from govagents.domain.ids import PermissionId
from govagents.domain.request import Need, Reading, Request
from govagents.domain.world import World
from govagents.perception.own_words import own_words
from govagents.perception.retrieval import index_of
from govagents.perception.unknown import Unknown, unknown_roles

OUTRIGHT = 90
"""Confidence in hundredths of what somebody named or chose."""


@dataclass(frozen=True)
class Case:
    """`said` is what the speaker wrote, the request first, then answers.

    `place`: the system the request names, with nothing said that is done there.
    """

    request: Request
    reading: Reading
    said: tuple[str, ...]
    speaker: Identity
    catalog: Catalog
    world: World
    place: str | None = None

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The speaker's own words."""
        return tuple(map(own_words, self.said))

    @cached_property
    def unknown(self) -> tuple[Unknown, ...]:
        """Roles named in the request that do not exist."""
        knows = index_of(self.catalog, self.world).knows
        first = self.said[0] if self.said else ""
        return unknown_roles(first, self.catalog, self.world.systems, knows)


def names_of(needs: Sequence[Need]) -> list[PermissionId]:
    """The permissions of `needs`."""
    return [need.permission for need in needs]

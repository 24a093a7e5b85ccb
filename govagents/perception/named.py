"""Roles the words name: outright, or wholesale ("administrator of …", "everything in …")."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from govagents.domain.catalog import Catalog, Role
from govagents.domain.ids import RoleId, SystemId
from govagents.domain.world import System
from govagents.perception.asks import broad
from govagents.perception.index import key_of
from govagents.perception.vocabulary import SHORT, STOP
from govagents.perception.words import Word, id_words, words

MANY = 8
_SHORTEST_NAME = 2
_ROLE_WORDS = frozenset({"role", "roles", "profile", "rolle", "rol"})
_ADMIN = key_of("administrator")


class Named(NamedTuple):
    """A role the words name, and whether more was asked for than any one task takes."""

    role: RoleId
    wholesale: bool


def named_roles(
    text: str, catalog: Catalog, systems: Mapping[SystemId, System]
) -> tuple[Named, ...]:
    """Roles named in `text`, the wholesale ones first; each once."""
    found = [
        Named(role.id, wholesale=True)
        for span in broad(text)
        if (role := _widest(name_keys(text[slice(*span)]), catalog, systems)) is not None
    ]
    found += [Named(name, wide(catalog.roles[name])) for name in _outright(text, catalog)]
    return tuple(dict.fromkeys(found))


def wide(role: Role) -> bool:
    """Whether a role is more than a task takes: privileged, or more than eight permissions."""
    return role.privileged or len(role.permissions) > MANY


def widest_of(system: SystemId, catalog: Catalog) -> RoleId | None:
    """The role with most permissions on one system."""
    roles = [role for role in catalog.roles.values() if role.system == system]
    best = min(roles, key=lambda role: (-len(role.permissions), role.id), default=None)
    return None if best is None else best.id


def _widest(
    said: frozenset[str], catalog: Catalog, systems: Mapping[SystemId, System]
) -> Role | None:
    """The widest role of those whose name and system share most words with `said`, if any does."""
    said -= {_ADMIN}
    ranked = []
    for role in catalog.roles.values():
        system = systems.get(role.system) if role.system else None
        place = f" {system.id} {system.name}" if system else ""
        names = name_keys(f"{role.name}{place}")
        shared = len(said & names)
        if shared:
            ranked.append((-shared, -len(role.permissions), role.id))
    return catalog.roles[min(ranked)[2]] if ranked else None


@lru_cache(maxsize=8192)  # the catalog's names are asked for with every request
def name_keys(text: str) -> frozenset[str]:
    """The words of a name by which it is looked up; abbreviations are spelled out."""
    folded = [part for word in words(text) for part in id_words(word.folded)]
    spelled = [item for word in folded for item in SHORT.get(word, (word,))]
    return frozenset(key_of(word) for word in spelled if word not in STOP)


def _outright(text: str, catalog: Catalog) -> Iterable[RoleId]:
    """Names of two words or more, capitalised as they are or beside the word "role"."""
    said = words(text)
    plain = text.casefold()
    for role in sorted(catalog.roles.values(), key=lambda role: role.id):
        if role.name.casefold().split(" ", maxsplit=1)[0] in plain and _stands(role, said):
            yield role.id


def _stands(role: Role, said: Sequence[Word]) -> bool:
    name = [word.folded for word in words(role.name)]
    folded = [word.folded for word in said]
    for at in range(len(folded) - len(name) + 1):
        end = at + len(name)
        if folded[at:end] == name and len(name) >= _SHORTEST_NAME:
            around = {*folded[max(0, at - 1) : at], *folded[end : end + 1]}
            capital = all(word.text[:1].isupper() for word in said[at:end])
            if capital or around & _ROLE_WORDS:
                return True
    return False

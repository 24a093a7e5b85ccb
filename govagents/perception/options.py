"""What a question offers: each option in a person's words; an id never stands alone."""

from collections.abc import Iterable

from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId, PermissionId, SystemId
from govagents.domain.question import Option
from govagents.domain.world import World
from govagents.perception.words import id_words


def permission_options(
    names: Iterable[PermissionId], catalog: Catalog, world: World
) -> tuple[Option, ...]:
    """Each permission as its description and its system."""
    return tuple(Option(name, _permission_label(name, catalog, world)) for name in names)


def system_options(names: Iterable[SystemId], world: World) -> tuple[Option, ...]:
    """Each system by name."""
    return tuple(Option(name, world.systems[name].name) for name in names if name in world.systems)


def people_options(names: Iterable[IdentityId], world: World) -> tuple[Option, ...]:
    """Each identity by name, post and department."""
    found = []
    for name in names:
        identity = world.identities[name]
        post = identity.person
        about = f", {post.title}, {post.department}" if post else f", {identity.kind}"
        found.append(Option(name, f"{identity.name}{about}"))
    return tuple(found)


def _permission_label(name: PermissionId, catalog: Catalog, world: World) -> str:
    permission = catalog.permissions[name]
    does = permission.description.rstrip(".") or " ".join(id_words(name))
    system = world.systems.get(permission.system)
    return f"{does} ({system.name if system else name})"

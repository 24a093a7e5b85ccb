"""Opening targets: one connector for each address that the settings name.

Rules:
1. A target that cannot be opened, whatever it raised, is named, and the others are opened.
2. In its place stands one that answers nothing. Never another target: that one would show that
   nothing is held, and an end would be confirmed that did not happen.
3. Neither opening nor any call later on is waited for longer than the limit (`limited`).
4. SECURITY: an address is only said where it is one word, as a file or a number is. Another may
   hold a password, where none should be; so may what is raised on opening it.
"""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, NoReturn

from govagents.action.targets import harmless
from govagents.adapters.limited import Limited, Waiting
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import ConfigurationError, TargetUnavailableError
from govagents.ports import Connector, Order

_WORD = re.compile(r"[\w.-]*")


class Opened(NamedTuple):
    """By `scheme:address`; `problems` are sentences about those that answer nothing."""

    targets: Mapping[str, Connector]
    problems: tuple[str, ...]


def open_targets(
    classes: Mapping[str, type[Connector]],
    targets: Collection[str],
    folder: Path,
    *,
    limit: timedelta,
) -> Opened:
    """Each of `targets`, by the class of its scheme; `folder` is the store's."""
    opened: dict[str, Connector] = {}
    problems = []
    for target in sorted(targets):
        try:
            opened[target] = Limited(_opened(classes, target, folder, limit), limit)  # (3)
        except ConfigurationError as error:  # (1)
            problems.append(str(error))
            opened[target] = Silent(str(error))
    return Opened(opened, tuple(problems))


class Silent(Connector):
    """(2) Says why to everything it is asked."""

    scheme = "none"

    def __init__(self, why: str) -> None:
        """`why` it stands there."""
        self._why = why

    @classmethod
    def at(cls, address: str, folder: Path) -> "Silent":
        """What connectors are opened by; this one stands at no address."""
        return cls(f"target `{address}` of `{folder}` is not connected")

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:  # noqa: ARG002  # as its form is
        """Nobody knows."""
        self._say()

    def grant(self, order: Order) -> None:  # noqa: ARG002  # as its form is
        """Nothing happens."""
        self._say()

    def revoke(self, order: Order) -> None:  # noqa: ARG002  # as its form is
        """Nothing happens."""
        self._say()

    def _say(self) -> NoReturn:
        raise TargetUnavailableError(self._why)


def _opened(
    classes: Mapping[str, type[Connector]], target: str, folder: Path, limit: timedelta
) -> Connector:
    scheme, _, address = target.partition(":")
    if scheme not in classes:
        message = (
            f"target `{_shown(target)}` needs the connector `{scheme}`, which is not enabled or "
            "did not load: its systems cannot be reached until it is"
        )
        raise ConfigurationError(message)
    opening = Waiting(lambda: classes[scheme].at(address, folder))
    try:
        if opening.within(limit):  # (3)
            return opening.outcome()
    except Exception as error:  # (1)
        said = harmless(error) or type(error).__name__  # (4)
        message = f"target `{_shown(target)}` cannot be opened: {said}"
        raise ConfigurationError(message) from error
    limited = f"no answer within {limit.total_seconds():g} s"
    message = f"target `{_shown(target)}` cannot be opened: {limited}"
    raise ConfigurationError(message)


def _shown(target: str) -> str:
    """(4)."""
    scheme, _, address = target.partition(":")
    return target if _WORD.fullmatch(address) else f"{scheme}:…"

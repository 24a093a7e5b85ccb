"""Requests and grants as far as their records can be read.

Rules:
1. One that is damaged hides no other: whatever reading it raises, it is named and left out.
2. It costs what is shown and what goes on; a sweep alone reads the whole log.
3. The command then ends as an error, and `audit verify` is what to type next.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.entrypoints.cli.exits import Exit
from govagents.entrypoints.cli.output import Line, Tone, Toned
from govagents.errors import UnknownNameError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import Opened, Session

Name = TypeVar("Name", RequestId, GrantId)
Thing = TypeVar("Thing")


class Views(NamedTuple):
    """`damaged` = requests whose records cannot be read."""

    whole: tuple[View, ...]
    damaged: tuple[RequestId, ...]


class Grants(NamedTuple):
    """`damaged` = grants whose row cannot be read, or is not what the log says.

    The latter are in `whole` too, as the log says.
    """

    whole: tuple[Grant, ...]
    damaged: tuple[GrantId, ...]


def views_of(session: "Session", requests: Iterable[RequestId]) -> Views:
    """Each of them, in this order."""
    return Views(*_each(requests, session.view))


def waiting_for(session: "Session", person: IdentityId) -> Views:
    """Pending requests that `person` may decide now, oldest first."""

    def read(name: RequestId) -> View | None:
        may = session.app.runner.approvers(name)
        view = session.view(name)
        return view if person in may else None

    with session.records.begin() as tx:
        pending = tx.requests.list(frozenset({Status.PENDING}))
    views, damaged = _each(pending, read)
    return Views(tuple(view for view in views if view is not None), damaged)


def grants_of(session: "Opened", wanted: frozenset[Status] | None = None) -> Grants:
    """Those that stand so, oldest first."""
    with session.records.begin() as tx:

        def read(name: GrantId) -> Grant:
            found = tx.grants.get(name)
            if found is None:
                message = f"there is no grant `{name}` any more"
                raise UnknownNameError(message)
            return found

        whole, damaged = _each(tx.grants.names(wanted), read)
        return Grants(whole, (*dict.fromkeys([*damaged, *tx.grants.doubted()]),))


def show_damaged(session: "Opened", damaged: Sequence[str]) -> None:
    """(1) One line for each."""
    with session.records.begin() as tx:
        doubted = {str(name): why for name, why in tx.grants.doubted().items()} if damaged else {}
    said = "its records cannot be read"
    rows: list[tuple[str, Line]] = [
        ("damaged", [Toned(each, Tone.STRONG), Toned(f": {doubted.get(each, said)}", Tone.BAD)])
        for each in damaged
    ]
    session.screen.facts(rows)


def next_if(session: "Opened", damaged: Sequence[str], *otherwise: str) -> tuple[str, ...]:
    """(3)."""
    return (session.look("audit", "verify"), *otherwise) if damaged else otherwise


def exit_if(damaged: Sequence[str]) -> Exit:
    """(3)."""
    return Exit.ERROR if damaged else Exit.OK


def _each(
    names: Iterable[Name], read: Callable[[Name], Thing]
) -> tuple[tuple[Thing, ...], tuple[Name, ...]]:
    whole, damaged = [], []
    for name in names:
        try:
            whole.append(read(name))
        except Exception:  # noqa: BLE001  # (1) whatever was put in its rows
            damaged.append(name)
    return tuple(whole), tuple(damaged)

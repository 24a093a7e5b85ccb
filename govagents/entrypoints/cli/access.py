"""`govagents access`: everything one identity holds, and its agents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

if TYPE_CHECKING:
    from govagents.domain.ids import IdentityId
    from govagents.entrypoints.cli.held import Held
    from govagents.entrypoints.cli.session import Opened


def access(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="Of a person, service or agent.")],
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what an identity holds, until when, and which non-humans it answers for."""
    from govagents.entrypoints.cli.finding import identity_from
    from govagents.entrypoints.cli.held import held, held_object
    from govagents.entrypoints.cli.readable import exit_if, next_if, show_damaged
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    found = identity_from(session, identity)
    holdings, damaged = held(session, identity=found)
    owned = _owned(session, found)
    next_, *_ = next_if(session, damaged, _next(session, found, holdings))
    if as_json:
        objects = [held_object(each) for each in holdings]
        said = {"identity": found, "held": objects, "owns": owned, "damaged": [*damaged]}
        session.screen.data({**said, "next": next_})
        return exit_if(damaged)
    _show(session, found, holdings, owned)
    show_damaged(session, damaged)
    session.screen.next(next_)
    return exit_if(damaged)


def _next(session: "Opened", found: "IdentityId", holdings: "Sequence[Held]") -> str:
    if holdings:
        return session.look("who-has", holdings[-1].role)
    return session.look("grant", "list", "--for", found, "--all")


def _owned(session: "Opened", owner: "IdentityId") -> "list[IdentityId]":
    return sorted(
        each.id
        for each in session.world().identities.values()
        if each.nonhuman is not None and owner in {each.nonhuman.owner, each.nonhuman.parent}
    )


def _show(
    session: "Opened",
    found: "IdentityId",
    holdings: "Sequence[Held]",
    owned: "Sequence[IdentityId]",
) -> None:
    from govagents.entrypoints.cli.held import counted, row_of
    from govagents.entrypoints.cli.request_text import book_of
    from govagents.entrypoints.cli.wording import name_of

    book = book_of(session)
    identity = book.world.identities[found]
    kind = identity.kind.value
    if identity.person is not None:
        kind = f"{identity.person.title}, {identity.person.department}"
    session.screen.line(f"{name_of(found, book.world)}, {kind}: {counted(holdings, 'role')}")
    if holdings:
        rows = [(book.role(each.role), *row_of(each)) for each in holdings]
        session.screen.table(("role", "how", "until", "read back"), rows)
    if owned:
        session.screen.facts([("answers for", ", ".join(owned))])

"""`govagents access`: everything one identity holds, and its agents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

if TYPE_CHECKING:
    from govagents.domain.ids import IdentityId
    from govagents.entrypoints.cli.held import Held
    from govagents.entrypoints.cli.session import Session


def access(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="Of a person, service or agent.")],
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what an identity holds, until when, and which non-humans it answers for."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import identity_from
    from govagents.entrypoints.cli.held import held, held_object
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    found = identity_from(session, identity)
    holdings = [each for each in held(session) if each.identity == found]
    owned = _owned(session, found)
    next_ = session.look("who-has", holdings[-1].role if holdings else "ROLE")
    if as_json:
        objects = [held_object(each) for each in holdings]
        session.screen.data({"identity": found, "held": objects, "owns": owned, "next": next_})
        return Exit.OK
    _show(session, found, holdings, owned)
    session.screen.next(next_)
    return Exit.OK


def _owned(session: "Session", owner: "IdentityId") -> "list[IdentityId]":
    return sorted(
        each.id
        for each in session.world().identities.values()
        if each.nonhuman is not None and owner in {each.nonhuman.owner, each.nonhuman.parent}
    )


def _show(
    session: "Session",
    found: "IdentityId",
    holdings: "Sequence[Held]",
    owned: "Sequence[IdentityId]",
) -> None:
    from govagents.entrypoints.cli.held import source_of, until_of
    from govagents.entrypoints.cli.request_text import book_of
    from govagents.entrypoints.cli.wording import count_of, name_of

    book = book_of(session)
    identity = book.world.identities[found]
    kind = identity.kind.value
    if identity.person is not None:
        kind = f"{identity.person.title}, {identity.person.department}"
    session.screen.line(f"{name_of(found, book.world)}, {kind}: {count_of(len(holdings), 'role')}")
    if holdings:
        rows = [(book.role(each.role), source_of(each), until_of(each)) for each in holdings]
        session.screen.table(("role", "how", "until"), rows)
    if owned:
        session.screen.facts([("answers for", ", ".join(owned))])

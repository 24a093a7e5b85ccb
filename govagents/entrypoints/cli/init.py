"""`govagents init`: a new store, for the demo company or one's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import Common, HomeOption, JsonOption
from govagents.errors import InputError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Json, Line
    from govagents.wiring import App


def init(
    context: typer.Context,
    demo: Annotated[
        bool, typer.Option("--demo", help="With the demo company: nothing real, `--as` anybody.")
    ] = False,
    world: Annotated[
        Path | None, typer.Option("--world", metavar="DIR", help="With the company in this folder.")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="ADDRESS",
            help="Keep the record in this PostgreSQL: `postgresql://USER@HOST:PORT/DATABASE` or "
            "`service=NAME`; a password stands in a passfile.",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a store: database, log and key in one folder that only you can read."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.script import demo_world
    from govagents.entrypoints.cli.session import home_of
    from govagents.wiring import create_store

    if demo == (world is not None):
        raise InputError("say which company: `--demo`, or `--world DIR` for your own")
    common = Common(home, json=as_json)
    screen = Screen(as_json)
    place, files = home_of(context, common), world or demo_world()
    app = create_store(place, world=files, demo=demo, database=database)
    context.call_on_close(app.records.close)
    next_ = _next(Hints(home, demo), app, demo=demo)
    if as_json:
        screen.data({**_object(app, demo=demo), "next": next_[0]})
        return Exit.OK
    screen.facts(_facts(app, demo=demo))
    screen.next(*next_)
    return Exit.OK


def _next(hints: "Hints", app: "App", *, demo: bool) -> tuple[str, ...]:
    from govagents.entrypoints.cli.script import first_ask

    if not demo:
        written = app.settings.policies is not None
        lint = (hints.command("policy", "lint"),) if written else ()
        return (hints.command("doctor"), *lint)
    speaker, text = first_ask()
    return (hints.command("sweep", "--once"), hints.command("ask", text, as_=speaker))


def _counts(app: "App") -> dict[str, int]:
    with app.records.begin() as tx:
        world, catalog = tx.world(), tx.catalog()
    return {
        "people": sum(each.person is not None for each in world.identities.values()),
        "non_humans": sum(each.nonhuman is not None for each in world.identities.values()),
        "systems": len(world.systems),
        "roles": len(catalog.roles),
        "permissions": len(catalog.permissions),
        "assignments": len(world.assignments),
        "tickets": len(world.tickets),
    }


def _object(app: "App", *, demo: bool) -> "dict[str, Json]":
    where = app.records.database.where
    return {"home": str(app.home), "database": where, "demo": demo, **_counts(app)}


def _facts(app: "App", *, demo: bool) -> "list[tuple[str, Line]]":
    counts = _counts(app)
    people = f"{counts['people']} people, {counts['non_humans']} services, bots and agents"
    roles = f"{counts['roles']} roles over {counts['permissions']} permissions"
    database = app.records.database
    kind = "demo: be anybody with `--as`" if demo else "you are who you are logged in as"
    return [
        ("store", str(app.home)),
        *(() if database.in_folder else (("database", database.where),)),
        ("settings", str(app.home / "settings.toml")),
        ("kind", kind),
        ("company", f"{people}, {counts['systems']} systems, {counts['tickets']} tickets"),
        ("catalog", roles),
        ("standing", f"{counts['assignments']} assignments"),
    ]

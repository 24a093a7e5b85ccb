"""`govagents catalog`: what can be asked for, and the exact solver on files of one's own."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption
from govagents.errors import FileError

if TYPE_CHECKING:
    from govagents.domain.catalog import Catalog
    from govagents.entrypoints.cli.catalog_search import Found
    from govagents.entrypoints.cli.output import Json
    from govagents.entrypoints.cli.session import Opened

catalog = typer.Typer(
    name="catalog", no_args_is_help=True, help="Look up what can be asked for; solve and check."
)

_File = Annotated[
    Path, typer.Option("--catalog", metavar="FILE", help="The catalogue, .json or .json.gz.")
]
_Problems = Annotated[
    Path, typer.Argument(metavar="PROBLEMS", help="Problems, one JSON object a line.")
]


@catalog.command("show")
def show(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(metavar="ID", show_default=False, help="Of a role or permission."),
    ] = None,
    kept: Annotated[
        str | None,
        typer.Option("--kept", metavar="DIGEST", help="Of one that was imported."),
    ] = None,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show the catalog in force, or one role or permission of it."""
    from govagents.entrypoints.cli.catalog_text import entry_of, show_entry
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    entry = entry_of(session.catalog(kept), what)
    next_ = _after(session, entry) if kept is None else session.look("catalog", "show")
    if as_json:
        session.screen.data({**entry, "next": next_})
        return Exit.OK
    show_entry(session.screen, entry)
    session.screen.next(next_)
    return Exit.OK


@catalog.command("search")
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="In any order.")],
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Find roles and permissions by words of their id, name or description."""
    from govagents.entrypoints.cli.catalog_search import found_in
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    found = found_in(session.catalog(), " ".join(words))
    next_ = (
        session.look("catalog", "show", found[0].id) if found else session.look("catalog", "show")
    )
    if as_json:
        objects = [each._asdict() for each in found]
        session.screen.data({"found": objects, "next": next_})
        return Exit.OK if found else Exit.NEEDS_INFORMATION
    _show_found(session, found)
    session.screen.next(next_)
    return Exit.OK if found else Exit.NEEDS_INFORMATION


@catalog.command("import")
def import_(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|aws",
            help="A catalogue, .json or .json.gz; or `aws`: its managed policies.",
        ),
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Keep the snapshot; without it only say what is in it.")
    ] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Keep a catalogue file, or AWS's own, as an immutable snapshot, named by its content."""
    from govagents.entrypoints.cli.catalog_text import entry_of, show_entry
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_session
    from govagents.wiring import import_catalog

    session = open_session(context, Common(home, as_, now, as_json))
    read: Catalog = import_catalog(session.app, file, apply=apply)
    entry = entry_of(read, None)
    next_ = (
        session.look("catalog", "show", "--kept", read.digest)
        if apply
        else session.look("catalog", "import", file, "--apply")
    )
    if as_json:
        session.screen.data({**entry, "applied": apply, "next": next_})
        return Exit.OK
    show_entry(session.screen, entry)
    session.screen.line("kept" if apply else "nothing was kept yet")
    session.screen.next(next_)
    return Exit.OK


@catalog.command("solve")
def solve(
    problems: _Problems,
    file: _File,
    max_steps: Annotated[
        int | None, typer.Option("--max-steps", metavar="N", min=1, help="Effort for each problem.")
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option("--certificates", metavar="FILE", help="Write the proofs there, JSON lines."),
    ] = None,
    as_json: JsonOption = False,  # noqa: ARG001  # it always is
) -> int:
    """Solve least-privilege problems exactly: one JSON line for each. Needs no store."""
    from time import perf_counter

    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.output import Screen
    from govagents.solver.files import load_catalogue, read_lines, solve_lines
    from govagents.solver.search import DEFAULT_STEPS

    answers = solve_lines(
        load_catalogue(file),
        read_lines(problems),
        timer=perf_counter,
        max_steps=max_steps or DEFAULT_STEPS,
    )
    screen = Screen(json=True)
    with _opened(certificates, (problems, file)) as proofs:
        for answer in answers:
            proof = answer.solution.certificate
            line = {"id": answer.printed["id"], "certificate": proof and proof.to_json()}
            proofs.write(json.dumps(line) + "\n")
            screen.record(answer.printed)  # type: ignore[arg-type]  # a JSON line, by its contract
    return Exit.OK


@catalog.command("check")
def check(
    problems: _Problems,
    file: _File,
    certificates: Annotated[
        Path, typer.Option("--certificates", metavar="FILE", help="The proofs, JSON lines.")
    ],
    as_json: JsonOption = False,  # noqa: ARG001  # it always is
) -> int:
    """Check proofs with the independent checker alone: one JSON line for each. Needs no store."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.output import Screen
    from govagents.solver.files import check_lines, read_catalogue, read_lines
    from govagents.solver.weights import Weights

    screen, accepted = Screen(json=True), True
    lines = check_lines(
        read_catalogue(file), Weights.default(), read_lines(problems), read_lines(certificates)
    )
    for line in lines:
        screen.record(line)  # type: ignore[arg-type]  # a JSON line, by its contract
        accepted = accepted and bool(line["accepted"])
    return Exit.OK if accepted else Exit.ERROR


def _after(session: "Opened", entry: "Mapping[str, Json]") -> str:
    """Who has the role, a role with the permission, or a search for some role there is."""
    from govagents.entrypoints.cli.example import search_for

    if "role" in entry:
        return session.look("who-has", str(entry["role"]))
    match entry.get("in_roles"):
        case [role, *_]:
            return session.look("catalog", "show", str(role))
    roles = session.catalog().roles.values()
    return search_for(session, [each.name for each in roles][:1])


def _show_found(session: "Opened", found: "tuple[Found, ...]") -> None:
    if not found:
        session.screen.line("nothing in the catalog has these words")
        return
    session.screen.table(
        ("id", "what", "says"), [(each.id, each.kind, each.description) for each in found]
    )


def _opened(path: Path | None, inputs: Sequence[Path]) -> TextIO:
    """Written line by line: what a later line does not spoil. None = nowhere."""
    if path is None:
        return StringIO()
    if any(path.exists() and each.exists() and path.samefile(each) for each in inputs):
        raise FileError(str(path), None, None, "is read here: name another file for the proofs")
    try:
        return path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise FileError(str(path), None, None, f"cannot be written: {error.strerror}") from error

"""`govagents policy`: check policies against the schema and against their own examples."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import Common, HomeOption, JsonOption
from govagents.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Json, Screen
    from govagents.entrypoints.cli.session import Opened
    from govagents.policy.examples import ExampleResult
    from govagents.policy.lint import Known

policy = typer.Typer(name="policy", no_args_is_help=True, help="Check the policies.")

_Folder = Annotated[
    Path | None,
    typer.Argument(metavar="DIR", show_default=False, help="Of policies; else the store's own."),
]


@policy.command("lint")
def lint(
    context: typer.Context,
    folder: _Folder = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check every policy against the schema and the house rules."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.wording import count_of
    from govagents.policy.finding import Severity
    from govagents.policy.lint import lint as lint_files
    from govagents.policy.source import PolicyFile
    from govagents.wiring import read_policies

    screen = Screen(as_json)
    place, hints, known = _place(context, folder, Common(home, json=as_json))
    files = read_policies(place)
    findings = lint_files(files, known)
    read = sum(isinstance(each, PolicyFile) for each in files)
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    again = "lint" if wrong else "test"
    next_ = hints.command("policy", again, *([str(folder)] if folder else []))
    if as_json:
        objects: list[Json] = [
            {
                "severity": finding.severity.value,
                "file": finding.file,
                "line": finding.line,
                "policy": finding.policy,
                "text": finding.text,
            }
            for finding in findings
        ]
        unchecked = [*_unchecked(known)]
        said: dict[str, Json] = {"files": read, "findings": objects}
        screen.data({**said, "not_checked": unchecked, "next": next_})
    else:
        for finding in findings:
            screen.line(f"{finding.severity.value}: {finding}")
        screen.line(f"{count_of(read, 'file')}, {count_of(len(findings), 'finding')}")
        for text in _unchecked(known):
            screen.line(f"not checked: {text}")
        screen.next(next_)
    return Exit.ERROR if wrong else Exit.OK


def _unchecked(known: "Known | None") -> Iterator[str]:
    if known is None:
        yield (
            "whether the people and roles that the policies name exist: a folder knows none; "
            "`govagents policy lint` without a folder checks a store's policies against its company"
        )


@policy.command("test")
def examples(
    context: typer.Context,
    folder: _Folder = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run the examples that lie beside the policies."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.output import Screen
    from govagents.policy.engine import Refusing, decision_point
    from govagents.policy.examples import run_examples
    from govagents.wiring import read_examples, read_policies

    screen = Screen(as_json)
    place, hints, _ = _place(context, folder, Common(home, json=as_json))
    next_ = hints.command("policy", "lint", *([str(folder)] if folder else []))
    decides = decision_point(read_policies(place))
    if isinstance(decides, Refusing):  # every example would fail, each with the same words
        _say_examples(screen, (), decides.problems, next_)
        return Exit.ERROR
    results = run_examples(decides, read_examples(place))
    _say_examples(screen, results, (), next_)
    return Exit.OK if results and all(each.passed for each in results) else Exit.ERROR


def _say_examples(
    screen: "Screen", results: "Sequence[ExampleResult]", problems: Sequence[str], next_: str
) -> None:
    """`problems` = why the policies cannot be used, so that no example was run."""
    from govagents.entrypoints.cli.wording import count_of

    failed = [each for each in results if not each.passed]
    if screen.json:
        objects: list[Json] = [
            {"file": each.file, "name": each.name, "problems": list(each.problems)}
            for each in results
        ]
        told = list(problems)
        screen.data({"examples": objects, "failed": len(failed), "problems": told, "next": next_})
        return
    for problem in problems:
        screen.line(f"error: {problem}")
    for each in failed:
        where = f"{each.file}: {each.name}" if each.name else each.file
        screen.line(f"{where}: {'; '.join(each.problems)}")
    screen.line(
        "no example was run: these policies cannot be used, everything is denied"
        if problems
        else f"{count_of(len(results), 'example')}, {len(failed)} failed"
    )
    screen.next(next_)


def known_to(session: "Opened") -> "Known":
    """The people and roles of the store, so that a policy that names nobody is found."""
    from govagents.policy.lint import Known

    with session.records.begin() as tx:
        identities, roles = tx.world().identities, tx.catalog().roles
    people = (name for name, one in identities.items() if one.person is not None)
    return Known(frozenset(people), frozenset(roles))


def _place(
    context: typer.Context, folder: Path | None, common: Common
) -> "tuple[Path, Hints, Known | None]":
    """The folder of policies: as named, which needs no store, or else the store's."""
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.session import open_ending_session

    if folder is not None:
        if not folder.is_dir():
            raise InputError(f"`{folder}` is no folder: name one that holds .cedar files")
        return folder, Hints(common.home, demo=False), None
    session = open_ending_session(context, common)
    place = session.ending.settings.policies
    if place is None:
        raise InputError(
            "the store's settings name no folder of policies: "
            "`govagents doctor` says the line to write"
        )
    if not place.is_dir():
        raise ConfigurationError(f"the store's policies `{place}` are missing: put them back")
    return place, session.hints, known_to(session)

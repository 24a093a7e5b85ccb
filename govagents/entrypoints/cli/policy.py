"""`govagents policy`: check policies against the schema and against their own examples."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import Common, HomeOption, JsonOption
from govagents.errors import InputError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Json

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
    from govagents.wiring import policy_files

    screen = Screen(as_json)
    place, hints = _place(context, folder, Common(home, json=as_json))
    files = policy_files(place)
    findings = lint_files(files)
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    next_ = hints.command("policy", "test", *([str(folder)] if folder else []))
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
        screen.data({"files": len(files), "findings": objects, "next": next_})
    else:
        for finding in findings:
            screen.line(f"{finding.severity.value}: {finding}")
        screen.line(f"{count_of(len(files), 'file')}, {count_of(len(findings), 'finding')}")
        screen.next(next_)
    return Exit.ERROR if wrong else Exit.OK


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
    from govagents.entrypoints.cli.wording import count_of
    from govagents.policy.engine import decision_point
    from govagents.policy.examples import run_examples
    from govagents.wiring import example_files, policy_files

    screen = Screen(as_json)
    place, hints = _place(context, folder, Common(home, json=as_json))
    results = run_examples(decision_point(policy_files(place)), example_files(place))
    failed = [each for each in results if not each.passed]
    next_ = hints.command("policy", "lint", *([str(folder)] if folder else []))
    if as_json:
        objects: list[Json] = [
            {"file": each.file, "name": each.name, "problems": list(each.problems)}
            for each in results
        ]
        screen.data({"examples": objects, "failed": len(failed), "next": next_})
    else:
        for each in failed:
            screen.line(f"{each.file}: {each.name}: {'; '.join(each.problems)}")
        screen.line(f"{count_of(len(results), 'example')}, {len(failed)} failed")
        screen.next(next_)
    return Exit.ERROR if failed or not results else Exit.OK


def _place(context: typer.Context, folder: Path | None, common: Common) -> "tuple[Path, Hints]":
    """The folder of policies: as named, else the store's. Naming one needs no store."""
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.session import open_session

    if folder is not None:
        return folder, Hints(common.home, demo=False)
    session = open_session(context, common)
    if session.app.settings.policies is None:
        raise InputError(
            "the store's settings name no folder of policies: `govagents policy lint DIR`"
        )
    return session.app.settings.policies, session.hints

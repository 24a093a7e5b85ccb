"""Every command answers under `--json`, and has its place in the journey of all commands."""

from collections.abc import Iterator

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from govagents.entrypoints.cli.app import app
from tests.journey.test_cli_every_command import JOURNEY


def leaves(command: object, *path: str) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, each in command.commands.items():
            yield from leaves(each, *path, name)
    if isinstance(command, TyperCommand):
        yield path, command


COMMANDS = dict(leaves(get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_there_is_a_json_option_when_a_command_is_added(path: tuple[str, ...]) -> None:
    options = {name for each in COMMANDS[path].params for name in each.opts}

    assert "--json" in options


def test_the_journey_goes_through_a_command_when_it_is_added() -> None:
    gone = {path for path in COMMANDS for line in JOURNEY if line[: len(path)] == path}

    assert set(COMMANDS) - gone == set()

"""One table from errors and statuses to exit codes."""

import pytest

from govagents.domain.request import Status
from govagents.entrypoints.cli.exits import OF_STATUS, Exit, of_error
from govagents.errors import (
    ConfigurationError,
    FileError,
    GovAgentsError,
    GuardError,
    IntegrityError,
    ModelError,
    PowerWithheldError,
    StaleDecisionError,
    TargetUnavailableError,
    UnknownNameError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GovAgentsError("x"), Exit.ERROR),
        (UnknownNameError("x"), Exit.USAGE),
        (FileError("f", 1, None, "x"), Exit.USAGE),
        (StaleDecisionError("x"), Exit.ERROR),
        (TargetUnavailableError("x"), Exit.ERROR),
        (ModelError("x"), Exit.ERROR),
        (IntegrityError("x"), Exit.ERROR),
        (ConfigurationError("x"), Exit.ERROR),
        (GuardError("x"), Exit.BLOCKED),
        (PowerWithheldError("a", "p"), Exit.BLOCKED),
    ],
)
def test_the_nearest_class_gives_the_code_when_an_error_is_raised(
    error: GovAgentsError, code: Exit
) -> None:
    assert of_error(error) is code


def test_every_status_has_a_code_when_all_are_listed() -> None:
    assert set(OF_STATUS) == set(Status)


def test_nothing_but_success_is_zero_when_a_request_was_not_given() -> None:
    refused = {Status.NEEDS_INFO, Status.PENDING, Status.DENIED, Status.RETURNED, Status.BLOCKED}

    assert [status for status in refused if OF_STATUS[status] is Exit.OK] == []

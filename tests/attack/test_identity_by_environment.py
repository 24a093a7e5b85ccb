"""Somebody says who they are by what the program finds around it.

Holds: an account on the machine, its environment and the command line. Wants: to speak as somebody
else, an approver above all. Does: sets every variable by which programs guess a name, and `--as`.

Who speaks is the process's effective user, as the store's settings map it, and nothing else.

Open: whoever has somebody's account on the machine speaks as them.
"""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from govagents.domain.ids import IdentityId
from govagents.entrypoints.cli import session
from govagents.entrypoints.cli.options import Common
from govagents.errors import InputError
from govagents.settings import StoreSettings

MALLORY, APPROVER = "mallory", "owen"
VARIABLES = (
    "USER", "LOGNAME", "USERNAME", "SUDO_USER", "SUDO_UID", "UID", "EUID", "HOME",
    "GOVAGENTS_USER", "GOVAGENTS_AS", "GOVAGENTS_OPERATOR",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    """A store in which this process's user is one person, and user 0 or 1 the approver."""
    mine = os.geteuid()
    people = {str(mine): IdentityId(MALLORY), str(1 - min(mine, 1)): IdentityId(APPROVER)}
    return StoreSettings(
        home=tmp_path, policies=None, weights=None, model="local", connectors={}, systems={},
        operators=people,
    )  # fmt: skip


@pytest.mark.parametrize("value", [APPROVER, "0", "1", "root"])
def test_another_identity_by_environment_is_refused(
    settings: StoreSettings, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S44: whatever the variables say."""
    for name in VARIABLES:
        monkeypatch.setenv(name, value)

    assert session._who(Common(), settings, demo=False) == MALLORY


def test_another_identity_by_environment_is_believed_without_the_shipped_line(
    settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a program that asks the environment who its user is."""
    environment = {"UID": str(1 - min(os.geteuid(), 1))}
    monkeypatch.setattr(session, "os", SimpleNamespace(geteuid=lambda: int(environment["UID"])))

    assert session._who(Common(), settings, demo=False) == APPROVER


def test_another_identity_by_option_is_refused(settings: StoreSettings) -> None:
    """`--as` is for demo stores, where nothing real is given."""
    with pytest.raises(InputError, match="demo stores"):
        session._who(Common(as_=APPROVER), settings, demo=False)

    assert session._who(Common(as_=APPROVER), settings, demo=True) == APPROVER


def test_a_user_whom_no_setting_names_is_nobody(settings: StoreSettings) -> None:
    """Nobody is assumed."""
    settings.operators.pop(str(os.geteuid()))  # type: ignore[attr-defined]  # a plain dict here

    assert session._who(Common(), settings, demo=False) is None

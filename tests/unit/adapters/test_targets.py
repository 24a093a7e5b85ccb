"""What is said of a target that cannot be opened."""

from pathlib import Path

import pytest

from govagents.adapters import targets
from govagents.adapters.targets import open_targets
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import TargetUnavailableError
from govagents.ports import Connector, Order
from govagents.settings import TARGET_LIMIT as LIMIT
from tests.unit.adapters.stores import READER

SHOP = SystemId("shop")
ADDRESS = "talkative:db://admin:pa/5@5@host"


class Talkative(Connector):
    """Repeats the address that it was given, as a library does when it is no good."""

    scheme = "talkative"

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        raise NotImplementedError

    def grant(self, order: Order) -> None:
        raise NotImplementedError

    def revoke(self, order: Order) -> None:
        raise NotImplementedError

    @classmethod
    def at(cls, address: str, folder: Path) -> "Talkative":
        raise ValueError(f"no port in `{address}`\n\x1b[2J in {folder.name}")


def test_no_credential_is_said_when_opening_a_target_fails(tmp_path: Path) -> None:
    """S60: what is raised may hold the whole address."""
    opened = open_targets({"talkative": Talkative}, [ADDRESS], tmp_path, limit=LIMIT)

    [problem] = opened.problems
    assert problem.startswith("target `talkative:…` cannot be opened: no port in `db://…@host`")
    assert "\\u001b[2J" in problem
    with pytest.raises(TargetUnavailableError) as silent:
        opened.targets[ADDRESS].holders(SHOP, READER)
    assert "5@5" not in str(silent.value)


def test_a_password_is_said_when_what_opening_raises_is_shown_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away."""
    monkeypatch.setattr(targets, "harmless", str)

    opened = open_targets({"talkative": Talkative}, [ADDRESS], tmp_path, limit=LIMIT)

    assert "pa/5@5" in opened.problems[0]


def test_why_is_said_by_its_kind_when_opening_raises_without_words(tmp_path: Path) -> None:
    class Wordless(Talkative):
        @classmethod
        def at(cls, address: str, folder: Path) -> "Talkative":
            raise OSError

    opened = open_targets({"talkative": Wordless}, [ADDRESS], tmp_path, limit=LIMIT)

    assert opened.problems == ("target `talkative:…` cannot be opened: OSError",)

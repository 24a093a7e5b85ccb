"""The simulated systems, beyond what every connector promises."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import TargetRefusedError, TargetUnavailableError
from govagents.ports import Order, Seedable
from tools.connectors import sim
from tools.connectors.sim import Sim

SYSTEM, ROLE, ANA = SystemId("shop"), RoleId("reader"), IdentityId("ana")


def test_what_was_held_before_is_shown_and_seeding_again_changes_nothing(tmp_path: Path) -> None:
    target = Sim.at("sim.db", tmp_path)
    held = [(SYSTEM, ROLE, ANA)]

    target.seed(held)
    target.seed(iter(held))

    assert isinstance(target, Seedable)
    assert target.holders(SYSTEM, ROLE) == {ANA}


def test_it_is_left_as_a_real_target_would_be_when_the_program_ends(tmp_path: Path) -> None:
    Sim.at("sim.db", tmp_path).grant(Order(SYSTEM, ROLE, ANA, "gr_1"))

    assert Sim.at("sim.db", tmp_path).holders(SYSTEM, ROLE) == {ANA}


def test_every_real_change_is_noted_with_its_fence_and_no_repeat(tmp_path: Path) -> None:
    target = Sim.at("sim.db", tmp_path)
    for fence in ("gr_1", "gr_2"):
        target.grant(Order(SYSTEM, ROLE, ANA, fence))
    for fence in ("gr_1", "gr_2"):
        target.revoke(Order(SYSTEM, ROLE, ANA, fence))

    with closing(sqlite3.connect(tmp_path / "sim.db")) as connection:
        changes = connection.execute("SELECT gained, fence FROM change ORDER BY n").fetchall()

    assert changes == [(1, "gr_1"), (0, "gr_1")]


def test_it_is_unavailable_when_somebody_else_keeps_it_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sim, "_WAIT_SECONDS", 0)
    target = Sim.at("sim.db", tmp_path)
    target.seed([])

    with closing(sqlite3.connect(tmp_path / "sim.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TargetUnavailableError, match="locked"):
            target.grant(Order(SYSTEM, ROLE, ANA, "gr_1"))

    assert target.holders(SYSTEM, ROLE) == frozenset()


def test_it_is_unavailable_when_its_folder_is_gone(tmp_path: Path) -> None:
    with pytest.raises(TargetUnavailableError, match="cannot be reached"):
        Sim.at("sim.db", tmp_path / "gone").holders(SYSTEM, ROLE)


def test_it_refuses_when_its_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "sim.db").write_bytes(b"something else" * 100)

    with pytest.raises(TargetRefusedError, match="not a database"):
        Sim.at("sim.db", tmp_path).grant(Order(SYSTEM, ROLE, ANA, "gr_1"))

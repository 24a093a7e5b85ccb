"""What every connector promises, asked of each file found in tools/connectors (S16).

A new file is tested here before its author writes a test. It needs one line in `RIGS`: how to open
a fresh target that nobody holds anything on. A server that is not installed skips its own alone.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Thread
from typing import TypeAlias

import pytest

from govagents.adapters.connectors import connector_files, load_connector
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import TargetError
from govagents.ports import Connector, Limits, Order
from govagents.testing.chaos import ALL, Chaos, Whim
from tests.live.server import Server

PEOPLE = ("ana", "bo", *(f"{half}{n}" for half in "ab" for n in range(5)))
Rig: TypeAlias = Callable[[type[Connector], Path, pytest.FixtureRequest], Connector]


def sim(connector: type[Connector], folder: Path, request: pytest.FixtureRequest) -> Connector:
    return connector.at("sim.db", folder)


def postgres(connector: type[Connector], folder: Path, request: pytest.FixtureRequest) -> Connector:
    server: Server = request.getfixturevalue("postgres")
    server.clean()
    server.govern("shop/reader", "shop/writer", "vault/reader")
    server.login(*PEOPLE)
    return connector.at(server.address(folder), folder)


RIGS: Mapping[str, Rig] = {"sim": sim, "postgres": postgres}
NAMES = sorted(connector_files())
ODD_NAMES = [
    "ana'; DROP TABLE held;--",
    'ana"',
    "ana\nbo",
    "ana, bo",
    "ana`$(id)`",
    "{role}",
    "%s",
    "-rf",
    "ąna 🙂",
    "x" * 300,
]
SYSTEM, ROLE = SystemId("shop"), RoleId("reader")
ANA, BO = IdentityId("ana"), IdentityId("bo")


@pytest.fixture(params=NAMES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Connector:
    """A fresh target behind a connector."""
    name: str = request.param
    assert name in RIGS, f"add to RIGS how to open a fresh `{name}`"
    connector = load_connector(name, connector_files()[name].read_bytes())
    return RIGS[name](connector, tmp_path, request)


def order(subject: IdentityId = ANA, role: RoleId = ROLE, fence: str = "gr_1") -> Order:
    return Order(SYSTEM, role, subject, fence)


def test_the_contract_is_asked_of_some_connector() -> None:
    assert "sim" in NAMES


def test_nobody_holds_anything_when_nothing_was_given(target: Connector) -> None:
    assert target.holders(SYSTEM, ROLE) == frozenset()


def test_who_was_given_a_role_is_shown_and_nobody_else(target: Connector) -> None:
    target.grant(order())

    assert target.holders(SYSTEM, ROLE) == {ANA}
    assert target.holders(SYSTEM, RoleId("writer")) == frozenset()
    assert target.holders(SystemId("vault"), ROLE) == frozenset()


def test_granting_twice_is_granting_once(target: Connector) -> None:
    target.grant(order())
    target.grant(order())
    target.grant(order(fence="gr_2"))

    assert target.holders(SYSTEM, ROLE) == {ANA}

    target.revoke(order())

    assert target.holders(SYSTEM, ROLE) == frozenset()


def test_revoking_twice_is_revoking_once(target: Connector) -> None:
    target.grant(order())
    target.grant(order(BO))

    target.revoke(order())
    target.revoke(order())

    assert target.holders(SYSTEM, ROLE) == {BO}


def test_revoking_what_nobody_holds_is_success(target: Connector) -> None:
    target.revoke(order())

    assert target.holders(SYSTEM, ROLE) == frozenset()


def test_any_sequence_ends_where_its_last_order_says(target: Connector) -> None:
    for change, expected in (
        (target.grant, {ANA}),
        (target.revoke, set()),
        (target.revoke, set()),
        (target.grant, {ANA}),
        (target.grant, {ANA}),
    ):
        change(order())
        assert target.holders(SYSTEM, ROLE) == expected


@pytest.mark.parametrize("odd", ODD_NAMES)
def test_a_name_is_only_a_name(target: Connector, odd: str) -> None:
    """A target may refuse a name, never obey it."""
    target.grant(order(BO))
    try:
        target.grant(order(IdentityId(odd)))
        target.grant(order(ANA, RoleId(odd)))
    except TargetError:
        assert target.holders(SYSTEM, ROLE) == {BO}
        return

    assert target.holders(SYSTEM, ROLE) == {BO, odd}
    assert target.holders(SYSTEM, RoleId(odd)) == {ANA}

    target.revoke(order(IdentityId(odd)))

    assert target.holders(SYSTEM, ROLE) == {BO}


def test_half_a_character_is_refused_as_a_target_refuses(target: Connector) -> None:
    with pytest.raises(TargetError):
        target.grant(order(IdentityId("half \ud83d pair")))


def test_what_two_give_at_once_is_all_there(target: Connector) -> None:
    start = Barrier(2)

    def work(names: list[str]) -> None:
        start.wait()
        for name in names:
            target.grant(order(IdentityId(name)))

    halves = [[f"{half}{n}" for n in range(5)] for half in "ab"]
    threads = [Thread(target=work, args=(names,)) for names in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert target.holders(SYSTEM, ROLE) == {*halves[0], *halves[1]}


def test_it_says_its_scheme_limits_rights_and_what_holding_means(target: Connector) -> None:
    """S16: the rights that its own account needs are its required scope."""
    assert target.scheme.isidentifier()
    assert isinstance(target.limits, Limits)
    name = next(name for name in NAMES if name == type(target).__module__.rpartition(".")[2])
    said = connector_files()[name].read_text(encoding="utf-8").lower()
    assert "hold" in said
    assert "account needs" in said


def settled(target: Connector, subject: IdentityId, *, held: bool) -> None:
    """As long as it takes, until reading back shows it."""
    for _ in range(20):
        with suppress(TargetError):
            (target.grant if held else target.revoke)(order(subject))
        with suppress(TargetError):
            if (subject in target.holders(SYSTEM, ROLE)) is held:
                return
    pytest.fail("it never came to rest")


@pytest.mark.parametrize("whim", sorted(ALL - {Whim.SLOW}))
def test_it_comes_to_what_was_ordered_whatever_happens_on_the_way(
    target: Connector, whim: Whim
) -> None:
    """S64: lost, late, doubled, refused or undone by hand; SLOW is for whoever waits."""
    chaos = Chaos(target, seed=7)
    target.grant(order(BO))
    for held in (True, False):
        chaos.disturb({whim}, times=3)
        settled(chaos, ANA, held=held)
        chaos.calm()
        settled(chaos, ANA, held=held)

        assert target.holders(SYSTEM, ROLE) == ({ANA, BO} if held else {BO})

    assert {each.whim for each in chaos.happened} == {whim}

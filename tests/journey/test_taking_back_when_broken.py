"""Taking back never waits: whatever else of a store is broken, access ends at the command line."""

import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from govagents import wiring
from govagents.action.posting import Posting
from govagents.action.sweeper import Sweeper, SweepReport
from govagents.adapters import targets
from govagents.adapters.clock import MachineClock
from govagents.adapters.connectors import Loaded, fingerprint, load_connectors
from govagents.adapters.sql import records
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.audit.trail import Trail
from govagents.domain.request import Status
from govagents.entrypoints.cli import sweep
from govagents.errors import StateError
from govagents.settings import FILE, effective_user
from govagents.testing.company import Company
from govagents.wiring import Ending, create_store, open_app, parts
from tests.journey.breaking import (
    AFTER,
    BREAKS,
    CAUSES,
    HOLDER,
    OWNER,
    ROLE,
    SYSTEM,
    WAYS,
    Break,
    Way,
    by_holder,
    by_sweep,
    edit,
    ends_logged,
    everything,
    grant_in,
    held,
    sql,
)
from tests.journey.terminal import Terminal


@pytest.fixture
def terminal(holding: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """At a store with one live grant, and settings that name no system of their own."""
    return Terminal(holding.home, capsys)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("break_", [*BREAKS.values(), everything], ids=[*BREAKS, "everything"])
def test_a_grant_ends_when_something_else_is_broken(
    break_: Break, way: Way, terminal: Terminal
) -> None:
    """S38 S39 S44: each of them in turn, all at once, each of the three ways; the log says how."""
    grant = grant_in(terminal.home)
    assert held(terminal.home)
    break_(terminal.home)

    ended = way(terminal, grant.id)

    assert (ended.code, held(terminal.home)) == (0, False), ended
    assert grant_in(terminal.home).status in {Status.EXPIRED, Status.REVOKED}
    assert "read back: not held" in ended.words or "read back not held" in ended.words
    assert ends_logged(terminal.home) == [CAUSES[way]]


FATAL = (
    "weights gone", "model nonsense", "unknown settings key", "connector missing",
    "connector not enabled", "log key gone", "log key garbage", "log key of another log",
)  # fmt: skip


def everything_first(folder: Path, *, now: datetime | None = None) -> Ending:
    """As if the way out were a part of the whole."""
    app = open_app(folder, now=now)
    turns, posting = app.runner.turns, Posting(app.records, None, app.clock, app.clock)
    expiry, sweeper = app.guard.expiry, app.sweeper
    return Ending(app.records, expiry, sweeper, app.clock, app.settings, (), turns, posting)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("table", ["going", "setting"])
def test_a_grant_ends_when_a_table_that_the_log_replaces_is_gone(
    table: str, way: Way, terminal: Terminal
) -> None:
    """S38 S39: it is made anew and said; the store is a demo still, and whole again."""
    grant = grant_in(terminal.home)
    _drop(terminal.home, table)

    ended = way(terminal, grant.id)

    assert (ended.code, held(terminal.home)) == (0, False), ended
    assert f"the table `{table}` was gone" in ended.out + ended.err
    assert "was gone" not in terminal.type("doctor").out


@pytest.mark.parametrize("table", ["going", "setting"])
def test_it_would_stay_held_when_no_table_were_made_anew(
    table: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line taken away, and what should end stays on."""
    _drop(terminal.home, table)

    with monkeypatch.context() as without:
        without.setattr(records, "mend", lambda session: ())
        tried = by_sweep(terminal, "")

    assert (tried.code, held(terminal.home)) == (1, True)


def test_nothing_is_given_by_whoever_finds_a_table_gone(terminal: Terminal) -> None:
    _drop(terminal.home, "going")

    asked = terminal.type("ask", "Redrive the tracking dlq, 2h", "--as", "kenji.watanabe")

    assert asked.code == 1
    assert "the table `going` was gone" in asked.err


def _drop(home: Path, table: str) -> None:
    with closing(sqlite3.connect(home / "govagents.db")) as connection, connection:
        connection.execute(f"DROP TABLE {table}")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("name", FATAL)
def test_it_would_stay_held_when_everything_were_opened_first(
    name: str, way: Way, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away; the store that is whole shows that nothing else is missing."""
    grant = grant_in(terminal.home)
    BREAKS[name](terminal.home)
    monkeypatch.setattr(wiring, "open_ending", everything_first)

    failed = way(terminal, grant.id)

    monkeypatch.undo()
    assert failed.code == 1
    assert failed.err.startswith("error: ")
    assert held(terminal.home)


def test_what_was_left_out_is_said_when_a_grant_ends(terminal: Terminal) -> None:
    BREAKS["connector not enabled"](terminal.home)
    BREAKS["unknown settings key"](terminal.home)
    grant = grant_in(terminal.home).id

    swept = terminal.type("sweep", "--once")
    told = terminal.data("sweep", "--once")["problems"]
    given_back = terminal.data("grant", "give-back", grant, "--as", HOLDER)

    assert "warning: target `ghost:1` needs the connector `ghost`, which is not" in swept.err
    assert "unknown key `mode`" in swept.err
    assert len(told) == 2
    assert given_back["problems"] == told
    assert given_back["grant"]["status"] == "revoked"


@pytest.mark.parametrize("name", FATAL)
def test_nothing_is_given_when_something_was_left_out(name: str, terminal: Terminal) -> None:
    """Undecided means no to giving: the same store, asked for more."""
    BREAKS[name](terminal.home)

    asked = terminal.type("ask", "Redrive the tracking dlq, 2h", "--as", "nadia.haddad")

    assert asked.code == 1
    assert not asked.out


def test_nothing_is_started_and_the_rest_ends_when_the_guard_cannot_be_made(
    terminal: Terminal,
) -> None:
    """What waits for a sweeper waits on; what is due ends."""
    sql("DELETE FROM setting WHERE name = 'sweeper_seen'")(terminal.home)
    terminal.type("ask", "Redrive the tracking dlq, 3h", "--as", HOLDER)
    terminal.type("approve", "--last", "--as", OWNER)
    BREAKS["weights gone"](terminal.home)

    report = terminal.data("sweep", "--once", "--now", AFTER)

    assert (len(report["expired"]), report["activated"], report["failed"]) == (1, [], [])
    assert [each for each in report["problems"] if "weights.toml` is missing" in each]


def test_a_stranger_ends_nothing_when_nobody_can_be_looked_up(terminal: Terminal) -> None:
    """Who is known is read from the grant, and an agent's name is nobody's to use."""
    grant = grant_in(terminal.home).id
    BREAKS["company gone"](terminal.home)

    stranger = terminal.type("grant", "revoke", grant, "--as", "mallory")
    agent = terminal.type("grant", "revoke", grant, "--as", "provisioner")
    nobody = terminal.type("grant", "give-back", grant)

    assert (stranger.code, agent.code, nobody.code) == (2, 2, 2)
    assert "`mallory` is not known here" in stranger.err
    assert "`provisioner` is an agent of this program" in agent.err
    assert held(terminal.home)


@pytest.fixture
def own_target(made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A grant on a system with a target of its own, beside the one for all others."""
    company = made.copied(tmp_path / "own")
    edit(company.home, "[systems]", f'[systems]\n{SYSTEM} = "sim:own.db"')
    company.approve(company.ask(HOLDER, "Redrive the tracking dlq, 2h"), OWNER)
    company.restarted()
    assert held(company.home, "own.db")
    return Terminal(company.home, capsys)


@pytest.mark.parametrize("target", ['"ghost:own.db"', "1", '{ at = "own.db" }', '""'])
def test_no_other_target_confirms_the_end_when_its_own_cannot_be_opened(
    target: str, own_target: Terminal
) -> None:
    """S39: it stays visible as revoke_failed, and ends by itself when its target is back."""
    grant = grant_in(own_target.home).id
    edit(own_target.home, '"sim:own.db"', target)

    tried = by_holder(own_target, grant)
    swept = own_target.type("sweep", "--once")

    assert (tried.code, swept.code) == (1, 1)
    assert grant_in(own_target.home).status is Status.REVOKE_FAILED
    assert held(own_target.home, "own.db")
    edit(own_target.home, f"{SYSTEM} = {target}", f'{SYSTEM} = "sim:own.db"')
    assert own_target.type("sweep", "--once").code == 0
    assert not held(own_target.home, "own.db")


def test_another_target_would_confirm_an_end_when_it_stood_in(
    own_target: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away: ended on paper, held in fact."""
    sim = load_connectors({"sim": fingerprint("sim")}).classes["sim"]
    monkeypatch.setattr(targets, "Silent", lambda why: sim.at("sim.db", own_target.home))
    grant = grant_in(own_target.home).id
    edit(own_target.home, '"sim:own.db"', '"ghost:own.db"')

    assert by_holder(own_target, grant).code == 0

    assert grant_in(own_target.home).status is Status.REVOKED
    assert held(own_target.home, "own.db")


def test_nothing_says_where_the_targets_are_when_the_settings_are_no_toml(
    terminal: Terminal,
) -> None:
    edit(terminal.home, "", "[[")

    tried = by_sweep(terminal, "")

    assert tried.code == 1
    assert "nothing else says where the targets are" in tried.err


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_the_way_out_is_closed_and_says_why_when_the_log_cannot_be_written(
    way: Way, terminal: Terminal
) -> None:
    """Every ending is an entry: an end that nobody could prove is not made up."""
    grant = grant_in(terminal.home).id
    sql("DROP TRIGGER node_no_delete", "DELETE FROM node")(terminal.home)

    without_nodes = way(terminal, grant)

    assert without_nodes.code == 1
    assert "nothing can be given or ended" in without_nodes.err


def test_what_ended_without_the_key_is_signed_when_the_key_is_back(terminal: Terminal) -> None:
    """S39 S42: it ends, the log and `doctor` say that it stands unsigned, and later it does not."""
    key = (terminal.home / "log.key").read_bytes()
    BREAKS["log key gone"](terminal.home)

    ended = by_holder(terminal, grant_in(terminal.home).id)
    unsigned, looked = terminal.type("audit", "verify"), terminal.type("doctor")
    asked = terminal.type("ask", "Redrive the tracking dlq, 2h", "--as", "nadia.haddad")

    assert (ended.code, held(terminal.home)) == (0, False)
    assert "warning: the log's key" in ended.err
    assert "what is ended stands in the log unsigned" in ended.err
    assert "are not yet covered by a checkpoint" in unsigned.words
    assert looked.code == 1
    assert "log.key` is gone" in looked.words
    assert asked.code == 1
    assert "nothing can be given" in asked.err

    (terminal.home / "log.key").write_bytes(key)
    assert terminal.type("doctor").code == 0
    signed = terminal.type("audit", "verify")
    assert signed.code == 0
    assert "not yet covered" not in signed.words


def test_it_would_stay_unsigned_when_nobody_looked_for_what_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line taken away: the key is back, and the end stands unsigned until something happens."""
    key = (terminal.home / "log.key").read_bytes()
    BREAKS["log key gone"](terminal.home)
    by_holder(terminal, grant_in(terminal.home).id)
    (terminal.home / "log.key").write_bytes(key)
    monkeypatch.setattr(Trail, "catch_up", lambda _: None)
    monkeypatch.setattr(SqlTransaction, "_told_unsigned", lambda _: False)

    terminal.type("doctor")

    assert "are not yet covered by a checkpoint" in terminal.type("audit", "verify").words


def test_sweeping_goes_on_when_one_sweep_fails(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: a busy store, an error nobody thought of; then the next sweep ends what is due."""
    real = Sweeper.sweep
    raised: list[Exception] = [StateError("the store is busy"), RuntimeError("never seen")]

    def sometimes(sweeper: Sweeper) -> SweepReport:
        if raised:
            raise raised.pop(0)
        signal.raise_signal(signal.SIGTERM)
        return real(sweeper)

    monkeypatch.setattr(Sweeper, "sweep", sometimes)
    monkeypatch.setattr(sweep, "length_from", lambda _: timedelta(microseconds=1))

    swept = terminal.type("sweep", "--every", "1s", "--now", AFTER)

    assert swept.code == 0
    assert "this sweep failed" in swept.err
    assert "the store is busy" in swept.err
    assert "never seen" in swept.err
    assert "expired, read back: not held" in swept.words
    assert not held(terminal.home)


@pytest.fixture
def live(made: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A store of one's own, where one is who one is logged in as; the machine's clock stands."""
    start = wiring.DEMO_START
    monkeypatch.setattr(MachineClock, "now", lambda _: start)
    home = tmp_path / "live"
    create_store(home, world=made.world, demo=False).records.close()
    with (home / FILE).open("a") as file:
        file.write(
            f'[operators]\n{effective_user()} = "{HOLDER}"\n'
            f'[connectors]\nsim = "{fingerprint("sim")}"\n[systems]\n"*" = "sim:sim.db"\n'
        )
    company = Company(home, made.world)
    company.approve(company.ask(HOLDER, "Redrive the tracking dlq, 2h"), OWNER)
    assert company.holds(HOLDER, ROLE, SYSTEM)
    return company.restarted()


@pytest.mark.parametrize(
    ("who", "words"), [(HOLDER, ("grant", "give-back")), (OWNER, ("grant", "revoke"))]
)
def test_a_grant_ends_when_a_connector_changed_since_it_was_enabled(
    who: str, words: tuple[str, ...], live: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S44: the other connector is not run, and the operators' table says who one is."""
    terminal = Terminal(live.home, capsys)
    edit(live.home, f'"{HOLDER}"', f'"{who}"')
    edit(live.home, "\n[connectors]", '\n[connectors]\nghost = "00"')
    BREAKS["no company in force"](live.home)

    ended = terminal.type(*words, "--last")

    assert ended.code == 0
    assert "warning: there is no connector `ghost`" in ended.err
    assert not held(live.home)


def test_a_demo_store_loads_no_other_connector_when_only_taking_back(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody is anybody there: what reaches real targets is not even looked at."""
    asked: list[Mapping[str, str]] = []

    def loading(enabled: Mapping[str, str]) -> Loaded:
        asked.append(enabled)
        return load_connectors(enabled)

    monkeypatch.setattr(parts, "load_connectors", loading)
    BREAKS["connector missing"](terminal.home)

    swept = terminal.type("sweep", "--once")

    assert "a demo store loads no connector but `sim`" in swept.err
    assert [set(enabled) for enabled in asked] == [{"sim"}]

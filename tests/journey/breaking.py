"""What of a store can be broken without touching the grant itself, and the three ways out."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from govagents import wiring
from govagents.adapters.connectors import fingerprint, load_connectors
from govagents.domain.grant import Grant
from govagents.settings import FILE
from tests.journey.terminal import Said, Terminal

HOLDER, OWNER = "samuel.adeyemi", "arjun.mehta"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
AFTER = "2026-11-23T12:00:00Z"
Break = Callable[[Path], None]
Way = Callable[[Terminal, str], Said]


def edit(home: Path, old: str, new: str) -> None:
    """In the store's settings; an empty `old` = at their top."""
    file = home / FILE
    file.write_text(file.read_text().replace(old, new, 1))


def sql(*statements: str) -> Break:
    def break_(home: Path) -> None:
        with closing(sqlite3.connect(home / "govagents.db")) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount

    return break_


def settings(new: str, old: str = "") -> Break:
    return lambda home: edit(home, old, new)


def policies_gone(home: Path) -> None:
    shutil.rmtree(home / "policies")


def policies_a_file(home: Path) -> None:
    policies_gone(home)
    (home / "policies").write_text("no folder")


def policy_unparsable(home: Path) -> None:
    (home / "policies" / "broken.cedar").write_text("permit (")


def policy_in_other_operators(home: Path) -> None:
    rule = '@id("odd") forbid (principal, action, resource) when { context has veto };'
    (home / "policies" / "broken.cedar").write_text(rule)


def policy_a_folder(home: Path) -> None:
    (home / "policies" / "broken.cedar").mkdir()


def policy_erring(home: Path) -> None:
    """Cedar skips a policy that errs; whoever reads the folder refuses it before it can."""
    rule = 'forbid (principal, action, resource) unless { Person::"removed".active };'
    (home / "policies" / "broken.cedar").write_text(f'@id("errs") {rule}')


def weights_gone(home: Path) -> None:
    (home / "weights.toml").unlink()


def weights_nonsense(home: Path) -> None:
    (home / "weights.toml").write_text("[x")


def memory_a_file(home: Path) -> None:
    shutil.rmtree(home / "memory", ignore_errors=True)
    (home / "memory").write_text("no folder")


def memory_garbage(home: Path) -> None:
    shutil.rmtree(home / "memory", ignore_errors=True)
    (home / "memory").mkdir()
    (home / "memory" / "chroma.sqlite3").write_bytes(b"\x00garbage" * 512)


def checkpoints_garbage(home: Path) -> None:
    (home / "checkpoints.db").write_bytes(b"\x00garbage" * 512)


def key_gone(home: Path) -> None:
    (home / "log.key").unlink(missing_ok=True)


def key_garbage(home: Path) -> None:
    (home / "log.key").write_bytes(b"no key, and no base64 either!\xff")


def key_of_another_log(home: Path) -> None:
    (home / "log.key").write_bytes(b"A" * 43 + b"=\n")


BREAKS: Mapping[str, Break] = {
    "nothing": lambda home: None,
    "policies gone": policies_gone,
    "policies a file": policies_a_file,
    "policy unparsable": policy_unparsable,
    "policy in other operators": policy_in_other_operators,
    "policy a folder": policy_a_folder,
    "policy erring": policy_erring,
    "weights gone": weights_gone,
    "weights nonsense": weights_nonsense,
    "model nonsense": settings('model = "nope:x"\n'),
    "memory a file": memory_a_file,
    "memory garbage": memory_garbage,
    "checkpoints garbage": checkpoints_garbage,
    "unknown settings key": settings('mode = "fast"\n'),
    "operators no table": settings('operators = "everybody"\n'),
    "connector missing": settings('[connectors]\nghost = "00"', "[connectors]"),
    "connector not enabled": settings('[systems]\nelsewhere = "ghost:1"', "[systems]"),
    "target no text": settings("[systems]\nelsewhere = 1", "[systems]"),
    "company gone": sql("DELETE FROM item"),
    "company edited": sql("UPDATE item SET body = x'7b7d'"),
    "no company in force": sql("UPDATE store SET world = NULL, catalog = NULL"),
    "holder's record gone": sql("DELETE FROM item WHERE id = 'samuel.adeyemi'"),
    "holder's record edited": sql("UPDATE item SET body = x'7b7d' WHERE id = 'samuel.adeyemi'"),
    "catalog edited": sql("UPDATE snapshot SET body = x'7b7d'"),
    "catalog gone": sql("DELETE FROM snapshot"),
    "findings and answers gone": sql("DELETE FROM finding", "DELETE FROM answer"),
    "words gone": sql("DELETE FROM text"),
    "request gone": sql("DELETE FROM request"),
    "log key gone": key_gone,
    "log key garbage": key_garbage,
    "log key of another log": key_of_another_log,
    "no sweeper": sql("DELETE FROM setting WHERE name = 'sweeper_seen'"),
}


LEAVING_NOTHING_TO_BREAK = {
    "policies gone", "policy unparsable", "policy in other operators", "policy a folder",
    "weights gone", "target no text", "company edited", "catalog edited", "policy erring",
    "memory garbage", "holder's record gone", "holder's record edited",
}  # fmt: skip


def everything(home: Path) -> None:
    for name in sorted(BREAKS.keys() - LEAVING_NOTHING_TO_BREAK):
        BREAKS[name](home)


def by_sweep(terminal: Terminal, _grant: str) -> Said:
    return terminal.type("sweep", "--once", "--now", AFTER)


def by_holder(terminal: Terminal, grant: str) -> Said:
    return terminal.type("grant", "give-back", grant, "--as", HOLDER)


def by_owner(terminal: Terminal, grant: str) -> Said:
    return terminal.type("grant", "revoke", grant, "--as", OWNER)


WAYS: Mapping[str, Way] = {"sweep": by_sweep, "give-back": by_holder, "revoke": by_owner}
CAUSES: Mapping[Way, tuple[str, str]] = {
    by_sweep: ("expired", "none"), by_holder: ("given_back", HOLDER), by_owner: ("revoked", OWNER)
}  # fmt: skip
"""What the log says of each: why it ended, and on whose word."""


def grant_in(home: Path) -> Grant:
    """The grant, as a process that builds nothing but the records reads it."""
    ending = wiring.open_ending(home)
    with ending.records.begin() as tx:
        (grant,) = tx.grants.list()
    ending.records.close()
    return grant


def ends_logged(home: Path) -> list[tuple[str, str]]:
    """Why and on whose word it ended, by each entry of that which names its calls."""
    ending = wiring.open_ending(home)
    with ending.records.begin() as tx:
        (grant,) = tx.grants.list()
        events = [event for _, event in tx.log.of(grant.request)]
    ending.records.close()
    ended = [event for event in events if event.kind == "grant.ended" and event.calls]
    return [(event.reason.removeprefix(f"{grant.id} "), event.principal) for event in ended]


def held(home: Path, file: str = "sim.db") -> bool:
    """Read back from the simulated system, by its own connector."""
    sim = load_connectors({"sim": fingerprint("sim")}).classes["sim"].at(file, home)
    grant = grant_in(home)
    return grant.beneficiary in sim.holders(grant.targets[0], grant.role)

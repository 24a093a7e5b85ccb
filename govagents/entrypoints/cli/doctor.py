"""`govagents doctor`: whether this store can give, end and prove; what to do where it cannot."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import typer

from govagents.domain.request import Status
from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import Session


class Health(StrEnum):
    """NOTE is worth knowing and stops nothing."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `next` is a command, or empty."""

    name: str
    health: Health
    text: str
    next: str = ""


def doctor(
    context: typer.Context,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check the store: who you are, what ends access, policies, targets, memory, the log."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    checks = [*_checks(session)]
    wrong = [check for check in checks if check.health is Health.BAD]
    found = [check.next for check in checks if check.next and check.health is not Health.GOOD]
    next_ = found or [session.look("request", "list")]
    if as_json:
        objects = [
            {"check": each.name, "health": each.health.value, "text": each.text, "next": each.next}
            for each in checks
        ]
        session.screen.data({"checks": objects, "key": _key(session), "next": next_[0]})
    else:
        _show(session, checks, _key(session))
        session.screen.next(*dict.fromkeys(next_))
    return Exit.ERROR if wrong else Exit.OK


def _checks(session: "Session") -> Iterator[Check]:
    yield from _store(session)
    yield _speaker(session)
    yield _clock(session)
    yield _sweeper(session)
    yield _policies(session)
    yield _reader(session)
    yield _targets(session)
    yield _ends(session)
    yield _memory(session)
    yield _log(session)


def _store(session: "Session") -> Iterator[Check]:
    home = session.app.home
    mode = stat.S_IMODE(home.stat().st_mode)
    kind = "demo" if session.demo else "own"
    if mode & 0o077:
        text = f"{home} ({kind}) can be read by others: whoever can write there is the operator"
        yield Check("store", Health.BAD, text, f"chmod 700 {home}")
    else:
        yield Check("store", Health.GOOD, f"{home} ({kind}), readable by its owner alone")


def _speaker(session: "Session") -> Check:
    if session.who is not None:
        return Check("you", Health.GOOD, session.who)
    if session.demo:
        return Check("you", Health.NOTE, "nobody yet: a demo store lets you be anybody, `--as ID`")
    settings = session.app.home / "settings.toml"
    text = f'nobody: add `{os.geteuid()} = "ID"` under [operators] in {settings}'
    return Check("you", Health.NOTE, text)


def _clock(session: "Session") -> Check:
    from govagents.entrypoints.cli.wording import time_of

    still = ", stands still; `--now` moves it" if session.demo else ""
    return Check("clock", Health.GOOD, time_of(session.app.clock.now()) + still)


def _sweeper(session: "Session") -> Check:
    from govagents.action.sweeper import alive

    with session.app.records.begin() as tx:
        seen = alive(tx, session.app.sweeper.machine.now())
    if seen:
        return Check("sweeper", Health.GOOD, "seen within the last two minutes")
    text = "none seen in the last two minutes: nothing is given until one runs"
    return Check("sweeper", Health.NOTE, text, session.look("sweep", "--every", "30s"))


def _policies(session: "Session") -> Check:
    from govagents.entrypoints.cli.policy import known_to
    from govagents.entrypoints.cli.wording import count_of
    from govagents.policy.finding import Severity
    from govagents.policy.lint import lint
    from govagents.wiring import policy_files

    folder = session.app.settings.policies
    if folder is None:
        text = "settings.toml names no folder of policies: everything is denied"
        return Check("policies", Health.BAD, text, session.hints.command("policy", "lint", "DIR"))
    if not folder.is_dir():
        text = f"the folder `{folder}` is missing: everything is denied; put it back"
        return Check("policies", Health.BAD, text, session.look("doctor"))
    files = policy_files(folder)
    found = lint(files, known_to(session))
    wrong = [str(each) for each in found if each.severity is Severity.ERROR]
    counted = count_of(len(files), "file")
    if wrong:
        text = f"{counted}, {count_of(len(wrong), 'error')}: everything is denied: {wrong[0]}"
        return Check("policies", Health.BAD, text, session.hints.command("policy", "lint"))
    return Check("policies", Health.GOOD, f"{counted} without an error")


def _reader(session: "Session") -> Check:
    return Check("reader", Health.GOOD, session.app.settings.model)


def _targets(session: "Session") -> Check:
    served = session.app.settings.systems
    if not served:
        text = "no system has a connector, under [systems] in settings.toml: nothing can be given"
        return Check("targets", Health.BAD, text)
    others = "every other" if len(served) > 1 else "every system"
    names = (f"{others if name == '*' else name} by {by}" for name, by in served.items())
    return Check("targets", Health.GOOD, ", ".join(sorted(names)))


def _memory(session: "Session") -> Check:
    from govagents.entrypoints.cli.wording import count_of

    with session.app.records.begin() as tx:
        cases = sum(1 for _ in tx.precedents())
    return Check("memory", Health.GOOD, f"{count_of(cases, 'closed case')} kept; it advises only")


def _ends(session: "Session") -> Check:
    with session.app.records.begin() as tx:
        failed = tx.grants.list(frozenset({Status.REVOKE_FAILED}))
        active = tx.grants.list(frozenset({Status.ACTIVE}))
    if failed:
        text = f"{len(failed)} ended but not confirmed by the target"
        return Check("grants", Health.BAD, text, session.look("grant", "list", "--failed"))
    return Check("grants", Health.GOOD, f"{len(active)} active, none that would not end")


def _log(session: "Session") -> Check:
    from govagents.audit.verify import Outside, verify
    from govagents.entrypoints.cli.wording import count_of
    from govagents.wiring import stored_log, unbacked

    with stored_log(session.app.home) as stored:
        found = verify(stored, Outside())
    command = session.look("audit", "verify")
    if not found.ok:
        return Check("log", Health.BAD, found.reason or "not whole", command)
    differing = unbacked(session.app.home)
    if differing:
        more = f", and {len(differing) - 1} more" if len(differing) > 1 else ""
        return Check("log", Health.BAD, f"whole, but {differing[0]}{more}", command)
    return Check("log", Health.GOOD, f"{count_of(found.size, 'entry', 'entries')}, whole")


def _key(session: "Session") -> str | None:
    from govagents.wiring import stored_log

    with stored_log(session.app.home) as stored:
        return str(stored.key) if stored.key else None


def _show(session: "Session", checks: list[Check], key: str | None) -> None:
    from govagents.entrypoints.cli.output import Tone, Toned

    tones = {Health.GOOD: Tone.GOOD, Health.NOTE: Tone.WAIT, Health.BAD: Tone.BAD}
    session.screen.table(
        ("check", "", "found"),
        [(each.name, Toned(each.health.value, tones[each.health]), each.text) for each in checks],
    )
    if key is not None:
        session.screen.heading(
            "the log's key: keep it elsewhere, for `govagents audit verify --key`"
        )
        session.screen.whole(key)

"""`govagents doctor`: whether this store can give, end and prove; what to do where it cannot.

Rules:
1. It opens what ending takes, so that it answers where the store cannot be opened to give.
2. A check that fails, in whatever way the engine names, is a bad row; the others go on.
3. What has to stand in `settings.toml` is said as the line to write.
4. Where not even that much can be opened, why not is the one row there is.
5. The latest instant that a sweep has seen lies no more than two minutes after the clock: by it
   grants end, and nothing else covers it. An operator may set it back (`clock`).
6. Access that is due to end is bad, as `check_ends` says.
"""

import os
import shlex
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.check_ends import check_ends
from govagents.entrypoints.cli.check_notices import check_notices
from govagents.entrypoints.cli.check_redecided import check_redecided
from govagents.entrypoints.cli.checks import Check, Health
from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption
from govagents.errors import ConfigurationError, GovAgentsError, IntegrityError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.output import Json, Screen
    from govagents.entrypoints.cli.session import EndingSession

_STILL = ", stands still; `--now` moves it"
_APART = timedelta(minutes=2)  # another process may have swept since, by a clock a little ahead


def doctor(
    context: typer.Context,
    repair_clock: Annotated[
        bool,
        typer.Option(
            "--repair-clock", help="Set the latest instant seen back to what clock and log tell."
        ),
    ] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check the store: who you are, what ends access, policies, targets, memory, the log."""
    from govagents.entrypoints.cli.clock import set_clock_back
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_ending_session

    common = Common(home, as_, now, as_json)
    try:
        session = open_ending_session(context, common)  # (1)
    except (ConfigurationError, IntegrityError) as error:
        return _closed(context, common, error)
    if repair_clock:
        set_clock_back(session)
        return Exit.OK
    checks = [*_checks(session)]
    wrong = [check for check in checks if check.health is Health.BAD]
    urgent = sorted(checks, key=lambda each: each.health is not Health.BAD)
    found = [check.next for check in urgent if check.next and check.health is not Health.GOOD]
    next_ = found or [session.look("request", "list")]
    if as_json:
        objects = [_object(each) for each in checks]
        session.screen.data({"checks": objects, "key": _key(session), "next": next_[0]})
    else:
        _show(session, checks, _key(session))
        session.screen.next(*dict.fromkeys(next_))
    return Exit.ERROR if wrong else Exit.OK


def _closed(context: typer.Context, common: Common, error: GovAgentsError) -> int:
    """(4)."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.session import home_of
    from govagents.settings import FILE
    from govagents.settings import home as store

    place = store(home_of(context, common))
    screen, hints = Screen(common.json), Hints(common.home, demo=False)
    there = (place / FILE).exists()
    name = "settings" if str(place / FILE) in str(error) else "store"
    again = hints.command("doctor") if there else hints.command("init", "--demo")
    next_ = hints.restore(error, place) or again
    check = Check(name, Health.BAD, str(error), next_)
    if common.json:
        screen.data({"checks": [_object(check)], "key": None, "next": next_})
    else:
        _table(screen, [check])
        screen.next(next_)
    return Exit.ERROR


def _object(check: Check) -> "dict[str, Json]":
    return {
        "check": check.name,
        "health": check.health.value,
        "text": check.text,
        "next": check.next,
        "write": check.write,
    }


def _checks(session: "EndingSession") -> Iterator[Check]:
    looks: tuple[tuple[str, Callable[[EndingSession], Check]], ...] = (
        ("store", _store),
        ("you", _speaker),
        ("clock", _clock),
        ("settings", _settings),
        ("sweeper", _sweeper),
        ("policies", _policies),
        ("reader", lambda each: Check("reader", Health.GOOD, each.ending.settings.model)),
        ("targets", _targets),
        ("traces", _traces),
        ("opening", _opening),
        ("requests", _runs),
        ("grants", check_ends),
        ("decided again", check_redecided),
        ("notices", check_notices),
        ("memory", _memory),
        ("log", _log),
    )
    for name, look in looks:
        try:
            yield look(session)
        except GovAgentsError as error:  # (2)
            restore = session.hints.restore(error, session.ending.settings.home)
            yield Check(name, Health.BAD, str(error), restore)


def _store(session: "EndingSession") -> Check:
    home = session.ending.settings.home
    mode = stat.S_IMODE(home.stat().st_mode)
    kind = "demo" if session.demo else "own"
    mended = session.ending.records.mended
    if mended:
        return Check("store", Health.BAD, "; ".join(mended), session.look("sweep", "--once"))
    if mode & 0o077:
        text = f"{home} ({kind}) can be read by others: whoever can write there is the operator"
        return Check("store", Health.BAD, text, f"chmod 700 {shlex.quote(str(home))}")
    database = session.ending.records.database
    record = "" if database.in_folder else f"; the record is in {database.where}"
    return Check("store", Health.GOOD, f"{home} ({kind}), readable by its owner alone{record}")


def _speaker(session: "EndingSession") -> Check:
    if session.who is not None:
        return Check("you", Health.GOOD, session.who)
    if session.demo:
        return Check("you", Health.NOTE, "nobody yet: a demo store lets you be anybody, `--as ID`")
    text = "nobody: this user of the system is nobody of the company, under [operators]"
    return Check("you", Health.NOTE, text, write=("[operators]", f'{os.geteuid()} = "ID"'))


def _clock(session: "EndingSession") -> Check:
    """(5)."""
    from govagents.action.elapsed import set_ahead
    from govagents.entrypoints.cli.clock import moment_of, to_repair
    from govagents.entrypoints.cli.wording import length_of, time_of

    now = session.ending.clock.now()
    with session.ending.records.begin() as tx:
        told = tx.settings.get("latest_instant")
        ahead = set_ahead(tx, now, session.ending.sweeper.uptime())
    repair = to_repair(session)
    seen = moment_of(told)
    if told is not None and seen is None:
        text = f"{time_of(now)}, but the latest instant that was seen cannot be read: `{told}`"
        return Check("clock", Health.BAD, f"{text}; a clock set back is not noticed", repair)
    if seen is not None and seen > now + _APART:
        text = (
            f"{time_of(now)}, but this store has seen {time_of(seen)}: whatever ends by then ends "
            "at the next sweep; set the clock right, or, if it is, look who edited the database "
            f"and `{repair}`"
        )
        return Check("clock", Health.BAD, text, repair)
    if ahead > _APART:
        text = (
            f"{time_of(now)}, set ahead by {length_of(ahead)} since the machine's start: "
            "if that was wrong, what ends by it ends early"
        )
        return Check("clock", Health.NOTE, text)
    return Check("clock", Health.GOOD, time_of(now) + (_STILL if session.demo else ""))


def _settings(session: "EndingSession") -> Check:
    settings = session.ending.settings
    if settings.problems:
        return Check("settings", Health.BAD, "; ".join(settings.problems))
    return Check("settings", Health.GOOD, "understood")


def _sweeper(session: "EndingSession") -> Check:
    from govagents.action.sweeper import alive

    with session.ending.records.begin() as tx:
        seen = alive(tx, session.ending.sweeper.machine.now())
    if seen:
        return Check("sweeper", Health.GOOD, "seen within the last two minutes")
    text = "none seen in the last two minutes: nothing is given until one runs"
    return Check("sweeper", Health.NOTE, text, session.look("sweep", "--every", "30s"))


def _policies(session: "EndingSession") -> Check:
    from govagents.entrypoints.cli.policy import known_to
    from govagents.entrypoints.cli.wording import count_of
    from govagents.policy.finding import Severity
    from govagents.policy.lint import lint
    from govagents.policy.source import PolicyFile, read
    from govagents.wiring import read_policies

    folder = session.ending.settings.policies
    if folder is None:
        text = "settings.toml names no folder of policies: everything is denied"
        return Check("policies", Health.BAD, text, write=('policies = "policies"',))
    if not folder.is_dir():
        text = f"the folder `{folder}` is missing: everything is denied; put it back"
        return Check("policies", Health.BAD, text, session.look("doctor"))
    files = read_policies(folder)
    found = lint(files, known_to(session))
    wrong = [str(each) for each in found if each.severity is Severity.ERROR]
    counted = count_of(sum(isinstance(each, PolicyFile) for each in files), "file")
    lint_again = session.hints.command("policy", "lint")
    if wrong:
        denied = [f"everything is denied: {each}" for each in read(files).problems]
        text = f"{counted}, {count_of(len(wrong), 'error')}: {[*denied, *wrong][0]}"
        return Check("policies", Health.BAD, text, lint_again)
    if found:
        text = f"{counted} without an error, {count_of(len(found), 'warning')}: {found[0]}"
        return Check("policies", Health.NOTE, text, lint_again)
    return Check("policies", Health.GOOD, f"{counted} without an error")


def _opening(session: "EndingSession") -> Check:
    from govagents.wiring import open_app

    ending = session.ending
    if ending.skipped:
        return Check("opening", Health.NOTE, "not tried: first what is bad in settings and targets")
    app = open_app(ending.settings.home)
    app.memory.close()
    app.records.close()
    return Check("opening", Health.GOOD, "what asking takes can be opened")


def _targets(session: "EndingSession") -> Check:
    from govagents.wiring import to_enable

    settings = session.ending.settings
    served, lines = settings.systems, to_enable(settings)
    write = ("[connectors]", *lines) if lines else ()
    if not served:
        text = "no system has a connector, under [systems] in settings.toml: nothing can be given"
        missing = ("[systems]", '"SYSTEM" = "CONNECTOR:ADDRESS"')
        return Check("targets", Health.BAD, text, write=missing)
    kept = session.ending.records
    elsewhere = {*settings.problems, *kept.mended, kept.unsigned}
    problems = [each for each in session.ending.skipped if each not in elsewhere]
    if problems:
        text = f"nothing can be given: {'; '.join(problems)}"
        return Check("targets", Health.BAD, text, write=write)
    others = "every other" if len(served) > 1 else "every system"
    names = sorted(f"{others if name == '*' else name} by {by}" for name, by in served.items())
    return Check("targets", Health.GOOD, ", ".join(names))


def _traces(session: "EndingSession") -> Check:
    from govagents.wiring import spans_of

    spans = spans_of(session.ending.settings)
    if spans.problem:
        return Check("traces", Health.BAD, spans.problem, write=('traces = "traces.jsonl"',))
    where = f"one span of each call in {spans.file}" if spans.file else "no spans are kept"
    return Check("traces", Health.GOOD, f"{where}; the log names every call")


def _memory(session: "EndingSession") -> Check:
    from govagents.entrypoints.cli.wording import count_of

    with session.ending.records.begin() as tx:
        cases = sum(1 for _ in tx.precedents())
    return Check("memory", Health.GOOD, f"{count_of(cases, 'closed case')} kept; it advises only")


def _runs(session: "EndingSession") -> Check:
    from govagents.action.unfinished import UNDER_WAY, unfinished
    from govagents.entrypoints.cli.wording import count_of

    with session.ending.records.begin() as tx:
        names = tx.requests.list(UNDER_WAY)
        cut = session.ending.left_behind([name for name in names if unfinished(tx, name)])
    if not cut:
        return Check("requests", Health.GOOD, f"{len(names)} under way, none cut short")
    command = session.look("sweep", "--once")
    text = f"{count_of(len(cut), 'request')} did not finish its run: `{command}`"
    return Check("requests", Health.NOTE, text, command)


def _log(session: "EndingSession") -> Check:
    from govagents.audit.verify import Outside, verify
    from govagents.entrypoints.cli.wording import count_of
    from govagents.wiring import stored_log, unbacked

    with stored_log(session.ending.settings.home) as stored:
        found = verify(stored, Outside())
    command = session.look("audit", "verify")
    if not found.ok:
        return Check("log", Health.BAD, found.reason or "not whole", command)
    unsigned = session.ending.records.unsigned
    if unsigned:
        return Check("log", Health.BAD, f"whole, but {unsigned}", command)
    differing = unbacked(session.ending.settings.home)
    if differing:
        more = f" ({len(differing)} such)" if len(differing) > 1 else ""
        return Check("log", Health.BAD, f"whole, but {differing[0]}{more}", command)
    return Check("log", Health.GOOD, f"{count_of(found.size, 'entry', 'entries')}, whole")


def _key(session: "EndingSession") -> str | None:
    from govagents.wiring import stored_log

    with stored_log(session.ending.settings.home) as stored:
        return str(stored.key) if stored.key else None


def _show(session: "EndingSession", checks: list[Check], key: str | None) -> None:
    _table(session.screen, checks)
    wanted = sorted((each.write for each in checks if each.write), key=_in_table)
    lines = [line for write in wanted for line in write]
    if lines:  # (3)
        place = session.ending.settings.home / "settings.toml"
        session.screen.heading(f"missing in {place}; each [table] stands there once:")
        for line in lines:
            session.screen.whole(line)
    if key is not None:
        session.screen.heading(
            "the log's key: keep it elsewhere, for `govagents audit verify --key`"
        )
        session.screen.whole(key)


def _table(screen: "Screen", checks: list[Check]) -> None:
    from govagents.entrypoints.cli.output import Tone, Toned

    tones = {Health.GOOD: Tone.GOOD, Health.NOTE: Tone.WAIT, Health.BAD: Tone.BAD}
    screen.table(
        ("check", "", "found"),
        [(each.name, Toned(each.health.value, tones[each.health]), each.text) for each in checks],
    )


def _in_table(write: tuple[str, ...]) -> bool:
    """Keys of the file itself stand before its first table."""
    return write[0].startswith("[")

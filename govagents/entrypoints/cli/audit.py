"""`govagents audit`: check the whole log, or read it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption
from govagents.errors import InputError, IntegrityError

if TYPE_CHECKING:
    from govagents.audit.checkpoint import VerifyKey
    from govagents.audit.verify import Verification
    from govagents.entrypoints.cli.output import Json, Line

audit = typer.Typer(name="audit", no_args_is_help=True, help="Check the log, and read it.")


@audit.command("verify")
def verify(
    context: typer.Context,
    key: Annotated[
        str | None, typer.Option("--key", metavar="VKEY", help="The log's key, kept elsewhere.")
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help="A checkpoint, kept elsewhere."),
    ] = None,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Recompute the log, check every signature, hold answers and grants against it.

    Names the first bad entry, and every answer or grant that is not what the log says.
    """
    from govagents.audit.verify import Outside
    from govagents.audit.verify import verify as verify_log
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.session import home_of, open_session
    from govagents.settings import home as store
    from govagents.wiring import stored_log

    common = Common(home, as_, now, as_json)
    outside = Outside(_key(key), _checkpoint(checkpoint))
    if as_ is not None or now is not None:
        open_session(context, common)  # refuses them where they may not be
    # The store is not opened: one that was tampered with is the one that most needs verifying.
    place = store(home_of(context, common))
    with stored_log(place) as stored:
        found = verify_log(stored, outside)
    beside = _beside(place)
    screen, next_ = Screen(as_json), Hints(home, demo=False).command("audit", "show")
    if as_json:
        screen.data({**_object(found, beside), "next": next_})
    else:
        screen.facts(_facts(found, beside))
        screen.next(next_)
    return Exit.OK if found.ok and not any(beside) else Exit.ERROR


@audit.command("show")
def show(
    context: typer.Context,
    about: Annotated[
        str | None,
        typer.Argument(metavar="ID", show_default=False, help="Only of this request or grant."),
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option("--agent", metavar="NAME", help="Only what this agent of ours did."),
    ] = None,
    principal: Annotated[
        str | None,
        typer.Option("--principal", metavar="ID", help="Only what was done on this one's word."),
    ] = None,
    accountable: Annotated[
        str | None,
        typer.Option(
            "--accountable", metavar="ID", help="Only what this person answers for, also by a bot."
        ),
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", metavar="ID", help="Only where this one gains or loses."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="PREFIX", help="Only these, such as `grant.`."),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, help="How many, the newest.")
    ] = 30,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show log entries, the newest last; who acted and on whose word they acted stand apart.

    In brackets: the person who answers for an agent, a bot or a service that spoke.
    """
    from govagents.entrypoints.cli.entries import Wanted, newest_entries, show_entries
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.request_json import entry_object
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    wanted = Wanted(agent, principal, accountable, subject, kind)
    entries = newest_entries(session, about, most, wanted)
    next_ = session.look("audit", "verify")
    if as_json:
        objects = [entry_object(index, event) for index, event in entries]
        session.screen.data({"entries": objects, "next": next_})
        return Exit.OK
    show_entries(session, entries)
    session.screen.next(next_)
    return Exit.OK


def _key(text: str | None) -> "VerifyKey | None":
    from govagents.audit.checkpoint import Rejected, VerifyKey

    if text is None:
        return None
    key = VerifyKey.parse(text)
    if isinstance(key, Rejected):
        raise InputError(f"`--key` is no key of a log: {key}; `govagents doctor` shows this log's")
    return key


def _checkpoint(path: Path | None) -> str | None:
    try:
        return None if path is None else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"`{path}` cannot be read: {error}") from error


class _Beside(NamedTuple):
    """What the tree cannot tell."""

    misfiled: tuple[int, ...]
    unbacked: tuple[str, ...]


def _beside(place: Path) -> _Beside:
    from govagents.wiring import misfiled, unbacked

    try:
        return _Beside(misfiled(place), unbacked(place))
    except IntegrityError as error:  # what the log itself comes to is said all the same
        return _Beside((), (str(error),))


def _facts(found: "Verification", beside: _Beside) -> "list[tuple[str, Line]]":
    from govagents.entrypoints.cli.output import Tone, Toned
    from govagents.entrypoints.cli.wording import count_of

    rows: list[tuple[str, Line]] = [("entries", f"{found.size:,}, root {found.root.hex()[:16]}")]
    rows.append(
        (
            "signed",
            f"{count_of(len(found.checked), 'checkpoint')} fit, the last of "
            f"{found.covered:,} entries",
        )
    )
    if found.ok and not any(beside):
        rows.append(("verdict", Toned("the log is whole", Tone.GOOD)))
    elif found.ok and not beside.misfiled:
        text = "the log is whole, and the store is not what it says"
        rows.append(("verdict", Toned(text, Tone.BAD)))
    else:
        where = "" if found.first_bad is None else f" at entry {found.first_bad}"
        rows.append(("verdict", Toned(f"the log is not whole{where}", Tone.BAD)))
        rows += [("" if n else "found", one.reason) for n, one in enumerate(found.findings)]
    if beside.misfiled:
        lost = ", ".join(map(str, beside.misfiled))
        rows.append(("misfiled", f"entries {lost} are filed under another id"))
    rows += [("" if n else "differs", said) for n, said in enumerate(beside.unbacked)]
    rows += [("" if n else "not excluded", said) for n, said in enumerate(found.not_excluded)]
    return rows


def _object(found: "Verification", beside: _Beside) -> "dict[str, Json]":
    return {
        "ok": found.ok and not any(beside),
        "size": found.size,
        "root": found.root.hex(),
        "covered": found.covered,
        "checkpoints": len(found.checked),
        "first_bad": found.first_bad,
        "reason": found.reason,
        "findings": [{"entry": one.index, "reason": one.reason} for one in found.findings],
        "misfiled": list(beside.misfiled),
        "unbacked": list(beside.unbacked),
        "not_excluded": list(found.not_excluded),
    }

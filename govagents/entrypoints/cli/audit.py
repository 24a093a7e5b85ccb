"""`govagents audit`: check the whole log, read it, and hand it or a proof from it to others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from govagents.entrypoints.cli.audit_bundle import export, prove, text_in
from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption
from govagents.errors import ConfigurationError, InputError, IntegrityError

if TYPE_CHECKING:
    from govagents.audit.bundle import Bundle
    from govagents.audit.checkpoint import VerifyKey
    from govagents.audit.verify import Outside, Verification
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
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle",
            metavar="PATH",
            help="Check what `prove` or `export` wrote, instead of a store.",
        ),
    ] = None,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Recompute the log, check every signature, hold answers and grants against it.

    Names the first bad entry, and every answer or grant that is not what the log says.
    """
    from govagents.audit.proving import check
    from govagents.audit.verify import Outside
    from govagents.audit.verify import verify as verify_log
    from govagents.entrypoints.cli.audit_bundle import read_bundle
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.session import home_of, open_session
    from govagents.settings import home as store
    from govagents.wiring import stored_log

    common = Common(home, as_, now, as_json)
    outside = Outside(_key(key), None if checkpoint is None else text_in(checkpoint))
    hints = Hints(home, demo=False)
    if bundle is not None:
        if home or as_ or now:
            raise InputError("`--bundle` is checked without a store: leave out the store's options")
        read = read_bundle(bundle)
        judged = _Judged(check(read, outside), outside, bundle=read)
        return _answer(judged, common, hints.command("audit", "verify", "--help"))
    if as_ is not None or now is not None:
        open_session(context, common)  # refuses them where they may not be
    # The store is not opened: one that was tampered with is the one that most needs verifying.
    place = store(home_of(context, common))
    with stored_log(place) as stored:
        found = verify_log(stored, outside)
    judged = _Judged(found, outside, _beside(place))
    return _answer(judged, common, hints.command("audit", "show"))


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


class _Beside(NamedTuple):
    """What the tree cannot tell."""

    misfiled: tuple[int, ...] = ()
    unbacked: tuple[str, ...] = ()
    unread: str = ""
    """Why nothing was compared."""


def _beside(place: Path) -> _Beside:
    from govagents.wiring import misfiled, unbacked

    try:
        return _Beside(misfiled(place), unbacked(place))
    except IntegrityError as error:  # what the log itself comes to is said all the same
        return _Beside((), (str(error),))
    except ConfigurationError as error:  # another release's: its tables are not ours
        return _Beside(unread=str(error))


class _Judged(NamedTuple):
    """What was found, by what was brought from elsewhere, in a store or in a bundle."""

    found: "Verification"
    outside: "Outside"
    beside: _Beside = _Beside()
    bundle: "Bundle | None" = None

    @property
    def ok(self) -> bool:
        return self.found.ok and not any(self.beside)


def _answer(judged: _Judged, common: Common, next_: str) -> int:
    from govagents.entrypoints.cli.audit_bundle import proved_objects
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.output import Screen

    screen, bundle = Screen(common.json), judged.bundle
    if common.json:
        proofs = {} if bundle is None or not judged.ok else {"proved": proved_objects(bundle)}
        screen.data({**_object(judged.found, judged.beside), **proofs, "next": next_})
    else:
        screen.facts(_facts(judged))
        screen.next(next_)
    return Exit.OK if judged.ok else Exit.ERROR


def _facts(judged: _Judged) -> "list[tuple[str, Line]]":
    from govagents.entrypoints.cli.audit_bundle import proved_rows
    from govagents.entrypoints.cli.wording import count_of

    found, beside, bundle = judged.found, judged.beside, judged.bundle
    rows: list[tuple[str, Line]] = [("entries", f"{found.size:,}, root {found.root.hex()[:16]}")]
    fit = f"{count_of(len(found.checked), 'checkpoint')} fit, the last of {found.covered:,} entries"
    rows.append(("signed", fit))
    if judged.ok and bundle is not None:
        rows += proved_rows(bundle)
    if judged.ok and judged.outside.checkpoint is not None:
        rows.append(("continues", "the checkpoint that was kept elsewhere"))
    rows += _verdict(judged)
    if beside.misfiled:
        lost = ", ".join(map(str, beside.misfiled))
        rows.append(("misfiled", f"entries {lost} are filed under another id"))
    if beside.unread:
        rows.append(("not compared", f"{beside.unread}; if this one made it, its row was changed"))
    rows += [("" if n else "differs", said) for n, said in enumerate(beside.unbacked)]
    rows += [("" if n else "not excluded", said) for n, said in enumerate(found.not_excluded)]
    return rows


def _verdict(judged: _Judged) -> "list[tuple[str, Line]]":
    from govagents.entrypoints.cli.output import Tone, Toned

    found, bundle = judged.found, judged.bundle
    if judged.ok:
        proofs = bundle is not None and not bundle.entries
        text = "what is proved stands in the log" if proofs else "the log is whole"
        return [("verdict", Toned(text, Tone.GOOD))]
    if found.ok and not judged.beside.misfiled:
        other = "was not compared" if judged.beside.unread else "is not what it says"
        text = f"the log is whole, and the store {other}"
        return [("verdict", Toned(text, Tone.BAD))]
    where = "" if found.first_bad is None else f" at entry {found.first_bad}"
    what = "the log is not whole" if bundle is None or bundle.entries else "this is not proved"
    reasons = [("" if n else "found", one.reason) for n, one in enumerate(found.findings)]
    return [("verdict", Toned(f"{what}{where}", Tone.BAD)), *reasons]


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
        "not_compared": beside.unread or None,
        "not_excluded": list(found.not_excluded),
    }


audit.command("prove")(prove)
audit.command("export")(export)

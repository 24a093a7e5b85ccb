"""`govagents audit prove` and `export`: what an auditor takes along and checks without the store.

Both read the log as it lies there and open no store, and both refuse a log that is not whole.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import Common, HomeOption, JsonOption
from govagents.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from govagents.audit.bundle import Bundle
    from govagents.audit.verify import Stored
    from govagents.domain.event import Event
    from govagents.entrypoints.cli.output import Json, Line

_BUNDLE, _CHECKPOINT, _KEY = "bundle.json", "checkpoint", "key"


def prove(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="REQUEST|GRANT|ENTRY", help="Whose entries to prove.")
    ],
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            "--checkpoint",
            metavar="FILE",
            help="Prove too that the log continues this one, kept elsewhere.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write the proof to a new file."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Prove that entries stand in the log, to somebody who has only its key.

    `--json` answers with the proof itself; `audit verify --bundle FILE --key KEY` checks it
    anywhere.
    """
    from govagents.audit.bundle import written
    from govagents.audit.proving import kept, proved
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.session import home_of
    from govagents.settings import home as store
    from govagents.wiring import stored_log

    common, screen = Common(home, json=as_json), Screen(as_json)
    held = None if checkpoint is None else text_in(checkpoint)
    with stored_log(store(home_of(context, common))) as lying:
        stored = kept(lying)
    bundle = proved(stored, _entries_of(stored, what), held)
    if to is not None:
        _write(to, json.dumps(written(bundle)) + "\n")
        next_ = Hints(None, demo=False).command(
            "audit", "verify", "--bundle", str(to), "--key", bundle.vkey
        )
    else:
        file = ["--to", f"{what}.proof.json"]
        next_ = Hints(home, demo=False).command("audit", "prove", what, *file)
    if as_json:
        screen.data({**_plain(written(bundle)), "next": next_})
    else:
        links = [
            f"the log of {one.size:,} entries, from {one.old_size:,}" for one in bundle.continued
        ]
        screen.facts([*proved_rows(bundle), *(("continues", link) for link in links)])
        screen.next(next_)
    return Exit.OK


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the whole log, its key and its newest checkpoint into a new folder.

    Keep key and checkpoint where the store's operator cannot reach them.
    """
    from govagents.audit.bundle import written
    from govagents.audit.proving import everything
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.session import home_of
    from govagents.settings import home as store
    from govagents.wiring import stored_log

    with stored_log(store(home_of(context, Common(home)))) as stored:
        bundle = everything(stored)
    _make(folder)
    _write(folder / _BUNDLE, json.dumps(written(bundle)) + "\n")
    _write(folder / _CHECKPOINT, bundle.checkpoints[-1])
    _write(folder / _KEY, f"{bundle.vkey}\n")
    screen = Screen(as_json)
    kept = ["--key", bundle.vkey, "--checkpoint", str(folder / _CHECKPOINT)]
    next_ = Hints(None, demo=False).command("audit", "verify", "--bundle", str(folder), *kept)
    if as_json:
        data: dict[str, Json] = {"folder": str(folder), "entries": len(bundle.entries)}
        screen.data({**data, "vkey": bundle.vkey, "next": next_})
        return Exit.OK
    screen.facts(
        [
            ("entries", f"{len(bundle.entries):,}, in `{folder / _BUNDLE}`"),
            (
                "keep",
                f"`{folder / _KEY}` and `{folder / _CHECKPOINT}`, where nobody here can write",
            ),
        ]
    )
    screen.next(next_)
    return Exit.OK


def read_bundle(path: Path) -> "Bundle":
    """What `export` wrote into a folder, or `prove` into a file.

    Raises:
        InputError: it cannot be read, or is no bundle.
    """
    from govagents.audit.bundle import read

    return read(text_in(path / _BUNDLE if path.is_dir() else path))


def text_in(path: Path) -> str:
    """What stands in a file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"`{path}` cannot be read: {error}") from error


def proved_rows(bundle: "Bundle") -> "Iterator[tuple[str, Line]]":
    """Which entries are proved, and what they say."""
    for n, each in enumerate(bundle.included):
        event = _event(each.entry)
        said = "something that is no event" if event is None else _said(event)
        yield "" if n else "proved", f"entry {each.proof.index}: {said}"


def proved_objects(bundle: "Bundle") -> "list[Json]":
    """The same as data."""
    from govagents.domain.canonical import plain

    return [
        {"entry": each.proof.index, "event": plain(_event(each.entry))} for each in bundle.included
    ]


def _said(event: "Event") -> str:
    from govagents.domain.canonical import instant

    return f"{instant(event.at)} {event.kind} {event.decision} {event.subject} {event.about}"


def _event(entry: bytes) -> "Event | None":
    from govagents.audit.trail import event_of
    from govagents.errors import IntegrityError

    try:
        return event_of(entry)
    except IntegrityError:
        return None  # whatever it is, its bytes stand in the log


def _entries_of(stored: "Stored", what: str) -> tuple[int, ...]:
    """By number, or all about a request, or all of one grant."""
    if what.isascii() and what.isdigit():
        return (int(what),)
    found = tuple(each.index for each in stored.entries if _is_about(_event(each.leaf), what))
    if not found:
        message = f"the log has no entry about `{what}`: `govagents audit show` shows the newest"
        raise UnknownNameError(message)
    return found


def _is_about(event: "Event | None", what: str) -> bool:
    if event is None:
        return False
    of_grant = event.kind.startswith("grant.") and event.reason.partition(" ")[0] == what
    return event.about == what or of_grant


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise InputError(f"`{folder}` cannot be made: {error}; name a new folder") from error


def _write(path: Path, text: str) -> None:
    """A new file, its owner's alone: a log says who asked for what."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise InputError(f"`{path}` cannot be written: {error}; name a new one") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def _plain(data: "dict[str, object]") -> "dict[str, Json]":
    from govagents.domain.canonical import plain

    return {name: plain(value) for name, value in data.items()}

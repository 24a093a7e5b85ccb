"""What one command works with: the store it opened, who speaks, and where it answers.

Rules:
1. Who speaks is the process's effective user, as the store's settings map it; `--as` says otherwise
   in a demo store and nowhere else. Nobody is assumed.
2. `--now` moves a demo store's clock; elsewhere it is refused, except for a plan, which moves
   nothing. It moves with the first thing that is written at that time, or when the command ends
   well; one that is refused, or killed, before that has not moved it.
3. A command that ends access, or that only looks at what the records say, opens as much as that
   takes: a store that can give nothing any more can still take back, and show what is held.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.view import View
from govagents.domain.world import World
from govagents.entrypoints.cli.hints import Hints
from govagents.entrypoints.cli.options import Common, Invocation, instant_from
from govagents.entrypoints.cli.output import Screen
from govagents.errors import InputError, UnknownNameError
from govagents.ports import Clock, Records

if TYPE_CHECKING:
    from govagents.settings import StoreSettings
    from govagents.wiring import App, Ending


@dataclass(frozen=True)
class Opened:
    """What every command has. `who` is None until somebody must be named: reading needs nobody."""

    screen: Screen
    hints: Hints
    who: IdentityId | None
    records: Records
    clock: Clock

    @property
    def demo(self) -> bool:
        """Whether it is a demo store, where anybody can be anybody."""
        return self.hints.demo

    def speaker(self) -> IdentityId:
        """(1) Who speaks.

        Raises:
            InputError: nobody was named.
        """
        if self.who is None:
            raise InputError(
                "nobody said who you are: add `--as ID`"
                if self.demo
                else f"user id {os.geteuid()} is nobody of this company: "
                "add it under `operators` in the store's settings"
            )
        return self.who

    def may_be(self, person: IdentityId) -> bool:
        """Whether what only `person` may do can be typed here: in a demo store, by anybody."""
        return self.demo or self.who == person

    def next(self, *words: str, as_: str | None = None, said: str | None = None) -> str:
        """A command to type as somebody; `as_` None = whoever speaks now."""
        return self.hints.command(*words, as_=as_ or self.who, said=said)

    def look(self, *words: str) -> str:
        """A command to type that only looks: it needs nobody."""
        return self.hints.command(*words)

    def world(self) -> World:
        """The company as it is now."""
        with self.records.begin() as tx:
            return tx.world()

    def catalog(self, kept: str | None = None) -> Catalog:
        """The catalog in force, or a `kept` one by its name or digest."""
        with self.records.begin() as tx:
            return tx.catalog(kept)


@dataclass(frozen=True)
class Session(Opened):
    """With everything that the store has."""

    app: "App"

    def view(self, request: RequestId) -> View:
        """What whoever speaks may see of a request."""
        return self.app.runner.view(request).seen_by(self.who)

    def speaker(self) -> IdentityId:
        """(1) Who speaks.

        Raises:
            InputError: nobody was named, or the company does not know the name.
        """
        who = super().speaker()
        if who not in self.world().identities:
            raise UnknownNameError(f"the company has no identity `{who}`")
        return who


@dataclass(frozen=True)
class EndingSession(Opened):
    """(3) With what ending access needs."""

    ending: "Ending"

    def speaker(self) -> IdentityId:
        """(1) Who speaks; whether they have a say is for the grant's record to tell.

        Raises:
            InputError: nobody was named.
            UnknownNameError: the name is one of this program's own agents, who speak for nobody.
        """
        from govagents.action.expiry import AGENTS

        who = super().speaker()
        if who in AGENTS:
            raise UnknownNameError(f"`{who}` is an agent of this program: say who you are")
        return who

    def warn(self, problems: Iterable[str]) -> None:
        """What was left out or could not be done; under `--json` it stands in the answer."""
        if not self.screen.json:
            for problem in problems:
                self.screen.warning(problem)


def open_session(context: typer.Context, common: Common, *, plan_only: bool = False) -> Session:
    """Opens the store.

    Raises:
        ConfigurationError: there is none, or it is of another kind.
        InputError: `--as` or `--now` where they may not be.
    """
    from govagents.wiring import open_app

    now = None if common.now is None else instant_from(common.now)
    app = open_app(home_of(context, common), now=now, plan_only=plan_only)
    _afterwards(context, app.memory.close, app.records.close)
    _moved_if_done(context, app.keep_time)
    demo = app.records.demo
    who = _who(common, app.settings, demo=demo)
    screen, hints = Screen(common.json), Hints(common.home, demo)
    return Session(screen, hints, who, app.records, app.clock, app)


def open_ending_session(context: typer.Context, common: Common) -> EndingSession:
    """(3) Opens as much of the store as ending access takes.

    Raises:
        ConfigurationError: there is none, or nothing says where its targets are.
        InputError: `--as` or `--now` where they may not be.
    """
    from govagents.wiring import open_ending

    now = None if common.now is None else instant_from(common.now)
    ending = open_ending(home_of(context, common), now=now)
    _afterwards(context, ending.records.close)
    _moved_if_done(context, ending.keep_time)
    demo = ending.records.demo
    who = _who(common, ending.settings, demo=demo)
    screen, hints = Screen(common.json), Hints(common.home, demo)
    return EndingSession(screen, hints, who, ending.records, ending.clock, ending)


def home_of(context: typer.Context, common: Common) -> Path | None:
    """The folder named on the command line, or else by whoever runs it."""
    invocation = context.obj
    unnamed = invocation.home if isinstance(invocation, Invocation) else None
    return common.home or unnamed


def _who(common: Common, settings: "StoreSettings", *, demo: bool) -> IdentityId | None:
    """(1)."""
    if common.as_ is not None and not demo:
        raise InputError("`--as` is for demo stores: here you are who you are logged in as")
    who = common.as_ or settings.operators.get(str(os.geteuid()))
    return None if who is None else IdentityId(who)


def _moved_if_done(context: typer.Context, keep_time: Callable[[], None]) -> None:
    """(2) What was written has moved the clock with it; this is for a command that only looked."""
    invocation = context.obj

    def keep(kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            keep_time()

    if isinstance(invocation, Invocation):
        invocation.after.push(keep)  # ORDER: the last one named is called first


def _afterwards(context: typer.Context, *calls: Callable[[], None]) -> None:
    invocation = context.obj
    if isinstance(invocation, Invocation):
        for call in reversed(calls):  # the last one named is called last
            invocation.after.callback(call)
